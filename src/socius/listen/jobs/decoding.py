"""Raw bytes of a block to a table: new posts of Bluesky straight to columns, everything else record by record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from socius.connectors.streams.reading import Source, decode, decode_lines
from socius.connectors.streams.record import Decoded
from socius.engine.frames.jetstream import frames
from socius.kit.rest import resting
from socius.stores.batches import Batch, joined, of_columns, of_records

BLUESKY = {"network": "bluesky", "channel": "social", "op": "create", "flags": 0}
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
        if source.name == "jetstream" and data:
            found = frames(data, observed)
            if found.keys:
                parts.append(of_columns(found.columns, same, found.keys, found.when, found.lines))
            done, lines = decode_lines(source, found.left, observed)
        else:
            done = decode(source, data, observed)
            lines = list(range(len(done.records)))
        if done.records:
            if named is not None:
                named(done.records)
            parts.append(of_records(done.records, lines, source.name, number, observed))
    return Taken(joined(parts) if parts else None, done)
