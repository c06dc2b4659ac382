"""What more belief beforehand in a level that stands still would do to the band: how often it holds the level, and its half width. One JSON line a regime.

python benchmarks/listen/band_prior.py [DAYS] [SEED] [MEMORY]    about ten CPU seconds for 2,000 days

Means of a day (sixty answers with a spread of 20) straight into the level's model; the last fifty days of runs of 134 (or MEMORY + 88) are judged.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from band import REGIMES

from socius.engine.wandering import Past

NOISE = 400 / 60
BELIEFS = (0.01, 0.05, 0.1, 0.2, 0.4, 0.6)  # 0.01 is one point of the grid, as shipped
JUDGED = 50


def bands(past: Past, day: int, mean: float) -> list[tuple[float, float]]:
    """Middle and half width of the day's band by each belief."""
    spread = past.variance + past.walk * (day - past.day) + past.scatter
    total, off = spread + NOISE, mean - past.mean
    fit, gain = past.fit - 0.5 * (np.log(total) + off**2 / total), spread / total
    centre, spread = past.mean + gain * off, spread * (1 - gain)
    still = (past.walk == 0) & (past.scatter == 0)
    found = []
    for belief in BELIEFS:
        weights = np.exp(fit - fit.max()) * np.where(still, belief, (1 - belief) / (len(fit) - 1))
        weights /= weights.sum()
        middle = float(weights @ centre)
        found.append((middle, 1.96 * float(weights @ (spread + (centre - middle) ** 2)) ** 0.5))
    return found


def main() -> None:
    """Every regime."""
    days, seed, memory = (*[int(w) for w in sys.argv[1:]], *(2000, 101, 56)[len(sys.argv) - 1 :])
    run = max(134, memory + 88)
    for number, (name, (walk, scatter)) in enumerate(REGIMES.items()):
        dice, held, wide = np.random.default_rng([seed, number]), [], []
        while len(held) < days:
            level = 50 + np.cumsum(dice.normal(0, walk or 1e-12, run)) + dice.normal(0, scatter or 1e-12, run)  # fmt: skip
            seen = level + dice.normal(0, NOISE**0.5, run)
            for day in range(run - JUDGED, run):
                first = max(0, day - memory)
                past = Past(range(first, day), seen[first:day], [NOISE] * (day - first))
                found = bands(past, day, float(seen[day]))
                held.append([abs(m - level[day]) <= half for m, half in found])
                wide.append([half for _, half in found])
        print(json.dumps({
            "level": name, "days": len(held), "memory": memory, "belief": BELIEFS,
            "held": np.mean(held, axis=0).round(4).tolist(), "half_width": np.mean(wide, axis=0).round(2).tolist(),
        }), flush=True)  # fmt: skip
    print(json.dumps({"seed": seed}))


if __name__ == "__main__":
    main()
