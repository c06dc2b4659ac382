"""The invariants of docs/reference/rights.md that concern one decision; numbers as there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import organisations
from organisations import Engine

from socius.engine.rights import Grant, Hold, Place, Principal, Share, bits_of
from socius.engine.roles import AREAS, HOLD_EXEMPT, HOLDABLE, RIGHTS, ROLES
from socius.kit.clock import micros

AT = micros(datetime(2026, 3, 1, 12, tzinfo=UTC))
ROOT, HUB, OTHER, SPOKE = ("unit", 1), ("unit", 2), ("unit", 3), ("unit", 4)
SPOT = Place((("account", 7), SPOKE, HUB, ROOT))


def person(*grants, active=True):
    return Principal(1, active=active, grants=grants)


def holds(principal, right, place=SPOT, at=AT, facts=None):
    return principal.decide(right, place, at, facts or {}).allowed


def worlds(count):
    for seed in range(count):
        world = organisations.make(5000 + seed)
        yield Random(seed), world, Engine(world)


def test_1_without_a_grant_there_is_no_right():
    assert not any(holds(person(), right) for right in RIGHTS)
    for rng, world, _ in worlds(30):
        world.grants = [g for g in world.grants if g["effect"] == "deny"]
        engine = Engine(world)
        for question in organisations.questions(rng, world, 40):
            assert not engine.decide(*question).allowed


def test_2_a_deny_a_disabled_person_or_a_hold_dominates_any_set_of_allows():
    everything = [
        Grant(n, frozenset(RIGHTS), node)
        for n, node in enumerate([("account", 7), SPOKE, HUB, ROOT])
    ]
    for right in RIGHTS:
        for node in (("account", 7), SPOKE, HUB, ROOT):
            deny = Grant(9, frozenset({right}), node, deny=True)
            assert not holds(person(*everything, deny), right)
            assert holds(person(*everything, replace(deny, node=OTHER)), right)
        assert not holds(person(*everything, active=False), right)
        held_up = Place(SPOT.path, (), (Hold(HUB),))
        free = right not in HOLDABLE or right in HOLD_EXEMPT
        assert holds(person(*everything), right, held_up) is free


def test_3_an_allow_never_removes_a_right_and_a_deny_never_adds_one():
    for rng, world, before in worlds(120):
        asked = organisations.questions(rng, world, 40)
        one = organisations.grant(rng, world)
        world.grants = [*world.grants, one]
        after = Engine(world)
        for question in asked:
            was, now = before.decide(*question).allowed, after.decide(*question).allowed
            assert now >= was if one["effect"] == "allow" else now <= was


def test_4_rights_flow_neither_up_nor_sideways():
    for rng, world, _ in worlds(80):
        home = rng.choice(list(world.parents))
        world.shares, world.holds = [], []
        world.grants = [{**one, "effect": "allow", "node": ("unit", home)} for one in world.grants]
        engine = Engine(world)
        for question in organisations.questions(rng, world, 60):
            if ("unit", home) not in engine.place(question[2]).path:
                assert not engine.decide(*question).allowed


def test_4_a_share_carries_exactly_its_rights_to_exactly_its_object():
    holder = person(Grant(1, frozenset(RIGHTS), OTHER))
    shared = ["account.view", "reply.draft"]
    share = Share(bits_of(shared), (OTHER, ROOT))
    for right in RIGHTS:
        assert holds(holder, right, Place(SPOT.path, (share,))) is (right in shared)
        assert not holds(holder, right)
    ended = replace(share, until=AT)
    assert not holds(holder, "account.view", Place(SPOT.path, (ended,)))


def test_6_no_right_implies_another():
    for one in RIGHTS:
        holder = person(Grant(1, frozenset({one}), ROOT))
        assert [right for right in RIGHTS if holds(holder, right)] == [one]


def test_6_who_moderates_does_not_speak_and_who_responds_does_not_post():
    speak = set(AREAS["speak"])
    posts = {right for right in RIGHTS if right.startswith("post.")}
    for key in ("moderator", "community_moderator"):
        assert not (ROLES[key].held | ROLES[key].conditional) & speak
    assert not (ROLES["responder"].held | ROLES["responder"].conditional) & posts
    # Who governs access does not speak, and gives nonetheless.
    assert not ROLES["admin"].held & speak
    assert ROLES["admin"].may_give == frozenset(RIGHTS)
    assert not any("profile.view.sensitive" in role.held for role in ROLES.values())


def test_7_an_allow_counts_from_its_first_instant_and_not_at_its_last():
    begin, end = AT, AT + 1000
    holder = person(Grant(1, frozenset({"goal.edit"}), HUB, starts=begin, until=end))
    seen = {
        at: holds(holder, "goal.edit", at=at) for at in (begin - 1, begin, end - 1, end, end + 1)
    }
    assert list(seen.values()) == [False, True, True, False, False]
    # Two that touch leave no gap and no overlap.
    both = person(
        Grant(1, frozenset({"goal.edit"}), HUB, until=begin),
        Grant(2, frozenset({"goal.edit"}), HUB, starts=begin),
    )
    assert all(holds(both, "goal.edit", at=begin + step) for step in (-1, 0, 1))


def test_7_the_zone_in_which_an_instant_is_written_changes_nothing():
    # In the repeated hour of autumn two different instants look alike on a clock.
    paris = ZoneInfo("Europe/Paris")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=paris)
    second = first.replace(fold=1)
    holder = person(
        Grant(1, frozenset({"goal.edit"}), HUB, starts=micros(first), until=micros(second))
    )
    hour = timedelta(hours=1)
    assert micros(second) - micros(first) == 3_600_000_000
    for zone in (UTC, paris, ZoneInfo("Asia/Kathmandu")):
        assert holds(holder, "goal.edit", at=micros(first.astimezone(zone)))
        assert not holds(holder, "goal.edit", at=micros(second.astimezone(zone)))
        assert not holds(holder, "goal.edit", at=micros(first.astimezone(UTC) - hour))


def test_7_in_random_organisations_ended_allows_change_nothing():
    for rng, world, engine in worlds(60):
        for question in organisations.questions(rng, world, 30):
            at = question[3]
            fewer = [
                g
                for g in world.grants
                if g["effect"] == "deny" or g["until"] is None or micros(g["until"]) > micros(at)
            ]
            alone = Engine(replace(world, grants=fewer))
            assert alone.decide(*question) == engine.decide(*question)


def test_16_neither_the_order_of_grants_nor_what_was_asked_before_matters():
    for rng, world, engine in worlds(40):
        asked = organisations.questions(rng, world, 60)
        first = [engine.decide(*question) for question in asked]
        shuffled = list(world.grants)
        rng.shuffle(shuffled)
        other = Engine(replace(world, grants=shuffled))
        backwards = [other.decide(*question) for question in reversed(asked)][::-1]
        assert backwards == first
        assert [engine.decide(*question) for question in asked] == first


def test_an_unknown_fact_refuses_on_an_allow_and_on_a_deny():
    everything = Grant(1, frozenset(RIGHTS), ROOT)
    tiered = {"reach_tier": 2}
    assert not holds(person(replace(everything, conditions=tiered)), "post.draft")
    deny = Grant(2, frozenset({"post.draft"}), ROOT, deny=True, conditions=tiered)
    assert not holds(person(everything, deny), "post.draft")
    assert holds(person(everything, deny), "post.draft", facts={"reach_tier": 3})
    assert not holds(person(everything, deny), "post.draft", facts={"reach_tier": 1})
