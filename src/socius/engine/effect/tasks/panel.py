"""`socius measure panel`: units over time, some treated from a date on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from socius.engine.effect.grid import Floats
from socius.engine.effect.panel import LEVEL, METHODS, Panel, panel
from socius.engine.tables import Table, read
from socius.kit.errors import Invalid

SHOWN_WEIGHT = 5e-4
FEWEST_BEFORE = 3


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Effect, interval, permutation p, weights, and what the other two methods say."""
    name, method = options["file"], options["method"]
    table = read(name, files[name])
    units, times, values = squared(table, options)
    treated = treated_of(units, options["treated"], name)
    start = start_of(times, str(options["start"]), name)
    controls = [i for i, u in enumerate(units) if u not in treated]
    if start < FEWEST_BEFORE or len(controls) < 2:
        raise Invalid(f"{name}: {start} periods before the start and {len(controls)} comparison units.", field="start", repair="At least three periods and two units are needed.")  # fmt: skip
    pick = [i for i, u in enumerate(units) if u in treated]
    seed = int(options["seed"])
    found = panel(method, values[controls], values[pick], start, seed=seed, placebo=bool(options["placebo"]))  # fmt: skip
    others = {m: panel(m, values[controls], values[pick], start, seed=seed, placebo=False).effect for m in METHODS}  # fmt: skip
    second = next(m for m in METHODS if m != method)
    return {
        **told(found), "weights": named(found, [units[i] for i in controls], times[:start]),
        "methods": others, "second": {"method": second, "effect": others[second], "agree": agrees(found, others[second])},
        "treated": sorted(treated), "n": {"controls": len(controls), "before": start, "after": len(times) - start},
        "grade": "D", "grade_reason": "no power stated before the start", "by_hand": False, "seed": seed,
    }  # fmt: skip


def told(found: Panel) -> dict[str, Any]:
    """The numbers of one method."""
    verdict, says = "cannot_tell", ""
    if found.p is None:
        says = "No placebos were run: no interval and no p."
    elif found.smallest_p > LEVEL:
        says = f"With {len(found.placebos)} placebos the smallest p is {found.smallest_p:.3f}: nothing can be called at 5 %."  # fmt: skip
    elif found.p <= LEVEL:
        verdict = "up" if found.effect > 0 else "down"
    return {
        "method": found.method, "effect_mean": found.effect, "low": found.low, "high": found.high, "sd": found.sd, "p": found.p,
        "placebo_n": len(found.placebos), "smallest_p": found.smallest_p if len(found.placebos) else None,
        "verdict": verdict, "refused": None, "say": says, "pre_fit": found.before,
    }  # fmt: skip


def agrees(found: Panel, other: float) -> bool | None:
    """Whether another method lies within one placebo standard deviation; None where there is none."""
    return None if found.sd is None else abs(found.effect - other) <= found.sd


def named(found: Panel, units: list[str], times: list[str]) -> dict[str, dict[str, float]]:
    """Weights by name, those that matter."""
    pairs = {"unit": (units, found.weights.unit), "time": (times, found.weights.time)}
    return {key: {n: float(w) for n, w in zip(names, weights, strict=True) if w > SHOWN_WEIGHT} for key, (names, weights) in pairs.items()}  # fmt: skip


def squared(table: Table, options: Mapping[str, Any]) -> tuple[list[str], list[str], Floats]:
    """Units x times. Raises Invalid where a cell is missing or stands twice."""
    unit = [c.strip() for c in table.column(options["unit"], "unit")]
    time = [c.strip() for c in table.column(options["time"], "time")]
    value = table.numbers(options["outcome"], "outcome")
    units, times = sorted(set(unit)), sorted(set(time), key=time_key)
    place_u, place_t = {u: i for i, u in enumerate(units)}, {t: i for i, t in enumerate(times)}
    found = np.full((len(units), len(times)), np.nan)
    for row, (u, t, v) in enumerate(zip(unit, time, value, strict=True)):
        if not np.isnan(found[place_u[u], place_t[t]]):
            raise table.wrong(row, options["unit"], f"{u} at {t} stands twice.", "Keep one row a unit and time.")  # fmt: skip
        found[place_u[u], place_t[t]] = v
    gaps = np.argwhere(np.isnan(found))
    if len(gaps):
        u, t = gaps[0]
        raise Invalid(
            f"{table.name}: {len(gaps)} of {found.size} cells are missing, the first is {units[u]} at {times[t]}.", field="outcome",
            repair="Fill them up, or leave those units out.",
        )  # fmt: skip
    return units, times, found


def time_key(text: str) -> tuple[int, float, str]:
    """Numbers in their order, dates and other texts in theirs."""
    try:
        return 0, float(text), ""
    except ValueError:
        return 1, 0.0, text


def treated_of(units: list[str], asked: list[str], name: str) -> set[str]:
    """The treated units, whatever their case."""
    folded = {u.casefold(): u for u in units}
    for one in asked:
        if one.casefold() not in folded:
            raise Invalid(f"{name} has no unit {one!r}; there are {', '.join(units[:6])} and so on.", field="treated", repair="Name units of the file.")  # fmt: skip
    return {folded[one.casefold()] for one in asked}


def start_of(times: list[str], start: str, name: str) -> int:
    """The column at which the treatment begins."""
    at = sum(time_key(t) < time_key(start) for t in times)
    if at == len(times) or at == 0:
        raise Invalid(f"--start {start} lies outside {name}, which goes from {times[0]} to {times[-1]}.", field="start", repair="Name a time after the first and not after the last.")  # fmt: skip
    return at
