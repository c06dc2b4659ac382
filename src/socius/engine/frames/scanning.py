"""Lines of JSON read in compiled code: where the wanted values stand, and which lines were understood to their last byte.

Whoever asks reads a line that was not understood in another way, so this may be stricter than JSON and never laxer: texts are whole UTF-8,
escapes are sound and no half of a pair, no key comes twice where it matters, numbers are plain digits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from socius.engine.frames.paths import ARRAY, NULL, OBJECT, STRING, TRUTH, WHOLE, Machine
from socius.engine.query.scanning import kernel, light, within

DEEPEST = 32
DIGITS = 18
NEWLINE, QUOTE, COMMA, COLON, BACKSLASH, BRACE, BRACKET = 10, 34, 44, 58, 92, 123, 91
PLAIN = np.array([32 <= c < 128 and c not in {QUOTE, BACKSLASH} for c in range(256)])
SHORT = np.array([chr(c) in '"\\/bfnrt' for c in range(256)])
HEX = np.array([int(chr(c), 16) if chr(c) in "0123456789abcdefABCDEF" else -1 for c in range(256)], np.int8)  # fmt: skip
TRUE, FALSE, NONE = (np.frombuffer(w, np.uint8) for w in (b"true", b"false", b"null"))


class Room(NamedTuple):
    """What was found, and memory on the way."""

    starts: Any  # column x line; -1 where the line has no such value
    ends: Any
    item_places: Any  # values below lists, in the order of the text
    item_lines: Any
    item_starts: Any
    item_ends: Any
    kinds: Any  # of open objects and arrays, the outermost first
    places: Any
    owners: Any  # serial number of each
    last: Any  # place -> the object in which it stood last
    numbers: Any  # 0 serial numbers so far, 1 items


def room_for(machine: Machine, lines: int, items: int) -> Room:
    """Memory for so many lines and so many values below lists."""
    shape = (int(machine.columns.max()) + 1, lines)
    listed = [np.zeros(items, np.int32) for _ in range(4)]
    stack = [np.zeros(DEEPEST, np.int64) for _ in range(3)]
    last = np.full(len(machine.columns), -1, np.int64)
    return Room._make(
        [np.full(shape, -1, np.int32), np.full(shape, -1, np.int32), *listed, *stack, last, np.zeros(2, np.int64)]
    )  # fmt: skip


@light
def blank(data: Any, at: int, stop: int) -> int:
    """Past spaces."""
    while at < stop and data[at] in (32, 9, 13):
        at += 1
    return at


@light
def wide(data: Any, at: int, stop: int) -> int:
    """End of the two to four bytes of UTF-8 that begin here, -1 where they are none."""
    lead = data[at]
    if lead < 0xC2 or lead > 0xF4:
        return -1
    end: int = at + 2 + (lead >= 0xE0) + (lead >= 0xF0)
    if end > stop:
        return -1
    low = 0xA0 if lead == 0xE0 else 0x90 if lead == 0xF0 else 0x80
    high = 0x9F if lead == 0xED else 0x8F if lead == 0xF4 else 0xBF
    if data[at + 1] < low or data[at + 1] > high:
        return -1
    for i in range(at + 2, end):
        if data[i] & 0xC0 != 0x80:
            return -1
    return end


@light
def escape_end(data: Any, at: int, stop: int) -> int:
    """End of the escape whose backslash stands here; -1 where it is none, or half of a pair."""
    if at + 1 >= stop:
        return -1
    if data[at + 1] != 117:
        return at + 2 if SHORT[data[at + 1]] else -1
    if at + 6 > stop:
        return -1
    for i in range(at + 2, at + 6):
        if HEX[data[i]] < 0:
            return -1
    paired = HEX[data[at + 2]] == 13 and HEX[data[at + 3]] >= 8
    return -1 if paired else at + 6


@light
def text_end(data: Any, at: int, stop: int) -> int:
    """The quote that closes the text whose first byte stands here; -1 where there is none."""
    while at < stop:
        sign = data[at]
        if PLAIN[sign]:
            at += 1
        elif sign == QUOTE:
            return at
        elif sign == BACKSLASH:
            at = escape_end(data, at, stop)
        else:
            at = wide(data, at, stop)
        if at < 0:
            return -1
    return -1


@light
def says(data: Any, at: int, stop: int, word: Any) -> bool:
    """Whether a word stands here."""
    if at + word.shape[0] > stop:
        return False
    i = 0
    while i < word.shape[0] and data[at + i] == word[i]:
        i += 1
    same: bool = i == word.shape[0]
    return same


@light
def scalar_end(data: Any, at: int, stop: int) -> Any:
    """End and kind of the value that starts here; kind 0 where there is none that is understood."""
    sign = data[at]
    if sign == QUOTE:
        end = text_end(data, at + 1, stop)
        return end + 1, STRING if end >= 0 else 0
    if 48 <= sign <= 57:
        end = at + 1
        while end < stop and 48 <= data[end] <= 57:
            end += 1
        sound = end - at <= DIGITS and (sign != 48 or end == at + 1)
        return end, WHOLE if sound else 0
    if says(data, at, stop, NONE):
        return at + 4, NULL
    if says(data, at, stop, TRUE):
        return at + 4, TRUTH
    return at + 5, TRUTH if says(data, at, stop, FALSE) else 0


@within
def noted(place: int, kind: int, span: Any, line: int, held: Any) -> bool:
    """Keeps where a wanted value stands; False where it is of no kind that it may be."""
    machine, room = held
    if place < 0:
        return True
    if not machine.kinds[place] & kind:
        return False
    inner = kind == STRING  # without its quotes
    column = machine.columns[place]
    if kind == NULL or place == 0:
        return True
    if column >= 0:
        room.starts[column, line] = span[0] + inner
        room.ends[column, line] = span[1] - inner
    elif kind == STRING:
        n = room.numbers[1]
        if n == room.item_lines.shape[0]:
            return False
        room.item_places[n] = place
        room.item_lines[n] = line
        room.item_starts[n] = span[0] + 1
        room.item_ends[n] = span[1] - 1
        room.numbers[1] = n + 1
    return True


@within
def child(data: Any, span: Any, place: int, machine: Any) -> int:
    """Place of a key of an object: -1 where nobody wants it, -2 where it is written with escapes."""
    start, end = span
    for key in range(machine.first[place], machine.first[place + 1]):
        a, b = machine.key_starts[key], machine.key_starts[key + 1]
        same = b - a == end - start
        i = 0
        while same and i < b - a:
            same = data[start + i] == machine.key_bytes[a + i]
            i += 1
        if same:
            return int(machine.targets[key])
    for i in range(start, end):
        if data[i] == BACKSLASH:
            return -2
    return -1


@within
def keyed(data: Any, span: Any, depth: int, held: Any) -> Any:
    """Where the value behind the key here begins, and its place; -1 where that is not understood."""
    machine, room = held
    at, stop = span
    if at >= stop or data[at] != QUOTE:
        return -1, -1
    end = text_end(data, at + 1, stop)
    if end < 0:
        return -1, -1
    place, parent, owner = -1, room.places[depth - 1], room.owners[depth - 1]
    if parent >= 0:
        place = child(data, (at + 1, end), parent, machine)
    if place >= 0:
        if room.last[place] == owner:
            return -1, -1  # a key that comes twice
        room.last[place] = owner
    at = blank(data, end + 1, stop)
    if place == -2 or at >= stop or data[at] != COLON:
        return -1, -1
    return blank(data, at + 1, stop), place


@within
def inside(data: Any, span: Any, depth: int, held: Any) -> Any:
    """The next value of the innermost object or array, and its place."""
    machine, room = held
    if room.kinds[depth - 1] == BRACE:
        return keyed(data, span, depth, held)
    place = room.places[depth - 1]
    return span[0], machine.items[place] if place >= 0 else -1


@within
def following(data: Any, span: Any, depth: int, held: Any) -> Any:
    """Over commas and ends to the next value: where, its place, its depth. Depth 0: the line ends; -1: it is not understood."""
    room = held[1]
    at, stop = span
    while True:
        at = blank(data, at, stop)
        if depth == 0:
            return at if at == stop else -1, -1, 0
        if at >= stop:
            return -1, -1, depth
        if data[at] == COMMA:
            begin, place = inside(data, (blank(data, at + 1, stop), stop), depth, held)
            return begin, place, depth
        if data[at] != room.kinds[depth - 1] + 2:
            return -1, -1, depth
        depth -= 1
        at += 1


@within
def opened(data: Any, span: Any, place: int, depth: int, held: Any) -> Any:
    """Goes into an object or array: where its first value begins, its place, and the depth; the depth as it was where it is empty."""
    room = held[1]
    at, stop = span
    room.kinds[depth] = data[at]
    room.places[depth] = place
    room.owners[depth] = room.numbers[0]
    room.numbers[0] += 1
    inner = blank(data, at + 1, stop)
    if inner < stop and data[inner] == data[at] + 2:
        return inner + 1, -1, depth
    begin, target = inside(data, (inner, stop), depth + 1, held)
    return begin, target, depth + 1


@light
def line_read(data: Any, span: Any, line: int, held: Any) -> bool:
    """Reads one line; whether all of it was understood."""
    at, stop = span
    at, place, depth = blank(data, at, stop), 0, 0
    while at < stop:
        sign = data[at]
        if sign in (BRACE, BRACKET):
            kind = OBJECT if sign == BRACE else ARRAY
            if depth == DEEPEST or not noted(place, kind, (at, at + 1), line, held):
                return False
            at, place, inner = opened(data, (at, stop), place, depth, held)
            if at < 0:
                return False
            if inner > depth:
                depth = inner
                continue
        else:
            end, kind = scalar_end(data, at, stop)
            if kind == 0 or not noted(place, kind, (at, end), line, held):
                return False
            at = end
        at, place, depth = following(data, (at, stop), depth, held)
        if depth == 0 or at < 0:
            whole: bool = at == stop
            return whole
    return False


@kernel
def read(data: Any, begins: Any, machine: Any, room: Any) -> Any:
    """Reads lines (line n is begins[n]:begins[n + 1] - 1); which were understood. Of the others nothing is kept."""
    count = begins.shape[0] - 1
    good = np.zeros(count, np.bool_)
    for line in range(count):
        before = room.numbers[1]
        good[line] = line_read(data, (begins[line], begins[line + 1] - 1), line, (machine, room))
        if not good[line]:
            room.numbers[1] = before
            room.starts[:, line] = -1
    return good
