"""Fake starts before the real one: how wide the interval has to be, how often it would have been wrong, and when to say nothing.

The interval can only widen. The rate is cross-fitted: each placebo is judged with a factor to which it did not contribute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from socius.engine.effect.grid import Floats
from socius.engine.effect.posterior import Mixture, Window
from socius.engine.intervals import Z95, wilson

SHORTEST, WINDOWS_BEFORE = 56, 3
# Where the days before the start allow no placebo with three windows of training, one of two is better than none.
FEW = 2
MOST_PLACEBOS = 12
RATE, RATE_MANY, MANY = 0.05, 0.10, 40
FEWEST_HITS = 2
BIAS = 0.5
BIAS_Z = 2.81


@dataclass(frozen=True, slots=True)
class Placebo:
    """One fake start: estimate, interval before calibration, both in the outcome's unit, and the effect it was measured against."""

    row: int
    estimate: float
    low: float
    high: float

    @property
    def z(self) -> float:
        """The estimate in units in which 1.96 is the edge of the interval."""
        half = (self.high - self.low) / 2
        return Z95 * self.estimate / half


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the placebos of a class say."""

    n: int
    hits: int
    low: float
    high: float
    factor: float
    mean_z: float
    refused: str | None

    @property
    def rate(self) -> float | None:
        """Share of placebos that would have been called."""
        return self.hits / self.n if self.n else None


def placebo_windows(start: int, length: int, seen: Floats, barred: Sequence[int] = ()) -> list[Window]:  # fmt: skip
    """Windows of the real one's length, ending at the start, not overlapping, with enough training before each.

    A window that holds a barred row (a declared event, a break) or too few seen days is left out.
    """
    need = max(SHORTEST, WINDOWS_BEFORE * length)
    found: list[Window] = []
    cut = start - length
    while cut >= need and len(found) < MOST_PLACEBOS:
        inside = seen[cut : cut + length]
        if inside.mean() >= 0.9 and not any(cut < row < cut + length for row in barred):
            found.append(Window(cut, length))
        cut -= length
    return found[::-1]


def placebo_of(window: Window, mixture: Mixture) -> Placebo:
    """Estimate and raw 95 % interval of one fake start."""
    return Placebo(window.cut, mixture.mean, mixture.quantile(0.025), mixture.quantile(0.975))


def factor_of(z: Floats) -> float:
    """Order statistic ceil(.95 (n + 1)) of |z| over 1.96, at least 1; the largest where n is too small for it."""
    if not len(z):
        return 1.0
    ordered = np.sort(np.abs(z))
    place = min(ceil(0.95 * (len(z) + 1)), len(z))
    return max(1.0, float(ordered[place - 1]) / Z95)


def calibrated(own: Sequence[Floats]) -> Calibration:
    """Pools the placebo z of a class of series (one array a series)."""
    z = np.concatenate([*own, np.zeros(0)])
    n = len(z)
    hits, tested = 0, 0
    if len([o for o in own if len(o)]) > 1:
        for i, mine in enumerate(own):
            rest = np.concatenate([o for k, o in enumerate(own) if k != i])
            hits += int((np.abs(mine) > Z95 * factor_of(rest)).sum())
        tested = hits
    else:
        hits = sum(abs(z[i]) > Z95 * factor_of(np.delete(z, i)) for i in range(n))
        # One series alone can show one cross-fitted hit at most: it is refused by its hits before calibration.
        tested = int((np.abs(z) > Z95).sum())
    low, high = wilson(int(hits), n)
    mean = float(z.mean()) if n else 0.0
    return Calibration(n, int(hits), low, high, factor_of(z), mean, refusal(n, tested, mean))  # fmt: skip


def refusal(n: int, hits: int, mean_z: float) -> str | None:
    """Why no effect may be shown; None where one may. A single hit is no rate, however few the placebos."""
    low, _ = wilson(hits, n)
    if (hits >= FEWEST_HITS and low > RATE) or (n >= MANY and hits / n > RATE_MANY):
        return "placebo_rate"
    if n >= FEW and abs(mean_z) > max(BIAS, BIAS_Z / sqrt(n)):
        return "placebo_bias"
    return None


def odd_ones(own: Sequence[Floats], ratio: float = 4.0) -> list[int]:
    """Series whose placebo variance differs fourfold from their class's and which the F distribution does not excuse."""
    spread = np.array([float(np.mean(z**2)) if len(z) else np.nan for z in own])
    if np.isfinite(spread).sum() < 3:
        return []
    middle = float(np.nanmedian(spread))
    return [i for i, s in enumerate(spread) if s > ratio * middle and len(own[i]) >= 3]
