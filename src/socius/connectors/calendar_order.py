"""Which of two numbers of `2/4/2015` is the month, for files that a command reads: decided over the whole column, asked where nothing settles it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import NamedTuple

from socius.connectors import dates
from socius.kit.errors import Invalid

ORDERS = {"": "", "day-first": dates.DAY_FIRST, "month-first": dates.MONTH_FIRST}
WRITTEN = {dates.DAY_FIRST: "the day first", dates.MONTH_FIRST: "the month first"}


class Order(NamedTuple):
    """How a column's dates are read: the order (empty where none needs one), and a sentence where two forms stand side by side."""

    first: str = ""
    note: str = ""


def order_in(place: str, column: str, cells: Iterable[tuple[int, str]], said: str = "") -> Order:
    """The order of a column's dates; `cells` with their lines, `said` as a person answered. Raises `Invalid` where it must be asked."""
    first: dict[str, int] = {}
    for line, cell in cells:
        if dates.NUMERIC.match(cell):
            first.setdefault(dates.order_of(cell), line)
        elif cell:
            first.setdefault(dates.ISO, line)
    numeric = sorted(line for form, line in first.items() if form != dates.ISO)
    if not numeric:
        return Order()
    order = ORDERS[said] or settled(place, column, first)
    if dates.ISO not in first:
        return Order(order)
    return Order(
        order,
        f"{place}: `{column}` writes dates in two ways, year last in line {numeric[0]}, otherwise in line {first[dates.ISO]}; "
        f"each was read in its own way, the former with {WRITTEN[order]}.",
    )


def settled(place: str, column: str, first: dict[str, int]) -> str:
    """The order that a column shows by itself."""
    day, month = first.get(dates.DAY_FIRST), first.get(dates.MONTH_FIRST)
    repair = "Say which is meant with --dates day-first or --dates month-first, or write them as 2026-11-30."  # fmt: skip
    if day and month:
        raise Invalid(
            f"{place}: `{column}` has the day first in line {day} and the month first in line {month}.",
            field=column, repair=repair,
        )  # fmt: skip
    if not day and not month and dates.EITHER in first:
        raise Invalid(
            f"{place}: the dates of `{column}` may have the day or the month first (line {first[dates.EITHER]}).",
            field=column, repair=repair,
        )  # fmt: skip
    return dates.MONTH_FIRST if month else dates.DAY_FIRST


def brought(cell: str, order: str) -> str:
    """A cell with the year first where it had it last; without a zone it is UTC. What is no date stays as it is."""
    if not order or not dates.NUMERIC.match(cell):
        return cell
    found = dates.parse(cell, order)
    if found is None:
        return cell
    wall = found.wall if found.offset is None else found.wall - found.offset
    return wall.replace(tzinfo=UTC).isoformat()
