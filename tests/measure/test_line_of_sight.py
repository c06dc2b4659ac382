"""The line of sight in its one form: the contract, the window, and what was known then."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from house import House
from socius.accounts.actions import merge, move, separate
from socius.accounts.models import Account
from socius.activity import jobs
from socius.kit.errors import Invalid, Refused
from socius.measure.actions import withdraw_effect
from socius.measure.models import Effect
from socius.measure.reports import asked, line_of_sight, sighted
from socius.organisation import actions as organisation
from socius.organisation.models import Actor, Unit
from socius.strategy.actions import (
    close_goal,
    link,
    set_experiment,
    set_goal,
    set_kpi,
    set_series,
    unlink,
)
from socius.strategy.models import Goal, Link, Series

BLOCK = {"total", "none", "goal", "outcome", "fresh", "measured", "by_hand"}
KINDS = {
    "account_without_goal", "initiative_without_goal", "goal_without_owner", "goal_without_outcome_kpi", "kpi_without_series", "series_stale", "no_effect", "account_unknown",
}  # fmt: skip


def account(handle: str) -> Account:
    return Account.objects.get(handle=handle)


def level(found: dict[str, Any]) -> dict[str, int]:
    block = found["activity"]
    flat = {name: block[name] for name in ("none", "goal", "outcome", "fresh")}
    flat["measured"] = sum(block["measured"].values())
    return {name: n for name, n in flat.items() if n}


class TestContract:
    def test_its_keys_are_those_that_are_promised(self, line: House) -> None:
        found = line.sight()
        promised = {
            "as_of", "from", "to", "activity", "share", "share_fresh", "share_measured_ab", "by_unit", "by_network", "by_goal", "hours", "spend", "breaks", "published",
        }  # fmt: skip
        assert promised <= set(found)
        assert set(found["activity"]) == BLOCK
        assert set(found["activity"]["measured"]) == set("ABCDE")
        assert all({"name", *BLOCK} <= set(row) for row in found["by_unit"] + found["by_network"])
        assert all(
            {"key", "name", "total", "none", "goal", "outcome", "fresh", "measured"} <= set(row)
            for row in found["by_goal"]
        )
        assert set(found["hours"]) == BLOCK
        assert all(set(row) == {"kind", "object", "activities", "fix"} for row in found["breaks"])
        assert all(set(row["object"]) == {"type", "id", "name"} for row in found["breaks"])
        assert all(set(row["fix"]) == {"verb", "href"} for row in found["breaks"])
        json.dumps(found, default=float)

    def test_levels_and_shares(self, line: House) -> None:
        found = line.sight()
        assert level(found) == {"none": 4, "fresh": 2, "measured": 1}
        assert found["activity"]["measured"]["D"] == 1
        assert found["activity"]["by_hand"] == 1
        assert found["share"] == pytest.approx(3 / 7)
        assert found["share_fresh"] == pytest.approx(3 / 7)
        assert found["share_measured_ab"] == 0

    def test_units_and_networks_partition_the_total(self, line: House) -> None:
        found = line.sight()
        assert {r["name"]: r["total"] for r in found["by_unit"]} == {
            "Marketing": 4, "Care": 1, "not in the inventory": 2,
        }  # fmt: skip
        assert {r["key"]: r["total"] for r in found["by_network"]} == {
            "x": 4,
            "instagram": 2,
            "": 1,
        }
        for part in ("by_unit", "by_network"):
            for name in ("none", "goal", "outcome", "fresh"):
                assert sum(r[name] for r in found[part]) == found["activity"][name]
        assert "does not add up" in found["by_goal_note"]
        goals = {r["key"]: (r["total"], r["none"], r["fresh"]) for r in found["by_goal"]}
        assert goals == {"more-orders": (3, 0, 2), "better-care": (1, 1, 0)}

    def test_breaks_are_of_a_closed_list_sorted_and_each_has_its_mending(self, line: House) -> None:
        found = line.sight()["breaks"]
        assert {b["kind"] for b in found} <= KINDS
        counts = [b["activities"] for b in found]
        assert counts == sorted(counts, reverse=True)
        assert {(b["kind"], b["object"]["name"]): b["activities"] for b in found} == {
            ("account_without_goal", "looks"): 1,
            ("account_unknown", "accounts that the inventory does not know"): 1,
            ("goal_without_owner", "Better care"): 1,
            ("initiative_without_goal", "Lost"): 1,
            ("no_effect", "More orders"): 2,
        }
        assert all(b["fix"]["href"].startswith("/") for b in found)
        assert "None" not in "".join(b["fix"]["href"] for b in found)

    def test_the_published_figure_stands_beside_it(self, line: House) -> None:
        published = line.sight()["published"]
        source = published.pop("source")
        assert published == {
            "value": 0.34, "low": 0.26, "high": 0.42, "n": 130, "n_status": "inferred", "year": 2012,
        }  # fmt: skip
        assert source

    def test_administrative_rows_are_never_counted(self, line: House) -> None:
        before = line.sight()["activity"]["total"]
        move(account("brand"), to=line.unit("Elsewhere"), actor=line.actor())
        assert line.sight()["activity"]["total"] == before == 7

    def test_hours_and_spend_are_blocks_of_their_own(self, line: House) -> None:
        line.take("hours", "week,unit,hours,initiative\n2026-W21,Care,3.5,live\n2026-W21,Care,2,\n")
        line.take(
            "spend",
            "date,amount,currency,goal\n2026-05-20,100.10,EUR,more-orders\n2026-05-20,5,USD,\n",
        )
        found = line.sight()
        assert float(found["hours"]["total"]) == 5.5
        assert float(found["hours"]["measured"]["D"]) == 3.5
        assert float(found["spend"]["EUR"]["fresh"]) == pytest.approx(100.10)
        assert float(found["spend"]["USD"]["none"]) == 5
        assert found["activity"]["total"] == 7


class TestWindow:
    @pytest.mark.django_db
    def test_it_is_the_ninety_days_that_end_at_as_of_in_the_organisations_zone(self) -> None:
        House(datetime(2026, 6, 1, 9, tzinfo=UTC), "Pacific/Auckland")
        question = asked(datetime(2026, 6, 30, 13, tzinfo=UTC))
        assert question.window == (date(2026, 4, 3), date(2026, 7, 1), date(2026, 7, 1))
        assert (question.window.last - question.window.first).days == 89

    @pytest.mark.django_db
    def test_days_begin_where_the_organisation_is(self) -> None:
        house = House(datetime(2026, 6, 1, 9, tzinfo=UTC), "America/New_York")
        text = "at,verb,object_id\n2026-05-31T02:00:00Z,ran,a\n2026-05-31T05:00:00Z,ran,b\n"
        house.take("activity", text)
        found = house.sight(first=date(2026, 5, 31), last=date(2026, 5, 31))
        assert found["activity"]["total"] == 1

    def test_from_and_to_are_both_inside(self, line: House) -> None:
        found = line.sight(first=date(2026, 5, 21), last=date(2026, 5, 23))
        assert found["activity"]["total"] == 3

    def test_a_future_as_of_and_a_window_that_ends_before_it_starts_are_refused(
        self, line: House
    ) -> None:
        with pytest.raises(Invalid, match="future"):
            line.sight(as_of=date(2030, 1, 1))
        with pytest.raises(Invalid, match="ends"):
            line.sight(first=date(2026, 5, 2), last=date(2026, 5, 1))

    def test_nothing_counted_is_no_share(self, line: House) -> None:
        found = line.sight(first=date(2020, 1, 1), last=date(2020, 1, 2))
        assert (found["activity"]["total"], found["share"]) == (0, None)

    @pytest.mark.django_db
    def test_an_effect_noted_in_the_evening_west_of_greenwich_counts_at_once(self) -> None:
        house = House(datetime(2026, 6, 1, 1, tzinfo=UTC), "America/Los_Angeles")
        for kind, text in (
            ("goals", "goal,executive_owner\ng,ceo@example.org\n"),
            ("outcomes", "date,series,value,unit,class,source,why\n2026-05-29,Sales,1,EUR,outcome,shop,money\n2026-05-30,Sales,1,EUR,outcome,shop,money\n2026-05-31,Sales,1,EUR,outcome,shop,money\n"),
            ("kpis", "goal,measure,class,series\ng,Sales,outcome,Sales\n"),
            ("initiatives", "initiative,title,goals\ni,I,g\n"),
            ("activity", "at,verb,object_id,initiative\n2026-05-30T12:00:00Z,ran,a,i\n"),
            ("effects", "initiative,series,method,estimate\ni,Sales,before and after,1\n"),
        ):  # fmt: skip
            house.take(kind, text)
        found = house.sight()
        assert found["as_of"] == "2026-05-31"
        assert level(found) == {"measured": 1}


class TestWhatWasKnownThen:
    """Each change is made on 3 June; asked as of 2 June nothing of it is there."""

    @pytest.fixture
    def later(self, line: House) -> House:
        line.before = line.sight(as_of=date(2026, 6, 1))  # type: ignore[attr-defined]
        line.wait(days=2)
        return line

    def unmoved(self, house: House) -> None:
        """What is asked as of the first day is as it was; only the day of the question and drift differ."""
        before = house.before  # type: ignore[attr-defined]
        found = house.sight(as_of=date(2026, 6, 1))
        keys = [k for k in found if k != "known_at"]
        assert {k: found[k] for k in keys} == {k: before[k] for k in keys}

    def test_an_import_later_than_as_of_is_invisible(self, later: House) -> None:
        later.take(
            "activity",
            "at,verb,object_id,network,account\n2026-05-20T10:00:00Z,posted,late,x,brand\n",
        )
        assert later.sight()["activity"]["total"] == 8
        self.unmoved(later)
        jobs.seal()
        jobs.roll_up()
        assert later.sight()["activity"]["total"] == 8
        self.unmoved(later)

    def test_an_undo_counts_from_its_day(self, later: House) -> None:
        run = later.take("activity", "at,verb,object_id\n2026-05-20T10:00:00Z,ran,late\n")
        later.wait(days=1)
        later.undo(run)
        assert later.sight(as_of=date(2026, 6, 3))["activity"]["total"] == 8
        assert later.sight(as_of=date(2026, 6, 4))["activity"]["total"] == 7
        self.unmoved(later)

    def test_a_late_value_makes_a_series_fresh_from_when_it_was_known(self, later: House) -> None:
        # Two days on the series of daily values is stale; a value for the day in between comes late.
        assert level(later.sight(as_of=date(2026, 6, 3)))["outcome"] == 3
        later.wait(hours=1)
        later.take("outcomes", "date,series,value\n2026-06-01,Orders,13\n2026-06-02,Orders,14\n")
        assert level(later.sight())["fresh"] == 2
        self.unmoved(later)

    def test_the_time_since_which_a_value_is_known_may_come_with_it(self, later: House) -> None:
        later.take(
            "outcomes",
            "date,series,value,known_at\n2026-06-01,Orders,13,2026-06-02T08:00:00Z\n2026-06-02,Orders,13,2026-06-02T08:00:00Z\n",
        )
        assert level(later.sight(as_of=date(2026, 6, 2)))["fresh"] == 2
        self.unmoved(later)

    def test_a_back_dated_link_mends_past_activity_from_when_it_was_made(
        self, later: House
    ) -> None:
        goal = Goal.objects.get(key="more-orders")
        link(account("looks"), goal=goal, start=date(2026, 5, 1), actor=later.actor())
        assert level(later.sight(as_of=date(2026, 6, 3)))["none"] == 3
        self.unmoved(later)

    def test_a_link_that_is_dated_too_late_mends_nothing(self, later: House) -> None:
        goal = Goal.objects.get(key="more-orders")
        link(account("looks"), goal=goal, start=date(2026, 5, 24), actor=later.actor())
        assert level(later.sight())["none"] == 4

    def test_a_link_that_was_ended_counted_until_then(self, later: House) -> None:
        tie = Link.objects.get(account=account("brand"))
        unlink(tie, actor=later.actor())
        assert level(later.sight())["none"] == 5
        self.unmoved(later)

    def test_a_series_that_is_lowered_was_an_outcome_until_then(self, later: House) -> None:
        was = level(later.sight(as_of=date(2026, 6, 1)))
        orders = Series.objects.get(name="Orders")
        made, _ = set_series(later.root, actor=later.actor(), key=orders.key, stated="driver")
        assert made.class_name == "driver"
        tied = {"outcome", "fresh", "measured"}
        assert tied & set(was)
        assert not tied & set(level(later.sight()))
        self.unmoved(later)

    def test_a_goal_owner_who_is_named_later_counts_from_then(self, later: House) -> None:
        set_goal(
            later.root, key="better-care", executive_owner="coo@example.org", actor=later.actor()
        )
        assert level(later.sight())["goal"] == 1
        self.unmoved(later)

    def test_a_goal_that_is_closed_counted_until_then(self, later: House) -> None:
        close_goal(Goal.objects.get(key="more-orders"), actor=later.actor(), reason="reached")
        assert level(later.sight()) == {"none": 7}
        self.unmoved(later)

    def test_a_kpi_counts_from_when_it_was_set(self, later: House) -> None:
        set_goal(
            later.root, key="better-care", executive_owner="coo@example.org", actor=later.actor()
        )
        goal, series = Goal.objects.get(key="better-care"), Series.objects.get()
        set_kpi(goal, measure="Orders", series=series, stated="outcome", actor=later.actor())
        assert level(later.sight())["outcome"] == 4
        self.unmoved(later)

    def test_an_account_counts_under_the_unit_that_had_it_then(self, later: House) -> None:
        move(account("brand"), to=Unit.objects.get(key="Care"), actor=later.actor())
        units = {r["name"]: r["total"] for r in later.sight()["by_unit"]}
        assert units == {"Care": 4, "Marketing": 1, "not in the inventory": 2}
        self.unmoved(later)

    def test_a_merge_and_its_taking_back_count_from_when_they_were_made(self, later: House) -> None:
        merge(account("care"), into=account("brand"), actor=later.actor(), reason="one desk")
        merged = later.sight()
        assert {r["name"]: r["total"] for r in merged["by_unit"]} == {
            "Marketing": 5,
            "not in the inventory": 2,
        }
        assert level(merged) == {"none": 3, "outcome": 4}
        self.unmoved(later)
        later.wait(days=1)
        separate(account("care"), actor=later.actor())
        self.unmoved(later)
        assert level(later.sight(as_of=date(2026, 6, 3)))["none"] == level(merged)["none"]
        now = {r["name"]: r["total"] for r in later.sight()["by_unit"]}
        assert now == {"Marketing": 4, "Care": 1, "not in the inventory": 2}

    def test_a_part_of_a_part_counts_where_it_belonged_then(self, later: House) -> None:
        merge(account("looks"), into=account("care"), actor=later.actor(), reason="one desk")
        middle = later.sight()["by_unit"]
        later.wait(days=1)
        merge(account("care"), into=account("brand"), actor=later.actor(), reason="one desk")
        assert {r["name"]: r["total"] for r in later.sight()["by_unit"]}["Marketing"] == 5
        assert later.sight(as_of=date(2026, 6, 3))["by_unit"] == middle
        separate(account("care"), actor=later.actor())
        assert later.sight()["by_unit"] == middle
        assert account("looks").merged_into == account("care")
        self.unmoved(later)

    def test_an_account_that_is_listed_later_heals_activity_from_then(self, later: House) -> None:
        later.take(
            "accounts",
            "network,handle,url,unit\ninstagram,stranger,https://instagram.com/stranger,Care\n",
        )
        kinds = {b["kind"]: b["activities"] for b in later.sight()["breaks"]}
        assert "account_unknown" not in kinds
        assert kinds["account_without_goal"] == 2 or len(kinds) == 4
        self.unmoved(later)

    def test_an_effect_counts_from_when_it_was_recorded_until_it_was_withdrawn(
        self, later: House
    ) -> None:
        withdraw_effect(Effect.objects.get(), actor=later.actor(), reason="wrong")
        assert "measured" not in level(later.sight())
        self.unmoved(later)

    def test_an_experiment_counts_from_when_it_was_planned(self, later: House) -> None:
        trial = set_experiment(
            later.root, key="t", title="Trial", start=date(2026, 5, 1), end=date(2026, 6, 30), actor=later.actor(),
        )  # fmt: skip
        link(account("looks"), experiment=trial, actor=later.actor())
        assert level(later.sight())["goal"] == 1
        self.unmoved(later)


class TestWhoMaySee:
    def holder(self, house: House, unit: Unit, *rights: str) -> Actor:
        person = organisation.invite_person(
            organisation.NewPerson("v@example.org", unit=unit), actor=house.actor()
        )
        gift = organisation.Gift(person, unit, "needed", rights=frozenset(rights))
        organisation.give_grant(gift, actor=house.actor())
        return Actor(person, "web", house.at)

    def totals(self, house: House, actor: Actor, unit: Unit | None = None) -> dict[str, int]:
        sight, known = line_of_sight(actor, asked(house.at), unit)
        return {known.units.get(u, "-"): b["total"] for u, b in sight.by("unit").items()}

    def test_somebody_of_a_unit_sees_the_activity_of_its_accounts_and_no_other(
        self, line: House
    ) -> None:
        viewer = self.holder(line, Unit.objects.get(key="Care"), "analytics.view")
        assert self.totals(line, viewer) == {"Care": 1}
        assert self.totals(line, viewer, Unit.objects.get(key="Care")) == {"Care": 1}
        with pytest.raises(Refused):
            self.totals(line, viewer, Unit.objects.get(key="Marketing"))

    def test_activity_that_healed_and_merged_accounts_belong_to_the_unit(self, line: House) -> None:
        viewer = self.holder(line, Unit.objects.get(key="Care"), "analytics.view")
        line.take(
            "accounts",
            "network,handle,url,unit\ninstagram,stranger,https://instagram.com/stranger,Care\n",
        )
        assert self.totals(line, viewer) == {"Care": 2}
        merge(account("looks"), into=account("care"), actor=line.actor(), reason="one desk")
        assert self.totals(line, viewer) == {"Care": 3}

    def test_who_may_see_nothing_is_refused(self, line: House) -> None:
        nobody = self.holder(line, Unit.objects.get(key="Care"), "account.view")
        with pytest.raises(Refused):
            sighted(nobody, asked(line.at))

    def test_the_remembered_report_changes_with_the_ledger(
        self, line: House, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        actor = Actor(line.person, "cli", line.at)
        question = asked(line.at)
        first = sighted(actor, question)
        with django_assert_max_num_queries(12):
            assert sighted(actor, question) is first
        link(account("looks"), goal=Goal.objects.get(key="more-orders"), actor=line.actor())
        again = sighted(actor, asked(line.at))
        assert again["activity"]["none"] == first["activity"]["none"] - 1


def test_drift_alarms_where_the_share_falls_while_volume_grows(house: House) -> None:
    house.take("goals", "goal,executive_owner\ng,ceo@example.org\n")
    lines = ["at,verb,object_id,goal"]
    start = date(2025, 12, 1)
    for week in range(26):
        total = 40 + 2 * week
        lined = round(total * (0.9 - 0.4 * week / 25))
        for n in range(total):
            day = start + timedelta(days=7 * week + n % 5)
            goal = "g" if n < lined else ""
            lines.append(f"{day}T10:00:00Z,ran,{week}-{n},{goal}")
    house.take("activity", "\n".join(lines) + "\n")
    found = sighted(Actor(house.person, "cli", house.at), asked(house.at))
    assert found["drift"] is not None
    assert found["drift"]["alarm"]
