"""The AT protocol's firehose: frames of DAG-CBOR, each with the changed blocks of a repository in a CAR."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import msgspec

from socius.connectors.streams.jetstream import COUNTED, POST, Post, post_record
from socius.connectors.streams.record import Decoded, Record, Unreadable, moment

DEEPEST = 64


class Cid(bytes):
    """A content address (tag 42)."""


class Bytes:
    """Reads DAG-CBOR (RFC 8949, definite lengths only) and the numbers of a CAR."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        if count < 0 or self.at + count > len(self.data):
            raise Unreadable("The frame ends in the middle of a value.")
        self.at += count
        return self.data[self.at - count : self.at]

    def varint(self) -> int:
        """An unsigned LEB128 number."""
        value = shift = 0
        while shift < 64:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise Unreadable("A length of the archive is longer than 64 bits.")

    def value(self, depth: int = 0) -> Any:
        """One CBOR value."""
        if depth > DEEPEST:
            raise Unreadable("The frame is nested too deeply.")
        first = self.take(1)[0]
        major, low = first >> 5, first & 31
        if major == 7:
            return self.simple(low)
        number = self.length(low)
        if major < 2:
            return number if major == 0 else -1 - number
        if major == 2:
            return self.take(number)
        if major == 3:
            return self.take(number).decode("utf-8", "replace")
        return self.holding(major, number, depth + 1)

    def holding(self, major: int, number: int, depth: int) -> Any:
        """Lists, maps, and tagged values."""
        if major == 6:
            inner = self.value(depth)
            return Cid(inner[1:]) if number == 42 and isinstance(inner, bytes) else inner
        if number > len(self.data):
            raise Unreadable("The frame claims more values than it has bytes.")
        if major == 4:
            return [self.value(depth) for _ in range(number)]
        return {str(self.value(depth)): self.value(depth) for _ in range(number)}

    def length(self, low: int) -> int:
        """The number that follows the first byte."""
        if low < 24:
            return low
        if low > 27:
            raise Unreadable("The frame holds a length that DAG-CBOR does not allow.")
        return int.from_bytes(self.take(1 << (low - 24)), "big")

    def simple(self, low: int) -> Any:
        """Truth values, null and floating point."""
        fixed = {20: False, 21: True, 22: None, 23: None}
        if low in fixed:
            return fixed[low]
        forms = {25: ("e", 2), 26: ("f", 4), 27: ("d", 8)}
        if low not in forms:
            raise Unreadable("The frame holds a value that DAG-CBOR does not allow.")
        form, size = forms[low]
        return struct.unpack(f">{form}", self.take(size))[0]


def blocks(archive: bytes) -> dict[bytes, bytes]:
    """Blocks of a CAR (version 1) by their address."""
    reader, found = Bytes(archive), {}
    reader.take(reader.varint())  # the header names roots, which nobody needs here
    while reader.at < len(archive):
        end = reader.varint() + reader.at
        start = reader.at
        for _ in range(3):  # version, codec, kind of hash
            reader.varint()
        reader.take(reader.varint())
        address = archive[start : reader.at]
        found[address] = reader.take(end - reader.at)
    return found


def frames(data: bytes) -> Iterator[tuple[dict[str, Any], dict[str, Any], bytes]]:
    """Header, body and bytes of frames that stand one behind the other."""
    reader = Bytes(data)
    while reader.at < len(data):
        start = reader.at
        header, body = reader.value(), reader.value()
        if not isinstance(header, dict) or not isinstance(body, dict):
            raise Unreadable("The frame has no header and body.")
        yield header, body, data[start : reader.at]


def commit_records(body: dict[str, Any], done: Decoded) -> Iterator[Record]:
    """Records of one commit; what is no post is counted."""
    did, seen = str(body.get("repo") or ""), moment(body.get("time"))
    held = blocks(body.get("blocks") or b"")
    for change in body.get("ops") or ():
        collection, _, key = str(change.get("path")).partition("/")
        if collection != POST:
            done.other[COUNTED.get(collection, "other_record")] += 1
            continue
        uri = f"at://{did}/{POST}/{key}"
        if change.get("action") == "delete":
            yield Record(
                network="bluesky", remote_id=uri, channel="social", op="delete",
                author_id=did, cursor=str(body.get("seq")), edited_at=seen,
            )  # fmt: skip
            continue
        content = held.get(bytes(change.get("cid") or b""))
        if content is None:
            raise Unreadable(f"The block of {uri} is missing from its commit.")
        post = msgspec.convert(Bytes(content).value(), Post)
        made = post_record(post, uri, did, str(change.get("action")), seen)
        made.cursor = str(body.get("seq"))
        yield made


def frame_records(data: bytes, done: Decoded) -> Iterator[Record]:
    """Records of the frames in `data`."""
    for header, body, _ in frames(data):
        if header.get("op") == -1:
            raise Unreadable(
                f"The server says: {body.get('error')} {body.get('message') or ''}".strip() + "."
            )
        if header.get("t") == "#commit":
            yield from commit_records(body, done)
        else:
            done.other[str(header.get("t")).lstrip("#")] += 1
