"""The evaluator and the oracle agree on random organisations; explain agrees with both."""

from __future__ import annotations

from random import Random

import oracle
import organisations
import pytest

from socius.kit.clock import micros


def compare(seeds, each, most_units=60):
    asked = 0
    whys = set()
    for seed in seeds:
        world = organisations.make(seed, most_units)
        engine = organisations.Engine(world)
        for question in organisations.questions(Random(seed), world, each):
            ours, theirs = engine.decide(*question), oracle.decide(world, *question)
            assert tuple(ours) == theirs, f"seed {seed}: {question}"
            asked += 1
            whys.add(ours.why)
    assert whys == {"allow", "deny", "default", "subject", "orphan", "hold"}
    return asked


def test_fifty_thousand_decisions_agree_with_the_oracle():
    assert compare(range(200), 250) == 50_000


@pytest.mark.slow
def test_half_a_million_decisions_agree_with_the_oracle():
    assert compare(range(1000, 2250), 400, most_units=600) == 500_000


def test_explain_decides_the_same_and_names_what_it_used():
    for seed in range(60):
        world = organisations.make(seed)
        engine = organisations.Engine(world)
        for question in organisations.questions(Random(seed), world, 60):
            person, right, node, at, facts = question
            decision = engine.decide(*question)
            used = engine.principals[person].explain(right, engine.place(node), micros(at), facts)
            assert used.decision == decision, f"seed {seed}: {question}"
            assert bool(used.denies) == (decision.why == "deny")
            assert bool(used.missing) != decision.allowed
            if decision.allowed:
                assert used.allows
            for grant in used.allows + used.denies:
                assert right in grant.rights
                assert grant.reason
