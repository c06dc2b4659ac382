"""Time-ordered ids of 16 bytes (the layout of UUID version 7)."""

from __future__ import annotations

import os


def time_ordered_id(at_us: int) -> bytes:
    """16 bytes that sort by the millisecond of `at_us` (UTC microseconds); 74 bits of randomness behind it."""
    noise = bytearray(os.urandom(10))
    noise[0] = 0x70 | (noise[0] & 0x0F)
    noise[2] = 0x80 | (noise[2] & 0x3F)
    return (at_us // 1000).to_bytes(6, "big") + bytes(noise)
