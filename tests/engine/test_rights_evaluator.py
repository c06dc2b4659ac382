"""The evaluator's parts that the oracle does not reach: bits, compiling, reach, conditions one by one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socius.engine.conditions import CONDITIONS, DENY_CONDITIONS, JUDGES, both, may_apply
from socius.engine.rights import (
    ALWAYS,
    BIT,
    NEVER,
    Grant,
    Place,
    Principal,
    bits_of,
    compile_grants,
    rights_in,
)
from socius.engine.roles import RIGHTS
from socius.kit.clock import micros

ROOT = ("unit", 1)
AT = micros(datetime(2026, 3, 2, 10, tzinfo=UTC))  # a Monday


def test_every_right_has_a_bit_of_its_own():
    assert len(set(BIT.values())) == len(RIGHTS) == 54
    assert all(rights_in(bits_of({right})) == {right} for right in RIGHTS)
    assert rights_in(bits_of(RIGHTS)) == frozenset(RIGHTS)


def test_a_compiled_map_says_for_how_long_it_is_right():
    grants = [
        Grant(1, frozenset({"goal.edit"}), ROOT, until=AT - 5),
        Grant(2, frozenset({"goal.edit"}), ROOT, starts=AT - 2, until=AT + 7),
        Grant(3, frozenset({"unit.edit"}), ROOT, starts=AT + 3),
    ]
    begin, end, nodes = compile_grants(grants, AT)
    assert (begin, end) == (AT - 2, AT + 3)
    assert rights_in(nodes[ROOT].allow) == {"goal.edit"}
    assert compile_grants([], AT) == (ALWAYS, NEVER, {})


def test_a_principal_is_compiled_anew_when_a_grant_begins_or_ends():
    one = Principal(1, active=True, grants=[Grant(1, frozenset({"goal.edit"}), ROOT, until=AT)])
    asked = [one.decide("goal.edit", Place((ROOT,)), at).allowed for at in (AT - 1, AT, AT - 1)]
    assert asked == [True, False, True]


def test_an_unknown_right_is_a_mistake_of_the_program_and_no_refusal():
    with pytest.raises(KeyError):
        Principal(1, active=True, grants=[]).decide("king.be", Place((ROOT,)), AT)


def test_reach_names_the_nodes_and_what_limits_them():
    grants = [
        Grant(1, frozenset({"goal.edit"}), ROOT, conditions={"on_accounts": [3, 4]}),
        Grant(2, frozenset({"goal.edit"}), ("unit", 2), conditions={"trained": ["conduct"]}),
        Grant(3, frozenset({"goal.edit"}), ("unit", 3), deny=True, conditions={"language": ["de"]}),
        Grant(4, frozenset({"unit.edit"}), ("unit", 4)),
    ]
    reach = Principal(1, active=True, grants=grants).reach("goal.edit", AT)
    assert reach.allow == ((ROOT, frozenset({3, 4})),)
    assert reach.deny == ((("unit", 3), None),)
    assert Principal(1, active=False, grants=grants).reach("goal.edit", AT) == ((), ())


def test_may_give_is_what_one_holds_and_what_was_given_to_pass_on():
    grants = [
        Grant(1, frozenset({"goal.edit", "unit.edit"}), ROOT, may_give=frozenset({"post.draft"})),
        Grant(2, frozenset({"unit.edit"}), ("unit", 2), deny=True),
    ]
    one = Principal(1, active=True, grants=grants)
    assert one.may_give(Place((ROOT,)), AT) == {"goal.edit", "unit.edit", "post.draft"}
    assert one.may_give(Place((("unit", 2), ROOT)), AT) == {"goal.edit", "post.draft"}
    assert not one.may_give(Place(()), AT)


@pytest.mark.parametrize(
    ("name", "value", "met", "unmet"),
    [
        ("trained", ["a"], {"trained": ["a", "b"]}, {"trained": ["b"]}),
        ("signed", ["a"], {"signed": ["a"]}, {"signed": []}),
        ("mfa_fresh", 300, {"mfa_fresh": True}, {"mfa_fresh": False}),
        ("origin", ["sso"], {"session_origin": "sso"}, {"session_origin": "device"}),
        ("reach_tier", 2, {"reach_tier": 2}, {"reach_tier": 3}),
        ("language", ["de"], {"language": "de"}, {"language": "fr"}),
        ("content_class", ["legal"], {"content_class": "routine"}, {"content_class": "legal"}),
        ("assigned_only", True, {"assigned": True}, {"assigned": False}),
        ("public_only", True, {"public": True}, {"public": False}),
        ("max_per_hour", 20, {"done_in_hour": 19}, {"done_in_hour": 20}),
        ("initiative", ["active"], {"initiative": ["active", "has goal"]}, {"initiative": []}),
    ],
)
def test_a_condition_is_met_or_not_and_unknown_refuses(name, value, met, unmet):
    assert may_apply({name: value}, met, AT, unknown=False)
    assert not may_apply({name: value}, unmet, AT, unknown=True)
    assert not may_apply({name: value}, {}, AT, unknown=False)
    assert may_apply({name: value}, {}, AT, unknown=True)


def test_hours_are_local_and_may_pass_midnight():
    week = {"zone": "Asia/Kathmandu", "days": [1], "from": "15:00", "until": "16:00"}
    assert may_apply({"hours": week}, {}, AT, unknown=False)  # 10:00 UTC is 15:45 there
    assert not may_apply({"hours": {**week, "days": [2]}}, {}, AT, unknown=False)
    night = {**week, "from": "22:00", "until": "15:46"}
    assert may_apply({"hours": night}, {}, AT, unknown=False)
    assert not may_apply({"hours": {**night, "until": "15:45"}}, {}, AT, unknown=False)


def test_where_grant_and_role_name_one_condition_both_must_hold():
    joined = both(
        {"trained": ["a"], "max_per_hour": 5, "language": ["de"]},
        {"trained": ["b"], "max_per_hour": 20},
    )
    assert joined == {"trained": ["b", "a"], "max_per_hour": 5, "language": ["de"]}


def test_every_condition_is_judged():
    assert set(JUDGES) | {"on_accounts"} == CONDITIONS
    assert DENY_CONDITIONS < CONDITIONS
