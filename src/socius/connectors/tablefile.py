"""A CSV with named columns and times in one form, for commands that count over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as part

from socius.connectors.calendar_order import brought, order_in
from socius.connectors.streams.plainrows import table
from socius.connectors.streams.record import Unreadable, moment
from socius.kit.errors import Invalid

MOST_BAD = 0.2


@dataclass(frozen=True)
class Rows:
    """Rows with their line numbers; `names` is field -> column, `notes` what a reader should know of them."""

    place: str
    names: dict[str, str]
    rows: list[tuple[int, dict[str, str]]]
    notes: list[str] = part(default_factory=list)

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


def times(rows: Rows, field: str, example: str, order: str = "") -> list[int]:
    """Seconds since 1970 UTC; `order` is a person's answer to which number is the month. Raises `Invalid` at the first cell that is no time."""
    cells = needed(rows, field, example)
    lines = [line for line, _ in rows.rows]
    found = order_in(rows.place, rows.names[field], zip(lines, cells, strict=True), order)
    if found.note:
        rows.notes.append(found.note)
    out = []
    for line, cell in zip(lines, cells, strict=True):
        try:
            out.append(moment(brought(cell, found.first)) // 1_000_000)
        except Unreadable as error:
            raise Invalid(
                f"{rows.place}, line {line}: the time {cell[:40]!r} cannot be read.", field=field,
                repair="Write times as 2026-11-30 or 2026-11-30T14:05:00Z.",
            ) from error  # fmt: skip
    return out
