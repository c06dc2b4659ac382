"""The same series for us and for the strongest peers: error, coverage, cost.

    python benchmarks/measure/peers.py SERIES COST_SERIES REPEATS SEED

Peers (requirements/peers.txt): bsts-causalimpact with expected_model_size and seasons set; statsmodels' UnobservedComponents with level,
week, AR(1), controls and 300 simulated paths. Ours is judged alone (no class) and calibrated, breaks searched for. Accuracy once on SERIES
matched series a regime, the same for all; cost by the median of REPEATS alternated repeats on COST_SERIES. `ours_raw`: one window, no
fake starts, no search for breaks, no trends; `ours_trends` and `ours_fake_starts` add those one after the
other, and what the calibrated one takes beyond is the search for breaks, the tests of the controls, the second method and the answer. Paths: exact Markov against ChannelAttribution, which
simulates, where that is installed.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from causal_impact import CausalImpact, ModelOptions
from statsmodels.tsa.statespace.structural import UnobservedComponents

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "engine" / "effect"))
from regimes import case

from socius.engine.effect.attribution import Count, markov
from socius.engine.effect.calibration import lone_factor, placebo_of, placebo_windows
from socius.engine.effect.case import Case
from socius.engine.effect.columns import columns_of, with_bends
from socius.engine.effect.estimate import Tools, effects
from socius.engine.effect.grid import GRID, PRIOR
from socius.engine.effect.posterior import Window, mixture_of, passed

try:
    import ChannelAttribution
except ImportError:
    ChannelAttribution = None

TOOLS = Tools()
Found = tuple[float, float, float]
REGIMES = ("iid", "ar6", "walk")


def ours(asked: Case) -> Found | None:
    found = effects([asked], tools=TOOLS)[0]
    return None if found.refused else (found.effect_mean, found.low, found.high)


def raw(asked: Case) -> float:
    table = columns_of(asked.day, asked.outcome, asked.controls, asked.start, asked.grain)
    done = passed(table, [Window(asked.start, asked.end - asked.start)], TOOLS.gains)
    found = mixture_of(done.lanes(0), GRID.prior, table.scale)
    return found.mean + found.quantile(0.025) + found.quantile(0.975)


def trends(asked: Case) -> float:
    """The raw estimate with eight trends beside each other."""
    length = asked.end - asked.start
    table = with_bends(columns_of(asked.day, asked.outcome, asked.controls, asked.start, asked.grain), asked.day, length)  # fmt: skip
    found = mixture_of(passed(table, [Window(asked.start, length)], TOOLS.gains).lanes(0), PRIOR, table.scale)  # fmt: skip
    return found.mean + found.quantile(0.025) + found.quantile(0.975)


def fake_starts(asked: Case) -> float:
    """The same with its fake starts and the factor they set: what a calibration costs."""
    length = asked.end - asked.start
    table = with_bends(columns_of(asked.day, asked.outcome, asked.controls, asked.start, asked.grain), asked.day, length)  # fmt: skip
    windows = [*placebo_windows(asked.start, length, table.seen), Window(asked.start, length)]
    done = passed(table, windows, TOOLS.gains)
    found = [mixture_of(done.lanes(i), PRIOR, table.scale) for i in range(len(windows))]
    z = np.array([placebo_of(w, m).z for w, m in zip(windows[:-1], found[:-1], strict=True)])
    return lone_factor(z) * (found[-1].quantile(0.975) - found[-1].quantile(0.025))


def bsts(asked: Case) -> Found:
    # Its model has no season of the year: the two waves go in as regressors, as anybody who tunes it would give them, and are expected.
    angle = 2 * np.pi * asked.day / 365.25
    data = pd.DataFrame({"y": asked.outcome, **asked.controls, "sine": np.sin(angle), "cosine": np.cos(angle)})  # fmt: skip
    options = ModelOptions(expected_model_size=7, nseasons=7, season_duration=1, seed=1)
    found = CausalImpact(data, [0, asked.start - 1], [asked.start, asked.end - 1], model_args=options)  # fmt: skip
    row = found.summary_stats
    return float(row["point_effect_mean"]), float(row["ci_lower"]), float(row["ci_upper"])


def components(asked: Case) -> Found:
    n, m = asked.start, asked.end - asked.start
    x = np.column_stack(list(asked.controls.values()))
    angle = 2 * np.pi * asked.day / 365.25
    x = np.column_stack((x, np.sin(angle), np.cos(angle)))
    scaled = (x - x[:n].mean(0)) / x[:n].std(0)
    model = UnobservedComponents(asked.outcome[:n], level="llevel", seasonal=7, stochastic_seasonal=False, autoregressive=1, exog=scaled[:n])  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = model.fit(disp=False, maxiter=200)
        rng = np.random.default_rng(1)
        paths = fit.simulate(m, anchor="end", repetitions=300, exog=scaled[n:], rng=rng)
    means = asked.outcome[n:].mean() - np.asarray(paths).reshape(m, -1).mean(axis=0)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(means.mean()), float(low), float(high)


def beside(a: np.ndarray, b: np.ndarray) -> dict[str, Any]:
    """Our RMSE over theirs on the same series, with the 95 % interval of a paired bootstrap; how often each interval held the truth."""
    errors = np.column_stack((a[:, 0] ** 2, b[:, 0] ** 2))
    pick = np.random.default_rng(1).integers(0, len(a), (2000, len(a)))
    ratio = np.sqrt(errors[pick].mean(1))
    low, high = np.quantile(ratio[:, 0] / ratio[:, 1], [0.025, 0.975])
    rmse = np.sqrt(errors.mean(0))
    covered = [float(np.mean((t[:, 1] <= 0) & (t[:, 2] >= 0))) for t in (a, b)]
    return {
        "rmse": rmse.round(3).tolist(), "ratio": round(float(rmse[0] / rmse[1]), 3), "ratio_95": [round(float(low), 3), round(float(high), 3)],
        "coverage": [round(c, 3) for c in covered], "width": [round(float((t[:, 2] - t[:, 1]).mean()), 3) for t in (a, b)],
    }  # fmt: skip


def accuracy(regime: str, n: int, seed: int) -> dict[str, Any]:
    """Every peer on the same series, once. First figure of a pair: ours. A series that we refuse is left out for all."""
    rng = np.random.default_rng(seed)
    found: dict[str, list[Found]] = {"ours": [], "bsts_causalimpact": [], "uc_ar1": []}
    for _ in range(n):
        asked = case(rng, regime)
        own = ours(asked)
        if own is not None:
            found["ours"].append(own)
            found["bsts_causalimpact"].append(bsts(asked))
            found["uc_ar1"].append(components(asked))
    mine, *_ = tables = [np.array(rows) for rows in found.values()]
    rows = {name: beside(mine, theirs) for name, theirs in zip(list(found)[1:], tables[1:], strict=True)}  # fmt: skip
    best = min(rows, key=lambda name: float(rows[name]["rmse"][1]))
    held = rows[best]["ratio"] <= 1
    shown = rows[best]["ratio_95"][1] <= 1
    return {"n": len(mine), "refused_by_us": n - len(mine), **rows, "best_peer": best, "at_most_the_best": held, "and_beyond_chance": shown}  # fmt: skip


def cost(n: int, repeats: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    asked = [case(rng, "ar6") for _ in range(n)]
    makers: dict[str, Callable[[Case], Any]] = {"ours_calibrated": ours, "ours_raw": raw, "ours_trends": trends, "ours_fake_starts": fake_starts, "bsts_causalimpact": bsts, "uc_ar1": components}  # fmt: skip
    spent: dict[str, list[float]] = {name: [] for name in makers}
    for make in makers.values():
        make(asked[0])
    for _ in range(repeats):
        for name, make in makers.items():
            start = time.process_time()
            for one in asked:
                make(one)
            spent[name].append((time.process_time() - start) / n)
    middle = {name: statistics.median(v) for name, v in spent.items()}
    return {
        "series": n, "repeats": repeats, "ms": {name: round(1000 * v, 2) for name, v in middle.items()},
        "times_ours_calibrated": {name: round(v / middle["ours_calibrated"], 1) for name, v in middle.items()},
        "times_ours_raw": {name: round(v / middle["ours_raw"], 1) for name, v in middle.items()},
    }  # fmt: skip


def journeys(seed: int, n: int = 100_000) -> dict[tuple[str, ...], list[int]]:
    """Distinct paths over eight channels with how often they were won and lost."""
    rng = np.random.default_rng(seed)
    found: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    pull = rng.uniform(0.02, 0.12, 8)
    for length in rng.geometric(0.3, n).clip(max=8):
        path = rng.integers(0, 8, length)
        won = rng.random() < 1 - np.prod(1 - pull[path])
        found[tuple(f"c{c}" for c in path)][0 if won else 1] += 1
    return found


def paths(repeats: int, seed: int) -> dict[str, Any]:
    made = journeys(seed)
    counts = {path: Count(float(w), float(lost)) for path, (w, lost) in made.items()}
    channels = sorted({c for path in made for c in path})
    table = pd.DataFrame({"path": [" > ".join(p) for p in made], "conv": [w for w, _ in made.values()], "null": [n for _, n in made.values()]})  # fmt: skip
    spent: dict[str, list[float]] = {"ours": [], "channel_attribution": []}
    error: list[float] = []
    for at in range(repeats + 1):
        start = time.process_time()
        exact = markov(counts, channels)
        own = time.process_time() - start
        if ChannelAttribution is None:
            return {"distinct": len(made), "ours_ms": round(1000 * own, 1), "skipped": "ChannelAttribution is not installed"}  # fmt: skip
        start = time.process_time()
        theirs = ChannelAttribution.markov_model(table, "path", "conv", var_null="null", seed=1, verbose=False, flg_pro=False)  # fmt: skip
        other = time.process_time() - start
        if at:
            spent["ours"].append(own)
            spent["channel_attribution"].append(other)
        rows = dict(zip(theirs.iloc[:, 0], theirs.iloc[:, 1], strict=True))
        error.append(max(abs(rows[c] - exact[c]) / exact[c] for c in channels))
    middle = {name: statistics.median(v) for name, v in spent.items()}
    return {
        "paths": 100_000, "distinct": len(made), "repeats": repeats, "ms": {name: round(1000 * v, 1) for name, v in middle.items()},
        "times_ours": round(middle["channel_attribution"] / middle["ours"], 2), "their_largest_error": round(max(error), 4),
    }  # fmt: skip


def targets(found: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, what came out."""
    cost_ = found["cost"]
    return {
        "rmse_at_most_the_best_peer": {r: row["at_most_the_best"] for r, row in found["accuracy"].items()},
        "calibrated_100_times_bsts_causalimpact": cost_["times_ours_calibrated"]["bsts_causalimpact"],
        "raw_500_times_uc_ar1": cost_["times_ours_raw"]["uc_ar1"],
    }  # fmt: skip


def main() -> None:
    n, few, repeats, seed = (int(word) for word in sys.argv[1:5])
    found: dict[str, Any] = {"seed": seed, "cost": cost(few, repeats, seed + 9)}
    print(found, file=sys.stderr, flush=True)
    found["paths"] = paths(repeats, seed)
    found["accuracy"] = {}
    for i, r in enumerate(REGIMES):
        found["accuracy"][r] = accuracy(r, n, seed + i)
        print(r, found["accuracy"][r], file=sys.stderr, flush=True)
    found["targets"] = targets(found)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
