"""Randomisation inference: what was seen against what the same scheme could have drawn. Nothing is assumed of the noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from socius.engine.effect.design import ENUMERATED, LEVEL, Arms, Scheme, drawn, every
from socius.engine.effect.grid import Floats
from socius.kit.errors import Invalid

REDRAWS = 9_999


@dataclass(frozen=True, slots=True)
class Test:
    """Effect of the arm on a unit's outcome, interval by inverting the test, p, and how many assignments it was held against."""

    effect: float
    low: float
    high: float
    p: float
    redraws: int
    enumerated: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What an experiment gave: the arms, each unit's outcome, how far each unit got what (1: the initiative was carried out there, 0: not;
    by assignment the arm itself), and what is taken off for precision.
    """

    arms: Arms
    outcome: Floats
    delivered: Floats
    before: Floats | None = None


def contrasts(arms: Arms) -> Floats:
    """Rows that turn outcomes into mean on minus mean off."""
    on = arms.astype(float)
    off = 1 - on
    return np.asarray(on / on.sum(axis=1, keepdims=True) - off / off.sum(axis=1, keepdims=True))


def others(scheme: Scheme, seed: int) -> tuple[Arms, bool]:
    """All assignments, or 9,999 drawn ones."""
    if scheme.assignments <= ENUMERATED:
        return every(scheme), True
    return drawn(scheme, np.random.default_rng([seed, 1]), REDRAWS), False


def analysed(scheme: Scheme, seed: int | None, arms: Arms, outcome: Floats, before: Floats | None = None, level: float = LEVEL) -> Test:  # fmt: skip
    """Analyses once, by assignment. `before`: each unit's past, taken off by regression for precision (fixed before the start).

    A unit whose outcome is NaN is lost: it leaves every contrast. Raises Invalid without the seed of the draw, or where the arms
    are not what that seed draws. `level`: what the interval leaves out, 5 % less what planned looks may spend.
    """
    return tested(scheme, seed, Seen(arms, outcome, arms.astype(float), before), level)


def where_delivered(
    scheme: Scheme, seed: int | None, seen: Seen, level: float = LEVEL
) -> Test | None:
    """The effect on the units in which the initiative was carried out, with the assignment as the instrument (Imbens and Rosenbaum 2005).

    An additive effect b of carrying it out is held against the draws by `outcome - b * delivered`, which under b is what each unit
    would have shown without: the same redraws, the same p of no effect as by assignment, and an interval that is right whatever share
    carried it out and whoever chose to. It assumes that an assignment which was not carried out changed nothing, and the same effect
    wherever it was. None: no more of it was carried out where it was assigned than where it was not. An edge beyond all reach is infinite.
    """
    known = ~np.isnan(seen.outcome)
    got = seen.delivered[known] if seen.before is None else residual(seen.delivered[known], seen.before[known])  # fmt: skip
    more = float(contrasts(seen.arms[known][None, :])[0] @ got)
    return tested(scheme, seed, seen, level) if more > 0 else None


def tested(scheme: Scheme, seed: int | None, seen: Seen, level: float) -> Test:
    """The contrast of the arms per unit of `delivered`, held against the redraws; of a NaN outcome the unit leaves every contrast."""
    arms, outcome, before = seen.arms, seen.outcome, seen.before
    if seed is None:
        raise Invalid("The seed of the draw is gone, so the scheme cannot be drawn again.", field="seed", repair="A test without its seed is not analysed.")  # fmt: skip
    if not np.array_equal(drawn(scheme, np.random.default_rng(seed), 1)[0], arms):
        raise Invalid("These arms are not what the logged seed draws.", field="arms", repair="Analyse the assignment that was logged.")  # fmt: skip
    kept = ~np.isnan(outcome)
    all_arms, whole = others(scheme, seed)
    usable = all_arms[:, kept]
    usable = usable[(usable.sum(axis=1) > 0) & (usable.sum(axis=1) < kept.sum())]
    rows, own = contrasts(usable), contrasts(arms[kept][None, :])[0]
    y, z = outcome[kept], seen.delivered[kept]
    if before is not None:
        # The line on the past is taken off the arm as well: what it explains of the arm is no part of the contrast.
        y, z = residual(y, before[kept]), residual(z, before[kept])
    unit = float(own @ z)
    a, b, t = rows @ y / unit, rows @ z / unit, float(own @ y) / unit
    low, high = inverted(a, b, t, whole, level)
    return Test(t, low, high, p_value(a, b, t, 0.0, whole), len(usable), whole)


def residual(outcome: Floats, before: Floats) -> Floats:
    """Outcome less its line on the past."""
    spread = float(before.var())
    slope = float(np.mean((outcome - outcome.mean()) * (before - before.mean()))) / spread if spread > 0 else 0.0  # fmt: skip
    return np.asarray(outcome - slope * (before - before.mean()))


def p_value(a: Floats, b: Floats, t: float, effect: float, whole: bool) -> float:
    """Two-sided p of an additive effect. An enumeration holds the real assignment already; draws have it added."""
    as_large = int((np.abs(a - effect * b) >= abs(t - effect) - 1e-12 * (1 + abs(t))).sum())
    return as_large / len(a) if whole else (1 + as_large) / (1 + len(a))


def inverted(a: Floats, b: Floats, t: float, whole: bool, level: float = LEVEL) -> tuple[float, float]:  # fmt: skip
    """Every additive effect that the test does not reject at the level, by bisection on each side."""
    unit = float(np.abs(a - t * b).max()) or 1.0
    edges = []
    for sign in (-1.0, 1.0):
        inside, outside = 0.0, unit
        while p_value(a, b, t, t + sign * outside, whole) > level and outside < 1e6 * unit:
            outside *= 2
        if outside >= 1e6 * unit:
            edges.append(sign * np.inf)
            continue
        for _ in range(60):
            middle = (inside + outside) / 2
            if p_value(a, b, t, t + sign * middle, whole) > level:
                inside = middle
            else:
                outside = middle
        edges.append(t + sign * outside)
    return edges[0], edges[1]


@dataclass(frozen=True, slots=True)
class Tried:
    """A window of the past on which a scheme is tried. `before`: what the analysis will take off."""

    scheme: Scheme
    past: Floats
    before: Floats | None = None


def power(tried: Tried, lifts: Sequence[float], *, seed: int, level: float = LEVEL, tests: int = 200) -> list[float]:  # fmt: skip
    """Share of draws in which each additive lift would be called by `analysed`; its line is taken off outcomes and arms as it will be there."""
    scheme, past, before = tried.scheme, tried.past, tried.before
    rng = np.random.default_rng([seed, 2])
    all_arms, whole = others(scheme, seed)
    rows = contrasts(all_arms)
    base = past if before is None else residual(past, before)
    held = rows @ base
    called = np.zeros(len(lifts), dtype=int)
    for arms in drawn(scheme, rng, tests):
        own, z = contrasts(arms[None, :])[0], arms.astype(float)
        z = z if before is None else residual(z, before)
        shift, found, unit = rows @ z, float(own @ base), float(own @ z)
        called += [p_value(held + lift * shift, shift, found + lift * unit, 0.0, whole) <= level for lift in lifts]  # fmt: skip
    return [float(n) / tests for n in called]
