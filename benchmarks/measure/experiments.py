"""Whether drawn experiments keep their promises: false positives, coverage, carry-over, spill-over, planned looks, design by design.

    python benchmarks/measure/experiments.py EXPERIMENTS SEED [partly]

`partly`: only experiments of which a part is carried out. Prints one JSON. Each experiment has a history, a draw and a window of its own. `null`: nothing happens and one unit is lost. `lifted`:
every unit that is on carries the initiative out with chance .8, one unit is lost; the effect by assignment is then the lift times the
share of units (lost ones left out) that would carry it out if they were on. Noise remembers (.6 from day to day), days of the week differ.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from math import sqrt
from typing import Any

import numpy as np

from socius.engine.effect.design import Scheme, draw
from socius.engine.effect.interference import after_block, beside, felt
from socius.engine.effect.power import LIFTS
from socius.engine.effect.randomisation import Seen, analysed, residual, where_delivered
from socius.engine.effect.trials import (  # fmt: skip
    LOOK_LEVEL,
    Trial,
    covariate,
    cut,
    dates,
    final_level,
    foreseen,
    look_days,
    outcomes,
    scheme_of,
)

START = date(2026, 3, 2)  # a Monday
LIFT, DELIVERED, BLOCK, BURN = 6.0, 0.8, 7, 1
LENGTH = {"geo_holdout": 28, "account_holdout": 28, "switchback": 168, "time_holdout": 84}
PLACES = ("geo_holdout", "account_holdout")
PARTLY = ((1.0, "by_chance"), (0.9, "by_chance"), (0.8, "by_chance"), (0.7, "by_chance"), (0.8, "by_size"), (0.8, "unlike"))  # fmt: skip


def remembers(rng: np.random.Generator, n: int) -> np.ndarray:
    shocks, found = rng.normal(size=n), np.empty(n)
    found[0] = shocks[0] / 0.8
    for i in range(1, n):
        found[i] = 0.6 * found[i - 1] + shocks[i]
    return found


def asked(design: str, rng: np.random.Generator, looks: int = 0) -> Trial:
    length = LENGTH[design]
    n = 3 * length
    days = [START + timedelta(days=i - 2 * length) for i in range(n)]
    week = 5 * np.sin(2 * np.pi * np.arange(n) / 7)
    places = [f"place {i:02d}" for i in range(20 if design == "geo_holdout" else 24)] if design in PLACES else [""]  # fmt: skip
    values = {p: 100 + 3 * i + week + 3 * remembers(rng, n) for i, p in enumerate(places)}
    controls = {}
    if design == "time_holdout":
        demand = remembers(rng, n)
        controls = {"demand": dict(zip(days, demand.tolist(), strict=True))}
        values[""] = values[""] + 4 * demand
    return Trial(
        design, {p: dict(zip(days, v.tolist(), strict=True)) for p, v in values.items()}, START, length,
        block_days=BLOCK, burn_in=BURN, off_days=21, controls=controls, paired=design == "geo_holdout", looks=looks,
    )  # fmt: skip


def days_of(trial: Trial, unit: int) -> list[date]:
    """All days of a unit of the scheme, burn-in included."""
    if trial.design in PLACES:
        return dates(trial, START)
    if trial.design == "switchback":
        return [START + timedelta(days=unit * BLOCK + i) for i in range(BLOCK)]
    return [START + timedelta(days=unit)]


def changed(trial: Trial, units: tuple[str, ...], plus: np.ndarray, lost: int | None) -> Trial:
    """The trial with `plus` added to each unit's days, and one unit without values."""
    values = {p: dict(v) for p, v in trial.values.items()}
    for i, unit in enumerate(units):
        own = values[unit if trial.design in PLACES else ""]
        for day in days_of(trial, i):
            if i == lost:
                own.pop(day)
            elif plus[i]:
                own[day] += float(plus[i])
    return replace(trial, values=values)


def one(design: str, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng([seed, 17])
    trial = asked(design, rng)
    scheme = scheme_of(trial)
    arms, n = draw(scheme, seed), len(scheme.units)
    lost = int(rng.integers(n))
    nothing = changed(trial, scheme.units, np.zeros(n), lost)
    null = analysed(scheme, seed, arms, outcomes(nothing, START), covariate(nothing, START))
    would = rng.random(n) < DELIVERED
    lifted = changed(trial, scheme.units, LIFT * would * arms, lost)
    real = analysed(scheme, seed, arms, outcomes(lifted, START), covariate(lifted, START))
    truth = LIFT * float(np.delete(would, lost).mean())
    whole = changed(trial, scheme.units, LIFT * arms, None)
    clean = analysed(scheme, seed, arms, outcomes(whole, START), covariate(whole, START))
    return {
        "called": null.p <= 0.05, "holds_zero": null.low <= 0 <= null.high, "covered": real.low <= truth <= real.high, "error": real.effect - truth,
        "covered_when_all_deliver": clean.low <= LIFT <= clean.high, "found": clean.p <= 0.05, "width": clean.high - clean.low,
    }  # fmt: skip


def share_of(hits: list[bool]) -> dict[str, Any]:
    p = float(np.mean(hits))
    return {"share": round(p, 4), "se": round(sqrt(p * (1 - p) / len(hits)), 4)}


def design_of(design: str, n: int, seed: int) -> dict[str, Any]:
    rows = [one(design, seed + i) for i in range(n)]
    scheme = scheme_of(asked(design, np.random.default_rng(seed)))
    return {
        "n": n, "units": len(scheme.units), "assignments": scheme.assignments, "lost_units": 1, "delivered": DELIVERED,
        "false_positives": share_of([r["called"] for r in rows]), "coverage_four_of_five": share_of([r["covered"] for r in rows]),
        "coverage_all_delivered": share_of([r["covered_when_all_deliver"] for r in rows]), "found_at_6_percent": share_of([r["found"] for r in rows]),
        "bias": round(float(np.mean([r["error"] for r in rows])), 3), "width": round(float(np.mean([r["width"] for r in rows])), 2),
    }  # fmt: skip


def told_apart(design: str, n: int, seed: int, share: float, how: str) -> dict[str, Any]:
    """Units carry it out with chance `share` where it is assigned: the interval by assignment beside that of the effect where it was
    carried out. `how`: by_chance, or by_size (large units carry it out more often), or unlike (as by_chance, the effect lies between half
    and one and a half lifts). One unit is lost.
    """
    assigned, there, widths, naive = [], [], [], []
    for i in range(n):
        rng = np.random.default_rng([seed + i, 43])
        trial = asked(design, rng)
        scheme = scheme_of(trial)
        arms, units = draw(scheme, seed + i), len(scheme.units)
        lost = int(rng.integers(units))
        rank = np.argsort(np.argsort(outcomes(trial, START))) / (units - 1)
        would = rng.random(units) < (
            np.clip(share + 0.4 * (rank - 0.5), 0, 1) if how == "by_size" else share
        )
        each = LIFT * (rng.uniform(0.5, 1.5, units) if how == "unlike" else np.ones(units))
        delivered = (would & (arms == 1)).astype(float)
        real = changed(trial, scheme.units, each * delivered, lost)
        y, past = outcomes(real, START), covariate(real, START)
        left = np.delete(np.arange(units), lost)
        if not would[left].any():
            continue
        own = float(each[left][would[left]].mean())
        itt = analysed(scheme, seed + i, arms, y, past)
        iv = where_delivered(scheme, seed + i, Seen(arms, y, delivered, past))
        assigned.append(itt.low <= float((each * would)[left].mean()) <= itt.high)
        there.append(iv is not None and iv.low <= own <= iv.high)
        if iv is not None:
            widths.append((iv.high - iv.low) / own)
            naive.append((itt.high - itt.low) / float((each * would)[left].mean()))
    return {
        "n": len(there), "share": share, "how": how, "by_assignment": share_of(assigned), "where_carried_out": share_of(there),
        "width_over_effect": {"by_assignment": round(float(np.median(naive)), 3), "where_carried_out": round(float(np.median(widths)), 3)},
    }  # fmt: skip


def carried_over(n: int, seed: int, left: float, blocks: int = 24) -> dict[str, Any]:
    """A block's lift of which `left` is still there in the whole of the next: how often the contrast is called."""
    hits, size = [], []
    for i in range(n):
        rng = np.random.default_rng([seed + i, 29])
        trial = replace(asked("switchback", rng), days=blocks * BLOCK)
        scheme = scheme_of(trial)
        arms = draw(scheme, seed + i)
        before = np.concatenate(([0], arms[:-1]))
        y = outcomes(changed(trial, scheme.units, LIFT * arms + left * LIFT * before, None), START)
        found = felt(scheme, seed + i, arms, y, after_block(blocks))
        if found is not None:
            hits.append(found.p <= 0.05)
            size.append(found.effect)
    return {"n": len(hits), "blocks": blocks, "left": left, "called": share_of(hits), "mean": round(float(np.mean(size)), 2), "true": LIFT * left}  # fmt: skip


def spilt_over(n: int, seed: int, reach: float) -> dict[str, Any]:
    """Places in a ring, each with two named neighbours; `reach` of the lift is felt where all neighbours are on."""
    hits, size = [], []
    for i in range(n):
        rng = np.random.default_rng([seed + i, 31])
        trial = asked("geo_holdout", rng)
        scheme = scheme_of(trial)
        arms = draw(scheme, seed + i)
        order = rng.permutation(len(scheme.units))
        ring = [(scheme.units[order[k]], scheme.units[order[k - 1]]) for k in range(len(order))]
        exposure = beside(scheme.units, ring)
        y = outcomes(changed(trial, scheme.units, LIFT * arms + reach * LIFT * (exposure @ arms), None), START)  # fmt: skip
        past = covariate(trial, START)
        found = felt(scheme, seed + i, arms, y if past is None else residual(y, past), exposure)
        if found is not None:
            hits.append(found.p <= 0.05)
            size.append(found.effect)
    return {"n": len(hits), "reach": reach, "called": share_of(hits), "mean": round(float(np.mean(size)), 2), "true": LIFT * reach}  # fmt: skip


def looked(n: int, seed: int, looks: int) -> dict[str, Any]:
    """Nothing happens; planned looks at .001 each and the last test at what is left: how often anything is called, beside looking freely at .05."""
    ruled, free = [], []
    for i in range(n):
        rng = np.random.default_rng([seed + i, 37])
        trial = asked("geo_holdout", rng, looks)
        scheme: Scheme = scheme_of(trial)
        arms = draw(scheme, seed + i)
        p = []
        for day in look_days(trial):
            part = cut(trial, day)
            p.append(analysed(scheme, seed + i, arms, outcomes(part, START), covariate(part, START)).p)  # fmt: skip
        last = analysed(scheme, seed + i, arms, outcomes(trial, START), covariate(trial, START)).p
        ruled.append(any(x <= LOOK_LEVEL for x in p) or last <= final_level(looks))
        free.append(any(x <= 0.05 for x in (*p, last)))
    return {"n": n, "looks": looks, "by_the_rule": share_of(ruled), "at_five_percent_each_time": share_of(free)}  # fmt: skip


def stated(design: str, n: int, seed: int) -> dict[str, Any]:
    """Power that plans state from the days before their start, beside the share of such experiments that then call the lift."""
    rows = []
    for i in range(n):
        rng = np.random.default_rng([seed + i, 41])
        trial = replace(asked(design, rng), paired=design == "geo_holdout")
        before = {p: {d: v for d, v in own.items() if d < START} for p, own in trial.values.items()}
        known = {
            p: {d: v for d, v in own.items() if d < START} for p, own in trial.controls.items()
        }
        scheme = scheme_of(trial)
        able = foreseen(replace(trial, values=before, controls=known), scheme, seed + i)
        arms = draw(scheme, seed + i)
        found = []
        for lift, _ in able.lifts:
            y = outcomes(changed(trial, scheme.units, lift * able.level * arms, None), START)
            found.append(analysed(scheme, seed + i, arms, y, covariate(trial, START)).p <= 0.05)
        rows.append(([share for _, share in able.lifts], found, able.explained))
    said, real = np.mean([r[0] for r in rows], axis=0), np.mean([r[1] for r in rows], axis=0)
    taken = [r[2] for r in rows if r[2] is not None]
    return {
        "n": n, "explained": round(float(np.mean(taken)), 3) if taken else None,
        "lifts": [{"lift": lift, "stated": round(float(a), 3), "reached": round(float(b), 3)} for lift, a, b in zip(LIFTS, said, real, strict=True)],
    }  # fmt: skip


def main() -> None:
    n, seed = int(sys.argv[1]), int(sys.argv[2])
    found: dict[str, Any] = {"seed": seed, "lift": LIFT}
    if sys.argv[3:] != ["partly"]:
        found["designs"] = {d: design_of(d, n, seed + 100_000 * k) for k, d in enumerate(LENGTH)}
    found["partly_carried_out"] = {
        d: [told_apart(d, n // 2, seed + 900_000 + 100_000 * k + 10_000 * j, at, how) for j, (at, how) in enumerate(PARTLY)]
        for k, d in enumerate(("geo_holdout", "account_holdout", "switchback"))
    }  # fmt: skip
    if sys.argv[3:] == ["partly"]:
        print(json.dumps(found))
        return
    found["carry_over"] = [carried_over(n // 2, seed + 500_000, left) for left in (0.0, 0.5, 1.0)]
    found["spill_over"] = [spilt_over(n // 2, seed + 600_000, reach) for reach in (0.0, 0.5, 1.0)]
    found["looks"] = [looked(n // 2, seed + 700_000, looks) for looks in (1, 3)]
    found["power"] = {d: stated(d, n // 5, seed + 800_000) for d in LENGTH}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
