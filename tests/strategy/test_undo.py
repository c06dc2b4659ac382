"""An import and its undo leave the line of sight as it was, for each of the kinds."""

from __future__ import annotations

from typing import Any

import pytest

from each_kind import FIRST, SECOND
from house import House
from socius.accounts.actions import merge, move, separate
from socius.accounts.models import Account, Claim
from socius.kit.errors import Conflict
from socius.measure.actions import undo_import
from socius.organisation.models import Unit
from socius.strategy.actions import set_goal
from socius.strategy.models import Goal, Proposal


@pytest.fixture
def stands(house: House) -> House:
    for kind, text in FIRST.items():
        house.take(kind, text)
    return house


def seen(house: House) -> dict[str, Any]:
    """The report without what only says when it was made, and without goals that nothing leads to."""
    found = house.sight()
    found.pop("known_at")
    found["by_goal"] = [row for row in found["by_goal"] if row["total"]]
    return found


@pytest.mark.parametrize("kind", list(FIRST))
def test_after_its_undo_an_import_was_never_there(stands: House, kind: str) -> None:
    before = seen(stands)
    run = stands.take(kind, SECOND[kind])
    changed = seen(stands)
    stands.undo(run)
    assert seen(stands) == before
    if kind not in {
        "people",
        "units",
        "outcomes",
        "kpis",
        "leads",
    }:  # these have tests of their own
        assert changed != before
    # And it can be said again.
    stands.take(kind, SECOND[kind])
    assert seen(stands) == changed


def test_values_that_were_taken_back_keep_no_series_fresh(stands: House) -> None:
    stands.wait(days=2)
    before = seen(stands)
    assert before["activity"]["outcome"] == 2
    run = stands.take("outcomes", SECOND["outcomes"])
    assert seen(stands)["activity"]["outcome"] == 0
    stands.undo(run)
    assert seen(stands) == before
    stands.take("outcomes", SECOND["outcomes"])
    assert seen(stands)["activity"]["outcome"] == 0


def test_kpis_that_were_taken_back_lead_nowhere(house: House) -> None:
    for kind, text in FIRST.items():
        if kind not in {"kpis", "effects"}:
            house.take(kind, text)
    before = seen(house)
    run = house.take("kpis", FIRST["kpis"])
    assert (before["activity"]["goal"], seen(house)["activity"]["fresh"]) == (2, 2)
    house.undo(run)
    assert seen(house) == before


@pytest.mark.parametrize("kind", list(FIRST))
def test_a_trial_undo_writes_nothing(stands: House, kind: str) -> None:
    run = stands.take(kind, SECOND[kind])
    before, entries = seen(stands), stands.entries()
    said = undo_import(run.run or 0, actor=stands.actor(), apply=False)
    assert not said["applied"]
    assert (seen(stands), stands.entries()) == (before, entries)


def test_an_undone_inventory_gives_everything_back(stands: House) -> None:
    ann = Account.objects.get(handle="ann")
    was = {**vars(ann)}
    run = stands.take("accounts", SECOND["accounts"])
    assert Proposal.objects.count() == 1
    stands.undo(run)
    is_now = {**vars(Account.objects.get(handle="ann"))}
    for state in (was, is_now):
        state.pop("_state")
    assert is_now == was
    dan = Account.objects.get(handle="dan")
    assert dan.withdrawn
    assert not dan.placements.filter(known_until=None).exists()
    assert not Claim.objects.exists()
    assert not Proposal.objects.exists()


def test_an_undone_sync_lists_again_what_it_marked_absent_and_nothing_else(house: House) -> None:
    head = "network,handle,url,unit\n"
    lines = [f"x,a{n},https://x.com/a{n},North\n" for n in range(60)]
    house.take("accounts", head + "".join(lines), complete=True)
    house.take("accounts", head + "".join(lines[:59]), complete=True)
    second = house.take("accounts", head + "".join(lines[:58]), complete=True)
    house.undo(second)
    # Both vanished on one day; only the second import's account is listed again.
    assert [a.handle for a in Account.objects.exclude(absent_since=None)] == ["a59"]
    report = house.take("accounts", head + "".join(lines[:58]) + "x,new,https://x.com/new,North\n", complete=True)  # fmt: skip
    assert report.shrink["would_mark_absent"] == 1


def test_kinds_that_were_imported_at_one_instant_are_undone_apart(house: House) -> None:
    actor = house.actor()
    runs = {}
    for kind in ("goals", "accounts", "initiatives"):
        text = {**FIRST, "initiatives": "initiative,title,goals,accounts\nlive,Live,more,cas\n"}[kind]  # fmt: skip
        runs[kind] = house.take(kind, text, actor=actor)
    house.take("activity", FIRST["activity"].replace(",lost,", ",,").replace(",live,", ",,"))
    before = house.sight()["activity"]["none"]
    house.undo(runs["initiatives"])
    lost = house.sight()["activity"]["none"]
    assert lost == before + 1
    house.undo(runs["accounts"])
    assert house.sight()["activity"]["none"] == 6


def test_a_later_import_blocks_and_is_named(stands: House) -> None:
    first = stands.take("goals", SECOND["goals"])
    second = stands.take("goals", FIRST["goals"] + "last,Last,,\n")
    said = undo_import(first.run or 0, actor=stands.actor(), apply=True)
    assert not said["applied"]
    assert f"import {second.run}" in said["findings"][0]["say"]
    stands.undo(second)
    stands.undo(first)


def test_what_was_changed_by_hand_since_is_not_overwritten(stands: House) -> None:
    run = stands.take("goals", SECOND["goals"])
    set_goal(
        Unit.objects.get(key="North"), key="more", executive_owner="cfo@example.org", actor=stands.actor()
    )  # fmt: skip
    with pytest.raises(Conflict, match="by hand"):
        undo_import(run.run or 0, actor=stands.actor(), apply=True)
    assert Goal.objects.get(key="more").executive_owner == "cfo@example.org"


def test_an_account_that_others_became_part_of_does_not_leave(stands: House) -> None:
    run = stands.take("accounts", SECOND["accounts"])
    cas, dan = Account.objects.get(handle="cas"), Account.objects.get(handle="dan")
    merge(cas, into=dan, actor=stands.actor(), reason="one desk")
    with pytest.raises(Conflict, match="merge back first"):
        undo_import(run.run or 0, actor=stands.actor(), apply=True)
    assert not Account.objects.get(handle="dan").withdrawn
    separate(cas, actor=stands.actor())
    stands.undo(run)


def test_an_account_that_was_moved_by_hand_since_stays_where_it_is(stands: House) -> None:
    run = stands.take("accounts", SECOND["accounts"].replace("South,coo", "North,coo"))
    move(Account.objects.get(handle="ann"), to=Unit.objects.get(key="South"), actor=stands.actor())
    stands.undo(run)
    assert Account.objects.get(handle="ann").unit.key == "South"
