"""Which account serves which goal, initiative or experiment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from socius.api.acting import actor_of
from socius.api.finding import account, known, shown
from socius.api.paging import Page, Paging, rows_page
from socius.api.shapes.accounts import LinkIn, LinkOut, UnlinkIn
from socius.api.values import Number
from socius.kit.errors import Invalid
from socius.organisation.models import Actor
from socius.strategy import actions
from socius.strategy.actions import Served
from socius.strategy.models import Experiment, Goal, Initiative, Link

TAG = "links"
router = Router()


def shape(row: Link) -> dict[str, Any]:
    """A tie."""
    return {
        "id": row.pk,
        "account": row.account_id,
        "goal": row.goal_id,
        "initiative": row.initiative_id,
        "experiment": row.experiment_id,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
    }


def served(given: LinkIn, actor: Actor) -> Served:
    """The one thing that is named."""
    if sum(n is not None for n in (given.goal, given.initiative, given.experiment)) != 1:
        raise Invalid("Name one goal, one initiative or one experiment.", field="goal")
    if given.goal:
        return {"goal": known(Goal.objects.all(), given.goal, actor, "goal.edit")}
    if given.initiative:
        rows = Initiative.objects.all()
        return {"initiative": known(rows, given.initiative, actor, "initiative.edit")}
    trials = Experiment.objects.filter(known_until=None)
    return {"experiment": known(trials, given.experiment or 0, actor, "experiment.edit")}


def asked_of(named: Served) -> str:
    """The right that a tie to it asks."""
    return f"{next(iter(named))}.edit"


@router.get("/accounts/{number}/links", response=Page[LinkOut])
def list_links(request: HttpRequest, number: Path[Number], asked: Query[Paging]) -> dict[str, Any]:
    """The ties of an account as they are known now."""
    row = account(number, actor_of(request), "account.view")
    rows = Link.objects.filter(account=row, known_until=None)
    return rows_page(rows, asked, lambda found: map(shape, found))


@router.post("/accounts/{number}/links", response={201: LinkOut})
def link_account(
    request: HttpRequest, number: Path[Number], given: LinkIn
) -> Status[dict[str, Any]]:
    """Ties an account to a goal, an initiative or an experiment; a start in the past mends past activity too."""
    actor = actor_of(request)
    what = served(given, actor)
    row = account(number, actor, asked_of(what))
    return Status(
        201, shape(actions.link(row, actor=actor, start=given.start, until=given.until, **what))
    )


@router.post("/accounts/{number}/links/{link}/end", response={204: None})
def unlink_account(
    request: HttpRequest, number: Path[Number], link: Path[Number], given: UnlinkIn
) -> Status[None]:
    """Ends a tie on a day, or takes it back as if it had never been made; history keeps it."""
    actor = actor_of(request)
    row = account(number, actor, "goal.edit")
    actions.unlink(shown(Link.objects.filter(account=row), link), actor=actor, until=given.until)
    return Status(204, None)
