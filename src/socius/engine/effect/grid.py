"""The noise processes that the single-series estimator weighs against each other, and what each is worth beforehand.

y_t = s_t'g + x_t'b + u_t + l_t + e_t with u an AR(1) of coefficient phi and innovation variance q, l a random walk of innovation
variance q_level and e white with variance r, all in units of sigma2. 84 points in six families, each without a trend, with a steady
one, and with a bend at one of six rows; frozen: neither points nor prior masses may be chosen on the data at hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

AR_PHI = (*np.arange(0.1, 0.51, 0.1), *np.arange(0.55, 0.81, 0.05), 0.84, 0.87, 0.9, 0.92, 0.94, 0.96, 0.98, 0.99, 0.995)  # fmt: skip
MIXED_PHI = (0.4, 0.6, 0.75, 0.85, 0.92, 0.96, 0.985, 0.995)
MIXED_SHARE = (0.1, 0.25, 0.5, 0.75, 0.9)
LEVEL_Q = (3e-5, 1e-4, 3e-4, 8e-4, 0.002, 0.005, 0.012, 0.03, 0.1, 0.4)
BOTH_PHI = (0.2, 0.4, 0.6, 0.8)
BOTH_Q = (2e-4, 0.001, 0.005)
# Prior mass of the families, in the order in which they stand in the grid.
MASS = {"white": 0.09, "ar": 0.265, "ar_white": 0.15, "level_white": 0.355, "walk": 0.01, "level_ar": 0.13}  # fmt: skip
# Variance of a level before the first day: nearly unknown, since the intercept carries the mean.
LEVEL_START = 25.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Noise processes side by side: one lane each."""

    phi: Floats
    q: Floats
    r: Floats
    q_level: Floats
    start: Floats
    start_level: Floats
    prior: Floats
    family: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.phi)

    def only(self, lanes: list[int]) -> Grid:
        """Some lanes with their prior as it is."""
        pick = np.array(lanes)
        family = tuple(self.family[i] for i in lanes)
        return Grid(self.phi[pick], self.q[pick], self.r[pick], self.q_level[pick], self.start[pick], self.start_level[pick], self.prior[pick], family)  # fmt: skip


def spacing(points: tuple[float, ...]) -> Floats:
    """Half the distance between a point's neighbours; the share of the axis that it stands for."""
    at = np.asarray(points, dtype=np.float64)
    edges = np.concatenate(([at[0]], (at[1:] + at[:-1]) / 2, [at[-1]]))
    return np.diff(edges)


def ar_points() -> list[tuple[str, float, float, float, float, float]]:
    """Stationary points: (family, phi, q, r, q_level, weight within the family)."""
    points = [("ar", p, 1 - p * p, 0.0, 0.0, w) for p, w in zip(AR_PHI, spacing(AR_PHI), strict=True)]  # fmt: skip
    for p, w in zip(MIXED_PHI, spacing(MIXED_PHI), strict=True):
        points += [("ar_white", p, h * (1 - p * p), 1 - h, 0.0, w) for h in MIXED_SHARE]
    return points


def level_points() -> list[tuple[str, float, float, float, float, float]]:
    """Points with a level that wanders; weight q^.25."""
    points = [("level_white", 0.0, 0.0, 1.0, q, q**0.25) for q in LEVEL_Q]
    points.append(("walk", 0.0, 0.0, 0.0, 1.0, 1.0))
    points += [("level_ar", p, 1 - p * p, 0.0, q, q**0.25) for p in BOTH_PHI for q in BOTH_Q]
    return points


def build() -> Grid:
    """The frozen grid of 84 points."""
    points = [("white", 0.0, 0.0, 1.0, 0.0, 1.0), *ar_points(), *level_points()]
    family = tuple(p[0] for p in points)
    phi, q, r, q_level, weight = (np.array([p[i] for p in points], dtype=np.float64) for i in range(1, 6))  # fmt: skip
    total = {name: sum(p[5] for p in points if p[0] == name) for name in MASS}
    prior = np.array([MASS[f] * w / total[f] for f, w in zip(family, weight, strict=True)])
    stationary = np.where(phi > 0, q / np.maximum(1 - phi * phi, 1e-12), 0.0)
    return Grid(phi, q, r, q_level, stationary, np.where(q_level > 0, LEVEL_START, 0.0), prior, family)  # fmt: skip


GRID = build()
# What is thought beforehand of the way a series is going: level (but for what its noise does), a steady trend, a bend somewhere. A level that
# wanders is its own bend: beside it another one is seldom needed.
BENDS = 6
Trends = tuple[float, float, float]
TRENDS: Trends = (0.70, 0.12, 0.18)
TRENDS_BESIDE_LEVEL: Trends = (0.95, 0.025, 0.025)


def with_trends(grid: Grid) -> Floats:
    """Prior mass of each noise process without a trend, with a steady one, and with each of the bends."""
    shares = [TRENDS_BESIDE_LEVEL if q > 0 else TRENDS for q in grid.q_level]
    trend = np.array([[plain, steady, *([bent / BENDS] * BENDS)] for plain, steady, bent in shares])
    return (trend * grid.prior[:, None]).T.ravel()


PRIOR = with_trends(GRID)
# What a break is weighed against: a level that wanders under a memory would hide most breaks, and a break too many costs little.
HIDING = 0.15


def unhidden(grid: Grid) -> Floats:
    """The prior with less of what would hide a break."""
    hides = np.array([HIDING if f == "level_ar" else 1.0 for f in grid.family])
    found = PRIOR.reshape(-1, len(grid)) * hides
    return np.asarray((found / found.sum()).ravel())


UNHIDDEN = unhidden(GRID)
SCANNED_AR, SCANNED_LEVEL = (0.3, 0.6, 0.8, 0.9, 0.96), (3e-4, 0.005)


def scanned(grid: Grid) -> tuple[int, ...]:
    """Lanes on which breaks are looked for: one or two of each way to forget."""
    return tuple(
        lane
        for lane, family in enumerate(grid.family)
        if family == "white"
        or (family == "ar" and min(abs(grid.phi[lane] - p) for p in SCANNED_AR) < 1e-9)
        or (
            family == "level_white"
            and min(abs(grid.q_level[lane] - q) for q in SCANNED_LEVEL) < 1e-12
        )
    )


SCANNED = scanned(GRID)
