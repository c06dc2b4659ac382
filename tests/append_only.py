"""Lifts the ledger's triggers where a test must: to tamper, and for Django's flush after a test that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

TABLES = ("activity_entry", "activity_content")


@contextmanager
def lifted() -> Iterator[None]:
    """Inside, the ledger can be changed; afterwards the same triggers stand again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)",
                TABLES,
            )
            standing = cursor.fetchall()
            undo = [f'DROP TRIGGER "{name}"' for name, _ in standing]
            redo = [sql for _, sql in standing]
        else:
            undo = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES]
            redo = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES]
        for statement in undo:
            cursor.execute(statement)
        yield
        for statement in redo:
            cursor.execute(statement)


def let_flush_through() -> None:
    """Tests that commit are cleaned up by emptying every table, which the ledger refuses by design."""
    flush = BaseDatabaseOperations.execute_sql_flush
    if getattr(flush, "lifts", False):
        return

    def lifting(self: Any, sql_list: list[str]) -> Any:
        if TABLES[0] not in connection.introspection.table_names():
            return flush(self, sql_list)
        with lifted():
            return flush(self, sql_list)

    lifting.lifts = True  # type: ignore[attr-defined]
    BaseDatabaseOperations.execute_sql_flush = lifting  # type: ignore[method-assign]
