"""Outcome series and their values. A revision keeps the old value with the time until which it was believed."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, TypedDict, Unpack

from django.db import transaction

from socius.activity.actions import record
from socius.engine.grain import grain_of, grain_of_gaps
from socius.engine.measures.names import classify, same_as_vanity
from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit
from socius.strategy.actions.knowing import forget, state
from socius.strategy.models import Series, SeriesTerm, SeriesValue

# Values (known since, value) by date, geo and unit.
Beliefs = dict[tuple[date, str, str], list[tuple[int, Decimal | None]]]
FIRM = 3  # so many dates tell a grain


class SeriesFields(TypedDict, total=False):
    """What may be said of a series; `stated` is the class that somebody wants it to have."""

    name: str
    measure_unit: str
    currency: str
    source: str
    why: str
    stated: str
    simulated: bool


class Point(NamedTuple):
    """A value on a date, with the instant since which it is known (None: now)."""

    date: date
    value: Decimal | None
    geo: str = ""
    org_unit: str = ""
    known_at: datetime | None = None


@asks("outcome.import")
@transaction.atomic
def set_series(
    unit: Unit,
    *,
    actor: Actor,
    key: str,
    network_export: bool = False,
    **fields: Unpack[SeriesFields],
) -> tuple[Series, str]:
    """Makes a series, or fills in what is not known of it yet.

    The class is decided by `engine.measures.names`, never by the user's word alone. Another unit of measure or currency than
    the series has raises Invalid: those values belong to another series.
    """
    series = Series.objects.select_for_update().filter(key=key).first()
    require(actor, "outcome.import", series or unit)
    if series is None:
        series = Series(key=key, name=fields.get("name") or key, unit=unit, created_at=actor.at)
        before, outcome = None, "created"
    else:
        before, outcome = spoken(series), "updated"
        if any(value is not None for value in latest_values(series).values()):
            refuse_other_units(series, fields)
    for name in ("name", "measure_unit", "currency", "source", "why", "simulated"):
        if fields.get(name):
            setattr(series, name, fields[name])
    stated = fields.get("stated") or (series.class_name if before else "")
    found = classify(
        series.name,
        from_network_export=network_export,
        stated=stated,
        unit=series.measure_unit or series.currency,
        source=series.source,
        why=series.why,
    )
    series.class_name, series.class_reason = found.class_name, found.reason[:300]
    if before == spoken(series):
        return series, "unchanged"
    series.save()
    keep_class(series, actor)
    record(
        actor,
        f"series_{outcome}",
        f"series:{series.pk}",
        content={"class": series.class_name, "before": before},
    )
    return series, outcome


def keep_class(series: Series, actor: Actor) -> None:
    """Makes the series' class what is known from now on; nothing is written where it is known already."""
    if not series.terms.filter(known_until=None, class_name=series.class_name).exists():
        forget(SeriesTerm.objects.filter(series=series), actor)
        state(SeriesTerm, actor, series=series, class_name=series.class_name)


def spoken(series: Series) -> dict[str, str]:
    """What the ledger keeps of a series' description."""
    names = ("name", "measure_unit", "currency", "source", "why", "class_name")
    return {name: str(getattr(series, name)) for name in names}


def refuse_other_units(series: Series, fields: SeriesFields) -> None:
    """Raises Invalid where unit of measure or currency differ from the series' own."""
    for name, word in (("measure_unit", "unit"), ("currency", "currency")):
        have, given = getattr(series, name), fields.get(name)
        if have and given and have.casefold() != str(given).casefold():
            raise Invalid(
                f"The series {series.key!r} is in {have}, not in {given}.",
                field=word,
                code=f"{word}_differs",
                repair=f"Convert the values to {have}, or give this series another name.",
            )


@asks("outcome.import")
@transaction.atomic
def load_values(
    series: Series, *, points: Iterable[Point], actor: Actor, run: int | None = None
) -> list[str]:
    """Adds values; one that is known already is left, another value for a known date is a revision.

    Returns `created`, `updated` (revised) or `unchanged` for each point. The grain is read off the dates; values of another grain
    than the series has raise Invalid and nothing is written.
    """
    series = Series.objects.select_for_update().get(pk=series.pk)
    require(actor, "outcome.import", series)
    given = list(points)
    believed = beliefs(series)
    settle_grain(series, [p.date for p in given], believed)
    outcomes: list[str] = []
    fresh: list[SeriesValue] = []
    for point in given:
        rows = believed[point.date, point.geo, point.org_unit]
        at = micros(point.known_at or actor.at)
        if rows and rows[-1][1] is None:
            # The value was taken back: said again, it is known again from now on.
            at = max(at, rows[-1][0], micros(actor.at))
        then = [value for known_at, value in rows if known_at <= at]
        outcome = "created" if not rows else "updated"
        if then and then[-1] == point.value:
            outcome = "unchanged"
        outcomes.append(outcome)
        if outcome != "unchanged":
            insort(rows, (at, point.value), key=lambda row: row[0])
            fresh.append(value_row(series, point, at, run))
    SeriesValue.objects.bulk_create(fresh, batch_size=2000)
    if fresh and run is None:
        record(actor, "values_loaded", f"series:{series.pk}", content={"values": len(fresh)})
    return outcomes


def value_row(series: Series, point: Point, known_at: int, run: int | None) -> SeriesValue:
    """The row of one value."""
    return SeriesValue(
        series=series,
        date=point.date,
        geo=point.geo,
        org_unit=point.org_unit,
        value=point.value,
        known_at=known_at,
        run=run,
    )


def beliefs(series: Series) -> Beliefs:
    """What was believed of each date (and place): (known since, value), the newest last."""
    found: Beliefs = defaultdict(list)
    rows = SeriesValue.objects.filter(series=series).order_by("known_at", "pk")
    for day, geo, org, known_at, value in rows.values_list(
        "date", "geo", "org_unit", "known_at", "value"
    ).iterator():
        found[day, geo, org].append((known_at, value))
    return found


def latest_values(series: Series) -> dict[tuple[date, str, str], Decimal | None]:
    """The newest known value of each date; None where it was taken back."""
    return {key: rows[-1][1] for key, rows in beliefs(series).items()}


def settle_grain(series: Series, dates: list[date], believed: Beliefs) -> None:
    """Takes the grain from the first dates, and refuses dates of another one later.

    New dates are judged by their distance to their neighbours: in a year of days a few weeks of weekly values would hide.
    """
    known = {key[0] for key, rows in believed.items() if rows[-1][1] is not None}
    new = set(dates) - known
    found = grain_of(sorted({*known, *dates}))
    if len(known) >= FIRM and series.grain:
        apart = grain_of_gaps(gaps_of(sorted({*known, *dates}), new)) if len(new) >= FIRM else ""
        found = apart or found
        if found != series.grain:
            raise Invalid(
                f"The series {series.key!r} has one value a {series.grain}; "
                + (
                    f"these dates make it one a {found}."
                    if found
                    else "these dates lie years apart."
                ),
                field="date",
                code="grain_differs",
                repair=f"Sum or average to one value a {series.grain}, or give this series another name.",
            )
    elif found and series.grain != found:
        series.grain = found
        series.save(update_fields=["grain"])


def gaps_of(dates: list[date], new: set[date]) -> list[int]:
    """The days between neighbours of which one is new."""
    return [(b - a).days for a, b in pairwise(dates) if a in new or b in new]


def lower_copies_of_vanity(series: Series, actor: Actor) -> str:
    """A series that repeats one classed vanity gets that class: returns the name of the one it repeats, or ''.

    The caller has required and records.
    """
    if series.class_name == "vanity":
        return ""
    mine = {
        d: float(v)
        for (d, g, o), v in latest_values(series).items()
        if v is not None and not g and not o
    }
    for other in Series.objects.filter(class_name="vanity").exclude(pk=series.pk):
        theirs = {
            d: float(v)
            for (d, g, o), v in latest_values(other).items()
            if v is not None and not g and not o
        }
        if same_as_vanity(mine, theirs):
            series.class_name = "vanity"
            series.class_reason = f"It repeats {other.name}, which is vanity."
            series.save(update_fields=["class_name", "class_reason"])
            keep_class(series, actor)
            return other.name
    return ""
