"""What an estimate is made of: the values of its series as they were known, laid out for the engine. Nothing is written."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.models import AccountGroup
from socius.strategy.models import KPI, Initiative, InitiativeGoal, Series, SeriesValue

TASK = "socius.engine.effect.tasks.series"
# A page that waits must come back: the child is stopped then.
MOST_SECONDS = 90  # the very first estimate of an installation compiles for some 20 of them
GRAINS = ("day", "week", "")
# So many values before the start are the least with which anything is asked of the engine.
FEWEST = 14
IMPORT = "Import a longer history, or measure it on another series."
Points = dict[date, float]
# What an effect may be of: both have a key, a Unit, a first and perhaps a last day.
Subject = Initiative | AccountGroup


# One value of a series as it is stored: date, the two places, the value.
Stored = tuple[date, str, str, Decimal | None]


class Reader:
    """Where a question finds what it rests on; here by queries of its own."""

    def points(self, series: Series, known: datetime) -> Points:
        """`known_points`."""
        return known_points(series, known)

    def rivals(self, subject: Subject, series: Series) -> list[tuple[date, str]]:
        """`rivals`."""
        return rivals(subject, series)

    def declared(self, group: AccountGroup, series: Series) -> bool:
        """Whether the group was declared for the series."""
        return group.outcomes.filter(pk=series.pk).exists()


class Wanted(TypedDict, total=False):
    """What may be said of an estimate beside subject and series."""

    start: date | None
    end: date | None
    controls: tuple[Series, ...]
    seed: int
    reader: Reader


@dataclass(frozen=True)
class Question:
    """One initiative or group, one series, one window, and everything else that decides the answer."""

    subject: Subject
    series: Series
    start: date
    end: date
    controls: tuple[Series, ...] = ()
    excluded: tuple[date, ...] = ()
    seed: int = 0
    # The hash of the sheet that promised just this before the start.
    designed: str = ""

    def options(self, known: datetime) -> dict[str, Any]:
        """What the child is asked: the same values give the same bytes."""
        values = self.values(known, Reader())
        return {"cases": [{**values, **self.case(values)}], "seed": self.seed, "path": True}

    def values(self, known: datetime, reader: Reader) -> dict[str, Any]:
        """Days, outcome and controls up to the last day; questions that share those three share the values."""
        own = {day: v for day, v in reader.points(self.series, known).items() if day <= self.end}
        beside = {c.key: reader.points(c, known) for c in self.controls}
        days = sorted(own)
        return {
            "day": [d.isoformat() for d in days],
            "outcome": [own[d] for d in days],
            "controls": {name: [found.get(d) for d in days] for name, found in beside.items()},
        }

    def case(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the child is told beside the values."""
        return {
            "series": self.series.key,
            "subject": self.subject.key,
            "start": self.start.isoformat(),
            # The last value inside the window: a week has one date only.
            "end": values["day"][-1] if values["day"] else self.end.isoformat(),
            "exclude": [d.isoformat() for d in self.excluded],
            "designed": self.designed,
        }


def known_points(series: Series, known: datetime) -> Points:
    """The sum over the places of a series by date, as known at an instant; a date that lacks a place is left out."""
    rows = SeriesValue.objects.filter(series=series, known_at__lte=micros(known)).order_by("known_at", "pk")  # fmt: skip
    return summed(rows.values_list("date", "geo", "org_unit", "value").iterator())


def summed(rows: Iterable[Stored]) -> Points:
    """`known_points` of rows in the order in which they became known."""
    # A later row of the same date and place takes the place of an earlier one.
    stated = {row[:3]: row[3] for row in rows}
    places = {" · ".join(filter(None, where)) for where in {key[1:] for key in stated}}
    by_day: dict[date, list[float]] = defaultdict(list)
    for (day, _, _), value in sorted(stated.items()) if len(places) > 1 else stated.items():
        if value is not None:
            by_day[day].append(float(value))
    return {day: sum(found) for day, found in by_day.items() if len(found) == len(places)}


def columns(subject: Subject) -> dict[str, Any]:
    """The columns by which a table names its subject; the other one is empty."""
    of_group = isinstance(subject, AccountGroup)
    return {"initiative": None if of_group else subject, "group": subject if of_group else None}


def question(
    subject: Subject,
    series: Series,
    *,
    at: datetime,
    **wanted: Unpack[Wanted],
) -> Question:
    """The question with what was left out filled in. Raises Invalid with the reason why it cannot be asked."""
    end, controls = wanted.get("end"), tuple(wanted.get("controls") or ())
    reader = wanted.get("reader") or Reader()
    suited(series, controls)
    declared(subject, series, reader)
    first = wanted.get("start") or subject.start
    if first is None:
        raise Invalid(
            f"{subject} has no start date, so there is no before and after.",
            field="start",
            repair="Give the day on which it began.",
        )
    days = sorted(reader.points(series, at))
    before = sum(day < first for day in days)
    if before < FEWEST:
        say = f"{series} has {before} values before {first}; at least {FEWEST} are needed to ask, 56 and twice the window for an estimate."
        raise Invalid(say, field="series", repair=IMPORT, code="too_short")
    last = end or min(filter(None, (days[-1], subject.end)))
    if last > days[-1] or not any(first <= day <= last for day in days):
        raise Invalid(
            f"The window {first} to {last} does not lie within the values of {series}, which end on {days[-1]}.",
            field="end" if end else "start",
            repair="Choose days that have values.",
        )
    barred = apart(reader.rivals(subject, series), first, last)
    excluded = tuple(day for day in barred if day >= days[0])
    ordered = tuple(sorted(controls, key=lambda one: one.key))
    return Question(subject, series, first, last, ordered, excluded, wanted.get("seed", 0))


def declared(subject: Subject, series: Series, reader: Reader | None = None) -> None:
    """Raises Invalid for a group that was not declared for this series, or was taken back: it would be a choice made while looking."""
    if not isinstance(subject, AccountGroup):
        return
    if subject.known_until is not None:
        raise Invalid(f"{subject} was taken back.", field="group", repair="Declare another group.")
    if not (reader or Reader()).declared(subject, series):
        raise Invalid(
            f"{subject} was not declared for {series}.",
            field="series",
            repair="Declare another group that names this outcome.",
        )


def apart(others: list[tuple[date, str]], first: date, last: date) -> list[date]:
    """The starts of others before the window. Raises Invalid where one began inside it."""
    inside = [(day, title) for day, title in others if first <= day <= last]
    if inside:
        day, title = inside[0]
        raise Invalid(
            f"{title} serves the same outcome and began on {day}, inside the window: the two cannot be told apart.",
            field="end" if day > first else "start",
            repair=f"End the window on {day - timedelta(days=1)} or earlier."
            if day > first
            else "Name one that holds both.",
            code="overlap",
        )
    return sorted({day for day, _ in others if day < first})


def suited(series: Series, controls: Iterable[Series]) -> None:
    """Raises Invalid for a series on which no effect is estimated."""
    if series.class_name == "vanity":
        raise Invalid(
            f"{series} is vanity: an effect on it says nothing about the business.",
            field="series",
            repair="Choose an outcome.",
        )
    for one in (series, *controls):
        if one.grain not in GRAINS:
            raise Invalid(
                f"{one} has one value a {one.grain}; effects are estimated from daily or weekly values.",
                field="series" if one is series else "controls",
                repair="Import it by day or by week.",
            )
        if one.grain != series.grain:
            raise Invalid(
                f"{one} has one value a {one.grain or 'date'}, {series} one a {series.grain or 'date'}.",
                field="controls",
                repair="Choose controls of the same grain.",
            )
    if series in controls:
        raise Invalid(f"{series} cannot be its own control.", field="controls", repair="Leave it out.")  # fmt: skip


def rivals(subject: Subject, series: Series) -> list[tuple[date, str]]:
    """(start, title) of other initiatives that serve a goal measured by this series and of other groups declared for it, by start."""
    own = columns(subject)
    goals = KPI.objects.filter(series=series, known_until=None).values("goal")
    found = InitiativeGoal.objects.filter(
        goal__in=goals, known_until=None, initiative__start__isnull=False
    )
    if own["initiative"] is not None:
        found = found.exclude(initiative=own["initiative"])
    rows = found.values_list("initiative__start", "initiative__title").distinct()
    groups = AccountGroup.objects.filter(outcomes=series, known_until=None)
    if own["group"] is not None:
        groups = groups.exclude(pk=own["group"].pk)
    return beside(rows, groups.values_list("start", "name"))


def beside(
    works: Iterable[tuple[date | None, str]], groups: Iterable[tuple[date, str]]
) -> list[tuple[date, str]]:
    """Initiatives and groups in one order; whoever has no start is nobody's rival."""
    return sorted((start, title) for start, title in [*works, *groups] if start)


def canonical(answer: Mapping[str, Any]) -> bytes:
    """The bytes of an answer that are compared: everything but the seconds it took."""
    kept = {key: value for key, value in answer.items() if key != "cpu_seconds"}
    return json.dumps(kept, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def fingerprint(answer: Mapping[str, Any]) -> str:
    """SHA-256 of an answer."""
    return hashlib.sha256(canonical(answer)).hexdigest()
