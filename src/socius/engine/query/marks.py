"""Tokens of many texts as 64-bit numbers, in compiled code: what sentiment counts. The same tokens as `tokens.tokenise`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from socius.engine.query.layout import BASIS, PRIME
from socius.engine.query.scanning import fold, kernel, link_end, piece_end, tag_end
from socius.engine.text.codepoints import WORD, normalise
from socius.engine.text.table import table

WIDE = (1 << 64) - 1


class Room(NamedTuple):
    """Memory for one text: folded code points and their classes."""

    chars: Any
    classes: Any


class Marks(NamedTuple):
    """Tokens of text n: values[starts[n]:starts[n + 1]]."""

    values: Any  # uint64
    starts: Any  # int64


def mark_of(word: str) -> int:
    """FNV-1a over code points: the number of one token."""
    mark = int(BASIS)
    for char in word:
        mark = ((mark ^ ord(char)) * int(PRIME)) & WIDE
    return mark


@kernel
def run(text: Any, offsets: Any, setting: Any, room: Any, ready: bool) -> Any:
    """Numbers of all tokens, where those of each text end, and which texts need `unicodedata` first."""
    count = offsets.shape[0] - 1
    values = np.empty(text.shape[0], np.uint64)
    ends, slow, total = np.zeros(count + 1, np.int64), np.zeros(count, np.bool_), 0
    for number in range(count):
        part = text[offsets[number] : offsets[number + 1]]
        n = fold(part, setting, room.chars, room.classes, ready)
        slow[number] = n < 0
        at, word_end, tag_until = 0, -1, 0
        while at < n:
            if at >= tag_until and at != word_end:
                end = link_end(room.chars, at, n)
                if end:
                    at = end
                    continue
                tag_until = max(tag_until, tag_end(room.chars, room.classes, at, n))
            end, kept, kind = piece_end(room.chars, room.classes, at, n)
            if kind:
                mark = BASIS
                for i in range(at, kept):
                    mark = (mark ^ np.uint64(room.chars[i])) * PRIME
                values[total] = mark
                total += 1
            word_end = end if kind == WORD else word_end
            at = end
        ends[number + 1] = total
    return values[:total], ends, slow


def letters(texts: Sequence[str]) -> tuple[Any, Any]:
    """Texts side by side in UTF-8 (halves of a pair in three bytes), and where each starts."""
    try:
        parts = list(map(str.encode, texts))
    except UnicodeEncodeError:
        parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = np.zeros(len(parts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)), out=offsets[1:])
    return np.frombuffer(b"".join(parts), np.uint8), offsets


def letters_of(column: pa.Array) -> tuple[Any, Any]:
    """The same for a column of texts, without a copy."""
    _, places, data = column.buffers()
    kind = np.int64 if pa.types.is_large_string(column.type) else np.int32
    offsets = np.frombuffer(places, kind)[column.offset : column.offset + len(column) + 1]
    text = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    return text, offsets.astype(np.int64)


def ran(texts: Sequence[str], *, ready: bool) -> tuple[Any, Any, Any]:
    """One run over texts side by side."""
    text, offsets = letters(texts)
    longest = int(np.diff(offsets).max(initial=0)) + 2
    room = Room(np.zeros(longest, np.uint32), np.zeros(longest, np.uint8))
    found: tuple[Any, Any, Any] = run(text, offsets, table(), room, ready)
    return found


def marks(texts: Sequence[str]) -> Marks:
    """Tokens of each text; texts whose code points expand or compose are folded by `unicodedata` first."""
    values, ends, slow = ran(texts, ready=False)
    late = np.flatnonzero(slow).tolist()
    if not late:
        return Marks(values, ends)
    more, more_ends, _ = ran([normalise(texts[i]) for i in late], ready=True)
    return woven(Marks(values, ends), Marks(more, more_ends), slow)


def woven(first: Marks, later: Marks, slow: Any) -> Marks:
    """Tokens of all texts, where those of some (`slow`) were found later."""
    values, ends = first
    more, more_ends = later
    late = np.flatnonzero(slow)
    counts = np.diff(ends)
    counts[late] = np.diff(more_ends)
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    joined = np.empty(int(starts[-1]), np.uint64)
    owner = np.repeat(slow, counts)
    joined[~owner], joined[owner] = values, more
    return Marks(joined, starts)
