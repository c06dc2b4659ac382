"""How often the 95 % interval holds the truth where nothing happened: regime by regime, classes of 25 and series alone.

    python benchmarks/measure/covers.py SERIES SEED [REGIME,REGIME,alone,apart,mixed,real]

SERIES a regime in classes, half as many alone. Prints one JSON. A regime has the same seed whether it is run with others or not. The generator is that of the tests (tests/engine/effect/regimes.py), with a seed that no test uses. Regimes that must be
refused or caught stand apart, with the share that was.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
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


def missing_20(rng: np.random.Generator) -> Case:
    """A fifth of the days before the start and 8 % of the window, at random: the most that is borne."""
    asked = case(rng, "ar6")
    gone = rng.permutation(asked.start)[: int(0.199 * asked.start)]
    late = (
        asked.start
        + rng.permutation(asked.end - asked.start)[: int(0.08 * (asked.end - asked.start))]
    )
    outcome = asked.outcome.copy()
    outcome[[*gone, *late]] = np.nan
    return replace(asked, outcome=outcome)


def zero_inflated(rng: np.random.Generator) -> Case:
    """Counts of 50 a day with 15 % of days at 0 (closed, or nobody wrote down why)."""
    asked = counts(50)(rng)
    return replace(asked, outcome=np.where(rng.random(len(asked.day)) < 0.15, 0.0, asked.outcome))


def decaying(rng: np.random.Generator) -> Case:
    """An effect that wears off: 8 on the first day, a third of it after a month."""
    asked = case(rng, "ar6")
    asked.outcome[asked.start :] += wearing_off(asked.end - asked.start)
    return asked


def wearing_off(days: int) -> np.ndarray:
    return 8.0 * np.exp(-np.arange(days) / 30)


def anticipated(rng: np.random.Generator) -> Case:
    """The effect begins to rise a fortnight before the start."""
    asked = case(rng, "ar6", lift=LIFT)
    asked.outcome[asked.start - 14 : asked.start] += np.linspace(0, LIFT, 15)[1:]
    return asked


def rising_or_falling(rng: np.random.Generator) -> Case:
    """A broken slope of either sign, so that a class has no common bias."""
    asked = case(rng, "ar6")
    at = int(rng.integers(100, asked.start - 100))
    slope = rng.choice([-1, 1]) * rng.uniform(0.01, 0.04)
    return replace(asked, outcome=asked.outcome + slope * np.maximum(np.arange(len(asked.day)) - at, 0))  # fmt: skip


def steady(rng: np.random.Generator) -> Case:
    """Steady growth or decline of up to 8 a year, which is what most businesses see."""
    asked = case(rng, "ar6")
    return replace(asked, outcome=asked.outcome + rng.uniform(-8, 8) * np.arange(len(asked.day)) / 365)  # fmt: skip


def one_of(*kinds: str) -> Make:
    """A series of a portfolio that mixes noise regimes; its name tells which it is."""
    return lambda rng: case(rng, str(rng.choice(kinds)))


NULL: dict[str, Make] = {
    **{kind: plain(kind) for kind in KNOWN},
    **{kind: plain(kind) for kind in ("level_break", "slope_break", "changing_week", "ar7", "variance", "ma", "holidays")},
    "slope_break_either_way": rising_or_falling, "steady_growth": steady, "decaying_effect": decaying, "missing_20": missing_20,
    "zero_inflated": zero_inflated, "counts_half": counts(0.5),
    "missing_5": missing(0.05), "counts_5": counts(5), "counts_50": counts(50),
    "days_180": plain("ar6", days=180, window=30), "days_365": plain("ar6", days=365, window=60), "days_1095": plain("ar6", days=1095),
    "no_useful_control": plain("ar6", useful=0), "no_control": plain("ar6", controls=0), "controls_30": plain("ar6", controls=30),
}  # fmt: skip
TRUTH = {
    "decaying_effect": float(wearing_off(90).mean()),
    "control_touched_.5x": LIFT,
    "control_touched_1x": LIFT,
    "control_touched_2.5x": LIFT,
    "anticipation": LIFT,
}
MIXED = {"five": KNOWN, "eight": (*KNOWN, "ma", "variance", "holidays")}
APART: dict[str, Make] = {
    "missing_25": missing(0.25), "missing_high_values": missing_high, "counts_below_1_a_week": counts(0.1), "growth": plain("growth"),
    "late_break": plain("late_break"), "too_short": plain("ar6", days=150, window=90), "anticipation": anticipated, "control_touched_.5x": touched(0.5), "control_touched_1x": touched(1), "control_touched_2.5x": touched(2.5),
}  # fmt: skip
ALONE = KNOWN
PARTS = ("alone", "apart", "mixed", "real")


def answers(make: Make, n: int, seed: int, size: int) -> Iterator[Answer]:
    rng, tools = np.random.default_rng(seed), Tools()
    for _ in range(n // size):
        group = [replace(make(rng), klass="class" if size > 1 else "") for _ in range(size)]
        yield from effects(group, tools=tools)


def summed_up(found: list[Answer], truth: float, spent: float = 0.0) -> dict[str, Any]:
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
        "trend_weight": round(sum(1 - a.diagnostics["trend"]["level"] for a in shown) / m, 4), "two_methods": round(sum(a.second is not None for a in shown) / m, 4),
        "control_dropped": round(sum(bool(a.dropped) for a in shown) / m, 4), "ms_each": round(1000 * spent / len(found), 2),
    }  # fmt: skip


def measured(name: str, make: Make, n: int, seed: int, size: int) -> dict[str, Any]:
    begin = time.process_time()
    found = list(answers(make, n, seed, size))
    row = summed_up(found, TRUTH.get(name, 0.0), time.process_time() - begin)
    print(name, size, row, file=sys.stderr, flush=True)
    return row


def mixed(n: int, seed: int) -> dict[str, Any]:
    """Portfolios that mix regimes in one class, about a fifth of n of each, row by row for the members of each regime."""
    out: dict[str, Any] = {}
    for at, (name, kinds) in enumerate(MIXED.items()):
        found = list(answers(one_of(*kinds), n * len(kinds) // 5, seed + at, CLASS))
        out[name] = {"all": summed_up(found, 0.0), **{k: summed_up([a for a in found if a.series == k], 0.0) for k in kinds}}  # fmt: skip
        print("mixed", name, {k: v["coverage"] for k, v in out[name].items()}, file=sys.stderr, flush=True)  # fmt: skip
    return out


def real(seed: int, n: int) -> dict[str, Any]:
    """Random starts in public series at which nothing began, and the same with 5 % put in; the series by themselves, no controls.

    The Robyn revenue is simulated by its makers and weekly. Windows of one series overlap: n of them are worth fewer.
    """
    out: dict[str, Any] = {}
    for name, (file, day_column, value_column, logs, grain, window) in REAL.items():
        if not (SHARED / file).is_file():
            out[name] = {"skipped": f"{file} is absent"}
            continue
        day, value = read(
            SHARED / file, day_column, value_column, logs, 7 if grain == "week" else 1
        )
        rng, tools, plain, lifted = np.random.default_rng(seed), Tools(), [], []
        before = min(640, 7 * len(day) // 10)
        for start in rng.integers(before, len(day) - window, size=n if grain == "day" else n // 4):
            part = slice(start - before, start + window)
            asked = Case(name, day[part], value[part], {}, before, before + window, grain)
            plain += effects([asked], tools=tools)
            lift = 0.05 * float(np.nanmean(asked.outcome[:before]))
            up = np.where(np.arange(before + window) >= before, asked.outcome + lift, asked.outcome)
            found = effects([replace(asked, outcome=up)], tools=tools)[0]
            lifted += [found if found.refused else replace(found, effect_mean=found.effect_mean - lift, low=found.low - lift, high=found.high - lift)]  # fmt: skip
        out[name] = {"nothing": summed_up(plain, 0.0), "five_per_cent": summed_up(lifted, 0.0)}
        print("real", name, {k: (v["coverage"], v["refused"], v["called"]) for k, v in out[name].items()}, file=sys.stderr, flush=True)  # fmt: skip
    return out


SHARED = Path(os.environ.get("SOCIUS_SHARED", Path(__file__).parents[3] / "shared")) / "data"
REAL = {
    "peyton_manning_28": ("wiki_pageviews/example_wp_log_peyton_manning.csv", "ds", "y", True, "day", 28),
    "peyton_manning_90": ("wiki_pageviews/example_wp_log_peyton_manning.csv", "ds", "y", True, "day", 90),
    "r_language_28": ("wiki_pageviews/example_wp_log_R.csv", "ds", "y", True, "day", 28),
    "r_language_90": ("wiki_pageviews/example_wp_log_R.csv", "ds", "y", True, "day", 90),
    "robyn_revenue_8": ("mmm_robyn/dt_simulated_weekly.csv", "DATE", "revenue", False, "week", 8),
}  # fmt: skip


def read(file: Path, day: str, value: str, logs: bool, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Days without gaps and values, NaN where there is none; the page views are kept as logarithms of counts."""
    rows = list(csv.DictReader(file.open(newline="")))
    points = {date.fromisoformat(r[day]).toordinal(): float(r[value]) for r in rows}
    days = np.arange(min(points), max(points) + 1, step)
    values = np.array([points.get(int(d), np.nan) for d in days])
    return days, np.exp(values) if logs else values


def main() -> None:
    n, seed = int(sys.argv[1]), int(sys.argv[2])
    list(answers(NULL["iid"], 2, 1, 1))
    found: dict[str, Any] = {"seed": seed, "first_day": FIRST, "class": {}, "alone": {}, "apart": {}}  # fmt: skip
    wanted = sys.argv[3].split(",") if len(sys.argv) > 3 else [*NULL, *PARTS]
    for at, (name, make) in enumerate(NULL.items()):
        if name in wanted:
            found["class"][name] = measured(name, make, n, seed + at, CLASS)
    for at, (name, make) in enumerate(APART.items() if "apart" in wanted else ()):
        found["apart"][name] = measured(name, make, n, seed + 200 + at, CLASS)
    for at, name in enumerate(ALONE if "alone" in wanted else ()):
        found["alone"][name] = measured(name, NULL[name], n // 2, seed + 100 + at, 1)
    if "mixed" in wanted:
        found["mixed"] = mixed(n, seed + 300)
    if "real" in wanted:
        found["real"] = real(seed + 400, max(8, n // 10))
    found["outside_93_to_97"] = [k for k, row in found["class"].items() if not 0.93 <= row["coverage"] <= 0.97]  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
