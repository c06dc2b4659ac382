"""New posts of Bluesky straight from bytes to columns. Whatever is not exactly of this shape is left to the decoder of single lines."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from socius.engine.frames.columns import NEVER, moments, same, texts, tids
from socius.engine.frames.paths import ARRAY, NULL, OBJECT, STRING, WHOLE, Wanted, machine_of
from socius.engine.frames.scanning import NEWLINE, Room, read, room_for

POST = "app.bsky.feed.post"
LONGEST_TEXT = 65_536
EARLIEST = 1_072_915_200_000_000
LATE = 15 * 60_000_000
ITEMS = 8  # links, tags and the like a line, for which there is room
RECORD = "commit.record"
FEATURES = f"{RECORD}.facets[].features"
PLACES = machine_of(
    [
        Wanted("did", STRING), Wanted("time_us", WHOLE), Wanted("kind", STRING), Wanted("account", 0),
        Wanted("commit", OBJECT), Wanted("commit.operation", STRING), Wanted("commit.collection", STRING),
        Wanted("commit.rkey", STRING), Wanted(RECORD, OBJECT), Wanted(f"{RECORD}.text", STRING),
        Wanted(f"{RECORD}.createdAt", STRING), Wanted(f"{RECORD}.langs", ARRAY | NULL), Wanted(f"{RECORD}.langs[]", STRING),
        Wanted(f"{RECORD}.tags", ARRAY | NULL), Wanted(f"{RECORD}.tags[]", STRING),
        Wanted(f"{RECORD}.reply", OBJECT | NULL), Wanted(f"{RECORD}.reply.parent", OBJECT | NULL),
        Wanted(f"{RECORD}.reply.root", OBJECT | NULL), Wanted(f"{RECORD}.reply.parent.uri", STRING),
        Wanted(f"{RECORD}.reply.root.uri", STRING),
        Wanted(f"{RECORD}.facets", ARRAY | NULL), Wanted(f"{RECORD}.facets[]", OBJECT), Wanted(FEATURES, ARRAY),
        Wanted(f"{FEATURES}[]", OBJECT), Wanted(f"{FEATURES}[].uri", STRING), Wanted(f"{FEATURES}[].tag", STRING),
        Wanted(f"{FEATURES}[].did", STRING),
        Wanted(f"{RECORD}.embed", OBJECT | NULL), Wanted(f"{RECORD}.embed.external", OBJECT | NULL),
        Wanted(f"{RECORD}.embed.external.uri", STRING), Wanted(f"{RECORD}.embed.record", OBJECT | NULL),
        Wanted(f"{RECORD}.embed.record.uri", STRING), Wanted(f"{RECORD}.embed.record.record", OBJECT),
        Wanted(f"{RECORD}.embed.record.record.uri", STRING),
    ]
)  # fmt: skip
KINDS = pa.array(["post", "reply", "quote"])
WORDS = {"kind": b"commit", "commit.operation": b"create", "commit.collection": POST.encode()}


class Frames(NamedTuple):
    """Posts as columns of the incoming record; `lines` are their numbers from 1, `left` the lines that somebody else has to read."""

    columns: dict[str, pa.Array]
    keys: list[bytes]
    when: Any  # microseconds that decide the day
    lines: Any
    left: list[tuple[int, bytes]]


class Found:
    """What stands where, column by column, of the lines that are chosen."""

    def __init__(self, data: Any, room: Room) -> None:
        self.data, self.room = data, room
        self.rows: Any = slice(None)

    def span(self, path: str) -> tuple[Any, Any]:
        """Starts (-1: not there) and ends of a value."""
        column = PLACES.columns[path if path in PLACES.columns else f"{RECORD}.{path}"]
        return self.room.starts[column][self.rows], self.room.ends[column][self.rows]

    def there(self, path: str) -> Any:
        """Which lines have a value."""
        return self.span(path)[0] >= 0

    def text(self, path: str, where: Any = None, *, null: bool = True) -> pa.StringArray:
        """Values as texts, where a condition holds."""
        starts, ends = self.span(path)
        return texts(self.data, starts if where is None else np.where(where, starts, -1), ends, null=null)  # fmt: skip

    def listed(self, order: dict[str, bool], more: str = "") -> pa.ListArray:
        """Values below lists, with those of `more`, a single value, last; `order`: path -> whether empty ones count."""
        count = len(self.rows)
        row_of = np.full(self.room.starts.shape[1], -1, np.int64)
        row_of[self.rows] = np.arange(count)
        known = self.room.numbers[1]
        places, lines = self.room.item_places[:known], row_of[self.room.item_lines[:known]]
        starts, ends = self.room.item_starts[:known], self.room.item_ends[:known]
        parts = []
        for path, empty in order.items():
            mine = (places == PLACES.lists[f"{RECORD}.{path}"]) & (lines >= 0)
            mine &= empty | (ends > starts)
            parts.append((lines[mine], starts[mine], ends[mine]))
        if more:
            begin, stop = self.span(more)
            mine = (begin >= 0) & (stop > begin)
            parts.append((np.flatnonzero(mine), begin[mine], stop[mine]))
        lines, starts, ends = (np.concatenate(c) for c in zip(*parts, strict=True))
        sorted_ = np.argsort(lines, kind="stable")
        offsets = np.zeros(count + 1, np.int32)
        np.cumsum(np.bincount(lines, minlength=count), out=offsets[1:])
        return pa.ListArray.from_arrays(pa.array(offsets), texts(self.data, starts[sorted_], ends[sorted_]))  # fmt: skip


def understood(found: Found, good: Any, observed: int) -> tuple[Any, Any, Any]:
    """Lines that are new posts with sound ids and times; and times of all lines: inside their ids, and as their authors say."""
    for path, word in WORDS.items():
        good &= same(found.data, *found.span(path), np.frombuffer(word, np.uint8))
    when = tids(found.data, *found.span("commit.rkey"))
    created = moments(found.data, *found.span("createdAt"))
    starts, ends = found.span("text")
    good &= (when >= EARLIEST) & (when <= observed + LATE) & (created != NEVER) & (ends - starts <= LONGEST_TEXT)  # fmt: skip
    for path in ("did", "time_us", RECORD):
        good &= found.there(path)
    for path in ("reply.parent", "reply.root"):
        good &= found.there(path) == found.there(f"{path}.uri")
    return np.flatnonzero(good), when, created


def spread(found: Found, created: Any) -> dict[str, pa.Array]:
    """Columns of the chosen lines."""
    count = len(found.rows)
    did = found.text("did", null=False)
    inner = found.there("embed.record.record")
    quoted = pc.coalesce(found.text("embed.record.record.uri"), found.text("embed.record.uri", ~inner))  # fmt: skip
    quoted = pc.if_else(pc.equal(quoted, ""), pa.scalar(None, pa.string()), quoted)
    kind = np.where(found.there("reply"), 1, np.where(quoted.is_valid().to_numpy(zero_copy_only=False), 2, 0))  # fmt: skip
    key = found.text("commit.rkey", null=False)
    langs = found.listed({"langs[]": True})
    return {
        "remote_id": pc.binary_join_element_wise("at://", did, f"/{POST}/", key, ""),
        "kind": pa.DictionaryArray.from_arrays(pa.array(kind, pa.int16()), KINDS),
        "created_at": pa.array(created[found.rows]),
        "text": found.text("text", null=False),
        "lang_declared": first_of(langs),
        "author_id": did,
        "author_handle": pa.repeat("", count),
        "reply_to": found.text("reply.parent.uri"),
        "root": found.text("reply.root.uri"),
        "quote_of": quoted,
        "links": found.listed({"facets[].features[].uri": False}, "embed.external.uri"),
        "tags": found.listed({"facets[].features[].tag": False, "tags[]": True}),
        "mentioned": found.listed({"facets[].features[].did": False}),
        "source_cursor": found.text("time_us", null=False),
    }


def first_of(lists: pa.ListArray) -> pa.Array:
    """The first value of each list, null where it is empty."""
    offsets = lists.offsets.to_numpy()
    return lists.values.take(pa.array(offsets[:-1], mask=offsets[1:] == offsets[:-1]))


def keys_of(addresses: pa.Array) -> list[bytes]:
    """Identities of posts, as `stores.schema.key_of` makes them."""
    front = b"bluesky\x1f"
    made = addresses.cast(pa.binary()).to_pylist()
    return [blake2b(front + a, digest_size=16).digest() for a in made]


def frames(block: bytes, observed: int) -> Frames:
    """The new posts of a block of lines; `observed` is our clock in microseconds."""
    data = np.frombuffer(block, np.uint8)
    begins = np.concatenate(([0], np.flatnonzero(data == NEWLINE) + 1, [len(data) + 1]))
    count = len(begins) - 1
    room = room_for(PLACES.machine, count, ITEMS * count)
    found = Found(data, room)
    rows, when, created = understood(found, read(data, begins, PLACES.machine, room), observed)
    found.rows = rows
    others = np.ones(count, np.bool_)
    others[rows] = False
    left = [(n + 1, block[begins[n] : begins[n + 1] - 1]) for n in np.flatnonzero(others).tolist()]
    columns = spread(found, created)
    return Frames(columns, keys_of(columns["remote_id"]), when[rows], rows + 1, left)
