"""The inventory on screen."""

from __future__ import annotations

import io
import json
import re

import pyarrow
import pytest
import small_organisation
from pyarrow import parquet
from small_organisation import Small, listed

from socius.accounts.models import Account
from socius.activity.models import Entry
from socius.cli import main
from socius.strategy.models import Link, Proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    return small_organisation.build()


def total(page: str) -> int:
    return int(re.findall(r'data-total="(\d+)"', page)[0])


def rows(page: str) -> int:
    return page.count("<tr data-row")


def text(response) -> str:
    return response.content.decode()


def test_the_list_names_the_line_of_each_account_and_where_there_is_none(small):
    page = text(small.client().get("/accounts/"))
    assert total(page) == rows(page) == 3
    assert "Live shop" in page
    assert page.count('class="chip broken"') == 2
    assert "nobody" in page


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("line=no", 2),
        ("line=yes", 1),
        ("network=facebook", 1),
        ("owner=none", 1),
        ("q=loose", 1),
        ("status=active", 0),
        ("absent=yes", 0),
        ("language=und", 3),
    ],
)
def test_a_filter_stands_in_the_address_and_can_be_taken_away(small, query, n):
    page = text(small.client().get(f"/accounts/?{query}"))
    assert total(page) == n
    assert "take this filter away" in page


def test_a_goal_a_unit_and_an_initiative_lead_to_their_accounts(small):
    client = small.client()
    assert total(text(client.get(f"/accounts/?goal={small.goal.pk}"))) == 1
    assert total(text(client.get(f"/accounts/?initiative={small.initiative.pk}"))) == 1
    assert total(text(client.get(f"/accounts/?unit={small.root.pk}"))) == 3
    assert total(text(client.get(f"/accounts/?unit={small.root.pk}&only=yes"))) == 1


def test_a_page_holds_fifty_rows_and_the_cursor_brings_every_account_once(small):
    for n in range(70):
        listed(small.actor, small.root, f"many{n:02}")
    client, seen, query = small.client(), [], ""
    while query is not None:
        page = text(client.get(f"/accounts/{query}"))
        assert total(page) == 73
        seen += re.findall(r'class="handle">([^<]+)<', page)
        after = re.search(r'href="(\?[^"]*after=\d+)">Next', page)
        query = after[1].replace("&amp;", "&") if after else None
    assert len(seen) == len(set(seen)) == 73


@pytest.mark.parametrize("order", ["handle", "unit", "owner", "status", "line", "last_activity", "audience", "network", "nonsense"])  # fmt: skip
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_order_keeps_every_row(small, order, sign):
    assert rows(text(small.client().get(f"/accounts/?sort={sign}{order}"))) == 3


def test_the_file_holds_the_rows_of_the_page_and_no_formula(small):
    listed(small.actor, small.root, "=1+1")
    answer = small.client().get("/accounts/export.csv?line=no")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 4
    assert any("'=1+1" in line for line in lines)


def test_the_list_as_parquet_holds_the_same_rows_with_their_types(small):
    listed(small.actor, small.root, "=1+1", audience=12)
    answer = small.client().get("/accounts/export.csv?line=no&format=parquet")
    assert answer["Content-Disposition"] == 'attachment; filename="accounts.parquet"'
    held = parquet.read_table(io.BytesIO(answer.content))
    assert held.num_rows == 3
    assert "=1+1" in held.column("handle").to_pylist()
    assert held.schema.field("audience").type == pyarrow.int64()
    assert held.schema.field("goals").type == pyarrow.list_(pyarrow.string())
    refused = small.client().get("/accounts/export.csv?format=xlsx")
    assert refused.status_code == 422
    assert "csv or parquet" in text(refused)


def test_a_stranger_learns_of_no_account(small):
    client = small.client(small.stranger)
    assert client.get("/accounts/").status_code in {403, 404}
    assert client.get(f"/accounts/{small.tied.pk}/").status_code == 404
    assert client.post(f"/accounts/{small.tied.pk}/owner/", {"owner": "s@example.org"}).status_code == 404  # fmt: skip


def test_the_panel_is_a_part_for_htmx_and_a_page_for_everybody_else(small):
    client = small.client()
    part = text(client.get(f"/accounts/{small.tied.pk}/", headers={"HX-Request": "true"}))
    page = text(client.get(f"/accounts/{small.tied.pk}/"))
    assert "<html" not in part
    assert "<html" in page
    for said in ("Raise orders.", "Live shop", "nobody knows who holds it"):
        assert said in part
        assert said in page
    assert "opened" in text(client.get(f"/accounts/?open={small.tied.pk}"))


def test_an_account_is_tied_to_a_goal_and_the_tie_is_taken_back(small):
    client = small.client()
    body = {"to": f"goal:{small.goal.pk}", "start": "2024-01-01"}
    answer = client.post(f"/accounts/{small.loose.pk}/tie/", body, follow=True)
    assert "now serves Raise orders." in text(answer)
    tie = Link.objects.get(account=small.loose, known_until=None)
    assert str(tie.valid_from) == "2024-01-01"
    undo = re.search(r'action="(/accounts/\d+/untie/\d+/)" class="undo"', text(answer))
    assert undo is not None
    client.post(undo[1])
    assert not Link.objects.filter(account=small.loose, known_until=None).exists()
    assert Entry.objects.filter(verb="account_unlinked").exists()


def test_activation_says_what_is_missing_beside_the_form(small):
    answer = small.client().post(f"/accounts/{small.loose.pk}/activate/", {"reason": ""})
    assert answer.status_code == 422
    assert "has no line to a goal" in text(answer)
    small.client().post(f"/accounts/{small.tied.pk}/activate/", {"reason": ""})
    assert Account.objects.get(pk=small.tied.pk).status == "active"


def test_owner_correction_move_and_merge_are_done_and_told_in_the_history(small):
    client, pk = small.client(), small.loose.pk
    client.post(f"/accounts/{pk}/owner/", {"owner": "a@example.org"})
    client.post(f"/accounts/{pk}/correct/", {"handle": "AcmeCare", "language": "en", "custody": "vault"})  # fmt: skip
    came_from = small.loose.unit_id
    moved = client.post(f"/accounts/{pk}/move/", {"to": small.root.pk}, follow=True)
    undo = re.findall(r'action="([^"]+)" class="undo"', text(moved))
    assert (f"/accounts/{pk}/moved-back/{came_from}/" in undo) == (came_from != small.root.pk)
    page = text(client.get(f"/accounts/{pk}/"))
    account = Account.objects.get(pk=pk)
    assert (account.owner_id, account.handle, account.custody, account.unit_id) == (small.actor.person.pk, "AcmeCare", "vault", small.root.pk)  # fmt: skip
    assert "corrected an account" in page
    assert "moved an account to another unit" in page
    answer = client.post(f"/accounts/{small.twin.pk}/merge/", {"into": "Acme", "reason": "The same page."}, follow=True)  # fmt: skip
    assert "Make it an account of its own again" in text(answer)
    client.post(f"/accounts/{small.twin.pk}/separate/")
    assert Account.objects.get(pk=small.twin.pk).merged_into is None


def test_proposals_are_counted_by_rule_and_each_count_opens_as_many_rows(small):
    client = small.client()
    page = text(client.get("/accounts/proposals/"))
    links = re.findall(r'class="rule" href="([^"]+)" data-count="(\d+)"', page)
    assert len(links) >= 3
    for href, n in links:
        assert total(text(client.get("/accounts/proposals/" + href.replace("&amp;", "&")))) == int(
            n
        )


def test_a_bulk_decision_has_an_author_and_a_reason_and_leaves_the_list(small):
    client = small.client()
    page = text(client.get("/accounts/proposals/"))
    picks = re.findall(r'name="pick" value="(\d+)"', page)
    refused = client.post("/accounts/proposals/", {"pick": picks[:2], "decision": "keep", "reason": " "})  # fmt: skip
    assert refused.status_code == 422
    assert "A decision needs a reason" in text(refused)
    assert not Proposal.objects.exclude(decided="").exists()
    done = client.post("/accounts/proposals/", {"pick": picks[:2], "decision": "keep", "reason": "Looked at."}, follow=True)  # fmt: skip
    decided = Proposal.objects.exclude(decided="")
    assert {p.decided_by_id for p in decided} == {small.actor.person.pk}
    assert {p.reason for p in decided} == {"Looked at."}
    assert total(text(client.get("/accounts/proposals/"))) == len(picks) - 2
    assert total(text(client.get("/accounts/proposals/?show=decided"))) == 2
    undo = re.findall(r'action="([^"]+)" class="undo"', text(done))[0]
    assert "2 decisions taken back" in text(client.post(undo, follow=True))
    assert total(text(client.get("/accounts/proposals/"))) == len(picks)
    assert client.post(undo).status_code == 409
    assert client.post("/accounts/decided/1/withdraw/").status_code == 404


def test_accounts_that_may_be_one_stand_side_by_side(small):
    client = small.client()
    client.post(f"/accounts/{small.twin.pk}/tie/", {"to": f"goal:{small.goal.pk}"})
    page = text(client.get("/accounts/duplicates/"))
    assert "1 group" in page
    assert "AcmeTwo" in page


def test_an_empty_inventory_gives_the_first_step(small):
    Account.objects.update(withdrawn=True)
    page = text(small.client().get("/accounts/"))
    assert "No accounts yet" in page
    assert "/import/?kind=accounts" in page


def command(capsys, *words: str) -> tuple[int, object]:
    status = main(["accounts", *words, "--json"])
    out = capsys.readouterr().out
    return status, json.loads(out) if out else None


def test_the_command_decides_about_all_or_none_and_takes_back(small, capsys):
    both = [str(small.loose.pk), str(small.twin.pk)]
    assert command(capsys, "decide", *both, "4711", "--decision", "retire", "--reason", "Idle")[0] == 1  # fmt: skip
    assert not Proposal.objects.exclude(decided="").exists()
    done = command(capsys, "decide", *both, "--decision", "retire", "--reason", "Idle")
    assert done == (0, {"decided": sorted(map(int, both)), "decision": "retire"})
    assert Account.objects.get(pk=small.loose.pk).status == "retiring"
    assert command(capsys, "withdraw", *both) == (0, {"withdrawn": sorted(map(int, both))})
    assert Account.objects.get(pk=small.loose.pk).status == "claimed"
    assert command(capsys, "withdraw", *both)[0] == 1
