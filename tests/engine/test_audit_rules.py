"""Six rules, the first match speaks; unknown is never taken for no."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from socius.engine.audit import RULES, AccountFacts, Proposal, propose

TODAY = date(2026, 11, 20)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def account(number: int = 1, **facts: Any) -> AccountFacts:
    known: dict[str, Any] = {
        "state": "active",
        "owner_known": True,
        "has_goal": True,
        "activity_ever_imported": True,
        "last_activity": ago(3),
        "custody": "vault",
    }
    return AccountFacts(number, **(known | facts))


def only(*accounts: AccountFacts) -> Proposal:
    (first, *_) = propose(accounts, today=TODAY)
    return first


@pytest.mark.parametrize(
    ("facts", "decision", "rule"),
    [
        ({"state": "found"}, "verify", "unverified"),
        ({"owner_known": False}, "verify", "unverified"),
        ({"contradicts": True}, "verify", "unverified"),
        ({"state": "found", "has_goal": False, "last_activity": ago(900)}, "verify", "unverified"),
        ({"has_goal": False, "last_activity": ago(180)}, "retire", "idle_without_goal"),
        ({"has_goal": False, "last_activity": ago(179)}, "verify", "active_without_goal"),
        (
            {"has_goal": False, "last_activity": None, "watched_since": ago(400)},
            "retire",
            "idle_without_goal",
        ),
        (
            {"has_goal": False, "last_activity": None, "watched_since": ago(90)},
            "verify",
            "active_without_goal",
        ),
        ({"hours_needed": 8.0, "hours_available": 2.0}, "consolidate", "short_of_hours"),
        ({"hours_needed": 8.0, "hours_available": None}, "keep", "serves_a_goal"),
        ({"last_activity": ago(900)}, "keep", "serves_a_goal"),
        ({}, "keep", "serves_a_goal"),
    ],
)
def test_the_first_rule_that_matches_speaks(
    facts: dict[str, Any], decision: str, rule: str
) -> None:
    proposal = only(account(**facts))
    assert (proposal.decision, proposal.rule) == (decision, rule)
    assert rule in RULES
    assert proposal.say.endswith(".")
    assert proposal.inputs


def test_an_account_in_use_without_a_goal_gets_a_day() -> None:
    proposal = only(account(has_goal=False))
    assert proposal.by == TODAY + timedelta(days=30)
    assert "2026-12-20" in proposal.say


def test_nothing_is_retired_where_no_activity_was_ever_imported() -> None:
    silent = [
        account(
            n,
            has_goal=False,
            activity_ever_imported=False,
            last_activity=ago(2000),
            watched_since=ago(2000),
        )
        for n in range(50)
    ]
    assert {p.decision for p in propose(silent, today=TODAY)} == {"verify"}
    assert all(p.inputs["idle_days"] is None for p in propose(silent, today=TODAY))


def test_custody_is_asked_only_once_somebody_answered() -> None:
    fresh = [account(n, custody="unknown") for n in range(3)]
    assert {p.decision for p in propose(fresh, today=TODAY)} == {"keep"}
    asked = propose([*fresh, account(9, custody="agency")], today=TODAY)
    assert [p.rule for p in asked] == ["unverified"] * 3 + ["serves_a_goal"]
    assert asked[0].inputs["doubts"] == ["custody"]


TWIN: dict[str, Any] = {
    "purpose": "Customer care",
    "language": "en",
    "region": "Europe",
    "network": "x",
}


def test_twins_go_into_the_stronger() -> None:
    weak, strong = account(1, audience_size=10, **TWIN), account(2, audience_size=900, **TWIN)
    first, second = propose([weak, strong], today=TODAY)
    assert (first.decision, first.rule, first.into) == ("consolidate", "same_as_another", 2)
    assert (second.decision, second.into) == ("keep", None)


def test_twins_of_equal_audience_go_into_the_livelier_then_the_older() -> None:
    a, b = account(1, last_activity=ago(40), **TWIN), account(2, last_activity=ago(2), **TWIN)
    assert [p.into for p in propose([a, b], today=TODAY)] == [2, None]
    a, b = account(1, **TWIN), account(2, **TWIN)
    assert [p.into for p in propose([a, b], today=TODAY)] == [None, 1]


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": "Sales"},
        {"language": "fr"},
        {"region": "Asia"},
        {"audience": "dealers"},
        {"network": "facebook"},
    ],
)
def test_accounts_that_differ_in_one_of_them_are_no_twins(other: dict[str, str]) -> None:
    both = propose([account(1, **TWIN), account(2, **(TWIN | other))], today=TODAY)
    assert {p.decision for p in both} == {"keep"}


def test_an_unknown_purpose_is_not_the_same_as_another() -> None:
    both = propose([account(1, language="en"), account(2, language="en")], today=TODAY)
    assert {p.decision for p in both} == {"keep"}


def test_nobody_is_sent_into_an_account_that_is_itself_in_doubt() -> None:
    lost = account(1, audience_size=10**6, owner_known=False, **TWIN)
    assert [p.into for p in propose([lost, account(2, **TWIN)], today=TODAY)] == [None, None]


def test_accounts_already_decided_about_get_no_proposal() -> None:
    assert (
        propose(
            [account(n, state=s) for n, s in enumerate(("retiring", "archived", "rejected"))],
            today=TODAY,
        )
        == []
    )


def test_fifty_pages_of_which_44_are_idle_leave_five_to_seven() -> None:
    idle = [
        account(
            n,
            state="claimed",
            has_goal=False,
            last_activity=ago(200 + n * 10),
            audience_size=9,
            custody="unknown",
        )
        for n in range(44)
    ]
    live = [account(100 + n, purpose=f"Purpose {n}", custody="unknown") for n in range(6)]
    count = Counter(p.decision for p in propose(idle + live, today=TODAY))
    assert 5 <= count["keep"] <= 7
    assert count["retire"] == 44


def test_ten_thousand_accounts_take_less_than_a_second() -> None:
    many = [
        account(n, purpose=f"Purpose {n % 3000}", has_goal=n % 3 > 0, network="x", audience_size=n)
        for n in range(10_000)
    ]
    start = time.process_time()
    assert len(propose(many, today=TODAY)) == 10_000
    assert time.process_time() - start <= 1
