"""Pages bring every row once; what reports make is handed on unchanged; acts reach the actions."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from api_office import ACCOUNTS, Program

from socius.accounts.models import Account
from socius.activity.models import Entry, ImportRun
from socius.cli.output import plain
from socius.kit import clock
from socius.measure.reports import asked, sighted
from socius.organisation.models import Actor, Unit

# On PostgreSQL rows get their number once their transaction is over, and a test is one (tests/activity/test_sealing.py).
UNCHAINED = pytest.mark.sqlite_only


def everything(call: Program, path: str, limit: int, **query) -> list[dict]:
    found, cursor = [], ""
    while cursor is not None:
        page = call("get", path, limit=limit, cursor=cursor, **query).json()
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next"]
    assert len(found) == page["total"]
    return found


@pytest.mark.parametrize(
    "sort", ["unit", "handle", "-handle", "last_activity", "-audience", "line"]
)
def test_pages_of_accounts_bring_every_row_once_in_the_order_asked(full, program, sort) -> None:
    many = "network,handle,url,unit\n" + "".join(
        f"mastodon,same{n % 3},https://social.example/@u{n},Care\n" for n in range(23)
    )
    full.take("accounts", many)
    rows = everything(program, "/accounts", 4, sort=sort)
    assert sorted(r["id"] for r in rows) == sorted(Account.objects.values_list("pk", flat=True))
    assert rows == everything(program, "/accounts", 200, sort=sort)


@pytest.mark.parametrize(
    "path",
    ["/units", "/people", "/grants", "/tokens", "/goals", "/initiatives", "/series/1/values", "/audit", "/imports", pytest.param("/ledger", marks=UNCHAINED), "/imports/1/rows"],
)  # fmt: skip
def test_pages_of_every_list_bring_every_row_once(full, program, path) -> None:
    rows = [json.dumps(r, sort_keys=True) for r in everything(program, path, 1)]
    assert len(set(rows)) == len(rows) > 0
    assert rows == [json.dumps(r, sort_keys=True) for r in everything(program, path, 200)]


@UNCHAINED
def test_a_row_that_comes_or_goes_meanwhile_moves_no_other(full, program) -> None:
    first = program("get", "/ledger", limit=3).json()
    program("patch", "/goals/1", {"statement": "Changed"})
    second = program("get", "/ledger", limit=3, cursor=first["next"]).json()
    assert [r["seq"] for r in second["items"]] == [first["items"][-1]["seq"] - n for n in (1, 2, 3)]


@pytest.mark.parametrize("cursor", ["!", "AAAA", "MTox", "Ojox", "OTk5OTk5OTk5OTk5OTk5OTk5OTk6MA"])
def test_a_made_up_cursor_is_told_or_finds_nothing(full, program, cursor) -> None:
    response = program("get", "/people", cursor=cursor)
    assert response.status_code == 422 or response.json()["items"] is not None


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "99999999999999999999"])
def test_a_page_holds_one_to_two_hundred_rows(full, program, limit) -> None:
    assert program("get", "/people", limit=limit).json()["field"] == "limit"


def test_the_line_of_sight_is_that_of_the_command_line(full, program) -> None:
    window = {"from": "2026-05-01", "to": "2026-05-31"}
    said = program("get", "/line-of-sight", **window).json()
    actor = Actor(full.person, "cli", full.at)
    question = asked(clock.now(), None, date(2026, 5, 1), date(2026, 5, 31))
    own = json.loads(json.dumps(sighted(actor, question), default=plain))
    assert {**said, "known_at": ""} == {**own, "known_at": ""}
    assert said["activity"]["total"] == 5
    care = Unit.objects.get(key="Care").pk
    assert program("get", "/line-of-sight", unit=care, **window).json()["activity"]["total"] == 1


def test_a_file_is_tried_out_and_then_applied_as_it_was(full, program) -> None:
    more = ACCOUNTS + "bluesky,new,https://bsky.app/profile/new.example,Care,,\n"
    before, runs = Account.objects.count(), ImportRun.objects.count()
    dry = program.upload("accounts", more).json()
    assert (dry["state"], dry["mode"], dry["rows"]["created"]) == ("ok", "dry_run", 1)
    assert (Account.objects.count(), ImportRun.objects.count()) == (before, runs)
    other = program.upload("accounts", more, apply="true", expect_sha256="0" * 64).json()
    assert (other["state"], Account.objects.count()) == ("refused", before)
    digest = hashlib.sha256(more.encode()).hexdigest()
    done = program.upload("accounts", more, apply="true", expect_sha256=digest).json()
    assert done["rows"] == dry["rows"]
    assert Account.objects.count() == before + 1
    number = done["import"]
    assert program("get", f"/imports/{number}").json()["report"]["rows"] == dry["rows"]
    would = program("post", f"/imports/{number}/undo", {}).json()
    assert (would["applied"], would["state"]) == (False, "ok")
    assert program("post", f"/imports/{number}/undo", {"apply": True}).json()["applied"]
    assert Account.objects.filter(withdrawn=False).count() == before


def test_questions_are_answered_and_columns_mapped_in_the_form(full, program) -> None:
    text = "objective named,what\nmore-care,Better\n"
    mapped = json.dumps({"objective named": "goal", "what": "statement"})
    report = program.upload("goals", text, mapping=mapped).json()
    assert (report["state"], report["rows"]["created"]) == ("ok", 1)
    assert program.upload("goals", text, mapping="[1]").json()["field"] == "mapping"
    assert program.upload("goals", text, confirm_shrink="true").json()["field"] == "reason"
    assert program.upload("nothing", text).json()["field"] == "kind"


def test_an_account_goes_through_its_life(full, program) -> None:
    care = Unit.objects.get(key="Care").pk
    given = {"unit": care, "network": "Twitter", "url": "twitter.com/Help"}
    made = program("post", "/accounts", given).json()
    assert (made["network"], made["handle"], made["status"]) == ("x", "Help", "claimed")
    assert program("post", "/accounts", given).status_code == 409
    address = f"/accounts/{made['id']}"
    assert program("post", f"{address}/activate", {}).json()["field"] == "goal"
    tie = program("post", f"{address}/links", {"goal": 1, "start": "2026-01-01"})
    assert tie.status_code == 201
    active = program("post", f"{address}/activate", {"owner": 1}).json()
    assert (active["status"], active["owner"]["id"]) == ("active", 1)
    assert [line["id"] for line in active["lines"]] == [1]
    assert program("patch", address, {"purpose": "Care"}).json()["purpose"] == "Care"
    both = {"accounts": [made["id"], 2], "decision": "retire", "reason": "One desk"}
    assert len(program("post", "/audit/decisions", both).json()["decisions"]) == 2
    again = program("post", "/audit/decisions", both)
    assert again.status_code == 409
    assert program("get", address).json()["decisions"][0]["reason"] == "One desk"
    numbers = [d["id"] for d in program("get", address).json()["decisions"]]
    back = {"decisions": numbers, "reason": "Too early"}
    assert program("post", "/audit/decisions/withdraw", back).json() == {"accounts": [made["id"]]}
    assert program("post", "/audit/decisions/withdraw", back).status_code == 409
    nothing = {"decisions": [4711], "reason": "Too early"}
    assert program("post", "/audit/decisions/withdraw", nothing).status_code == 404
    ended = program("post", f"{address}/links/{tie.json()['id']}/end", {})
    assert ended.status_code == 204
    part = program("post", f"{address}/merge", {"into": 1, "reason": "Same"}).json()
    assert part["id"] == 1
    assert program("get", address).json()["merged_into"] == 1
    assert program("post", f"{address}/separate").json()["merged_into"] is None
    assert program("get", address).json()["history"][0]["did"] == "took a merge back"


def test_decisions_are_about_all_accounts_or_about_none(full, program) -> None:
    entries = Entry.objects.filter(verb="account_decided").count()
    both = {"accounts": [1, 4711], "decision": "keep", "reason": "Good"}
    assert program("post", "/audit/decisions", both).status_code == 404
    assert Entry.objects.filter(verb="account_decided").count() == entries


def test_a_series_is_read_as_it_was_known(full, program) -> None:
    before = program("get", "/me").json()["at"]
    points = {
        "points": [{"date": "2026-05-31", "value": 14.25}, {"date": "2026-05-30", "value": 11}]
    }
    assert program("post", "/series/1/values", points).json()["outcomes"] == [
        "updated",
        "unchanged",
    ]
    now = program("get", "/series/1/values").json()["items"][-1]
    assert (now["value"], now["before"][0]["value"]) == (14.25, 12.0)
    then = program("get", "/series/1/values", as_of=before).json()["items"][-1]
    assert (then["value"], then["before"]) == (12.0, [])


def test_people_are_invited_given_a_role_and_explained(full, program) -> None:
    invited = program("post", "/people", {"email": "New@Example.org", "unit": 2}).json()
    gift = {"person": invited["id"], "unit": 2, "role": "viewer", "reason": "Looks"}
    grant = program("post", "/grants", gift).json()
    why = {"person": invited["id"], "right": "account.view", "unit": 2}
    assert program("get", "/rights/explain", **why).json()["allows"] == [grant["id"]]
    holders = program("get", "/rights/holders", right="account.view", unit=2).json()["items"]
    assert invited["id"] in {p["id"] for p in holders}
    assert program("post", f"/grants/{grant['id']}/end", {"reason": "Left"}).status_code == 200
    assert not program("get", "/rights/explain", **why).json()["allowed"]
    assert program("post", "/people/1/disable", {"reason": "x"}).status_code == 409


def test_a_token_is_shown_once(full, program) -> None:
    response = program("post", "/tokens", {"name": "export", "rights": ["account.view"], "days": 1})
    made = response.json()
    assert response.headers["Cache-Control"] == "no-store"
    call = Program(made["token"])
    assert call("get", "/me").json()["token_rights"] == ["account.view"]
    assert made["token"] not in program("get", "/tokens").content.decode()
    program("post", f"/tokens/{made['id']}/revoke")
    assert call("get", "/me").status_code == 401


@UNCHAINED
def test_the_ledger_is_listed_and_verified_against_a_noted_head(full, program) -> None:
    head = program("get", "/ledger/head").json()
    noted = f"{head['seq']}:{head['hash']}"
    assert program("get", "/ledger/verify", head=noted).json()["ok"]
    wrong = f"{head['seq']}:{'0' * 64}"
    assert not program("get", "/ledger/verify", head=wrong).json()["ok"]
    rows = everything(program, "/ledger", 50, object="goal:")
    assert {r["object"].partition(":")[0] for r in rows} == {"goal"}
