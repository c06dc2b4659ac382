"""Reading backwards: the mentions of a day as they stand now."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from socius.stores.current import last_states
from socius.stores.tables import Stored


def days_since(table: Stored, block: int) -> list[date]:
    """Days with rows of this block or later, the newest first."""
    if block <= 1:
        return table.days()[::-1]
    rows = table.read(["day"], where=pc.field("block") >= block)
    return sorted(set(rows.column("day").to_pylist()), reverse=True)


def living(table: Stored, day: date, block: int, gone: pa.Array) -> pa.Table:
    """The last state of each mention of a day that was not deleted, where it came with this block or later."""
    rows = last_states(table.read(None, [day]), gone)
    return rows.filter(pc.greater_equal(rows.column("block"), block)) if block > 1 else rows
