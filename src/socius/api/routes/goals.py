"""Goals and their KPIs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from socius.api.acting import actor_of
from socius.api.finding import known, maybe, shown, unit
from socius.api.paging import Page, list_page
from socius.api.shapes.strategy import (
    ConflictIn,
    GoalFieldsIn,
    GoalIn,
    GoalOut,
    GoalRow,
    GoalsAsked,
    KPIIn,
    SetGoalOut,
    SetKPIOut,
)
from socius.api.values import Number, Why
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.strategy import actions, reports
from socius.strategy.models import KPI, Goal, Series
from socius.strategy.reports import Stated

TAG = "goals"
ASKED = "goal.edit"
router = Router()


def goal(number: int, actor: Actor) -> Goal:
    """The goal that a change names."""
    return known(Goal.objects.all(), number, actor, ASKED)


def kpi_shape(stated: Stated) -> dict[str, Any]:
    """A KPI with the newest of its series."""
    row, now = stated.kpi, stated.now
    return {
        "id": row.pk, "goal": row.goal_id, "measure": row.measure, "class_name": stated.class_name, "series": row.series_id,
        "direction": row.direction, "target": row.target, "target_date": row.target_date,
        "newest": now.newest if now else None, "value": now.total if now else None, "fresh": now.fresh if now else None,
    }  # fmt: skip


def rows_shape(rows: Iterable[Goal], actor: Actor) -> list[dict[str, Any]]:
    """Goals of a list; as many queries whatever their number."""
    found = list(rows)
    kpis = reports.kpis_of([g.pk for g in found], actor.day)
    tied = reports.accounts_of(actor)
    names = ("key", "statement", "executive_owner", "objective", "period_start", "period_end", "closed_at")  # fmt: skip
    return [
        {
            "id": g.pk,
            "unit": g.unit_id,
            **{name: getattr(g, name) for name in names},
            "accounts": tied.get(g.pk, 0),
            "kpis": [kpi_shape(k) for k in kpis.get(g.pk, ())],
        }
        for g in found
    ]


def shape(row: Goal, actor: Actor) -> dict[str, Any]:
    """One goal."""
    through = reports.serving(actor).filter(goal=row).order_by("initiative")
    return {
        **rows_shape([row], actor)[0],
        "created_at": row.created_at,
        "conflicts_with": row.conflicts_with.order_by("pk").values_list("pk", flat=True),
        "initiatives": through.values_list("initiative_id", flat=True),
        "history": reports.history("goal", row.pk),
    }


def seen(actor: Actor, *, owner: str = "", closed: bool = True) -> QuerySet[Goal]:
    """The goals that the actor may see."""
    require_somewhere(actor, "analytics.view")
    return reports.goals(actor, owner=owner, closed=closed)


@router.get("/goals", response=Page[GoalRow])
def list_goals(request: HttpRequest, asked: Query[GoalsAsked]) -> dict[str, Any]:
    """Goals with their KPIs; with `closed` also those that were closed."""
    actor = actor_of(request)
    rows = list(seen(actor, owner=asked.owner, closed=asked.closed))
    page = list_page(rows, asked, lambda g: g.pk, lambda g: g)
    return {**page, "items": rows_shape(page["items"], actor)}


@router.get("/goals/{number}", response=GoalOut)
def get_goal(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One goal with its KPIs and what happened to it."""
    actor = actor_of(request)
    return shape(shown(seen(actor), number), actor)


@router.post("/goals", response=SetGoalOut)
def set_goal(request: HttpRequest, given: GoalIn) -> dict[str, Any]:
    """Makes the goal with this key, or changes it where there is one; to send it twice is to send it once."""
    actor = actor_of(request)
    said = given.model_dump(exclude_unset=True)
    home = unit(said.pop("unit"), actor, ASKED)
    row, outcome = actions.set_goal(home, actor=actor, **said)
    return {"outcome": outcome, "goal": shape(row, actor)}


@router.patch("/goals/{number}", response=SetGoalOut)
def change_goal(request: HttpRequest, number: Path[Number], given: GoalFieldsIn) -> dict[str, Any]:
    """Changes what is said of a goal; its earlier terms stay known."""
    actor = actor_of(request)
    row = goal(number, actor)
    dates = {"period_start": row.period_start, "period_end": row.period_end}
    said = {**dates, **given.model_dump(exclude_unset=True)}
    row, outcome = actions.set_goal(row.unit, actor=actor, key=row.key, **said)
    return {"outcome": outcome, "goal": shape(row, actor)}


@router.post("/goals/{number}/close", response=GoalOut)
def close_goal(request: HttpRequest, number: Path[Number], given: Why) -> dict[str, Any]:
    """Ends a goal before its period does."""
    actor = actor_of(request)
    return shape(actions.close_goal(goal(number, actor), actor=actor, reason=given.reason), actor)


@router.post("/goals/{number}/reopen", response=GoalOut)
def reopen_goal(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Takes the closing of a goal back."""
    actor = actor_of(request)
    return shape(actions.reopen_goal(goal(number, actor), actor=actor), actor)


@router.post("/goals/{number}/conflicts", response=GoalOut)
def oppose_goal(request: HttpRequest, number: Path[Number], given: ConflictIn) -> dict[str, Any]:
    """Writes down that two goals conflict."""
    actor = actor_of(request)
    row = goal(number, actor)
    actions.oppose(row, to=goal(given.goal, actor), actor=actor)
    return shape(row, actor)


@router.post("/goals/{number}/kpis", response=SetKPIOut)
def set_kpi(request: HttpRequest, number: Path[Number], given: KPIIn) -> dict[str, Any]:
    """Makes or changes the KPI of a goal with this measure and series; vanity cannot be one."""
    actor = actor_of(request)
    row, said = goal(number, actor), given.model_dump(exclude_unset=True)
    series = maybe(Series.objects.all(), said.pop("series", None), actor, ASKED)
    made, outcome = actions.set_kpi(row, actor=actor, series=series, **said)
    stated = reports.kpis_of([row.pk], actor.day)[row.pk]
    return {"outcome": outcome, "kpi": next(kpi_shape(k) for k in stated if k.kpi.pk == made.pk)}


@router.post("/kpis/{number}/end", response={204: None})
def end_kpi(request: HttpRequest, number: Path[Number]) -> Status[None]:
    """Ends a KPI; what it was stays known."""
    actor = actor_of(request)
    row = shown(KPI.objects.all(), number)
    goal(row.goal_id, actor)
    actions.drop_kpi(row, actor=actor)
    return Status(204, None)
