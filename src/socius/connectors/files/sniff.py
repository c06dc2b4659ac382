"""Finds the header and the format of a table: by the set of its headers, never by their order or the file's name (R1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from socius.connectors.files.declare import Format, Kind, plain
from socius.connectors.files.envelope import Envelope, Lines
from socius.connectors.files.kinds import FORMATS, formats_of
from socius.connectors.files.records import Records

DELIMITERS = (",", ";", "\t", "|")
HEAD_LINES = 100  # a header stands in the first of these lines or nowhere
DEEPEST = 40


@dataclass
class Match:
    """A header row read as a format. `columns` holds, per field, the index of its column."""

    format: Format
    headers: list[str]
    columns: dict[str, int] = field(default_factory=dict)
    required_met: int = 0
    missing: tuple[str, ...] = ()
    rivals: list[tuple[str, list[int]]] = field(
        default_factory=list
    )  # field, columns that claim it alike
    unknown_map: list[tuple[str, str]] = field(
        default_factory=list
    )  # column, field that do not exist

    @property
    def complete(self) -> bool:
        """Every required header is there."""
        return not self.missing

    @property
    def score(self) -> tuple[bool, int, int]:
        """More matched headers win; among equals the format that demands more of them."""
        return self.complete, len(self.columns), self.required_met

    @property
    def confidence(self) -> float:
        """Share of the file's headers that were understood."""
        named = sum(1 for h in self.headers if h.strip())
        return round(len(self.columns) / named, 2) if named else 0.0


@dataclass
class Layout:
    """Where the table begins and how it is read."""

    delimiter: str
    header_line: int  # 1 = first line of the file
    after: int  # lines to skip before the first record
    headers: list[str]
    match: Match | None
    tied: tuple[str, ...] = ()


def header_hash(headers: list[str]) -> str:
    """Names a set of headers, whatever their order."""
    return hashlib.sha256(
        "\x1f".join(sorted({plain(h) for h in headers if h.strip()})).encode()
    ).hexdigest()


def match(
    layout: Format, headers: list[str], mapping: Mapping[str, str], constants: frozenset[str]
) -> Match:
    """Reads a header row as a format. What a person mapped counts first, an exact header before an alias."""
    result = Match(layout, headers)
    names = [plain(h) for h in headers]
    taken = _mapped(result, names, mapping)
    for name, spellings in layout.headers.items():
        if name in result.columns or name in constants:
            continue
        for spelling in spellings:
            hits = [i for i, n in enumerate(names) if n == plain(spelling) and i not in taken]
            if hits:
                result.columns[name] = hits[0]
                taken.update(hits)
                if len(hits) > 1:
                    result.rivals.append((name, hits))
                break
    have = set(result.columns) | constants
    result.missing = _missing(layout, have)
    result.required_met = sum(name in have for name in layout.required)
    return result


def _mapped(result: Match, names: list[str], mapping: Mapping[str, str]) -> set[int]:
    taken: set[int] = set()
    for column, name in mapping.items():
        hits = [i for i, n in enumerate(names) if n == plain(column)]
        known = result.format.kind.field(name) is not None
        if not hits or (not known and name):
            result.unknown_map.append((column, name if hits else ""))
            continue
        taken.update(hits)
        if name:  # `--map COLUMN=` says that the column means nothing to us
            result.columns[name] = hits[0]
            if len(hits) > 1:
                result.rivals.append((name, hits))
    return taken


def _missing(layout: Format, have: set[str]) -> tuple[str, ...]:
    missing = [name for name in layout.required if name not in have]
    if layout.one_of and not any(all(n in have for n in group) for group in layout.one_of):
        missing.append(" or ".join("+".join(group) for group in layout.one_of))
    return tuple(missing)


def _head(envelope: Envelope) -> list[str]:
    head: list[str] = []
    for lines in envelope.lines():
        head += lines[: HEAD_LINES - len(head)]
        if len(head) >= HEAD_LINES:
            break
    return head


def _candidates(head: list[str], skip: int, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """Rows of the head that could be a header: its line, the lines up to its end, its cells."""
    lines = Lines(head[skip:])
    lines.odd = True
    batches = Records([lines], delimiter, 0)
    for batch in batches:
        ends = [*batch.numbers[1:], len(lines) + 1][: len(batch.numbers)]
        for number, end, row in islice(zip(batch.numbers, ends, batch.rows, strict=True), DEEPEST):
            if not row[0].lstrip().startswith("#"):
                # A header that goes over several lines ends where the next row begins, blank lines not counted.
                span = max(1, 1 + sum(cell.count("\n") for cell in row))
                yield skip + number, skip + number + min(span, end - number) - 1, _trimmed(row)


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1].strip():
        row.pop()
    return row


def find_layout(
    envelope: Envelope,
    kind: Kind,
    mapping: Mapping[str, str],
    constants: frozenset[str],
    chosen: str = "",
) -> Layout | None:
    """The best reading of the head of the file; None where there is not even one row. `chosen` names a format where two fit."""
    head = _head(envelope)
    formats = tuple(f for f in formats_of(kind.name) if f.name == chosen) or formats_of(kind.name)
    skip, forced = _separator(head)
    best: Layout | None = None
    rank: tuple[bool, int, int] = (False, 0, 0)
    for delimiter in forced or DELIMITERS:
        for line, after, headers in _candidates(head, skip, delimiter):
            found = _matches(formats, headers, mapping, constants)
            if found[0].score > rank and (found[0].complete or _plausible(found[0])):
                rank = found[0].score
                tied = tuple(m.format.name for m in found if m.complete and m.score == rank)
                best = Layout(
                    delimiter, line, after, headers, found[0], tied if len(tied) > 1 else ()
                )
    if best is not None and best.match is not None and best.match.complete:
        return best
    widest = _widest(head, skip, forced or DELIMITERS)
    if best and widest and len(best.headers) >= len(widest.headers):
        return best
    if widest is not None:
        widest.match = _matches(formats, widest.headers, mapping, constants)[0]
    return widest


def _matches(
    formats: tuple[Format, ...],
    headers: list[str],
    mapping: Mapping[str, str],
    constants: frozenset[str],
) -> list[Match]:
    """How well each format fits, the best first."""
    found = [match(f, headers, mapping, constants) for f in formats]
    return sorted(found, key=lambda m: m.score, reverse=True)


def _plausible(found: Match) -> bool:
    return len(found.columns) >= 1 and len(found.headers) > 1


def _separator(head: list[str]) -> tuple[int, tuple[str, ...]]:
    first = head[0].strip().strip('"') if head else ""
    if first.lower().startswith("sep=") and len(first) >= 5:
        return 1, (first[4:],)
    return (1, ("\t",)) if first.lower() == "sep=" else (0, ())


def _widest(head: list[str], skip: int, delimiters: tuple[str, ...]) -> Layout | None:
    """The row with most cells: what to show a person who has to map columns by hand."""
    best: Layout | None = None
    for delimiter in delimiters:
        for line, after, headers in _candidates(head, skip, delimiter):
            if headers and (best is None or len(headers) > len(best.headers)):
                best = Layout(delimiter, line, after, headers, None)
    return best


def nearest(headers: list[str], most: int = 3) -> list[tuple[str, str, tuple[str, ...]]]:
    """The formats that come closest: name, kind, and the headers that are missing."""
    found = [match(f, headers, {}, frozenset()) for f in FORMATS]
    found.sort(key=lambda m: (len(m.missing) - m.required_met, -len(m.columns)))
    return [(m.format.name, m.format.kind.name, m.missing) for m in found[:most]]
