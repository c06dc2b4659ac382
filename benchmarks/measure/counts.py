"""Counts near zero: how often the 95 % interval holds the truth, by negative-binomial regression of weeks and by the structural regression
of the same weeks; how often a doubling is called; and what is said below one a week.

    python benchmarks/measure/counts.py SERIES SEED

Counts are Poisson about a level that has season, weekdays, controls and a memory (the generator of covers.py), and negative-binomial where
said (shape 2: variance mean + mean squared / 2 a day). Classes of 25 series, and series alone.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import numpy as np
from covers import CLASS, Make, answers, case

from socius.engine.effect import conditions
from socius.engine.effect.case import Case

MEANS = (0.3, 0.6, 1.2, 2.4)  # a day; 2 to 17 a week


def counted(mean: float, *, shape: float = 0.0, lift: float = 1.0) -> Make:
    def make(rng: np.random.Generator) -> Case:
        asked = case(rng, "ar6")
        level = mean * np.exp((asked.outcome - asked.outcome.mean()) / 40)
        level[asked.start :] *= lift
        if shape:
            level = level * rng.gamma(shape, 1 / shape, len(level))
        return replace(asked, outcome=rng.poisson(level).astype(float))

    return make


def summed_up(make: Make, n: int, seed: int, size: int) -> dict[str, Any]:
    found = list(answers(make, n, seed, size))
    shown = [a for a in found if a.refused is None]
    m = max(len(shown), 1)
    covered = sum(a.low <= 0 <= a.high for a in shown) / m
    return {
        "n": len(found), "refused": round(1 - len(shown) / len(found), 4), "methods": sorted({a.method for a in shown}), "coverage": round(covered, 4),
        "se": round((covered * (1 - covered) / m) ** 0.5, 4), "called": round(sum(a.verdict in {"up", "down"} for a in shown) / m, 4),
        "called_up": round(sum(a.verdict == "up" for a in shown) / m, 4), "cannot_tell": round(sum(a.verdict == "cannot_tell" for a in shown) / m, 4),
        "mean": round(float(np.mean([a.effect_mean for a in shown])), 4), "width": round(float(np.mean([a.high - a.low for a in shown])), 3), "factor": round(float(np.mean([a.placebo.factor for a in shown])), 3),
    }  # fmt: skip


def structural(make: Make, n: int, seed: int, size: int) -> dict[str, Any]:
    """The same series as if weeks of few counts were a measured size."""
    own, conditions.few_a_week = conditions.few_a_week, lambda _case: False
    try:
        return summed_up(make, n, seed, size)
    finally:
        conditions.few_a_week = own


def main() -> None:
    n, seed = int(sys.argv[1]), int(sys.argv[2])
    rows: dict[str, Any] = {}
    for at, mean in enumerate(MEANS):
        for shape in (0.0, 2.0):
            name = f"{mean}_a_day{'_negative_binomial' if shape else ''}"
            make = counted(mean, shape=shape)
            rows[name] = {
                "class": summed_up(make, n, seed + at, CLASS), "alone": summed_up(make, n // 2, seed + 20 + at, 1),
                "structural_class": structural(make, n // 2, seed + at, CLASS), "doubled": summed_up(counted(mean, shape=shape, lift=2.0), n // 4, seed + 40 + at, CLASS),
            }  # fmt: skip
            print(name, rows[name], file=sys.stderr, flush=True)
    below = summed_up(counted(0.1, lift=2.0), n // 4, seed + 60, CLASS)
    print(json.dumps({"seed": seed, "null": rows, "below_one_a_week_doubled": below}))


if __name__ == "__main__":
    main()
