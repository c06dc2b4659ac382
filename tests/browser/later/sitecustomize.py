"""Imported by a Python whose path begins here: its days are those of LATER_DAYS from now. The product has no such switch."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from socius.kit import clock

LATER = timedelta(days=int(os.environ.get("LATER_DAYS", "0")))
clock.now = lambda: datetime.now(UTC) + LATER  # noqa: TID251 - a clock that is ahead
