"""Units that join at different dates: whether the estimate behind `socius measure panel --method staggered` keeps what was asked of
it, on panels whose effects differ by cohort and grow with time.

    python benchmarks/measure/staggered.py PANELS SEED

Prints one JSON: bias in standard deviations of the noise (asked: below .1), coverage of the 95 % interval (asked: .93 to .97), how often a
panel without effects is called, and how often the pre-trend check is called where trends are parallel and where they are not. Two-way
fixed effects stand beside it, which nobody should use here.
"""

from __future__ import annotations

import json
import sys
import time
from math import sqrt
from typing import Any

import numpy as np

from socius.engine.effect.staggered import staggered

PERIODS, COHORTS = 24, (9, 13, 17)
GROWTH = {9: (2.0, 0.15), 13: (1.0, 0.10), 17: (-0.5, 0.05)}


def panel(rng: np.random.Generator, units: int, *, never: bool, effect: float, drift: float = 0.0, kind: str = "") -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Values, first treated period of each unit (-1: never), and the planted effect of each cell. Noise: sd 1, AR(.5); `kind` "t3":
    its shocks have heavy tails, "walk": each unit wanders (steps of sd .3).

    Units are a sample: each one's cohort is drawn, unless `kind` "fixed" says that cohorts are as large as they are.
    """
    kinds = [*COHORTS, -1] if never else list(COHORTS)
    start = np.array([kinds[i % len(kinds)] for i in range(units)])
    if kind != "fixed":
        start[2 * len(kinds) :] = rng.choice(kinds, units - 2 * len(kinds))
    fresh = rng.standard_t(3, (units, PERIODS)) / sqrt(3) if kind == "t3" else rng.normal(size=(units, PERIODS))  # fmt: skip
    noise = fresh.copy()
    for t in range(1, PERIODS):
        noise[:, t] = noise[:, t - 1] + 0.3 * fresh[:, t] if kind == "walk" else 0.5 * noise[:, t - 1] + sqrt(0.75) * fresh[:, t]  # fmt: skip
    common = np.cumsum(rng.normal(size=PERIODS) * 0.5) + np.sin(np.arange(PERIODS) / 3)
    lift = np.zeros((units, PERIODS))
    for i, g in enumerate(start):
        if g >= 0:
            base, slope = GROWTH[int(g)]
            own = rng.normal(1.0, 0.3)
            lift[i, g:] = effect * own * (base + slope * np.arange(PERIODS - g))
    trend = drift * np.where(start == 9, 1.0, 0.0)[:, None] * np.arange(PERIODS)
    return rng.normal(20, 3, units)[:, None] + common + noise + lift + trend, start, lift


def truth_of(lift: np.ndarray, start: np.ndarray, *, never: bool, effect: float, fixed: bool) -> float:  # fmt: skip
    """The mean planted effect over the treated cells that somebody not yet treated stands beside: of these units where cohorts are fixed,
    else of those they were drawn from (cohorts alike, own effects 1 on average).
    """
    last = PERIODS if never else max(COHORTS)
    if fixed:
        return float(np.mean([lift[i, t] for i, g in enumerate(start) if g >= 0 for t in range(g, last)]))  # fmt: skip
    return effect * float(np.mean([GROWTH[g][0] + GROWTH[g][1] * k for g in COHORTS for k in range(last - g)]))  # fmt: skip


def two_way(values: np.ndarray, start: np.ndarray) -> float:
    """The coefficient of treatment with fixed effects of unit and period."""
    treated = (start[:, None] >= 0) & (np.arange(PERIODS)[None, :] >= start[:, None])

    def within(x: np.ndarray) -> np.ndarray:
        return x - x.mean(axis=1, keepdims=True) - x.mean(axis=0, keepdims=True) + x.mean()

    d = within(treated.astype(float))
    return float((d * within(values)).sum() / (d * d).sum())


def regime(n: int, seed: int, units: int, *, never: bool, effect: float, **how: Any) -> dict[str, Any]:  # fmt: skip
    errors, covered, called, trends, plain, spent = [], 0, 0, 0, [], 0.0
    for k in range(n):
        rng = np.random.default_rng([seed, k])
        values, start, lift = panel(rng, units, never=never, effect=effect, **how)
        begin = time.process_time()
        found = staggered(values, start)
        spent += time.process_time() - begin
        truth = truth_of(lift, start, never=never, effect=effect, fixed=how.get("kind") == "fixed")
        errors.append(found.effect - truth)
        covered += found.low <= truth <= found.high
        called += not found.low <= 0 <= found.high
        trends += found.pre_p is not None and found.pre_p <= 0.05
        plain.append(two_way(values, start) - truth)
    p = covered / n
    return {
        "n": n, "units": units, "never_treated": never, "effect": effect, **how, "bias": round(float(np.mean(errors)), 4), "se_of_bias": round(float(np.std(errors) / sqrt(n)), 4),
        "coverage": round(p, 4), "se": round(sqrt(p * (1 - p) / n), 4), "called": round(called / n, 4), "pre_trend_called": round(trends / n, 4),
        "two_way_bias": round(float(np.mean(plain)), 4), "cpu_ms": round(1000 * spent / n, 2),
    }  # fmt: skip


def main() -> None:
    n, seed = int(sys.argv[1]), int(sys.argv[2])
    rows = {
        "heterogeneous_60": regime(n, seed, 60, never=True, effect=1.0),
        "heterogeneous_200": regime(n, seed + 1, 200, never=True, effect=1.0),
        "nobody_never_treated_60": regime(n, seed + 2, 60, never=False, effect=1.0),
        "nothing_60": regime(n, seed + 3, 60, never=True, effect=0.0),
        "cohorts_fixed_60": regime(n, seed + 6, 60, never=True, effect=1.0, kind="fixed"),
        "heavy_tails_60": regime(n, seed + 9, 60, never=True, effect=1.0, kind="t3"),
        "wandering_60": regime(n, seed + 10, 60, never=True, effect=1.0, kind="walk"),
        "few_units_20": regime(n, seed + 4, 20, never=True, effect=1.0),
        "trends_differ_60": regime(n, seed + 5, 60, never=True, effect=0.0, drift=0.1),
        "trends_differ_200": regime(n, seed + 7, 200, never=True, effect=0.0, drift=0.1),
        "trends_differ_twice_60": regime(n, seed + 8, 60, never=True, effect=0.0, drift=0.2),
    }
    print(json.dumps({"seed": seed, "noise_sd": 1.0, "regimes": rows}))


if __name__ == "__main__":
    main()
