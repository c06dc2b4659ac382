"""What a file covers, inferred where nobody declared it: a collection that began late is a gap, never a rise. Thresholds were set on planted files."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

Numbers = npt.NDArray[np.float64]
IMPROBABLE = 1e-6  # of a whole run
UNLIKELY = 0.01  # of each of its days
FEWEST_SIBLINGS = 2
FEWEST_DAYS = 2  # that must be left to know a scope's own level
STEADIEST, LOOSEST = 200.0, 1.5  # bounds of the size of the negative binomial


class Coverage(NamedTuple):
    """Per scope and day: state and the covered fraction of the day. Origin is `inferred` throughout."""

    states: list[list[str]]  # full, partial, none
    fraction: Numbers


def at_most(count: Any, mean: Any, size: float) -> Any:
    """P(N <= count) of a negative binomial with this mean and size (variance mean + mean^2 / size)."""
    return betainc(size, np.asarray(count) + 1.0, size / (size + np.maximum(mean, 1e-9)))


def pooled_size(counts: Numbers, fraction: Numbers) -> float:
    """Dispersion over all scopes: moments of counts around scope level times day, on days that are not low themselves."""
    level = np.array([upper(row / fraction) for row in counts])
    busy = level > 1
    if not busy.any():
        return LOOSEST
    rates = counts[busy] / fraction / level[busy, None]
    day = np.median(rates, axis=0)
    mean = level[busy, None] * day * fraction
    usual = (rates > 0.2 * day) & (mean > 0)
    excess = float((((counts[busy] - mean) ** 2 - mean) * usual).sum())
    square = float((mean**2 * usual).sum())
    return float(np.clip(square / excess if excess > 0 else STEADIEST, LOOSEST, STEADIEST))


def upper(rates: Numbers) -> float:
    """A scope's level on the days on which it was collected: the median of the upper half."""
    return float(np.median(np.sort(rates)[len(rates) // 2 :]))


def low(counts: Numbers, mean: Numbers, size: float) -> bool:
    """Whether each day of a run is unlikely and all of them together improbable. A day of which even silence would say nothing does not object."""
    chances = at_most(counts, mean, size)
    telling = at_most(0.0, mean, size) < UNLIKELY
    together = float(np.log(np.maximum(chances[telling], 1e-300)).sum())
    return bool(np.all(chances[telling] < UNLIKELY)) and together < np.log(IMPROBABLE)


def low_run(counts: Numbers, fraction: Numbers, siblings: Numbers, size: float) -> int:
    """Days at the start that are improbably low, both for the scope's own later level and for what its siblings say of each day."""
    longest = 0
    for days in range(1, len(counts) - FEWEST_DAYS + 1):
        own = float(np.sum(counts[days:]) / np.sum(fraction[days:]))
        others = [row for row in siblings if row[days:].sum() > 0]
        if len(others) < FEWEST_SIBLINGS:
            break
        ratios = [
            row[:days] / max(float(row[days:].sum() / fraction[days:].sum()), 1e-9)
            for row in others
        ]
        told = own * np.median(
            ratios, axis=0
        )  # a sibling's count already shrinks with a partial day
        mine = counts[:days]
        if low(mine, own * fraction[:days], size) and low(mine, told, size):
            longest = days
    return longest


def inferred(counts: Numbers, first: float, last: float) -> Coverage:
    """Coverage of a file from its counts (scope x day); `first` and `last` are the fractions of its end days that its times span."""
    scopes, days = counts.shape
    fraction = np.ones(days)
    fraction[0], fraction[-1] = max(first, 0.01), max(last, 0.01)
    states = [["full"] * days for _ in range(scopes)]
    covered = np.tile(fraction, (scopes, 1))
    size = pooled_size(counts, fraction)
    for scope in range(scopes):
        states[scope][0] = "partial" if first < 1 else "full"
        states[scope][-1] = "partial" if last < 1 else states[scope][-1]
        siblings = np.delete(counts, scope, axis=0)
        if scopes - 1 < FEWEST_SIBLINGS or days <= FEWEST_DAYS or not counts[scope].any():
            continue
        head = low_run(counts[scope], fraction, siblings, size)
        tail = low_run(counts[scope][::-1], fraction[::-1], siblings[:, ::-1], size)
        for day in (*range(head), *range(days - tail, days)):
            states[scope][day], covered[scope, day] = "none", 0.0
    return Coverage(states, covered)
