"""What the worker does about listening: starts the children that collect, look back and tidy when they are due. Loads nothing heavy itself."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable

from django.conf import settings

from socius.kit.child import begun
from socius.listen.actions.backward import is_due
from socius.listen.models import Source
from socius.stores.reached import mark_of

AGAIN = 5.0  # seconds between two starts
LOOK = 2.0  # between two looks whether something is due
HOUR = 3600.0
QUARTER = 900.0


class Watch:
    """One verb as a child; its standard input is ours, so a child that waits for us ends when we do."""

    def __init__(self, verb: str, wanted: Callable[[], bool], again: float = AGAIN) -> None:
        self.verb, self.wanted, self.again = verb, wanted, again
        self.child: subprocess.Popen[bytes] | None = None
        self.started, self.looked = -again, -LOOK

    def __call__(self) -> int:
        """Starts the child where one is wanted and none runs."""
        if self.child is not None and self.child.poll() is None:
            return 0
        now = time.monotonic()
        if now - self.started < self.again or now - self.looked < LOOK:
            return 0
        self.looked = now
        if not self.wanted():
            return 0
        self.started = now
        request = json.dumps({"home": str(settings.HOME), "quiet": True})
        self.child = begun(["socius.listen.jobs", self.verb, request])
        return 0


def collecting() -> bool:
    """Whether a source is to be collected."""
    return Source.objects.filter(paused=False).exists()


def looking_back() -> bool:
    """Whether a query has yet to look at what is stored."""
    return is_due(mark_of(settings.HOME / "listen"))


def received() -> bool:
    """Whether another program handed mentions over."""
    return next((settings.HOME / "listen" / "inbox").glob("*.jsonl"), None) is not None


def left() -> bool:
    """Whether somebody's account is gone and what they wrote is still here."""
    return (settings.HOME / "listen" / "leaving").exists()


def untidy() -> bool:
    """Whether there is a store to tidy."""
    return (settings.HOME / "listen" / "mentions").exists()
