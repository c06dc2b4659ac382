"""Goals and what they are measured by, series, money, activation, activity that was done elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from house import House, codes, rows
from socius.accounts.actions import claim, enter_status
from socius.accounts.models import Account, Reference
from socius.activity.models import Entry, ImportRun
from socius.kit.errors import Conflict, Invalid, Refused
from socius.organisation import actions as organisation
from socius.organisation.models import Actor
from socius.strategy.actions import (
    activate,
    close_goal,
    decide,
    link,
    load_values,
    oppose,
    serve_goals,
    set_experiment,
    set_goal,
    set_initiative,
    set_kpi,
    set_series,
    unlink,
    withdraw_decisions,
)
from socius.strategy.actions.series import Point
from socius.strategy.models import (
    KPI,
    Goal,
    GoalTerm,
    HoursLine,
    Initiative,
    Link,
    Proposal,
    Series,
    SeriesValue,
    SpendLine,
)
from socius.strategy.reports import decisions

GOAL = "goal,executive_owner\nmore,ceo@example.org\n"
SALES = "date,series,value,unit,currency,class,source,why\n"


def sales(*days: int, month: int = 5, value: int = 0, **said: str) -> str:
    given = {"unit": "orders", "currency": "", "class": "outcome", "source": "shop", "why": "Orders are money", **said}  # fmt: skip
    lines = [
        f"2026-{month:02}-{d:02},Sales,{value or d},{','.join(given.values())}\n" for d in days
    ]
    return SALES + "".join(lines)


def account_of(house: House, handle: str = "ann", **fields: Any) -> Account:
    keys = [("handle", handle)]
    return claim(house.root, actor=house.actor(), network="x", identities=keys, handle=handle, **fields)  # fmt: skip


def goal_of(house: House, key: str = "more", owner: str = "ceo@example.org", **fields: Any) -> Goal:
    return set_goal(house.root, key=key, executive_owner=owner, actor=house.actor(), **fields)[0]


def clerk(house: House, *rights: str) -> Actor:
    person = organisation.invite_person(organisation.NewPerson("c@example.org"), actor=house.actor())  # fmt: skip
    gift = organisation.Gift(person, house.root, "needed", rights=frozenset(rights))
    organisation.give_grant(gift, actor=house.actor())
    return Actor(person, "web", house.at)


class TestGoals:
    def test_a_change_is_known_from_then_and_what_was_before_stays(self, house: House) -> None:
        goal = goal_of(house)
        first = house.at
        house.wait(days=1)
        assert set_goal(house.root, key="more", executive_owner="coo@example.org", actor=house.actor())[1] == "updated"  # fmt: skip
        assert [t.executive_owner for t in GoalTerm.objects.order_by("pk")] == [
            "ceo@example.org",
            "coo@example.org",
        ]
        assert GoalTerm.objects.filter(goal=goal, known_until=None).count() == 1
        assert first < house.at

    def test_the_same_again_is_unchanged(self, house: House) -> None:
        goal_of(house)
        entries = house.entries()
        assert set_goal(house.root, key="more", executive_owner="ceo@example.org", actor=house.actor())[1] == "unchanged"  # fmt: skip
        assert house.entries() == entries

    def test_a_goal_without_owner_is_kept_with_a_finding(self, house: House) -> None:
        report = house.take("goals", "goal,executive_owner\nmore,\n")
        assert codes(report) == {"goal_without_owner": 1}

    def test_an_objective_outside_the_list_and_a_period_backwards_are_refused(
        self, house: House
    ) -> None:
        with pytest.raises(Invalid, match="objective"):
            goal_of(house, objective="fame")
        with pytest.raises(Invalid, match="ends"):
            goal_of(house, period_start=date(2026, 2, 1), period_end=date(2026, 1, 1))

    def test_a_closed_goal_is_closed_once(self, house: House) -> None:
        goal = goal_of(house)
        close_goal(goal, actor=house.actor(), reason="reached")
        with pytest.raises(Conflict):
            close_goal(goal, actor=house.actor(), reason="reached")

    def test_goals_may_conflict(self, house: House) -> None:
        one, other = goal_of(house), goal_of(house, "other")
        oppose(one, to=other, actor=house.actor())
        assert list(other.conflicts_with.all()) == [one]


class TestKPIs:
    @pytest.mark.parametrize(
        "measure", ["Followers", "Abonnenten", "Abonnés", "Seguidores", "Curtidas", "Impressions", "Reichweite"]
    )  # fmt: skip
    def test_vanity_is_refused_in_whatever_language_and_class(
        self, house: House, measure: str
    ) -> None:
        goal = goal_of(house)
        with pytest.raises(Invalid) as refused:
            set_kpi(goal, measure=measure, stated="outcome", actor=house.actor())
        assert refused.value.code == "vanity_kpi"
        report = house.read("kpis", f"goal,measure,class\nmore,{measure},outcome\n")
        assert (report.state, report.rejected) == ("refused", 1)
        assert not KPI.objects.exists()

    def test_a_class_that_is_too_high_is_lowered_with_a_finding(self, house: House) -> None:
        goal_of(house)
        report = house.take("kpis", "goal,measure,class\nmore,Link clicks,outcome\n")
        assert codes(report) == {"class_lowered": 1}
        assert KPI.objects.get().class_name == "driver"

    def test_a_kpi_has_the_class_of_its_series(self, house: House) -> None:
        goal_of(house)
        house.take("outcomes", sales(1, 2, 3, why=""))
        assert Series.objects.get().class_name == "unclassed"
        report = house.read("kpis", "goal,measure,class,series\nmore,Sales,outcome,Sales\n")
        assert codes(report)["unclassed_kpi"] == 1

    def test_a_vanity_series_is_no_kpi_whatever_its_name(self, house: House) -> None:
        days = range(1, 32)
        lines = "".join(
            f"2026-05-{d:02},{name},{d},people,outcome,shop,why\n"
            for name in ("Followers", "Trust")
            for d in days
        )
        report = house.take("outcomes", f"date,series,value,unit,class,source,why\n{lines}")
        assert codes(report)["same_as_vanity"] == 1
        with pytest.raises(Invalid, match="vanity"):
            set_kpi(goal_of(house), measure="Trust", series=Series.objects.get(key="Trust"), actor=house.actor())  # fmt: skip

    def test_a_series_that_comes_later_is_tied_to_the_kpi_that_waited(self, house: House) -> None:
        goal = goal_of(house)
        set_kpi(goal, measure="Sales", stated="outcome", actor=house.actor())
        house.take("outcomes", sales(1, 2, 3))
        assert set_kpi(goal, measure="Sales", series=Series.objects.get(), actor=house.actor())[1] == "updated"  # fmt: skip
        assert KPI.objects.filter(known_until=None).count() == 1
        assert set_kpi(goal, measure="Sales", series=Series.objects.get(), actor=house.actor())[1] == "unchanged"  # fmt: skip


class TestSeries:
    def test_a_revision_keeps_the_old_value_with_both_times(self, house: House) -> None:
        house.take("outcomes", sales(1, 2, 3))
        before = house.at
        report = house.take("outcomes", sales(3, value=30))
        assert rows(report) == {"read": 1, "updated": 1}
        values = [
            (v.value, v.known_at) for v in SeriesValue.objects.filter(date=date(2026, 5, 3)).order_by("pk")
        ]  # fmt: skip
        assert [v for v, _ in values] == [3, 30]
        assert values[0][1] < values[1][1]
        assert before < house.at

    def test_the_same_values_again_are_unchanged(self, house: House) -> None:
        house.take("outcomes", sales(1, 2, 3))
        report = house.take("outcomes", sales(1, 2, 3, 4))
        assert rows(report) == {"read": 4, "created": 1, "unchanged": 3}

    def test_values_that_say_since_when_they_are_known_are_unchanged_too(
        self, house: House
    ) -> None:
        head = "date,series,value,known_at\n"
        old = "2026-05-01,Sales,5,2026-05-02T00:00:00Z\n"
        new = "2026-05-01,Sales,7,2026-05-20T00:00:00Z\n"
        assert rows(house.take("outcomes", head + new))["created"] == 1
        # What was believed before comes after what is believed now: both are kept, and neither is doubled.
        assert rows(house.take("outcomes", head + old))["updated"] == 1
        again = rows(house.take("outcomes", head + old + new))
        assert again == {"read": 2, "unchanged": 2}
        assert SeriesValue.objects.count() == 2

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (sales(4, unit="visits"), "unit_differs"),
            (sales(4, currency="EUR"), "currency_differs"),
            (sales(1, 2, 3, 4, month=6, unit="visits"), "unit_differs"),
        ],
    )
    def test_another_unit_or_currency_is_refused_whole(
        self, house: House, text: str, code: str
    ) -> None:
        house.take("outcomes", sales(1, 2, 3, currency="USD"))
        before = SeriesValue.objects.count()
        report = house.read("outcomes", text)
        assert report.state == "refused"
        assert code in codes(report)
        assert SeriesValue.objects.count() == before

    @pytest.mark.parametrize("days", [(8, 15, 22, 29), (5, 12, 19, 26)])
    def test_weekly_values_do_not_hide_in_a_daily_series(
        self, house: House, days: tuple[int, ...]
    ) -> None:
        house.take("outcomes", sales(*range(1, 31), month=4))
        report = house.read("outcomes", sales(*days))
        assert codes(report).get("grain_differs", 0) == 4
        assert SeriesValue.objects.count() == 30

    def test_daily_values_do_not_hide_in_a_weekly_series(self, house: House) -> None:
        house.take("outcomes", sales(1, 8, 15, 22, 29, month=4))
        report = house.read("outcomes", sales(1, 2, 3, 4))
        assert "grain_differs" in codes(report)

    def test_filling_in_what_was_missing_is_not_another_grain(self, house: House) -> None:
        sundays = {3, 10, 17, 24, 31}
        house.take("outcomes", sales(*(d for d in range(1, 32) if d not in sundays)))
        house.take("outcomes", sales(*sorted(sundays)))
        assert SeriesValue.objects.count() == 31
        assert Series.objects.get().grain == "day"

    def test_a_row_that_is_refused_leaves_the_series_as_it_was(self, house: House) -> None:
        house.take("outcomes", sales(*range(1, 31), month=4, why=""))
        text = sales(5, 12, 19, 26) + "2026-05-01,Other,1,orders,,outcome,shop,why\n" * 30
        house.read("outcomes", text, answers={"bad_rows": "leave_out"})
        assert Series.objects.get(key="Sales").why == ""

    def test_after_an_undo_the_series_may_have_another_unit_and_grain(self, house: House) -> None:
        run = house.take("outcomes", sales(1, 8, 15, 22, unit="visits"))
        house.undo(run)
        house.take("outcomes", sales(1, 2, 3, 4))
        series = Series.objects.get()
        assert (series.measure_unit, series.grain) == ("orders", "day")

    def test_what_was_taken_back_may_be_said_again(self, house: House) -> None:
        text = sales(1, 2, 3).replace("why\n", "why,known_at\n", 1).replace("money\n", "money,2026-05-04T00:00:00Z\n")  # fmt: skip
        run = house.take("outcomes", text)
        house.undo(run)
        report = house.take("outcomes", text)
        assert rows(report) == {"read": 3, "updated": 3}
        newest = SeriesValue.objects.filter(date=date(2026, 5, 3)).order_by("known_at", "pk").last()
        assert newest is not None
        assert newest.value == 3

    def test_class_is_not_the_users_choice(self, house: House) -> None:
        series, _ = set_series(
            house.root, key="Sales", stated="outcome", measure_unit="EUR", source="x", why="money", network_export=True, actor=house.actor(),
        )  # fmt: skip
        assert series.class_name == "driver"
        other, _ = set_series(house.root, key="Community size", stated="outcome", measure_unit="people", source="shop", why="w", actor=house.actor())  # fmt: skip
        assert other.class_name == "vanity"

    def test_values_by_hand_stand_in_the_ledger(self, house: House) -> None:
        series, _ = set_series(house.root, key="Sales", actor=house.actor())
        assert load_values(series, points=[Point(date(2026, 5, 1), Decimal(1))], actor=house.actor()) == ["created"]  # fmt: skip
        assert Entry.objects.filter(verb="values_loaded").count() == 1


class TestMoneyAndHours:
    TEXT = """date,amount,currency,kind,unit,goal,initiative
2026-05-01,100.10,EUR,external,North,more,
2026-05-01,100.10,EUR,external,North,more,
2026-05-02,0.05,EUR,internal,South,,live
2026-05-03,7.85,EUR,internal,South,,
"""

    def prepared(self, house: House) -> None:
        house.take("units", "unit\nNorth\nSouth\n")
        goal = goal_of(house)
        initiative, _ = set_initiative(house.root, key="live", title="Live", actor=house.actor())
        serve_goals(initiative, goals=[goal], actor=house.actor())

    def test_goals_and_unassigned_add_up_to_units_to_the_cent(self, house: House) -> None:
        self.prepared(house)
        report = house.take("spend", self.TEXT)
        assert codes(report) == {"spend_unassigned": 1}
        lines = list(SpendLine.objects.filter(known_until=None))
        by_unit: dict[str, Decimal] = {}
        by_goal: dict[str, Decimal] = {}
        for line in lines:
            assert line.unit
            by_unit[line.unit.key] = by_unit.get(line.unit.key, Decimal()) + line.amount
            goal = line.goal.key if line.goal else "through live" if line.initiative else ""
            by_goal[goal] = by_goal.get(goal, Decimal()) + line.amount
        assert by_unit == {"North": Decimal("200.20"), "South": Decimal("7.90")}
        assert by_goal == {"more": Decimal("200.20"), "through live": Decimal("0.05"), "": Decimal("7.85")}  # fmt: skip
        assert sum(by_unit.values()) == sum(by_goal.values())
        spent = house.sight()["spend"]["EUR"]
        assert (spent["total"], spent["none"]) == (Decimal("208.10"), Decimal("7.85"))

    def test_two_equal_lines_are_two_and_the_next_file_brings_neither_again(
        self, house: House
    ) -> None:
        self.prepared(house)
        house.take("spend", self.TEXT)
        report = house.take("spend", self.TEXT + "2026-05-09,1,EUR,,North,,\n")
        assert rows(report) == {"read": 5, "created": 1, "unchanged": 4}

    def test_hours_of_a_line_are_replaced_not_added(self, house: House) -> None:
        self.prepared(house)
        head = "week,unit,hours,initiative\n"
        house.take("hours", head + "2026-W20,North,3,live\n")
        assert rows(house.take("hours", head + "2026-05-11,North,4,live\n")) == {"read": 1, "updated": 1}  # fmt: skip
        assert [h.hours for h in HoursLine.objects.filter(known_until=None)] == [4]

    def test_an_unknown_name_rejects_the_row_and_names_the_kind_to_import(
        self, house: House
    ) -> None:
        self.prepared(house)
        report = house.read("spend", self.TEXT.replace(",live", ",nobody"), apply=False)
        finding = next(f for f in report.findings if f["code"] == "unknown_name")
        assert "initiatives" in finding["repair"]


class TestInitiatives:
    TEXT = "initiative,title,goals,start,end,accounts\nlive,Live,more,2026-05-01,2026-05-31,ann\n"

    def test_an_initiative_ties_its_accounts_while_it_runs(self, house: House) -> None:
        goal_of(house)
        account_of(house)
        house.take("initiatives", self.TEXT)
        tie = Link.objects.get()
        assert (tie.valid_from, tie.valid_until) == (date(2026, 5, 1), date(2026, 6, 1))

    def test_the_same_again_is_unchanged_and_other_goals_are_an_update(self, house: House) -> None:
        goal_of(house), goal_of(house, "other")
        account_of(house)
        house.take("initiatives", self.TEXT)
        again = house.take("initiatives", self.TEXT + "lost,Lost,,,,\n")
        assert rows(again) == {"read": 2, "created": 1, "unchanged": 1}
        changed = house.take("initiatives", self.TEXT.replace(",more,", ",other,"))
        assert rows(changed) == {"read": 1, "updated": 1}
        assert Link.objects.count() == 1

    def test_a_row_that_fails_in_its_second_half_leaves_nothing(self, house: House) -> None:
        goal_of(house)
        report = house.read("initiatives", self.TEXT)
        assert codes(report)["unknown_name"] == 1
        assert not Initiative.objects.exists()

    def test_words_outside_their_list_are_refused(self, house: House) -> None:
        with pytest.raises(Invalid, match="status"):
            set_initiative(house.root, key="a", status="gone", actor=house.actor())


class TestLinksAndActivation:
    def test_a_tie_asks_the_right_of_what_it_leads_to(self, house: House) -> None:
        account, goal = account_of(house), goal_of(house)
        initiative, _ = set_initiative(house.root, key="i", actor=house.actor())
        day = house.at.date()
        trial = set_experiment(house.root, key="t", title="T", start=day, end=day, actor=house.actor())  # fmt: skip
        planner = clerk(house, "initiative.edit")
        with pytest.raises(Refused) as refused:
            link(account, goal=goal, actor=planner)
        assert refused.value.right == "goal.edit"
        with pytest.raises(Refused) as refused:
            link(account, experiment=trial, actor=planner)
        assert refused.value.right == "experiment.edit"
        tie = link(account, initiative=initiative, actor=planner)
        unlink(tie, actor=planner)
        with pytest.raises(Conflict):
            unlink(tie, actor=planner)

    def test_a_tie_leads_to_one_thing_and_ends_after_it_starts(self, house: House) -> None:
        account, goal = account_of(house), goal_of(house)
        with pytest.raises(Invalid):
            link(account, actor=house.actor())
        day = date(2026, 5, 1)
        with pytest.raises(Invalid, match="end"):
            link(account, goal=goal, start=day, until=day, actor=house.actor())

    def test_ending_a_tie_on_a_day_keeps_it_until_then(self, house: House) -> None:
        tie = link(account_of(house), goal=goal_of(house), actor=house.actor())
        unlink(tie, until=date(2026, 5, 10), actor=house.actor())
        assert Link.objects.get(known_until=None).valid_until == date(2026, 5, 10)

    def test_active_needs_an_owner_and_a_goal_that_runs(self, house: House) -> None:
        account = account_of(house)
        with pytest.raises(Invalid, match="no line"):
            activate(account, owner=house.person, actor=house.actor())
        past = goal_of(house, "past", period_end=date(2026, 1, 1))
        initiative, _ = set_initiative(house.root, key="i", actor=house.actor())
        link(account, goal=past, actor=house.actor())
        link(account, initiative=initiative, actor=house.actor())
        with pytest.raises(Invalid, match="no line"):
            activate(account, owner=house.person, actor=house.actor())
        serve_goals(initiative, goals=[goal_of(house)], actor=house.actor())
        with pytest.raises(Invalid, match="no owner"):
            activate(account, actor=house.actor())
        assert activate(account, owner=house.person, actor=house.actor()).status == "active"

    def test_an_experiment_that_runs_lets_an_account_try_and_no_more(self, house: House) -> None:
        account, day = account_of(house), house.at.date()
        over = set_experiment(house.root, key="o", title="O", start=day - timedelta(days=9), end=day - timedelta(days=1), actor=house.actor())  # fmt: skip
        link(account, experiment=over, actor=house.actor())
        with pytest.raises(Invalid, match="no line"):
            activate(account, actor=house.actor())
        runs = set_experiment(house.root, key="t", title="T", start=day, end=day, actor=house.actor())  # fmt: skip
        link(account, experiment=runs, actor=house.actor())
        assert activate(account, actor=house.actor()).status == "experiment"

    def test_a_decision_needs_a_reason_and_only_retire_moves_the_account(
        self, house: House
    ) -> None:
        account = account_of(house)
        with pytest.raises(Invalid, match="reason"):
            decide(account, decision="keep", reason=" ", actor=house.actor())
        decide(account, decision="keep", reason="used", actor=house.actor())
        account.refresh_from_db()
        assert account.status == "claimed"
        decide(account, decision="retire", reason="idle", actor=house.actor())
        account.refresh_from_db()
        assert account.status == "retiring"
        with pytest.raises(Conflict):
            decide(account, decision="retire", reason="idle", actor=house.actor())
        assert Proposal.objects.exclude(decided="").count() == 2

    def test_a_decision_is_taken_back_with_the_state_that_it_changed(self, house: House) -> None:
        account = account_of(house)
        kept = decide(account, decision="keep", reason="used", actor=house.actor())
        sent = decide(account, decision="retire", reason="idle", actor=house.actor())
        with pytest.raises(Conflict, match="decided about"):
            withdraw_decisions([kept], actor=house.actor())
        account.refresh_from_db()
        assert account.status == "retiring"
        withdraw_decisions([sent], actor=house.actor())
        account.refresh_from_db()
        assert account.status == "claimed"
        assert decisions([account.pk]) == {account.pk: kept}
        with pytest.raises(Conflict, match="already"):  # all of them or none
            withdraw_decisions([kept, sent], actor=house.actor())
        assert decisions([account.pk]) == {account.pk: kept}

    def test_a_decision_stays_once_the_account_has_gone_further(self, house: House) -> None:
        account = account_of(house)
        sent = decide(account, decision="retire", reason="idle", actor=house.actor())
        enter_status(account, status="archived", actor=house.actor(), reason="gone")
        with pytest.raises(Conflict, match="archived since"):
            withdraw_decisions([sent], actor=house.actor())


HEAD = "at,verb,object_id,network,account,initiative,goal,minutes\n"
ONE = "2026-05-20T10:00:00Z,posted,p1,x,ann,,,5\n"


class TestActivity:
    def counted(self, house: House) -> int:
        return int(house.sight()["activity"]["total"])

    def test_the_same_row_of_another_file_is_unchanged(self, house: House) -> None:
        account_of(house)
        house.take("activity", HEAD + ONE)
        report = house.take("activity", HEAD + ONE + ONE.replace("p1", "p2"))
        assert rows(report) == {"read": 2, "created": 1, "unchanged": 1}
        assert self.counted(house) == 2

    def test_other_values_take_the_old_row_back(self, house: House) -> None:
        account_of(house), account_of(house, "bob")
        house.take("activity", HEAD + ONE)
        report = house.take("activity", HEAD + ONE.replace(",ann,", ",bob,"))
        assert rows(report) == {"read": 1, "updated": 1}
        assert self.counted(house) == 1
        assert Entry.objects.filter(verb="retract").count() == 1
        assert Entry.objects.filter(verb="posted").count() == 2

    def test_rows_of_one_key_in_one_file_end_as_the_last_one(self, house: House) -> None:
        account_of(house)
        text = HEAD + ONE + ONE.replace(",5\n", ",6\n") + ONE.replace(",5\n", ",7\n")
        assert rows(house.take("activity", text)) == {"read": 3, "created": 1, "updated": 2}
        assert self.counted(house) == 1

    def test_activity_of_an_unknown_account_heals_when_it_is_listed(self, house: House) -> None:
        report = house.take("activity", HEAD + ONE)
        assert codes(report) == {"account_unknown": 1}
        assert house.sight()["breaks"][0]["kind"] == "account_unknown"
        house.take("accounts", "network,handle,url\nx,ann,https://x.com/ann\n")
        assert house.sight()["breaks"][0]["kind"] == "account_without_goal"

    @pytest.mark.parametrize(
        "cell", ["x,ann", ",https://x.com/ann", "x,https://twitter.com/Ann", ",@ann", "x,@ANN"]
    )
    def test_however_it_was_written_it_heals_as_it_would_be_found(
        self, house: House, cell: str
    ) -> None:
        text = HEAD + ONE.replace("x,ann", cell)
        house.take("activity", text)
        house.take("accounts", "network,handle,url\nx,ann,https://x.com/ann\n")
        healed = house.sight()
        assert healed["breaks"][0]["kind"] == "account_without_goal"
        # The same rows of a later file say nothing new, although the account is known by now.
        report = house.take("activity", text + ONE.replace("x,ann", cell).replace("p1", "p2"))
        assert rows(report) == {"read": 2, "created": 1, "unchanged": 1}
        assert [r["total"] for r in house.sight()["by_network"]] == [2]

    def test_a_name_that_two_accounts_share_means_neither(self, house: House) -> None:
        house.take(
            "accounts",
            "network,handle,url\nfacebook,City Library,https://facebook.com/a\nfacebook,City Library,https://facebook.com/b\n",
        )
        report = house.take("activity", HEAD + ONE.replace("x,ann", "facebook,City Library"))
        assert codes(report) == {"account_unknown": 1}
        house.take("activity", HEAD + ONE.replace("x,ann", "facebook,a").replace("p1", "p2"))
        assert Entry.objects.get(remote_id="p2").account == Account.objects.get(handle="a").pk

    def test_a_federated_handle_is_found_without_its_host(self, house: House) -> None:
        house.take("accounts", "network,handle,url\nmastodon,ann@social.example,https://social.example/@ann\n")  # fmt: skip
        for n, cell in enumerate(("ann", "@ann@social.example", "https://social.example/@ann")):
            text = HEAD + ONE.replace("x,ann", f"mastodon,{cell}").replace("p1", f"p{n}")
            assert codes(house.take("activity", text)) == {}

    def test_only_what_was_run_may_come_without_a_network(self, house: House) -> None:
        goal_of(house)
        text = HEAD + ONE.replace("x,ann", ",") + "2026-05-20T10:00:00Z,ran,p2,,,,more,\n" * 1
        report = house.read("activity", text, apply=False)
        assert codes(report)["network_missing"] == 1

    def test_a_dry_run_counts_and_writes_nothing(self, house: House) -> None:
        report = house.read("activity", HEAD + ONE, apply=False)
        assert rows(report) == {"read": 1, "created": 1}
        assert not Reference.objects.exists()
        assert not Entry.objects.filter(verb="posted").exists()

    def test_an_import_does_not_build_on_one_that_was_interrupted(self, house: House) -> None:
        account_of(house)
        house.take("activity", HEAD + ONE)
        ImportRun.objects.update(state="running", applied_at=None)
        assert self.counted(house) == 0
        report = house.take("activity", HEAD + ONE + ONE.replace("p1", "p2"))
        assert rows(report) == {"read": 2, "created": 2}
        assert self.counted(house) == 2
        # The interrupted one is not taken up again: its rows would count beside those of the other.
        again = house.take("activity", HEAD + ONE)
        assert rows(again) == {"read": 1, "unchanged": 1}
        assert self.counted(house) == 2
