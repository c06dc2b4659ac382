"""A delimited text as columns. What cannot be read is said with file, line, column and the way out."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from math import isfinite, nan

from socius.kit.errors import Invalid

DELIMITERS = (",", ";", "\t", "|", " ")
EMPTY = {"", "na", "n/a", "nan", "null", "none", "-"}
DATE = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ].*)?$")
TURNED = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?:[T ].*)?$")
COMMA = re.compile(r"[-+]?\d+,\d+$")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of text by name, in the order of the file; `line` of each row."""

    name: str
    columns: dict[str, list[str]]
    line: list[int]
    delimiter: str

    def __len__(self) -> int:
        return len(self.line)

    def column(self, name: str, option: str) -> list[str]:
        """A column by its name, else Invalid; case and outer blanks do not matter."""
        folded = {key.strip().casefold(): key for key in self.columns}
        key = folded.get(name.strip().casefold())
        if key is None:
            raise Invalid(
                f"{self.name}, line 1: there is no column {name!r}; the columns are {', '.join(self.columns)}.",
                field=option, repair=f"Name one of them with --{option}.",
            )  # fmt: skip
        return self.columns[key]

    def wrong(self, row: int, column: str, say: str, repair: str) -> Invalid:
        """An error at a cell."""
        return Invalid(
            f"{self.name}, line {self.line[row]}, column {column!r}: {say}", field=column, repair=repair
        )  # fmt: skip

    def numbers(self, name: str, option: str) -> list[float]:
        """A column of numbers; NaN where the cell is empty."""
        cells = self.column(name, option)
        try:
            found = [float(c) for c in cells]
            if all(map(isfinite, found)):
                return found
        except ValueError:
            pass
        comma = self.delimiter != "," and all(COMMA.match(c) or "." not in c for c in cells)
        return [self.number(row, name, cell, comma) for row, cell in enumerate(cells)]

    def number(self, row: int, name: str, cell: str, comma: bool) -> float:
        """One cell as a number."""
        text = cell.strip()
        if text.casefold() in EMPTY:
            return nan
        try:
            found = float(text.replace(",", ".") if comma else text)
        except ValueError:
            found = nan
        if not isfinite(found):
            raise self.wrong(row, name, f"{text!r} is no number.", "Correct it, or leave the cell empty where the value is unknown.")  # fmt: skip
        return found

    def days(self, name: str, option: str) -> list[int]:
        """A column of dates as proleptic ordinals."""
        cells = self.column(name, option)
        order = day_first(cells)
        return [self.day(row, name, cell, order) for row, cell in enumerate(cells)]

    def day(self, row: int, name: str, cell: str, day_leads: bool | None) -> int:
        """One cell as a date."""
        text = cell.strip()
        plain, turned = DATE.match(text), TURNED.match(text)
        try:
            if plain:
                return date(*map(int, plain.groups())).toordinal()
            if turned and (turned[2] == "." or day_leads is not None):
                first, second, year = int(turned[1]), int(turned[3]), int(turned[4])
                leads = turned[2] == "." or day_leads
                return date(year, second if leads else first, first if leads else second).toordinal()  # fmt: skip
        except ValueError:
            pass
        if turned:
            raise self.wrong(row, name, f"{text!r} may be day/month or month/day.", "Write dates as 2026-11-30.")  # fmt: skip
        raise self.wrong(row, name, f"{text!r} is no date.", "Write dates as 2026-11-30.")


def day_first(cells: list[str]) -> bool | None:
    """Whether the day leads in dates such as 30/11/2026, judged by the whole column; None where nothing decides."""
    found = [m for m in (TURNED.match(c.strip()) for c in cells) if m]
    if any(int(m[1]) > 12 for m in found):
        return True
    return False if any(int(m[3]) > 12 for m in found) else None


def decoded(name: str, data: bytes) -> str:
    """Text of a file in UTF-8, or in UTF-16 with its mark."""
    try:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Invalid(
            f"{name}, line {line}: the file is not in UTF-8.", field="file", repair="Save it again as CSV in UTF-8."
        ) from error  # fmt: skip


def delimiter_of(head: str) -> str:
    """The sign that splits the header into most columns; blanks only where nothing else does."""
    counts = {sign: len(next(csv.reader([head], delimiter=sign))) for sign in DELIMITERS[:-1]}
    best = max(counts, key=lambda sign: counts[sign])
    return best if counts[best] > 1 else " " if " " in head.strip() else ","


def read(name: str, data: bytes) -> Table:
    """Reads a text with a header line. Raises Invalid for an empty file, another encoding, a ragged line or a doubled header."""
    text = decoded(name, data)
    if not text.strip():
        raise Invalid(f"{name} is empty.", field="file", repair="It needs a header line and rows below it.")  # fmt: skip
    if "\0" in text:
        raise Invalid(f"{name} is no text.", field="file", repair="Save the sheet as CSV in UTF-8.")
    delimiter, rows, lines = split(name, text.replace("\r\n", "\n").replace("\r", "\n"))
    head = [cell.strip() for cell in rows[0]]
    while head and not head[-1]:
        head.pop()
    check(name, head, rows, lines)
    columns = {h: [row[i] for row in rows[1:]] for i, h in enumerate(head) if h}
    return Table(name, columns, lines[1:], delimiter)


def split(name: str, text: str) -> tuple[str, list[list[str]], list[int]]:
    """The delimiter, the cells of every line that holds some, and the number of each line."""
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        delimiter = delimiter_of(text.lstrip().split("\n", 1)[0])
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
        for row in reader:
            line = reader.line_num + 1
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise Invalid(
            f"{name}, line {line}: a cell is longer than {csv.field_size_limit():,} signs.", field="file",
            repair="Close the quotation mark that was opened there, or leave the column out.",
        ) from error  # fmt: skip
    return delimiter, rows, lines


def check(name: str, head: list[str], rows: list[list[str]], lines: list[int]) -> None:
    """Header and widths."""
    twice = next((h for h in head if h and head.count(h) > 1), None)
    if twice is not None:
        raise Invalid(f"{name}, line 1: two columns are called {twice!r}.", field=twice, repair="Rename one of them.")  # fmt: skip
    if len(rows) < 2:
        raise Invalid(f"{name} has a header line and no rows.", field="file", repair="Add rows below the header.")  # fmt: skip
    for row, line in zip(rows[1:], lines[1:], strict=True):
        if len(row) < len(head) or any(cell.strip() for cell in row[len(head) :]):
            raise Invalid(
                f"{name}, line {line}: {len(row)} cells under {len(head)} columns.", field="file",
                repair="Quote cells that hold the delimiter, and fill up short lines.",
            )  # fmt: skip
