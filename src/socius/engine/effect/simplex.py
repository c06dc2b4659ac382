"""Least squares with weights that are not negative and sum to one: exact, by an active set."""

from __future__ import annotations

import numpy as np

from socius.engine.effect.grid import Floats
from socius.kit.errors import Invalid

TOLERANCE = 1e-9
MOST_STEPS = 2_000


def solve(gram: Floats, target: Floats) -> Floats:
    """min w'Gw/2 - t'w over the simplex; G positive definite on the free weights.

    One weight enters at a time, those that would turn negative leave (Wolfe's and Lawson and Hanson's way). The optimality gap is
    checked at the end: Invalid where it is not closed.
    """
    size = len(target)
    unit = max(float(np.abs(np.diag(gram)).max()), 1e-300)
    g, t = gram / unit + 1e-12 * np.eye(size), target / unit
    w, free = begun(g, t)
    for _ in range(MOST_STEPS):
        slope = g @ w - t
        level = float(slope @ w)
        slope[free] = np.inf
        steepest = int(slope.argmin())
        if slope[steepest] >= level - TOLERANCE:
            return w
        free.append(steepest)
        w, free = descended(g, t, w, free)
    raise Invalid("The weights of the comparison units did not settle.", repair="Check the outcome for extreme values.")  # fmt: skip


def begun(g: Floats, t: Floats) -> tuple[Floats, list[int]]:
    """A good point to start from: the best weights of any sign, without the negative ones, until none is left."""
    free = list(range(len(t)))
    while True:
        best = on_plane(g, t, free)
        if best.min() > 0 or len(free) == 1:
            w = np.zeros(len(t))
            w[free] = np.maximum(best, 0)
            return w / w.sum(), free
        free = [unit for unit, weight in zip(free, best.tolist(), strict=True) if weight > 0]


def descended(g: Floats, t: Floats, w: Floats, free: list[int]) -> tuple[Floats, list[int]]:
    """The best weights on the free units, dropping each that reaches 0 on the way there."""
    while True:
        best = on_plane(g, t, free)
        if best.min() > 0 or len(free) == 1:
            found = np.zeros(len(t))
            found[free] = np.maximum(best, 0)
            return found / found.sum(), free
        now = w[free]
        falling = best <= 0
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(falling, now / np.where(falling, now - best, 1.0), np.inf)
        step = float(share.min())
        w = np.zeros(len(t))
        w[free] = now + step * (best - now)
        gone = int(np.argmin(share))
        w[free[gone]] = 0.0
        free = [unit for k, unit in enumerate(free) if k != gone]


def on_plane(g: Floats, t: Floats, free: list[int]) -> Floats:
    """The best weights on the free units that sum to one, whatever their sign."""
    n = len(free)
    system = np.ones((n + 1, n + 1))
    system[:n, :n] = g[np.ix_(free, free)]
    system[n, n] = 0.0
    return np.asarray(np.linalg.solve(system, np.append(t[free], 1.0))[:n])
