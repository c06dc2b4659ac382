"""The fast matcher, compiled by numba. One file, because its cache sees changes of one file only. Rules: docs/reference/listening.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from socius.engine.query.layout import ANY, ATOM, BASIS, IF_TRUE, NEAR, NOT, PHRASE, PRIME, SPREAD
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

ROOM = 1024
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
    mark, wanted = BASIS ^ vocabulary.seed, 0
    many = lengths.shape[0] if kind == WORD else 0
    for at in range(start, end):
        mark = (mark ^ np.uint64(work.chars[at])) * PRIME
        if wanted < many and lengths[wanted] == at + 1 - start:
            keep(look(vocabulary, work.chars, (start, at + 1), mark, 1), programs, work)
            wanted += 1
    keep(look(vocabulary, work.chars, span, mark, 0), programs, work)
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


@light
def arrange(work: Any) -> None:
    """Gathers the places of each atom side by side, once per message and only when asked."""
    numbers = work.numbers
    if numbers[4] == numbers[2]:
        return
    numbers[4] = numbers[2]
    total = 0
    for i in range(numbers[0]):
        atom = work.present[i]
        work.first[atom] = work.fill[atom] = total
        total += work.count[atom]
    for i in range(numbers[1]):
        atom = work.hit_atom[i]
        work.places[work.fill[atom]] = work.hit_place[i]
        work.fill[atom] += 1


@light
def stands(atom: int, place: int, work: Any) -> bool:
    """Whether an atom stands at this place."""
    low, high = work.first[atom], work.first[atom] + work.count[atom]
    while low < high:
        middle = (low + high) // 2
        if work.places[middle] < place:
            low = middle + 1
        else:
            high = middle
    found: bool = low < work.first[atom] + work.count[atom] and work.places[low] == place
    return found


@kernel
def phrase_starts(phrase: int, programs: Any, work: Any) -> Any:
    """First tokens of a phrase's occurrences, ascending."""
    a, b = programs.phrase_starts[phrase], programs.phrase_starts[phrase + 1]
    rarest = a
    for i in range(a, b):
        if work.seen[programs.phrase_atoms[i]] != work.numbers[2]:
            return np.empty(0, np.int64)
        if work.count[programs.phrase_atoms[i]] < work.count[programs.phrase_atoms[rarest]]:
            rarest = i
    arrange(work)
    atom = programs.phrase_atoms[rarest]
    found, n = np.empty(work.count[atom], np.int64), 0
    for k in range(work.first[atom], work.first[atom] + work.count[atom]):
        start, i = work.places[k] - (rarest - a), a
        while i < b and stands(programs.phrase_atoms[i], start + i - a, work):
            i += 1
        if i == b:
            found[n] = start
            n += 1
    return found[:n]


@kernel
def spans(operand: int, programs: Any, work: Any) -> Any:
    """First and last tokens of the occurrences of one side of NEAR."""
    starts, ends = np.empty(0, np.int64), np.empty(0, np.int64)
    for i in range(programs.near_starts[operand], programs.near_starts[operand + 1]):
        part = programs.near_parts[i]
        if part < 0:
            phrase = -1 - part
            here = phrase_starts(phrase, programs, work)
            length = programs.phrase_starts[phrase + 1] - programs.phrase_starts[phrase]
        elif work.seen[part] == work.numbers[2]:
            arrange(work)
            here = work.places[work.first[part] : work.first[part] + work.count[part]].copy()
            length = 1
        else:
            continue
        starts = np.concatenate((starts, here))
        ends = np.concatenate((ends, here + (length - 1)))
    return starts, ends


@kernel
def near(number: int, programs: Any, work: Any) -> bool:
    """Whether both sides occur near enough, without overlap, in either order."""
    starts, ends = spans(2 * number, programs, work)
    if starts.shape[0] == 0:
        return False
    right_starts, right_ends = spans(2 * number + 1, programs, work)
    right_starts.sort()
    right_ends.sort()
    within = programs.near_within[number]
    for i in range(starts.shape[0]):
        after = np.searchsorted(right_starts, ends[i] + 1)
        if after < right_starts.shape[0] and right_starts[after] <= ends[i] + within:
            return True
        before = np.searchsorted(right_ends, starts[i]) - 1
        if before >= 0 and right_ends[before] >= starts[i] - within:
            return True
    return False


@within
def any_of(number: int, programs: Any, work: Any) -> bool:
    """Whether one atom of a list is present."""
    for i in range(programs.any_starts[number], programs.any_starts[number + 1]):
        if work.seen[programs.any_atoms[i]] == work.numbers[2]:
            return True
    return False


@kernel
def decide(query: int, programs: Any, work: Any) -> bool:
    """Runs the program of a query: one truth value and jumps that cut short."""
    value, at = False, programs.code_starts[query]
    while at < programs.code_starts[query + 1]:
        operation, argument = programs.code[at, 0], programs.code[at, 1]
        at += 1
        if operation == ATOM:
            value = work.seen[argument] == work.numbers[2]
        elif operation == ANY:
            value = any_of(argument, programs, work)
        elif operation == PHRASE:
            value = phrase_starts(argument, programs, work).shape[0] > 0
        elif operation == NEAR:
            value = near(argument, programs, work)
        elif operation == NOT:
            value = not value
        elif value == (operation == IF_TRUE):
            at += argument
    return value


@within
def plainly(query: int, programs: Any, work: Any) -> bool:
    """The same for a query that asks for no places."""
    value, at = False, programs.code_starts[query]
    while at < programs.code_starts[query + 1]:
        operation, argument = programs.code[at, 0], programs.code[at, 1]
        at += 1
        if operation == ATOM:
            value = work.seen[argument] == work.numbers[2]
        elif operation == ANY:
            value = any_of(argument, programs, work)
        elif operation == NOT:
            value = not value
        elif value == (operation == IF_TRUE):
            at += argument
    return value


@light
def candidates(programs: Any, work: Any) -> Any:
    """Tries the queries filed under what is present: how many hold (in `work.sure`), and how many ask for places (in `work.open`)."""
    sure = unsure = 0
    for i in range(work.numbers[0]):
        atom = work.present[i]
        for k in range(programs.file_starts[atom], programs.file_starts[atom + 1]):
            query = programs.files[k]
            if work.tried[query] == work.numbers[2]:
                continue
            work.tried[query] = work.numbers[2]
            if not programs.plain[query]:
                work.open[unsure] = query
                unsure += 1
            elif plainly(query, programs, work):
                work.sure[sure] = query
                sure += 1
    return sure, unsure


@kernel
def held(programs: Any, work: Any, found: Any, n: int) -> Any:
    """Appends the queries that hold to `found`."""
    sure, unsure = candidates(programs, work)
    while n + sure + unsure > found.shape[0]:
        found = np.concatenate((found, np.empty_like(found)))
    found[n : n + sure] = work.sure[:sure]
    n += sure
    for i in range(unsure):
        if decide(work.open[i], programs, work):
            found[n] = work.open[i]
            n += 1
    return found, n


@kernel
def run(batch: Any, fields: Any, setting: Any, work: Any, ready: bool) -> Any:
    """Matches (message, query) of a batch in two arrays, and which messages need `unicodedata` first."""
    text, offsets = batch
    table, vocabulary, programs = setting
    field_starts, field_atoms = fields
    count = offsets.shape[0] - 1
    slow = np.zeros(count, np.bool_)
    ends = np.zeros(count + 1, np.int64)
    found, n = np.empty(ROOM, np.int32), 0
    for message in range(count):
        work.numbers[:2] = 0
        work.numbers[2] += 1
        work.numbers[3] = 0
        length = fold(text[offsets[message] : offsets[message + 1]], table, work, ready)
        if length < 0:
            slow[message] = True
        else:
            for i in range(field_starts[message], field_starts[message + 1]):
                keep(field_atoms[i], programs, work)
            scan(length, vocabulary, programs, work)
            found, n = held(programs, work, found, n)
        ends[message + 1] = n
    return found[:n], ends, slow
