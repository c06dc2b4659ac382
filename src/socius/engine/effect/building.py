"""From a table to a case: dates become a calendar without gaps, the start becomes a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from socius.engine.effect.case import Case
from socius.engine.effect.columns import Days
from socius.engine.effect.grid import Floats
from socius.engine.grain import grain_of_gaps
from socius.engine.tables import Table
from socius.kit.errors import Invalid

# Below so many rows before the start not even a season of the week can be told: the input is wrong, not the estimate.
FEWEST = 14
# Squares of larger numbers, summed up, are no numbers any more.
LARGEST = 1e100
STEP = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Evenly spaced days and the grain of the series."""

    day: Days
    grain: str
    place: Days


def calendar_of(table: Table, days: list[int], column: str) -> Calendar:
    """The days of a table without gaps. Raises Invalid where a date stands twice."""
    order = np.argsort(np.asarray(days), kind="stable")
    ordered = np.asarray(days, dtype=np.int64)[order]
    same = np.flatnonzero(np.diff(ordered) == 0)
    if len(same):
        first, second = sorted((int(order[same[0]]), int(order[same[0] + 1])))
        shown = date.fromordinal(int(ordered[same[0]])).isoformat()
        raise table.wrong(second, column, f"{shown} stands in line {table.line[first]} already.", "Keep one row a date, or add the values up.")  # fmt: skip
    gaps = np.diff(ordered)
    grain = grain_of_gaps([int(g) for g in gaps]) or "row"
    step = STEP.get(grain)
    if step is None or (gaps % step).any():
        every = ordered
        grain = "row" if grain == "day" else grain
    else:
        every = np.arange(ordered[0], ordered[-1] + 1, step, dtype=np.int64)
    if grain == "day":
        # A weekday that never occurs (no trade on Sundays) is no day of this series, and so is not missing.
        every = every[np.isin(every % 7, np.unique(ordered % 7))]
    place = np.empty(len(days), dtype=np.int64)
    place[order] = np.searchsorted(every, ordered)
    return Calendar(every, grain, place)


def laid_out(calendar: Calendar, values: list[float]) -> Floats:
    """Values on the calendar, NaN where there is none."""
    found = np.full(len(calendar.day), np.nan)
    found[calendar.place] = values
    return found


def day_option(text: str, option: str) -> int:
    """A date of the command line as an ordinal."""
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError as error:
        raise Invalid(f"--{option} is {text!r}, which is no date.", field=option, repair="Write it as 2026-11-30.") from error  # fmt: skip


def case_of(table: Table, options: Mapping[str, Any]) -> Case:
    """The case that the options ask of a table. Raises Invalid with the place of what is wrong."""
    date_column = options.get("date_col") or first_of(table, ("date", "day", "time", "week", "ds"))
    value_column = options.get("value_col") or first_of(table, ("value", "outcome", "y"), after=date_column)  # fmt: skip
    calendar = calendar_of(table, table.days(date_column, "date-col"), date_column)
    outcome = laid_out(calendar, computable(table, value_column, "value-col"))
    names = [n.strip() for n in options.get("controls") or [] if n.strip()]
    controls = {n: laid_out(calendar, computable(table, n, "controls")) for n in names}
    start, end = rows_of(table, calendar, options)
    case = Case(
        options.get("series") or value_column, calendar.day, outcome, controls, start, end, calendar.grain,
        subject=options.get("subject") or "", klass=options.get("klass") or "",
        barred=tuple(day_option(d, "exclude") for d in options.get("exclude") or []), designed=options.get("designed") or "", second=options.get("second") or "window_difference",
    )  # fmt: skip
    check(table, case, value_column)
    return case


def computable(table: Table, column: str, option: str) -> list[float]:
    """A column of numbers. Raises Invalid at one that is too large to be squared and summed."""
    found = table.numbers(column, option)
    for row, value in enumerate(found):
        if abs(value) > LARGEST:
            raise table.wrong(row, column, f"{value:g} is too large to compute with.", "Correct it, or give the column in a larger unit.")  # fmt: skip
    return found


def first_of(table: Table, names: tuple[str, ...], after: str | None = None) -> str:
    """The column of a usual name, else the first one (the one after `after`)."""
    folded = {key.strip().casefold(): key for key in table.columns}
    usual = next((folded[n] for n in names if n in folded), None)
    rest = [key for key in table.columns if key != after]
    return usual or (rest[0] if rest else "value")


def rows_of(table: Table, calendar: Calendar, options: Mapping[str, Any]) -> tuple[int, int]:
    """First row of the window and the row after its last."""
    first, last = int(calendar.day[0]), int(calendar.day[-1])
    span = f"{date.fromordinal(first)} to {date.fromordinal(last)}"
    if not options.get("start"):
        raise Invalid(f"It is not said when the initiative began in {table.name}.", field="start", repair=f"Say --start DATE; the dates are {span}.")  # fmt: skip
    start = day_option(str(options["start"]), "start")
    end = day_option(str(options["end"]), "end") if options.get("end") else last
    if not first < start <= last:
        raise Invalid(
            f"--start {options['start']} lies outside {table.name}, whose dates are {span}.", field="start",
            repair="Name a day after the first and not after the last.",
        )  # fmt: skip
    if not start <= end:
        raise Invalid(f"--end {options['end']} lies before --start {options['start']}.", field="end", repair="The window ends on --end.")  # fmt: skip
    if end > last:
        raise Invalid(f"--end {options['end']} lies after the last date of {table.name}, {date.fromordinal(last)}.", field="end", repair="Leave --end out, or add the days.")  # fmt: skip
    return int(np.searchsorted(calendar.day, start)), int(np.searchsorted(calendar.day, end, side="right"))  # fmt: skip


def check(table: Table, case: Case, column: str) -> None:
    """Refuses what cannot be estimated at all: too few values, or the same one throughout."""
    before = case.outcome[: case.start]
    before = before[~np.isnan(before)]
    if len(before) < FEWEST or not np.isfinite(case.outcome[case.start : case.end]).any():
        say = f"{table.name}: {len(before)} values before the start and {int(np.isfinite(case.outcome[case.start : case.end]).sum())} from it on."
        raise Invalid(say, field="start", repair="At least 14 before it and one in the window are needed; 56 and more for an estimate.")  # fmt: skip
    if float(before.max() - before.min()) <= 1e-12 * max(1.0, abs(float(before.mean()))):
        raise table.wrong(0, column, f"the outcome is {before[0]:g} on every day before the start.", "A series that never changes cannot show an effect: check the column.")  # fmt: skip
