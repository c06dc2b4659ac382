"""Won or not, as files write it."""

from __future__ import annotations

from collections.abc import Sequence

from socius.engine.tables import Table
from socius.kit.errors import Invalid

YES = {"1", "1.0", "true", "t", "yes", "y", "won", "closed won", "converted"}
NO = {"0", "0.0", "false", "f", "no", "n", "lost", "closed lost", ""}


def won_of(
    table: Table,
    column: str,
    cells: Sequence[str],
    value: str | None,
    *,
    strict: bool = True,
    called: tuple[str, str] = ("won", "won-value"),
) -> list[bool]:
    """Each row as won or not: equal to `value` where one is named, else by the usual words. `called`: what a yes is called, and the
    option that names its value ('' for none), for the sentence about a cell that is neither.

    Raises Invalid at a cell that is neither; with `strict` False an empty list says that the column is no such column.
    """
    means, option = called
    folded = [cell.strip().casefold() for cell in cells]
    if value:
        if value.strip().casefold() not in folded:
            raise Invalid(f"{table.name}, column {column!r}: no row is {value!r}.", field=option, repair="Name a value that occurs.")  # fmt: skip
        return [cell == value.strip().casefold() for cell in folded]
    wrong = next((row for row, cell in enumerate(folded) if cell not in YES | NO), None)
    if wrong is None and (strict or "" not in folded):
        return [cell in YES for cell in folded]
    if not strict or wrong is None:
        return []
    raise table.wrong(wrong, column, f"{cells[wrong]!r} does not say whether it was {means}.", f"Use 1 and 0, or name the value that means {means} with --{option}." if option else "Use 1 and 0.")  # fmt: skip
