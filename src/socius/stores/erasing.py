"""A person leaves: mentions, hits, quarantine, raw blocks, and what others' mentions say of them by id or address."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from socius.stores import prepared
from socius.stores.known import bury
from socius.stores.mentions import Store

NAMED_BY = ("author_id", "author_handle", "remote_id")
POINTERS = ("reply_to", "root", "quote_of")
BATCH = 50_000
SHORTEST = 3  # a shorter name stands in too many words to be searched for in raw bytes

Mine = Callable[[Mapping[str, Any]], bool]


def erase(store: Store, mine: Mine) -> set[bytes]:
    """Removes what a person wrote (`mine` looks at author_id, author_handle, network) from everywhere; the keys of it.

    Rows of deletes stay as gravestones: they hold a key and no text, and keep a replay from bringing the text back.
    """
    chosen = list(rows_of(store, mine))
    keys = {r["key"] for r in chosen}
    known = {r[c] for r in chosen for c in NAMED_BY if r[c]}
    words = {w for w in known if len(w) >= SHORTEST}
    # First of all, so that a crash below leaves nothing that could come back.
    bury(store.folder, keys)
    store.known.deleted |= keys
    prepared.forget(store.folder)
    store.mentions.drop_keys(keys)
    store.hits.drop_keys(keys)
    forget_pointers(store, known)
    raw = {w.encode() for w in words}
    store.queue.rewrite(lambda block: without(block.data, raw))
    held = store.quarantine.read().to_pylist()
    for row in held:
        if without(row["sample"], raw) != row["sample"] or any(w in row["say"] for w in words):
            store.quarantine.drop(f"block = {row['block']} AND line = {row['line']}")
    for table in (store.mentions, store.hits, store.quarantine):
        table.clear_away()
    return keys


def rows_of(store: Store, mine: Mine) -> Iterator[dict[str, Any]]:
    """What the person wrote; never the whole table in Python at once."""
    columns = ["key", "network", "op", *NAMED_BY]
    for batch in store.mentions.read(columns).to_batches(max_chunksize=BATCH):
        yield from (row for row in batch.to_pylist() if mine(row))


def forget_pointers(store: Store, words: set[str]) -> None:
    """Takes the person's ids out of replies, quotes and mentions by others, day by day, each at once."""
    if not words:
        return
    known = pa.array(sorted(words))
    for day in store.mentions.days():
        rows = store.mentions.read(None, [day])
        fresh = rows
        for name in POINTERS:
            column = fresh.column(name)
            cleaned = pc.if_else(pc.is_in(column, known), pa.scalar(None, column.type), column)
            fresh = fresh.set_column(fresh.column_names.index(name), name, cleaned)
        fresh = without_mentioned(fresh, known)
        if not fresh.equals(rows):
            store.mentions.rewrite(day, fresh)


def without_mentioned(rows: pa.Table, known: pa.Array) -> pa.Table:
    """Rows whose `mentioned` no longer names the person."""
    column = rows.column("mentioned").combine_chunks()
    if not pc.any(pc.is_in(pc.list_flatten(column), known)).as_py():
        return rows
    names = set(known.to_pylist())
    kept = [None if c is None else [x for x in c if x not in names] for c in column.to_pylist()]
    at = rows.column_names.index("mentioned")
    return rows.set_column(at, "mentioned", pa.array(kept, column.type))


def without(data: bytes, words: set[bytes]) -> bytes:
    """Raw bytes without the lines that name a person, escaped or not; what is no lines of JSON goes as a whole."""
    if not data.lstrip().startswith((b"{", b"event:", b":")):
        return b"" if any(w in data for w in words) else data
    # Only where a backslash stands can a name be written in another way; then JSON is read to see.
    if b"\\" not in data and not any(w in data for w in words):
        return data
    return b"\n".join(line for line in data.split(b"\n") if not names(line, words))


def names(line: bytes, words: set[bytes]) -> bool:
    """Whether a line names one of them."""
    if any(w in line for w in words):
        return True
    if b"\\" not in line:
        return False
    try:
        plain = json.dumps(json.loads(line.removeprefix(b"data:")), ensure_ascii=False)
    except ValueError:
        return False
    said = plain.encode("utf-8", "replace")
    # Twice, since Mastodon's frames carry a status as text inside their JSON.
    twice = said.replace(b"\\\\", b"\\").replace(b'\\"', b'"').replace(b"\\/", b"/")
    return any(w in said or w in twice for w in words) or escaped_twice(said, words)


def escaped_twice(said: bytes, words: set[bytes]) -> bool:
    """A payload that is JSON in a string, with escapes of its own."""
    try:
        held = json.loads(said)
        inner = json.loads(held["payload"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    plain = json.dumps(inner, ensure_ascii=False).encode("utf-8", "replace")
    return any(w in plain for w in words)
