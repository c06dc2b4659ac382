"""The batch function for whoever spreads batches over processes or machines: Arrow batches in, Arrow batches out, with types that travel.

A batch is decided by itself, so its result does not depend on where it ran or with what it lay together. Counts add up; hits and mentions
are put side by side. How each step up is set up: docs/how-to/scale-listening.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from socius.engine.stream import StreamPlan, process

PARTS = {"mentions": 0, "hits": 1, "counts": 2}


def travelling(kind: pa.DataType) -> pa.DataType:
    """A type that files and other engines know: no dictionaries, no fixed sizes."""
    if pa.types.is_dictionary(kind):
        return pa.string()
    if pa.types.is_fixed_size_binary(kind):
        return pa.binary()
    return pa.list_(kind.value_type) if pa.types.is_fixed_size_list(kind) else kind


def travels(table: pa.Table) -> pa.Table:
    """A table with such types."""
    return table.cast(pa.schema([pa.field(f.name, travelling(f.type)) for f in table.schema]))


def processed(batches: Iterable[pa.RecordBatch], plan: StreamPlan, part: str) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """One part of what each batch becomes: `mentions`, `hits` or `counts`. Raises KeyError for another name."""
    at = PARTS[part]
    for batch in batches:
        yield from travels(process(pa.Table.from_batches([batch]), plan)[at]).to_batches()
