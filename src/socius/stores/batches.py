"""Records of one block as a table, with what decides which of them are new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from socius.stores.schema import INCOMING, MICROS_A_DAY, batch_of, key_of, plain, version_of


class Batch(NamedTuple):
    """Columns of the incoming record, values that all rows share, and of each row its operation, identities, day and line."""

    columns: pa.Table
    same: Mapping[str, Any]
    ops: list[str]
    keys: list[bytes]
    versions: list[bytes]
    days: list[int]
    lines: list[int]

    def table(self, places: list[int] | None = None) -> pa.Table:
        """The rows, or some of them, with all columns."""
        rows = self.columns
        if places is not None and len(places) < rows.num_rows:
            rows = rows.take(pa.array(places, pa.int64()))
        return whole(rows, self.same)

    def kinds(self) -> dict[str, int]:
        """How many there are of each kind; deletes are of none."""
        rows = self.columns
        if "op" in rows.column_names:
            rows = rows.filter(pc.not_equal(rows.column("op").cast(pa.string()), "delete"))
        counts = rows.column("kind").cast(pa.string()).value_counts().to_pylist()
        return {str(p["values"]): int(p["counts"]) for p in counts}

    def span(self) -> tuple[int | None, int | None]:
        """The first and last time that a record tells, in microseconds."""
        found = pc.min_max(self.columns.column("created_at").cast(pa.int64())).as_py()
        return found["min"], found["max"]


def whole(rows: pa.Table, same: Mapping[str, Any]) -> pa.Table:
    """Rows with all columns of the incoming record; what is neither among theirs nor shared is null."""
    if rows.num_columns == len(INCOMING):
        return rows
    known = set(rows.column_names)
    arrays = [
        rows.column(f.name).cast(f.type) if f.name in known else shared(f, same, rows.num_rows)
        for f in INCOMING
    ]
    return pa.table(arrays, schema=INCOMING)


def shared(field: pa.Field, same: Mapping[str, Any], count: int) -> pa.Array:
    """A column of one value."""
    if field.name not in same:
        return pa.nulls(count, field.type)
    if pa.types.is_dictionary(field.type):
        return pa.DictionaryArray.from_arrays(np.zeros(count, np.int16), pa.array([same[field.name]]))  # fmt: skip
    return pa.repeat(pa.scalar(same[field.name], plain(field.type)), count).cast(field.type)


def of_records(records: Sequence[Any], lines: Sequence[int], source: str, block: int, observed: int) -> Batch:  # fmt: skip
    """Records as connectors make them; `when` of each was set when it was checked."""
    keys = [key_of(r.network, r.remote_id) for r in records]
    versions = [version_of(k, r) for k, r in zip(keys, records, strict=True)]
    times = [r.when for r in records]
    rows = list(zip(records, keys, versions, times, strict=True))
    days = [t // MICROS_A_DAY for t in times]
    table = batch_of(rows, source, block, observed)
    return Batch(table, {}, [r.op for r in records], keys, versions, days, list(lines))


def of_columns(columns: Mapping[str, pa.Array], same: Mapping[str, Any], keys: list[bytes], when: Any, lines: Any) -> Batch:  # fmt: skip
    """New mentions whose columns were made already; `when` are the times that decide their days, `same` values that all share."""
    days = when // MICROS_A_DAY
    held = pa.array(keys, pa.binary(16))
    given = {**columns, "key": held, "version": held, "day": pa.array(days.astype("datetime64[D]"))}
    return Batch(pa.table(given), same, ["create"] * len(keys), keys, keys, days.tolist(), lines.tolist())  # fmt: skip


def of_table(rows: pa.Table) -> tuple[list[str], list[bytes], list[bytes], list[int]]:
    """Operations, identities and days of rows of the incoming record."""
    ops = rows.column("op").cast(pa.string()).to_pylist()
    days = rows.column("day").cast(pa.int32()).to_pylist()
    return ops, rows.column("key").to_pylist(), rows.column("version").to_pylist(), days


def joined(parts: Sequence[Batch]) -> Batch:
    """Batches of one block in the order of their lines."""
    if len(parts) == 1:
        return parts[0]
    table = pa.concat_tables([p.table() for p in parts])
    lines = [line for p in parts for line in p.lines]
    order = sorted(range(len(lines)), key=lines.__getitem__)

    def turned(column: int) -> list[Any]:
        held = [value for p in parts for value in p[column]]
        return [held[at] for at in order]

    rows = table.take(pa.array(order, pa.int64()))
    return Batch(rows, {}, turned(2), turned(3), turned(4), turned(5), turned(6))
