"""Nightly care: small files joined, counts of closed days added up, what is older than it may be removed."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa

from socius.stores.known import EPOCH
from socius.stores.mentions import Store
from socius.stores.schema import MICROS_A_DAY
from socius.stores.tables import COMPRESSION, Stored

TARGET = 192 << 20  # bytes of a joined file
OPEN_FILES = 64

BY = ["day", "network", "channel", "lang", "query"]
ADDED = ("n", "scored", "score")


class Cared(NamedTuple):
    """What was done."""

    files: int  # small files that were joined
    rows: int  # mentions that were removed because of their age
    segments: int  # files of raw blocks that were removed


def care(store: Store, today: date, *, keep_from: date | None, raw_from: date) -> Cared:
    """Joins files of days before `today`; removes mentions, hits and quarantine before `keep_from` (None: keep all) and raw blocks before `raw_from`.

    Counts stay: they name nobody. Run again it does nothing more.
    """
    files = sum(compacted(t, today) for t in (store.mentions, store.hits, store.quarantine))
    files += folded(store, today)
    rows = retained(store, keep_from) if keep_from else 0
    if files or rows:
        for table in (store.mentions, store.hits, store.quarantine, store.counts):
            table.clear_away()
    return Cared(files, rows, store.queue.prune((raw_from.toordinal() - EPOCH) * MICROS_A_DAY))


def scattered(table: Stored, before: date, most: int = 1) -> list[date]:
    """Days before this one whose rows lie in more than so many files."""
    return [d for d in table.days() if d < before and len(table.files()[d]) > most]


def compacted(table: Stored, before: date) -> int:
    """Joins the files of days before this one, in the order of time; how many files went."""
    removed = 0
    how: dict[str, Any] = {"target_size": TARGET, "writer_properties": COMPRESSION}
    # An open day grows by a file with every block: it is joined once it has become slow to read.
    for day in {*scattered(table, before), *scattered(table, date.max, OPEN_FILES)}:
        how["partition_filters"] = [("day", "=", day.isoformat())]
        optimizer = table.opened().optimize
        timed = "created_at" in table.schema.names
        done = optimizer.z_order(["created_at"], **how) if timed else optimizer.compact(**how)
        removed += int(done["numFilesRemoved"])
    return removed


def retained(store: Store, first: date) -> int:
    """Removes whole days before this one; how many mentions went."""
    older = f"day < '{first.isoformat()}'"
    store.hits.drop(older)
    store.quarantine.drop(older)
    return store.mentions.drop(older)


def folded(store: Store, today: date) -> int:
    """Adds the counts of closed days up, which were one row a block; how many files went."""
    days = scattered(store.counts, today)
    for day in days:
        rows = store.counts.read(None, [day])
        sums = rows.group_by(BY).aggregate([*((c, "sum") for c in ADDED), ("block", "max")])
        named = sums.rename_columns([c.removesuffix("_sum").removesuffix("_max") for c in sums.column_names])  # fmt: skip
        store.counts.rewrite(day, pa.table({c: named.column(c) for c in rows.column_names}))
    return len(days)
