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
    class_of,
)

F = TypeVar("F", bound=Callable[..., Any])
WORDY = np.array([class_of(code) == WORD for code in range(128)])
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
def all_ascii(text: Any) -> bool:
    """Whether a message has ASCII only, as most have."""
    seen = np.uint8(0)
    for byte in text:
        seen |= byte
    return bool(seen < 128)


@within
def decoded(text: Any, at: int) -> Any:
    """The code point whose first byte of UTF-8 stands here, and where the next begins. Half pairs come through as they are."""
    lead = np.uint32(text[at])
    if lead < 0xE0:
        return (lead & 31) << 6 | np.uint32(text[at + 1] & 63), at + 2
    if lead < 0xF0:
        high = (lead & 15) << 12 | np.uint32(text[at + 1] & 63) << 6
        return high | np.uint32(text[at + 2] & 63), at + 3
    high = (lead & 7) << 18 | np.uint32(text[at + 1] & 63) << 12
    return high | np.uint32(text[at + 2] & 63) << 6 | np.uint32(text[at + 3] & 63), at + 4


@light
def fold(text: Any, table: Any, chars: Any, classes: Any, ready: bool) -> int:
    """Folds a message of UTF-8 into code points and their classes; its length, or -1 where only `unicodedata` can say."""
    blocks, entries = table
    n, at, last = 0, 0, np.uint32(0)
    while at < text.shape[0]:
        code = np.uint32(text[at])
        if code < 128:
            value = entries[np.int64(blocks[0]) * 256 + code]
            at += 1
        else:
            code, at = decoded(text, at)
            value = entries[np.int64(blocks[code >> 8]) * 256 + (code & 255)]
        kind = (value >> 21) & 15
        if kind == SKIPPED and not ready:
            continue
        rank = value >> 26
        if not ready and ((value >> 25) & 1 or (rank and rank < last)):
            return -1
        last = rank
        chars[n] = code if ready else value & 0x1FFFFF
        classes[n] = kind
        n += 1
    return n


@within
def look(vocabulary: Any, chars: Any, span: Any, mark: Any, kind: int) -> Any:
    """Atom of an entry, -1 where there is none. Equal hashes are not enough: texts may be hostile."""
    start, end = span
    mask = vocabulary.slots.shape[0] - 1
    mixed = (mark ^ vocabulary.seed ^ np.uint64(kind)) * SPREAD
    at = np.int64((mixed >> np.uint64(32)) & np.uint64(mask))
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
def entered(span: Any, mark: Any, vocabulary: Any, programs: Any, work: Any) -> None:
    """Looks a whole token up, and counts it."""
    keep(look(vocabulary, work.chars, span, mark, 0), programs, work)
    work.marks[work.numbers[3]] = mark
    work.numbers[3] += 1


@within
def word(span: Any, kind: int, vocabulary: Any, programs: Any, work: Any) -> None:
    """Looks one token up, by itself and by its beginnings."""
    start, end = span
    lengths = vocabulary.lengths
    mark, wanted = BASIS, 0
    many = lengths.shape[0] if kind == WORD else 0
    for at in range(start, end):
        mark = (mark ^ np.uint64(work.chars[at])) * PRIME
        if wanted < many and lengths[wanted] == at + 1 - start:
            keep(look(vocabulary, work.chars, (start, at + 1), mark, 1), programs, work)
            wanted += 1
    entered(span, mark, vocabulary, programs, work)


@within
def tag(span: Any, sigil: int, vocabulary: Any, programs: Any, work: Any) -> None:
    """Looks a whole tag up."""
    mark = BASIS
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
def emoji_end(chars: Any, classes: Any, at: int, n: int) -> Any:
    """End of a pictograph, and where its kept code points end: they are moved together."""
    end = kept = at + 1
    while end < n:
        kind = classes[end]
        joined = kind == ZWJ and end + 1 < n and classes[end + 1] == EMOJI
        if not joined and kind not in (MARK, SKIN, EMOJI_TAG):
            break
        if kind != SKIN:
            chars[kept] = chars[end]
            kept += 1
        if joined:
            chars[kept] = chars[end + 1]
            kept += 1
            end += 1
        end += 1
    return end, kept


@light
def piece_end(chars: Any, classes: Any, at: int, n: int) -> Any:
    """End of the token that starts here, end of its kept code points, and its class; class 0 where none starts."""
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
        end, kept = emoji_end(chars, classes, at, n)
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
def tag_end(chars: Any, classes: Any, at: int, n: int) -> int:
    """End of the tag whose sigil stands here, else 0."""
    if chars[at] not in (35, 36, 64) or is_keycap(chars, at, n):
        return 0
    end = at + 1
    while end < n and classes[end] in (WORD, MARK, CLUSTER):
        if is_keycap(chars, end, n):
            break
        end = piece_end(chars, classes, end, n)[0]
    return end if end > at + 1 else 0


@within
def scan(n: int, vocabulary: Any, programs: Any, work: Any) -> None:
    """All tokens and tags of the folded message."""
    at, word_end, tag_until = 0, -1, 0
    while at < n:
        sign = work.chars[at]
        if at < tag_until or at == word_end:
            pass
        elif sign in (104, 119):
            end = link_end(work.chars, at, n)
            if end:
                at = end
                continue
        elif sign in (35, 36, 64):
            end = tag_end(work.chars, work.classes, at, n)
            if end:
                tag_until = end
                tag((at + 1, end), sign, vocabulary, programs, work)
        end, kept, kind = piece_end(work.chars, work.classes, at, n)
        if kind:
            word((at, kept), kind, vocabulary, programs, work)
        word_end = end if kind == WORD else word_end
        at = end


@light
def lowered(text: Any, chars: Any) -> None:
    """ASCII in small letters."""
    for i in range(text.shape[0]):
        byte = np.uint32(text[i])
        chars[i] = byte + (np.uint32(32) if 65 <= byte <= 90 else np.uint32(0))


@within
def ascii_end(chars: Any, at: int, n: int) -> int:
    """End of the letters and digits that begin here."""
    while at < n and WORDY[chars[at]]:
        at += 1
    return at


@within
def ascii_word(start: int, n: int, vocabulary: Any, programs: Any, work: Any) -> int:
    """Looks the word up that starts here, by itself and by its beginnings; its end."""
    chars, lengths = work.chars, vocabulary.lengths
    at, mark, wanted = start, BASIS, 0
    while at < n and WORDY[chars[at]]:
        mark = (mark ^ np.uint64(chars[at])) * PRIME
        at += 1
        if wanted < lengths.shape[0] and lengths[wanted] == at - start:
            keep(look(vocabulary, chars, (start, at), mark, 1), programs, work)
            wanted += 1
    entered((start, at), mark, vocabulary, programs, work)
    return at


@within
def scan_ascii(n: int, vocabulary: Any, programs: Any, work: Any) -> None:
    """The same for a message of ASCII in small letters: only words, links and tags, and nothing that joins."""
    chars = work.chars
    at, word_end, tag_until = 0, -1, 0
    while at < n:
        sign = chars[at]
        if WORDY[sign]:
            end = link_end(chars, at, n) if at >= tag_until and sign in (104, 119) else 0
            if end:
                at = end
            else:
                at = word_end = ascii_word(at, n, vocabulary, programs, work)
        else:
            if sign in (35, 36, 64) and at != word_end:
                tag_until = ascii_end(chars, at + 1, n)
                if tag_until > at + 1:
                    tag((at + 1, tag_until), sign, vocabulary, programs, work)
            at += 1
