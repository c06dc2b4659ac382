"""Of several states of a mention the last: edits after the first text, later edits after earlier ones, and none of what was deleted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from socius.stores.tables import Stored


def deleted(table: Stored) -> pa.Array:
    """Keys of mentions that are gone. Their day may be another than that of the mention."""
    rows = table.read(["key"], where=pc.field("op") == "delete")
    return pc.unique(rows.column("key")).cast(pa.binary())


def last_states(rows: pa.Table, gone: pa.Array) -> pa.Table:
    """Rows with key, op, edited_at and block: each mention once, in the order in which they lay."""
    ops = rows.column("op")
    if len(gone):
        rows = rows.filter(pc.invert(pc.is_in(rows.column("key"), gone)))
        ops = rows.column("op")
    edits = pc.equal(ops, "update").to_numpy()
    if not edits.any():
        return rows  # nearly every day: what came twice was a copy, and is not here
    return rows.take(pa.array(np.sort(chosen(rows, edits))))


def chosen(rows: pa.Table, edits: Any) -> Any:
    """Places of the last states."""
    times = pc.fill_null(pc.cast(rows.column("edited_at"), pa.int64()), -1).to_numpy()
    codes = pc.dictionary_encode(rows.column("key").combine_chunks()).indices.to_numpy()
    numbers, blocks = np.arange(rows.num_rows), rows.column("block").to_numpy()
    order = np.lexsort((numbers, blocks, np.where(edits, times, -1), edits, codes))
    last = np.append(codes[order][1:] != codes[order][:-1], True)
    return order[last]
