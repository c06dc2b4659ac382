"""Lines to records (R2, R9): quoted line breaks, physical line numbers, and a way back after a quote that never closes.

A chunk in which every line is a record of its own goes through `csv` in one call; only chunks with something odd are looked at line by line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from socius.connectors.files.envelope import Lines, Overlong

CELL_LIMIT = 65_536
ATTEMPTS = 50  # lines that may look like the end of one quoted cell before it counts as unclosed


class Damaged(NamedTuple):
    """A line that is no record."""

    line: int
    code: str
    say: str
    raw: str
    cell: int  # index of the cell in which it was seen, -1 where unknown


@dataclass
class Batch:
    """Some thousands of records, all of the header's width."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    damaged: list[Damaged] = field(default_factory=list)
    blank: int = 0


class Records:
    """Iterates over batches. `width` 0 takes records of any width (for the search of the header)."""

    def __init__(self, lines: Iterable[Lines], delimiter: str, width: int, skip: int = 0) -> None:
        self._lines = iter(lines)
        self.delimiter = delimiter
        self.width = width
        self._skip = skip
        self._line = 1

    def __iter__(self) -> Iterator[Batch]:
        for lines in self._lines:
            if self._skip:
                gone = min(self._skip, len(lines))
                self._skip -= gone
                self._line += gone
                del lines[:gone]
            if lines:
                yield self._batch(lines)

    def _batch(self, lines: Lines) -> Batch:
        batch = Batch()
        if not lines.odd and max(map(len, lines)) <= CELL_LIMIT:
            try:
                rows = list(csv.reader(lines, delimiter=self.delimiter, strict=True))
            except csv.Error:
                rows = []
            if len(rows) == len(lines):
                self._take(batch, list(range(self._line, self._line + len(lines))), rows)
                self._line += len(lines)
                return batch
        self._slowly(batch, lines)
        return batch

    def _slowly(self, batch: Batch, lines: list[str]) -> None:
        numbers: list[int] = []
        rows: list[list[str]] = []
        at = 0
        while at < len(lines):
            row, used = self._one(batch, lines, at)
            if row is not None:
                numbers.append(self._line + at)
                rows.append(row)
            at += used
        self._take(batch, numbers, rows)
        self._line += len(lines)

    def _one(self, batch: Batch, lines: list[str], at: int) -> tuple[list[str] | None, int]:
        """The record that begins on a line, and how many lines it takes; None where it is damaged."""
        line = lines[at]
        if isinstance(line, Overlong) or "\x00" in line:
            self._hopeless(batch, line, self._line + at)
            return None, 1
        try:
            row: list[str] = next(csv.reader((line,), delimiter=self.delimiter, strict=True), [])
        except csv.Error as error:
            if "unexpected end" in str(error):
                return self._joined(batch, lines, at)
            return self._forgiving(batch, line, self._line + at), 1
        if len(line) <= CELL_LIMIT or max(map(len, row)) <= CELL_LIMIT:
            return row, 1
        self._too_long(batch, line, self._line + at)
        return None, 1

    def _forgiving(self, batch: Batch, line: str, number: int) -> list[str] | None:
        """`"abc"def` is no proper CSV, yet spreadsheets read it; a row that still has the right width is taken."""
        try:
            row: list[str] = next(csv.reader((line,), delimiter=self.delimiter), [])
        except csv.Error:
            row = []
        if row and len(row) == self.width and (line.count('"') % 2 == 0):
            return row
        if max(map(len, row), default=CELL_LIMIT + 1) > CELL_LIMIT:
            self._too_long(batch, line, number)
            return None
        batch.damaged.append(
            Damaged(
                number, "row_malformed", "The quotes in this row are not closed properly.", line, -1
            )
        )
        return None

    def _joined(self, batch: Batch, lines: list[str], at: int) -> tuple[list[str] | None, int]:
        """A quoted cell that goes over several lines; only a line with an odd number of quotes can end it."""
        end, size, attempts = at + 1, len(lines[at]), 0
        while size <= CELL_LIMIT + len(lines[at]) and attempts < ATTEMPTS:
            if end == len(lines):
                more = next(self._lines, None)
                if more is None:
                    break
                lines.extend(more)
            line = lines[end]
            size += len(line) + 1
            end += 1
            if line.count('"') % 2 == 0:
                continue
            attempts += 1
            row = self._complete("\n".join(lines[at:end]))
            if row is not None:
                return row, end - at
        say = "A quote opens here and never closes; reading goes on with the next line."
        batch.damaged.append(Damaged(self._line + at, "quote_unclosed", say, lines[at], -1))
        return None, 1

    def _complete(self, text: str) -> list[str] | None:
        try:
            rows = list(csv.reader(_physical(text), delimiter=self.delimiter, strict=True))
        except csv.Error:
            return None
        fits = len(rows) == 1 and (
            self.width in {0, len(rows[0])} or _fault(rows[0], self.width) is None
        )
        return rows[0] if fits else None

    def _hopeless(self, batch: Batch, line: str, number: int) -> None:
        if isinstance(line, Overlong):
            cell = line.count(self.delimiter)
            batch.damaged.append(
                Damaged(
                    number,
                    "line_too_long",
                    "This line is longer than a million characters; it is left out.",
                    line,
                    cell,
                )
            )
            return
        cell = line.count(self.delimiter, 0, line.index("\x00"))
        batch.damaged.append(
            Damaged(
                number, "nul_byte", "This row holds a NUL character, which no text has.", line, cell
            )
        )

    def _too_long(self, batch: Batch, line: str, number: int) -> None:
        cells = line.split(self.delimiter)
        cell = next((i for i, text in enumerate(cells) if len(text) > CELL_LIMIT), -1)
        batch.damaged.append(
            Damaged(
                number,
                "cell_too_long",
                f"A cell is longer than {CELL_LIMIT:,} characters.",
                line,
                cell,
            )
        )

    def _take(self, batch: Batch, numbers: list[int], rows: list[list[str]]) -> None:
        """Keeps the rows of the right width, sets blank ones apart, reports the others."""
        width = self.width
        if set(map(len, rows)) == {width}:
            batch.numbers, batch.rows = numbers, rows
            return
        for number, row in zip(numbers, rows, strict=True):
            if not row or not any(row):
                batch.blank += 1
                continue
            if width and len(row) != width and (fault := _fault(row, width)):
                batch.damaged.append(
                    Damaged(
                        number,
                        fault[0],
                        fault[1],
                        self.delimiter.join(row),
                        min(len(row), width) - 1,
                    )
                )
                continue
            batch.numbers.append(number)
            batch.rows.append(row[:width] if width else row)


def _physical(text: str) -> list[str]:
    """`splitlines` would also split at separators that belong to the text."""
    *parts, last = text.split("\n")
    return [*(part + "\n" for part in parts), last]


def _fault(row: list[str], width: int) -> tuple[str, str] | None:
    if len(row) < width:
        return "cells_missing", f"This row has {len(row)} cells, the header has {width}."
    if any(cell.strip() for cell in row[width:]):
        return (
            "cells_too_many",
            f"This row has {len(row)} cells, the header has {width}: a delimiter inside a text needs quotes.",
        )
    return None
