"""What the worker does about listening: sees to it that the collector runs while a source is wanted. Loads nothing heavy itself."""

from __future__ import annotations

import json
import subprocess
import time

from django.conf import settings

from socius.kit.child import begun
from socius.listen.models import Source

AGAIN = 5.0  # seconds between two starts


class Watch:
    """The collector as a child; its standard input is ours, so it ends when we do."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self.started = -AGAIN

    def __call__(self) -> int:
        """Starts the collector where one is wanted and none runs."""
        if self.child is not None and self.child.poll() is None:
            return 0
        if time.monotonic() - self.started < AGAIN or not self.wanted():
            return 0
        self.started = time.monotonic()
        request = json.dumps({"home": str(settings.HOME)})
        self.child = begun(["socius.listen.jobs", "collect", request])
        return 0

    def wanted(self) -> bool:
        """Whether a source is to be collected."""
        return Source.objects.filter(paused=False).exists()
