"""The one place that reads the wall clock. Doors ask here; everything below takes the time as an argument."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the door to the clock


def micros(at: datetime) -> int:
    """Microseconds since 1970 of an aware instant; exact, without a float on the way."""
    return (at - EPOCH) // MICROSECOND


def instant(us: int) -> datetime:
    """The instant of `micros`."""
    return EPOCH + timedelta(microseconds=us)
