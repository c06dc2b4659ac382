"""The demonstration organisation's own series: are planted effects found, nulls left alone, and how wide is an interval beside an oracle's?

    python benchmarks/measure/demonstration.py SEEDS FIRST_SEED [DAYS]

DAYS: how long the history is, 730 as shipped. `shipped`: seed 178, which everybody gets; `others`: SEEDS further ones from FIRST_SEED on. Two parts. `story`: what the generator planted (an effect of 6 % on daily
orders) and a null, in the windows that the demonstration estimates and in longer ones. `planted`: every daily or weekly series without the
plan's lifts, with an effect of one stated MDE put in: 75 to 85 of 100 should be found. `oracle` is told the noise process and does the
rest as we do; `straight` is told as well the noise's spread and that growth is a straight line.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import numpy as np

from socius.engine.demo import figures
from socius.engine.demo.story import HOW_TO_STARTS, LIVE_SHOPPING_STARTS, Dates
from socius.engine.effect.case import Answer, Case
from socius.engine.effect.columns import columns_of, slope, with_bends
from socius.engine.effect.estimate import Tools, effects
from socius.engine.effect.grid import Grid, with_trends
from socius.engine.effect.posterior import Gains, Window, mixture_of, passed
from socius.engine.effect.power import power
from socius.engine.intervals import wilson

SHIPPED = 178
STORY = (
    ("live-shopping", "Online orders", LIVE_SHOPPING_STARTS, 21, 0.06),
    ("live-shopping", "Online orders", LIVE_SHOPPING_STARTS, 84, 0.06),
    ("how-to", "Online orders", HOW_TO_STARTS, 21, 0.0),
    ("how-to", "Online orders", HOW_TO_STARTS, 84, 0.0),
)
# Series, days before the report on which the window starts, rows of the window.
WINDOWS = (
    ("Online orders", 140, 28), ("Online orders", 140, 84), ("Site sessions", 140, 28), ("Site sessions", 140, 84), ("Cost per contact", 140, 12),
    ("Qualified leads", 140, 12), ("Spare parts sold", 140, 12), ("Engagement rate", 140, 12), ("Category demand", 140, 12),
)  # fmt: skip
PLANS = {plan.name: plan for plan in figures.SERIES}


def as_of(seed: int) -> date:
    """Another day of the report for each seed, so that the season does not always stand the same."""
    return date(2026, 11, 20) + timedelta(days=(seed * 37) % 365 if seed != SHIPPED else 0)


def series(seed: int, *, lifts: bool) -> dict[str, list[tuple[int, float]]]:
    """Name -> (day, value), the first that was known."""
    kept = figures.PLANTED_EFFECTS
    figures.PLANTED_EFFECTS = kept if lifts else ()
    try:
        rows = figures.outcomes(random.Random(f"{seed}:outcomes"), Dates(as_of(seed)))
    finally:
        figures.PLANTED_EFFECTS = kept
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for row in rows:
        found[row.series].setdefault(date.fromisoformat(row.date).toordinal(), float(row.value))
    return {name: sorted(points.items()) for name, points in found.items()}


def asked(points: list[tuple[int, float]], name: str, first: int, rows: int) -> Case:
    day = np.array([d for d, _ in points])
    values = np.array([v for _, v in points])
    start = int(np.searchsorted(day, first))
    end = min(start + rows, len(day))
    return Case(name, day, values, {}, start, end, PLANS[name].grain).cut(end)


def oracle_width(case: Case) -> float:
    """Width of the 95 % interval of the same regression when the noise process is told; the trend is not."""
    plan, n = PLANS[case.name], case.start
    phi = np.array([plan.memory])
    one, zero = np.ones(1), np.zeros(1)
    grid = Grid(phi, 1 - phi**2, zero, zero, one, zero, one, ("ar",))
    columns = with_bends(
        columns_of(case.day, case.outcome, {}, n, case.grain), case.day, case.end - n
    )
    lanes = passed(columns, [Window(n, case.end - n)], Gains(grid)).lanes(0)
    mixture = mixture_of(lanes, with_trends(grid), columns.scale)
    return mixture.quantile(0.975) - mixture.quantile(0.025)


def straight_width(case: Case) -> float:
    """The same when it is told as well that growth is a straight line."""
    plan, n, m = PLANS[case.name], case.start, case.end - case.start
    columns = columns_of(case.day, case.outcome, {}, n, case.grain)
    angle = 2 * np.pi * case.day / 365.25
    waves = [] if "annual sine" in columns.names else [np.sin(angle), np.cos(angle)]
    x = np.column_stack((columns.table[:, :-1], *waves, slope(case.day, 0)))
    lag = np.abs(np.subtract.outer(np.arange(n + m), np.arange(n + m)))
    full = plan.memory**lag
    inverse = np.linalg.inv(full[:n, :n])
    ahead = full[n:, :n] @ inverse
    normal = x[:n].T @ inverse @ x[:n] + 1e-6 * np.eye(x.shape[1])
    d = (x[n:] - ahead @ x[:n]).mean(0)
    rest = (full[n:, n:] - ahead @ full[:n, n:]).mean()
    spread = plan.noise * float(np.abs(case.outcome[:n]).mean())
    return float(2 * 1.96 * spread * np.sqrt(rest + d @ np.linalg.solve(normal, d)))


def mde_of(case: Case) -> float | None:
    past = Case(case.name, case.day[: case.start], case.outcome[: case.start], {}, case.start, case.start, case.grain)  # fmt: skip
    return power(past, case.end - case.start).relative


def row(found: Answer, lift: float, case: Case, mde: float | None, truth: float = 0.0) -> dict[str, Any]:  # fmt: skip
    shown = found.refused is None
    return {
        "series": case.name, "rows": case.end - case.start, "lift": lift, "mde": mde, "refused": found.refused, "verdict": found.verdict,
        "right": found.verdict == ("up" if lift > 0 else "down"), "covered": bool(shown and found.low <= truth <= found.high) if shown else None,
        "width_to_oracle": (found.high - found.low) / oracle_width(case) if shown else None,
        "raw_to_oracle": (found.diagnostics["raw"][1] - found.diagnostics["raw"][0]) / oracle_width(case) if shown else None,
        "factor": found.placebo.factor if shown else None,
        "width_to_straight": (found.high - found.low) / straight_width(case) if shown else None,
    }  # fmt: skip


def story(seed: int, tools: Tools) -> list[dict[str, Any]]:
    known, without, on = series(seed, lifts=True), series(seed, lifts=False), Dates(as_of(seed))
    out = []
    for _, name, start, rows, lift in STORY:
        first = on.ago(start).toordinal()
        case, bare = asked(known[name], name, first, rows), asked(without[name], name, first, rows)
        truth = float((case.outcome - bare.outcome)[case.start :].mean())
        out.append(row(effects([case], tools=tools)[0], lift, case, mde_of(case), truth))
    return out


def planted(seed: int, tools: Tools) -> list[dict[str, Any]]:
    known, on = series(seed, lifts=False), Dates(as_of(seed))
    out = []
    for name, start, rows in WINDOWS:
        case = asked(known[name], name, on.ago(start).toordinal(), rows)
        out.append({**row(effects([case], tools=tools)[0], 0.0, case, None), "planted": False})
        mde = mde_of(case)
        if mde is None or mde > 1:
            continue
        truth = mde * abs(float(np.mean(case.outcome[case.start - rows : case.start])))
        case.outcome[case.start :] += truth
        out.append({**row(effects([case], tools=tools)[0], mde, case, mde, truth), "planted": True})
    return out


def share(hits: int, n: int) -> dict[str, Any]:
    low, high = wilson(hits, n)
    return {"hits": hits, "n": n, "share": round(hits / n, 3) if n else None, "low": round(low, 3), "high": round(high, 3)}  # fmt: skip


def middle(ratios: list[float]) -> dict[str, float] | None:
    if not ratios:
        return None
    return {"median": round(float(np.median(ratios)), 3), "mean": round(float(np.mean(ratios)), 3), "p90": round(float(np.quantile(ratios, 0.9)), 3)}  # fmt: skip


def summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts with Wilson's bounds, and the width beside the oracle's."""
    shown = [r for r in rows if r["refused"] is None]
    nulls = [r for r in shown if r["lift"] == 0]
    effects_ = [r for r in rows if r["lift"] != 0]
    seen = [r for r in effects_ if r["mde"] is not None and abs(r["lift"]) >= 0.9999 * r["mde"]]
    return {
        "n": len(rows), "refused": share(len(rows) - len(shown), len(rows)),
        "null_called": share(sum(r["verdict"] in {"up", "down"} for r in nulls), len(nulls)),
        "at_least_one_mde_called": share(sum(r["right"] for r in seen), len(seen)),
        **{key: middle([r[key] for r in shown]) for key in ("width_to_oracle", "raw_to_oracle", "factor", "width_to_straight")},
    }  # fmt: skip


def main() -> None:
    n, first, tools = int(sys.argv[1]), int(sys.argv[2]), Tools()
    if len(sys.argv) > 3:
        figures.HISTORY = int(sys.argv[3])
    mine = story(SHIPPED, tools)
    others = [r for seed in range(first, first + n) for r in story(seed, tools)]
    put = [r for seed in range(first, first + n) for r in planted(seed, tools)]
    by_series = {name: summed([r for r in put if r["series"] == name]) for name in sorted({r["series"] for r in put})}  # fmt: skip
    covered = [r["covered"] for r in others if r["covered"] is not None]
    print(json.dumps({
        "seeds": [first, first + n - 1], "days": figures.HISTORY, "shipped": mine, "story": {**summed(others), "covered": share(sum(covered), len(covered))},
        "planted": {**summed(put), "by_series": by_series, "short_windows": summed([r for r in put if r["rows"] <= 28]), "windows_of_84_days": summed([r for r in put if r["rows"] == 84])},
    }))  # fmt: skip


if __name__ == "__main__":
    main()
