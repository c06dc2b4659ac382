"""What coherence may and may not depend on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import making_cases as making
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socius.engine.assessment.coherence import RULES, cohere
from socius.engine.assessment.facts import CapacityFacts, CoherenceFacts, GoalKpi, Waiver, WorkFacts
from socius.engine.assessment.facts_reading import as_block, read_facts
from socius.engine.assessment.place import Place

hours = st.floats(0, 1e6)
classes = st.sampled_from(["outcome", "driver", "health", "vanity"])
maybe_age = st.none() | st.floats(0, 10)


def facts_of(block: dict[str, Any]) -> CoherenceFacts:
    return read_facts(Place(block, "platform"))


def score(facts: CoherenceFacts, rule: int) -> float | None:
    return cohere(facts).rules[rule - 1].score


@st.composite
def goals(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for i in range(draw(st.integers(0, 4))):
        kpis = [
            {"measure": f"m{k}", "class": draw(classes), "direction": "up", "grains_old": draw(maybe_age)}
            for k in range(draw(st.integers(0, 3)))
        ]  # fmt: skip
        act = draw(st.none() | st.builds(dict, kind=st.sampled_from(["decided", "opened"]), days_ago=st.integers(0, 500)))  # fmt: skip
        effect = draw(st.none() | st.builds(dict, grade=st.sampled_from(list("ABCDE")), days_old=st.integers(0, 800)))  # fmt: skip
        rows.append(making.goal(f"Goal {i}", kpis=kpis, sponsor_act=act, effect=effect, weight=draw(st.floats(0.1, 9)), active=draw(st.booleans())))  # fmt: skip
    return rows


@settings(max_examples=100, deadline=None)
@given(goals(), st.lists(st.tuples(hours, hours), max_size=5))
def test_every_score_lies_between_nothing_and_one(rows, units) -> None:
    capacity = [{"unit": f"u{i}", "need_hours": n, "hours": h} for i, (n, h) in enumerate(units)]
    found = cohere(facts_of(making.platform(goals=rows, capacity=capacity)))
    assert all(r.score is None or 0 <= r.score <= 1 + 1e-12 for r in found.rules)
    assert all(r.message for r in found.rules)


@settings(max_examples=60, deadline=None)
@given(hours, hours, st.floats(0, 1e5))
def test_a_linked_hour_more_never_lowers_c1(linked: float, other: float, more: float) -> None:
    def at(extra: float) -> float:
        work = WorkFacts(hours_total=linked + other + extra + 1, hours_linked=linked + extra)
        found = score(CoherenceFacts("2026-11-20", work=work), 1)
        assert found is not None
        return found

    assert at(more) >= at(0) - 1e-12


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(hours, hours), min_size=1, max_size=5), st.floats(0, 1e5))
def test_capacity_more_never_lowers_c3(units, more: float) -> None:
    rows = tuple(CapacityFacts(str(i), n, h) for i, (n, h) in enumerate(units))
    richer = (replace(rows[0], hours=rows[0].hours + more), *rows[1:])
    before, after = (score(CoherenceFacts("2026-11-20", capacity=c), 3) for c in (rows, richer))
    assert before is not None
    assert after is not None
    assert after >= before - 1e-12


@settings(max_examples=60, deadline=None)
@given(goals())
def test_without_its_outcome_kpi_a_goal_never_stands_better(rows) -> None:
    facts = facts_of(making.platform(goals=rows))
    assert facts.goals is not None
    bare = tuple(replace(g, kpis=tuple(k for k in g.kpis if k.class_ != "outcome")) for g in facts.goals)  # fmt: skip
    before, after = score(facts, 2), score(replace(facts, goals=bare), 2)
    assert before is not None
    assert after is not None
    assert after <= before + 1e-12


def test_a_vanity_measure_more_changes_nothing() -> None:
    facts = facts_of(making.platform())
    assert facts.goals is not None
    fans = GoalKpi("followers", "vanity", "up", 0)
    more = tuple(replace(g, kpis=(*g.kpis, fans)) for g in facts.goals)
    assert cohere(replace(facts, goals=more)).score == cohere(facts).score


def test_no_goal_is_zero_and_a_missing_block_is_no_evidence() -> None:
    none = cohere(facts_of(making.platform(goals=[])))
    assert [none.rules[i - 1].score for i in (2, 6, 7)] == [0, 0, 0]
    assert none.rules[1].message == "no goal is defined"
    missing = cohere(facts_of(making.platform(goals=None)))
    assert [missing.rules[i - 1].score for i in (2, 6, 7)] == [None] * 3
    assert missing.rules[1].message == "no evidence yet"
    assert missing.score == 1


def test_below_five_rules_no_score_is_shown() -> None:
    found = cohere(facts_of(making.platform(goals=None, work=None)))
    assert (found.with_evidence, found.score) == (4, None)


def test_a_waived_rule_counts_as_without_evidence() -> None:
    facts = replace(facts_of(making.one_fault(5)), waived={"C5": Waiver("the sponsor", "none needed", "2026-11-01")})  # fmt: skip
    found = cohere(facts)
    assert found.rules[4].waived
    assert found.score == 1
    assert "waived by the sponsor" in found.rules[4].message


def test_a_recorded_reason_stands_for_the_missing_kind_for_a_year() -> None:
    block = making.one_fault(5)
    for days, expected in ((10, 1.0), (365, 1.0), (366, 0.5)):
        block["no_initiative_reason"]["internal"] = days
        assert score(facts_of(block), 5) == expected


def test_a_running_test_with_power_counts_as_learning() -> None:
    block = making.one_fault(7)
    block["goals"][0]["running_test"] = {"power": 0.8}
    block["goals"][1]["running_test"] = {"power": 0.79}
    assert score(facts_of(block), 7) == 0.5


@pytest.mark.parametrize("name", list(making.CASES))
def test_a_platform_block_survives_the_way_out_and_back(name: str) -> None:
    facts = facts_of(json.loads(making.text(name))["platform"])
    assert facts_of(as_block(facts)) == facts


def test_rules_are_eight() -> None:
    assert [rule.id for rule in RULES] == [f"C{i}" for i in range(1, 9)]
