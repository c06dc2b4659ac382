"""A day's refresh of 890 pairs of 730 days (target: 30 CPU-s, 1 GB), the 39 states with all placebos (.1 CPU-s), correlated series (5 %),
and whether planted effects of the stated size are found.

    python benchmarks/measure/refresh.py SEED
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "engine" / "effect"))
from regimes import KNOWN, case
from regimes import causeless as chosen

from socius.engine.effect.case import Case
from socius.engine.effect.estimate import Tools, effects
from socius.engine.effect.power import power
from socius.engine.effect.tasks import panel as panel_task

PAIRS, CLASSES = 890, 10
SHARED = Path(os.environ.get("SOCIUS_SHARED", Path(__file__).parents[3] / "shared"))


def refresh(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    asked = [case(rng, KNOWN[i % len(KNOWN)], klass=KNOWN[i % len(KNOWN)]) for i in range(PAIRS)]
    tools = Tools()
    effects(asked[:2], tools=tools)
    before = time.process_time()
    found = effects(asked, tools=Tools())
    spent = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"pairs": PAIRS, "days": 730, "cpu_s": round(spent, 2), "peak_mb": round(peak), "refused": sum(a.refused is not None for a in found)}  # fmt: skip


def states() -> dict[str, Any]:
    file = SHARED / "data" / "causal" / "prop99.csv"
    if not file.is_file():
        return {"skipped": "prop99.csv is absent"}
    options = {"file": "f", "unit": "State", "time": "Year", "outcome": "PacksPerCapita", "treated": ["California"], "start": "1989", "method": "sdid", "placebo": True, "seed": 1}  # fmt: skip
    spent, found = [], {}
    panel_task.run(options, {"f": file.read_bytes()})
    for _ in range(5):
        begin = time.process_time()
        found = panel_task.run(options, {"f": file.read_bytes()})
        spent.append(time.process_time() - begin)
    return {"effect": round(found["effect_mean"], 3), "p": round(found["p"], 4), "placebos": found["placebo_n"], "cpu_s": round(statistics.median(spent), 4), "repeats_s": [round(s, 4) for s in spent]}  # fmt: skip


def causeless(seed: int, made: Callable[[np.random.Generator], Case], n: int = 1000) -> dict[str, Any]:  # fmt: skip
    """How often a series is called that shares season and drift with what is held to be its cause."""
    rng, tools, called, shown = np.random.default_rng(seed), Tools(), 0, 0
    for _ in range(n):
        found = effects([made(rng)], tools=tools)[0]
        shown += found.refused is None
        called += found.verdict in {"up", "down"}
    share = called / shown
    return {"n": n, "refused": n - shown, "called": round(share, 4), "se": round(sqrt(share * (1 - share) / shown), 4)}  # fmt: skip


def anywhere(rng: np.random.Generator) -> Case:
    """The same series with a start that nobody chose by looking."""
    asked, start = chosen(rng), int(rng.integers(500, 640))
    return replace(asked, start=start, end=start + 90)


def planted(seed: int, n: int = 200) -> dict[str, Any]:
    """The smallest detectable effect is stated on the days before the start, then planted: it should be found in 75 to 85 of 100."""
    rows = {}
    for at, kind in enumerate(KNOWN):
        rng, tools, hits, refused = np.random.default_rng(seed + at), Tools(), 0, 0
        for _ in range(n):
            asked = case(rng, kind)
            past = Case(kind, asked.day[: asked.start], asked.outcome[: asked.start], {k: v[: asked.start] for k, v in asked.controls.items()}, asked.start, asked.start, "day")  # fmt: skip
            stated = power(past, asked.end - asked.start)
            asked.outcome[asked.start :] += stated.absolute or 0.0
            found = effects([asked], tools=tools)[0]
            refused += found.refused is not None
            hits += found.verdict == "up"
        share = hits / (n - refused)
        rows[kind] = {"n": n, "refused": refused, "found": round(share, 3), "se": round(sqrt(share * (1 - share) / (n - refused)), 3)}  # fmt: skip
    return rows


def main() -> None:
    seed = int(sys.argv[1])
    print(json.dumps({"seed": seed, "refresh": refresh(seed), "states": states(), "causeless": causeless(seed + 1, chosen), "causeless_any_start": causeless(seed + 3, anywhere), "planted_mde": planted(seed + 2)}))  # fmt: skip


if __name__ == "__main__":
    main()
