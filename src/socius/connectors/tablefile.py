"""A CSV with named columns and times in one form, for commands that count over time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from socius.connectors.streams.plainrows import table
from socius.connectors.streams.record import Unreadable, moment
from socius.kit.errors import Invalid

SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(.*)")
MOST_BAD = 0.2


@dataclass(frozen=True)
class Rows:
    """Rows with their line numbers; `names` is field -> column."""

    place: str
    names: dict[str, str]
    rows: list[tuple[int, dict[str, str]]]

    def column(self, field: str) -> list[str] | None:
        """Cells of a field; None where no column holds it."""
        if field not in self.names:
            return None
        return [(row.get(self.names[field]) or "").strip() for _, row in self.rows]


def rows_of(
    place: str, data: bytes, fields: Mapping[str, Sequence[str]], said: Mapping[str, str]
) -> Rows:
    """Reads a CSV. `fields` are names under which a column is known; `said` maps columns to fields."""
    found = list(table(data, place))
    whole = [(line, row) for line, row in found if row]
    if not whole:
        raise Invalid(
            f"{place} holds no rows.", repair="It needs a header row and a row for each record."
        )
    if len(found) - len(whole) > MOST_BAD * len(found):
        bad = next(line for line, row in found if not row)
        raise Invalid(
            f"{place}, line {bad}: more or fewer cells than the header.",
            repair="Check the delimiter and the quotes.",
        )
    columns = list(whole[0][1])
    folded = {c.strip().casefold(): c for c in reversed(columns)}
    names = {f: folded[n] for f, known in fields.items() for n in reversed(known) if n in folded}
    for column, field in said.items():
        if column not in columns or field not in fields:
            raise Invalid(
                f"{place}: --map {column}={field} names no column or no field.", field="map",
                repair=f"Columns are {', '.join(columns)}; fields are {', '.join(fields)}.",
            )  # fmt: skip
        names[field] = column
    return Rows(place, names, whole)


def needed(rows: Rows, field: str, example: str) -> list[str]:
    """Cells of a field that must be there."""
    cells = rows.column(field)
    if cells is None:
        columns = ", ".join(rows.rows[0][1])
        raise Invalid(
            f"{rows.place}: no column holds `{field}`.", field=field,
            repair=f"Name it with --map COLUMN={field}, such as {example}. Columns are {columns}.",
        )  # fmt: skip
    return cells


def numbers(rows: Rows, field: str) -> list[float | None]:
    """Numbers of a field; None where a cell is empty. Raises `Invalid` at the first that is none."""
    out: list[float | None] = []
    for (line, _), cell in zip(rows.rows, rows.column(field) or (), strict=True):
        try:
            value = float(cell) if cell else None
        except ValueError:
            value = float("nan")
        if value is not None and not abs(value) < float("inf"):
            raise Invalid(
                f"{rows.place}, line {line}: {field} is {cell!r}.",
                field=field,
                repair="Write a number.",
            )
        out.append(value)
    return out


def order_of(place: str, cells: Sequence[str]) -> str:
    """Whether `2/13/2015` has the month or the day first, decided over the whole column. Raises `Invalid` where both are possible."""
    pairs = {(int(m[1]), int(m[2])) for c in cells if (m := SLASHES.match(c))}
    month_first = any(b > 12 for _, b in pairs)
    day_first = any(a > 12 for a, _ in pairs)
    if pairs and month_first == day_first:
        raise Invalid(
            f"{place}: its dates may have the day or the month first.", field="timestamp",
            repair="Write them as 2026-11-30.",
        )  # fmt: skip
    return "mdy" if month_first else "dmy"


def times(rows: Rows, field: str, example: str) -> list[int]:
    """Seconds since 1970 UTC. Raises `Invalid` at the first cell that is no time."""
    cells = needed(rows, field, example)
    order = order_of(rows.place, cells)
    out = []
    for (line, _), cell in zip(rows.rows, cells, strict=True):
        parts = SLASHES.match(cell)
        text = cell
        if parts:
            month, day = (parts[1], parts[2]) if order == "mdy" else (parts[2], parts[1])
            clock = parts[4].strip()
            text = f"{parts[3]}-{int(month):02d}-{int(day):02d}" + (
                f" {clock.zfill(5)}" if clock else ""
            )
        try:
            out.append(moment(text) // 1_000_000)
        except Unreadable as error:
            raise Invalid(
                f"{rows.place}, line {line}: {str(error)[4:-1] if str(error).startswith('The ') else cell}.", field=field,
                repair="Write times as 2026-11-30 or 2026-11-30T14:05:00Z.",
            ) from error  # fmt: skip
    return out
