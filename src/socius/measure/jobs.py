"""What the worker calls: files that wait for their import, and the nightly refresh of effects."""

from __future__ import annotations

from datetime import datetime

from socius.activity.models import Installation
from socius.kit.pace import Pace
from socius.measure.actions import waiting
from socius.measure.actions.refresh import Children, Nightly, opened, step
from socius.measure.models import Refresh
from socius.measure.reports.refresh import named

# The hour of the organisation's day from which a refresh may begin, and how often, in seconds, somebody looks whether it may.
HOUR = 3
EVERY = 60.0


def import_waiting(clock: waiting.Clock) -> int:
    """Does one import that is due; returns how many it did."""
    return int(waiting.run_next(clock))


def import_now(number: int, clock: waiting.Clock) -> int:
    """Does this import, if no worker has taken it: small files are not made to wait."""
    return int(waiting.run_next(clock, number))


def forget_files(at: datetime) -> int:
    """Deletes files that were handed over and not imported within a day."""
    return waiting.forget_files(at)


class Refreshing:
    """Once a day, a block of pairs a call: what changed since the day before is estimated again."""

    def __init__(self, now: waiting.Clock) -> None:
        self.now, self.pace = now, Pace(EVERY)
        self.run: Refresh | None = None
        self.children = Children()

    def __call__(self) -> int:
        """Returns how many pairs it came to; 0 when nothing is due."""
        run, self.run = self.run, None
        if run is None:
            if not self.pace.due():
                return 0
            run = opened(self.now()) if begins(self.now()) else None
        if run is None:
            return 0
        done = 0
        try:
            done = step(run, Nightly(self.now()), self.children)
        finally:
            # They stay from block to block, not from day to day.
            if not done:
                self.children.end()
        self.run = run if done else None
        return done


def begins(at: datetime) -> bool:
    """Whether a pass is open, or none was made today and the hour has come and there is something to ask."""
    if Refresh.objects.filter(ended_at=None).exists():
        return True
    here = at.astimezone(Installation.objects.zone())
    return here.hour >= HOUR and not Refresh.objects.filter(day__gte=here.date()).exists() and bool(named(at))  # fmt: skip
