"""Few counts a week: negative-binomial regression with the same seasonal terms and controls, in place of the structural one.

log mean = columns x coefficients, variance = mean + dispersion x mean^2 (NB2). Coefficients by iteratively reweighted least squares
with the prior precision of the columns, the dispersion by moments (Pearson's sum equals its degrees of freedom). What is left from one
week to the next is taken as AR(1) of the Pearson residuals: it widens the interval, it does not move the mean. The fake starts calibrate
this interval as they do the other one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from socius.engine.effect.case import Case, Path
from socius.engine.effect.columns import Columns
from socius.engine.effect.grid import Floats
from socius.engine.effect.posterior import Mixture, Window
from socius.engine.intervals import Z95

STEPS, ROUNDS = 50, 6
HIGHEST = 40.0  # of a log mean: beyond it no count is meant
MOST_MEMORY = 0.9


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients with their covariance, dispersion, and how much a week's surplus is left in the next."""

    slope: Floats
    spread: Floats
    dispersion: float
    memory: float
    degrees: float

    def mean(self, table: Floats) -> Floats:
        """Expected counts."""
        return np.asarray(np.exp(np.clip(table @ self.slope, -HIGHEST, HIGHEST)))

    def variance(self, mean: Floats) -> Floats:
        """Variance of the counts about their mean."""
        return np.asarray(mean + self.dispersion * mean**2)

    def total(self, table: Floats) -> tuple[float, float]:
        """Expected sum over rows and the variance of a seen sum about it: the counts', their memory's, and the coefficients'."""
        mean = self.mean(table)
        each = np.sqrt(self.variance(mean))
        apart = np.abs(np.subtract.outer(np.arange(len(mean)), np.arange(len(mean))))
        lean = mean @ table
        return float(mean.sum()), float(each @ (self.memory**apart) @ each + lean @ self.spread @ lean)  # fmt: skip


def fitted(table: Floats, counts: Floats, precision: Floats) -> Fit:
    """The regression on rows before a start; the first column is the intercept."""
    slope = np.zeros(table.shape[1])
    slope[0] = np.log(max(float(counts.mean()), 1e-3))
    degrees = max(float(len(counts) - table.shape[1]), 3.0)
    dispersion = 0.0
    bend, mean = np.eye(table.shape[1]), counts
    for _ in range(ROUNDS):
        slope, bend = reweighted(table, counts, precision, slope, dispersion)
        mean = np.exp(np.clip(table @ slope, -HIGHEST, HIGHEST))
        before, dispersion = dispersion, dispersion_of(counts, mean, degrees)
        if abs(dispersion - before) < 1e-6 * (1 + before):
            break
    left = (counts - mean) / np.sqrt(mean + dispersion * mean**2)
    memory = float(np.clip(left[1:] @ left[:-1] / max(float(left @ left), 1e-12), 0.0, MOST_MEMORY))
    spread = np.asarray(np.linalg.inv(bend) * (1 + memory) / (1 - memory), dtype=np.float64)
    return Fit(slope, spread, dispersion, memory, degrees)


def reweighted(table: Floats, counts: Floats, precision: Floats, slope: Floats, dispersion: float) -> tuple[Floats, Floats]:  # fmt: skip
    """Newton's steps with expected curvature; gives the coefficients and the curvature at them."""
    bend = np.diag(precision)
    for _ in range(STEPS):
        mean = np.exp(np.clip(table @ slope, -HIGHEST, HIGHEST))
        heft = mean / (1 + dispersion * mean)
        bend = (table * heft[:, None]).T @ table + np.diag(precision)
        pull = table.T @ ((counts - mean) / (1 + dispersion * mean)) - precision * slope
        step = np.linalg.solve(bend, pull)
        step *= min(1.0, 2.0 / max(float(np.abs(table @ step).max()), 1e-12))
        slope = slope + step
        if float(np.abs(step).max()) < 1e-10:
            break
    return slope, bend


def dispersion_of(counts: Floats, mean: Floats, degrees: float) -> float:
    """The dispersion at which Pearson's sum is its degrees of freedom; 0 where the counts spread no more than Poisson's."""
    off = (counts - mean) ** 2

    def surplus(size: float) -> float:
        return float((off / (mean + size * mean**2)).sum()) - degrees

    if surplus(0.0) <= 0:
        return 0.0
    low, high = 0.0, 1.0
    while surplus(high) > 0 and high < 1e6:
        high *= 4
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if surplus(middle) > 0 else (low, middle)
    return (low + high) / 2


def before(columns: Columns, case: Case, cut: int) -> Fit:
    """The regression on the seen rows before a cut. The scale of the outcome's own prior does not enter: counts have none."""
    seen = columns.seen[:cut] > 0
    return fitted(columns.table[:cut, :-1][seen], case.outcome[:cut][seen], columns.precision)


def mixture(columns: Columns, case: Case, window: Window) -> Mixture:
    """The posterior of the mean effect in a window, in counts a row."""
    fit = before(columns, case, window.cut)
    inside = slice(window.cut, window.cut + window.length)
    seen = columns.seen[inside] > 0
    n = max(int(seen.sum()), 1)
    expected, variance = fit.total(columns.table[inside, :-1][seen])
    counted = float(case.outcome[inside][seen].sum())
    return Mixture(np.ones(1), np.array([(counted - expected) / n]), np.array([np.sqrt(variance) / n]), fit.degrees)  # fmt: skip


def path(columns: Columns, case: Case, factor: float) -> Path:
    """Row by row, as `paths.path_of` gives it."""
    fit = before(columns, case, case.start)
    rows = range(case.start, case.end)
    table = columns.table[:, :-1]
    single = [fit.total(table[row : row + 1]) for row in rows]
    expected = [mean for mean, _ in single]
    half = [Z95 * factor * float(np.sqrt(variance)) for _, variance in single]
    total, reach = [], []
    for row in rows:
        seen = columns.seen[case.start : row + 1] > 0
        mean, variance = fit.total(table[case.start : row + 1][seen]) if seen.any() else (0.0, 0.0)
        total.append(float(np.nansum(case.outcome[case.start : row + 1])) - mean)
        reach.append(Z95 * factor * float(np.sqrt(variance)))
    return Path(
        [int(d) for d in case.day[case.start : case.end]], [None if np.isnan(v) else float(v) for v in case.outcome[case.start : case.end]], expected,
        [max(e - h, 0.0) for e, h in zip(expected, half, strict=True)], [e + h for e, h in zip(expected, half, strict=True)],
        total, [t - r for t, r in zip(total, reach, strict=True)], [t + r for t, r in zip(total, reach, strict=True)],
    )  # fmt: skip
