"""Cells to typed values, a column of some thousands at a time.

Each parser returns two lists: the values, and the canonical `name=value` of each ('' for an empty cell) from which the row's hash is made.
A cell that cannot be read becomes a `Bad`. Work a cell is kept out of Python where a whole column can be done in one call.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from socius.connectors import dates
from socius.connectors.files import networks, numbers
from socius.connectors.files.declare import Field
from socius.kit.clock import EPOCH, MICROSECOND, micros

MOST_REMEMBERED = 50_000
# Our exports put an apostrophe before what a spreadsheet would run as a formula; here it goes again.
GUARD = re.compile(r"^'+\s*[=+\-@\t\r＝＋－＠]")
Columns = tuple[Sequence[Any], Sequence[str]]


class Bad(NamedTuple):
    """A cell that cannot be read."""

    code: str
    say: str


class Memo(dict[str, Any]):
    """Remembers what a text was read as: most columns hold few different values."""

    def __init__(self, make: Callable[[str], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> Any:  # noqa: ANN401, RUF100 - values are of many types
        value = self[text] = self._make(text)
        return value


def tagged(name: str, canon: str) -> str:
    """`name=length:value`: no value can pretend to be two fields."""
    return f"{name}={len(canon)}:{canon}" if canon else ""


def unguarded(text: str) -> str:
    """A cell without the apostrophe of the formula guard."""
    return text[1:] if GUARD.match(text) else text


class Parser:
    """Reads one column. `bad` tells, after a call, whether a cell of it was."""

    def __init__(self, name: str, one: Callable[[str], Any], canon: Callable[[Any], str]) -> None:
        self.name = name
        self.bad = False
        self.longest = 0
        self.doubts: dict[str, str] = {}  # text -> gap or overlap
        self.units: dict[str, str] = {}  # text -> currency or %
        self._one = one
        self._canon = canon
        self._values = Memo(self._read)
        self._tags = Memo(self._tag)

    def _read(self, text: str) -> Any:  # noqa: ANN401, RUF100
        text = text.strip()
        if not text:
            return None
        value = self._one(text)
        return self._too_long(value) if self.longest else value

    def _too_long(self, value: Any) -> Any:  # noqa: ANN401, RUF100
        """The value, or what is wrong with it: the database would refuse the whole file for one long cell."""
        parts = value if isinstance(value, list) else [value]
        over = max((len(p) for p in parts if isinstance(p, str)), default=0)
        if over <= self.longest:
            return value
        return Bad(
            "too_long", f"{over:,} characters are too many: '{self.name}' holds {self.longest:,}."
        )

    def _tag(self, text: str) -> str:
        value = self._values[text]
        return "" if value is None or type(value) is Bad else tagged(self.name, self._canon(value))

    def column(self, cells: Sequence[str]) -> Columns:
        """Values and canonical forms of some thousands of cells."""
        values = list(map(self._values.__getitem__, cells))
        tags = list(map(self._tags.__getitem__, cells))
        self.bad = Bad in set(map(type, values))
        if len(self._values) > MOST_REMEMBERED:
            self._values.clear()
            self._tags.clear()
        return values, tags


class TextParser(Parser):
    """Text and ids: trimmed, NFC, without the guard."""

    def __init__(self, name: str, one: Callable[[str], str], *, simple: bool) -> None:
        super().__init__(name, one, str)
        self._simple = simple
        self._head = name + "="

    def column(self, cells: Sequence[str]) -> Columns:
        joined = "".join(cells)
        if not self._simple or "'" in joined or not joined.isascii():
            return super().column(cells)
        if self.longest and max(map(len, cells)) > self.longest:
            return super().column(cells)
        if len(set(cells)) * 3 < len(cells):
            return super().column(cells)
        self.bad = False
        head = self._head
        values = [c.strip() or None for c in cells]
        return values, [f"{head}{len(v)}:{v}" if v else "" for v in values]


class TimeParser(Parser):
    """Instants; a column of ISO times with zone is read in one call."""

    def column(self, cells: Sequence[str]) -> Columns:
        try:
            values = list(map(datetime.fromisoformat, cells))
            # A naive time cannot be compared with the epoch: then the zone must be asked for each.
            stamps = [(v - EPOCH) // MICROSECOND for v in values]
        except (ValueError, TypeError):
            return super().column(cells)
        self.bad = False
        head = self.name + "="
        return values, [f"{head}{len(t)}:{t}" for t in map(str, stamps)]


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", unguarded(text))


def _whole(text: str) -> str:
    return _clean(text.removesuffix(".0"))


def _list(text: str) -> list[str]:
    return [part for part in (p.strip() for p in _clean(text).split("|")) if part]


class Reader:
    """Makes the parser of each column from what the scan decided."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def parser(self, field: Field, decision: Any) -> Parser:  # noqa: ANN401, RUF100 - each scan decides another thing
        """`decision`: decimal separator, order of day and month, or whether ids carry `.0`."""
        parser = self._of_type(field, decision)
        parser.longest = field.longest
        return parser

    def _of_type(self, field: Field, decision: Any) -> Parser:  # noqa: ANN401, RUF100
        kind = field.type
        if kind in {"text", "id"}:
            return TextParser(
                field.name,
                _whole if kind == "id" and decision else _clean,
                simple=not (kind == "id" and decision),
            )
        if kind == "list":
            return Parser(field.name, _list, "|".join)
        if kind == "network":
            return Parser(field.name, networks.code, str)
        if kind == "choice":
            return self._choice(field)
        if kind in {"number", "integer", "range"}:
            return self._number(field, decision or numbers.POINT)
        return self._moment(field, decision or dates.ISO)

    def _choice(self, field: Field) -> Parser:
        known = {c.casefold(): c for c in field.choices}

        def one(text: str) -> str | Bad:
            found = known.get("_".join(text.replace("-", " ").split()).casefold())
            return found or Bad(
                "value_not_allowed", f"'{field.name}' must be one of {', '.join(field.choices)}."
            )

        return Parser(field.name, one, str)

    def _number(self, field: Field, decimal: str) -> Parser:
        def number(text: str) -> Decimal | Bad:
            found = numbers.parse(text, decimal)
            if found is None:
                return Bad(
                    "number_unreadable", f"This is no number when read with a decimal {decimal}."
                )
            unit = (
                numbers.strip_sign(text)[1]
                if not text[-1:].isdigit() or not text[:1].isdigit()
                else ""
            )
            if unit:
                parser.units[text] = unit
            return found

        def whole(text: str) -> int | Bad:
            found = number(text)
            if isinstance(found, Bad):
                return found
            return (
                int(found)
                if found == int(found)
                else Bad("integer_unreadable", "A whole number is needed here.")
            )

        makes: dict[str, tuple[Callable[[str], Any], Callable[[Any], str]]] = {
            "number": (number, numbers.canonical),
            "integer": (whole, str),
            "range": (
                lambda text: _range(text, number),
                lambda r: "-".join(map(numbers.canonical, r)),
            ),
        }
        parser = Parser(field.name, *makes[field.type])
        return parser

    def _moment(self, field: Field, order: str) -> Parser:
        def instant(text: str) -> datetime | Bad:
            moment = dates.parse(text, order)
            if moment is None:
                return Bad("date_unreadable", f"This is no date{_as(order)}.")
            at, doubt = dates.settle(moment, self.zone)
            if doubt:
                parser.doubts[text] = doubt
            return at

        def day(text: str) -> date | Bad:
            moment = dates.parse(text, order)
            return (
                moment.wall.date()
                if moment
                else Bad("date_unreadable", f"This is no date{_as(order)}.")
            )

        def monday(text: str) -> date | Bad:
            return dates.week(text, order) or Bad(
                "date_unreadable", "This is no week: write 2026-W07 or the date of its Monday."
            )

        if field.type == "time":
            parser: Parser = TimeParser(field.name, instant, lambda at: str(micros(at)))
        else:
            parser = Parser(field.name, day if field.type == "date" else monday, date.isoformat)
        return parser


def _as(order: str) -> str:
    return {
        dates.DAY_FIRST: " when the day is read first",
        dates.MONTH_FIRST: " when the month is read first",
    }.get(order, "")


def _range(
    text: str, number: Callable[[str], Decimal | Bad]
) -> tuple[Decimal, Decimal, Decimal] | Bad:
    """`low-likely-high`, or one number that stands for all three."""
    found = [number(p) for p in numbers.split_range(text)]
    good = [n for n in found if isinstance(n, Decimal)]
    if len(good) != len(found) or len(good) not in {1, 3}:
        return Bad("number_unreadable", "Write one number, or low-likely-high.")
    low, likely, high = good * 3 if len(good) == 1 else good
    if not low <= likely <= high:
        return Bad("number_unreadable", "Low, likely and high must rise.")
    return low, likely, high
