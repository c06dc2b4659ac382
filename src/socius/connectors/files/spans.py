"""Which days the rows of a file speak of, in few enough steps to be drawn; a step without rows is said, never filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Any

MOST_STEPS = 200
MONTH = 30.4  # days
ABOUT_A_MONTH = 28


def span(days: Mapping[date, int], *, complete: bool) -> dict[str, Any] | None:
    """First and last day, and the rows of each step between them; None for a file without days.

    A step is as long as the days with rows usually lie apart, counted in days or in calendar months, and longer where there
    would be more than 200 of them. `origin` is `complete` where the person said that the file holds everything, else `inferred`.
    """
    if not days:
        return None
    known = sorted(days)
    first, last = known[0], known[-1]
    apart = median((b - a).days for a, b in pairwise(known)) if len(known) > 1 else 1  # fmt: skip
    apart = max(apart, (last - first).days / (MOST_STEPS - 1))
    months = max(1, round(apart / MONTH)) if apart >= ABOUT_A_MONTH else 0
    length = 0 if months else max(1, ceil(apart))
    rows: Counter[int] = Counter()
    for day, n in days.items():
        rows[place(day, first, months, length)] += n
    steps = range(place(last, first, months, length) + 1)
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "origin": "complete" if complete else "inferred",
        "step": {"months": months, "days": length},
        "rows": [[begins(i, first, months, length).isoformat(), rows[i]] for i in steps],
    }


def place(day: date, first: date, months: int, length: int) -> int:
    """The step in which a day lies."""
    if months:
        return ((day.year - first.year) * 12 + day.month - first.month) // months
    return (day - first).days // length


def begins(step: int, first: date, months: int, length: int) -> date:
    """The first day of a step."""
    if not months or not step:
        return first + timedelta(days=step * length)
    later = first.year * 12 + first.month - 1 + step * months
    return date(later // 12, later % 12 + 1, 1)
