"""The whole result of a case, and its JSON: the same for the screen, the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from socius.engine.assessment import coherence, maturity
from socius.engine.assessment.aggregate import DISPUTED, aggregate
from socius.engine.assessment.coherence import Coherence, cohere
from socius.engine.assessment.gates import gate_set
from socius.engine.assessment.maturity import NOT_SHOWN, GateResult, Maturity, mature
from socius.engine.assessment.questionnaire import FACTORS, STAGE_NAMES
from socius.engine.assessment.reading import Case
from socius.engine.assessment.uncertainty import DRAWS, StageRange, stage_range

METHOD = "Socius's own method; not Altimeter's."
FEW_RATERS = 12


class Result(NamedTuple):
    """A case with what was computed from it."""

    case: Case
    values: Mapping[str, Any]
    maturity: Maturity
    coherence: Coherence | None
    uncertainty: StageRange | None


def assess(case: Case, *, draws: int = DRAWS) -> Result:
    """Everything about a case. `draws` 0 leaves the resampling of raters out."""
    values = aggregate(case.form, case.ratings, case.rules)
    return Result(
        case,
        values,
        mature(case.form, values, case.gates, case.waived),
        cohere(case.facts) if case.facts else None,
        stage_range(case.form, case.ratings, case.rules, (case.gates, case.waived), draws=draws)
        if draws
        else None,
    )


def versioned(case: Case, version: str) -> Case:
    """The same case under another gate set, to replay an old result; Invalid where the version is unknown."""
    return case._replace(gates=gate_set(version).id)


def rounded(value: float | None) -> float | None:
    """Scores are printed to a thousandth."""
    return None if value is None else round(value, 3)


def plain(value: Any) -> Any:
    """An answer as JSON holds it."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return value


def gate_json(found: GateResult, values: Mapping[str, Any]) -> dict[str, Any]:
    """One gate: the item, what it needs, what was found."""
    item = found.gate.item
    return {
        "item": item.id,
        "needed": found.gate.needed,
        "got": plain(found.gate.show(values)),
        "met": found.met,
        "stage": found.gate.stage,
        "status": found.status,
        "name": item.name,
        "text": item.text,
        "factors": list(item.factors),
        "playbook": f"/assess/playbooks/{item.id}/",
    }


def coherence_json(found: Coherence | None) -> dict[str, Any]:
    """The coherence block; without a platform block every rule is null and says so."""
    if found is None:
        return {
            "score": None,
            "rules": [
                {
                    "id": rule.id,
                    "score": None,
                    "message": "no evidence: the file has no platform block",
                }
                for rule in coherence.RULES
            ],
            "with_evidence": 0,
            "worst": [],
            "say": "0 of 8 rules have evidence",
        }
    missing = [r.id for r in found.rules if r.score is None]
    tail = f"; without: {', '.join(missing)}" if missing else ""
    return {
        "score": rounded(found.score),
        "rules": [
            {
                "id": rule.id,
                "score": rounded(rule.score),
                "message": rule.message,
                "question": rule.question,
                "elements": list(rule.elements),
                "flag_below": rule.flag_below,
                "flagged": rule.flagged,
                "waived": rule.waived,
                "evidence": list(rule.evidence),
                "playbook": f"/assess/playbooks/{rule.id.lower()}/",
            }
            for rule in found.rules
        ],
        "with_evidence": found.with_evidence,
        "worst": list(found.worst),
        "say": f"{found.with_evidence} of 8 rules have evidence{tail}",
    }


def sensitivity_json(found: Maturity, at_most: bool) -> dict[str, Any]:
    """The stage when every threshold moves by one step."""
    low, high = found.hardened, found.eased
    moves = f"{low}–{high}" if low != high else f"still {low}"
    stage = f"at most stage {found.stage}" if at_most else f"stage {found.stage}"
    return {
        "low": low,
        "high": high,
        "say": f"{stage} ({moves} when thresholds move by one step)",
    }


def as_json(result: Result) -> dict[str, Any]:
    """The result for programs; docs/reference/assessment.md says what each key holds."""
    found, case = result.maturity, result.case
    return {
        "stage": found.stage,
        "self_placed": found.self_placed,
        "gates": [gate_json(g, result.values) for g in found.gates],
        "factors": {f: rounded(found.factors[f].score) for f in FACTORS if f in found.factors},
        "criteria": {"alignment": rounded(found.alignment), "support": rounded(found.support)},
        "coherence": coherence_json(result.coherence),
        "sensitivity": sensitivity_json(found, case.form.short),
        "stage_name": STAGE_NAMES[found.stage],
        "at_most": case.form.short,
        "gap": None if found.self_placed is None else found.self_placed - found.stage,
        "factor_answered": {
            f: {"answered": s.answered, "of": s.of} for f, s in found.factors.items()
        },
        "binding": [{"factor": f, "deficit": rounded(d)} for f, d in found.binding],
        "profile": [
            {"stage": i, "score": rounded(p.score), "answered": p.answered, "of": p.of}
            for i, p in enumerate(found.profile, start=1)
        ],
        "completeness": rounded(found.completeness),
        "uncertainty": uncertainty_json(result.uncertainty),
        "raters": len(case.ratings),
        "doubts": doubts(result),
        "questionnaire": case.form.id,
        "gate_set": case.gates,
        "formulas": [maturity.FORMULA, coherence.FORMULA],
        "method": METHOD,
    }


def uncertainty_json(found: StageRange | None) -> dict[str, Any] | None:
    """How the stage varies over redrawn raters."""
    if found is None:
        return None
    between = f"{found.low}–{found.high}" if found.low != found.high else f"stage {found.low}"
    return {
        "low": found.low,
        "high": found.high,
        "draws": found.draws,
        "shares": {str(stage): share for stage, share in found.shares.items()},
        "say": f"in 80 % of {found.draws:,} redrawn groups of raters: {between}",
    }


def doubts(result: Result) -> list[str]:
    """What speaks against taking the result at its word, in sentences."""
    found = result.maturity
    said = [
        *_about_raters(result),
        *_about_answers(result),
    ]
    if found.eased != found.hardened:
        said.append(
            f"The thresholds decide it: {sensitivity_json(found, result.case.form.short)['say']}."
        )
    if result.case.form.short:
        said.append(
            "The short form tests some of the gates only, so the stage is at most this one."
        )
    if found.self_placed is not None and found.self_placed > found.stage:
        said.append(
            "Computed stages come out lower than self-placed ones for many: by published figures about 12 % of firms "
            "could pass the gate on the plan's reach, and 17 % placed themselves on stages 5 and 6."
        )
    found_coherence = result.coherence
    if found_coherence is None or found_coherence.with_evidence < len(coherence.RULES):
        said.append(f"Coherence: {coherence_json(found_coherence)['say']}.")
    return said


def _about_raters(result: Result) -> list[str]:
    n = len(result.case.ratings)
    if n == 1:
        return ["It is one person's view."]
    if n < FEW_RATERS:
        return [f"It rests on {n} raters."]
    return []


def _about_answers(result: Result) -> list[str]:
    found = result.maturity
    upto = found.stage + 1
    near = [g for g in found.gates if g.gate.stage <= upto]
    silent = [g.gate.item.id for g in near if g.status == NOT_SHOWN]
    torn = [g.gate.item.id for g in near if DISPUTED in map(result.values.get, g.gate.keys)]
    said = []
    if silent:
        said.append(
            f"{len(silent)} of {len(near)} gates up to stage {upto} were not answered and count as unmet: {', '.join(silent)}."
        )
    if torn:
        said.append(
            f"Raters disagree without a majority on {', '.join(torn)}, which counts as unmet."
        )
    return said
