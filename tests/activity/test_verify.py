"""Tampering with the real tables, triggers lifted, is found and named."""

# ruff: noqa: S608 - statements that tamper are put together from constants of this file
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from append_only import lifted
from socius.activity import jobs, reports
from socius.activity.actions import ledger
from socius.activity.models import Installation
from socius.kit.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
N = 40


@pytest.fixture
def whole(transactional_db: None, who: Any) -> Any:
    ledger.found("Acme", "UTC", who.at)
    for n in range(N):
        ledger.record(who, "posted", f"post:{n}", account=n, content={"n": n} if n % 2 else None)
    jobs.seal()
    return who


def tamper(*statements: str) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        with lifted():
            for sql in statements:
                cursor.execute(sql)
        return [(p.seq, p.kind) for p in reports.verify().problems]


def test_an_untouched_ledger_is_whole(whole: Any) -> None:
    found = reports.verify(at=whole.at + timedelta(hours=1))
    assert (found.ok, found.rows, found.problems, found.head) == (True, N, (), reports.head())
    assert reports.verify(from_seq=30).rows == N - 29
    with pytest.raises(Invalid, match="smaller"):
        reports.verify(from_seq=N + 2)


def test_without_an_organisation_the_report_says_so() -> None:
    with pytest.raises(NotFound, match="socius init"):
        reports.verify()


def test_a_changed_row(whole: Any) -> None:
    assert tamper("UPDATE activity_entry SET account = 999 WHERE seq = 7") == [(7, "changed")]


def test_a_changed_hash(whole: Any) -> None:
    assert tamper("UPDATE activity_entry SET hash = commitment WHERE seq = 8") == [
        (8, "changed"),
        (9, "changed"),
    ]


def test_deleted_rows(whole: Any) -> None:
    assert tamper("DELETE FROM activity_entry WHERE seq IN (9, 11)") == [
        (9, "missing"),
        (11, "missing"),
    ]
    assert [p.say for p in reports.verify().problems] == ["Row 9 is missing.", "Row 11 is missing."]


def test_a_cut_off_end(whole: Any) -> None:
    orphans = [(0, "content")] * 2
    assert tamper(f"DELETE FROM activity_entry WHERE seq > {N - 3}") == [
        (N - 2, "missing"),
        *orphans,
    ]


def test_a_cut_off_end_with_the_head_set_back_is_found_by_the_head_noted_before(whole: Any) -> None:
    noted = reports.head()
    cut = f"DELETE FROM activity_entry WHERE seq > {N - 3}"
    content = "DELETE FROM activity_content WHERE id NOT IN (SELECT id FROM activity_entry)"
    back = f"UPDATE activity_installation SET head_seq = {N - 3}, head_hash = (SELECT hash FROM activity_entry WHERE seq = {N - 3})"
    assert tamper(cut, content, back) == []
    assert [(p.seq, p.kind) for p in reports.verify(expected=noted).problems] == [
        (N - 2, "missing")
    ]


def test_swapped_rows(whole: Any) -> None:
    kinds = tamper(
        "UPDATE activity_entry SET seq = 1000 WHERE seq = 5",
        "UPDATE activity_entry SET seq = 5 WHERE seq = 20",
        "UPDATE activity_entry SET seq = 20 WHERE seq = 1000",
    )
    assert (5, "swapped") in kinds


def test_a_row_inserted_behind_the_head(whole: Any) -> None:
    columns = "at, recorded_at, actor, origin, verb, result, object"
    copied = f"INSERT INTO activity_entry (id, v, seq, {columns}, hash) SELECT hash, 1, {N + 1}, {columns}, hash FROM activity_entry WHERE seq = 4"
    assert {kind for _, kind in tamper(copied)} == {"changed", "inserted"}


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="on PostgreSQL such a row waits for the sealer"
)
def test_a_row_outside_the_chain(whole: Any) -> None:
    columns = "at, recorded_at, actor, origin, verb, result, object"
    copied = f"INSERT INTO activity_entry (id, v, {columns}) SELECT hash, 1, {columns} FROM activity_entry WHERE seq = 4"
    assert tamper(copied) == [(0, "inserted")]


def test_other_content(whole: Any) -> None:
    sql = "UPDATE activity_content SET content = salt WHERE id = (SELECT id FROM activity_entry WHERE seq = 6)"
    assert tamper(sql) == [(6, "content")]


def test_lost_content(whole: Any) -> None:
    assert tamper(
        "DELETE FROM activity_content WHERE id = (SELECT id FROM activity_entry WHERE seq = 6)"
    ) == [(6, "content")]


def test_inserted_content(whole: Any) -> None:
    values = "SELECT {}, salt, content, '', '' FROM activity_content WHERE id = (SELECT id FROM activity_entry WHERE seq = 6)"
    into = "INSERT INTO activity_content (id, salt, content, erased_by, basis) "
    assert tamper(into + values.format("salt")) == [(0, "content")]
    of_another = into + values.format("(SELECT id FROM activity_entry WHERE seq = 7)")
    assert set(tamper(of_another)) == {(0, "content"), (7, "content")}


def test_content_taken_off_without_erasing(whole: Any) -> None:
    sql = "UPDATE activity_content SET content = NULL, salt = NULL WHERE id = (SELECT id FROM activity_entry WHERE seq = 6)"
    assert tamper(sql) == [(6, "content")]


def test_another_head(whole: Any) -> None:
    kinds = tamper(
        f"UPDATE activity_installation SET head_hash = (SELECT hash FROM activity_entry WHERE seq = {N - 1})"
    )
    assert {kind for _, kind in kinds} == {"head"}


def test_another_installation_key(whole: Any) -> None:
    Installation.objects.update(key=b"x" * 16)
    assert [(p.seq, p.kind) for p in reports.verify().problems] == [(1, "changed")]
