"""Many units over time, some of them treated from a date on: difference in differences, synthetic control, synthetic difference in
differences (Arkhangelsky and others, arXiv 1812.09970), with inference by giving the treatment to each control in turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from socius.engine.effect.grid import Floats
from socius.engine.effect.simplex import solve
from socius.engine.intervals import Z95

METHODS = ("sdid", "sc", "did")
MOST_PLACEBOS = 500
TIME_RIDGE = 1e-6
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the control units and of the periods before the start; each sums to one (time weights of sc: all 0)."""

    unit: Floats
    time: Floats


@dataclass(frozen=True, slots=True)
class Panel:
    """Effect with its placebo distribution."""

    method: str
    effect: float
    low: float | None
    high: float | None
    sd: float | None
    p: float | None
    placebos: Floats
    smallest_p: float
    weights: Weights
    before: float


def noise_level(controls: Floats, periods: int) -> float:
    """Standard deviation of the controls' first differences before the start."""
    return float(np.diff(controls[:, :periods], axis=1).std(ddof=1))


def weights_of(method: str, controls: Floats, treated: Floats, periods: int, count: int) -> Weights:
    """Weights by method. `treated`: the mean row of the treated units; `count`: how many there are."""
    n0, after = len(controls), controls.shape[1] - periods
    if method == "did":
        return Weights(np.full(n0, 1 / n0), np.full(periods, 1 / periods))
    past, goal = controls[:, :periods], treated[:periods]
    if method == "sc":
        unit = solve(past @ past.T / periods, past @ goal / periods)
        return Weights(unit, np.zeros(periods))
    level = noise_level(controls, periods)
    ridge = (count * after) ** 0.25 * level
    a = past - past.mean(axis=1, keepdims=True)
    b = goal - goal.mean()
    unit = solve(a @ a.T / periods + ridge**2 * np.eye(n0), a @ b / periods)
    c = past - past.mean(axis=0)
    d = controls[:, periods:].mean(axis=1)
    small = (TIME_RIDGE * level) ** 2 * np.eye(periods)
    time = solve(c.T @ c / n0 + small, c.T @ (d - d.mean()) / n0)
    return Weights(unit, time)


def effect_of(weights: Weights, controls: Floats, treated: Floats, periods: int) -> float:
    """Treated minus weighted controls, after minus weighted before."""
    gap = treated - weights.unit @ controls
    return float(gap[periods:].mean() - weights.time @ gap[:periods])


def panel(method: str, controls: Floats, treated: Floats, periods: int, *, seed: int, placebo: bool = True) -> Panel:  # fmt: skip
    """The effect on the treated rows against the control rows; `periods` columns lie before the start.

    Placebos: each control in turn plays the treated unit (with several treated units: each group of as many controls, or 500 of
    them drawn by `seed`), against the controls that are left. p = (1 + placebos as large) / (1 + placebos).
    """
    mean = treated.mean(axis=0)
    weights = weights_of(method, controls, mean, periods, len(treated))
    effect = effect_of(weights, controls, mean, periods)
    gap = mean - weights.unit @ controls
    before = float(np.std(gap[:periods]))
    found = placebos_of(method, controls, len(treated), periods, seed) if placebo else np.zeros(0)
    if not len(found):
        return Panel(method, effect, None, None, None, None, found, 1.0, weights, before)
    sd = float(np.sqrt(np.mean(found**2)))
    p = (1 + int((np.abs(found) >= abs(effect)).sum())) / (len(found) + 1)
    return Panel(method, effect, effect - Z95 * sd, effect + Z95 * sd, sd, p, found, 1 / (len(found) + 1), weights, before)  # fmt: skip


def placebos_of(method: str, controls: Floats, count: int, periods: int, seed: int) -> Floats:
    """Effects where nothing happened."""
    n0 = len(controls)
    if n0 - count < 2:
        return np.zeros(0)
    found = []
    for group in groups_of(n0, count, seed):
        rest = np.delete(np.arange(n0), group)
        mean = controls[list(group)].mean(axis=0)
        weights = weights_of(method, controls[rest], mean, periods, count)
        found.append(effect_of(weights, controls[rest], mean, periods))
    return np.array(found)


def groups_of(n0: int, count: int, seed: int) -> list[tuple[int, ...]]:
    """All groups of `count` controls, or 500 different ones."""
    if comb(n0, count) <= MOST_PLACEBOS:
        return list(combinations(range(n0), count))
    rng = np.random.default_rng(seed)
    drawn: dict[tuple[int, ...], None] = {}
    while len(drawn) < MOST_PLACEBOS:
        drawn[tuple(sorted(int(i) for i in rng.choice(n0, count, replace=False)))] = None
    return list(drawn)
