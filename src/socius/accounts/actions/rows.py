"""Inserts many rows as plain SQL: as model objects the rows of a large inventory would cost more than all that is done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import DateField, Field, JSONField, Model

Prepare = Callable[[Any], Any]


def insert_tuples(
    model: type[Model], fields: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Rows of plain values (numbers and text) for the named fields; ids are given by the database."""
    columns = [str(model._meta.get_field(name).column) for name in fields]  # type: ignore[union-attr]
    run(model, columns, rows)


def insert_objects(model: type[Model], objects: Sequence[Model]) -> None:
    """New objects, with ids reserved beforehand and set on them: `bulk_create` without its price."""
    fields = model._meta.concrete_fields
    for obj, pk in zip(objects, reserve(model, len(objects)), strict=True):
        obj.pk = pk
    values_of = attrgetter(*(field.attname for field in fields))
    special = [(n, made) for n, field in enumerate(fields) if (made := preparing(field))]
    rows = []
    for obj in objects:
        row = list(values_of(obj))
        for n, prepare in special:
            row[n] = prepare(row[n])
        rows.append(tuple(row))
    run(model, [str(field.column) for field in fields], rows)


def run(model: type[Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """The insert itself."""
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608 - names of our own tables
            list(rows),
        )


def reserve(model: type[Model], n: int) -> Sequence[int]:
    """`n` unused ids. SQLite has one writer, who holds the lock; PostgreSQL hands them out of the table's sequence."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, n],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        first = (last[0] if last else 0) + 1
        return range(first, first + n)


def preparing(field: Field[Any, Any]) -> Prepare | None:
    """How a value of this field goes to the database; None for the many that go as they are."""
    if isinstance(field, JSONField):
        return empty_once(partial(field.get_db_prep_save, connection=connection))
    if isinstance(field, DateField):  # DateTimeField is one
        return remembered(partial(field.get_db_prep_save, connection=connection))
    return None


def remembered(prepare: Prepare) -> Prepare:
    """The same few days and instants stand in row after row."""
    kept: dict[Any, Any] = {None: None}

    def once(value: Any) -> Any:
        if value not in kept:
            kept[value] = prepare(value)
        return kept[value]

    return once


def empty_once(prepare: Prepare) -> Prepare:
    """Nearly every object is empty."""
    empty = prepare({})
    return lambda value: prepare(value) if value else empty
