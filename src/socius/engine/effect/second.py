"""A second opinion that shares nothing with the first but the data: residuals of an ordinary regression, window against window.

The residual mean after the start minus that of a stretch just before it, once, twice, ... or all of the days before; the stretch
whose differences spread least over the days before the start is taken. Its standard deviation is that spread: no noise model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from socius.engine.effect.columns import Columns
from socius.engine.effect.grid import Floats, Mask

METHOD = "window_difference"


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean effect and its standard deviation in the outcome's unit."""

    effect: float
    sd: float


def window_difference(columns: Columns, end: int, use: list[int]) -> Difference | None:
    """The second estimate; None where fewer than two windows lie before the start."""
    start, length = columns.start, end - columns.start
    seen = columns.seen[:end] > 0
    design, outcome = columns.table[:end][:, use[:-1]], columns.table[:end, use[-1]]
    fit = design[:start][seen[:start]]
    ridge = np.diag(columns.precision[use[:-1]])
    slope = np.linalg.solve(fit.T @ fit + ridge, fit.T @ outcome[:start][seen[:start]])
    residual = np.where(seen, outcome - design @ slope, 0.0)
    best: Difference | None = None
    for before in (length, 2 * length, 4 * length, start - length):
        if before < length or before + length > start:
            continue
        found = spread_of(residual, seen, before, length)
        now = level(residual, seen, start, end) - level(residual, seen, start - before, start)
        if best is None or found < best.sd:
            best = Difference(now, found)
    return None if best is None else Difference(best.effect * columns.scale, best.sd * columns.scale)  # fmt: skip


def level(residual: Floats, seen: Mask, first: int, last: int) -> float:
    """Mean over the seen rows."""
    return float(residual[first:last].sum() / max(seen[first:last].sum(), 1))


def spread_of(residual: Floats, seen: Mask, before: int, length: int) -> float:
    """Root mean square of the differences between neighbouring stretches before the start."""
    start = len(residual) - length
    total = np.concatenate(([0.0], np.cumsum(residual)))
    count = np.concatenate(([0.0], np.cumsum(seen)))
    cut = np.arange(before, start - length + 1)
    after = (total[cut + length] - total[cut]) / np.maximum(count[cut + length] - count[cut], 1)
    earlier = (total[cut] - total[cut - before]) / np.maximum(count[cut] - count[cut - before], 1)
    return float(np.sqrt(np.mean((after - earlier) ** 2)))
