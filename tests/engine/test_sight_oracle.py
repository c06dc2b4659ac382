"""The report equals plain loops over single activities, for anything that Hypothesis thinks of.

The oracle is written from the definition (issue, item 6) and shares no code with `engine.sight`.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from socius.engine.sight import (
    AccountFacts,
    EffectFacts,
    ExperimentFacts,
    Facts,
    GoalFacts,
    KPIFacts,
    LinkFacts,
    SeriesFacts,
    Window,
    report,
)
from socius.engine.sight.counts import Activity

AS_OF = date(2026, 3, 31)
FIRST = date(2026, 1, 1)
NAMES = ("none", "goal", "outcome", "fresh")
LENGTHS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366, "": 1}
KINDS = {
    "account_without_goal", "initiative_without_goal", "goal_without_owner", "goal_without_outcome_kpi", "kpi_without_series", "series_stale", "no_effect", "account_unknown",
}  # fmt: skip

ids = st.integers(1, 3)
near = st.integers(-20, 110).map(lambda n: FIRST + timedelta(days=n))
maybe_day = st.none() | near
within = st.integers(0, 89).map(lambda n: FIRST + timedelta(days=n))

goal_facts = st.builds(GoalFacts, st.just("k"), st.just("n"), st.booleans(), maybe_day, maybe_day, st.sampled_from([False, False, False, True]))  # fmt: skip
kpi_facts = st.builds(KPIFacts, st.sampled_from(["outcome", "outcome", "driver"]), st.none() | ids)
series_facts = st.builds(
    SeriesFacts,
    st.just("s"),
    st.sampled_from(sorted(LENGTHS)),
    st.none() | st.integers(0, 800).map(lambda n: AS_OF - timedelta(days=n)),
)
effect_facts = st.builds(
    EffectFacts, st.none() | ids, ids, ids, st.sampled_from("ABCDE"),
    st.integers(-5, 400).map(lambda n: AS_OF - timedelta(days=n)), st.booleans(), st.sampled_from([False, False, True]),
).map(lambda e: e._replace(goal=None) if e.initiative else e)  # fmt: skip
trial_facts = st.builds(ExperimentFacts, st.just("t"), near, near, st.none() | ids)
link_facts = st.tuples(maybe_day, maybe_day, st.sampled_from(["goal", "initiative", "experiment"]), ids).map(
    lambda t: LinkFacts(t[0], t[1], **{t[2]: t[3]})
)  # fmt: skip
account_facts = st.builds(
    AccountFacts, st.just("a"), st.integers(1, 2), st.sampled_from(["x", "bluesky"])
)


@st.composite
def worlds(draw: Any) -> Facts:
    accounts = draw(st.dictionaries(ids, account_facts))
    # A merge leads to a higher number, so that there is no circle.
    merged = {
        pk: a._replace(merged_into=draw(st.sampled_from([None, *(k for k in accounts if k > pk)])))
        for pk, a in accounts.items()
    }
    return Facts(
        goals=draw(st.dictionaries(ids, goal_facts)),
        kpis=draw(st.dictionaries(ids, st.lists(kpi_facts, max_size=3))),
        series={pk: draw(series_facts) for pk in (1, 2, 3)},
        effects=draw(st.lists(effect_facts, max_size=4)),
        initiatives={1: "i", 2: "i", 3: "i"},
        initiative_goals=draw(st.dictionaries(ids, st.lists(ids, unique=True, max_size=2))),
        experiments=draw(st.dictionaries(ids, trial_facts, max_size=2)),
        links=draw(st.dictionaries(ids, st.lists(link_facts, max_size=3))),
        accounts=merged,
        references=draw(st.dictionaries(ids, ids)),
    )


activities = st.lists(
    st.tuples(
        within, st.integers(0, 2), st.sampled_from([0, 1, 2, 3]), st.sampled_from([0, 1, 2]), st.sampled_from([0, 0, 1, 2, 3]),
        st.sampled_from([0, 0, 1, 2]), st.sampled_from(["x", ""]), st.sampled_from(["posted", "ran"]), st.integers(1, 3), st.just(0),
    ),
    max_size=12,
)  # fmt: skip


def line_to_goal(facts: Facts, pk: int, initiative: int | None, day: date) -> tuple[int, str, bool]:
    """(level, grade, by hand) of a line that reaches this goal on this day."""
    goal = facts.goals.get(pk)
    if goal is None or goal.closed or not goal.has_owner:
        return 0, "", False
    if (goal.start and goal.start > day) or (goal.end and goal.end < day):
        return 0, "", False
    best = (1, "", False)
    for kpi in facts.kpis.get(pk, []):
        if kpi.class_name != "outcome" or kpi.series is None:
            continue
        series = facts.series[kpi.series]
        level = 2
        if series.newest and AS_OF - series.newest <= timedelta(days=2 * LENGTHS[series.grain]):
            level = 3
        grades = [
            (e.grade, e.by_hand)
            for e in facts.effects
            if level == 3
            and e.series == kpi.series
            and not e.refused
            and AS_OF - e.dated <= timedelta(days=366)
            and ((initiative and e.initiative == initiative) or (e.goal and e.goal == pk))
        ]
        here = (4, *min(grades)) if grades else (level, "", False)
        best = better(best, here)
    return best


def better(one: tuple[int, str, bool], other: tuple[int, str, bool]) -> tuple[int, str, bool]:
    """Further; of two measured ones the better grade; of two equal grades the computed one."""
    return min(one, other, key=lambda x: (-x[0], x[1], x[2]))


def lines_of(
    facts: Facts, row: Any, account: int | None
) -> list[tuple[int | None, int | None, int | None]]:
    """(initiative, goal, experiment) of each line of an activity on its day."""
    day, initiative, goal = row[0], row[4], row[5]
    if initiative:
        return [(initiative, g, None) for g in facts.initiative_goals.get(initiative, [])]
    if goal:
        return [(None, goal, None)]
    found: list[tuple[int | None, int | None, int | None]] = []
    for tie in links_of(facts, account):
        if (tie.start and day < tie.start) or (tie.until and day >= tie.until):
            continue
        if tie.goal:
            found.append((None, tie.goal, None))
        if tie.initiative:
            found += [
                (tie.initiative, g, None) for g in facts.initiative_goals.get(tie.initiative, [])
            ]
        trial = facts.experiments.get(tie.experiment or 0)
        if trial and trial.start <= day <= trial.end:
            found.append((None, trial.goal, tie.experiment))
    return found


def links_of(facts: Facts, account: int | None) -> list[LinkFacts]:
    return list(facts.links.get(account, [])) if account else []


def known_account(facts: Facts, account: int, reference: int) -> int | None:
    at = account or facts.references.get(reference)
    while at in facts.accounts and facts.accounts[at].merged_into:
        at = facts.accounts[at].merged_into
    return at if at in facts.accounts else None


def told(facts: Facts, rows: list[Any]) -> dict[str, Any]:
    """Everything that the report counts, one activity at a time."""
    block: Counter[str] = Counter()
    units: Counter[int] = Counter()
    networks: Counter[str] = Counter()
    goals: Counter[tuple[int, int]] = Counter()
    by_hand = 0
    for row in rows:
        account = known_account(facts, row[2], row[3])
        for _ in range(row[8]):
            best = (0, "", False)
            each: dict[int, int] = {}
            for initiative, goal, experiment in lines_of(facts, row, account):
                if experiment:
                    best = better(best, (1, "", False))
                if goal:
                    here = line_to_goal(facts, goal, initiative, row[0])
                    each[goal] = max(each.get(goal, 0), here[0])
                    best = better(best, here)
            block[best[1] or NAMES[best[0]]] += 1
            by_hand += best[2]
            goals.update((g, level) for g, level in each.items())
            units[facts.accounts[account].unit if account else row[1]] += 1
            networks[facts.accounts[account].network if account else row[6]] += 1
    return {"block": +block, "by_hand": by_hand, "units": +units, "networks": +networks, "goals": +goals}  # fmt: skip


def counted(row: Any) -> Activity:
    """A row of the rollups as the walk takes it."""
    day, unit, account, reference, initiative, goal, network, _, n, _ = row
    return (day, account, unit, network, reference, initiative, goal, n)


@settings(max_examples=400, deadline=None)
@given(worlds(), activities)
def test_the_report_equals_plain_loops_over_single_activities(
    facts: Facts, rows: list[Any]
) -> None:
    sight = report(facts, map(counted, rows), Window(FIRST, AS_OF, AS_OF))
    plain = told(facts, rows)
    block = sight.block()
    flat = Counter({**{name: block[name] for name in NAMES}, **block["measured"]})
    assert +flat == plain["block"]
    assert block["by_hand"] == plain["by_hand"]
    assert {k: b["total"] for k, b in sight.by("unit").items()} == plain["units"]
    assert {k: b["total"] for k, b in sight.by("network").items()} == plain["networks"]
    levels = ("none", "goal", "outcome", "fresh", "measured")
    by_goal = {
        (g, levels.index(n)): b[n] for g, b in sight.by_goal().items() for n in levels if b[n]
    }
    assert by_goal == plain["goals"]
    broken = sight.breaks()
    assert {kind for kind, *_ in broken} <= KINDS
    assert [n for *_, n in broken] == sorted((n for *_, n in broken), reverse=True)
    # What is not measured breaks somewhere, but for an experiment that runs.
    whole = sum(block["measured"].values())
    assert (
        block["total"] - whole - block["goal"]
        <= sum(n for *_, n in broken)
        <= block["total"] - whole
    )
