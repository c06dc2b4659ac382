"""Row by row: what would have been, with a pointwise band, and the effect summed up since the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from socius.engine.effect.case import Case, Path
from socius.engine.effect.columns import Columns
from socius.engine.effect.grid import Floats, Mask
from socius.engine.effect.posterior import (  # fmt: skip
    Gains,
    Mixture,
    Part,
    Passed,
    Solved,
    Window,
    passed,
    weights,
    whole,
)
from socius.engine.intervals import Z95

# How many rows of a long window carry their own band; those between are drawn straight by whoever draws.
MOST_ROWS = 400


def path_of(columns: Columns, prior: Floats, case: Case, factor: float, gains: Gains) -> Path:
    """One posterior a row for the counterfactual, one a horizon for the sum; bands are widened by the factor.

    Medians do not add up, means do: a centre is a mean, all of them moved by what lies between mean and median of the window, so that the
    rows add up to the sums, and these end in the effect.
    """
    start, end = case.start, min(case.end, case.start + MOST_ROWS)
    base = Behind.of(columns, start, prior, gains)
    rows = range(start, end)
    single = [base.believed(row, 1) for row in rows]
    summed = [base.believed(start, row - start + 1) for row in rows]
    seen = [None if np.isnan(v) else float(v) for v in case.outcome[start:end]]
    about = columns.centre + columns.scale * columns.table[start:end, -1]
    apart = summed[-1].middle - summed[-1].mean
    expected = [float(a - one.mean - apart) for a, one in zip(about, single, strict=True)]
    half = [Z95 * factor * one.spread for one in single]
    count = np.maximum(np.cumsum(columns.seen[start:end]), 1)
    total = [float(n * (one.mean + apart)) for n, one in zip(count, summed, strict=True)]
    reach = [float(n * Z95 * factor * one.spread) for n, one in zip(count, summed, strict=True)]
    return Path(
        [int(d) for d in case.day[start:end]], seen, expected,
        [e - h for e, h in zip(expected, half, strict=True)], [e + h for e, h in zip(expected, half, strict=True)],
        total, [t - r for t, r in zip(total, reach, strict=True)], [t + r for t, r in zip(total, reach, strict=True)],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Behind:
    """The posterior of any rows behind the start, seen from it; the regression and the weights are worked out once."""

    done: Passed
    part: Part
    solved: Solved
    keep: Mask
    weight: Floats

    @classmethod
    def of(cls, columns: Columns, start: int, prior: Floats, gains: Gains) -> Behind:
        """From one pass over the days before the start."""
        done, part = passed(columns, [Window(start, 1)], gains), whole(columns)
        solved = done.solved(0, part)
        weight = weights(solved.evidence, prior)
        return cls(done, part, solved, weight > 0, weight[weight > 0])

    def believed(self, row: int, length: int) -> Mixture:
        """The posterior of the effect over `length` rows from `row` on. A missing row is taken as seen: a band needs no value."""
        cut, columns = self.done.windows[0].cut, self.done.columns
        weight = np.zeros(row + length - cut)
        inside = columns.seen[row : row + length]
        weight[row - cut :] = inside if inside.any() else 1.0
        mean = weight @ columns.table[cut : row + length] / weight.sum()
        effect, variance = self.done.foreseen(0, self.part, self.solved, mean, weight)
        scale = columns.scale
        return Mixture(self.weight, effect[self.keep] * scale, np.sqrt(variance[self.keep]) * scale, self.solved.degrees)  # fmt: skip
