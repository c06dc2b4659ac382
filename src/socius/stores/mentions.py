"""Where mentions are kept: duplicates out, edits and deletes in, each block exactly once, and a person's traces gone when asked."""

from __future__ import annotations

import fcntl
import html
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from socius.kit.errors import Conflict
from socius.stores.queue import Queue
from socius.stores.schema import (
    COUNTS,
    HITS,
    MENTIONS,
    MICROS_A_DAY,
    QUARANTINE,
    key_of,
    version_of,
)
from socius.stores.tables import Stored

Row = tuple[Any, bytes, bytes, int]  # record, key, version, time that decides its day
EPOCH = date(1970, 1, 1).toordinal()


class Parts(NamedTuple):
    """What one block becomes."""

    mentions: pa.Table
    hits: pa.Table
    counts: pa.Table
    quarantine: pa.Table


class Known:
    """Keys and states in the store, read day by day when first asked for: there is no other memory to lose."""

    def __init__(self, table: Stored) -> None:
        self.table = table
        self.keys: dict[int, set[bytes]] = {}
        self.versions: dict[int, set[bytes]] = {}
        gone = table.read(["key", "op"])
        self.deleted = set(
            gone.filter(pc.equal(gone.column("op"), "delete")).column("key").to_pylist()
        )

    def load(self, days: set[int]) -> None:
        """Reads the days that are not known yet."""
        missing = days - set(self.keys)
        if not missing:
            return
        for day in missing:
            self.keys[day], self.versions[day] = set(), set()
        rows = self.table.read(
            ["key", "version", "day"], [date.fromordinal(d + EPOCH) for d in missing]
        )
        for key, version, day in zip(
            *(rows.column(c).to_pylist() for c in ("key", "version", "day")), strict=True
        ):
            self.keys[day.toordinal() - EPOCH].add(key)
            self.versions[day.toordinal() - EPOCH].add(version)

    def admit(self, rows: Sequence[Row]) -> tuple[list[Row], Counter[str]]:
        """Rows that are new, and how many were stored, duplicates, edits, deletes."""
        self.load({when // MICROS_A_DAY for _, _, _, when in rows})
        kept, count = [], Counter[str]()
        for row in rows:
            verdict = self.verdict(row)
            count[verdict] += 1
            if verdict != "duplicates":
                kept.append(row)
        return kept, count

    def verdict(self, row: Row) -> str:
        """What a row is to the store; remembers it."""
        record, key, version, when = row
        day = when // MICROS_A_DAY
        if key in self.deleted:
            return "duplicates"  # gone for good: a late copy does not bring it back
        if record.op == "delete":
            self.deleted.add(key)
            return "deletes"
        held = self.versions[day] if record.op == "update" else self.keys[day]
        if (version if record.op == "update" else key) in held:
            return "duplicates"
        self.keys[day].add(key)
        self.versions[day].add(version)
        return "edits" if record.op == "update" else "stored"


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
        self.known = Known(self.mentions)

    def admitted(
        self, records: Sequence[Any], time_of: Callable[[Any], int]
    ) -> tuple[list[Row], Counter[str]]:
        """Records that are new, with key, state and time. A delete by local id is brought to the address it was seen under."""
        rows = []
        for record in records:
            if record.remote_id.startswith("local:"):
                record.remote_id = (
                    self.alias(record.network, record.remote_id[6:]) or record.remote_id
                )
            key = key_of(record.network, record.remote_id)
            rows.append((record, key, version_of(key, record), time_of(record)))
        return self.known.admit(rows)

    def alias(self, network: str, local: str) -> str:
        """The address under which a status with this local id was seen; empty where it never was."""
        rows = self.mentions.read(["network", "remote_id", "source_cursor"])
        same = pc.and_(
            pc.equal(rows.column("network"), network), pc.equal(rows.column("source_cursor"), local)
        )
        found = rows.filter(same).column("remote_id").to_pylist()
        return str(found[-1]) if found else ""

    def apply(self, parts: Parts, application: str, number: int) -> None:
        """Writes what a block became. Mentions come last: until they are in, a replay makes the same again and only the missing parts are written."""
        for table, rows in (
            (self.quarantine, parts.quarantine), (self.counts, parts.counts),
            (self.hits, parts.hits), (self.mentions, parts.mentions),
        ):  # fmt: skip
            table.append(rows, application, number)

    def applied(self, application: str) -> int:
        """The last block whose mentions are in."""
        return self.mentions.applied(application)

    def current(self, columns: list[str] | None = None) -> pa.Table:
        """The last state of each mention that was not deleted."""
        rows = self.mentions.read()
        if not rows.num_rows:
            return rows.select(columns or rows.column_names)
        gone = set(rows.filter(pc.equal(rows.column("op"), "delete")).column("key").to_pylist())
        keys = rows.column("key").to_pylist()
        order = rows.column("edited_at").fill_null(rows.column("created_at")[0]).to_pylist()
        ops, blocks = rows.column("op").to_pylist(), rows.column("block").to_pylist()
        last: dict[bytes, tuple[Any, int]] = {}
        for at, key in enumerate(keys):
            rank = (ops[at] == "update", order[at] if ops[at] == "update" else None, blocks[at], at)
            if key not in gone and (key not in last or newer(rank, last[key][0])):
                last[key] = (rank, at)
        taken = rows.take(pa.array(sorted(at for _, at in last.values()), pa.int64()))
        return taken.select(columns or taken.column_names)

    def erase(self, mine: Callable[[dict[str, Any]], bool]) -> int:
        """Removes mentions, hits and quarantine of a person (`mine` looks at author_id, author_handle, network), and the raw blocks that name them."""
        rows = self.mentions.read(
            ["key", "network", "remote_id", "author_id", "author_handle", "op"]
        )
        chosen = [r for r in rows.to_pylist() if mine(r)]
        # Rows of deletes stay as gravestones: a key says nothing, and keeps a replay from bringing the text back.
        keys = {r["key"] for r in chosen}
        words = {
            r[c].encode()
            for r in chosen
            for c in ("author_id", "author_handle", "remote_id")
            if r[c]
        }
        removed = self.mentions.drop_keys(keys)
        self.hits.drop_keys(keys)
        self.bury(keys)
        self.queue.rewrite(lambda block: without(block.data, words))
        held = self.quarantine.read()
        named = [r for r in held.to_pylist() if any(w in r["sample"] for w in words)]
        for row in named:
            self.quarantine.drop(f"block = {row['block']} AND line = {row['line']}")
        for table in (self.mentions, self.hits, self.quarantine):
            table.clear_away()
        return removed

    def bury(self, keys: set[bytes]) -> None:
        """Keeps the keys of what was erased, so that no copy comes back."""
        place = self.folder / "erased"
        with place.open("ab") as stream:
            stream.write(b"".join(sorted(keys)))
        self.known.deleted |= keys

    def buried(self) -> set[bytes]:
        """Keys that were erased."""
        place = self.folder / "erased"
        data = place.read_bytes() if place.exists() else b""
        return {data[i : i + 16] for i in range(0, len(data) // 16 * 16, 16)}

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

    def retain(self, first: date) -> int:
        """Removes whole days before this one; how many rows went."""
        gone = sum(t.drop(f"day < '{first.isoformat()}'") for t in (self.hits, self.quarantine))
        gone = self.mentions.drop(f"day < '{first.isoformat()}'") + 0 * gone
        for table in (self.mentions, self.hits, self.quarantine):
            table.clear_away()
        self.queue.prune((first.toordinal() - EPOCH) * MICROS_A_DAY)
        return gone


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


def newer(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether a state of a mention follows another: edits after the first text, later edits after earlier ones."""
    if one[0] != other[0] or not one[0]:
        return bool(one[0] > other[0])
    return one[1:] > other[1:]


def without(data: bytes, words: set[bytes]) -> bytes:
    """Raw bytes without the lines that name a person; a block that is no lines goes as a whole."""
    if not any(w in data for w in words):
        return data
    if not data.lstrip().startswith(b"{"):
        return b""
    return b"\n".join(line for line in data.split(b"\n") if not any(w in line for w in words))


@contextmanager
def locked(folder: Path) -> Iterator[Store]:
    """The store, for one process at a time. Raises `Conflict` while another has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(
                f"Another process is writing to {folder}. Try again when it is done."
            ) from error
        store = Store(folder)
        store.known.deleted |= store.buried()
        yield store
