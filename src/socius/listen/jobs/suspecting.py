"""What the worker does about rings: looks at the last two weeks of what queries found, every six hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from socius.kit.child import ask
from socius.kit.pace import Pace
from socius.listen.actions.alerts import Watcher
from socius.listen.actions.rings import suspect_rings
from socius.listen.models import Hit

TASK = "socius.listen.jobs.ringing"
SECONDS = 1800.0
EVERY = 6 * 3600.0
STRETCH = timedelta(days=14)
MOST = 100_000


class Suspicion:
    """Every six hours, and once when the worker starts."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now, self.pace = now, Pace(EVERY)

    def __call__(self) -> int:
        """Returns how many rings are new."""
        return suspect(self.now()) if self.pace.due() else 0


def suspect(at: datetime) -> int:
    """Looks now; returns how many rings are new."""
    rows = Hit.objects.filter(at__gt=at - STRETCH, at__lte=at).order_by("-pk")
    lines = {f"{day.isoformat()}\t{key}" for day, key in rows.values_list("day", "key")[:MOST]}
    if not lines:
        return 0
    files = {"keys": "\n".join(sorted(lines)).encode()}
    found = ask(TASK, {"folder": str(settings.HOME / "listen")}, files, seconds=SECONDS)
    return suspect_rings(found["rings"], Watcher(at))
