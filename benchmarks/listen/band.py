"""How often the 95 % band of the daily index holds the true level, by what the level does from day to day. One JSON line a regime.

python benchmarks/listen/band.py [DAYS] [SEED]    about two CPU minutes for 2,000 days

Sixty answers a day with a spread of 20; after 84 days of history each day is judged. Runs of 134 days (days of one run are alike, so many short ones), as many as the days ask for. A band
that averages over what it does not know holds too often where the level stands still: that is the price for the other regimes.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from socius.engine.reputation import Answer, index

REGIMES = {  # points a day: walk, scatter
    "stands still": (0.0, 0.0), "wanders slowly": (0.3, 0.0), "wanders": (1.5, 0.0), "scatters a little": (0.0, 1.0),
    "scatters": (0.0, 3.0), "wanders and scatters": (1.0, 2.0),
}  # fmt: skip
ANSWERS, SPREAD, HISTORY, RUN = 60, 20.0, 84, 134


def run(dice: np.random.Generator, walk: float, scatter: float) -> tuple[list[bool], list[float]]:
    """Days judged: whether the band held the level, and its half width."""
    level = 50 + np.cumsum(dice.normal(0, walk or 1e-12, RUN)) + dice.normal(0, scatter or 1e-12, RUN)  # fmt: skip
    rows = [
        Answer(day, "a", float(value), f"{n}")
        for day in range(RUN)
        for n, value in enumerate(dice.normal(level[day], SPREAD, ANSWERS))
    ]
    points = index(rows, {"": 1.0}, {"a": 1.0}, {})["a"][HISTORY:]
    held = [p for p in points if p.low is not None and p.high is not None]
    inside = [p.low <= level[p.day] <= p.high for p in held]
    return inside, [(p.high - p.low) / 2 for p in held]


def main() -> None:
    """Every regime."""
    days, seed = (*[int(w) for w in sys.argv[1:]], *(2000, 20261126)[len(sys.argv) - 1 :])
    for number, (name, (walk, scatter)) in enumerate(REGIMES.items()):
        inside: list[bool] = []
        widths: list[float] = []
        dice = np.random.default_rng([seed, number])
        while len(inside) < days:
            held, wide = run(dice, walk, scatter)
            inside += held
            widths += wide
        print(json.dumps({"level": name, "walk": walk, "scatter": scatter, "days": len(inside), "held": round(float(np.mean(inside)), 4), "half_width": round(float(np.mean(widths)), 2)}), flush=True)  # fmt: skip
    print(json.dumps({"seed": seed}))


if __name__ == "__main__":
    main()
