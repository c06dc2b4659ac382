"""Outcome series: described, loaded, revised, read as known at an instant."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Router

from socius.api.acting import actor_of
from socius.api.finding import known, shown, unit
from socius.api.paging import Page, Paging, ids_page, list_page
from socius.api.shapes.series import (
    LoadedOut,
    PointsIn,
    SeriesIn,
    SeriesOut,
    SetSeriesOut,
    ValueOut,
    ValuesAsked,
)
from socius.api.values import Number
from socius.measure.reports.veil import shown as veiled
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy import actions, reports
from socius.strategy.actions.series import Point
from socius.strategy.models import Series
from socius.strategy.reports import Now, Value

TAG = "series"
ASKED = "outcome.import"
COLUMNS = (
    "key", "name", "measure_unit", "currency", "grain", "class_name", "class_reason", "source", "why", "simulated",
)  # fmt: skip
router = Router()


def shape(now: Now) -> dict[str, Any]:
    """A series with what is newest in it."""
    row = now.series
    return {
        "id": row.pk,
        "unit": row.unit_id,
        **{name: getattr(row, name) for name in COLUMNS},
        "newest": now.newest,
        "value": now.total,
        "dates": now.dates,
        "fresh": now.fresh,
        "goals": now.goals,
    }


def value_shape(one: Value) -> dict[str, Any]:
    """A value with what was believed before."""
    before = [{"value": value, "known": since} for value, since in one.before]
    return {
        "date": one.date, "place": one.place, "value": one.value, "known": one.known, "before": before,
    }  # fmt: skip


def seen(actor: Actor) -> QuerySet[Series]:
    """The series that the actor may see."""
    require_somewhere(actor, "analytics.view")
    return Series.objects.filter(visible(actor, "analytics.view"))


def of(row: Series, actor: Actor) -> dict[str, Any]:
    """One series as it stands now."""
    return shape(reports.now_of([row], actor.day)[0])


@router.get("/series", response=Page[SeriesOut])
def list_series(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Outcome series with their newest values; outcomes first, vanity last."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    return list_page(reports.series_rows(actor, actor.day), asked, lambda now: now.series.pk, shape)


@router.get("/series/{number}", response=SeriesOut)
def get_series(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One series."""
    actor = actor_of(request)
    return of(shown(seen(actor), number), actor)


@router.post("/series", response=SetSeriesOut)
def set_series(request: HttpRequest, given: SeriesIn) -> dict[str, Any]:
    """Makes the series with this key, or fills in what is not known of it; its class is decided, not said."""
    actor = actor_of(request)
    said = given.model_dump()
    home = unit(said.pop("unit"), actor, ASKED)
    row, outcome = actions.set_series(home, actor=actor, **said)
    return {"outcome": outcome, "series": of(row, actor)}


@router.get("/series/{number}/values", response=Page[ValueOut])
def list_values(
    request: HttpRequest, number: Path[Number], asked: Query[ValuesAsked]
) -> dict[str, Any]:
    """The values of a series in the order of their dates, as known at an instant, each with its revisions. While an experiment on it
    runs, those of its days are put together so that no arm shows.
    """
    actor = actor_of(request)
    rows = veiled(shown(seen(actor), number), actor.at, asked.as_of).values
    return ids_page(range(len(rows)), asked, lambda at: (value_shape(rows[i]) for i in at))


@router.post("/series/{number}/values", response=LoadedOut)
def load_values(request: HttpRequest, number: Path[Number], given: PointsIn) -> dict[str, Any]:
    """Adds values; another value for a known date is a revision, and the old one stays known."""
    actor = actor_of(request)
    row = known(Series.objects.all(), number, actor, ASKED)
    points = [Point(**point.model_dump()) for point in given.points]
    return {"outcomes": actions.load_values(row, points=points, actor=actor)}
