"""Columns of the stream in memory and in the tables (docs/reference/listening.md). Every time is UTC."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(pa.string())
DICTIONARY = pa.dictionary(pa.int16(), pa.string())
MICROS_A_DAY = 86_400_000_000

PLAIN = (
    ("text", pa.string()), ("lang_declared", pa.string()), ("author_id", pa.string()),
    ("author_handle", pa.string()), ("author_followers", pa.int64()), ("account", pa.string()),
    ("from_account", pa.string()), ("reply_to", pa.string()), ("root", pa.string()),
    ("quote_of", pa.string()), ("links", TEXTS), ("tags", TEXTS), ("mentioned", TEXTS),
    ("likes", pa.int64()), ("reposts", pa.int64()), ("replies", pa.int64()),
    ("answer", pa.float32()), ("question", pa.string()), ("flags", pa.int32()),
)  # fmt: skip
INCOMING = pa.schema(
    [
        ("network", DICTIONARY), ("channel", DICTIONARY), ("kind", DICTIONARY), ("op", DICTIONARY),
        ("remote_id", pa.string()), ("key", pa.binary(16)), ("version", pa.binary(16)),
        ("created_at", TIME), ("edited_at", TIME), ("observed_at", TIME),
        ("author_created_at", TIME), ("day", pa.date32()), *PLAIN,
        ("source", DICTIONARY), ("source_cursor", pa.string()), ("block", pa.int64()),
    ]
)  # fmt: skip
DERIVED = [
    pa.field("lang", pa.string()), pa.field("lang_p", pa.float32()),
    pa.field("sent", pa.list_(pa.float32(), 3)), pa.field("author_weight", pa.float32()),
    pa.field("cluster", pa.int64()), pa.field("plan", pa.binary(16)),
]  # fmt: skip
MENTIONS = pa.schema([*INCOMING, *DERIVED])
HITS = pa.schema(
    [
        ("query", pa.int64()), ("query_version", pa.int32()), ("key", pa.binary(16)),
        ("day", pa.date32()), ("created_at", TIME), ("observed_at", TIME), ("block", pa.int64()),
    ]
)  # fmt: skip
COUNTS = pa.schema(
    [
        ("day", pa.date32()), ("network", pa.string()), ("channel", pa.string()),
        ("lang", pa.string()), ("query", pa.int64()), ("n", pa.int64()),
        ("scored", pa.int64()), ("score", pa.float64()), ("block", pa.int64()),
    ]
)  # fmt: skip
QUARANTINE = pa.schema(
    [
        ("day", pa.date32()), ("source", pa.string()), ("block", pa.int64()), ("line", pa.int64()),
        ("say", pa.string()), ("sample", pa.binary()),
    ]
)  # fmt: skip


# Fields of a record as the connectors make it, in their order.
FIELDS = (
    "network", "remote_id", "channel", "op", "kind", "created_at", "edited_at", "text", "lang_declared", "author_id",
    "author_handle", "author_followers", "author_created_at", "account", "from_account", "reply_to", "root", "quote_of",
    "links", "tags", "mentioned", "likes", "reposts", "replies", "answer", "question", "cursor", "flags",
)  # fmt: skip


def key_of(network: str, remote_id: str) -> bytes:
    """Identity of a mention: BLAKE2b-128 of network, byte 0x1F and remote id."""
    return hashlib.blake2b(
        f"{network}\x1f{remote_id}".encode("utf-8", "surrogatepass"), digest_size=16
    ).digest()


def version_of(key: bytes, record: Any) -> bytes:
    """Identity of one state of a mention: an edit delivered twice is one edit. The first state is known by its mention."""
    if record.op == "create":
        return key
    body = f"{record.op}\x1f{record.edited_at}\x1f{record.text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(key + body, digest_size=16).digest()


def plain(kind: pa.DataType) -> pa.DataType:
    """A type as Delta keeps it."""
    if pa.types.is_dictionary(kind):
        return pa.string()
    if pa.types.is_fixed_size_binary(kind):
        return pa.binary()
    return pa.list_(kind.value_type) if pa.types.is_fixed_size_list(kind) else kind


def stored(schema: pa.Schema) -> pa.Schema:
    """The schema as Delta keeps it: no dictionaries, no fixed sizes."""

    return pa.schema([pa.field(f.name, plain(f.type)) for f in schema])


def batch_of(
    rows: Sequence[tuple[Any, bytes, bytes, int]], source: str, block: int, observed: int
) -> pa.Table:
    """Records with key, version and time (microseconds) as a batch."""
    records, keys, versions, times = zip(*rows, strict=True) if rows else ((), (), (), ())
    count = len(rows)
    columns: dict[str, Any] = {name: tuple(map(attrgetter(name), records)) for name in FIELDS}
    columns["source_cursor"] = columns.pop("cursor")
    columns["text"] = cleaned(columns["text"])
    columns |= {
        "key": keys,
        "version": versions,
        "day": (np.array(times, np.int64) // MICROS_A_DAY).astype("datetime64[D]"),
    }
    same = {"observed_at": observed, "source": source, "block": block}
    arrays = [
        pa.repeat(pa.scalar(same[f.name], plain(f.type)), count).cast(f.type)
        if f.name in same
        else made(columns[f.name], f.type)
        for f in INCOMING
    ]
    return pa.table(arrays, schema=INCOMING)


def made(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """A column; dictionaries from their values. Most columns of a stream are empty, and cost nothing."""
    count = len(values)
    if isinstance(values, tuple) and values.count(None) == count:
        return pa.nulls(count, kind)
    if pa.types.is_list(kind):
        ends = np.zeros(count + 1, np.int32)
        np.cumsum(list(map(len, values)), out=ends[1:])
        return pa.ListArray.from_arrays(ends, pa.array(list(chain.from_iterable(values)), kind.value_type), type=kind)  # fmt: skip
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode().cast(kind)
    return pa.array(values, kind)


def cleaned(texts: Sequence[str]) -> Sequence[str]:
    """Texts that all have UTF-8."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        return [clean(t) for t in texts]
    return texts


def clean(text: str) -> str:
    """Text without lone surrogates, which have no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def quarantined(
    rows: Sequence[tuple[int, str, bytes]], source: str, block: int, observed: int
) -> pa.Table:
    """Malformed records with line, reason and first bytes."""
    count = len(rows)
    columns = {
        "day": [observed // MICROS_A_DAY] * count, "source": [source] * count, "block": [block] * count,
        "line": [n for n, _, _ in rows], "say": [clean(s) for _, s, _ in rows], "sample": [b for _, _, b in rows],
    }  # fmt: skip
    return pa.table([pa.array(columns[f.name], f.type) for f in QUARANTINE], schema=QUARANTINE)
