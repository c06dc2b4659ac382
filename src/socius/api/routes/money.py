"""Spend and hours."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from socius.accounts.models import Account
from socius.api.acting import actor_of
from socius.api.finding import known, maybe, unit
from socius.api.paging import Page, rows_page
from socius.api.shapes.money import (
    HoursIn,
    HoursOut,
    MoneyAsked,
    SetHoursOut,
    SpendIn,
    SpendOut,
)
from socius.api.values import Number, Why
from socius.kit.clock import micros
from socius.organisation.actions import require_somewhere
from socius.organisation.reports import visible
from socius.strategy import actions
from socius.strategy.models import Goal, HoursLine, Initiative, SpendLine

TAG = "money"
router = Router()


def spend_shape(row: SpendLine) -> dict[str, Any]:
    """A line of spend."""
    return {
        "id": row.pk, "date": row.date, "amount": row.amount, "currency": row.currency, "kind": row.kind,
        "unit": row.unit_id, "goal": row.goal_id, "initiative": row.initiative_id,
    }  # fmt: skip


def hours_shape(row: HoursLine) -> dict[str, Any]:
    """A line of hours."""
    return {
        "id": row.pk, "week": row.week, "hours": row.hours, "unit": row.unit_id, "person_or_team": row.person_or_team,
        "type": row.type, "initiative": row.initiative_id, "account": row.account_id,
    }  # fmt: skip


def narrowed(asked: MoneyAsked, day: str, *names: str) -> dict[str, Any]:
    """The filters that are on."""
    on = {name: getattr(asked, name) for name in names} | {
        f"{day}__gte": asked.first,
        f"{day}__lte": asked.last,
    }
    return {name: value for name, value in on.items() if value is not None}


@router.get("/spend", response=Page[SpendOut])
def list_spend(request: HttpRequest, asked: Query[MoneyAsked]) -> dict[str, Any]:
    """Lines of spend as they are known now."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = SpendLine.objects.known_at(micros(actor.at)).filter(visible(actor, "analytics.view"))
    rows = rows.filter(**narrowed(asked, "date", "unit", "goal", "initiative"))
    return rows_page(rows, asked, lambda found: map(spend_shape, found))


@router.post("/spend", response={201: SpendOut})
def add_spend(request: HttpRequest, given: SpendIn) -> Status[dict[str, Any]]:
    """Adds a line of spend."""
    actor = actor_of(request)
    said = given.model_dump()
    home = unit(said.pop("unit"), actor, "goal.edit")
    said["goal"] = maybe(Goal.objects.all(), given.goal, actor, "goal.edit")
    said["initiative"] = maybe(Initiative.objects.all(), given.initiative, actor, "goal.edit")
    return Status(201, spend_shape(actions.add_spend(home, actor=actor, **said)))


@router.post("/spend/{number}/drop", response={204: None})
def drop_spend(request: HttpRequest, number: Path[Number], given: Why) -> Status[None]:
    """Takes a line of spend back; it stays in history."""
    actor = actor_of(request)
    row = known(SpendLine.objects.all(), number, actor, "goal.edit")
    actions.drop_spend(row, actor=actor, reason=given.reason)
    return Status(204, None)


@router.get("/hours", response=Page[HoursOut])
def list_hours(request: HttpRequest, asked: Query[MoneyAsked]) -> dict[str, Any]:
    """Lines of hours as they are known now; `goal` narrows nothing here."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = HoursLine.objects.known_at(micros(actor.at)).filter(visible(actor, "analytics.view"))
    rows = rows.filter(**narrowed(asked, "week", "unit", "initiative"))
    return rows_page(rows, asked, lambda found: map(hours_shape, found))


@router.post("/hours", response=SetHoursOut)
def set_hours(request: HttpRequest, given: HoursIn) -> dict[str, Any]:
    """Writes down the hours of a week; another number for the same line replaces it."""
    actor = actor_of(request)
    said = given.model_dump()
    home = unit(said.pop("unit"), actor, "initiative.edit")
    rows = Account.objects.filter(withdrawn=False)
    said["account"] = maybe(rows, given.account, actor, "initiative.edit")
    said["initiative"] = maybe(Initiative.objects.all(), given.initiative, actor, "initiative.edit")
    line, outcome = actions.set_hours(home, actor=actor, **said)
    return {"outcome": outcome, "hours": hours_shape(line)}
