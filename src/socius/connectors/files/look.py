"""Looks at a file before anybody has said what it is: which kinds its headers fit, and some of its values."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from socius.connectors.files.archive import Hostile
from socius.connectors.files.envelope import Envelope
from socius.connectors.files.kinds import KINDS
from socius.connectors.files.masks import masked
from socius.connectors.files.records import Records
from socius.connectors.files.sniff import Layout, find_layout
from socius.connectors.files.values import Upload

SAMPLES = 3
READ_FOR_SAMPLES = 50


@dataclass(frozen=True)
class Candidate:
    """A kind that the file may be: how many of its headers are understood, and which it lacks."""

    kind: str
    format: str
    matched: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Every header that the kind needs is there."""
        return not self.missing


@dataclass(frozen=True)
class Column:
    """A header with the field that it is read as ('' none) and its first values, masked."""

    header: str
    field: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """What a file seems to be, the likeliest first; `say` is why it cannot be read at all."""

    candidates: tuple[Candidate, ...] = ()
    headers: tuple[str, ...] = ()
    say: str = ""

    @property
    def clear(self) -> str:
        """The kind, where there is no doubt about it; else ''."""
        complete = [c for c in self.candidates if c.complete]
        if not complete or any(c.matched >= complete[0].matched for c in complete[1:]):
            return ""
        return complete[0].kind


def look(upload: Upload) -> Look:
    """Reads the head of the file as each kind."""
    try:
        envelope = Envelope(upload)
    except Hostile as error:
        return Look(say=f"{error.say} {error.repair}".strip())
    found: list[Candidate] = []
    headers: list[str] = []
    for kind in KINDS.values():
        layout = find_layout(envelope, kind, {}, frozenset())
        if layout is None or layout.match is None:
            continue
        headers = max(headers, layout.headers, key=len)
        match = layout.match
        if match.columns:
            found.append(Candidate(kind.name, match.format.name, len(match.columns), match.missing))
    found.sort(key=lambda c: (not c.complete, len(c.missing) if not c.complete else 0, -c.matched))
    return Look(tuple(found), tuple(headers), "" if headers else "The file holds no rows at all.")


def columns(upload: Upload, kind: str) -> tuple[Column, ...]:
    """The headers of the file with what each is read as, and its first values."""
    envelope, layout = opened(upload, kind)
    if layout is None:
        return ()
    fields = {i: name for name, i in layout.match.columns.items()} if layout.match else {}
    rows: list[list[str]] = []
    for batch in Records(envelope.lines(), layout.delimiter, len(layout.headers), layout.after):
        rows += batch.rows[: READ_FOR_SAMPLES - len(rows)]
        if len(rows) >= READ_FOR_SAMPLES:
            break
    return tuple(
        Column(header, fields.get(i, ""), samples(rows, i))
        for i, header in enumerate(layout.headers)
        if header.strip()
    )


def samples(rows: list[list[str]], index: int) -> tuple[str, ...]:
    """The first different values of a column."""
    values = dict.fromkeys(row[index].strip() for row in rows if index < len(row))
    return tuple(masked(value, longest=40) for value in values if value)[:SAMPLES]


def opened(upload: Upload, kind: str) -> tuple[Envelope, Layout | None]:
    """The file read as a kind."""
    envelope = Envelope(upload)
    constants = frozenset(name for name in upload.answers if KINDS[kind].field(name))
    chosen = upload.answers.get("format", "")
    return envelope, find_layout(envelope, KINDS[kind], upload.mapping, constants, chosen)


def lines_of(upload: Upload, kind: str, wanted: Collection[int]) -> Iterator[tuple[int, list[str]]]:
    """The header as line 0, then the wanted lines of the file in their order, as they were written; a damaged line is one cell."""
    envelope, layout = opened(upload, kind)
    if layout is None:
        return
    yield 0, layout.headers
    left = set(wanted)
    for batch in Records(envelope.lines(), layout.delimiter, len(layout.headers), layout.after):
        found = [(n, r) for n, r in zip(batch.numbers, batch.rows, strict=True) if n in left]
        found += [(d.line, cells(d.raw, layout.delimiter)) for d in batch.damaged if d.line in left]
        yield from sorted(found)
        left.difference_update(n for n, _ in found)
        if not left:
            return


def cells(raw: str, delimiter: str) -> list[str]:
    """A damaged line as cells, where that can be told."""
    try:
        return next(csv.reader([raw], delimiter=delimiter), [])
    except csv.Error:
        return [raw]
