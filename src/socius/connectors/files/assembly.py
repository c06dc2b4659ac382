"""Puts typed columns together into rows, with the hash of each; sets totals apart (R14) and rejects what cannot be read (R9)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import repeat
from typing import TYPE_CHECKING, Any

from socius.connectors.files.cells import Bad, Reader, tagged, unguarded
from socius.connectors.files.declare import Field, Kind, plain
from socius.connectors.files.finishing import Finisher
from socius.connectors.files.inventory import prefix_pattern
from socius.connectors.files.masks import masked
from socius.connectors.files.records import Batch
from socius.connectors.files.report import Report
from socius.connectors.files.values import Row

if TYPE_CHECKING:
    from socius.connectors.files.reading import Reading

TOTALS = frozenset(
    {
        "total",
        "totals",
        "grand total",
        "lifetime",
        "sum",
        "gesamt",
        "gesamtsumme",
        "summe",
        "insgesamt",
        "total général",
        "somme",
        "total general",
        "suma",
        "soma",
        "total geral",
    }
)
NOTHING: dict[str, str] = {}


class Total:
    """The file's own totals and our sums."""

    def __init__(self) -> None:
        self.stated: dict[str, Decimal] = {}
        self.sums: dict[str, Decimal] = defaultdict(Decimal)

    def takes(
        self, row: list[str], values: dict[str, Any], where: tuple[Kind, dict[str, int]]
    ) -> bool:
        """Whether the row is a total: the word anywhere in it, or numbers under nothing but empty dimensions."""
        kind, index = where
        numbers = {n: values[n] for n in kind.sums if isinstance(values.get(n), Decimal)}
        summed = {index.get(n) for n in kind.sums}
        rest = [cell for i, cell in enumerate(row) if i not in summed and cell.strip()]
        if not numbers or not (any(plain(cell) in TOTALS for cell in rest) or not rest):
            return False
        for name, number in numbers.items():
            if abs(number) >= abs(self.stated.get(name, Decimal(0))):
                self.stated[name] = number
        return True


class Assembler:
    """Typed rows of one file. Everything that does not change from row to row is settled here, once."""

    def __init__(self, reading: Reading, report: Report | None = None) -> None:
        layout = reading.layout
        if layout is None or layout.match is None:
            raise ValueError("a file without a format has no rows")
        self.kind = reading.kind
        self.report = report if report is not None else reading.report
        self.format = layout.match.format
        self.headers = layout.headers
        self.total = Total()
        self._index = layout.match.columns
        reader = Reader(reading.zone)
        self._fields = {f.name: f for f in self.kind.fields}
        self._parsers = {
            name: reader.parser(self._fields[name], reading.decisions.get(name))
            for name in self._index
        }
        self._constants = {
            name: self._constant(reader, f, reading.upload.answers[name])
            for name, f in self._fields.items()
            if name in reading.upload.answers
        }
        # In the order of names: that is the order in which a row is hashed.
        self._order = sorted(self._fields)
        used = set(self._index.values())
        self._unknown = [
            (i, h.strip() or f"column {i + 1}") for i, h in enumerate(self.headers) if i not in used
        ]
        self._required = [f.name for f in self.kind.fields if f.required]
        self._prefix = prefix_pattern(self.format)
        self._finisher = (
            Finisher(self.format, self._order, self._header, self.report)
            if self.kind.inventory
            else None
        )

    def _constant(self, reader: Reader, field: Field, text: str) -> tuple[Any, str]:
        parser = reader.parser(field, None)
        values, tags = parser.column([text])
        return values[0], tags[0]

    def rows(self, batch: Batch) -> Iterator[Row]:
        """The good rows of a batch."""
        if not batch.rows:
            return iter(())
        self.report.read += len(batch.rows)
        columns: list[Sequence[str]] = list(zip(*batch.rows, strict=True))
        typed: dict[str, Sequence[Any]] = {}
        tags: list[Sequence[str]] = []
        bad: dict[int, tuple[str, Bad]] = {}
        for name in self._order:
            values, canon = self._column(name, columns, len(batch.rows))
            typed[name] = values
            tags.append(canon)
            parser = self._parsers.get(name)
            if parser is not None and parser.bad:
                bad.update(
                    {i: (name, v) for i, v in enumerate(values) if type(v) is Bad and i not in bad}
                )
        for name in self._required:
            if None in typed[name]:
                missing = Bad("required_empty", f"'{name}' is empty.")
                bad.update(
                    {
                        i: (name, missing)
                        for i, v in enumerate(typed[name])
                        if v is None and i not in bad
                    }
                )
        return self._assemble(batch, columns, (typed, tags, bad))

    def _column(
        self, name: str, columns: list[Sequence[str]], count: int
    ) -> tuple[Sequence[Any], Sequence[str]]:
        parser = self._parsers.get(name)
        if parser is None:
            value, tag = self._constants.get(name, (None, ""))
            return [value] * count, [tag] * count
        cells = columns[self._index[name]]
        if self._prefix is not None:
            cells = [self._prefix.sub("", cell, count=1) if ":" in cell else cell for cell in cells]
        return parser.column(cells)

    def _assemble(
        self,
        batch: Batch,
        columns: list[Sequence[str]],
        found: tuple[dict[str, Sequence[Any]], list[Sequence[str]], dict[int, tuple[str, Bad]]],
    ) -> Iterator[Row]:
        typed, tags, bad = found
        names = list(typed)
        dicts: list[dict[str, Any]] = [
            dict(zip(names, cells, strict=True)) for cells in zip(*typed.values(), strict=True)
        ]
        extras = self._extras(columns) if self._unknown else repeat(NOTHING, len(dicts))
        texts = map("".join, zip(*tags, strict=True))
        sha256 = hashlib.sha256
        hashes = [sha256(text.encode()).digest() for text in texts]
        rows = list(map(Row, batch.numbers, dicts, extras, hashes))
        if bad:
            self._reject(batch, bad, dicts)
            rows = [row for i, row in enumerate(rows) if i not in bad]
        if self._unknown:
            rows = [_with_extra(row) if row.extra else row for row in rows]
        self._remarks(batch, columns)
        if self.kind.sums:
            for row in rows:
                for name in self.kind.sums:
                    self.total.sums[name] += row.values[name]
            rows = [row for row in rows if self._units_agree(row, batch, columns)]
        return self._finisher.rows(rows) if self._finisher else iter(rows)

    def _extras(self, columns: list[Sequence[str]]) -> Iterator[dict[str, str]]:
        names = [name for _, name in self._unknown]
        for cells in zip(*(columns[i] for i, _ in self._unknown), strict=True):
            yield {
                name: unguarded(cell.strip())
                for name, cell in zip(names, cells, strict=True)
                if cell and not cell.isspace()
            }

    def _reject(
        self, batch: Batch, bad: dict[int, tuple[str, Bad]], dicts: list[dict[str, Any]]
    ) -> None:
        for i in sorted(bad):
            name, fault = bad[i]
            row = batch.rows[i]
            if not any(cell.strip() for cell in row):
                self.report.read -= 1
                self.report.blank += 1
            elif self.total.takes(row, dicts[i], (self.kind, self._index)):
                self.report.read -= 1
                self.report.totals_set_apart += 1
            else:
                cell = row[self._index[name]] if name in self._index else ""
                where = {"line": batch.numbers[i], "column": self._header(name)}
                self.report.reject(
                    fault.code,
                    fault.say,
                    value=masked(cell, personal=self._fields[name].personal),
                    **where,
                )

    def _header(self, name: str) -> str:
        return self.headers[self._index[name]] if name in self._index else name

    def _remarks(self, batch: Batch, columns: list[Sequence[str]]) -> None:
        """Times at which the clock was changed."""
        for name, parser in self._parsers.items():
            if not parser.doubts:
                continue
            for line, cell in zip(batch.numbers, columns[self._index[name]], strict=True):
                doubt = parser.doubts.get(cell.strip())
                if doubt:
                    say = (
                        "This time did not exist: the clock jumped over it."
                        if doubt == "gap"
                        else "This time came twice; the first is taken."
                    )
                    self.report.find(
                        "warning",
                        f"dst_{doubt}",
                        say,
                        line=line,
                        column=self._header(name),
                        value=cell.strip(),
                    )

    def _units_agree(self, row: Row, batch: Batch, columns: list[Sequence[str]]) -> bool:
        """A sign of currency in the number fills an empty currency, and may not contradict a stated one."""
        for name in self.kind.sums:
            parser = self._parsers.get(name)
            if parser is None or not parser.units:
                continue
            cell = columns[self._index[name]][batch.numbers.index(row.line)].strip()
            unit = parser.units.get(cell, "")
            target = "unit" if unit == "%" else "currency"
            if not unit or target not in row.values or (self.kind.name == "spend" and unit == "%"):
                continue
            stated = row.values[target]
            if stated and stated.upper() != unit:
                self.report.reject(
                    "currency_contradicts",
                    f"The number is written in {unit}, the row says {stated}.",
                    line=row.line,
                    column=self._header(name),
                    value=cell,
                )
                return False
            row.values[target] = stated or unit
        return True


def _with_extra(row: Row) -> Row:
    """Unknown columns are part of what a row says: a change in one is a change of the row."""
    tail = "".join(tagged("+" + k, row.extra[k]) for k in sorted(row.extra))
    return row._replace(row_hash=hashlib.sha256(row.row_hash + tail.encode()).digest())
