"""Rows of an inventory become accounts: merged, claimed, shared, marked absent, held."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from house import House, codes, rows
from socius.accounts.actions import claim, correct, merge, move, separate
from socius.accounts.models import Account, Claim, Identity, Merger, Placement, Share
from socius.kit.errors import Conflict, Invalid
from socius.organisation import actions as organisation
from socius.organisation.models import Actor, Unit
from socius.strategy.models import Link, Proposal

HEAD = "network,handle,url,unit,owner_email,purpose,goal,status,decision,language\n"


def row(network: str = "x", handle: str = "ann", **more: str) -> str:
    """One line; the address follows from the handle unless it is said."""
    host = {"x": "x.com", "facebook": "facebook.com", "instagram": "instagram.com"}[network]
    given = {
        "network": network, "handle": handle, "url": f"https://{host}/{handle}", "unit": "North", "owner_email": "", "purpose": "", "goal": "", "status": "", "decision": "", "language": "", **more,
    }  # fmt: skip
    return ",".join(given.values()) + "\n"


def many(n: int, unit: str = "North", network: str = "x", start: int = 0) -> str:
    return "".join(row(network, f"{unit.lower()}{i}", unit=unit) for i in range(start, start + n))


class TestIdentity:
    def test_rows_of_one_identity_make_one_account_and_the_first_stands(self, house: House) -> None:
        text = HEAD + row(purpose="care") + row(handle="Ann", purpose="sales")
        report = house.take("accounts", text)
        assert Account.objects.get().purpose == "care"
        assert (report.summary["accounts"], report.summary["merged"]) == (1, 1)
        assert codes(report)["fields_disagree"] == 1
        stated = {(c.field, c.value, c.line) for c in Claim.objects.all()}
        assert ("purpose", "sales", 3) in stated

    def test_a_blank_field_contradicts_nothing(self, house: House) -> None:
        report = house.take("accounts", HEAD + row(purpose="care") + row())
        assert "fields_disagree" not in codes(report)
        assert not Claim.objects.exists()

    def test_a_second_unit_is_listed_beside_the_owning_one(self, house: House) -> None:
        report = house.take("accounts", HEAD + row() + row(unit="South"))
        account = Account.objects.get()
        assert account.unit.key == "North"
        assert [s.unit.key for s in Share.objects.all()] == ["South"]
        assert codes(report)["fields_disagree"] == 1
        assert [p.unit.key for p in account.placements.all()] == ["North"]

    def test_spellings_of_one_address_are_one_account(self, house: House) -> None:
        text = HEAD + row() + row(url="http://www.twitter.com/Ann/") + row("x", "@ANN", url="")
        report = house.take("accounts", text)
        assert report.summary["accounts"] == 1

    def test_one_handle_on_two_networks_is_two_accounts(self, house: House) -> None:
        house.take("accounts", HEAD + row() + row("instagram"))
        assert Account.objects.count() == 2

    def test_two_pages_of_one_name_with_two_addresses_are_two_accounts(self, house: House) -> None:
        text = HEAD + row("facebook", "City Library", url="https://facebook.com/citylib") + row("facebook", "City Library", url="https://facebook.com/library.city")  # fmt: skip
        house.take("accounts", text)
        assert Account.objects.count() == 2
        assert {a.url for a in Account.objects.all()} == {
            "https://facebook.com/citylib",
            "https://facebook.com/library.city",
        }

    def test_a_row_without_address_means_the_account_of_that_name(self, house: House) -> None:
        house.take("accounts", HEAD + row("facebook", "City Library", url="https://facebook.com/citylib"))  # fmt: skip
        report = house.read("accounts", "network,handle,unit\nFacebook,City Library,North\n")
        assert Account.objects.count() == 1
        assert report.summary["accounts"] == 1

    def test_a_remote_id_that_is_learnt_later_is_kept(self, house: House) -> None:
        house.take("accounts", HEAD + row())
        text = "network,handle,url,unit,remote_id\nx,ann,https://x.com/ann,North,4711\n"
        report = house.take("accounts", text)
        assert rows(report) == {"read": 1, "updated": 1}
        assert Account.objects.get().remote_id == "4711"
        renamed = "network,handle,url,unit,remote_id\nx,anna,https://x.com/anna,North,4711\n"
        house.take("accounts", renamed)
        assert Account.objects.get().handle == "anna"

    def test_rows_of_a_merged_account_come_to_the_whole(self, house: House) -> None:
        house.take("accounts", HEAD + row() + row(handle="bob"))
        ann, bob = Account.objects.get(handle="ann"), Account.objects.get(handle="bob")
        merge(bob, into=ann, actor=house.actor(), reason="one desk")
        report = house.take("accounts", HEAD + row(handle="bob", purpose="care"))
        assert report.summary["accounts"] == 1
        ann.refresh_from_db()
        assert (ann.purpose, Account.objects.count()) == ("care", 2)


class TestAgain:
    def test_the_same_file_is_refused_and_a_reordered_one_changes_nothing(
        self, house: House
    ) -> None:
        lines = [row(), row(handle="bob", unit="South", purpose="care"), row("instagram")]
        house.take("accounts", HEAD + "".join(lines))
        before = list(Account.objects.order_by("pk").values())
        assert house.read("accounts", HEAD + "".join(lines)).state == "already_imported"
        report = house.take("accounts", HEAD + "".join(lines[::-1]))
        assert rows(report) == {"read": 3, "unchanged": 3}
        after = list(Account.objects.order_by("pk").values())
        for one in before + after:
            one.pop("last_run")
        assert after == before
        assert Placement.objects.count() == 3

    def test_what_was_claimed_once_is_not_claimed_again(self, house: House) -> None:
        text = row() + row(purpose="x") + row(unit="South")
        house.take("accounts", HEAD + row(purpose="y") + text)
        claims, identities = Claim.objects.count(), Identity.objects.count()
        house.take("accounts", HEAD + row(purpose="y") + text + row(handle="bob"))
        assert Claim.objects.count() == claims > 0
        assert Share.objects.count() == 1
        assert Identity.objects.count() > identities

    def test_a_change_is_an_update_that_says_what_was_before(self, house: House) -> None:
        house.take("accounts", HEAD + row(purpose="care"))
        report = house.take("accounts", HEAD + row(purpose="sales", unit="South"))
        assert rows(report) == {"read": 1, "updated": 1}
        account = Account.objects.get()
        assert (account.purpose, account.unit.key) == ("sales", "South")
        assert [(p.unit.key, p.known_until is None) for p in account.placements.order_by("pk")] == [
            ("North", False),
            ("South", True),
        ]


class TestComplete:
    def test_a_vanished_account_is_absent_and_never_retired_and_may_come_back(
        self, house: House
    ) -> None:
        house.take("accounts", HEAD + many(40), complete=True)
        house.wait(days=3)
        report = house.take("accounts", HEAD + many(39), complete=True)
        gone = Account.objects.exclude(absent_since=None).get()
        assert (gone.handle, gone.absent_since, gone.status) == ("north39", date(2026, 6, 4), "claimed")  # fmt: skip
        assert (report.shrink["owned"], report.shrink["would_mark_absent"]) == (40, 1)
        house.wait(days=3)
        report = house.take("accounts", HEAD + many(40) + row(handle="new"), complete=True)
        assert not Account.objects.exclude(absent_since=None).exists()
        assert rows(report) == {"read": 41, "created": 1, "updated": 1, "unchanged": 39}

    def test_an_account_that_is_absent_already_is_absent_since_the_first_day(
        self, house: House
    ) -> None:
        house.take("accounts", HEAD + many(40), complete=True)
        house.wait(days=3)
        house.take("accounts", HEAD + many(39), complete=True)
        house.wait(days=3)
        report = house.take("accounts", HEAD + many(39) + row(handle="new"), complete=True)
        assert report.shrink["would_mark_absent"] == 0
        assert Account.objects.get(handle="north39").absent_since == date(2026, 6, 4)

    def test_without_complete_nothing_is_absent(self, house: House) -> None:
        house.take("accounts", HEAD + many(40))
        house.take("accounts", HEAD + many(3) + row(handle="new"))
        assert not Account.objects.exclude(absent_since=None).exists()

    def test_an_account_claimed_by_hand_is_not_the_lists_to_lose(self, house: House) -> None:
        unit = house.unit("North")
        claim(unit, actor=house.actor(), network="x", identities=[("handle", "own")], handle="own")
        house.take("accounts", HEAD + many(5), complete=True)
        assert Account.objects.get(handle="own").absent_since is None

    @pytest.mark.parametrize(
        ("kept", "why"),
        [
            (many(37), "would_mark_absent"),
            (many(40, start=3) + many(3, "South"), "would_mark_absent"),
        ],
    )
    def test_more_than_five_per_cent_are_held(self, house: House, kept: str, why: str) -> None:
        house.take("accounts", HEAD + many(40), complete=True)
        report = house.read("accounts", HEAD + kept, complete=True)
        assert report.state == "held"
        assert report.shrink[why] == 3
        assert not Account.objects.exclude(absent_since=None).exists()
        assert Account.objects.count() == 40

    def test_a_whole_unit_or_network_is_held_however_small(self, house: House) -> None:
        first = many(60) + many(2, "South") + row("instagram", "pic")
        house.take("accounts", HEAD + first, complete=True)
        for kept, group in (
            (many(60) + row("instagram", "pic"), "unit:"),
            (many(60) + many(2, "South"), "network:instagram"),
        ):
            report = house.read("accounts", HEAD + kept, complete=True)
            assert report.state == "held"
            assert any(g.startswith(group) for g in report.shrink["groups_vanished"])
        assert not Account.objects.exclude(absent_since=None).exists()

    def test_more_than_half_of_a_unit_is_held(self, house: House) -> None:
        house.take("accounts", HEAD + many(400) + many(10, "South"), complete=True)
        report = house.read("accounts", HEAD + many(400) + many(4, "South"), complete=True)
        assert (report.state, len(report.shrink["units_halved"])) == ("held", 1)

    def test_a_person_with_a_reason_passes_the_guard(self, house: House) -> None:
        house.take("accounts", HEAD + many(40), complete=True)
        report = house.take(
            "accounts", HEAD + many(20), complete=True, confirm_shrink=True, reason="closed"
        )
        assert report.state == "ok"
        assert Account.objects.exclude(absent_since=None).count() == 20

    def test_a_unit_whose_accounts_all_moved_did_not_vanish(self, house: House) -> None:
        house.take("accounts", HEAD + many(60) + many(3, "South"), complete=True)
        moved = many(3, "South").replace(",South,", ",West,")
        report = house.take("accounts", HEAD + many(60) + moved, complete=True)
        assert report.shrink["groups_vanished"] == []
        assert codes(report)["group_renamed"] == 1

    def test_a_renamed_value_is_no_vanished_group(self, house: House) -> None:
        house.take("accounts", HEAD + many(20), complete=True)
        other = many(20).replace("x,north", "X (Twitter),north")
        report = house.take("accounts", HEAD + other, complete=True)
        assert report.shrink["groups_vanished"] == []
        assert rows(report) == {"read": 20, "unchanged": 20}

    def test_a_dry_run_says_the_same_and_writes_nothing(self, house: House) -> None:
        house.take("accounts", HEAD + many(40), complete=True)
        text = HEAD + many(39) + row(handle="new")
        dry = house.read("accounts", text, complete=True, apply=False)
        assert not Account.objects.exclude(absent_since=None).exists()
        real = house.take("accounts", text, complete=True)
        assert (dry.shrink, rows(dry)) == (real.shrink, rows(real))


class TestUnits:
    def test_names_with_one_id_are_one_unit(self, house: House) -> None:
        head = "Account,Platform,Department,Language,URL,gc_orgID\n"
        text = (
            head
            + "a,X,Transport Canada,English,https://x.com/a,7.0\n"
            + "b,X,Transports Canada,Français,https://x.com/b,7.0\n"
            + "c,X,Parks Canada,English,https://x.com/c,8.0\n"
        )
        report = house.take("accounts", text)
        assert report.summary["units"] == 2
        assert codes(report)["alias_by_id"] == 1
        assert Account.objects.get(handle="b").unit == Account.objects.get(handle="a").unit

    def test_two_units_that_an_id_brings_together_share_their_accounts(self, house: House) -> None:
        head = "Account,Platform,Department,Language,URL\n"
        both = "a,X,Transport Canada,English,https://x.com/a{}\nb,X,Transports Canada,Français,https://x.com/b{}\n"
        house.take("accounts", head + both.format("", ""))
        assert Account.objects.get(handle="a").unit != Account.objects.get(handle="b").unit
        house.take("accounts", head.replace("URL", "URL,gc_orgID") + both.format(",7", ",7"))
        assert Account.objects.get(handle="b").unit == Account.objects.get(handle="a").unit
        assert Placement.objects.filter(known_until=None).count() == 2

    def test_an_unknown_unit_is_rejected_where_the_importer_may_not_make_one(
        self, house: House
    ) -> None:
        person = organisation.invite_person(
            organisation.NewPerson("v@example.org"), actor=house.actor()
        )
        gift = organisation.Gift(person, house.root, "needed", rights=frozenset({"account.edit"}))
        organisation.give_grant(gift, actor=house.actor())
        clerk = Actor(person, "web", house.at)
        house.unit("North")
        report = house.read("accounts", HEAD + many(30) + row(unit="West"), actor=clerk)
        assert (report.state, report.rejected, codes(report)["unknown_name"]) == ("ok", 1, 1)
        assert not Unit.objects.filter(key="West").exists()


class TestColumnsThatAskMore:
    GOAL = "goal,executive_owner\nmore,ceo@example.org\n"

    def clerk(self, house: House, *rights: str) -> Actor:
        person = organisation.invite_person(
            organisation.NewPerson("c@example.org"), actor=house.actor()
        )
        gift = organisation.Gift(person, house.root, "needed", rights=frozenset(rights))
        organisation.give_grant(gift, actor=house.actor())
        return Actor(person, "web", house.at)

    def test_a_goal_is_tied_where_goals_may_be_edited(self, house: House) -> None:
        house.take("goals", self.GOAL)
        house.unit("North")
        text = HEAD + row(goal="more")
        report = house.read("accounts", text, actor=self.clerk(house, "account.edit"))
        assert (report.state, codes(report)) == ("ok", {"goal_not_tied": 1})
        assert not Link.objects.exists()
        house.take("accounts", HEAD + row(goal="more", purpose="x"))
        assert Link.objects.get().goal.key == "more"

    def test_a_goal_that_nobody_knows_is_a_finding(self, house: House) -> None:
        report = house.take("accounts", HEAD + row(goal="no such"))
        assert codes(report)["goal_not_tied"] == 1
        assert Account.objects.count() == 1

    def test_a_decision_is_kept_as_a_proposal_where_one_may_decide(self, house: House) -> None:
        house.unit("North")
        text = HEAD + row(decision="retire")
        report = house.read("accounts", text, actor=self.clerk(house, "account.edit"))
        assert codes(report)["decision_not_kept"] == 1
        assert not Proposal.objects.exists()
        house.take("accounts", HEAD + row(decision="retire", purpose="x"))
        one = Proposal.objects.get()
        assert (one.proposal, one.source, one.line, one.decided) == ("retire", "import", 2, "")
        assert Account.objects.get().status == "claimed"

    def test_the_same_decision_is_proposed_once_and_another_one_anew(self, house: House) -> None:
        house.take("accounts", HEAD + row(decision="keep"))
        house.take("accounts", HEAD + row(decision="keep") + row(handle="bob"))
        assert Proposal.objects.count() == 1
        house.take("accounts", HEAD + row(decision="verify"))
        assert [p.proposal for p in Proposal.objects.order_by("pk")] == ["keep", "verify"]

    @pytest.mark.parametrize(
        ("owner", "goal", "status"),
        [
            ("ada@example.org", "more", "active"),
            ("nobody@example.org", "more", "active"),
            ("", "more", "claimed"),
            ("ada@example.org", "", "claimed"),
        ],
    )
    def test_active_needs_a_goal_and_an_owner(
        self, house: House, owner: str, goal: str, status: str
    ) -> None:
        house.take("goals", self.GOAL)
        text = HEAD + row(status="active", owner_email=owner, goal=goal)
        report = house.take("accounts", text)
        assert Account.objects.get().status == status
        assert codes(report).get("active_without_goal", 0) == (status != "active")


class TestByHand:
    def test_an_identity_is_one_accounts(self, house: House) -> None:
        unit = house.unit("North")
        keys = [("handle", "ann")]
        claim(unit, actor=house.actor(), network="x", identities=keys)
        with pytest.raises(Conflict, match="already"):
            claim(unit, actor=house.actor(), network="x", identities=keys)
        with pytest.raises(Invalid, match="needs"):
            claim(unit, actor=house.actor(), network="x", identities=[])

    def test_only_descriptive_fields_are_corrected(self, house: House) -> None:
        account = claim(house.unit("N"), actor=house.actor(), network="x", identities=[("handle", "a")])  # fmt: skip
        assert correct(account, actor=house.actor(), purpose="care").purpose == "care"
        with pytest.raises(Invalid):
            correct(account, actor=house.actor(), status="active")

    def test_merges_are_taken_back_one_by_one(self, house: House) -> None:
        unit = house.unit("N")
        a, b, c = (
            claim(unit, actor=house.actor(), network="x", identities=[("handle", h)], handle=h)
            for h in "abc"
        )
        merge(a, into=b, actor=house.actor(), reason="one")
        merge(b, into=c, actor=house.actor(), reason="one")
        a.refresh_from_db()
        assert a.merged_into == c
        with pytest.raises(Conflict):
            merge(a, into=c, actor=house.actor(), reason="again")
        with pytest.raises(Invalid, match="reason"):
            merge(c, into=b, actor=house.actor(), reason=" ")
        separate(b, actor=house.actor())
        a.refresh_from_db()
        assert a.merged_into == b
        separate(a, actor=house.actor())
        with pytest.raises(Conflict):
            separate(a, actor=house.actor())
        assert not Merger.objects.filter(known_until=None).exists()

    def test_an_account_has_one_unit_at_every_instant(self, house: House) -> None:
        north, south = house.unit("North"), house.unit("South")
        account = claim(north, actor=house.actor(), network="x", identities=[("handle", "a")])
        move(account, to=south, actor=house.actor())
        move(account, to=north, actor=house.actor())
        placed = list(account.placements.order_by("known_from"))
        assert [p.unit_id for p in placed] == [north.pk, south.pk, north.pk]
        assert all(a.known_until == b.known_from for a, b in pairwise(placed))
        assert placed[-1].known_until is None
