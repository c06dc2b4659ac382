"""Grants: listed, given, ended; roles that files propose."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from socius.api.acting import actor_of
from socius.api.finding import known, maybe, person, shown
from socius.api.paging import Page, Paging, rows_page
from socius.api.shapes.organisation import GrantIn, GrantOut, GrantsAsked, ProposedOut
from socius.api.values import Number, Why
from socius.organisation import actions
from socius.organisation.actions import Gift, require_somewhere
from socius.organisation.models import Actor, Grant, Person, ProposedGrant, Unit
from socius.organisation.reports import visible, visible_units

TAG = "grants"
ASKED = "grant.give"
router = Router()


def shape(row: Grant) -> dict[str, Any]:
    """A grant."""
    return {
        "id": row.pk,
        "person": row.person_id,
        "role": row.role,
        "rights": sorted(row.rights),
        "node_kind": row.node_kind,
        "node": row.node_id,
        "deny": row.deny,
        "conditions": row.conditions,
        "starts": row.starts,
        "until": row.until,
        "may_give": None if row.may_give is None else sorted(row.may_give),
        "given_by": row.given_by_id,
        "reason": row.reason,
        "origin": row.origin,
    }


def seen(actor: Actor) -> QuerySet[Grant]:
    """Grants of the people whom the actor may look at."""
    require_somewhere(actor, "account.view")
    people = Person.objects.filter(visible(actor, "account.view"))
    return Grant.objects.filter(person__in=people)


@router.get("/grants", response=Page[GrantOut])
def list_grants(request: HttpRequest, asked: Query[GrantsAsked]) -> dict[str, Any]:
    """Grants that run now, or with `running=false` all that ever were."""
    actor = actor_of(request)
    rows = seen(actor).active(actor.at) if asked.running else seen(actor)  # type: ignore[attr-defined]
    if asked.person:
        rows = rows.filter(person=asked.person)
    if asked.unit:
        rows = rows.filter(node_kind="unit", node_id=asked.unit)
    if asked.role:
        rows = rows.filter(role=asked.role)
    return rows_page(rows, asked, lambda found: map(shape, found))


@router.get("/grants/{number}", response=GrantOut)
def get_grant(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One grant."""
    return shape(shown(seen(actor_of(request)), number))


@router.post("/grants", response={201: GrantOut})
def give_grant(request: HttpRequest, given: GrantIn) -> Status[dict[str, Any]]:
    """Gives a role or rights to a person at a unit, or with `deny` keeps them from the person."""
    actor = actor_of(request)
    said = given.model_dump()
    who, where = person(said.pop("person"), actor, ASKED), said.pop("unit")
    scope = maybe(Unit.objects.all(), where, actor, ASKED)
    said["rights"] = frozenset(said["rights"])
    return Status(
        201, shape(actions.give_grant(Gift(person=who, scope=scope, **said), actor=actor))
    )


@router.post("/grants/{number}/end", response=GrantOut)
def end_grant(request: HttpRequest, number: Path[Number], given: Why) -> dict[str, Any]:
    """Ends a grant now."""
    actor = actor_of(request)
    row = shown(Grant.objects.select_related("person"), number)
    known(Person.objects.all(), row.person_id, actor, ASKED)
    return shape(actions.end_grant(row, reason=given.reason, actor=actor))


def waiting(actor: Actor) -> QuerySet[ProposedGrant]:
    """Roles that files proposed, at units where the actor may give."""
    return ProposedGrant.objects.filter(
        decided_at=None, unit__in=visible_units(actor, ASKED)
    ).select_related("person", "unit")


def proposal_shape(row: ProposedGrant) -> dict[str, Any]:
    """A proposal."""
    return {
        "id": row.pk,
        "person": row.person_id,
        "role": row.role,
        "unit": row.unit_id,
        "until": row.until,
        "proposed_by": row.proposed_by,
        "proposed_at": row.proposed_at,
        "run": row.run,
    }


@router.get("/grant-proposals", response=Page[ProposedOut])
def list_grant_proposals(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Roles that files name for people and that somebody has to give."""
    rows = waiting(actor_of(request))
    return rows_page(rows, asked, lambda found: map(proposal_shape, found))


@router.post("/grant-proposals/{number}/accept", response=GrantOut)
def accept_proposal(request: HttpRequest, number: Path[Number], given: Why) -> dict[str, Any]:
    """Gives the role that a file named."""
    actor = actor_of(request)
    row = shown(waiting(actor), number)
    return shape(actions.accept_proposal(row, reason=given.reason, actor=actor))


@router.post("/grant-proposals/{number}/decline", response=ProposedOut)
def decline_proposal(request: HttpRequest, number: Path[Number], given: Why) -> dict[str, Any]:
    """Leaves the person without the role that a file named."""
    actor = actor_of(request)
    row = shown(waiting(actor), number)
    return proposal_shape(actions.decline_proposal(row, reason=given.reason, actor=actor))
