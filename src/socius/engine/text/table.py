"""One number per code point for the fast tokeniser: what it folds to, its class, and whether it must be left to `unicodedata`."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from socius.engine.text.codepoints import (
    CLUSTER,
    EMOJI,
    SEPARATOR,
    SKIPPED,
    WORD,
    class_of,
    normalise,
)

FOLDED_BITS, CLASS_SHIFT, SLOW_SHIFT, RANK_SHIFT = 0x1FFFFF, 21, 25, 26
POINTS, BLOCK = 0x110000, 256
# Large runs that fold to themselves and are all of one class need no look at each code point.
RUNS = (
    (0x3400, 0x4DC0, CLUSTER),
    (0x4E00, 0xA000, CLUSTER),
    (0xAC00, 0xD7A4, WORD),
    (0xD800, 0xF900, SEPARATOR),
    (0x20000, 0x2A6E0, CLUSTER),
    (0x2A700, 0x2B73A, CLUSTER),
    (0x2B740, 0x2B81E, CLUSTER),
    (0x2B820, 0x2CEA2, CLUSTER),
    (0x2CEB0, 0x2EBE1, CLUSTER),
    (0x30000, 0x3134B, CLUSTER),
    (0x31350, 0x323B0, CLUSTER),
    (0x323B0, 0xE0000, SEPARATOR),
    (0xE01F0, 0x110000, SEPARATOR),
)
JAMO = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))  # vowels and finals of Hangul compose
VERSION = f"unicode {unicodedata.unidata_version}, classes 1"


class Table(NamedTuple):
    """Two stages: block of a code point, then its entry in the block."""

    blocks: npt.NDArray[np.uint16]
    entries: npt.NDArray[np.uint32]


@cache
def composing() -> frozenset[int]:
    """Code points that may join the one before them under NFC."""
    second = set(JAMO)
    for code in (*range(0xC0, 0x20000), *range(0x2F800, 0x2FA20)):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second.add(int(parts[1], 16))
    return frozenset(second)


def entry(code: int, ranks: dict[int, int]) -> int:
    """The number of one code point."""
    char = chr(code)
    kind = class_of(code)
    if kind == SKIPPED:
        return code | kind << CLASS_SHIFT
    folded = normalise(char)
    rank = ranks.get(unicodedata.combining(char), 0)
    slow = len(folded) != 1 or code in composing() or ord(folded) in composing()
    target = code if slow else ord(folded)
    kind = kind if slow else class_of(target)
    return target | kind << CLASS_SHIFT | slow << SLOW_SHIFT | rank << RANK_SHIFT


@cache
def table() -> Table:
    """The table of this Python's Unicode; made once per process."""
    full = np.arange(POINTS, dtype=np.uint32)
    skip = np.zeros(POINTS, dtype=bool)
    for start, end, kind in RUNS:
        full[start:end] |= np.uint32(kind << CLASS_SHIFT)
        skip[start:end] = True
    classes = {unicodedata.combining(chr(c)) for c in range(0x300, 0x20000)}
    ranks = {value: rank for rank, value in enumerate(sorted(classes | {0}))}
    for code in np.flatnonzero(~skip).tolist():
        full[code] = entry(code, ranks)
    rows, place = np.unique(full.reshape(-1, BLOCK), axis=0, return_inverse=True)
    return Table(place.astype(np.uint16).ravel(), np.ascontiguousarray(rows.ravel()))


def checked(sample: Any) -> bool:
    """Whether the runs above hold for these code points: used by the test that looks at all of them."""
    return all(
        normalise(chr(c)) == chr(c) and class_of(c) == kind
        for start, end, kind in RUNS
        for c in sample
        if start <= c < end and kind not in {SEPARATOR, EMOJI}
    )
