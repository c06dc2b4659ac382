"""The fast matcher, compiled by numba: which queries hold in a message whose tokens were found. Rules: docs/reference/listening.md."""

from __future__ import annotations

from typing import Any

import numpy as np

from socius.engine.query.layout import ANY, ATOM, IF_TRUE, NEAR, NOT, PHRASE
from socius.engine.query.scanning import (
    all_ascii,
    fold,
    keep,
    kernel,
    light,
    lowered,
    scan,
    scan_ascii,
    within,
)

ROOM = 1024


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


@within
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
def held(unsure: int, programs: Any, work: Any, found: Any, n: int) -> Any:
    """Writes those of the queries that ask for places that hold into `found`; where it ends then."""
    for i in range(unsure):
        if decide(work.open[i], programs, work):
            found[n] = work.open[i]
            n += 1
    return n


@within
def understood(text: Any, atoms: Any, setting: Any, work: Any, ready: bool) -> bool:
    """Notes what a message holds beside the atoms of its fields; False where `unicodedata` has to fold it first."""
    table, vocabulary, programs = setting
    work.numbers[:2] = 0
    work.numbers[2] += 1
    work.numbers[3] = 0
    ascii = all_ascii(text)
    length = text.shape[0] if ascii else fold(text, table, work.chars, work.classes, ready)
    if length < 0:
        return False
    for atom in atoms:
        keep(atom, programs, work)
    if ascii:
        lowered(text, work.chars)
        scan_ascii(length, vocabulary, programs, work)
    else:
        scan(length, vocabulary, programs, work)
    return True


@within
def put(source: Any, count: int, target: Any, at: int) -> int:
    """Copies values, and says where they end."""
    for i in range(count):
        target[at + i] = source[i]
    return at + count


@kernel
def roomy(found: Any, size: int) -> Any:
    """The same values with room for so many."""
    while size > found.shape[0]:
        found = np.concatenate((found, np.empty_like(found)))
    return found


@light
def stretch(first: int, given: Any, setting: Any, work: Any, out: Any, ready: bool) -> Any:
    """Reads messages from `first` on; stops behind one that has queries which ask for places, and before one that needs more room.

    Where it stopped, how many such queries there are, and how many places of `found` are lacking. One call for many messages: each
    copies the heads of all arrays.
    """
    text, offsets, wanted, field_starts, field_atoms = given
    found, values, slow, ends, mark_ends, sizes = out
    for message in range(first, offsets.shape[0] - 1):
        part = text[offsets[message] : offsets[message + 1]]
        atoms = field_atoms[field_starts[message] : field_starts[message + 1]]
        unsure = 0
        if understood(part, atoms, setting, work, ready):
            sure, unsure = candidates(setting[2], work)
            if sizes[0] + sure + unsure > found.shape[0]:
                return message, 0, sure + unsure
            sizes[0] = put(work.sure, sure, found, sizes[0])
            if wanted[message]:
                sizes[1] = put(work.marks, work.numbers[3], values, sizes[1])
        else:
            slow[message] = True
        ends[message + 1], mark_ends[message + 1] = sizes[0], sizes[1]
        if unsure:
            return message + 1, unsure, 0
    return offsets.shape[0] - 1, 0, 0


@kernel
def run(given: Any, setting: Any, work: Any, ready: bool) -> Any:
    """Queries that hold side by side, where those of each message end, which messages need `unicodedata` first; tokens of messages that are wanted.

    `given`: texts in UTF-8, where each begins, which are wanted for their tokens; where the atoms of each one's fields begin, and these atoms.
    """
    text, count = given[0], given[1].shape[0] - 1
    found, values = np.empty(ROOM, np.int32), np.empty(text.shape[0], np.uint64)
    slow, sizes = np.zeros(count, np.bool_), np.zeros(2, np.int64)
    ends, mark_ends = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    message = 0
    while message < count:
        out = (found, values, slow, ends, mark_ends, sizes)
        message, unsure, lacking = stretch(message, given, setting, work, out, ready)
        if lacking:
            found = roomy(found, sizes[0] + lacking)
        if unsure:
            ends[message] = sizes[0] = held(unsure, setting[2], work, found, sizes[0])
    return found[: sizes[0]], ends, slow, values[: sizes[1]], mark_ends
