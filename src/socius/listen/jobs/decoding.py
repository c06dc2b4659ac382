"""Raw bytes of a block to a table: new posts of Bluesky straight to columns, everything else record by record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from socius.connectors.streams.reading import Source, decode, decode_lines, of_lines
from socius.connectors.streams.record import Decoded, Record
from socius.engine.frames.jetstream import frames
from socius.kit.rest import resting
from socius.stores.batches import Batch, joined, of_columns, of_records

BLUESKY = {"network": "bluesky", "channel": "social", "op": "create", "flags": 0}
# What the same bytes will raise again; a full disk or a lack of memory is no fault of a record.
FAULTS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
Naming = Callable[[Sequence[Any]], None]


class Taken(NamedTuple):
    """What a block holds: records as a batch (None: none), and what was malformed or only counted."""

    batch: Batch | None
    done: Decoded

    @property
    def records(self) -> int:
        """How many records there are."""
        return 0 if self.batch is None else len(self.batch.keys)


def taken(
    source: Source, data: bytes, place: tuple[int, int], named: Naming | None = None
) -> Taken:
    """Reads a block; `place` is its number and our clock in microseconds. `named` brings ids that a server uses for itself to public ones."""
    number, observed = place
    same = {**BLUESKY, "observed_at": observed, "source": source.name, "block": number}
    parts = []
    with resting():
        try:
            found = frames(data, observed) if source.name == "jetstream" and data else None
            done, lines = decode_lines(source, found.left, observed) if found else (decode(source, data, observed), None)  # fmt: skip
        except FAULTS:
            found, lines, done = None, None, line_by_line(source, data, observed)
        if found and found.keys:
            parts.append(of_columns(found.columns, same, found.keys, found.when, found.lines))
        if done.records:
            if named is not None:
                named(done.records)
            numbers = list(range(len(done.records))) if lines is None else lines
            parts += fitting(done.records, numbers, (source.name, number, observed), done)
    return Taken(joined(parts) if parts else None, done)


def line_by_line(source: Source, data: bytes, observed: int) -> Decoded:
    """Reads what can be read of a block on which the reader itself failed; the culprit goes to the malformed and stops nothing."""
    try:
        return decode(source, data, observed)
    except FAULTS as error:
        lines = data.splitlines(keepends=True)
        half = len(lines) // 2
        if not half or not of_lines(data, source.name):
            done = Decoded()
            done.bad(1, failed(error), data)
            return done
    done = line_by_line(source, b"".join(lines[:half]), observed)
    rest = line_by_line(source, b"".join(lines[half:]), observed)
    done.records += rest.records
    done.malformed += [replace(m, line=m.line + half) for m in rest.malformed]
    done.other.update(rest.other)
    done.notes += rest.notes
    return done


def fitting(
    records: Sequence[Record], lines: Sequence[int], about: tuple[str, int, int], done: Decoded
) -> list[Batch]:
    """The records as batches; one that the columns do not take goes to the malformed, and the others stay."""
    try:
        return [of_records(records, lines, *about)]
    except FAULTS as error:
        if len(records) == 1:
            done.bad(lines[0], failed(error), repr(records[0]).encode())
            return []
    half = len(records) // 2
    first = fitting(records[:half], lines[:half], about, done)
    return first + fitting(records[half:], lines[half:], about, done)


def failed(error: Exception) -> str:
    """What is said of a record that no rule speaks of."""
    return f"No rule of ours speaks of it, and reading it failed: {type(error).__name__}, {str(error)[:200]}"
