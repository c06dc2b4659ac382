"""Shares and means with intervals, differences between two groups, and what few cases do not allow to be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

from scipy.special import stdtr, stdtrit

from socius.engine.intervals import wilson

TOO_FEW, RANKED_FROM = 10, 30
EXACT_UP_TO = 1_000


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its mean and interval."""

    name: str
    n: int
    mean: float
    low: float
    high: float
    won: int | None
    variance: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first, 95 % interval, two-sided p."""

    effect: float
    low: float
    high: float
    p: float


def share(name: str, won: int, n: int) -> Group:
    """A share with its Wilson interval."""
    low, high = wilson(won, n)
    mean = won / n if n else 0.0
    return Group(name, n, mean, low, high, won, mean * (1 - mean))


def average(name: str, values: Sequence[float]) -> Group:
    """A mean with its t interval; with one value the interval has no width and says nothing."""
    n = len(values)
    mean = sum(values) / n
    variance = sum((v - mean) ** 2 for v in values) / (n - 1) if n > 1 else 0.0
    half = float(stdtrit(n - 1, 0.975)) * sqrt(variance / n) if n > 1 else 0.0
    return Group(name, n, mean, mean - half, mean + half, None, variance)


def difference(first: Group, second: Group) -> Difference:
    """Shares: Newcombe's interval from two Wilson intervals (1998, method 10) with Fisher's exact p, or the score test above
    1,000 cases. Means: Welch's t.
    """
    effect = second.mean - first.mean
    if first.won is not None and second.won is not None:
        low = effect - sqrt((second.mean - second.low) ** 2 + (first.high - first.mean) ** 2)
        high = effect + sqrt((second.high - second.mean) ** 2 + (first.mean - first.low) ** 2)
        return Difference(effect, low, high, two_shares((first.won, first.n), (second.won, second.n)))  # fmt: skip
    a, b = first.variance / first.n, second.variance / second.n
    if a + b <= 0:
        return Difference(effect, effect, effect, 1.0 if effect == 0 else 0.0)
    degrees = (a + b) ** 2 / (a * a / max(first.n - 1, 1) + b * b / max(second.n - 1, 1))
    half = float(stdtrit(degrees, 0.975)) * sqrt(a + b)
    p = 2 * float(stdtr(degrees, -abs(effect) / sqrt(a + b)))
    return Difference(effect, effect - half, effect + half, p)


def two_shares(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Two-sided p that two shares are one."""
    (a, n), (b, m) = first, second
    won = a + b
    if n + m <= EXACT_UP_TO:
        whole = comb(n + m, won)
        ways = [comb(n, k) * comb(m, won - k) for k in range(max(0, won - m), min(n, won) + 1)]
        here = comb(n, a) * comb(m, b)
        return sum(w for w in ways if w <= here) / whole
    pooled = won / (n + m)
    spread = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return 2 * NormalDist().cdf(-abs(b / m - a / n) / spread) if spread else 1.0


def ranked(groups: Sequence[Group]) -> list[tuple[Group, int | None, str]]:
    """Groups by share, best first. Below 10 cases `too_few`, below 30 `no_rank`; a place only where the interval is apart from
    its neighbours', else `cannot_tell`.
    """
    order = sorted(groups, key=lambda g: (-g.mean, g.name))
    rankable = [g for g in order if g.n >= RANKED_FROM]
    found: list[tuple[Group, int | None, str]] = []
    for group in order:
        if group.n < TOO_FEW:
            found.append((group, None, "too_few"))
        elif group.n < RANKED_FROM:
            found.append((group, None, "no_rank"))
        else:
            at = rankable.index(group)
            beside = rankable[max(0, at - 1) : at] + rankable[at + 1 : at + 2]
            apart = all(group.low > other.high or group.high < other.low for other in beside)
            found.append((group, at + 1, "ranked") if apart else (group, None, "cannot_tell"))
    return found
