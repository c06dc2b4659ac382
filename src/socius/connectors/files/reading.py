"""Reads a file as a kind: what it is (first pass), then its rows (second pass). Constant memory, whatever the size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from socius.connectors.files.assembly import Assembler, Total
from socius.connectors.files.columns import Scan
from socius.connectors.files.declare import Kind
from socius.connectors.files.envelope import Envelope
from socius.connectors.files.masks import masked_line
from socius.connectors.files.records import Batch, Records
from socius.connectors.files.report import Report
from socius.connectors.files.sniff import Layout, header_hash
from socius.connectors.files.values import Row, Upload

# Types of fields that say of which day a row speaks.
DATED = frozenset({"date", "week", "time"})


@dataclass
class Reading:
    """A file that was looked at. `report` tells what was found; `rows()` may be read while its state is `ok`."""

    report: Report
    upload: Upload
    kind: Kind
    envelope: Envelope | None = None
    layout: Layout | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    decisions: dict[str, Any] = field(default_factory=dict)  # field -> what its scan decided

    @property
    def headers(self) -> list[str]:
        """The header row as written."""
        return self.layout.headers if self.layout else []

    @property
    def header_hash(self) -> str:
        """Names the set of headers, for remembered mappings."""
        return header_hash(self.headers)

    @property
    def mapped(self) -> dict[str, str]:
        """Column as written -> field."""
        found = self.report.columns["mapped"]
        return dict(found)

    def records(self) -> Records:
        """The records below the header, from the start of the file."""
        if self.envelope is None or self.layout is None:
            return Records([], ",", 0)
        return Records(
            self.envelope.lines(),
            self.layout.delimiter,
            len(self.layout.headers),
            self.layout.after,
        )

    def scan(self, scans: list[Scan], answers: dict[str, str]) -> None:
        """First pass: every value of the columns in which one value may decide about all."""
        empty = True
        if scans:
            for batch in self.records():
                columns = list(zip(*batch.rows, strict=True))
                empty = empty and not columns
                for scan in scans if columns else ():
                    scan.see(batch.numbers, columns[scan.index])
        else:
            empty = not any(batch.rows or batch.damaged for batch in self.records())
        if empty:
            self.report.find("warning", "file_empty", "The file has a header and no rows.")
        for scan in scans:
            self.decisions[scan.field or f"column {scan.index}"] = scan.decide(self.report, answers)

    def rows(self) -> Iterator[Row]:
        """Second pass: the good rows, in the order of the file. Bad ones go to the report. Counters start anew with each call."""
        report = self.report
        if report.state not in {"ok", "held"} or self.layout is None or self.layout.match is None:
            return
        report.forget_rows()
        assembler = Assembler(self)
        known = _Duplicates(self.kind, report)
        if self.kind.duplicates == "reject":
            known.look_ahead(self._typed(Assembler(self, Report(self.kind.name))))
        report.complete = self.upload.complete
        day_of, days = self._day_of(), report.days
        for row in self._typed(assembler):
            if known.passes(row):
                if day_of is not None:
                    days[day_of(row)] += 1
                yield row
        self._compare(assembler.total)

    def _day_of(self) -> Callable[[Row], date] | None:
        """How to tell the day of which a row speaks; None for a kind whose rows speak of none."""
        dated = [f for f in self.kind.fields if f.required and f.type in DATED]
        if not dated:
            return None
        name, zone = dated[0].name, self.zone
        if dated[0].type == "time":
            return lambda row: row.values[name].astimezone(zone).date()
        return lambda row: row.values[name]

    def _typed(self, assembler: Assembler) -> Iterator[Row]:
        for batch in self.records():
            self._damaged(batch, assembler.report)
            yield from assembler.rows(batch)

    def _damaged(self, batch: Batch, report: Report) -> None:
        report.read += len(batch.damaged)
        report.blank += batch.blank
        for line, code, say, raw, cell in batch.damaged:
            where = {"column": self.headers[cell]} if 0 <= cell < len(self.headers) else {}
            report.reject(
                code,
                say,
                line=line,
                **where,
                value=masked_line(raw),
                repair="Mend this line and import it again.",
            )

    def _compare(self, total: Total) -> None:
        if not total.stated:
            return
        report = self.report
        report.compare = {
            "file_total": _plain(total.stated),
            "our_sum": _plain({k: total.sums[k] for k in total.stated}),
        }
        for name, stated in total.stated.items():
            if stated != total.sums[name]:
                say = f"The file states a total of {stated} for '{name}'; its rows add up to {total.sums[name]}."
                report.find("warning", "total_differs", say, column=name)


def _plain(numbers: dict[str, Decimal]) -> dict[str, int | float]:
    return {k: int(v) if v == v.to_integral_value() else float(v) for k, v in numbers.items()}


class _Duplicates:
    """Rows of one natural key within a file (R15)."""

    def __init__(self, kind: Kind, report: Report) -> None:
        self._kind = kind
        self._report = report
        self._seen: dict[bytes, int] = {}
        self._fought: dict[bytes, list[int]] = {}  # key -> lines that contradict one another

    def _key(self, row: Row) -> bytes:
        parts = [str(row.values.get(name) or "").casefold() for name in self._kind.identity]
        return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).digest()

    def look_ahead(self, rows: Iterator[Row]) -> None:
        """Finds the contradictions first, so that both sides of one can be rejected."""
        first: dict[bytes, tuple[bytes, int]] = {}
        for row in rows:
            key = self._key(row)
            known = first.setdefault(key, (row.row_hash, row.line))
            if known[0] != row.row_hash:
                self._fought.setdefault(key, [known[1]]).append(row.line)

    def passes(self, row: Row) -> bool:
        """Whether the row is taken; the report says why not."""
        if self._kind.duplicates == "keep":
            return True
        if self._fought and (lines := self._fought.get(self._key(row))):
            say = f"Lines {', '.join(map(str, lines[:5]))} state different values for one {'/'.join(self._kind.identity)}; none of them is taken."
            self._report.reject(
                "duplicate_contradicts", say, line=row.line, repair="Keep the right one."
            )
            return False
        first = self._seen.setdefault(row.row_hash, row.line)
        if first != row.line:
            self._report.count("skipped")
            self._report.take(row.line, "skipped")
            self._report.find(
                "warning",
                "duplicate_row",
                f"Says the same as line {first}; counted once.",
                line=row.line,
            )
            return False
        return True
