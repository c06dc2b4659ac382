"""Experiments: what a plan could see and its draw (`plan`), and the one analysis (`analyse`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from math import isfinite
from typing import Any

import numpy as np

from socius.engine.effect.design import LEVEL, Arms, Scheme, plan
from socius.engine.effect.grid import Floats
from socius.engine.effect.interference import Felt, after_block, beside, felt
from socius.engine.effect.randomisation import (
    REDRAWS,
    Seen,
    Test,
    analysed,
    contrasts,
    residual,
    where_delivered,
)
from socius.engine.effect.tasks.shapes import SCHEMA
from socius.engine.effect.trials import (
    DESIGNS,
    LOOK_LEVEL,
    PLACES,
    Trial,
    Values,
    block_days_of,
    covariate,
    cut,
    dates,
    final_level,
    foreseen,
    look_days,
    outcomes,
    scheme_of,
)
from socius.kit.errors import Invalid

METHOD, VERSION = "randomisation", "2"
# From this form of the sheet on the effect where it was carried out stands beside that by assignment.
PROMISES_DELIVERED = 3
INSTRUMENT = "This takes for granted that what was assigned and not carried out changed nothing, and that it did the same wherever it was."
ASSUMPTIONS = {
    "geo_holdout": "What happens in one region does not reach another: no spill-over.",
    "account_holdout": "What accounts of one unit do does not move the outcome of another.",
    "switchback": "What a block did has faded by the end of the burn-in of the next.",
    "time_holdout": "The controls were not moved, and no other cause lies in the drawn stretch only.",
}


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """`ask`: "plan" or "analyse", with the fields of a trial, dates in ISO and values as {place: {date: value}}."""
    trial = trial_of(options)
    if options["ask"] == "plan":
        return planned(trial, int(options["seed"]), options.get("worth"))
    if options["ask"] == "look":
        return looked(trial, options)
    return analysis(trial, options)


def trial_of(options: Mapping[str, Any]) -> Trial:
    """The trial that the options describe."""
    if options["design"] not in DESIGNS:
        raise Invalid(f"There is no design {options['design']!r}.", field="design", repair=f"Take one of {', '.join(DESIGNS)}.")  # fmt: skip
    whole = {n: options[n] for n in ("block_days", "burn_in", "off_days", "paired", "looks") if options.get(n) is not None}  # fmt: skip
    return Trial(
        options["design"],
        {place: dated(values) for place, values in options["values"].items()},
        date.fromisoformat(options["start"]),
        int(options["days"]),
        options.get("grain") or "day",
        controls={name: dated(values) for name, values in (options.get("controls") or {}).items()},
        neighbours=tuple((str(a), str(b)) for a, b in options.get("neighbours") or ()),
        **whole,
    )


def dated(values: Mapping[str, float]) -> Values:
    """Values by day."""
    return {date.fromisoformat(day): float(value) for day, value in values.items()}


def planned(trial: Trial, seed: int, worth: float | None) -> dict[str, Any]:
    """Power, the smallest effect that could be seen, the scheme with its hash, and the drawn cells."""
    if worth is not None and not 0 < worth <= 1:
        raise Invalid(f"{worth:g} is no share.", field="worth", repair="Say 0.02 for 2 %.")
    scheme = scheme_of(trial)
    able = foreseen(trial, scheme, seed)
    length = {"switchback": trial.block_days, "time_holdout": trial.step}.get(trial.design, 0)
    made = plan(scheme, seed, trial.start, trial.last, block_days=length)
    over_time = trial.design not in PLACES
    mde = None if able.relative is None else {"relative": able.relative, "absolute": able.relative * abs(able.level)}  # fmt: skip
    answer = None
    if worth is not None:
        answer = "can_be_seen" if able.relative is not None and able.relative <= worth else "cannot_be_seen"  # fmt: skip
    return {
        "design": trial.design, "units": list(scheme.units), "kind": scheme.kind, "assignments": scheme.assignments, "smallest_p": scheme.smallest_p,
        "scheme": asdict(scheme), "scheme_sha256": made.digest, "seed": seed, "arms": [int(a) for a in made.arms],
        "cells": [{"unit": "" if over_time else c.unit, "from": c.start.isoformat(), "until": c.end.isoformat(), "arm": c.arm} for c in merged(made.cells, trial)],
        "lifts": [{"lift": lift, "found": share, "n": able.n} for lift, share in able.lifts], "mde": mde, "level": able.level,
        "windows": able.windows, "explained": able.explained, "worth_acting_on": worth, "answer": answer, "instead": ["longer_window", "more_regions"] if answer == "cannot_be_seen" else [],
        "warnings": [*made.warnings, *warnings(trial, scheme)], "assumption": ASSUMPTIONS[trial.design],
        "look_days": [d.isoformat() for d in look_days(trial)], "levels": {"look": LOOK_LEVEL, "last": final_level(trial.looks)},
        "neighbours": [list(pair) for pair in trial.neighbours],
    }  # fmt: skip


def warnings(trial: Trial, scheme: Scheme) -> list[str]:
    """What somebody should know before it is drawn."""
    said = []
    if trial.design in PLACES and not trial.neighbours:
        said.append("No neighbours are named: whether what one place got is felt next door will not be looked at.")  # fmt: skip
    if trial.looks and scheme.smallest_p > LOOK_LEVEL:
        said.append(f"No planned look can call anything: it would need a p of {LOOK_LEVEL}, the smallest here is {scheme.smallest_p:.4f}.")  # fmt: skip
    return said


def looked(trial: Trial, options: Mapping[str, Any]) -> dict[str, Any]:
    """A planned look on the values up to `day`: the contrast, its p, and whether it is beyond what was promised to call early."""
    scheme, day = kept(options["scheme"]), date.fromisoformat(options["day"])
    part = cut(trial, day)
    arms = np.array(options["arms"], dtype=np.int8)
    outcome = outcomes(part, trial.start)
    known = arms[~np.isnan(outcome)]
    if not known.any() or known.all():
        raise Invalid(f"Up to {day} only one arm has values.", field="day", repair="Wait for the next planned look.")  # fmt: skip
    test = analysed(scheme, int(options["seed"]), arms, outcome, covariate(part, trial.start), LOOK_LEVEL)  # fmt: skip
    return {"day": day.isoformat(), "effect_mean": test.effect, "p": test.p, "level": LOOK_LEVEL, "called": test.p <= LOOK_LEVEL, "units": len(known)}  # fmt: skip


def interfered(trial: Trial, scheme: Scheme, seed: int, arms: Arms, outcome: Floats, before: Floats | None) -> dict[str, Any]:  # fmt: skip
    """Carry-over from block to block, spill-over between named neighbours: the contrast, its p, and what it means."""
    y = outcome.copy()
    if before is not None:
        known = ~np.isnan(outcome)
        y[known] = residual(outcome[known], before[known])
    found: dict[str, Any] = {"carry_over": None, "spill_over": None, "disturbed": ""}
    if trial.design == "switchback":
        test = felt(scheme, seed, arms, outcome, after_block(len(arms)))
        found["carry_over"] = told(test, "a block after one with it", "What a block did is still felt in the next")  # fmt: skip
    elif trial.design in PLACES and trial.neighbours:
        test = felt(scheme, seed, arms, y, beside(scheme.units, trial.neighbours))
        found["spill_over"] = told(test, "a place all of whose neighbours have it", "What one place got is felt next door")  # fmt: skip
    for one in (found["carry_over"], found["spill_over"]):
        if one and one["p"] is not None and one["p"] <= LEVEL:
            found["disturbed"] = one["say"]
    return found


def told(test: Felt | None, where: str, meaning: str) -> dict[str, Any]:
    """One such test in words. Not seeing it is no proof that there is none."""
    if test is None:
        return {"effect": None, "p": None, "exposed": 0, "units": 0, "say": "The draw leaves too little to tell it from the arm itself."}  # fmt: skip
    seen = test.p <= LEVEL
    say = f"{meaning}: {test.effect:+.3g} in {where} (p {test.p:.3f})." if seen else f"None was seen ({test.effect:+.3g} in {where}, p {test.p:.2f}); a small one cannot be excluded."  # fmt: skip
    return {"effect": test.effect, "p": test.p, "exposed": test.exposed, "units": test.units, "say": say}  # fmt: skip


def merged(cells: Any, trial: Trial) -> list[Any]:
    """Neighbouring cells of one arm as one, for designs over time with a unit a day."""
    if trial.design != "time_holdout":
        return list(cells)
    found: list[Any] = []
    for cell in cells:
        if found and found[-1].arm == cell.arm:
            found[-1] = type(cell)(cell.unit, found[-1].start, cell.end, cell.arm)
        else:
            found.append(cell)
    return found


def analysis(trial: Trial, options: Mapping[str, Any]) -> dict[str, Any]:
    """The registered analysis in the shape of an effect. Raises Invalid without the seed, or where scheme or arms are not those logged."""
    scheme = kept(options["scheme"])
    seed = options.get("seed")
    if seed is not None and scheme.digest(int(seed)) != options["scheme_sha256"]:
        raise Invalid("Scheme and seed are not those whose hash was logged before the start.", field="scheme", repair="A changed draw is not analysed.")  # fmt: skip
    arms = np.array(options["arms"], dtype=np.int8)
    outcome, before = outcomes(trial, trial.start), covariate(trial, trial.start)
    lost = int(np.isnan(outcome).sum())
    if too_few(arms, outcome):
        return refused(trial, options, f"{lost} of {len(outcome)} units lack more than a fifth of their values.", outcome)  # fmt: skip
    test = analysed(scheme, None if seed is None else int(seed), arms, outcome, before, final_level(trial.looks))  # fmt: skip
    naive = float(contrasts(arms[~np.isnan(outcome)][None, :])[0] @ outcome[~np.isnan(outcome)])
    found = answer(trial, options, (test, naive, lost), arms, outcome)
    if registered(options) == 1 or seed is None:
        return found
    found |= {**interfered(trial, scheme, int(seed), arms, outcome, before), "level": final_level(trial.looks)}  # fmt: skip
    if registered(options) < PROMISES_DELIVERED:
        return found
    seen = Seen(arms, outcome, np.array(options.get("delivered") or arms, dtype=float), before)
    return {**found, "where_delivered": delivered_effect(scheme, int(seed), seen, final_level(trial.looks))}  # fmt: skip


def delivered_effect(scheme: Scheme, seed: int, seen: Seen, level: float) -> dict[str, Any] | None:
    """The effect where the initiative was carried out, beside that by assignment; None where the two are the same thing."""
    known = ~np.isnan(seen.outcome)
    arms, got = seen.arms[known], seen.delivered[known]
    if np.array_equal(arms, got):
        return None
    test = where_delivered(scheme, seed, seen, level)
    counts = {"on": [int(got[arms == 1].sum()), int((arms == 1).sum())], "off": [int(got[arms == 0].sum()), int((arms == 0).sum())]}  # fmt: skip
    if test is None or not (isfinite(test.low) and isfinite(test.high)):
        return {"effect": None, "low": None, "high": None, "p": None, "carried_out": counts, "say": "Too little more was carried out where it was assigned than elsewhere to tell the effect there."}  # fmt: skip
    say = f"Where it was carried out ({counts['on'][0]} of {counts['on'][1]} units with it, {counts['off'][0]} of {counts['off'][1]} without): {test.effect:+.3g}, {test.low:.3g} to {test.high:.3g}. {INSTRUMENT}"  # fmt: skip
    return {"effect": test.effect, "low": test.low, "high": test.high, "p": test.p, "carried_out": counts, "say": say}  # fmt: skip


def registered(options: Mapping[str, Any]) -> int:
    """By which form of the sheet it was promised."""
    return int(options.get("registered") or 1)


def kept(plain: Mapping[str, Any]) -> Scheme:
    """The scheme as it was stored."""
    groups = tuple((int(a), int(b)) for a, b in plain.get("groups") or [])
    return Scheme(plain["kind"], tuple(plain["units"]), int(plain.get("treated") or 0), groups, int(plain.get("off") or 0))  # fmt: skip


def too_few(arms: Arms, outcome: np.ndarray) -> bool:
    """An arm is empty, or a third of the units is lost."""
    known = ~np.isnan(outcome)
    return bool(known.mean() < 2 / 3 or arms[known].all() or not arms[known].any())


def answer(trial: Trial, options: Mapping[str, Any], found: tuple[Test, float, int], arms: Arms, outcome: np.ndarray) -> dict[str, Any]:  # fmt: skip
    """The effect of the arm on a unit's value, with the plain difference beside it."""
    test, naive, lost = found
    verdict = "up" if test.low > 0 else "down" if test.high < 0 else "cannot_tell"
    treated = treated_values(trial, arms)
    off = float(np.nanmean(outcome[arms == 0]))
    relative = None if off == 0 else {"value": test.effect / abs(off), "low": test.low / abs(off), "high": test.high / abs(off)}  # fmt: skip
    agree = abs(naive - test.effect) <= max((test.high - test.low) / 3.92, 1e-12)
    notes = [f"{lost} units were lost and left every contrast."] if lost else []
    return {
        **about(trial, options, outcome), "effect_mean": test.effect, "low": test.low, "high": test.high, "sd": (test.high - test.low) / 3.92,
        "effect_total": test.effect * treated, "total": {"low": test.low * treated, "high": test.high * treated}, "relative": relative, "p": test.p,
        "second": {"method": "plain_difference", "effect": naive, "agree": agree}, "refused": None, "say": "", "verdict": verdict, "notes": notes,
        "redraws": {"n": test.redraws, "enumerated": test.enumerated, "at_least": REDRAWS},
        "units": [{"unit": u, "arm": "on" if a else "off", "value": None if np.isnan(y) else float(y)} for u, a, y in zip(options["scheme"]["units"], arms, outcome, strict=True)],
    }  # fmt: skip


def treated_values(trial: Trial, arms: Arms) -> int:
    """How many values lie in cells of the arm `on`: a total is the mean effect times these."""
    if trial.design in PLACES:
        return int(arms.sum()) * len(dates(trial, trial.start))
    if trial.design == "switchback":
        return sum(len(block_days_of(trial, trial.start, i)) for i, arm in enumerate(arms) if arm)
    return int(arms.sum())


def refused(trial: Trial, options: Mapping[str, Any], say: str, outcome: np.ndarray) -> dict[str, Any]:  # fmt: skip
    """No effect is shown; the reason stands in its place."""
    empty = dict.fromkeys(("effect_mean", "low", "high", "sd", "effect_total", "total", "relative", "p", "second"))  # fmt: skip
    return {**about(trial, options, outcome), **empty, "refused": "missing", "say": say, "verdict": "refused", "notes": [], "redraws": None, "units": []}  # fmt: skip


def about(trial: Trial, options: Mapping[str, Any], outcome: np.ndarray) -> dict[str, Any]:
    """What every answer says of its question."""
    before = trial.start - timedelta(days=trial.days), trial.start - timedelta(days=1)
    return {
        "schema": SCHEMA, "series": options["series"], "subject": options["subject"], "design": trial.design,
        "window": {"pre": [d.isoformat() for d in before], "post": [trial.start.isoformat(), trial.last.isoformat()]},
        "n": {"pre": len(dates(trial, before[0])), "post": len(dates(trial, trial.start))}, "grain": trial.grain,
        "placebo": {"n": 0, "hits": 0, "rate": None, "low": 0.0, "high": 1.0, "factor": 1.0}, "by_hand": False,
        "controls": {"used": sorted(trial.controls), "dropped": {}}, "placebos": [], "diagnostics": {}, "path": None,
        "assumptions": ["The assignment was drawn by the logged seed from the logged scheme.", ASSUMPTIONS[trial.design], "The arm adds the same to every unit (for the interval only; the p does not need it)."],
        "method": METHOD, "version": VERSION, "data_sha256": data_hash(trial, outcome), "seed": options.get("seed"),
    }  # fmt: skip


def data_hash(trial: Trial, outcome: np.ndarray) -> str:
    """SHA-256 over the values of the window and its units' outcomes."""
    inside = {p: {d.isoformat(): v[d] for d in sorted(v) if d <= trial.last} for p, v in sorted(trial.values.items())}  # fmt: skip
    plain = [trial.design, trial.start.isoformat(), trial.days, inside, [repr(float(y)) for y in outcome]]  # fmt: skip
    return hashlib.sha256(json.dumps(plain, ensure_ascii=True).encode()).hexdigest()
