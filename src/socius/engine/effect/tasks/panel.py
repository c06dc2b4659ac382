"""`socius measure panel`: units over time, some treated from a date on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from socius.engine.effect.grid import Floats
from socius.engine.effect.panel import LEVEL, METHODS, Panel, panel
from socius.engine.tables import Table, read
from socius.kit.errors import Invalid
from socius.kit.figures import counted

SHOWN_WEIGHT = 5e-4
STAGGERED, STAGGERED_AT = "staggered", "socius.engine.effect.staggered"
# Fewer units than these leave the library's standard errors without ground; two make a cohort.
FEWEST_UNITS, FEWEST_JOINED, FEWEST_IN_COHORT = 20, 6, 2
NEVER = {"", "never", "0", "na", "n/a", "nan", "none", "null", "-"}
FEWEST_BEFORE = 3


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Effect, interval, permutation p, weights, and what the other two methods say."""
    name, method = options["file"], options["method"]
    table = read(name, files[name])
    if method == STAGGERED:
        # Imported late: the library takes a second to load, and only this question needs it.
        return joined(table, options, import_module(STAGGERED_AT).staggered)
    if not options.get("treated") or not options.get("start"):
        raise Invalid("It is not said which units were treated, and from when on.", field="treated", repair="Say --treated ID,ID and --start TIME; where units joined at different times, --method staggered --joined COLUMN.")  # fmt: skip
    units, times, values = squared(table, options)
    treated = treated_of(units, options["treated"], name)
    start = start_of(times, str(options["start"]), name)
    controls = [i for i, u in enumerate(units) if u not in treated]
    if start < FEWEST_BEFORE or len(controls) < 2:
        raise Invalid(f"{name}: {start} period{'' if start == 1 else 's'} before the start and {len(controls)} comparison unit{'' if len(controls) == 1 else 's'}.", field="start", repair="At least three periods and two units are needed.")  # fmt: skip
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
    if not units or not times:
        raise Invalid(f"{table.name} holds no unit.", field="unit", repair="Check the columns.")
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
            raise Invalid(f"{name} has no unit {one!r}; there are {', '.join(units[:6])}{' and so on' if len(units) > 6 else ''}.", field="treated", repair="Name units of the file.")  # fmt: skip
    return {folded[one.casefold()] for one in asked}


def start_of(times: list[str], start: str, name: str) -> int:
    """The column at which the treatment begins."""
    at = sum(time_key(t) < time_key(start) for t in times)
    if at == len(times) or at == 0:
        raise Invalid(f"--start {start} lies outside {name}, which goes from {times[0]} to {times[-1]}.", field="start", repair="Name a time after the first and not after the last.")  # fmt: skip
    return at


def joined(table: Table, options: Mapping[str, Any], estimate: Callable[..., Any]) -> dict[str, Any]:  # fmt: skip
    """Units that joined at different times: the mean effect since joining, by time since then and by cohort, with the check of trends."""
    units, times, values = squared(table, options)
    start = starts_of(table, options, units, times)
    able(table.name, start, times)
    found = estimate(values, start)
    verdict = "up" if found.low > 0 else "down" if found.high < 0 else "cannot_tell"
    apart = found.pre_p is not None and found.pre_p <= LEVEL
    refused = "pre_trends" if apart else None
    say = f"Before they joined, those who did ran another course than those who had not (p {found.pre_p:.3f}): no effect is shown." if apart else ""  # fmt: skip
    shown = {"effect_mean": found.effect, "low": found.low, "high": found.high, "sd": found.sd, "p": found.p, "verdict": verdict}  # fmt: skip
    return {
        "method": STAGGERED, **(dict.fromkeys(shown) | {"verdict": "refused"} if apart else shown), "placebo_n": 0, "smallest_p": None,
        "refused": refused, "say": say, "pre_fit": None, "pre_trends": {"p": found.pre_p, "leads": [vars_of(a) for a in found.events if a.after < -1], **possible(found)},
        "events": [] if apart else [vars_of(a) for a in found.events if a.after >= 0],
        "cohorts": [] if apart else [{"joined": times[g], "n": n, "effect": e, "low": low, "high": high} for g, (n, e, low, high) in found.cohorts.items()],
        "weights": {"unit": {}, "time": {}}, "methods": {} if apart else {STAGGERED: found.effect}, "second": None,
        "treated": [u for u, g in zip(units, start, strict=True) if g > 0],
        "n": {"controls": int((start < 0).sum()), "before": int(start[start > 0].min()), "after": len(times) - int(start[start > 0].min())},
        "compared_with": "units that have not joined yet, and those that never do", "grade": "D", "grade_reason": "no power stated before the start; no second method", "by_hand": False, "seed": int(options["seed"]),
    }  # fmt: skip


def possible(found: Any) -> dict[str, Any]:
    """The straight drift before joining with its interval, and how much of the effect the largest one left possible would be, had it gone
    on. The check of trends misses slow ones, so what it leaves open is said in the outcome's unit.
    """
    ahead = [a.after + 1 for a in found.events if a.after >= 0]
    if found.drift is None or not ahead:
        return {"drift": None, "could_add": None, "say": "Too few periods before joining to say which drift they leave possible."}  # fmt: skip
    most, reach = found.drift.most, sum(ahead) / len(ahead)
    say = f"A drift of up to {most:.3g} a period is not excluded by the periods before joining; had it gone on, it would make up {most * reach:.3g} of the mean effect, up or down."  # fmt: skip
    return {"drift": {"slope": found.drift.slope, "low": found.drift.low, "high": found.drift.high}, "could_add": most * reach, "say": say}  # fmt: skip


def vars_of(one: Any) -> dict[str, float]:
    """An effect by time since joining."""
    return {"after": one.after, "effect": one.effect, "low": one.low, "high": one.high}


def starts_of(table: Table, options: Mapping[str, Any], units: list[str], times: list[str]) -> npt.NDArray[np.int64]:  # fmt: skip
    """The column of times at which each unit joined, -1 for one that never did. Raises Invalid where a unit says two."""
    if not options.get("joined"):
        raise Invalid("It is not said when each unit joined.", field="joined", repair="Say --joined COLUMN; empty means never.")  # fmt: skip
    cells = table.column(options["joined"], "joined")
    named = [c.strip() for c in table.column(options["unit"], "unit")]
    said: dict[str, tuple[str, int]] = {}
    for row, (unit, cell) in enumerate(zip(named, cells, strict=True)):
        text = "" if cell.strip().casefold() in NEVER else cell.strip()
        before = said.setdefault(unit, (text, row))
        if before[0] != text:
            raise table.wrong(row, options["joined"], f"{unit} joined at {text or 'never'} here and at {before[0] or 'never'} in line {table.line[before[1]]}.", "A unit joins once: say the same in each of its rows.")  # fmt: skip
    last = time_key(times[-1])
    found = []
    for unit in units:
        text = said[unit][0]
        if text and time_key(text)[0] != last[0]:
            raise table.wrong(said[unit][1], options["joined"], f"{text!r} is no time such as {times[-1]}.", "Write it like the times of the file.")  # fmt: skip
        at = sum(time_key(t) < time_key(text) for t in times) if text else len(times)
        found.append(-1 if at == len(times) else at)
    return np.array(found, dtype=np.int64)


def able(name: str, start: npt.NDArray[np.int64], times: list[str]) -> None:
    """Refuses what cannot be compared: nobody who joined, nobody who had not yet, too few units, too little before."""
    early = int(((start >= 0) & (start < FEWEST_BEFORE)).sum())
    if early:
        raise Invalid(f"{name}: {counted(early, 'unit')} joined before {times[FEWEST_BEFORE]}, with fewer than {FEWEST_BEFORE} periods before it.", field="joined", repair="Leave them out, or add earlier periods.")  # fmt: skip
    late = int((start >= 0).sum())
    if late < FEWEST_JOINED or len(start) < FEWEST_UNITS:
        raise Invalid(f"{name}: {late} of {counted(len(start), 'unit')} joined.", field="joined", repair=f"At least {FEWEST_JOINED} of {FEWEST_UNITS} are needed; for one treated unit take --method sdid.")  # fmt: skip
    sizes = {times[g]: int((start == g).sum()) for g in np.unique(start[start >= 0])}
    alone = [t for t, n in sizes.items() if n < FEWEST_IN_COHORT]
    if alone:
        raise Invalid(f"{name}: a single unit joined at {', '.join(alone[:5])}.", field="joined", repair="Put neighbouring dates together, such as by month.")  # fmt: skip
    if (start >= 0).all() and len(sizes) < 2:
        raise Invalid(f"{name}: all units joined at {next(iter(sizes))}, so nobody is left to compare with.", field="joined", repair="Units that join later or never are needed.")  # fmt: skip
