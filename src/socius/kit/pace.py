"""A clock for what is done every so often: the first time at once, then again when the pause is over."""

from __future__ import annotations

import time


class Pace:
    """Counts from the last time it said yes, by a clock that never runs backwards."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.last = time.monotonic() - seconds

    def due(self) -> bool:
        """Whether the pause is over; then it begins anew."""
        now = time.monotonic()
        if now - self.last < self.seconds:
            return False
        self.last = now
        return True
