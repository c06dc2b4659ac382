"""Value, needs, prerequisites, sponsors' decisions; tools that come after goals and strategy."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from house import House
from socius.activity.models import Content, Entry
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import Gift, NewPerson, give_grant, invite_person
from socius.organisation.models import Actor
from socius.strategy.actions import (
    First,
    Parts,
    Wish,
    accept_initiative,
    adopt_strategy,
    ask_for_tool,
    close_goal,
    decide_tool,
    need_initiatives,
    override_tool,
    place_initiative,
    plan_initiative,
    retire_tool,
    review_initiative,
    set_frame,
    set_goal,
    set_initiative,
    set_prerequisites,
    turn_down,
)
from socius.strategy.models import Dependency, Goal, Initiative, Prerequisite, RoadmapFrame, Tool


def initiative(house: House, key: str, **fields: object) -> Initiative:
    return set_initiative(house.root, key=key, title=key.title(), actor=house.actor(), **fields)[0]  # type: ignore[arg-type]


def goal(house: House, key: str = "more") -> Goal:
    return set_goal(house.root, key=key, statement=key, actor=house.actor())[0]


def said(verb: str) -> dict[str, object]:
    row = Entry.objects.filter(verb=verb).order_by("-recorded_at").first()
    assert row is not None, verb
    return json.loads(bytes(Content.objects.get(pk=row.pk).content))


def test_a_circle_is_refused_with_its_members_and_nothing_is_written(house):
    a, b, c = (initiative(house, key) for key in ("ask", "build", "check"))
    need_initiatives(b, needed=[a], actor=house.actor())
    need_initiatives(c, needed=[b], actor=house.actor())
    before = house.entries()
    with pytest.raises(Invalid, match="“Ask” → “Check” → “Build” → “Ask”"):
        need_initiatives(a, needed=[c], actor=house.actor())
    with pytest.raises(Invalid, match="“Ask” → “Ask”"):
        need_initiatives(a, needed=[a], actor=house.actor())
    assert (house.entries(), Dependency.objects.count()) == (before, 2)
    # Once the chain is open again, the other direction is possible.
    need_initiatives(b, needed=[], actor=house.actor())
    need_initiatives(a, needed=[c], actor=house.actor())
    assert Dependency.objects.filter(known_until=None).count() == 2


def test_a_value_is_three_numbers_that_rise_and_the_old_ones_stay_in_the_ledger(house):
    one = initiative(house, "ask")
    three = {"value_low": Decimal(10), "value_likely": Decimal(20), "value_high": Decimal(40)}
    plan_initiative(one, **three, functions="product|sales", actor=house.actor())
    for wrong in ({"value_low": Decimal(30)}, {"value_high": Decimal(101)}, {"value_likely": None}):
        with pytest.raises(Invalid, match="three numbers that rise"):
            plan_initiative(one, **{**three, **wrong}, actor=house.actor())
    before = house.entries()
    plan_initiative(one, **three, actor=house.actor())
    assert house.entries() == before
    plan_initiative(one, value_low=None, value_likely=None, value_high=None, actor=house.actor())
    assert said("initiative_planned")["before"]["value_likely"] == "20.00"  # type: ignore[index]


def test_prerequisites_are_a_list_that_is_set_as_a_whole(house):
    one = initiative(house, "ask")
    rules = First("Rules signed", "q27", date(2026, 9, 1))
    assert set_prerequisites(one, first=[rules, First("Budget")], actor=house.actor()) == 2
    met = rules._replace(met_on=date(2026, 8, 1))
    assert set_prerequisites(one, first=[met, First("Budget")], actor=house.actor()) == 1
    assert Prerequisite.objects.filter(known_until=None).count() == 2
    assert Prerequisite.objects.count() == 3


def test_what_will_not_be_done_has_a_reason_and_can_be_taken_up_again(house):
    one = initiative(house, "ask", status="idea")
    with pytest.raises(Invalid, match="no reason"):
        turn_down(one, reason=" ", actor=house.actor())
    turn_down(one, reason="No goal needs it", actor=house.actor())
    one.refresh_from_db()
    assert (one.status, one.reason) == ("rejected", "No goal needs it")
    accept_initiative(one, actor=house.actor())
    one.refresh_from_db()
    assert (one.status, one.reason) == ("accepted", "")
    with pytest.raises(Conflict, match="is accepted"):
        accept_initiative(one, actor=house.actor())


def test_a_review_says_what_it_found_and_when_the_next_one_is(house):
    one = initiative(house, "ask")
    due = house.at.date() + timedelta(days=60)
    review_initiative(one, reason="On its way", due=due, actor=house.actor())
    assert said("initiative_reviewed") == {"reason": "On its way", "next": str(due)}
    with pytest.raises(Invalid, match="has gone by"):
        review_initiative(one, reason="On its way", due=house.at.date(), actor=house.actor())


def test_a_chosen_place_needs_a_reason_and_names_who_chose_it(house):
    one = initiative(house, "ask")
    with pytest.raises(Invalid, match="no reason"):
        place_initiative(one, place=1, actor=house.actor())
    place_initiative(one, place=1, reason="Promised to the board", actor=house.actor())
    one.refresh_from_db()
    assert (one.place, one.place_by) == (1, house.person)
    place_initiative(one, place=0, actor=house.actor())
    one.refresh_from_db()
    assert (one.place, one.place_by) == (0, None)


def test_one_frame_stands_at_a_time(house):
    set_frame(house.root, capacity_hours=Decimal(900), actor=house.actor())
    set_frame(house.root, capacity_hours=Decimal(900), actor=house.actor())
    set_frame(house.root, capacity_hours=Decimal(1200), hour_value=Decimal(60), actor=house.actor())
    assert RoadmapFrame.objects.count() == 2
    assert RoadmapFrame.objects.get(known_until=None).capacity_hours == 1200


def test_a_tool_needs_a_goal_that_runs_and_the_strategy_in_force_that_holds_it(house):
    more, other = goal(house), goal(house, "other")
    wish = Wish("Inbox", "answer in one place")

    def refused(one: Wish, words: str) -> None:
        before = house.entries()
        with pytest.raises(Invalid, match=words):
            ask_for_tool(house.root, wish=one, actor=house.actor())
        assert (house.entries(), Tool.objects.count()) == (before, 0)

    refused(wish, "names no goal")
    refused(Wish("Inbox", "answer", goal=more), "No strategy has been adopted")
    with pytest.raises(Invalid, match="tactics only"):
        adopt_strategy(house.root, parts=Parts("Five channels"), goals=[], actor=house.actor())
    first = adopt_strategy(house.root, parts=Parts("Near"), goals=[more], actor=house.actor())
    refused(Wish("Inbox", "answer", goal=more), "Read version 1 ")
    refused(Wish("Inbox", "answer", goal=other, strategy=first), "no goal of strategy 1")
    second = adopt_strategy(house.root, parts=Parts("Nearer"), goals=[more], actor=house.actor())
    refused(Wish("Inbox", "answer", goal=more, strategy=first), "Read version 2 ")
    good = Wish("Inbox", "answer", goal=more, strategy=second)
    tool = ask_for_tool(house.root, wish=good, actor=house.actor())
    assert (tool.status, tool.strategy.number) == ("asked", 2)
    with pytest.raises(Conflict, match="stands in the register"):
        ask_for_tool(house.root, wish=good, actor=house.actor())
    close_goal(more, actor=house.actor(), reason="reached")
    more.refresh_from_db()
    with pytest.raises(Invalid, match="is closed"):
        ask_for_tool(
            house.root, wish=Wish("B", "b", goal=more, strategy=second), actor=house.actor()
        )


def test_an_exception_has_a_name_and_a_reason_and_is_in_the_ledger(house):
    wish = Wish("Inbox", "answer in one place")
    with pytest.raises(Invalid, match="somebody else can judge"):
        override_tool(house.root, wish=wish, reason="now", actor=house.actor())
    tool = override_tool(
        house.root, wish=wish, reason="The old one closes on Friday", actor=house.actor()
    )
    assert (tool.status, tool.override_by) == ("in_use", house.person)
    assert said("tool_overridden")["lacks"] == "goal"
    more = goal(house)
    version = adopt_strategy(house.root, parts=Parts("Near"), goals=[more], actor=house.actor())
    with pytest.raises(Conflict, match="no exception is needed"):
        override_tool(
            house.root,
            wish=Wish("Desk", "plan", goal=more, strategy=version),
            reason="It is quicker like this",
            actor=house.actor(),
        )


def test_who_asks_for_a_tool_does_not_decide_on_it(house):
    more = goal(house)
    version = adopt_strategy(house.root, parts=Parts("Near"), goals=[more], actor=house.actor())
    wish = Wish("Inbox", "answer", goal=more, strategy=version)
    tool = ask_for_tool(house.root, wish=wish, actor=house.actor())
    with pytest.raises(Conflict, match="somebody else decides"):
        decide_tool(tool, grant=True, reason="It fits", actor=house.actor())
    other = invite_person(NewPerson("bo@example.org", unit=house.root), actor=house.actor())
    gift = Gift(other, None, "runs the register", rights=frozenset({"policy.edit"}))
    give_grant(gift, actor=house.actor())
    decided = decide_tool(
        tool, grant=False, reason="The present one does it", actor=Actor(other, "web", house.at)
    )
    assert (decided.status, decided.decided_by) == ("refused", other)
    with pytest.raises(Conflict, match="nothing to decide"):
        decide_tool(tool, grant=True, reason="Again", actor=Actor(other, "web", house.at))
    assert retire_tool(tool, reason="gone", actor=house.actor()).status == "retired"
