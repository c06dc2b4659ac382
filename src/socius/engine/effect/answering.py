"""From a posterior and its calibration to an answer: interval, p, verdict, grade, words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np

from socius.engine.effect import fewcounts
from socius.engine.effect.breaks import Break
from socius.engine.effect.calibration import MANY, RATE, Calibration, Placebo
from socius.engine.effect.case import Answer, Case, Path, Rate, Relative, Second
from socius.engine.effect.columns import Columns
from socius.engine.effect.conditions import Ready
from socius.engine.effect.grid import Floats
from socius.engine.effect.methods import FEW_COUNTS, VERSIONS
from socius.engine.effect.paths import path_of
from socius.engine.effect.posterior import Gains, Mixture
from socius.engine.effect.second import window_difference
from socius.engine.grades import grade_computed

ASSUMPTIONS = (
    "What drove the series before the start goes on driving it in the same way: season, controls, and a noise that may wander.",
    "The initiative did not change the controls.",
    "Nothing else began at the start that moves this outcome.",
    "The noise after the start is like the noise before it.",
)
UNCONTROLLED = "Without a control, anything else that changed at the start counts as the effect."


@dataclass(frozen=True, slots=True)
class Fitted:
    """A case with the posterior of its window and its placebos."""

    ready: Ready
    columns: Columns
    breaks: list[Break]
    mixture: Mixture
    placebos: list[Placebo]
    prior: Floats
    trend: Floats
    noise: Floats


@dataclass(frozen=True, slots=True)
class Interval:
    """Calibrated estimate in the outcome's unit."""

    mean: float
    low: float
    high: float
    sd: float
    p: float


UC_AR1, UC_AR1_AT = "uc_ar1", "socius.engine.effect.components"
NO_RATE = Rate(0, 0, None, 0.0, 1.0, 1.0)


def widened(mixture: Mixture, factor: float) -> Interval:
    """The posterior stretched about its median by the calibration factor."""
    middle = mixture.middle
    low = middle - factor * (middle - mixture.quantile(0.025))
    high = middle + factor * (mixture.quantile(0.975) - middle)
    under = mixture.below(middle - middle / factor)
    return Interval(middle, low, high, mixture.spread * factor, float(2 * min(under, 1 - under)))


def answer(fitted: Fitted, judged: Calibration, seed: int, gains: Gains | None) -> Answer:
    """The answer of one case; with `gains`, row by row as well."""
    given, case = fitted.ready, fitted.ready.case
    rate = Rate(judged.n, judged.hits, judged.rate, judged.low, judged.high, judged.factor)
    reason = judged.refused or late_break(fitted)
    if reason:
        return refused(given, seed, reason, SAYS[reason].format(n=judged.n, hits=judged.hits, z=judged.mean_z), rate, fitted)  # fmt: skip
    found = widened(fitted.mixture, judged.factor)
    second = second_opinion(fitted, found, seed)
    grade, why = grade_computed(
        designed=case.designed, controls=len(case.controls) - len(given.dropped), placebos=judged.n,
        passed=judged.refused is None, agree=None if second is None else second.agree,
    )  # fmt: skip
    n = int((~np.isnan(case.outcome[case.start : case.end])).sum()) * given.per
    each = given.per
    verdict = "up" if found.low > 0 else "down" if found.high < 0 else "cannot_tell"
    return Answer(
        **{**about(given, seed), "notes": (*notes(given), *uncalibrated(judged))}, effect_mean=found.mean / each, low=found.low / each, high=found.high / each, sd=found.sd / each,
        effect_total=found.mean / each * n, total_low=found.low / each * n, total_high=found.high / each * n,
        relative=relative(case, found), p=found.p, placebo=rate, second=second, refused=None, say="",
        verdict="cannot_tell" if given.unknowable else verdict, grade=grade, grade_reason=why,
        diagnostics=diagnostics(fitted, judged), placebos=told(fitted),
        path=row_by_row(fitted, judged.factor, gains) if gains else None,
    )  # fmt: skip


def row_by_row(fitted: Fitted, factor: float, gains: Gains) -> Path:
    """The counterfactual by the method of the case."""
    case = fitted.ready.case
    if fitted.ready.few:
        return fewcounts.path(fitted.columns.plain(), case, factor)
    return path_of(fitted.columns, fitted.prior, case, factor, gains)


def second_opinion(fitted: Fitted, found: Interval, seed: int) -> Second | None:
    """What the other method of the case says; it agrees where the two lie within the larger standard deviation."""
    case, per = fitted.ready.case, fitted.ready.per
    if case.second == UC_AR1:
        kept = {n: v for n, v in case.controls.items() if n not in fitted.ready.dropped}
        # Imported late: statsmodels takes two seconds to load, and few ask for it.
        other = import_module(UC_AR1_AT).uc_ar1(replace(case, controls=kept), seed)
    else:
        columns = fitted.columns
        likely = int(np.argmax(fitted.trend))
        bend = [columns.base + likely - 1] if likely else []
        other = window_difference(columns, case.end, [*range(columns.base), *bend, len(columns.precision)])  # fmt: skip
    if other is None:
        return None
    agree = abs(other.effect - found.mean) <= max(other.sd, found.sd)
    return Second(case.second, other.effect / per, agree)


def late_break(fitted: Fitted) -> str | None:
    """A break within one window of the start makes the days before it a poor guide."""
    case = fitted.ready.case
    length = case.end - case.start
    return "pre_fit" if any(b.row > case.start - length for b in fitted.breaks) else None


SAYS = {
    "placebo_rate": "{hits} of {n} fake starts were called although nothing began: the interval cannot be trusted for this series.",
    "placebo_bias": "At {n} fake starts the estimates lie {z:+.1f} standard units off on average: the series drifts in a way that the method does not follow.",
    "pre_fit": "The series changed its level or slope by itself shortly before the start.",
}


def refused(given: Ready, seed: int, reason: str | None = None, say: str = "", rate: Rate = NO_RATE, fitted: Fitted | None = None) -> Answer:  # fmt: skip
    """No effect is shown; the reason stands in its place."""
    code = reason or given.refused
    return Answer(
        **about(given, seed), effect_mean=None, low=None, high=None, sd=None, effect_total=None, total_low=None, total_high=None,
        relative=None, p=None, placebo=rate, second=None, refused=code, say=say or given.say, verdict="refused", grade="D",
        grade_reason=f"refused: {code}", diagnostics={} if fitted is None else diagnostics(fitted, None),
        placebos=() if fitted is None else told(fitted),
    )  # fmt: skip


def about(given: Ready, seed: int) -> dict[str, Any]:
    """What every answer says of its question."""
    case = given.case
    last = len(case.day[: case.end]) - 1
    way = {"method": FEW_COUNTS, "version": VERSIONS[FEW_COUNTS]} if given.few else {}
    kept = tuple(name for name in case.controls if name not in given.dropped)
    return {
        "series": case.name, "subject": case.subject, "pre": (int(case.day[0]), int(case.day[case.start - 1])),
        "post": (int(case.day[case.start]), int(case.day[last]) + given.per - 1 if given.per > 1 else int(case.day[last])),
        "n_pre": int((~np.isnan(case.outcome[: case.start])).sum()), "n_post": int((~np.isnan(case.outcome[case.start : case.end])).sum()),
        "controls": kept, "dropped": dict(given.dropped), "assumptions": ASSUMPTIONS if kept else (*ASSUMPTIONS, UNCONTROLLED),
        "notes": notes(given), "data_sha256": case.digest(), "seed": seed, "grain": case.grain, "per": given.per, **way,
    }  # fmt: skip


def notes(given: Ready) -> tuple[str, ...]:
    """What whoever reads the answer must know."""
    case = given.case
    found = [*given.notes, *(f"Control {name} was dropped: {why}." for name, why in given.dropped.items())]  # fmt: skip
    if case.start and case.day[case.start - 1] - case.day[0] < 540:
        found.append("Less than 18 months before the start: a season of the year cannot be told from the initiative.")  # fmt: skip
    return tuple(found)


def uncalibrated(judged: Calibration) -> tuple[str, ...]:
    """What must be known where no placebo could be run."""
    return () if judged.n else ("No fake start fits in before the start: the interval is not calibrated.",)  # fmt: skip


def relative(case: Case, found: Interval) -> Relative | None:
    """Effect over counterfactual; None where the counterfactual's interval touches 0.

    The ratio is monotone in the effect there, so its interval is that of the effect, carried over.
    """
    seen = float(np.nanmean(case.outcome[case.start : case.end]))
    edges = [seen - found.low, seen - found.high]
    if min(edges) <= 0 <= max(edges):
        return None
    at = [e / (seen - e) for e in (found.mean, found.low, found.high)]
    return Relative(at[0], min(at[1:]), max(at[1:]))


def diagnostics(fitted: Fitted, judged: Calibration | None) -> dict[str, object]:
    """How the fit came about."""
    case = fitted.ready.case
    return {
        "breaks": [{"day": int(case.day[b.row]), "kind": b.kind} for b in fitted.breaks],
        "columns": list(fitted.columns.names[: fitted.columns.base]),
        "trend": {"level": float(fitted.trend[0]), "steady": float(fitted.trend[1]), "bent": float(fitted.trend[2:].sum())},
        "mean_placebo_z": judged.mean_z if judged else None,
        "raw": [fitted.mixture.quantile(0.025) / fitted.ready.per, fitted.mixture.quantile(0.975) / fitted.ready.per],
        "enough_placebos": bool(judged and judged.n >= MANY),
        "rate_limit": RATE,
    }  # fmt: skip


def told(fitted: Fitted) -> tuple[tuple[int, float, float, float], ...]:
    """The placebo table: first day, estimate, low, high, before calibration."""
    case, per = fitted.ready.case, fitted.ready.per
    return tuple((int(case.day[p.row]), p.estimate / per, p.low / per, p.high / per) for p in fitted.placebos)  # fmt: skip
