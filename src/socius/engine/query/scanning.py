"""Text to tokens in compiled code, and the look-up of each in the vocabulary of all queries. Rules: docs/reference/listening.md.

Functions of other files compile these into themselves, and numba's cache looks at the file of the outer function only: whoever changes
something here touches `kernel.py` and `marks.py` too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from socius.engine.query.layout import BASIS, PRIME, SPREAD
from socius.engine.text.codepoints import (
    CLUSTER,
    EMOJI,
    EMOJI_TAG,
    KEYCAP,
    MARK,
    REGIONAL,
    SKIN,
    SKIPPED,
    WORD,
    ZWJ,
)

F = TypeVar("F", bound=Callable[..., Any])
compile_with: Any = njit  # `_nrt` is not in its published types


def light(function: F) -> F:
    """The same for what allocates nothing: without counting references to thirty arrays at each call, which took nine tenths of the time."""
    return cast("F", compile_with(cache=True, nogil=True, _nrt=False)(function))


def within(function: F) -> F:
    """The same, written out where it is called: a call for each token would copy the heads of thirty arrays."""
    return cast("F", compile_with(cache=True, nogil=True, _nrt=False, inline="always")(function))


def kernel(function: F) -> F:
    """Compiles a function and keeps the machine code beside the source."""
    return cast("F", njit(cache=True, nogil=True)(function))


@light
def fold(text: Any, table: Any, work: Any, ready: bool) -> int:
    """Folds a message into `work`; its length, or -1 where only `unicodedata` can say."""
    blocks, entries = table
    n, last = 0, np.uint32(0)
    for code in text:
        value = entries[np.int64(blocks[code >> 8]) * 256 + (code & 255)]
        kind = (value >> 21) & 15
        if kind == SKIPPED and not ready:
            continue
        rank = value >> 26
        if not ready and ((value >> 25) & 1 or (rank and rank < last)):
            return -1
        last = rank
        work.chars[n] = code if ready else value & 0x1FFFFF
        work.classes[n] = kind
        n += 1
    return n


@within
def look(vocabulary: Any, chars: Any, span: Any, mark: Any, kind: int) -> Any:
    """Atom of an entry, -1 where there is none. Equal hashes are not enough: texts may be hostile."""
    start, end = span
    mask = vocabulary.slots.shape[0] - 1
    at = np.int64((((mark ^ np.uint64(kind)) * SPREAD) >> np.uint64(32)) & np.uint64(mask))
    while vocabulary.slots[at] >= 0:
        atom = vocabulary.slots[at]
        begin = vocabulary.starts[atom]
        if vocabulary.kinds[atom] == kind and vocabulary.starts[atom + 1] - begin == end - start:
            same = 0
            while same < end - start and vocabulary.chars[begin + same] == chars[start + same]:
                same += 1
            if same == end - start:
                return atom
        at = (at + 1) & mask
    return -1


@within
def keep(atom: int, programs: Any, work: Any) -> None:
    """Notes that an atom is present, and where if that may be asked."""
    if atom < 0:
        return
    numbers = work.numbers
    if work.seen[atom] != numbers[2]:
        work.seen[atom] = numbers[2]
        work.count[atom] = 0
        work.present[numbers[0]] = atom
        numbers[0] += 1
    if programs.placed[atom]:
        work.hit_atom[numbers[1]] = atom
        work.hit_place[numbers[1]] = numbers[3]
        work.count[atom] += 1
        numbers[1] += 1


@within
def word(span: Any, kind: int, vocabulary: Any, programs: Any, work: Any) -> None:
    """Looks one token up, by itself and by its beginnings."""
    start, end = span
    lengths = vocabulary.lengths
    mark, plain, wanted = BASIS ^ vocabulary.seed, BASIS, 0
    many = lengths.shape[0] if kind == WORD else 0
    for at in range(start, end):
        mark = (mark ^ np.uint64(work.chars[at])) * PRIME
        plain = (plain ^ np.uint64(work.chars[at])) * PRIME
        if wanted < many and lengths[wanted] == at + 1 - start:
            keep(look(vocabulary, work.chars, (start, at + 1), mark, 1), programs, work)
            wanted += 1
    keep(look(vocabulary, work.chars, span, mark, 0), programs, work)
    work.marks[work.numbers[3]] = plain
    work.numbers[3] += 1


@within
def tag(span: Any, sigil: int, vocabulary: Any, programs: Any, work: Any) -> None:
    """Looks a whole tag up."""
    mark = BASIS ^ vocabulary.seed
    for at in range(span[0], span[1]):
        mark = (mark ^ np.uint64(work.chars[at])) * PRIME
    keep(look(vocabulary, work.chars, span, mark, sigil), programs, work)


@within
def is_keycap(chars: Any, at: int, n: int) -> Any:
    """A digit, `#` or `*` in its key."""
    if at + 1 >= n or chars[at + 1] != KEYCAP:
        return False
    return 48 <= chars[at] <= 57 or chars[at] == 35 or chars[at] == 42


@light
def emoji_end(work: Any, at: int, n: int) -> Any:
    """End of a pictograph, and where its kept code points end: they are moved together."""
    end = kept = at + 1
    while end < n:
        kind = work.classes[end]
        joined = kind == ZWJ and end + 1 < n and work.classes[end + 1] == EMOJI
        if not joined and kind not in (MARK, SKIN, EMOJI_TAG):
            break
        if kind != SKIN:
            work.chars[kept] = work.chars[end]
            kept += 1
        if joined:
            work.chars[kept] = work.chars[end + 1]
            kept += 1
            end += 1
        end += 1
    return end, kept


@light
def piece_end(work: Any, at: int, n: int) -> Any:
    """End of the token that starts here, end of its kept code points, and its class; class 0 where none starts."""
    chars, classes = work.chars, work.classes
    kind, end = classes[at], at + 1
    if is_keycap(chars, at, n):
        return at + 2, at + 2, EMOJI
    if kind in (WORD, MARK):
        while end < n and classes[end] in (WORD, MARK) and not is_keycap(chars, end, n):
            end += 1
        return end, end, WORD
    if kind == CLUSTER:
        while end < n and classes[end] == MARK:
            end += 1
        return end, end, CLUSTER
    if kind == EMOJI:
        end, kept = emoji_end(work, at, n)
        return end, kept, EMOJI
    if kind == REGIONAL:
        end += end < n and classes[end] == REGIONAL
        return end, end, EMOJI
    return end, end, 0


@light
def link_start(chars: Any, at: int, n: int) -> int:
    """Where the rest of a link that starts here begins, else 0: `http://`, `https://`, or `www.` and a letter or digit."""
    if at + 5 > n:
        return 0
    if chars[at] == chars[at + 1] == chars[at + 2] == 119 and chars[at + 3] == 46:
        return at + 4 if 48 <= chars[at + 4] <= 57 or 97 <= chars[at + 4] <= 122 else 0
    if not (chars[at] == 104 and chars[at + 1] == chars[at + 2] == 116 and chars[at + 3] == 112):
        return 0
    at += 5 if chars[at + 4] == 115 else 4
    sound = at + 3 <= n and chars[at] == 58 and chars[at + 1] == chars[at + 2] == 47
    return at + 3 if sound else 0


@light
def link_end(chars: Any, at: int, n: int) -> int:
    """End of a link that starts here, else 0. It stops before quotes, angle brackets and what is no printable ASCII."""
    end = link_start(chars, at, n)
    while 0 < end < n and 33 <= chars[end] <= 126 and chars[end] not in (34, 60, 62):
        end += 1
    return end


@light
def tag_end(work: Any, at: int, n: int) -> int:
    """End of the tag whose sigil stands here, else 0."""
    if work.chars[at] not in (35, 36, 64) or is_keycap(work.chars, at, n):
        return 0
    end = at + 1
    while end < n and work.classes[end] in (WORD, MARK, CLUSTER):
        if is_keycap(work.chars, end, n):
            break
        end = piece_end(work, end, n)[0]
    return end if end > at + 1 else 0


@light
def scan(n: int, vocabulary: Any, programs: Any, work: Any) -> None:
    """All tokens and tags of the folded message."""
    at, word_end, tag_until = 0, -1, 0
    while at < n:
        if at >= tag_until and at != word_end:
            end = link_end(work.chars, at, n)
            if end:
                at = end
                continue
            end = tag_end(work, at, n)
            if end:
                tag_until = end
                tag((at + 1, end), work.chars[at], vocabulary, programs, work)
        end, kept, kind = piece_end(work, at, n)
        if kind:
            word((at, kept), kind, vocabulary, programs, work)
        word_end = end if kind == WORD else word_end
        at = end
