"""From one table to the posterior of the mean effect in windows: exact given the grid, no sampling.

Each noise process is conjugate (normal, inverse gamma); the posterior is their mixture of Student's t. The evidence is restricted
(a_n = .5 + (n - p)/2), so that it does not depend on how a noise process is scaled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from socius.engine.effect import kernels
from socius.engine.effect.columns import Columns
from socius.engine.effect.grid import GRID, Floats, Grid

SHAPE, SCALE = 0.5, 0.005
NEGLIGIBLE = 1e-8


@dataclass(frozen=True, slots=True)
class Window:
    """Rows `cut` to `cut + length` taken as if something had begun at `cut`."""

    cut: int
    length: int


@dataclass(frozen=True, slots=True)
class Lanes:
    """What each noise process says of one window: effect and variance (scaled units), log evidence, degrees of freedom."""

    effect: Floats
    variance: Floats
    evidence: Floats
    degrees: float


@dataclass(frozen=True, slots=True)
class Mixture:
    """The posterior of a mean effect in the outcome's own unit."""

    weight: Floats
    centre: Floats
    sd: Floats
    degrees: float

    @property
    def mean(self) -> float:
        """Posterior mean."""
        return float(self.weight @ self.centre)

    @property
    def spread(self) -> float:
        """Posterior standard deviation: within lanes and between them."""
        heavy = self.degrees / (self.degrees - 2)
        return float(np.sqrt(self.weight @ (heavy * self.sd**2 + (self.centre - self.mean) ** 2)))

    def quantile(self, share: float) -> float:
        """The point below which `share` of the posterior lies."""
        return float(kernels.quantile(share, self.weight, self.centre, self.sd, self.degrees))

    def below(self, x: float) -> float:
        """How much of the posterior lies below x."""
        return float(kernels.below(x, self.weight, self.centre, self.sd, self.degrees))


def noise_of(grid: Grid) -> Floats:
    """The grid as the kernels want it: one row a parameter."""
    return np.ascontiguousarray(
        np.stack((grid.phi, grid.q, grid.r, grid.q_level, grid.start, grid.start_level))
    )


class Gains:
    """Gains by pattern of missing days; series of one calendar share them."""

    def __init__(self, grid: Grid = GRID) -> None:
        self.grid = grid
        self.noise = noise_of(grid)
        self.known: dict[bytes, Floats] = {}

    def of(self, seen: npt.NDArray[np.float64]) -> Floats:
        """The gains of this pattern of seen days."""
        key = seen.tobytes()
        if key not in self.known:
            if len(self.known) > 64:
                self.known.clear()
            self.known[key] = kernels.gains(self.noise, seen)
        return self.known[key]


@dataclass(frozen=True, slots=True)
class Passed:
    """What one pass over the days leaves at the cuts of its windows; any choice of columns is read from it without another."""

    columns: Columns
    windows: list[Window]
    sums: Floats
    state: Floats
    logs: Floats
    gains: Gains

    def lanes(self, at: int, use: list[int] | None = None) -> Lanes:
        """Effect, variance and evidence of window `at`. `use`: which columns, the outcome last (default: all)."""
        columns, window = self.columns, self.windows[at]
        sums, state, table, precision = self.sums[at], self.state[at], columns.table, columns.precision  # fmt: skip
        if use is not None:
            sums, state = picked(sums, use), state[:, use]
            table, precision = table[:, use], precision[use[:-1]]
        inside = slice(window.cut, window.cut + window.length)
        seen = columns.seen[inside]
        low = kernels.factored(np.ascontiguousarray(sums), precision)
        gain = self.gains.of(columns.seen)
        reach, spread = kernels.window_noise(self.gains.noise, gain, window.cut, seen)
        about = np.zeros((3, max(len(reach), table.shape[1])))
        about[0, : table.shape[1]] = seen @ table[inside] / seen.sum()
        about[1, : len(reach)], about[2, : len(spread)] = reach, spread
        n = float(columns.seen[: window.cut].sum())
        counts = np.array([n, SHAPE, SCALE])
        found = kernels.solved(low, np.ascontiguousarray(state), self.logs[at], about, counts)
        return Lanes(*found, degrees=2 * SHAPE + n - len(precision))


def picked(sums: Floats, use: list[int]) -> Floats:
    """The cross-products of some columns, in their order; only the upper half of `sums` is filled."""
    found = np.zeros((len(use), len(use), sums.shape[2]))
    for i, a in enumerate(use):
        for j in range(i, len(use)):
            found[i, j] = sums[min(a, use[j]), max(a, use[j])]
    return found


def passed(columns: Columns, windows: list[Window], gains: Gains) -> Passed:
    """One pass over the days; windows are sorted by their cut."""
    cuts = np.array([w.cut for w in windows], dtype=np.int64)
    gain = gains.of(columns.seen)
    found = kernels.whitened_sums(columns.table, gain, gains.grid.phi, cuts)
    return Passed(columns, windows, *found, gains=gains)


def weights(evidence: Floats, prior: Floats) -> Floats:
    """Posterior weight of each lane."""
    with np.errstate(divide="ignore"):
        log = evidence + np.log(prior)
    found = np.exp(log - log.max())
    found[found < NEGLIGIBLE * found.sum()] = 0.0
    return np.asarray(found / found.sum(), dtype=np.float64)


def mixture_of(lanes: Lanes, prior: Floats, scale: float) -> Mixture:
    """The posterior in the outcome's own unit, without the lanes that weigh next to nothing."""
    weight = weights(lanes.evidence, prior)
    keep = weight > 0
    return Mixture(weight[keep], lanes.effect[keep] * scale, np.sqrt(lanes.variance[keep]) * scale, lanes.degrees)  # fmt: skip


def class_prior(evidence: Floats, prior: Floats, steps: int = 30, strength: float = 4.0) -> Floats:
    """Noise processes as a class of series shows them: EM on p = (4 p0 + sum of weights) / (4 + N). One series teaches nothing.

    `evidence` is series x lanes, at one cut.
    """
    if len(evidence) < 2:
        return prior
    now = prior
    for _ in range(steps):
        log = evidence + np.log(np.maximum(now, 1e-300))
        found = np.exp(log - log.max(axis=1, keepdims=True))
        found /= found.sum(axis=1, keepdims=True)
        now = (strength * prior + found.sum(axis=0)) / (strength + len(evidence))
    return now
