"""Writing rows: one, many, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from socius.activity import jobs, reports
from socius.activity.actions import ledger
from socius.activity.models import Content, Entry, Installation
from socius.engine import chain
from socius.kit.clock import micros
from socius.kit.errors import Conflict, Invalid, NotFound

SQLITE = connection.vendor == "sqlite"


def draft(n: int, **fields: Any) -> ledger.Draft:
    return ledger.Draft(b"", n, n, "person:1", "import", "posted", "done", f"post:{n}", **fields)


def test_a_row_holds_what_was_said_and_its_content_lies_apart(home: Installation, who: Any) -> None:
    happened = who.at - timedelta(days=30)
    name = ledger.record(
        who, "posted", "post:7", unit=1, account=2, goal=3, network="x", remote_id="9", minutes=15, happened=happened, content={"b": "é", "a": 1}
    )  # fmt: skip
    row = Entry.objects.get(pk=name)
    assert (row.at, row.recorded_at) == (micros(happened), micros(who.at))
    assert (row.actor, row.origin, row.verb, row.result, row.object) == (
        "person:3",
        "web",
        "posted",
        "done",
        "post:7",
    )
    assert (row.unit, row.account, row.initiative, row.goal, row.minutes, row.run) == (
        1,
        2,
        None,
        3,
        15,
        None,
    )
    content = Content.objects.get(pk=name)
    assert bytes(content.content) == '{"a":1,"b":"é"}'.encode()
    assert len(content.salt) == 32
    assert bytes(row.commitment) == chain.commitment(bytes(content.salt), bytes(content.content))


@pytest.mark.skipif(not SQLITE, reason="on PostgreSQL the sealer numbers rows")
def test_on_sqlite_the_row_is_chained_when_it_is_written(home: Installation, who: Any) -> None:
    assert reports.head() == (0, chain.start(bytes(home.key)))
    for n in range(3):
        ledger.record(who, "posted", f"post:{n}")
    row = Entry.objects.get(seq=3)
    assert reports.head() == (3, bytes(row.hash))
    assert jobs.seal() == 0


def test_the_head_goes_back_with_a_transaction_that_fails(home: Installation, who: Any) -> None:
    ledger.record(who, "posted", "post:1")
    before = reports.head()
    with transaction.atomic():
        ledger.record(who, "posted", "post:2")
        transaction.set_rollback(True)
    assert reports.head() == before
    assert Entry.objects.count() == 1


def test_many_rows_in_their_order_with_ascending_ids(home: Installation) -> None:
    n = 2 * ledger.BLOCK + 3
    drafts: Iterator[ledger.Draft] = (
        draft(10**15, minutes=i, content=b"{}" if i % 2 else None) for i in range(n)
    )
    assert ledger.append(drafts) == n
    by_id = [row.minutes for row in Entry.objects.order_by("id").only("minutes")]
    runs = [by_id[i : i + ledger.BLOCK] for i in range(0, n, ledger.BLOCK)]
    assert sorted(by_id) == list(range(n))
    assert Content.objects.count() == n // 2
    if SQLITE:
        assert [row.minutes for row in Entry.objects.order_by("seq")] == list(range(n))
    assert len(runs) == 3


def test_ids_are_of_the_layout_of_version_seven(home: Installation) -> None:
    ledger.append([draft(1_700_000_000_123_456), draft(1_700_000_000_123_456)])
    for row in Entry.objects.all():
        name = bytes(row.pk)
        assert int.from_bytes(name[:6], "big") == 1_700_000_000_123
        assert (name[6] >> 4, name[8] >> 6) == (7, 2)


def test_texts_are_kept_in_the_form_in_which_they_are_hashed(home: Installation, who: Any) -> None:
    ledger.record(who, "posted", "post:e\u0301", network="re\u0301seau", remote_id="A\u030a")
    row = Entry.objects.get()
    assert (row.object, row.network, row.remote_id) == ("post:é", "réseau", "Å")
    assert reports.verify().ok


@pytest.mark.parametrize(
    ("verb", "about"),
    [
        ("tweeted", {}),
        ("posted", {"result": "perhaps"}),
        ("retract", {}),
        ("posted", {"retracts": b"1" * 16}),
    ],
)
def test_what_is_not_a_row_of_ours_is_refused(
    home: Installation, who: Any, verb: str, about: Any
) -> None:
    with pytest.raises(ValueError, match="row"), transaction.atomic():
        ledger.record(who, verb, "post:1", **about)
    with pytest.raises(ValueError, match="origin"), transaction.atomic():
        ledger.record(replace(who, origin="elsewhere"), "posted", "post:1")
    assert Entry.objects.count() == 0


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL needs the installation only when it seals")
@pytest.mark.django_db
def test_without_an_organisation_there_is_no_ledger(who: Any) -> None:
    with pytest.raises(NotFound, match="socius init"):
        ledger.record(who, "posted", "post:1")


def test_a_second_organisation_is_refused(home: Installation) -> None:
    with pytest.raises(Conflict):
        ledger.found("Other", "UTC", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.django_db
def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(Invalid, match="Europe/Berlin"):
        ledger.found("Other", "Mars/Olympus", datetime(2026, 1, 1, tzinfo=UTC))


def test_erasing_destroys_content_and_the_chain_still_verifies(
    home: Installation, who: Any
) -> None:
    kept = ledger.record(who, "posted", "post:1", content={"text": "kept"})
    gone = ledger.record(who, "posted", "post:2", content={"text": "gone"})
    assert ledger.erase(gone, who=who, basis="asked by person:9") == 1
    content = Content.objects.get(pk=gone)
    assert (content.salt, content.content, content.basis, content.erased_by) == (
        None,
        None,
        "asked by person:9",
        "person:3",
    )
    assert content.erased_at == micros(who.at)
    assert json.loads(bytes(Content.objects.get(pk=kept).content)) == {"text": "kept"}
    assert Entry.objects.filter(verb="erased", object=f"entry:{gone.hex()}").count() == 1
    assert reports.verify().ok
    assert ledger.erase(gone, who=who, basis="again") == 0
    with pytest.raises(Invalid, match="basis"):
        ledger.erase(kept, who=who, basis="")
