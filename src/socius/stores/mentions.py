"""Where mentions are kept: duplicates out, edits and deletes in, each block exactly once, and a person's traces gone when asked."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from socius.stores.batches import Batch
from socius.stores.current import deleted, last_states
from socius.stores.known import Known, Row, buried
from socius.stores.queue import Queue
from socius.stores.schema import (
    COUNTS,
    HITS,
    MENTIONS,
    QUARANTINE,
    key_of,
    version_of,
)
from socius.stores.tables import Stored

LOCAL = "local:"


class Parts(NamedTuple):
    """What one block becomes."""

    mentions: pa.Table
    hits: pa.Table
    counts: pa.Table
    quarantine: pa.Table

    def gone(self) -> list[str]:
        """Keys of mentions that were deleted."""
        ops = self.mentions.column("op").cast(pa.string())
        keys = self.mentions.column("key").filter(pc.equal(ops, "delete"))
        return [key.hex() for key in keys.to_pylist()]


class Store:
    """One folder with the queue, the tables and the lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.mentions = Stored(folder / "mentions", MENTIONS)
        self.hits = Stored(folder / "hits", HITS)
        self.counts = Stored(folder / "counts", COUNTS)
        self.quarantine = Stored(folder / "quarantine", QUARANTINE)
        self.queue = Queue(folder / "queue")
        self.known = Known(self.mentions, buried(folder))

    def admitted(
        self, records: Sequence[Any], time_of: Callable[[Any], int]
    ) -> tuple[list[Row], Counter[str]]:
        """Records that are new, with key, state and time. A delete by local id is brought to the address it was seen under."""
        rows = []
        self.named(records)
        for record in records:
            key = key_of(record.network, record.remote_id)
            when = record.when or time_of(record)
            rows.append((record, key, version_of(key, record), when))
        return self.known.admit(rows)

    def named(self, records: Sequence[Any]) -> None:
        """Brings deletes by local id to the addresses under which their statuses were seen."""
        for record in records:
            if record.remote_id.startswith(LOCAL):
                local = record.remote_id.removeprefix(LOCAL)
                record.remote_id = self.alias(record.network, local) or record.remote_id

    def news(self, batch: Batch) -> tuple[pa.Table, Counter[str]]:
        """Records of a block that are new."""
        places, count = self.known.news(batch.ops, batch.keys, batch.versions, batch.days)
        return batch.table(places), count

    def alias(self, network: str, local: str) -> str:
        """The address under which a status with this local id was seen; empty where it never was."""
        rows = self.mentions.read(["network", "remote_id", "source_cursor"])
        same = pc.and_(
            pc.equal(rows.column("network"), network), pc.equal(rows.column("source_cursor"), local)
        )
        found = rows.filter(same).column("remote_id").to_pylist()
        return str(found[-1]) if found else ""

    def apply(self, parts: Parts, application: str, number: int) -> None:
        """Writes what a block became. Mentions come last: until they are in, a replay makes the same again and only the missing parts are written.
        They tell which blocks are done, so they are committed even without rows; of the other tables a commit without rows would say nothing.
        """
        for table, rows in (
            (self.quarantine, parts.quarantine), (self.counts, parts.counts),
            (self.hits, parts.hits), (self.mentions, parts.mentions),
        ):  # fmt: skip
            if rows.num_rows or table is self.mentions:
                table.append(rows, application, number)

    def applied(self, application: str) -> int:
        """The last block whose mentions are in."""
        return self.mentions.applied(application)

    def of_block(self, number: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Hits of a block, and key and op of its mentions."""
        mine = pc.field("block") == number
        hits = self.hits.read(where=mine).to_pylist()
        return hits, self.mentions.read(["key", "op"], where=mine).to_pylist()

    def current(self, columns: list[str] | None = None) -> pa.Table:
        """The last state of each mention that was not deleted."""
        rows = last_states(self.mentions.read(), deleted(self.mentions))
        rows = rows.filter(pc.not_equal(rows.column("op"), "delete"))
        return rows.select(columns or rows.column_names)

    def exported(self, target: Path) -> int:
        """Writes the current mentions as Parquet, or as an ActivityStreams collection (`.json`); how many."""
        rows = self.current()
        if target.suffix == ".parquet":
            pq.write_table(rows, target, compression="zstd")
        else:
            target.write_text(
                json.dumps(collection(rows.to_pylist()), ensure_ascii=False, indent=1)
            )
        return int(rows.num_rows)


def collection(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mentions as an ActivityStreams 2.0 collection of Create activities."""
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "type": "OrderedCollection",
        "totalItems": len(rows),
        "orderedItems": [
            {
                "type": "Create",
                "actor": {
                    "type": "Person",
                    "id": r["author_id"],
                    "preferredUsername": r["author_handle"],
                },
                "published": r["created_at"].isoformat(),
                "object": {
                    "type": "Note",
                    "id": r["remote_id"],
                    "content": html.escape(r["text"]).replace("\n", "<br>"),
                    "attributedTo": r["author_id"],
                    "published": r["created_at"].isoformat(),
                    **({"inReplyTo": r["reply_to"]} if r["reply_to"] else {}),
                    **({"updated": r["edited_at"].isoformat()} if r["edited_at"] else {}),
                },
            }
            for r in rows
        ],
    }
