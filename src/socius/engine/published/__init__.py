"""Published survey figures, dated and with their base: shown as "value, year, n, interval", never as a percentile.

A figure whose value was not seen is not here; one whose base was not seen has no interval and says so.
"""

from __future__ import annotations

from socius.engine.published.altimeter import ROWS as ALTIMETER
from socius.engine.published.figure import Figure
from socius.engine.published.surveys import ROWS as SURVEYS

__all__ = ["FIGURES", "ROWS", "Figure", "figure"]

ROWS: tuple[Figure, ...] = (*ALTIMETER, *SURVEYS)
FIGURES = {row.id: row for row in ROWS}


def figure(key: str) -> Figure:
    """One published figure; KeyError where none was published under that key."""
    return FIGURES[key]
