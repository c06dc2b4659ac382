"""Drift while growing: does the share of activity with a line to a goal fall while there is more and more of it?

Two windows of weeks at the ends of the period are compared. The interval comes from the scatter *between weeks*, not
from the number of posts: posts of one week hang together, and a binomial interval would cry wolf on any busy programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from socius.engine.intervals import student
from socius.kit.figures import percent

PERIOD = 26  # weeks
SHORTEST = 12
LEAST_FALL = 0.05
LEAST_GROWTH = 1.05
SURE = 0.995  # one-sided: looked at every week, an alarm must be rare where nothing happens

Week = tuple[date, int, int]  # its Monday, activities, those of them with a line to a goal


@dataclass(frozen=True, slots=True)
class Window:
    """The weeks at one end of the period, taken together."""

    first: date
    last: date
    weeks: int
    total: int
    with_line: int
    share: float
    variance: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Whether the alarm rings, in one sentence and with its evidence. `change` is later minus earlier share, in (low, high)."""

    alarm: bool
    verdict: str  # drifting, steady, cannot_tell
    say: str
    earlier: Window | None = None
    later: Window | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    growth: float | None = None  # weekly volume, later over earlier


def window(weeks: Sequence[Week]) -> Window:
    """Share over some weeks; its variance between weeks, but never less than that of single posts."""
    total = sum(n for _, n, _ in weeks)
    with_line = sum(k for _, _, k in weeks)
    share = with_line / total
    spread = sum((k - share * n) ** 2 for _, n, k in weeks) / total**2
    spread *= len(weeks) / (len(weeks) - 1)
    alone = share * (1 - share) / total
    return Window(
        weeks[0][0], weeks[-1][0], len(weeks), total, with_line, share, max(spread, alone, 1e-9)
    )


def watch(weekly: Iterable[Week], *, period: int = PERIOD, least_fall: float = LEAST_FALL) -> Drift:
    """The alarm over the last `period` weeks; weeks without activity say nothing about a share and are left out."""
    weeks = [w for w in sorted(weekly)[-period:] if w[1] > 0]
    if len(weeks) < SHORTEST:
        say = f"Cannot tell: {len(weeks)} weeks with activity, and {SHORTEST} are needed."
        return Drift(alarm=False, verdict="cannot_tell", say=say)
    size = max(len(weeks) // 4, 4)
    earlier, later = window(weeks[:size]), window(weeks[-size:])
    change = later.share - earlier.share
    spread = earlier.variance + later.variance
    parts = (earlier.variance**2 + later.variance**2) / (size - 1)
    half = student(SURE, max(spread**2 / parts, 5)) * sqrt(spread)
    low, high = change - half, change + half
    growth = later.total / earlier.total
    alarm = high < 0 and change <= -least_fall and growth >= LEAST_GROWTH
    return Drift(
        alarm,
        "drifting" if alarm else "steady",
        _say(alarm, earlier, later, growth),
        earlier,
        later,
        change,
        low,
        high,
        growth,
    )


def _say(alarm: bool, earlier: Window, later: Window, growth: float) -> str:
    first = f"{percent(earlier.share)} in the {earlier.weeks} weeks from {earlier.first}"
    second = f"{percent(later.share)} in those from {later.first}"
    if alarm:
        return f"Drifting: activity grew {growth:.1f} times while the share with a line to a goal fell from {first} to {second}."
    return f"No drift: the share with a line to a goal was {first} and {second}, with {growth:.1f} times the activity."
