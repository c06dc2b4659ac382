"""The queue of raw blocks: an append-only log, synced per block, with a checksum per block; a torn tail is cut at start."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

HEAD = struct.Struct("<4sQQII")  # mark, number, length, checksum of the body, checksum of this head
MARK = b"SQ01"
FAST, SIZE = b"\x01", struct.Struct("<Q")  # a body in LZ4: a quarter of the time of deflate
CODEC = pa.Codec("lz4")
SEGMENT = 256 << 20


class Block(NamedTuple):
    """What was appended: its number from 1, what is said about it, its bytes as they came."""

    number: int
    said: dict[str, Any]
    data: bytes


def packed(number: int, said: dict[str, Any], data: bytes) -> bytes:
    """A block as it lies in its segment; the body is compressed."""
    plain = json.dumps(said).encode() + b"\n" + data
    body: bytes = FAST + SIZE.pack(len(plain)) + CODEC.compress(plain, asbytes=True)
    front = HEAD.pack(MARK, number, len(body), zlib.crc32(body), 0)[:-4]
    return front + struct.pack("<I", zlib.crc32(front)) + body


def opened(body: bytes) -> tuple[dict[str, Any], bytes]:
    """What is said about a block, and its bytes."""
    if body[:1] == FAST:
        (size,) = SIZE.unpack_from(body, 1)
        plain = CODEC.decompress(body[1 + SIZE.size :], size, asbytes=True)
    else:
        plain = zlib.decompress(body)  # as written before; begins with another byte
    said, _, data = plain.partition(b"\n")
    return json.loads(said), data


class Queue:
    """One folder; one writer at a time (the store's lock sees to that)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.places: dict[int, tuple[Path, int]] = {}  # where the newer blocks begin
        self.last = mended(self)

    def segments(self) -> list[Path]:
        """Segments in order."""
        return sorted(self.folder.glob("*.log"))

    def append(self, data: bytes, said: dict[str, Any]) -> int:
        """Adds a block; once this returns it survives a crash."""
        number = self.last + 1
        segments = self.segments()
        fresh = not segments or segments[-1].stat().st_size > SEGMENT
        target = self.folder / f"{number:020d}.log" if fresh else segments[-1]
        with target.open("ab") as stream:
            self.places[number] = (target, stream.tell())
            stream.write(packed(number, said, data))
            stream.flush()
            os.fsync(stream.fileno())
        if fresh:
            synced(self.folder)
        self.last = number
        return number

    def acknowledged(self) -> int:
        """The last block that is done with; those before it are, too."""
        place = self.folder / "done"
        return int(place.read_text()) if place.exists() else 0

    def acknowledge(self, number: int) -> None:
        """Says that this block and those before it are in the tables."""
        place = self.folder / "done.new"
        with place.open("w") as stream:
            stream.write(str(number))
            stream.flush()
            os.fsync(stream.fileno())
        place.replace(self.folder / "done")
        synced(self.folder)

    def blocks(self, after: int = 0) -> Iterator[Block]:
        """Every block behind this number that is kept, done or not; segments before it are not opened."""
        segments = self.segments()
        for segment, following in zip_longest(segments, segments[1:]):
            if following is not None and int(following.stem) <= after + 1:
                continue
            for number, body, _ in scanned(segment):
                if number > after:
                    said, data = opened(body)
                    yield Block(number, said, data)

    def waiting(self) -> list[int]:
        """Numbers of the blocks that are not done yet."""
        return list(range(self.acknowledged() + 1, self.last + 1))

    def block(self, number: int) -> Block | None:
        """One block; None where it is no longer kept."""
        if number not in self.places:
            found = next(self.blocks(number - 1), None)
            return found if found and found.number == number else None
        segment, at = self.places[number]
        found_number, body, _ = next(scanned(segment, at))
        return Block(found_number, *opened(body))

    def pending(self) -> Iterator[Block]:
        """Blocks that are not done yet, in order."""
        for number in self.waiting():
            block = self.block(number)
            if block is not None:
                yield block

    def depth(self) -> int:
        """How many blocks wait."""
        return self.last - self.acknowledged()

    def rewrite(self, change: Callable[[Block], bytes]) -> int:
        """Puts `change(block)` in the place of each block's bytes, segment by segment; how many changed."""
        changed = 0
        self.places.clear()
        for segment in self.segments():
            fresh = segment.with_suffix(".new")
            with fresh.open("wb") as stream:
                for number, body, _ in scanned(segment):
                    block = Block(number, *opened(body))
                    after = change(block)
                    changed += after != block.data
                    stream.write(packed(number, block.said, after))
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(segment)
        synced(self.folder)
        return changed

    def prune(self, before: int) -> int:
        """Removes segments all of whose blocks are done and were observed before this time (microseconds); how many."""
        done, removed = self.acknowledged(), 0
        for segment in self.segments()[:-1]:
            held = [(n, opened(b)[0]) for n, b, _ in scanned(segment)]
            if all(n <= done and int(said.get("observed", before)) < before for n, said in held):
                segment.unlink()
                removed += 1
        return removed


def mended(queue: Queue) -> int:
    """Cuts a torn tail; the number of the last whole block."""
    last = queue.acknowledged()
    for segment in queue.segments()[-1:]:
        end = 0
        for number, _, stop in scanned(segment):
            queue.places[number] = (segment, end)
            last, end = max(last, number), stop
        if end < segment.stat().st_size:
            with segment.open("r+b") as stream:
                stream.truncate(end)
                os.fsync(stream.fileno())
    return last


def synced(folder: Path) -> None:
    """Makes names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def scanned(segment: Path, at: int = 0) -> Iterator[tuple[int, bytes, int]]:
    """Number, body and end of each whole block from a place on; stops at the first that is torn."""
    with segment.open("rb") as stream:
        stream.seek(at)
        while len(head := stream.read(HEAD.size)) == HEAD.size:
            mark, number, length, check, own = HEAD.unpack(head)
            if mark != MARK or own != zlib.crc32(head[:-4]):
                return
            body = stream.read(length)
            if len(body) < length or zlib.crc32(body) != check:
                return
            at += HEAD.size + length
            yield number, body, at
