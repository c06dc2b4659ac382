"""Series with their newest values, their freshness and their revisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, QuerySet

from socius.engine.sight import GRAINS
from socius.engine.sight.walk import FRESH_GRAINS
from socius.kit.clock import instant, micros
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy.models import KPI, Series, SeriesValue

CLASSES = ("outcome", "driver", "health", "unclassed", "vanity")


@dataclass(frozen=True)
class Now:
    """A series with what is newest in it. `total` is the sum over its places where it has several."""

    series: Series
    newest: date | None
    total: Decimal | None
    dates: int
    age: int | None  # days since the newest value
    goals: tuple[str, ...] = ()

    @property
    def limit(self) -> int:
        """The age in days up to which it is fresh: two grains."""
        return FRESH_GRAINS * GRAINS.get(self.series.grain, 1)

    @property
    def fresh(self) -> bool:
        """Its newest value is at most two grains old."""
        return self.age is not None and self.age <= self.limit


@dataclass(frozen=True)
class Value:
    """A value on a date with what was believed of it before."""

    date: date
    place: str
    value: Decimal | None
    known: datetime
    before: tuple[tuple[Decimal | None, datetime], ...] = ()


def series_rows(actor: Actor, today: date) -> list[Now]:
    """The series that the actor may see; outcomes first, vanity last."""
    rows: QuerySet[Series] = Series.objects.filter(visible(actor, "analytics.view")).order_by(
        "name"
    )
    served: dict[int, list[str]] = defaultdict(list)
    for series, statement, key in KPI.objects.filter(
        known_until=None, series__isnull=False
    ).values_list("series_id", "goal__statement", "goal__key"):
        served[series or 0].append(statement or key)
    found = now_of(rows, today, served)
    return sorted(found, key=lambda one: CLASSES.index(one.series.class_name))


def now_of(
    rows: Iterable[Series],
    today: date,
    served: dict[int, list[str]] | None = None,
    *,
    as_of: datetime | None = None,
) -> list[Now]:
    """The newest of each series, as known at an instant; three queries whatever the number."""
    found = list(rows)
    ids = [one.pk for one in found]
    known = SeriesValue.objects.filter(series__in=ids)
    if as_of is not None:
        known = known.filter(known_at__lte=micros(as_of))
    latest: dict[int, dict[tuple[date, str, str], Decimal | None]] = defaultdict(dict)
    newest = dict(known.exclude(value=None).values_list("series_id").annotate(Max("date")))
    dates: dict[int, set[date]] = defaultdict(set)
    columns = ("series_id", "date", "geo", "org_unit", "value")
    for series, day, geo, unit, value in (
        known.order_by("known_at", "pk").values_list(*columns).iterator()
    ):
        dates[series].add(day)
        if day == newest.get(series):
            latest[series][day, geo, unit] = value
    return [
        Now(
            one,
            newest.get(one.pk),
            sum((v for v in latest[one.pk].values() if v is not None), Decimal())
            if one.pk in newest
            else None,
            len(dates[one.pk]),
            (today - newest[one.pk]).days if one.pk in newest else None,
            tuple((served or {}).get(one.pk, ())),
        )
        for one in found
    ]


def values(series: Series, as_of: datetime | None = None) -> list[Value]:
    """The values of a series as known at an instant, in the order of their dates; each brings what was believed before."""
    rows = SeriesValue.objects.filter(series=series)
    if as_of is not None:
        rows = rows.filter(known_at__lte=micros(as_of))
    stated: dict[tuple[date, str, str], list[tuple[Decimal | None, datetime]]] = defaultdict(list)
    for day, geo, unit, value, known in rows.order_by("known_at", "pk").values_list(
        "date", "geo", "org_unit", "value", "known_at"
    ):
        stated[day, geo, unit].append((value, instant(known)))
    return [
        Value(day, " · ".join(filter(None, (geo, unit))), *said[-1], tuple(said[:-1][::-1]))
        for (day, geo, unit), said in sorted(stated.items())
    ]
