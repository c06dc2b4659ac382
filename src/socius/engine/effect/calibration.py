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
# Where many placebos are there a smaller bias shows. Fewer come with short histories, whose season nobody knows and all series share.
BIAS_MANY, SHOWS = 0.25, 80
# A series by itself has few placebos: they are weighed together with four whose spread is that of series by themselves at large.
LONE, LONE_SPREAD = 4, 1.1
# How much a placebo of a series with quite another noise still counts, and one that lies a window further back than the next.
STRANGER, FURTHER = 0.15, 0.6
# The factor never narrows, so its chance errors all go one way; it is taken this many standard errors of its place lower.
LOWER = 0.3


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
    return Placebo(window.cut, mixture.middle, mixture.quantile(0.025), mixture.quantile(0.975))


def factor_of(z: Floats, weight: Floats | None = None) -> float:
    """Order statistic ceil(.95 (n + 1)) of |z| over 1.96, less a part of its standard error in places, at least 1; the largest where n is small.

    With weights n is their effective number, (sum w)^2 / sum w^2 (Kish 1965).
    """
    if not len(z):
        return 1.0
    weight = np.ones(len(z)) if weight is None else weight
    size, order = np.abs(z), np.argsort(np.abs(z), kind="stable")
    total = float(weight.sum())
    n = total**2 / float((weight**2).sum())
    place = max(min(ceil(0.95 * (n + 1) - 1e-9), n) - LOWER * sqrt(0.95 * 0.05 * n), 1.0)
    at = int(np.searchsorted(np.cumsum(weight[order]) / total, place / n - 1e-9))
    return max(1.0, float(size[order[min(at, len(z) - 1)]]) / Z95)


def likeness(kinds: Sequence[Floats]) -> Floats:
    """How much each series' placebos count for each other series: overlap of what their noise is thought to be, to the fourth power.

    A floor keeps the class together, since the noise of one series is known badly.
    """
    roots = np.sqrt(np.stack(kinds))
    return np.asarray(STRANGER + (1 - STRANGER) * (roots @ roots.T) ** 4)


def counting(own: Sequence[Floats], alike: Floats) -> Floats:
    """How much each placebo of each series counts (placebos in the order of time): by likeness, and the more the nearer the real start is,
    since what came before it is then known about as well.
    """
    near = [FURTHER ** np.arange(len(z))[::-1] for z in own]
    return np.concatenate([like * n for like, n in zip(alike, near, strict=True)] + [np.zeros(0)])


def factors(own: Sequence[Floats], alike: Floats) -> list[float]:
    """The factor of each series of a class, from all placebos, those of similar series and the latest counting most."""
    every = np.concatenate([*own, np.zeros(0)])
    return [factor_of(every, counting(own, row)) for row in alike]


def lone_factor(z: Floats) -> float:
    """The factor of a series by itself: what the spread of its few placebos says, shrunk to that of such series at large.

    Their largest says less: of twelve honest placebos one lies beyond the edge in 46 of 100 series.
    """
    if not len(z):
        return 1.0
    return max(1.0, sqrt((LONE * LONE_SPREAD**2 + float((z**2).sum())) / (LONE + len(z))))


def calibrated(own: Sequence[Floats], alike: Floats | None = None) -> Calibration:
    """Pools the placebo z of a class of series (one array a series); `alike` says how much one counts for another."""
    z = np.concatenate([*own, np.zeros(0)])
    n = len(z)
    several = len([o for o in own if len(o)]) > 1
    if several:
        alike = np.ones((len(own), len(own))) if alike is None else alike
        hits = tested = crossed_hits(own, alike)
    else:
        hits = sum(bool(abs(z[i]) > Z95 * lone_factor(np.delete(z, i))) for i in range(n))
        # One series alone can show one cross-fitted hit at most: it is refused by its hits before calibration.
        tested = int((np.abs(z) > Z95).sum())
    low, high = wilson(hits, n)
    mean = float(z.mean()) if n else 0.0
    factor = factor_of(z) if several else lone_factor(z)
    return Calibration(n, hits, low, high, factor, mean, refusal(n, tested, mean))


def crossed_hits(own: Sequence[Floats], alike: Floats) -> int:
    """Placebos beyond the edge that the placebos of the other series set."""
    hits = 0
    for i, mine in enumerate(own):
        others = [k for k in range(len(own)) if k != i]
        rest = [own[k] for k in others]
        edge = Z95 * factor_of(np.concatenate(rest), counting(rest, alike[i, others]))
        hits += int((np.abs(mine) > edge).sum())
    return hits


def refusal(n: int, hits: int, mean_z: float) -> str | None:
    """Why no effect may be shown; None where one may. A single hit is no rate, however few the placebos."""
    low, _ = wilson(hits, n)
    if (hits >= FEWEST_HITS and low > RATE) or (n >= MANY and hits / n > RATE_MANY):
        return "placebo_rate"
    borne = BIAS_MANY if n >= SHOWS else BIAS
    if n >= FEW and abs(mean_z) > max(borne, BIAS_Z / sqrt(n)):
        return "placebo_bias"
    return None


def odd_ones(own: Sequence[Floats], ratio: float = 4.0) -> list[int]:
    """Series whose placebo variance differs fourfold from their class's and which the F distribution does not excuse."""
    spread = np.array([float(np.mean(z**2)) if len(z) else np.nan for z in own])
    if np.isfinite(spread).sum() < 3:
        return []
    middle = float(np.nanmedian(spread))
    return [i for i, s in enumerate(spread) if s > ratio * middle and len(own[i]) >= 3]
