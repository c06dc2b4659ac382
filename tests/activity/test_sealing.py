"""On PostgreSQL rows are numbered after their transaction; gapless, in the order of transactions."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from socius.activity import jobs, reports
from socius.activity.actions import ledger, sealing
from socius.activity.models import Entry

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer and needs no sealer"
    ),
]


@pytest.fixture
def whole(transactional_db: None, who: Any) -> Any:
    ledger.found("Acme", "UTC", who.at)
    return who


def in_thread(work: Any) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def order() -> list[str]:
    return list(Entry.objects.exclude(seq=None).order_by("seq").values_list("object", flat=True))


def test_rows_are_numbered_without_gap_in_the_order_of_writing(
    whole: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 4)
    with transaction.atomic():
        for n in range(10):
            ledger.record(whole, "posted", f"post:{n}")
    assert Entry.objects.filter(seq=None).count() == 10
    assert jobs.seal() == 10
    assert jobs.seal() == 0
    assert order() == [f"post:{n}" for n in range(10)]
    assert reports.verify().ok
    assert reports.head()[0] == 10


def test_nothing_overtakes_an_open_transaction(whole: Any) -> None:
    with transaction.atomic():
        ledger.record(whole, "posted", "post:early")
        in_thread(lambda: ledger.record(whole, "posted", "post:late"))
        sealed: list[int] = []
        in_thread(lambda: sealed.append(jobs.seal()))
        assert sealed == [0]
    assert jobs.seal() == 2
    assert order() == ["post:early", "post:late"]


def test_a_row_that_rolls_back_leaves_no_gap(whole: Any) -> None:
    with transaction.atomic():
        ledger.record(whole, "posted", "post:lost")
        transaction.set_rollback(True)
    ledger.record(whole, "posted", "post:kept")
    assert jobs.seal() == 1
    assert reports.head()[0] == 1


def test_two_sealers_do_not_both_number(whole: Any) -> None:
    for n in range(5):
        ledger.record(whole, "posted", f"post:{n}")
    with transaction.atomic():
        assert sealing.seal_batch() == 5
        second: list[int] = []
        in_thread(lambda: second.append(jobs.seal()))
        assert second == [0]
    assert reports.verify().ok


def test_a_row_that_waits_too_long_is_an_alarm(whole: Any) -> None:
    ledger.record(whole, "posted", "post:1")
    assert reports.verify(at=whole.at + timedelta(seconds=9)).ok
    assert [p.kind for p in reports.verify(at=whole.at + timedelta(seconds=11)).problems] == [
        "unsealed"
    ]
    jobs.seal()
    assert reports.verify(at=whole.at + timedelta(seconds=11)).ok
