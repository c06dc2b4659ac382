"""Blocks made ready by whoever has time, while only one at a time writes: how several workers share one queue."""

from __future__ import annotations

import zlib
from typing import Any

from socius.connectors.streams.reading import Source
from socius.engine.stream import StreamPlan, judge, judged_of
from socius.kit.rest import resting
from socius.listen.jobs.decoding import taken
from socius.listen.jobs.ingest import Report, held_back, noted, parts_of, seen
from socius.stores import prepared
from socius.stores.batches import of_table
from socius.stores.mentions import LOCAL, Parts, Store
from socius.stores.queue import Block

Made = tuple[dict[str, Any], dict[str, Any]]


def mark(block: Block, plan: StreamPlan) -> dict[str, Any]:
    """What a prepared block must fit: the queries of now, and the bytes of now, because a person's may have been taken out since."""
    return {"plan": plan.digest.hex(), "bytes": zlib.crc32(block.data)}


def prepare(store_folder: Any, block: Block, plan: StreamPlan) -> None:
    """Makes a block ready and keeps that. It asks the store nothing, so any number of workers may do it at once."""
    source = Source(**{**block.said["source"], "scale": tuple(block.said["source"]["scale"])})
    with resting():
        found = taken(source, block.data, (block.number, block.said["observed"]))
        tables = {"quarantine": held_back(source, found, block)}
        # Only the store knows the address of what a server names by a number of its own; then the block is made anew.
        known = not any(r.remote_id.startswith(LOCAL) for r in found.done.records)
        if found.batch is not None and known:
            tables |= judge(found.batch.table(), plan).tables()
    said = {**mark(block, plan), "known": known, "seen": seen(found, block)}
    prepared.keep(store_folder, block.number, said, tables)


def finished(store: Store, block: Block, plan: StreamPlan, report: Report) -> Parts:
    """What a block becomes: from what was prepared where that fits, else made on the spot. The same either way."""
    found = prepared.find(store.folder, block.number)
    if found is None or not found[0]["known"] or not fits(found[0], mark(block, plan)):
        return parts_of(store, block, plan, report)
    said, tables = found
    if "mentions" not in tables:
        return parts_of(store, block, plan, report)
    made = judged_of(tables)
    places, verdicts = store.known.news(*of_table(made.mentions))
    noted(report, said["seen"], verdicts)
    return Parts(*made.chosen(places).parts(), tables["quarantine"])


def fits(said: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether what was prepared belongs to these bytes and queries."""
    return all(said[name] == value for name, value in wanted.items())
