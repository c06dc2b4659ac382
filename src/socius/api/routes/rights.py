"""The table of rights, who holds one, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from socius.api.acting import ORIGIN, actor_of
from socius.api.finding import maybe, shown
from socius.api.paging import Page, list_page
from socius.api.routes.people import seen
from socius.api.shapes.organisation import ExplainAsked, ExplainOut, PersonRef, RightsOut, WhoAsked
from socius.engine.roles import AREAS, RIGHTS, ROLES
from socius.kit.errors import Invalid
from socius.organisation.actions import explain
from socius.organisation.models import Actor, Unit
from socius.organisation.reports import who_can

TAG = "rights"
router = Router()


def checked(right: str) -> str:
    """The right, if it is one."""
    if right not in RIGHTS:
        raise Invalid(f"{right!r} is no right.", field="right", repair="GET /rights lists them.")
    return right


@router.get("/rights", response=RightsOut)
def list_rights(request: HttpRequest) -> dict[str, Any]:
    """The table of rights by area, and the ready roles."""
    roles = [
        {"key": key, "name": r.name, "rights": sorted(r.held), "conditional": sorted(r.conditional)}
        for key, r in ROLES.items()
    ]
    return {"areas": {area: list(rights) for area, rights in AREAS.items()}, "roles": roles}


@router.get("/rights/holders", response=Page[PersonRef])
def who_holds(request: HttpRequest, asked: Query[WhoAsked]) -> dict[str, Any]:
    """Who can do something at a unit, of the people whom one may look at."""
    actor = actor_of(request)
    people = set(seen(actor).values_list("pk", flat=True))
    where = maybe(Unit.objects.all(), asked.unit, actor, "account.view")
    able = [p for p in who_can(checked(asked.right), where, actor) if p.pk in people]
    return list_page(able, asked, lambda p: p.pk, lambda p: p)


@router.get("/rights/explain", response=ExplainOut)
def explain_right(request: HttpRequest, asked: Query[ExplainAsked]) -> dict[str, Any]:
    """Whether a person can do something at a unit, by which grants, or what is missing."""
    actor = actor_of(request)
    who = shown(seen(actor), asked.person)
    where = maybe(Unit.objects.all(), asked.unit, actor, "account.view")
    used = explain(Actor(who, ORIGIN, actor.at), checked(asked.right), where)
    return {
        "allowed": used.decision.allowed,
        "why": used.decision.why,
        "allows": [grant.id for grant in used.allows],
        "denies": [grant.id for grant in used.denies],
        "missing": used.missing,
    }
