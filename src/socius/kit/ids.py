"""Time-ordered ids of 16 bytes (the layout of UUID version 7)."""

from __future__ import annotations

import os
from collections.abc import Callable


def time_ordered_id(at_us: int) -> bytes:
    """16 bytes that sort by the millisecond of `at_us` (UTC microseconds); 74 bits of randomness behind it."""
    noise = bytearray(os.urandom(10))
    noise[0] = 0x70 | (noise[0] & 0x0F)
    noise[2] = 0x80 | (noise[2] & 0x3F)
    return (at_us // 1000).to_bytes(6, "big") + bytes(noise)


def time_ordered_ids(n: int) -> Callable[[int], bytes]:
    """Makes ids for `n` rows like `time_ordered_id`, each above the one before it where the time is the same.

    An import writes many rows in one millisecond; were their ids in random order, each would touch another page of the
    index. Start and steps are random, so ids that two processes make do not meet.
    """
    start = int.from_bytes(os.urandom(9), "big") & 0x0FFF_FFFF_FFFF_FFFF
    steps = iter(memoryview(os.urandom(4 * n)).cast("I"))
    high = (int.from_bytes(os.urandom(2), "big") & 0x0FFF | 0x7000) << 64 | 0x8000_0000_0000_0000

    def one(recorded_at: int) -> bytes:
        nonlocal start
        start += next(steps) + 1
        return (recorded_at // 1000 << 80 | high | start).to_bytes(16, "big")

    return one
