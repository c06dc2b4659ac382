"""What the worker calls: files that wait for their import."""

from __future__ import annotations

from datetime import datetime

from socius.measure.actions import waiting


def import_waiting(clock: waiting.Clock) -> int:
    """Does one import that is due; returns how many it did."""
    return int(waiting.run_next(clock))


def import_now(number: int, clock: waiting.Clock) -> int:
    """Does this import, if no worker has taken it: small files are not made to wait."""
    return int(waiting.run_next(clock, number))


def forget_files(at: datetime) -> int:
    """Deletes files that were handed over and not imported within a day."""
    return waiting.forget_files(at)
