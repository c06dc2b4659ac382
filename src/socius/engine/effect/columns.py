"""The columns of the regression: intercept, weekday contrasts, annual waves, controls, breaks; scaled by the days before the start."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from socius.engine.effect.grid import BENDS, Floats, Mask
from socius.kit.errors import Invalid

YEAR = 365.25
# From so many days before the start on a season of the year can be told from the initiative; from fewer on it is at least allowed
# for, with a prior that holds it to the size of the noise. Below that a year's wave is a line, and the noise's level carries it.
SEASON_NEEDS, SEASON_FELT = 540, 120
# Precision of the coefficients' prior, in units of 1/sigma2.
LOOSE, FIRM, SLAB = 1e-6, 0.01, 1.0
SLOPE_UNIT = 90.0

Days = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """The scaled table of one series, outcome last, with the precision of each coefficient and how to scale back."""

    table: Floats
    precision: Floats
    seen: npt.NDArray[np.float64]
    names: tuple[str, ...]
    centre: float
    scale: float
    start: int
    # Which columns before the outcome are controls: how much they are worth is weighed by what they say before the start.
    weighed: Mask
    options: int = 0

    @property
    def base(self) -> int:
        """How many columns every description of the series has; the optional ones stand behind them, the outcome last."""
        return len(self.precision) - self.options

    def with_break(self, column: Floats, name: str) -> Columns:
        """The same with one more column before the outcome."""
        at = self.base
        table = np.ascontiguousarray(np.insert(self.table, at, column, axis=1))
        names = (*self.names[:at], name, *self.names[at:])
        precision, weighed = np.insert(self.precision, at, SLAB), np.insert(self.weighed, at, False)
        return replace(self, table=table, precision=precision, names=names, weighed=weighed)

    def plain(self) -> Columns:
        """The table without the optional columns."""
        base = self.base
        table = np.ascontiguousarray(self.table[:, [*range(base), -1]])
        return replace(self, table=table, precision=self.precision[:base], names=self.names[:base], weighed=self.weighed[:base], options=0)  # fmt: skip

    def only(self, use: list[int]) -> Columns:
        """The table with these base columns only, and all the optional ones."""
        kept = [*use, *range(self.base, len(self.precision))]
        names = tuple(self.names[i] for i in kept)
        table = np.ascontiguousarray(self.table[:, [*kept, -1]])
        return replace(self, table=table, precision=self.precision[kept], names=names, weighed=self.weighed[kept])  # fmt: skip


def seasons(day: Days, grain: str, start: int) -> tuple[list[Floats], list[str]]:
    """Weekday contrasts of a daily series, and one pair of annual waves from 120 days before the start on."""
    found: list[Floats] = []
    names: list[str] = []
    if grain == "day":
        weekday = day % 7
        present = np.unique(weekday[:start])
        for k in present[:-1]:
            found.append((weekday == k).astype(float) - (weekday == present[-1]))
            names.append(f"weekday {k}")
    if start and day[start - 1] - day[0] >= SEASON_FELT:
        angle = 2 * np.pi * day / YEAR
        found += [np.sin(angle), np.cos(angle)]
        names += ["annual sine", "annual cosine"]
    return found, names


def columns_of(
    day: Days, outcome: Floats, controls: dict[str, Floats], start: int, grain: str
) -> Columns:
    """Builds the table. `outcome` holds NaN where a day is missing; `start` is the first row after the initiative began.

    Raises Invalid where the outcome never changes before the start.
    """
    seen = ~np.isnan(outcome)
    before = outcome[:start][seen[:start]]
    centre, scale = float(before.mean()), float(before.std())
    if scale <= 1e-12 * max(1.0, abs(centre)):
        raise Invalid(
            f"The outcome is {centre:g} on every day before the start.",
            field="value_col",
            repair="A series that never changes cannot show an effect: check the column.",
        )
    waves, names = seasons(day, grain, start)
    rows: list[Floats] = [np.ones(len(day)), *waves]
    # A season that the days before the start cannot show is not left out: that would be to know that there is none.
    shown = bool(start and day[start - 1] - day[0] >= SEASON_NEEDS)
    season = LOOSE if shown else SLAB
    precision = [LOOSE] + [FIRM if n.startswith("weekday") else season for n in names]
    for control in controls.values():
        known = control[:start][seen[:start]]
        spread = float(known.std())
        rows.append((control - known.mean()) / spread)
        precision.append(FIRM)
    rows.append(np.where(seen, (outcome - centre) / scale, 0.0))
    table = np.ascontiguousarray(np.column_stack(rows))
    weighed = np.arange(len(precision)) >= len(precision) - len(controls)
    return Columns(table, np.array(precision), seen.astype(float), ("intercept", *names, *controls), centre, scale, start, weighed)  # fmt: skip


def step(day: Days, at: int) -> Floats:
    """0 before row `at`, 1 from it on."""
    return (np.arange(len(day)) >= at).astype(float)


def slope(day: Days, at: int) -> Floats:
    """0 before row `at`, then rising by 1 in 90 days."""
    return np.asarray(np.maximum(day - day[at], 0) / SLOPE_UNIT, dtype=np.float64)


def bends(day: Days, start: int, length: int) -> list[int]:
    """Rows at which the series may have begun to rise or fall steadily: the first one, then rows counted backwards from the start.

    They lie whole windows apart, so that a placebo sees them as the real window does; -1 where there is no such row.
    """
    apart = length * max(1, -(-start // ((BENDS + 2) * length)))
    rows = [start - apart * (k + 1) for k in range(BENDS)]
    return [0, *(row if row >= apart // 2 else -1 for row in rows)]


def with_bends(columns: Columns, day: Days, length: int) -> Columns:
    """Adds the optional columns: a steady trend and bends."""
    rows = bends(day, columns.start, length)
    added = [slope(day, row) if row >= 0 else np.zeros(len(day)) for row in rows]
    table = np.column_stack((columns.table[:, :-1], *added, columns.table[:, -1]))
    names = (*columns.names, *(f"bend at row {row}" for row in rows))
    precision = np.append(columns.precision, np.full(len(rows), SLAB))
    weighed = np.append(columns.weighed, np.zeros(len(rows), dtype=bool))
    return replace(columns, table=np.ascontiguousarray(table), precision=precision, names=names, weighed=weighed, options=len(rows))  # fmt: skip
