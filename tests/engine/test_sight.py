"""Where the walk from an activity to a measured effect stops, on facts made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from socius.engine.sight import (
    AccountFacts,
    EffectFacts,
    ExperimentFacts,
    Facts,
    GoalFacts,
    KPIFacts,
    LinkFacts,
    SeriesFacts,
    Sight,
    Stop,
    Walker,
    Window,
    report,
)
from socius.engine.sight.counts import Activity, Amount, shares

AS_OF = date(2026, 6, 30)
DAY = date(2026, 6, 10)
WINDOW = Window(date(2026, 4, 2), AS_OF, AS_OF)

GOAL, OTHER = 1, 2
SERIES = 5
INITIATIVE = 7
ACCOUNT = 20


def effect(grade: str = "D", **changes: object) -> EffectFacts:
    made = EffectFacts(
        INITIATIVE, None, SERIES, grade, date(2026, 5, 1), by_hand=True, refused=False
    )
    return made._replace(**changes)


def whole(**changes: object) -> Facts:
    """A line that is whole up to a fresh series: account -> goal with owner -> outcome KPI -> daily series."""
    facts = Facts(
        goals={GOAL: GoalFacts("more", "More orders", has_owner=True)},
        kpis={GOAL: [KPIFacts("outcome", SERIES)]},
        series={SERIES: SeriesFacts("Orders", "day", AS_OF)},
        initiatives={INITIATIVE: "Campaign"},
        initiative_goals={INITIATIVE: [GOAL]},
        links={ACCOUNT: [LinkFacts(None, None, goal=GOAL)]},
        accounts={ACCOUNT: AccountFacts("brand", 3, "x")},
        units={3: "Marketing", 4: "Care"},
    )
    return replace(facts, **changes)


def walked(
    facts: Facts,
    *,
    account: int | None = ACCOUNT,
    initiative: int = 0,
    goal: int = 0,
    day: date = DAY,
) -> Stop:
    return Walker(facts, AS_OF).stretch(account, initiative or None, goal or None).on(day)


def seen(stop: Stop) -> tuple[int, str, str, int | None]:
    return (stop.level, stop.broken, stop.at_kind, stop.at_id)


def act(n: int = 1, **where: object) -> Activity:
    named = {
        "day": DAY, "account": ACCOUNT, "unit": 0, "network": "x", "reference": 0, "initiative": 0, "goal": 0, **where,
    }  # fmt: skip
    return (*named.values(), n)  # type: ignore[return-value]


def sighted(facts: Facts, *activity: Activity, **more: object) -> Sight:
    return report(facts, activity, WINDOW, **more)  # type: ignore[arg-type]


class TestLevels:
    def test_without_any_line_it_is_none(self) -> None:
        assert seen(walked(whole(links={}))) == (0, "account_without_goal", "account", ACCOUNT)

    def test_without_a_known_account_it_is_none(self) -> None:
        assert seen(walked(whole(), account=None)) == (0, "account_unknown", "account", None)

    def test_a_goal_without_an_owner_is_none(self) -> None:
        facts = whole(goals={GOAL: GoalFacts("more", "More", has_owner=False)})
        assert seen(walked(facts)) == (0, "goal_without_owner", "goal", GOAL)

    def test_an_initiative_without_goal_is_none(self) -> None:
        facts = whole(initiative_goals={})
        found = walked(facts, initiative=INITIATIVE)
        assert seen(found) == (0, "initiative_without_goal", "initiative", INITIATIVE)

    def test_a_goal_without_kpi_stops_at_the_goal(self) -> None:
        assert seen(walked(whole(kpis={}))) == (1, "goal_without_outcome_kpi", "goal", GOAL)

    @pytest.mark.parametrize("class_name", ["driver", "health"])
    def test_a_goal_with_drivers_only_stops_at_the_goal(self, class_name: str) -> None:
        facts = whole(kpis={GOAL: [KPIFacts(class_name, SERIES)]})
        assert seen(walked(facts)) == (1, "goal_without_outcome_kpi", "goal", GOAL)

    def test_an_outcome_kpi_that_is_not_tied_stops_at_the_goal(self) -> None:
        facts = whole(kpis={GOAL: [KPIFacts("outcome", None), KPIFacts("driver", SERIES)]})
        assert seen(walked(facts)) == (1, "kpi_without_series", "goal", GOAL)

    def test_a_stale_series_is_an_outcome(self) -> None:
        facts = whole(series={SERIES: SeriesFacts("Orders", "day", date(2026, 6, 27))})
        assert seen(walked(facts)) == (2, "series_stale", "series", SERIES)

    def test_a_series_without_values_is_an_outcome(self) -> None:
        facts = whole(series={SERIES: SeriesFacts("Orders", "", None)})
        assert seen(walked(facts)) == (2, "series_stale", "series", SERIES)

    def test_a_fresh_series_without_effect_is_fresh(self) -> None:
        assert seen(walked(whole())) == (3, "no_effect", "goal", GOAL)

    def test_an_effect_makes_it_measured_and_nothing_is_broken(self) -> None:
        found = walked(whole(effects=[effect("D")]), initiative=INITIATIVE)
        assert seen(found) == (4, "", "", None)
        assert (found.grade, found.by_hand, found.series) == ("D", True, SERIES)

    @pytest.mark.parametrize(("grain", "days"), [("day", 2), ("week", 14), ("month", 62), ("quarter", 184), ("year", 732)])  # fmt: skip
    def test_a_series_is_fresh_for_two_grains_and_not_a_day_longer(
        self, grain: str, days: int
    ) -> None:
        at = SeriesFacts("Orders", grain, AS_OF - timedelta(days=days))
        late = at._replace(newest=AS_OF - timedelta(days=days + 1))
        assert walked(whole(series={SERIES: at})).level == 3
        assert walked(whole(series={SERIES: late})).level == 2

    def test_the_best_of_several_kpis_counts(self) -> None:
        facts = whole(
            kpis={GOAL: [KPIFacts("outcome", 6), KPIFacts("outcome", SERIES), KPIFacts("outcome", None)]},
            series={SERIES: SeriesFacts("Orders", "day", AS_OF), 6: SeriesFacts("Old", "day", None)},
        )  # fmt: skip
        assert walked(facts).series == SERIES


class TestEffects:
    def test_an_effect_of_a_goal_measures_whatever_serves_it(self) -> None:
        facts = whole(effects=[effect("B", initiative=None, goal=GOAL, by_hand=False)])
        assert (walked(facts).level, walked(facts).grade) == (4, "B")

    def test_an_effect_of_an_initiative_measures_nothing_else(self) -> None:
        assert walked(whole(effects=[effect()])).level == 3
        assert walked(whole(effects=[effect(initiative=8)]), initiative=INITIATIVE).level == 3

    def test_an_effect_on_another_series_measures_nothing(self) -> None:
        assert walked(whole(effects=[effect(series=6)]), initiative=INITIATIVE).level == 3

    def test_a_refused_effect_measures_nothing(self) -> None:
        assert walked(whole(effects=[effect(refused=True)]), initiative=INITIATIVE).level == 3

    def test_an_effect_speaks_for_a_year(self) -> None:
        last = effect(dated=AS_OF - timedelta(days=366))
        late = effect(dated=AS_OF - timedelta(days=367))
        assert walked(whole(effects=[last]), initiative=INITIATIVE).level == 4
        assert walked(whole(effects=[late]), initiative=INITIATIVE).level == 3

    def test_an_effect_whose_window_has_not_ended_counts(self) -> None:
        early = effect(dated=AS_OF + timedelta(days=30))
        assert walked(whole(effects=[early]), initiative=INITIATIVE).level == 4

    def test_the_better_grade_counts_and_a_computed_one_before_one_by_hand(self) -> None:
        many = [effect("E"), effect("C"), effect("D"), effect("C", by_hand=False)]
        for effects in (many, many[::-1]):
            found = walked(whole(effects=effects), initiative=INITIATIVE)
            assert (found.grade, found.by_hand) == ("C", False)

    def test_a_computed_effect_of_the_same_grade_on_another_line_is_not_by_hand(self) -> None:
        computed = effect("D", initiative=None, goal=OTHER, by_hand=False)
        facts = whole(
            goals={g: GoalFacts(str(g), "", has_owner=True) for g in (GOAL, OTHER)},
            kpis={g: [KPIFacts("outcome", SERIES)] for g in (GOAL, OTHER)},
            initiative_goals={INITIATIVE: [GOAL, OTHER]},
            links={ACCOUNT: [LinkFacts(None, None, goal=GOAL), LinkFacts(None, None, goal=OTHER)]},
            effects=[effect("D", initiative=None, goal=GOAL), computed],
        )
        assert (walked(facts).grade, walked(facts).by_hand) == ("D", False)

    def test_a_stale_series_is_not_measured_whatever_was_found_once(self) -> None:
        stale = {SERIES: SeriesFacts("Orders", "day", date(2026, 1, 1))}
        facts = whole(series=stale, effects=[effect("C")])
        assert walked(facts, initiative=INITIATIVE).level == 2

    def test_of_two_series_the_measured_one_counts(self) -> None:
        facts = whole(
            kpis={GOAL: [KPIFacts("outcome", SERIES), KPIFacts("outcome", 6)]},
            series={s: SeriesFacts(str(s), "day", AS_OF) for s in (SERIES, 6)},
            effects=[effect("D", series=6)],
        )
        assert walked(facts, initiative=INITIATIVE).series == 6


class TestLines:
    def test_its_own_initiative_goes_before_its_own_goal_and_that_before_links(self) -> None:
        facts = whole(
            goals={
                GOAL: GoalFacts("a", "", has_owner=True),
                OTHER: GoalFacts("b", "", has_owner=False),
            },
            initiative_goals={INITIATIVE: [OTHER]},
        )
        assert walked(facts).goal == GOAL
        assert walked(facts, goal=OTHER).broken == "goal_without_owner"
        assert walked(facts, goal=GOAL, initiative=INITIATIVE).goals == ((OTHER, 0),)

    def test_a_link_holds_from_its_first_day_until_the_day_before_its_last(self) -> None:
        start, until = date(2026, 6, 5), date(2026, 6, 15)
        facts = whole(links={ACCOUNT: [LinkFacts(start, until, goal=GOAL)]})
        levels = {d: walked(facts, day=date(2026, 6, d)).level for d in (4, 5, 14, 15)}
        assert levels == {4: 0, 5: 3, 14: 3, 15: 0}

    def test_a_link_to_an_initiative_leads_to_its_goals_while_it_holds(self) -> None:
        tie = LinkFacts(date(2026, 6, 5), None, initiative=INITIATIVE)
        facts = whole(links={ACCOUNT: [tie]}, effects=[effect("D")])
        assert walked(facts).level == 4
        assert walked(facts, day=date(2026, 6, 4)).level == 0
        lost = replace(facts, initiative_goals={})
        assert walked(lost).broken == "initiative_without_goal"

    def test_a_running_experiment_is_a_line_without_a_break(self) -> None:
        trial = ExperimentFacts("Trial", date(2026, 6, 5), date(2026, 6, 15), None)
        facts = whole(
            links={ACCOUNT: [LinkFacts(None, None, experiment=9)]}, experiments={9: trial}
        )
        assert seen(walked(facts, day=date(2026, 6, 15))) == (1, "", "", None)
        for outside in (date(2026, 6, 4), date(2026, 6, 16)):
            found = walked(facts, day=outside)
            assert seen(found) == (0, "account_without_goal", "account", ACCOUNT)

    def test_an_experiment_that_serves_a_goal_gets_as_far_as_the_goal(self) -> None:
        trial = ExperimentFacts("Trial", date(2026, 6, 5), date(2026, 6, 15), GOAL)
        facts = whole(
            links={ACCOUNT: [LinkFacts(None, None, experiment=9)]}, experiments={9: trial}
        )
        assert walked(facts).level == 3
        assert walked(facts, day=date(2026, 6, 16)).level == 0

    def test_an_experiment_that_is_not_known_leads_nowhere(self) -> None:
        facts = whole(links={ACCOUNT: [LinkFacts(None, None, experiment=9)]})
        assert walked(facts).broken == "account_without_goal"

    def test_both_ends_of_a_period_belong_to_the_goal(self) -> None:
        goal = GoalFacts("a", "", has_owner=True, start=date(2026, 6, 5), end=date(2026, 6, 15))
        facts = whole(goals={GOAL: goal})
        levels = {d: walked(facts, day=date(2026, 6, d)).level for d in (4, 5, 15, 16)}
        assert levels == {4: 0, 5: 3, 15: 3, 16: 0}

    @pytest.mark.parametrize(
        ("where", "broken"),
        [
            ({}, ("account_without_goal", "account", ACCOUNT)),
            ({"initiative": INITIATIVE}, ("initiative_without_goal", "initiative", INITIATIVE)),
            ({"goal": GOAL}, ("goal_without_owner", "goal", GOAL)),
            ({"goal": GOAL, "account": None}, ("goal_without_owner", "goal", GOAL)),
        ],
    )
    def test_a_goal_that_is_closed_breaks_where_it_can_be_mended(
        self, where: dict[str, int], broken: tuple[str, str, int]
    ) -> None:
        facts = whole(goals={GOAL: GoalFacts("a", "", has_owner=True, closed=True)})
        assert seen(walked(facts, **where)) == (0, *broken)
        assert seen(walked(whole(goals={}), **where)) == (0, *broken)

    def test_a_break_further_up_says_more_in_whatever_order_the_links_come(self) -> None:
        links = [
            LinkFacts(None, None, experiment=9),
            LinkFacts(None, None, initiative=8),
            LinkFacts(None, None, goal=OTHER),
        ]
        trial = ExperimentFacts("Over", date(2026, 1, 1), date(2026, 1, 2), None)
        for ordered in (links, links[::-1]):
            facts = whole(
                goals={OTHER: GoalFacts("b", "", has_owner=False)},
                links={ACCOUNT: ordered},
                experiments={9: trial},
            )
            assert walked(facts).broken == "goal_without_owner"
            short = replace(facts, links={ACCOUNT: [t for t in ordered if not t.goal]})
            assert walked(short).broken == "initiative_without_goal"

    def test_every_goal_that_a_line_leads_to_is_named_with_its_level(self) -> None:
        facts = whole(
            goals={g: GoalFacts(str(g), "", has_owner=g == GOAL) for g in (GOAL, OTHER)},
            links={ACCOUNT: [LinkFacts(None, None, goal=OTHER), LinkFacts(None, None, goal=GOAL)]},
        )
        assert walked(facts).goals == ((GOAL, 3), (OTHER, 0))
        assert walked(facts).level == 3


class TestCounting:
    def test_units_networks_and_weeks_partition_the_total_and_goals_do_not(self) -> None:
        facts = whole(
            goals={g: GoalFacts(str(g), "", has_owner=True) for g in (GOAL, OTHER)},
            accounts={20: AccountFacts("a", 3, "x"), 21: AccountFacts("b", 4, "youtube")},
            links={20: [LinkFacts(None, None, goal=GOAL), LinkFacts(None, None, goal=OTHER)]},
        )
        sight = sighted(
            facts, act(5), act(7, account=21), act(2, account=0, reference=8, network="mastodon"),
            act(1, day=date(2026, 5, 1)),
        )  # fmt: skip
        assert sight.total == 15
        for name in ("unit", "network", "week"):
            assert sum(block["total"] for block in sight.by(name).values()) == 15
        assert {k: b["total"] for k, b in sight.by("unit").items()} == {3: 6, 4: 7, 0: 2}
        assert {k: b["total"] for k, b in sight.by("network").items()} == {
            "x": 6,
            "youtube": 7,
            "mastodon": 2,
        }
        assert {k: b["total"] for k, b in sight.by_goal().items()} == {GOAL: 6, OTHER: 6}
        assert sight.breaks() == [
            ("account_without_goal", "account", 21, 7),
            ("no_effect", "goal", GOAL, 6),
            ("account_unknown", "account", None, 2),
        ]
        assert shares(sight.block()) == {
            "share": 6 / 15,
            "share_fresh": 6 / 15,
            "share_measured_ab": 0,
        }

    def test_levels_add_up_and_grades_stand_apart(self) -> None:
        facts = whole(effects=[effect("C"), effect("B", initiative=8, by_hand=False)], initiative_goals={INITIATIVE: [GOAL], 8: [GOAL]})  # fmt: skip
        block = sighted(facts, act(4, initiative=INITIATIVE), act(3, initiative=8), act(2)).block()
        assert block == {
            "total": 9, "none": 0, "goal": 0, "outcome": 0, "fresh": 2, "measured": {"A": 0, "B": 3, "C": 4, "D": 0, "E": 0}, "by_hand": 4,
        }  # fmt: skip
        assert shares(block)["share_measured_ab"] == 3 / 9

    def test_nothing_counted_has_no_share(self) -> None:
        assert shares(sighted(whole()).block()) == {
            "share": None,
            "share_fresh": None,
            "share_measured_ab": None,
        }

    def test_what_was_taken_back_leaves_no_trace(self) -> None:
        sight = sighted(whole(links={}), act(3), act(-3), act(1, account=0), act(-1, account=0))
        assert (sight.total, sight.breaks(), sight.by("unit")) == (0, [], {})

    def test_a_merged_account_counts_under_the_whole(self) -> None:
        accounts = {
            20: AccountFacts("whole", 3, "x"),
            21: AccountFacts("part", 4, "x", merged_into=22),
            22: AccountFacts("middle", 4, "x", merged_into=20),
        }
        sight = sighted(whole(accounts=accounts), act(2, account=21))
        assert {k: b["fresh"] for k, b in sight.by("unit").items()} == {3: 2}

    def test_a_reference_heals_once_the_inventory_knows_the_account(self) -> None:
        unknown = act(2, account=0, reference=8, network="twitter")
        assert sighted(whole(), unknown).breaks()[0][0] == "account_unknown"
        healed = sighted(whole(references={8: ACCOUNT}), unknown)
        assert healed.block()["fresh"] == 2
        assert {k: b["total"] for k, b in healed.by("network").items()} == {"x": 2}

    def test_a_goal_in_an_activity_counts_without_an_account(self) -> None:
        sight = sighted(whole(), act(1, account=0, goal=GOAL, unit=4, network=""))
        assert sight.block()["fresh"] == 1
        assert list(sight.by("unit")) == [4]

    def test_hours_and_money_have_the_same_levels_by_currency(self) -> None:
        sight = sighted(
            whole(accounts={ACCOUNT: AccountFacts("a", 3, "x"), 21: AccountFacts("b", 3, "x", ACCOUNT)}),
            hours=[Amount(DAY, ACCOUNT, None, None, Decimal("2.5")), Amount(DAY, 21, None, None, Decimal(1))],
            spend=[
                Amount(DAY, None, None, GOAL, Decimal("10.10"), "EUR"),
                Amount(DAY, None, None, None, Decimal("0.05"), "EUR"),
                Amount(DAY, None, INITIATIVE, None, Decimal(7), "USD"),
            ],
        )  # fmt: skip
        assert (sight.hours["total"], sight.hours["fresh"]) == (Decimal("3.5"), Decimal("3.5"))
        assert sight.spend["EUR"]["total"] == Decimal("10.15")
        assert sight.spend["EUR"]["none"] == Decimal("0.05")
        assert sight.spend["USD"]["fresh"] == Decimal(7)

    def test_flows_add_up_to_the_total(self) -> None:
        facts = whole(effects=[effect("D")])
        sight = sighted(facts, act(4, initiative=INITIATIVE), act(2), act(1, account=0))
        assert sight.flow() == {
            (3, INITIATIVE, GOAL, SERIES, "D"): 4,
            (3, None, GOAL, SERIES, "fresh"): 2,
            (0, None, None, None, "none"): 1,
        }
