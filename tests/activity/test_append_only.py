"""The database itself refuses to change the ledger."""

# ruff: noqa: S608 - statements that tamper are put together from constants of this file
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from append_only import TABLES, lifted
from socius.activity import reports
from socius.activity.actions import ledger
from socius.activity.models import Content, Entry, Installation

COLUMNS = [field.column for field in Entry._meta.fields]


def refused(sql: str) -> None:
    with (
        pytest.raises(DatabaseError, match="ledger"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.fixture
def row(home: Installation, who: Any) -> bytes:
    return ledger.record(who, "posted", "post:1", content={"text": "x"})


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_a_row_can_be_changed(row: bytes, column: str) -> None:
    refused(f'UPDATE activity_entry SET "{column}" = "{column}"')


@pytest.mark.parametrize("table", TABLES)
def test_no_row_can_be_deleted(row: bytes, table: str) -> None:
    refused(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE {table}")


@pytest.mark.parametrize(
    "change",
    ["content = content", "salt = NULL", "salt = NULL, content = NULL", "erased_at = 5", "dek = 1"],
)
def test_content_can_only_be_erased(row: bytes, change: str) -> None:
    refused(f"UPDATE activity_content SET {change}")


def test_what_is_erased_stays_as_it_is(row: bytes, who: Any) -> None:
    ledger.erase(row, who=who, basis="asked")
    refused("UPDATE activity_content SET erased_at = 6, salt = NULL, content = NULL")


WRITES: list[Callable[[], Any]] = [
    lambda: Entry.objects.update(verb="ran"),
    lambda: Entry.objects.all().delete(),
    lambda: Content.objects.all().delete(),
]


@pytest.mark.parametrize("write", WRITES)
def test_the_object_mapper_is_refused_too(row: bytes, write: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError, match="ledger"), transaction.atomic():
        write()


def test_verify_knows_each_trigger_as_the_migration_made_it(row: bytes) -> None:
    assert [p for p in reports.verify().problems if p.kind == "trigger"] == []


def test_verify_misses_a_trigger_that_is_gone(row: bytes) -> None:
    with lifted():
        said = {p.say.split()[2] for p in reports.verify().problems if p.kind == "trigger"}
        assert said == set(reports.TRIGGERS[connection.vendor])
    assert reports.verify().ok


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's wording")
def test_verify_sees_a_trigger_that_does_nothing(row: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_no_delete")
        cursor.execute(
            "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON activity_entry BEGIN SELECT 1; END"
        )
    assert [p.say for p in reports.verify().problems] == [
        "The trigger ledger_no_delete was changed. Restore the ledger from a backup, or have its migration run again."
    ]
