"""Does a centre of excellence turn into a help desk? A watch over the hub's hours by type, week by week.

The statistic is the upper CUSUM (Page 1954) of the logit of the share that answers requests. Its threshold is simulated for a year
that is looked at every week, with mean and scatter estimated from as few weeks as here, so that it is crossed by chance in
2.5 % of stable years. The alarm also asks that the share of hours with a line to a goal has fallen. Our own method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import log
from random import Random
from statistics import fmean, stdev

from socius.kit.figures import percent

BASELINE = 16  # weeks that say what is usual
YEAR = 52
SHORTEST = BASELINE + 4
CHANCE = 0.025
SLACK = 1.0  # standard deviations that a week may lie above the usual without counting
RUNS = 800
LEAST_SCATTER = 0.15  # of the logit: nobody's weeks are steadier than this


@dataclass(frozen=True, slots=True)
class Week:
    """Hours of the hub in a week that begins on `monday`; `linked`: those that name an initiative."""

    monday: date
    requests: float
    total: float
    linked: float


@dataclass(frozen=True, slots=True)
class Watch:
    """The verdict with what it rests on. `since`: the Monday on which the rise began, `rang`: on which it was sure."""

    alarm: bool
    verdict: str  # help_desk, rising, steady, cannot_tell
    say: str
    weeks: tuple[Week, ...] = ()
    usual: float | None = None
    now: float | None = None
    linked_usual: float | None = None
    linked_now: float | None = None
    since: date | None = None
    rang: date | None = None


def share(week: Week) -> float:
    """The share of requests."""
    return week.requests / week.total


def logit(week: Week) -> float:
    """The logit of the share; half an hour on each side keeps 0 and 1 finite."""
    return log((week.requests + 0.5) / (week.total - week.requests + 0.5))


def cusum(values: Sequence[float], mean: float, scatter: float) -> list[float]:
    """The upper sums, in standard deviations beyond the slack."""
    sums, at = [], 0.0
    for value in values:
        at = max(0.0, at + (value - mean) / scatter - SLACK)
        sums.append(at)
    return sums


@cache
def threshold(seed: int = 178) -> float:
    """The height that a stable series crosses within a year in `CHANCE` of the cases (simulated, seeded)."""
    rng = Random(seed)  # noqa: S311 - draws, not secrets
    highest = []
    for _ in range(RUNS):
        base = [rng.gauss(0, 1) for _ in range(BASELINE)]
        sums = cusum([rng.gauss(0, 1) for _ in range(YEAR - BASELINE)], fmean(base), stdev(base))
        highest.append(max(sums))
    return sorted(highest)[int(RUNS * (1 - CHANCE))]


def watch(weeks: Iterable[Week], *, seed: int = 178) -> Watch:
    """The verdict over at most the last 52 weeks with hours; weeks without any say nothing and are left out."""
    rows = tuple(week for week in sorted(weeks, key=lambda w: w.monday) if week.total > 0)[-YEAR:]
    if len(rows) < SHORTEST:
        say = f"Cannot tell: {len(rows)} weeks with hours by type, and {SHORTEST} are needed."
        return Watch(alarm=False, verdict="cannot_tell", say=say, weeks=rows)
    base, later = rows[:BASELINE], rows[BASELINE:]
    values = [logit(week) for week in base]
    mean, scatter = fmean(values), max(stdev(values), LEAST_SCATTER)
    sums = cusum([logit(week) for week in later], mean, scatter)
    limit = threshold(seed)
    at = next((n for n, height in enumerate(sums) if height > limit), None)
    recent = rows[-8:] if at is None else later[at:][-8:]
    usual, now = part(base, "requests"), part(recent, "requests")
    linked, linked_now = part(base, "linked"), part(recent, "linked")
    still = sums[-1] > limit
    rang = later[at].monday if at is not None and still else None
    begun = max((n for n in range(at or 0) if sums[n] == 0), default=-1) + 1
    verdict = "steady" if rang is None else "help_desk" if linked_now < linked else "rising"
    return Watch(
        verdict == "help_desk",
        verdict,
        sentence(verdict, usual, now, (linked, linked_now)),
        rows,
        usual,
        now,
        linked,
        linked_now,
        later[begun].monday if rang else None,
        rang,
    )


def part(weeks: Sequence[Week], name: str) -> float:
    """Requests or linked hours as a share of all hours of these weeks."""
    total = sum(week.total for week in weeks)
    return float(sum(getattr(week, name) for week in weeks) / total) if total else 0.0


def sentence(verdict: str, usual: float, now: float, linked: tuple[float, float]) -> str:
    """The verdict in words with its figures."""
    shares = f"requests take {percent(now)} of the hub's hours, {percent(usual)} in its first {BASELINE} weeks"
    goals = f"hours with a line to a goal went from {percent(linked[0])} to {percent(linked[1])}"
    if verdict == "help_desk":
        return f"The hub is turning into a help desk: {shares}, while {goals}."
    if verdict == "rising":
        return f"Requests are rising, but not at the cost of goals: {shares}; {goals}."
    return f"Steady: {shares}; {goals}."
