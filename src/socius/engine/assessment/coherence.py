"""Coherence: do goals, support, capacity, governance and spend fit one another? Eight rules, each 0..1 or without evidence.

Section 6 of docs/reference/assessment.md. No answer of a questionnaire and no count of followers, likes or views enters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from socius.engine.assessment.facts import (
    DECIDED,
    OPENED,
    OUTCOME,
    CapacityFacts,
    CellFacts,
    CoherenceFacts,
    DecisionFacts,
    GoalFacts,
    WorkFacts,
)

FORMULA = "coherence@1"
NEEDED_RULES = 5
FRESH_GRAINS = 2
SPONSOR_DAYS = 100
YEAR_DAYS = 365
GOOD_POWER = 0.8
STRONG = frozenset("ABC")
WEEK_HOURS = 35
ALL_DECISIONS = 8
FIRST_EVIDENCE = 5


class Found(NamedTuple):
    """What a rule returns: the score (None: no evidence), a sentence, the rows behind it."""

    score: float | None
    message: str
    evidence: tuple[str, ...] = ()


class RuleResult(NamedTuple):
    """A rule with its result. `flag_below` is the score under which it asks for attention."""

    id: str
    question: str
    elements: tuple[str, str]
    flag_below: float
    score: float | None
    message: str
    evidence: tuple[str, ...]
    waived: bool = False

    @property
    def flagged(self) -> bool:
        """Below its threshold."""
        return self.score is not None and self.score < self.flag_below


class Coherence(NamedTuple):
    """The mean of the rules with evidence (None below five of them), all rules, and the worst ones."""

    score: float | None
    rules: tuple[RuleResult, ...]
    with_evidence: int
    worst: tuple[str, ...]


def percent(share: float) -> str:
    """A share for a sentence."""
    return f"{100 * share:.0f} %"


def no_evidence(facts: CoherenceFacts, block: str) -> Found:
    """A null rule says why."""
    return Found(None, facts.reasons.get(block, "no evidence yet"))


def serves(facts: CoherenceFacts) -> Found:
    """C1, does work serve goals: the mean of the linked share of spend and of hours."""
    if facts.work is None:
        return no_evidence(facts, "work")
    work = facts.work
    shares = _shares(work)
    if not shares:
        return Found(None, "neither spend nor hours are recorded")
    score = sum(share for _, share in shares) / len(shares)
    words = " and ".join(f"{percent(1 - share)} of {name}" for name, share in shares)
    if score >= 1:
        return Found(1.0, f"All {' and '.join(name for name, _ in shares)} serve a goal")
    largest = work.largest_unlinked
    tail = f"; largest: {largest.item} in {largest.unit} ({largest.amount:,.0f})" if largest else ""
    rows = (f"{largest.item} · {largest.unit} · {largest.amount:,.0f}",) if largest else ()
    verb = "serves" if len(shares) == 1 else "serve"
    return Found(score, f"{words} {verb} no goal{tail}", rows)


def _shares(work: WorkFacts) -> list[tuple[str, float]]:
    found = []
    if work.spend_total and work.spend_linked is not None:
        found.append(("spend", work.spend_linked / work.spend_total))
    if work.hours_total and work.hours_linked is not None:
        found.append(("hours", work.hours_linked / work.hours_total))
    elif work.minutes_total and work.minutes_linked is not None:
        found.append(("activity (by standard minutes)", work.minutes_linked / work.minutes_total))
    return found


def _active(facts: CoherenceFacts) -> list[GoalFacts] | None:
    return None if facts.goals is None else [goal for goal in facts.goals if goal.active]


def _over_goals(
    facts: CoherenceFacts,
    judge: Callable[[GoalFacts], tuple[float, str]],
    fine: str,
) -> Found:
    """The weighted mean over active goals; the sentence is that of the worst goal."""
    goals = _active(facts)
    if goals is None:
        return no_evidence(facts, "goals")
    if not goals:
        return Found(0.0, "no goal is defined")
    judged = [(*judge(goal), goal.weight) for goal in goals]
    total = sum(weight for _, _, weight in judged)
    score = sum(c * weight for c, _, weight in judged) / total
    wrong = sorted((c, say) for c, say, _ in judged if c < 1)
    if not wrong:
        return Found(1.0, fine)
    more = f" ({len(wrong)} of {len(goals)} goals)" if len(goals) > 1 else ""
    return Found(score, wrong[0][1] + more, tuple(say for _, say in wrong[:FIRST_EVIDENCE]))


def judged_by(facts: CoherenceFacts) -> Found:
    """C2, does every goal have an outcome KPI with data no older than two periods."""
    return _over_goals(facts, _outcome, "Every goal is judged by a fresh outcome")


def _outcome(goal: GoalFacts) -> tuple[float, str]:
    outcomes = [kpi for kpi in goal.kpis if kpi.class_ == OUTCOME]
    if any(k.grains_old is not None and k.grains_old <= FRESH_GRAINS for k in outcomes):
        return 1.0, ""
    if outcomes:
        kpi = outcomes[0]
        age = "has no data" if kpi.grains_old is None else f"is {kpi.grains_old:g} periods old"
        return 0.5, f"Goal “{goal.name}” is judged by {kpi.measure}, which {age}"
    if goal.kpis:
        kpi = goal.kpis[0]
        return (
            0.0,
            f"Goal “{goal.name}” is judged by {kpi.measure}, a {kpi.class_} measure; no outcome behind it",
        )
    return 0.0, f"Goal “{goal.name}” has no KPI"


def capable(facts: CoherenceFacts) -> Found:
    """C3, is capacity as large as the promise; never better than the worst service level against its target."""
    if facts.capacity is None:
        return no_evidence(facts, "capacity")
    need = sum(unit.need_hours for unit in facts.capacity)
    if need <= 0:
        return Found(1.0, "Nothing is promised that would need hours")
    had = sum(min(unit.need_hours, unit.hours) for unit in facts.capacity)
    met = [
        (min(1.0, u.sla_met / u.sla_target), u)
        for u in facts.capacity
        if u.sla_met is not None and u.sla_target
    ]
    worst = min(met, key=lambda pair: pair[0], default=None)
    score = min(had / need, worst[0]) if worst else had / need
    return _capacity_words(facts.capacity, score, worst)


def _capacity_words(
    units: Sequence[CapacityFacts], score: float, worst: tuple[float, CapacityFacts] | None
) -> Found:
    short = sorted(
        (u for u in units if u.hours < u.need_hours), key=lambda u: u.hours - u.need_hours
    )
    said = [
        f"{u.unit} promises {u.need_hours:,.0f} h a week and has {u.hours:,.0f} h" for u in short
    ]
    late = []
    if worst and worst[0] < 1:
        met, target = worst[1].sla_met or 0, worst[1].sla_target or 0
        late.append(
            f"{worst[1].unit} meets its service level in {percent(met)} against {percent(target)}"
        )
    if not said and not late:
        return Found(score, "Every unit has the hours that it promised")
    if not said:
        return Found(score, late[0], tuple(late))
    fte = (short[0].need_hours - short[0].hours) / WEEK_HOURS
    first = f"{said[0]}: bitten off too much. Options: drop accounts, change the target, add {fte:.1f} FTE"
    return Found(score, first, tuple([*said, *late][:FIRST_EVIDENCE]))


def governed(facts: CoherenceFacts) -> Found:
    """C4, does governance cover the units: somebody holds each of the eight decisions, nobody twice, and none waits too long."""
    if not facts.decisions:
        return no_evidence(facts, "decisions")
    judged = [_decided(row) for row in facts.decisions]
    score = sum(c for c, _ in judged) / len(judged)
    wrong = sorted((c, say) for c, say in judged if c < 1)
    if not wrong:
        n = len({row.decision for row in facts.decisions})
        whole = (
            "Every decision" if n >= ALL_DECISIONS else f"Each of the {n} decisions that are known"
        )
        return Found(1.0, f"{whole} has a holder in every unit")
    rest = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return Found(score, wrong[0][1] + rest, tuple(say for _, say in wrong[:FIRST_EVIDENCE]))


def _decided(row: DecisionFacts) -> tuple[float, str]:
    if row.holders < 1:
        return 0.0, f"In {row.unit} nobody may {row.decision}"
    if row.exclusive_holders > 1:
        return 0.0, f"In {row.unit} {row.exclusive_holders} own {row.decision}, each alone"
    waits = row.median_wait_h is not None and row.deadline_h is not None
    if waits and row.median_wait_h > row.deadline_h:  # type: ignore[operator]
        return 0.5, f"In {row.unit} {row.decision} waits {row.median_wait_h:,.0f} h at the hub"
    return 1.0, ""


def balanced(facts: CoherenceFacts) -> Found:
    """C5, do internal and external initiatives both serve a goal."""
    if facts.initiatives is None:
        return no_evidence(facts, "initiatives")
    score, said = 0.0, []
    for kind in ("external", "internal"):
        of_kind = [i for i in facts.initiatives if i.kind == kind]
        linked = sum(i.linked for i in of_kind)
        days = facts.no_initiative_reason.get(kind)
        if of_kind:
            score += linked / len(of_kind) / 2
            if linked < len(of_kind):
                said.append(
                    f"{len(of_kind) - linked} of {len(of_kind)} {kind} initiatives support no goal"
                )
        elif days is not None and days <= YEAR_DAYS:
            score += 0.5
        else:
            said.append(f"No {kind} initiative supports any goal and no reason is recorded")
    said.sort(key=lambda text: not text.startswith("No "))
    return Found(
        score, said[0] if said else "Initiatives inside and outside serve goals", tuple(said)
    )


def sponsored(facts: CoherenceFacts) -> Found:
    """C6, is each goal's sponsor active: a deciding act within 100 days."""
    return _over_goals(facts, _sponsored, "Every goal's sponsor is active")


def _sponsored(goal: GoalFacts) -> tuple[float, str]:
    if goal.sponsor is None:
        return 0.0, f"Goal “{goal.name}” has no sponsor"
    if not goal.sponsor.active:
        return 0.0, f"The sponsor of “{goal.name}”, {goal.sponsor.id}, has left"
    act = goal.sponsor_act
    if act is None:
        return 0.0, f"{goal.sponsor.id} has never reviewed “{goal.name}”"
    if act.days_ago > SPONSOR_DAYS:
        return 0.0, f"{goal.sponsor.id} has not reviewed “{goal.name}” for {act.days_ago} days"
    if act.kind == DECIDED:
        return 1.0, ""
    if act.kind == OPENED:
        return 0.5, f"{goal.sponsor.id} has opened “{goal.name}” and decided nothing about it"
    return 0.0, f"{goal.sponsor.id} has never reviewed “{goal.name}”"


def learning(facts: CoherenceFacts) -> Found:
    """C7, do we learn the effect: graded evidence of the last 12 months, or a test with enough power that runs now."""
    return _over_goals(facts, _learned, "The effect on every goal was measured")


def _learned(goal: GoalFacts) -> tuple[float, str]:
    if goal.running_power is not None and goal.running_power >= GOOD_POWER:
        return 1.0, ""
    effect = goal.effect
    if effect is None or effect.days_old > YEAR_DAYS:
        return 0.0, f"Nothing tells whether “{goal.name}” moves because of us"
    if effect.grade in STRONG:
        return 1.0, ""
    return 0.5, f"What is known about “{goal.name}” is of grade {effect.grade} only"


def united(facts: CoherenceFacts) -> Found:
    """C8, do units pull in one direction: the share of posts in shared cells without a conflict."""
    if facts.cells is None:
        return no_evidence(facts, "cells")
    shared = [cell for cell in facts.cells if len(set(cell.units)) > 1 and cell.posts > 0]
    if not shared:
        return Found(1.0, "No two units speak to the same audience in the same week")
    wrong = [cell for cell in shared if cell.conflict]
    if not wrong:
        return Found(1.0, "Units that share an audience do not contradict one another")
    score = 1 - sum(c.posts for c in wrong) / sum(c.posts for c in shared)
    return Found(score, _opposed(wrong[0]), tuple(_opposed(c) for c in wrong[:FIRST_EVIDENCE]))


def _opposed(cell: CellFacts) -> str:
    pair = " and ".join(sorted(set(cell.units))[:2])
    what = {
        "goals": "follow goals that conflict",
        "directions": "push one measure in opposite directions",
    }
    told = what.get(cell.conflict or "", "told opposite things")
    return f"{pair} {told}: {cell.audience}, {cell.network}, {cell.week}"


class Rule(NamedTuple):
    """A rule: the two things that must fit, the threshold of attention, the function."""

    id: str
    question: str
    elements: tuple[str, str]
    flag_below: float
    judge: Callable[[CoherenceFacts], Found]
    block: str  # of the facts that it reads


RULES = (
    Rule("C1", "Does work serve goals?", ("spend and hours", "goals"), 0.70, serves, "work"),
    Rule("C2", "Does every goal have an outcome KPI?", ("goals", "measures"), 0.80, judged_by, "goals"),
    Rule("C3", "Is capacity as large as the promise?", ("promises", "hours"), 0.90, capable, "capacity"),
    Rule("C4", "Does governance cover the units?", ("units", "decision rights"), 0.90, governed, "decisions"),
    Rule("C5", "Do internal and external initiatives both create value?", ("initiatives inside", "initiatives outside"), 0.75, balanced, "initiatives"),
    Rule("C6", "Is each goal's sponsor active?", ("goals", "their sponsors"), 0.80, sponsored, "goals"),
    Rule("C7", "Do we learn the effect?", ("goals", "evidence of effect"), 0.50, learning, "goals"),
    Rule("C8", "Do units pull in one direction?", ("one unit's messages", "another unit's messages"), 0.95, united, "cells"),
)  # fmt: skip


def cohere(facts: CoherenceFacts) -> Coherence:
    """All eight rules; the score is shown from five rules with evidence on."""
    rules = tuple(_result(rule, facts) for rule in RULES)
    known = [rule.score for rule in rules if rule.score is not None]
    score = sum(known) / len(known) if len(known) >= NEEDED_RULES else None
    least = min(known, default=1.0)
    worst = tuple(r.id for r in rules if r.score is not None and r.score == least and least < 1)
    return Coherence(score, rules, len(known), worst)


def _result(rule: Rule, facts: CoherenceFacts) -> RuleResult:
    waiver = facts.waived.get(rule.id)
    if waiver is not None:
        say = f"waived by {waiver.sponsor} on {waiver.date}: {waiver.reason}"
        return RuleResult(
            rule.id, rule.question, rule.elements, rule.flag_below, None, say, (), True
        )
    found = rule.judge(facts)
    left_out = facts.reasons.get(rule.block, "")
    if left_out and found.score is not None:
        found = found._replace(message=f"{found.message} ({left_out})")
    return RuleResult(rule.id, rule.question, rule.elements, rule.flag_below, *found)
