"""The strip that shows which days a file speaks of: bars where it has rows, hatched where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

WIDTH, HEIGHT, LEAST = 1000.0, 40.0, 3.0


@dataclass(frozen=True)
class Bar:
    """A rectangle of the strip; `gap`: a stretch without rows, as high as the strip."""

    x: str
    y: str
    width: str
    height: str
    gap: bool


@dataclass(frozen=True)
class Stretch:
    """Steps in a row that all have rows, or all have none."""

    since: date
    until: date
    rows: int


@dataclass(frozen=True)
class Strip:
    """What is drawn, and the same as a list."""

    first: date
    last: date
    complete: bool
    step: str
    bars: list[Bar]
    stretches: list[Stretch]
    gaps: int


def strip(report: dict[str, Any]) -> Strip | None:
    """The strip of a report; None where its rows speak of no days, or of one only."""
    covers = report.get("covers")
    if not covers or covers["first"] == covers["last"]:
        return None
    rows = [n for _, n in covers["rows"]]
    wide, top = WIDTH / len(rows), max(rows)
    bars, stretches = [], []
    for empty, steps in groupby(range(len(rows)), key=lambda i: rows[i] == 0):
        held = list(steps)
        stretches.append(stretch(covers, held[0], held[-1]))
        if empty:
            bars.append(bar(held[0] * wide, wide * len(held), HEIGHT, gap=True))
        else:
            bars += [bar(i * wide, wide, max(LEAST, HEIGHT * rows[i] / top), gap=False) for i in held]  # fmt: skip
    return Strip(
        date.fromisoformat(covers["first"]), date.fromisoformat(covers["last"]), covers["origin"] == "complete", words(covers["step"]),
        bars, stretches, sum(not s.rows for s in stretches),
    )  # fmt: skip


def bar(x: float, width: float, height: float, *, gap: bool) -> Bar:
    """In the units of the drawing, written without the comma of any language."""
    return Bar(f"{x:.2f}", f"{HEIGHT - height:.2f}", f"{width:.2f}", f"{height:.2f}", gap)


def stretch(covers: dict[str, Any], first: int, last: int) -> Stretch:
    """From the first day of the one step to the last day of the other."""
    steps = covers["rows"]
    end = date.fromisoformat(covers["last"])
    if last + 1 < len(steps):
        end = date.fromisoformat(steps[last + 1][0]) - timedelta(days=1)
    return Stretch(date.fromisoformat(steps[first][0]), end, sum(n for _, n in steps[first : last + 1]))  # fmt: skip


def words(step: dict[str, int]) -> str:
    """How long a step is."""
    n, one = (step["months"], "month") if step["months"] else (step["days"], "day")
    return f"a {one}" if n == 1 else f"{n} {one}s"
