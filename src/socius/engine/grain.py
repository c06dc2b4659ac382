"""How far apart the dates of a series lie: one value a day, week, month, quarter or year."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from statistics import median

# Upper bounds in days of the median gap between neighbouring dates.
BOUNDS = (("day", 4), ("week", 11), ("month", 45), ("quarter", 180), ("year", 800))


def grain_of(dates: Sequence[date]) -> str:
    """The grain of sorted, distinct dates by the median gap; '' with fewer than two dates or gaps beyond a year."""
    if len(dates) < 2:
        return ""
    return grain_of_gaps([(b - a).days for a, b in itertools.pairwise(dates)])


def grain_of_gaps(gaps: Sequence[int]) -> str:
    """The grain of gaps in days; '' for none, or beyond a year."""
    if not gaps:
        return ""
    gap = median(gaps)
    return next((name for name, bound in BOUNDS if gap <= bound), "")
