"""From one table to the posterior of the mean effect in windows: exact given the grid, no sampling.

Each noise process is conjugate (normal, inverse gamma); the posterior is their mixture of Student's t. The evidence is restricted
(a_n = .5 + (n - p)/2), so that it does not depend on how a noise process is scaled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from socius.engine.effect import kernels
from socius.engine.effect.columns import Columns
from socius.engine.effect.grid import GRID, Floats, Grid

SHAPE, SCALE = 0.5, 0.005
NEGLIGIBLE = 1e-8
# A bend counts from so many rows after it on.
UNSEEN = 14
Rows = npt.NDArray[np.int64]


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
    def middle(self) -> float:
        """Posterior median: descriptions that are hardly believed do not pull at it."""
        return self.quantile(0.5)

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
        self.log_prior = np.log(grid.prior)
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
class Part:
    """Which columns of a table are used: those of every description, those of which one may be added, and the outcome's."""

    base: list[int]
    options: list[int]
    outcome: int


@dataclass(frozen=True, slots=True)
class Passed:
    """What one pass over the days leaves at the cuts of its windows; any choice of columns is read from it without another."""

    columns: Columns
    windows: list[Window]
    sums: Floats
    state: Floats
    logs: Floats
    gains: Gains

    def lanes(self, at: int, part: Part | None = None) -> Lanes:
        """Effect, variance and evidence of window `at`: each noise process, first without an optional column, then with each in turn."""
        columns, window = self.columns, self.windows[at]
        inside = slice(window.cut, window.cut + window.length)
        seen = columns.seen[inside]
        mean = seen @ columns.table[inside] / seen.sum()
        return self.given(at, part or whole(columns), mean, seen)

    def given(self, at: int, part: Part, mean: Floats, weight: Floats) -> Lanes:
        """The same from the mean row of a window and how much each of its rows counts."""
        solved = self.solved(at, part)
        effect, variance = self.foreseen(at, part, solved, mean, weight)
        return Lanes(effect, variance, solved.evidence, solved.degrees)

    def solved(self, at: int, part: Part) -> Solved:
        """What the days before a cut say, whatever the window behind it."""
        return self.regressed(at, part, self.precision(at, part))

    def regressed(self, at: int, part: Part, precision: Floats) -> Solved:
        """The same with the prior precision of the columns given."""
        columns, cut = self.columns, self.windows[at].cut
        order, options = (
            np.array([*part.base, part.outcome]),
            np.array(part.options, dtype=np.int64),
        )
        n = float(columns.seen[:cut].sum())
        found = solved(self.sums[at], order, options, precision, self.logs[at], n)
        lanes = found.evidence.reshape(1 + len(part.options), -1)
        for o, place in enumerate(part.options):
            # A bend that the days before the cut do not show cannot be told from none.
            if cut <= UNSEEN or not columns.table[cut - UNSEEN, place]:
                lanes[1 + o] = -np.inf
        return found

    def precision(self, at: int, part: Part) -> Floats:
        """How near 0 each coefficient is held: of the controls, what the days before the cut say in the likeliest noise process."""
        columns = self.columns
        if not columns.weighed[part.base].any():
            return columns.precision
        plain = self.regressed(at, replace(part, options=[]), columns.precision)
        likely = int(np.argmax(plain.evidence + self.gains.log_prior))
        order = np.array([*part.base, part.outcome])
        sums = np.ascontiguousarray(self.sums[at][:, :, likely])
        degrees = plain.degrees - 2 * SHAPE
        return np.asarray(kernels.relevance(sums, order, columns.precision, columns.weighed, degrees))  # fmt: skip

    def evidence(self, at: int, part: Part) -> Floats:
        """Log evidence of each lane, the controls as they come: what a break is weighed against."""
        return self.regressed(at, part, self.columns.precision).evidence

    def foreseen(self, at: int, part: Part, found: Solved, mean: Floats, weight: Floats) -> tuple[Floats, Floats]:  # fmt: skip
        """Effect and variance of each lane in a window behind the cut of window `at`."""
        gain, rows = self.gains.of(self.columns.seen), [*part.base, *part.options, part.outcome]
        reach, spread = kernels.window_noise(self.gains.noise, gain, self.windows[at].cut, weight)
        ahead = mean[rows, None] - reach * self.state[at][0, rows] - self.state[at][1, rows]
        effect, variance = kernels.foreseen(found.low, found.optional, found.share, ahead, spread)
        return effect.ravel(), variance.ravel()


@dataclass(frozen=True, slots=True)
class Solved:
    """The regression of each noise process before a cut, as `kernels.foreseen` wants it; log evidence and degrees of freedom."""

    low: Floats
    optional: Floats
    share: Floats
    evidence: Floats
    degrees: float


def solved(sums: Floats, order: Rows, options: Rows, precision: Floats, logs: Floats, n: float) -> Solved:  # fmt: skip
    """Each lane: first without any optional column, then with each in turn.

    `order`: the base columns, the outcome last. `logs`: sum of log F; `n`: days seen before the cut. An optional column has a proper
    prior, so that evidences can be compared.
    """
    p = len(order) - 1
    shape = SHAPE + (n - p) / 2
    low = kernels.factored(sums, order, precision)
    added = kernels.optional(low, sums, order, options, precision)
    evidence, share = kernels.evidences(low, added, logs, shape, SCALE)
    return Solved(low, added, share, evidence.ravel(), 2 * SHAPE + n - p)


def whole(columns: Columns) -> Part:
    """All columns of a table."""
    last = len(columns.precision)
    return Part(list(range(columns.base)), list(range(columns.base, last)), last)


def passed(columns: Columns, windows: list[Window], gains: Gains) -> Passed:
    """One pass over the days; windows are sorted by their cut."""
    cuts = np.array([w.cut for w in windows], dtype=np.int64)
    gain = gains.of(columns.seen)
    found = kernels.whitened_sums(columns.table, gain, gains.grid.phi, cuts, columns.options)
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
