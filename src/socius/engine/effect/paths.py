"""Row by row: what would have been, with a pointwise band, and the effect summed up since the start."""

from __future__ import annotations

import numpy as np

from socius.engine.effect.case import Case, Path
from socius.engine.effect.columns import Columns
from socius.engine.effect.grid import Floats
from socius.engine.effect.posterior import (  # fmt: skip
    Gains,
    Lanes,
    Mixture,
    Passed,
    Window,
    mixture_of,
    passed,
    whole,
)
from socius.engine.intervals import Z95

# How many rows of a long window carry their own band; those between are drawn straight by whoever draws.
MOST_ROWS = 400


def path_of(columns: Columns, prior: Floats, case: Case, factor: float, gains: Gains) -> Path:
    """One posterior a row for the counterfactual, one a horizon for the sum; bands are widened by the factor."""
    start, end = case.start, min(case.end, case.start + MOST_ROWS)
    base = passed(columns, [Window(start, 1)], gains)
    rows = range(start, end)
    single = [moments(ahead(base, row, 1), prior, columns.scale) for row in rows]
    summed = [moments(ahead(base, start, row - start + 1), prior, columns.scale) for row in rows]
    seen = [None if np.isnan(v) else float(v) for v in case.outcome[start:end]]
    about = columns.centre + columns.scale * columns.table[start:end, -1]
    expected = [float(a - mean) for a, (mean, _) in zip(about, single, strict=True)]
    half = [Z95 * factor * sd for _, sd in single]
    count = np.maximum(np.cumsum(columns.seen[start:end]), 1)
    total = [float(n * mean) for n, (mean, _) in zip(count, summed, strict=True)]
    reach = [float(n * Z95 * factor * sd) for n, (_, sd) in zip(count, summed, strict=True)]
    return Path(
        [int(d) for d in case.day[start:end]], seen, expected,
        [e - h for e, h in zip(expected, half, strict=True)], [e + h for e, h in zip(expected, half, strict=True)],
        total, [t - r for t, r in zip(total, reach, strict=True)], [t + r for t, r in zip(total, reach, strict=True)],
    )  # fmt: skip


def moments(mixture: Lanes, prior: Floats, scale: float) -> tuple[float, float]:
    """Mean and standard deviation of the effect over a window."""
    found: Mixture = mixture_of(mixture, prior, scale)
    return found.mean, found.spread


def ahead(base: Passed, row: int, length: int) -> Lanes:
    """The posterior of rows `row` to `row + length`, seen from the start. A missing row is taken as seen: a band needs no value."""
    cut, columns = base.windows[0].cut, base.columns
    weight = np.zeros(row + length - cut)
    inside = columns.seen[row : row + length]
    weight[row - cut :] = inside if inside.any() else 1.0
    mean = weight @ columns.table[cut : row + length] / weight.sum()
    return base.given(0, whole(columns), mean, weight)
