"""Activity that is added up between the cuts is counted as activity of each day is."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from socius.engine.sight import (
    AccountFacts,
    ExperimentFacts,
    Facts,
    GoalFacts,
    KPIFacts,
    LinkFacts,
    Window,
    report,
)
from socius.engine.sight import segments as cutting
from socius.engine.sight.counts import Activity
from socius.engine.sight.segments import Segments, by_day, segments
from socius.engine.sight.walk import resolve

FIRST, MIDDLE, LAST = date(2026, 3, 4), date(2026, 4, 16), date(2026, 5, 31)
DAYS = st.integers(-20, 110).map(lambda n: FIRST + timedelta(days=n))
PERIOD = st.tuples(st.none() | DAYS, st.none() | DAYS)
INSIDE = st.integers(0, (LAST - FIRST).days).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    goals = {
        pk: GoalFacts(f"g{pk}", f"Goal {pk}", draw(st.booleans()), *draw(PERIOD)) for pk in (1, 2)
    }
    link = st.builds(
        LinkFacts, st.none() | DAYS, st.none() | DAYS, st.sampled_from([None, 1, 2]),
        st.sampled_from([None, 7]), st.sampled_from([None, 9]),
    )  # fmt: skip
    links = {pk: draw(st.lists(link, max_size=2)) for pk in (20, 21, 22)}
    trial = sorted((draw(INSIDE), draw(INSIDE)))
    merged = draw(st.sampled_from([None, 20]))
    return Facts(
        goals=goals,
        kpis={1: [KPIFacts("outcome", None)]},
        initiatives={7: "Campaign"},
        initiative_goals={7: draw(st.lists(st.sampled_from([1, 2]), unique=True))},
        experiments={9: ExperimentFacts("Trial", *trial, draw(st.sampled_from([None, 2])))},
        links={pk: rows for pk, rows in links.items() if rows},
        accounts={
            pk: AccountFacts(f"a{pk}", pk % 2 + 3, "x", merged if pk == 22 else None)
            for pk in (20, 21, 22)
        },
        references={8: draw(st.sampled_from([20, 21]))},
    )


ACTS = st.lists(
    st.tuples(
        INSIDE,
        st.sampled_from([0, 20, 21, 22, 99]),
        st.just(3),
        st.sampled_from(["x", "mail"]),
        st.sampled_from([0, 8]),
        st.sampled_from([0, 0, 7]),
        st.sampled_from([0, 0, 1]),
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=60,
)


def added_up(rows: list[Activity], cuts: Segments) -> list[Activity]:
    """What a store that adds up over each segment would give."""
    total: Counter[tuple[object, ...]] = Counter()
    for day, *where, n in rows:
        apart = where[0] in cuts.accounts or where[3] in cuts.references
        start = day if apart else cuts.starts[bisect_right(cuts.starts, day) - 1]
        total[(start, *where)] += n  # type: ignore[has-type]
    return [(*key, n) for key, n in total.items()]  # type: ignore[misc]


@settings(max_examples=300, deadline=None)
@given(worlds(), ACTS)
def test_adding_up_over_segments_changes_no_figure(facts: Facts, rows: list[Activity]) -> None:
    window = Window(MIDDLE, LAST, LAST)
    by_days = report(facts, rows, window)
    by_segments = report(facts, added_up(rows, segments(facts, FIRST, LAST, MIDDLE)), window)
    assert by_segments.tally == by_days.tally
    assert by_segments.earlier == by_days.earlier


def test_a_quiet_calendar_is_cut_at_mondays_and_where_asked() -> None:
    cuts = segments(Facts(), FIRST, LAST, MIDDLE)
    assert cuts.starts[:2] == [FIRST, date(2026, 3, 9)]
    assert MIDDLE in cuts.starts
    assert len(cuts.starts) == 14
    assert not cuts.accounts


def test_a_link_that_changes_inside_names_its_account_and_all_that_are_part_of_it() -> None:
    facts = Facts(
        accounts={1: AccountFacts("whole", 1, "x"), 2: AccountFacts("part", 1, "x", 1)},
        references={5: 2},
        links={1: [LinkFacts(MIDDLE, None, 1)]},
    )
    assert resolve(facts, 2, 0) == 1
    cuts = segments(facts, FIRST, LAST)
    assert (cuts.accounts, cuts.references) == ({1, 2}, {5})
    assert (
        segments(facts, MIDDLE, LAST).accounts == frozenset()
    )  # it holds on the first day already


def test_many_accounts_that_change_are_read_by_day() -> None:
    ids = range(1, cutting.MOST_APART + 2)
    facts = replace(
        Facts(),
        accounts={pk: AccountFacts("a", 1, "x") for pk in ids},
        links={pk: [LinkFacts(MIDDLE, None, 1)] for pk in ids},
    )
    assert segments(facts, FIRST, LAST) == by_day(FIRST, LAST)
