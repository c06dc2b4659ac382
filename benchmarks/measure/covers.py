"""How often the 95 % interval holds the truth where nothing happened: regime by regime, classes of 25 and series alone.

    python benchmarks/measure/covers.py SERIES SEED [REGIME,REGIME]

Prints one JSON. The generator is that of the tests (tests/engine/effect/regimes.py), with a seed that no test uses. Regimes that must be
refused or caught stand apart, with the share that was.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "engine" / "effect"))
from regimes import FIRST, KNOWN, case

from socius.engine.effect.case import Answer, Case
from socius.engine.effect.estimate import Tools, effects

CLASS = 25
LIFT = 5.0
Make = Callable[[np.random.Generator], Case]


def plain(kind: str, **how: Any) -> Make:
    return lambda rng: case(rng, kind, **how)


def missing(share: float) -> Make:
    def make(rng: np.random.Generator) -> Case:
        asked = case(rng, "ar6")
        return replace(asked, outcome=np.where(rng.random(len(asked.day)) < share, np.nan, asked.outcome))  # fmt: skip

    return make


def missing_high(rng: np.random.Generator) -> Case:
    asked = case(rng, "ar9")
    high = asked.outcome > np.quantile(asked.outcome, 0.8)
    return replace(asked, outcome=np.where(high & (rng.random(len(high)) < 0.5), np.nan, asked.outcome))  # fmt: skip


def counts(mean: float) -> Make:
    def make(rng: np.random.Generator) -> Case:
        asked = case(rng, "ar6")
        level = mean * np.exp((asked.outcome - asked.outcome.mean()) / 40)
        return replace(asked, outcome=rng.poisson(level).astype(float))

    return make


def touched(times: float) -> Make:
    def make(rng: np.random.Generator) -> Case:
        asked = case(rng, "ar6", lift=LIFT)
        asked.controls["c0"][asked.start :] += LIFT * times
        return asked

    return make


def random_kind(rng: np.random.Generator) -> Case:
    return case(rng, str(rng.choice(KNOWN)))


NULL: dict[str, Make] = {
    **{kind: plain(kind) for kind in KNOWN},
    **{kind: plain(kind) for kind in ("level_break", "slope_break", "changing_week", "ar7", "variance", "ma", "holidays")},
    "missing_5": missing(0.05), "counts_5": counts(5), "counts_50": counts(50),
    "days_180": plain("ar6", days=180, window=30), "days_365": plain("ar6", days=365, window=60), "days_1095": plain("ar6", days=1095),
    "no_useful_control": plain("ar6", useful=0), "no_control": plain("ar6", controls=0), "controls_30": plain("ar6", controls=30),
    "mixed_class": random_kind,
}  # fmt: skip
APART: dict[str, Make] = {
    "missing_25": missing(0.25), "missing_high_values": missing_high, "counts_below_1_a_week": counts(0.1), "growth": plain("growth"),
    "late_break": plain("late_break"), "too_short": plain("ar6", days=150, window=90), "control_touched_1x": touched(1), "control_touched_2.5x": touched(2.5),
}  # fmt: skip
ALONE = KNOWN


def answers(make: Make, n: int, seed: int, size: int) -> Iterator[Answer]:
    rng, tools = np.random.default_rng(seed), Tools()
    for _ in range(n // size):
        group = [replace(make(rng), klass="class" if size > 1 else "") for _ in range(size)]
        yield from effects(group, tools=tools)


def summed_up(make: Make, n: int, seed: int, size: int, truth: float = 0.0) -> dict[str, Any]:
    begin = time.process_time()
    found = list(answers(make, n, seed, size))
    spent = time.process_time() - begin
    shown = [a for a in found if a.refused is None]
    raw = [a.diagnostics["raw"] for a in shown]
    covered = sum(a.low <= truth <= a.high for a in shown)
    called = sum(a.verdict in {"up", "down"} for a in shown)
    m = max(len(shown), 1)
    share = covered / m
    return {
        "n": len(found), "refused": round(1 - len(shown) / len(found), 4), "why": dict(Counter(a.refused for a in found if a.refused)),
        "coverage": round(share, 4), "se": round(sqrt(share * (1 - share) / m), 4), "called": round(called / m, 4),
        "raw_coverage": round(sum(low <= truth <= high for low, high in raw) / m, 4), "rmse": round(sqrt(sum((a.effect_mean - truth) ** 2 for a in shown) / m), 3),
        "width": round(sum(a.high - a.low for a in shown) / m, 3), "break_column": round(sum(bool(a.diagnostics["breaks"]) for a in shown) / m, 4),
        "control_dropped": round(sum(bool(a.dropped) for a in shown) / m, 4), "ms_each": round(1000 * spent / len(found), 2),
    }  # fmt: skip


def main() -> None:
    n, seed = int(sys.argv[1]), int(sys.argv[2])
    list(answers(NULL["iid"], 2, 1, 1))
    found: dict[str, Any] = {
        "seed": seed,
        "first_day": FIRST,
        "class": {},
        "alone": {},
        "apart": {},
    }
    wanted = sys.argv[3].split(",") if len(sys.argv) > 3 else list(NULL)
    for at, (name, make) in enumerate(NULL.items()):
        if name not in wanted:
            continue
        found["class"][name] = summed_up(make, n, seed + at, CLASS)
        print(name, found["class"][name], file=sys.stderr, flush=True)
    for at, name in enumerate(ALONE if len(wanted) == len(NULL) else ()):
        found["alone"][name] = summed_up(NULL[name], n, seed + 100 + at, 1)
        print("alone", name, found["alone"][name], file=sys.stderr, flush=True)
    for at, (name, make) in enumerate(APART.items() if len(wanted) == len(NULL) else ()):
        found["apart"][name] = summed_up(
            make,
            max(CLASS, n // 10),
            seed + 200 + at,
            CLASS,
            LIFT if name.startswith("control_touched") else 0.0,
        )
        print("apart", name, found["apart"][name], file=sys.stderr, flush=True)
    ends = [name for name, row in found["class"].items() if not 0.93 <= row["coverage"] <= 0.97]
    found["outside_93_to_97"] = ends
    print(json.dumps(found))


if __name__ == "__main__":
    main()
