"""Values of lines as columns, in compiled code: texts without their escapes, times, and what an id says of its time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from socius.engine.frames.scanning import BACKSLASH, HEX
from socius.engine.query.scanning import kernel, light

NEVER = np.iinfo(np.int64).min
MICRO, DAY = 1_000_000, 86_400
TID = 13
LENGTHS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
MEANT = np.zeros(256, np.uint8)
for sign, meant in zip(b'"\\/bfnrt', b'"\\/\b\f\n\r\t', strict=True):
    MEANT[sign] = meant
BASE_32 = np.full(256, -1, np.int64)
for value, digit in enumerate(b"234567abcdefghijklmnopqrstuvwxyz"):
    BASE_32[digit] = value


@light
def put(data: Any, at: int, out: Any, n: int) -> Any:
    """Writes what an escape means; where it ends, and where the writing ends."""
    if data[at + 1] != 117:
        out[n] = MEANT[data[at + 1]]
        return at + 2, n + 1
    code = 0
    for i in range(at + 2, at + 6):
        code = code * 16 + HEX[data[i]]
    if code < 0x80:
        out[n] = code
        return at + 6, n + 1
    if code < 0x800:
        out[n], out[n + 1] = 0xC0 | code >> 6, 0x80 | code & 63
        return at + 6, n + 2
    out[n], out[n + 1], out[n + 2] = 0xE0 | code >> 12, 0x80 | code >> 6 & 63, 0x80 | code & 63
    return at + 6, n + 3


@kernel
def gathered(data: Any, starts: Any, ends: Any) -> Any:
    """Texts side by side, and where each ends; a start below 0 is no text."""
    count = starts.shape[0]
    offsets, size = np.zeros(count + 1, np.int32), 0
    for i in range(count):
        size += ends[i] - starts[i] if starts[i] >= 0 else 0
    out, n = np.empty(size, np.uint8), 0
    for i in range(count):
        at = starts[i]
        while 0 <= at < ends[i]:
            if data[at] == BACKSLASH:
                at, n = put(data, at, out, n)
            else:
                out[n] = data[at]
                at += 1
                n += 1
        offsets[i + 1] = n
    return offsets, out[:n]


@light
def digits(data: Any, at: int, count: int) -> int:
    """A number of so many digits, -1 where one is none."""
    found = 0
    for i in range(at, at + count):
        if data[i] < 48 or data[i] > 57:
            return -1
        found = found * 10 + (data[i] - 48)
    return found


@light
def day_of(year: int, month: int, day: int) -> int:
    """Days since 1970; -1_000_000 where there is no such day."""
    if year < 1 or month < 1 or month > 12 or day < 1:
        return -1_000_000
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day > LENGTHS[month - 1] + (leap and month == 2):
        return -1_000_000
    years = year - (month <= 2)
    era = years // 400
    of_era = years - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@light
def zone_of(data: Any, at: int, end: int) -> int:
    """Seconds east of UTC of `Z`, `+HH:MM` or `-HH:MM`; 1_000_000 where there is none."""
    if end - at == 1 and data[at] == 90:
        return 0
    if end - at != 6 or data[at + 3] != 58 or data[at] not in (43, 45):
        return 1_000_000
    hours, minutes = digits(data, at + 1, 2), digits(data, at + 4, 2)
    if hours < 0 or hours > 23 or minutes < 0 or minutes > 59:
        return 1_000_000
    return (hours * 60 + minutes) * (60 if data[at] == 43 else -60)


@light
def clock_of(data: Any, at: int) -> int:
    """Seconds of HH:MM:SS, -1 where it is none."""
    if data[at + 2] != 58 or data[at + 5] != 58:
        return -1
    hours, minutes, seconds = digits(data, at, 2), digits(data, at + 3, 2), digits(data, at + 6, 2)
    if hours < 0 or hours > 23 or minutes < 0 or minutes > 59 or seconds < 0 or seconds > 59:
        return -1
    return hours * 3600 + minutes * 60 + seconds


@light
def moment(data: Any, at: int, end: int) -> int:
    """Microseconds since 1970 of `2026-01-31T09:30:00[.123456]Z`; NEVER where it is not written so."""
    if end - at < 20 or data[at + 4] != 45 or data[at + 7] != 45 or data[at + 10] != 84:
        return NEVER
    day = day_of(digits(data, at, 4), digits(data, at + 5, 2), digits(data, at + 8, 2))
    clock, at, fraction = clock_of(data, at + 11), at + 19, 0
    if data[at] == 46:
        size = 0
        while at + 1 + size < end and 48 <= data[at + 1 + size] <= 57:
            size += 1
        if size < 1 or size > 6:
            return NEVER
        fraction = digits(data, at + 1, size) * 10 ** (6 - size)
        at += 1 + size
    zone = zone_of(data, at, end)
    if day == -1_000_000 or clock < 0 or zone == 1_000_000:
        return NEVER
    return (day * DAY + clock - zone) * MICRO + fraction


@kernel
def moments(data: Any, starts: Any, ends: Any) -> Any:
    """Times of many texts."""
    out = np.full(starts.shape[0], NEVER, np.int64)
    for i in range(starts.shape[0]):
        if starts[i] >= 0:
            out[i] = moment(data, starts[i], ends[i])
    return out


@kernel
def tids(data: Any, starts: Any, ends: Any) -> Any:
    """Microseconds inside record keys of the AT protocol; -1 where a key is no such id."""
    out = np.full(starts.shape[0], -1, np.int64)
    for i in range(starts.shape[0]):
        if starts[i] < 0 or ends[i] - starts[i] != TID or data[starts[i]] > 106:
            continue
        number = 0
        for at in range(starts[i], ends[i]):
            digit = BASE_32[data[at]]
            number = -1 if number < 0 or digit < 0 else number << 5 | digit
        out[i] = number >> 10 if number >= 0 else -1
    return out


@kernel
def same(data: Any, starts: Any, ends: Any, word: Any) -> Any:
    """Which values are this word, byte for byte."""
    out = np.zeros(starts.shape[0], np.bool_)
    for i in range(starts.shape[0]):
        equal = starts[i] >= 0 and ends[i] - starts[i] == word.shape[0]
        k = 0
        while equal and k < word.shape[0]:
            equal = data[starts[i] + k] == word[k]
            k += 1
        out[i] = equal
    return out


def texts(data: Any, starts: Any, ends: Any, *, null: bool = True) -> pa.StringArray:
    """A column of texts; what is missing is null, or empty where `null` is off."""
    offsets, out = gathered(data, starts, ends)
    bits = None
    if null and (starts < 0).any():
        bits = pa.py_buffer(np.packbits(starts >= 0, bitorder="little"))
    return pa.StringArray.from_buffers(len(starts), pa.py_buffer(offsets), pa.py_buffer(out), bits)
