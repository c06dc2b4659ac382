"""Stage by gates, factors, the two criteria of success, what binds the next stage, and how far the thresholds decide it.

Sections 3 and 4 of docs/reference/assessment.md. Everything is Socius's own method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from socius.engine.assessment.aggregate import DISPUTED
from socius.engine.assessment.gates import NEWEST, Gate, gate_set
from socius.engine.assessment.normal import Normal, normal
from socius.engine.assessment.questionnaire import FACTORS, Questionnaire

FORMULA = "maturity@1"
HALF = 0.5
MET, NOT_SHOWN, NOT_IN_PLACE, NOT_AGREED, WAIVED = (
    "met",
    "not shown",
    "not in place",
    "raters disagree",
    "not applicable",
)


class GateResult(NamedTuple):
    """One gate with what was found. `deficit` is 0 at the threshold and 1 at nothing."""

    gate: Gate
    met: bool
    status: str
    deficit: float


class FactorScore(NamedTuple):
    """A factor's score 0..1 (None where fewer than half of its items were answered), and the raw one for ties."""

    score: float | None
    answered: int
    of: int
    raw: float


class StageProfile(NamedTuple):
    """How much of a stage's practices is there, 0..1; None where none of its items was answered."""

    score: float | None
    answered: int
    of: int


class Maturity(NamedTuple):
    """The result for one set of answers."""

    stage: int
    self_placed: int | None
    gates: tuple[GateResult, ...]
    factors: Mapping[str, FactorScore]
    alignment: float | None
    support: float | None
    profile: tuple[StageProfile, ...]
    binding: tuple[tuple[str, float], ...]
    eased: int
    hardened: int
    completeness: float


class Plan(NamedTuple):
    """Everything about a form and a gate set that does not depend on answers."""

    gates: tuple[Gate, ...]
    passed: tuple[
        GateResult, ...
    ]  # what a met gate comes to, made once: most gates of most cases are met
    # Plain tuples, because they are walked for every case: item to 0..1, (place of the factor, weight), place of the criterion.
    weighted: tuple[tuple[Normal, tuple[tuple[int, float], ...], int], ...]
    of: tuple[int, ...]
    practices: tuple[tuple[int, Normal, float], ...]
    highest: int
    short: bool


@cache
def plan(form: Questionnaire, version: str = NEWEST) -> Plan:
    """Compiled once per form and gate set."""
    rules = gate_set(version)
    held = {part.key for item in form.items for part in item.parts}
    gates = tuple(g for g in rules.gates if held.issuperset(g.keys))
    scored = [(item, x) for item in form.items if (x := normal(item)) is not None]
    weighted = tuple(
        (
            x,
            tuple((FACTORS.index(f), 1 / len(item.factors)) for f in item.factors),
            ("A", "O", None).index(item.criterion),
        )
        for item, x in scored
    )
    of = tuple(sum(factor in item.factors for item, _ in scored) for factor in FACTORS)
    level, share = rules.practice_level / 4, rules.practice_share / 100
    gated = {(g.stage, g.item.id) for g in gates}
    practices = tuple(
        (stage, x, share if item.parts[0].kind == "share" else level)
        for item, x in scored
        for stage in item.profile
        if (stage, item.id) not in gated
    )
    passed = tuple(GateResult(gate, True, MET, 0.0) for gate in gates)
    return Plan(gates, passed, weighted, of, practices, form.highest_stage, form.short)


def mature(
    form: Questionnaire,
    values: Mapping[str, Any],
    version: str = NEWEST,
    waived: frozenset[str] = frozenset(),
) -> Maturity:
    """The result for answers by part key. `waived`: items that do not apply and for which a sponsor dated the reason."""
    known = plan(form, version)
    gates = tuple(
        [
            met if met.gate.tests[0](values) else _unmet(met.gate, values, waived)
            for met in known.passed
        ]
    )
    stage = min(known.highest, next((g.gate.stage - 1 for g in gates if not g.met), 6))
    factors, alignment, support = NOTHING if known.short else _scores(known, values)
    placed = values.get("q10")
    return Maturity(
        stage,
        None if placed is None else int(placed),
        gates,
        factors,
        alignment,
        support,
        () if known.short else _profile(known, gates, values),
        () if known.short else _binding(gates, stage + 1, factors),
        _stage(known, values, 1, waived),
        _stage(known, values, 2, waived),
        _completeness(gates, stage + 1),
    )


def stage_of(
    form: Questionnaire,
    values: Mapping[str, Any],
    version: str = NEWEST,
    waived: frozenset[str] = frozenset(),
) -> int:
    """The stage alone, for resampling."""
    return _stage(plan(form, version), values, 0, waived)


def _stage(known: Plan, values: Mapping[str, Any], shift: int, waived: frozenset[str]) -> int:
    for gate in known.gates:
        if not gate.tests[shift](values) and gate.item.id not in waived:
            return gate.stage - 1
    return known.highest


def _unmet(gate: Gate, values: Mapping[str, Any], waived: frozenset[str]) -> GateResult:
    if gate.item.id in waived:
        return GateResult(gate, True, WAIVED, 0.0)
    deficit = gate.deficit(values)
    for key in gate.keys:
        if key not in values:
            return GateResult(gate, False, NOT_SHOWN, deficit)
        if values[key] == DISPUTED:
            return GateResult(gate, False, NOT_AGREED, deficit)
    return GateResult(gate, False, NOT_IN_PLACE, deficit)


Scores = tuple[Mapping[str, FactorScore], float | None, float | None]
NOTHING: Scores = ({}, None, None)


def _scores(known: Plan, values: Mapping[str, Any]) -> Scores:
    """Factors and the two criteria in one walk over the items."""
    total, weights, answered = [0.0] * len(FACTORS), [0.0] * len(FACTORS), [0] * len(FACTORS)
    sums, counts = [0.0] * 3, [0] * 3
    for normalise, places, criterion in known.weighted:
        x = normalise(values)
        if x is None:
            continue
        for at, weight in places:
            total[at] += weight * x
            weights[at] += weight
            answered[at] += 1
        sums[criterion] += x
        counts[criterion] += 1
    factors = {}
    for at, factor in enumerate(FACTORS):
        n, of = answered[at], known.of[at]
        raw = total[at] / weights[at] if n else 0.0
        factors[factor] = FactorScore(raw if n and n >= HALF * of else None, n, of, raw)
    alignment, support = (sums[c] / counts[c] if counts[c] else None for c in (0, 1))
    return factors, alignment, support


def _profile(
    known: Plan, gates: Sequence[GateResult], values: Mapping[str, Any]
) -> tuple[StageProfile, ...]:
    sums = [0.0] * 7
    answered, of = [0] * 7, [0] * 7
    for gate, _, status, deficit in gates:
        stage = gate.stage
        of[stage] += 1
        if status != NOT_SHOWN:
            answered[stage] += 1
            sums[stage] += 1 - deficit
    for stage, x, need in known.practices:
        of[stage] += 1
        value = x(values)
        if value is not None:
            answered[stage] += 1
            sums[stage] += min(1.0, value / need)
    return tuple(
        StageProfile(sums[s] / answered[s] if answered[s] else None, answered[s], of[s])
        for s in range(1, 7)
    )


def _binding(
    gates: Sequence[GateResult], stage: int, factors: Mapping[str, FactorScore]
) -> tuple[tuple[str, float], ...]:
    """Factors by how much they hold the next stage back; ties go to the lower score, then to the factors' order."""
    held: dict[str, list[float]] = {}
    for gate, _, _, deficit in gates:
        if gate.stage == stage:
            for factor in gate.item.factors:
                held.setdefault(factor, []).append(deficit)
    means = [(factor, sum(d) / len(d)) for factor, d in held.items()]
    behind = [(factor, mean) for factor, mean in means if mean > 0]
    behind.sort(key=lambda pair: (-pair[1], factors[pair[0]].raw, FACTORS.index(pair[0])))
    return tuple(behind)


def _completeness(gates: Sequence[GateResult], upto: int) -> float:
    """Answered gate items among those up to the next stage, 0..1."""
    counted = [g.status != NOT_SHOWN for g in gates if g.gate.stage <= upto]
    return sum(counted) / len(counted) if counted else 1.0
