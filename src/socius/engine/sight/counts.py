"""Counts activity by where its walk stops. One definition for screen, API and command line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from socius.engine.sight.facts import Facts
from socius.engine.sight.walk import (
    FRESH,
    GRADES,
    LEVELS,
    MEASURED,
    NONE,
    Stop,
    Stretch,
    Walker,
    resolve,
)

# A day (or one of several between which nothing that a walk meets changes), account, unit, network, reference, initiative, goal, n
Activity = tuple[date, int, int, str, int, int, int, int]


class Window(NamedTuple):
    """The days that are counted, both inside, and the day as of which things were known."""

    first: date
    last: date
    as_of: date


class Amount(NamedTuple):
    """Hours or money with what they were given to."""

    day: date
    account: int | None
    initiative: int | None
    goal: int | None
    amount: Decimal
    currency: str = ""


class Where(NamedTuple):
    """Where an activity is counted."""

    unit: int
    network: str
    week: date
    stop: Stop


@dataclass(frozen=True)
class Sight:
    """Counts by where the walk stops; every table below is a view of `tally`, the window's own counts."""

    window: Window
    tally: Mapping[Where, int]
    earlier: Mapping[Where, int] = field(
        default_factory=dict
    )  # what was given from before the window
    hours: dict[str, Any] = field(default_factory=dict)
    spend: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All counted activities."""
        return sum(self.tally.values())

    def block(self) -> dict[str, Any]:
        """total, none, goal, outcome, fresh, measured by grade, and how many of those rest on effects by hand."""
        return block_of((where.stop, n) for where, n in self.tally.items())

    def by(self, name: str) -> dict[Any, dict[str, Any]]:
        """The same block for each unit, network or week; these partition the total."""
        parts: dict[Any, list[tuple[Stop, int]]] = defaultdict(list)
        for where, n in self.tally.items():
            parts[getattr(where, name)].append((where.stop, n))
        return {key: flat(block_of(part)) for key, part in parts.items()}

    def by_goal(self) -> dict[int, dict[str, int]]:
        """Each goal that a line leads to; an activity with two goals counts under both, so these do not add up to the total."""
        parts: dict[int, Counter[str]] = defaultdict(Counter)
        for where, n in self.tally.items():
            for goal, level in where.stop.goals:
                parts[goal]["total"] += n
                parts[goal][LEVELS[level]] += n
        return {
            goal: {name: part[name] for name in ("total", *LEVELS)} for goal, part in parts.items()
        }

    def breaks(self) -> list[tuple[str, str, int | None, int]]:
        """(kind, object's kind, object's id, activities), most activities first."""
        counts: Counter[tuple[str, str, int | None]] = Counter()
        for where, n in self.tally.items():
            if where.stop.broken and n:
                counts[where.stop.broken, where.stop.at_kind, where.stop.at_id] += n
        return sorted(
            ((*key, n) for key, n in counts.items()), key=lambda b: (-b[3], b[0], b[1], b[2] or 0)
        )

    def flow(self) -> Counter[tuple[int, int | None, int | None, int | None, str]]:
        """Activities by (unit, initiative, goal, series, level or grade): the picture of the first screen."""
        flows: Counter[tuple[int, int | None, int | None, int | None, str]] = Counter()
        for where, n in self.tally.items():
            at = where.stop
            goal = at.goal if at.level > NONE else None
            flows[where.unit, at.initiative, goal, at.series, at.grade or LEVELS[at.level]] += n
        return flows


def block_of(parts: Iterable[tuple[Stop, Any]]) -> dict[str, Any]:
    """Adds up amounts by level."""
    counts: dict[str, Any] = dict.fromkeys(("total", *LEVELS[:MEASURED]), 0)
    grades: dict[str, Any] = dict.fromkeys("ABCDE", 0)
    by_hand: Any = 0
    for at, amount in parts:
        counts["total"] += amount
        if at.level < MEASURED:
            counts[LEVELS[at.level]] += amount
        else:
            grades[at.grade] += amount
            by_hand += amount if at.by_hand else 0
    return {**counts, "measured": grades, "by_hand": by_hand}


def flat(block: dict[str, Any]) -> dict[str, Any]:
    """A block with `measured` as one number."""
    return {**block, "measured": sum(block["measured"].values())}


def shares(block: dict[str, Any]) -> dict[str, float | None]:
    """The three figures of the first screen; None where nothing was counted."""
    total = block["total"]
    if not total:
        return {"share": None, "share_fresh": None, "share_measured_ab": None}
    measured = sum(block["measured"].values())
    return {
        "share": (total - block["none"]) / total,
        "share_fresh": (block["fresh"] + measured) / total,
        "share_measured_ab": (block["measured"]["A"] + block["measured"]["B"]) / total,
    }


def count(facts: Facts, activity: Iterable[Activity], walker: Walker) -> Counter[Where]:
    """Tallies activity. `activity` may hold 200,000 rows: the loop does little but look up."""
    weeks: dict[date, date] = {}
    accounts: dict[tuple[int, int], tuple[int | None, int, str]] = {}
    stretches: dict[tuple[int | None, int, int], Stretch] = {}
    tally: Counter[tuple[int, str, date, int]] = Counter()
    for day, account, unit, network, reference, initiative, goal, n in activity:
        known = accounts.get((account, reference))
        if known is None:
            known = accounts[account, reference] = place(facts, account, reference)
        key = (known[0], initiative, goal)
        stretch = stretches.get(key)
        if stretch is None:
            stretch = stretches[key] = walker.stretch(known[0], initiative or None, goal or None)
        week = weeks.get(day)
        if week is None:
            week = weeks[day] = day - timedelta(days=day.weekday())
        stops = stretch.stops
        at = stops[0] if len(stops) == 1 else stretch.on(day)
        # By the stop's identity: to hash the stop itself for each row would take longer than all the rest.
        tally[known[1] or unit, known[2] or network, week, id(at)] += n
    stops_by_id = {id(at): at for at in walker.stops}
    return Counter(
        {
            Where(unit, network, week, stops_by_id[at]): n
            for (unit, network, week, at), n in tally.items()
        }
    )


def place(facts: Facts, account: int, reference: int) -> tuple[int | None, int, str]:
    """(account, unit, network) under which activity of an account is counted."""
    found = resolve(facts, account, reference)
    if found is None:
        return (None, 0, "")
    known = facts.accounts[found]
    return (found, known.unit, known.network)


def amounts(facts: Facts, amounts: Iterable[Amount], walker: Walker) -> dict[str, dict[str, Any]]:
    """Blocks of hours or money by currency ('' for hours), with the same levels."""
    parts: dict[str, list[tuple[Stop, Decimal]]] = defaultdict(list)
    for one in amounts:
        account = resolve(facts, one.account or 0, 0)
        at = walker.stretch(account, one.initiative, one.goal).on(one.day)
        parts[one.currency].append((at, one.amount))
    return {currency: block_of(part) for currency, part in sorted(parts.items())}


def report(
    facts: Facts,
    activity: Iterable[Activity],
    window: Window,
    hours: Iterable[Amount] = (),
    spend: Iterable[Amount] = (),
) -> Sight:
    """The line of sight of a window.

    `activity` holds counted activities as known at as-of, none after the window; a negative `n` takes back.
    """
    walker = Walker(facts, window.as_of)
    inside: list[Activity] = []
    before: list[Activity] = []
    for row in activity:
        (inside if row[0] >= window.first else before).append(row)
    time = amounts(facts, hours, walker).get("", block_of(()))
    return Sight(
        window,
        standing(count(facts, inside, walker)),
        standing(count(facts, before, walker)),
        time,
        amounts(facts, spend, walker),
    )


def standing(tally: Counter[Where]) -> dict[Where, int]:
    """What is left when counts and what took them back are added up."""
    return {where: n for where, n in tally.items() if n}


__all__ = [
    "FRESH",
    "GRADES",
    "Activity",
    "Amount",
    "Sight",
    "Where",
    "Window",
    "flat",
    "report",
    "shares",
]
