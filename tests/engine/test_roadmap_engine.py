"""A roadmap: its order, its schedule, its circles, its flags. Random plans from Hypothesis."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socius.engine.roadmap import (
    Frame,
    Item,
    Prerequisite,
    Range,
    answer,
    compare,
    cycle_in,
    flags,
    ordered,
    planned,
    quarter_name,
    read_plan,
    standings,
)

DAY = date(2026, 10, 1)
FRAME = Frame(DAY, capacity=300.0)
EXAMPLES = Path(__file__).parents[2] / "docs" / "reference" / "examples" / "roadmap"


def item(name: str, value: float = 10, hours: float = 100, **more: object) -> Item:
    return Item(
        name, name, value=Range(value, value, value), hours=Range(hours, hours, hours), **more
    )  # type: ignore[arg-type]


numbers = st.floats(1, 100, allow_nan=False)
ranges = st.lists(numbers, min_size=3, max_size=3).map(lambda three: Range(*sorted(three)))


@st.composite
def plans(draw: st.DrawFn, *, needs: bool = True) -> list[Item]:
    """Up to nine initiatives; needs point to earlier ones, so there is no circle."""
    out: list[Item] = []
    for at in range(draw(st.integers(1, 9))):
        wanted = draw(st.sets(st.integers(0, max(at - 1, 0)), max_size=2)) if needs and at else ()
        out.append(
            Item(
                f"i{at}",
                f"Work {at}",
                state=draw(st.sampled_from(["idea", "accepted", "running"])),
                value=draw(ranges),
                hours=draw(ranges).scaled(20),
                quarters=draw(st.integers(1, 4)),
                needs=tuple(f"i{n}" for n in sorted(wanted)),
            )
        )
    return out


@settings(deadline=None, max_examples=40)
@given(plans(), st.floats(50, 3000))
def test_a_schedule_keeps_capacity_needs_and_effort(items, capacity):
    frame = replace(FRAME, capacity=capacity)
    plan = planned(items, frame, rounds=0)
    assert sorted(slot.item.id for slot in plan.slots) == sorted(one.id for one in items)
    assert all(hours <= capacity + 1e-6 for hours in plan.load())
    slots = {slot.item.id: slot for slot in plan.slots}
    places = {slot.item.id: at for at, slot in enumerate(plan.slots)}
    assert plan.load()[0] <= capacity * frame.left_of_first + 1e-6
    for slot in plan.slots:
        effort = slot.item.hours.likely
        assert sum(slot.hours) <= effort + 1e-6
        if slot.last is not None and not slot.over:
            assert sum(slot.hours) == pytest.approx(effort, abs=1e-5)
            assert slot.last - slot.first + 1 >= slot.item.quarters
        for need in slot.item.needs:
            assert places[need] < places[slot.item.id]
            if slot.first is not None and slot.item.state != "running":
                assert slots[need].last < slot.first


@settings(deadline=None, max_examples=40)
@given(plans(needs=False), st.floats(50, 1500), st.floats(1, 3))
def test_without_dependencies_more_hours_never_delay_anything(items, capacity, factor):
    less, more = (
        planned(items, replace(FRAME, capacity=c), rounds=0) for c in (capacity, capacity * factor)
    )
    assert all(change.quarters is None or change.quarters <= 0 for change in compare(less, more))
    assert all(a <= b for a, b in zip(less.value_by_year(), more.value_by_year(), strict=True))


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefgx"), max_size=3))
)
def test_a_circle_is_found_exactly_when_there_is_one_and_it_is_one(needs):
    circle = cycle_in(needs)
    reached = {name: set(needs[name]) for name in needs}
    for _ in needs:
        for name in needs:
            reached[name] |= {far for near in set(reached[name]) for far in reached.get(near, ())}
    assert bool(circle) == any(name in reached[name] for name in needs)
    if circle:
        assert circle[0] == circle[-1]
        assert all(b in needs[a] for a, b in itertools.pairwise(circle))


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(6)), plans())
def test_the_order_of_the_list_decides_nothing(turn, items):
    shuffled = [items[t] for t in turn if t < len(items)] + items[6:]
    assert [i.id for i, _ in ordered(shuffled, FRAME)] == [i.id for i, _ in ordered(items, FRAME)]


def test_the_order_follows_planted_values_and_ranges_that_overlap_are_tied():
    items = [item(f"v{value}", value) for value in (5, 80, 20, 40)]
    assert [one.id for one, _ in ordered(items, FRAME)] == ["v80", "v40", "v20", "v5"]
    wide = Item("wide", "Wide", value=Range(1, 30, 100), hours=Range(100, 100, 100))
    stand = standings([*items, wide], FRAME)
    assert stand["v80"].tied == ("wide",)
    assert stand["v80"].low == 1
    assert 0 < stand["wide"].first < 1
    assert standings([*items, wide], FRAME) == stand


def test_a_modest_piece_of_work_comes_early_when_something_good_needs_it():
    items = [item("good", 90, needs=("modest",)), item("modest", 5), item("middling", 30)]
    order = ordered(items, FRAME)
    assert [one.id for one, _ in order] == ["modest", "good", "middling"]
    assert "“good” needs it" in order[0][1]


def test_a_chosen_place_is_kept_as_far_as_needs_allow():
    items = [item("a", 50, needs=("c",)), item("b", 40), item("c", 30), item("d", 1, place=1)]
    assert next(one.id for one, _ in ordered(items, FRAME)) == "d"
    items[0] = replace(items[0], place=1)
    order = [one.id for one, _ in ordered([*items[:3]], FRAME)]
    assert order.index("c") < order.index("a")


def test_what_is_not_ready_waits_and_what_needs_it_waits_too():
    lacking = (Prerequisite("Rules signed"),)
    later = (Prerequisite("Rules signed", expected=date(2027, 8, 1)),)
    plan = planned(
        [item("a", ready=lacking), item("b", needs=("a",)), item("c", ready=later)], FRAME
    )
    slots = {slot.item.id: slot for slot in plan.slots}
    assert slots["a"].waits == "no date for: Rules signed"
    assert "“a”" in slots["b"].waits
    assert quarter_name(slots["c"].first) == "2027 Q3"


def test_a_what_if_speaks_against_the_plan_as_it_stands():
    items = [item("a", 20, 600), item("b", 10, 600), item("c", 1, 3000)]
    before, after = planned(items, FRAME), planned(items, replace(FRAME, capacity=600.0))
    say = {change.item.id: (change.quarters, change.say) for change in compare(before, after)}
    assert say["a"] == (-1, "ends 1 quarter earlier, in 2026 Q4")
    assert say["b"][0] == -2
    assert say["c"][1].startswith("now ends")
    assert compare(before, before)[0].say.endswith("as before")


def test_running_work_goes_on_side_by_side_in_what_is_left_of_the_quarter():
    items = [
        item("a", 20, 600, state="running"),
        item("b", 10, 200, state="running"),
        item("c", 90, 10),
    ]
    frame = replace(FRAME, as_of=date(2026, 11, 16), capacity=400.0)
    assert frame.left_of_first == 0.5
    slots = {slot.item.id: slot for slot in planned(items, frame).slots}
    assert slots["a"].hours[:3] == pytest.approx((100, 300, 200))
    assert slots["b"].hours[:3] == pytest.approx((100, 100, 0))
    assert slots["c"].hours[2] == pytest.approx(10)


def test_money_counts_only_where_an_hour_has_a_value():
    items = [item("cheap", 10, 100), replace(item("dear", 12, 100), cost=Range(6000, 6000, 6000))]
    assert [i.id for i, _ in ordered(items, FRAME)] == ["dear", "cheap"]
    assert [i.id for i, _ in ordered(items, replace(FRAME, hour_value=60.0))] == ["cheap", "dear"]


def test_the_end_less_than_a_year_out_raises_the_flag_and_a_year_does_not():
    for end, flagged in ((date(2027, 9, 30), True), (date(2027, 10, 1), False)):
        one = item("a", end=end, goals=("g",))
        kinds = [flag.kind for flag in flags([one], planned([one], FRAME))]
        assert ("horizon" in kinds) is flagged
    assert [f.kind for f in flags([], planned([], FRAME))] == ["empty"]


def test_the_examples_of_the_reference_say_what_the_reference_says():
    read = {p.stem: json.loads(p.read_text()) for p in sorted(EXAMPLES.glob("*.json"))}
    said = {name: answer(*read_plan(data, DAY)) for name, data in read.items()}
    assert said["three-years"]["flags"] == []
    assert next(one["id"] for one in said["three-years"]["order"]) == "triage"
    assert "budget → proof → pilot → budget" in said["circle"]["problems"][0]["say"]
    assert {"horizon", "narrow", "nothing_refused"} <= {f["kind"] for f in said["short"]["flags"]}


WRONG = [
    ([], "file"),
    ({"format": "x", "initiatives": []}, "format"),
    ({"format": "socius-roadmap/1"}, "initiatives"),
    ([{"title": "x"}], "initiatives[0].id"),
    ([{"id": "a", "vlaue": 1}], "initiatives[0].vlaue"),
    ([{"id": "a", "value": [3, 2, 1]}], "initiatives[0].value"),
    ([{"id": "a", "value": 101}], "initiatives[0].value"),
    ([{"id": "a", "hours": "many"}], "initiatives[0].hours"),
    ([{"id": "a", "hours": True}], "initiatives[0].hours"),
    ([{"id": "a", "hours": float("nan")}], "initiatives[0].hours"),
    ([{"id": "a", "state": "begun"}], "initiatives[0].state"),
    ([{"id": "a", "state": []}], "initiatives[0].state"),
    ([{"id": "a", "end": "soon"}], "initiatives[0].end"),
    ([{"id": "a", "start": "2027-02-01", "end": "2027-01-01"}], "initiatives[0].end"),
    ([{"id": "a"}, {"id": "a"}], "initiatives[1].id"),
    ([{"id": "a", "needs": ["b"]}], "initiatives[0].needs"),
    ([{"id": "a", "needs": ["a"]}], "initiatives[0].needs"),
    ([{"id": "a", "needs": [1]}], "initiatives[0].needs"),
    ([{"id": "a", "ready": [{"met": "yes", "what": "x"}]}], "initiatives[0].ready[0].met"),
    ([{"id": "a", "ready": [{}]}], "initiatives[0].ready[0].what"),
    ([{"id": "a", "quarters": 0}], "initiatives[0].quarters"),
    (["a"], "initiatives[0]"),
]


@pytest.mark.parametrize(("data", "place"), WRONG)
def test_bad_input_gets_a_place_a_sentence_and_a_remedy(data, place):
    if isinstance(data, list) and data:
        data = {"format": "socius-roadmap/1", "initiatives": data}
    _, _, problems = read_plan(data, DAY)
    assert [problem.place for problem in problems] == [place]
    assert problems[0].say.endswith(".")
    assert problems[0].remedy


@settings(deadline=None, max_examples=80)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "needs", "value", "hours", "ready", "state", "end", "initiatives", "quarters"]), inner, max_size=4), max_leaves=12))  # fmt: skip
def test_no_json_makes_the_reader_fall_over(data):
    items, frame, problems = read_plan({"format": "socius-roadmap/1", "initiatives": data}, DAY)
    if not problems:
        assert answer(items, frame)["sound"]
