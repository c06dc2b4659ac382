"""Initiatives and the goals that they serve."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Router

from socius.api.acting import actor_of
from socius.api.finding import known, shown, unit
from socius.api.paging import Page, Paging, list_page
from socius.api.shapes.strategy import (
    GoalsIn,
    InitiativeFieldsIn,
    InitiativeIn,
    InitiativeOut,
    SetInitiativeOut,
)
from socius.api.values import Number
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.strategy import actions, reports
from socius.strategy.models import Goal, Initiative

TAG = "initiatives"
ASKED = "initiative.edit"
COLUMNS = (
    "key", "title", "kind", "scope", "sponsor", "status", "start", "end", "cost_low", "cost_likely", "cost_high",
    "currency", "hours_low", "hours_likely", "hours_high",
)  # fmt: skip
router = Router()


def rows_shape(rows: Iterable[Initiative], actor: Actor) -> list[dict[str, Any]]:
    """Initiatives; as many queries whatever their number."""
    return [
        {
            "id": work.initiative.pk,
            "unit": work.initiative.unit_id,
            **{name: getattr(work.initiative, name) for name in COLUMNS},
            "goals": [goal.pk for goal in work.goals],
            "accounts": work.accounts,
            "spent": work.cost.money,
            "hours": work.cost.hours,
        }
        for work in reports.works(rows, actor)
    ]


def seen(actor: Actor) -> QuerySet[Initiative]:
    """The initiatives that the actor may see."""
    require_somewhere(actor, "analytics.view")
    return reports.initiatives(actor)


def initiative(number: int, actor: Actor, right: str = ASKED) -> Initiative:
    """The initiative that a change names."""
    return known(Initiative.objects.all(), number, actor, right)


@router.get("/initiatives", response=Page[InitiativeOut])
def list_initiatives(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Initiatives with what they serve and what was written down of their cost."""
    actor = actor_of(request)
    page = list_page(list(seen(actor)), asked, lambda i: i.pk, lambda i: i)
    return {**page, "items": rows_shape(page["items"], actor)}


@router.get("/initiatives/{number}", response=InitiativeOut)
def get_initiative(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One initiative."""
    actor = actor_of(request)
    return rows_shape([shown(seen(actor), number)], actor)[0]


@router.post("/initiatives", response=SetInitiativeOut)
def set_initiative(request: HttpRequest, given: InitiativeIn) -> dict[str, Any]:
    """Makes the initiative with this key, or changes it where there is one."""
    actor = actor_of(request)
    said = given.model_dump(exclude_unset=True)
    home = unit(said.pop("unit"), actor, ASKED)
    row, outcome = actions.set_initiative(home, actor=actor, **said)
    return {"outcome": outcome, "initiative": rows_shape([row], actor)[0]}


@router.patch("/initiatives/{number}", response=SetInitiativeOut)
def change_initiative(
    request: HttpRequest, number: Path[Number], given: InitiativeFieldsIn
) -> dict[str, Any]:
    """Changes what is said of an initiative."""
    actor = actor_of(request)
    row = initiative(number, actor)
    said = {"start": row.start, "end": row.end, **given.model_dump(exclude_unset=True)}
    row, outcome = actions.set_initiative(row.unit, actor=actor, key=row.key, **said)
    return {"outcome": outcome, "initiative": rows_shape([row], actor)[0]}


@router.put("/initiatives/{number}/goals", response=InitiativeOut)
def serve_goals(request: HttpRequest, number: Path[Number], given: GoalsIn) -> dict[str, Any]:
    """Sets which goals an initiative serves from now on."""
    actor = actor_of(request)
    row = initiative(number, actor)
    goals = [known(Goal.objects.all(), n, actor, ASKED) for n in dict.fromkeys(given.goals)]
    actions.serve_goals(row, goals=goals, actor=actor)
    return rows_shape([row], actor)[0]
