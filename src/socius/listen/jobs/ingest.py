"""`listen ingest`: files into the store. Raw blocks go to the queue first; what is in the queue survives a crash and is applied once."""

from __future__ import annotations

import gzip
import io
import json
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from socius.connectors.streams.reading import FEW, Source, sniff, split, too_broken
from socius.engine.stream import StreamPlan, plan_for, process
from socius.kit.errors import Conflict, Invalid
from socius.kit.rest import resting
from socius.listen.jobs import leaving
from socius.listen.jobs.decoding import Taken, taken
from socius.listen.jobs.scorers import current
from socius.stores import reached
from socius.stores.mentions import Parts, Store
from socius.stores.queue import Block
from socius.stores.schema import COUNTS, HITS, MENTIONS, quarantined
from socius.stores.turns import Turns

APPLICATION = "ingest/files/0"
SHOWN = 5
MICRO = 1_000_000
CHUNK = 16 << 20
MOST_TIMES = 200  # JSON of a stream shrinks to a tenth, at the very most to a fiftieth


@dataclass
class Report:
    """What became of the files."""

    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None
    samples: list[dict[str, Any]] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        names = ("records", "stored", "duplicates", "edits", "deletes", "malformed")
        return {
            **{name: self.counts[name] for name in names},
            "by_kind": dict(sorted(self.kinds.items())),
            "other": dict(sorted(self.other.items())),
            "first": written(self.first),
            "last": written(self.last),
            "malformed_sample": self.samples,
        }


def written(moment: int | None) -> str | None:
    """A time as ISO 8601 in UTC."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment / MICRO, UTC).isoformat().replace("+00:00", "Z")


def source_of(request: Mapping[str, Any], place: str, head: bytes) -> Source:
    """How a file is read: as said, else as it looks."""
    mapping = {}
    for pair in request.get("map") or ():
        column, equals, name = pair.rpartition("=")
        if not equals or not column:
            raise Invalid(
                f"--map {pair!r} has no `=`.", field="map", repair="Write --map COLUMN=FIELD."
            )
        mapping[column] = name
    scale = (0.0, 100.0)
    if request.get("scale"):
        scale = scale_of(request["scale"])
    name = request.get("source") or sniff(place, head)
    return Source(
        name, place, mapping, request.get("network") or "", scale, request.get("dates") or ""
    )


def scale_of(text: str) -> tuple[float, float]:
    """`1,5` as lowest and highest. Raises `Invalid` where it is none."""
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        low = high = 0.0
    if not low < high or high - low == float("inf"):
        raise Invalid(
            f"--scale is {text!r}.", field="scale", repair="Write lowest,highest, such as 1,5."
        )
    return low, high


def content(place: str) -> bytes:
    """Bytes of a file; gzip is opened, `-` is standard input."""
    try:
        data = sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()
        return unzipped(place, data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError, zlib.error) as error:
        say = getattr(error, "strerror", None) or str(error)
        raise Invalid(
            f"{place} cannot be read: {say}.", repair="Check the name and its rights."
        ) from error


def unzipped(place: str, data: bytes) -> bytes:
    """What a gzipped file holds. Raises `Invalid` where a small file grows beyond what records can: it would fill the memory."""
    parts, size = [], 0
    with gzip.open(io.BytesIO(data)) as stream:
        while part := stream.read(CHUNK):
            parts.append(part)
            size += len(part)
            if size > MOST_TIMES * len(data) and size > CHUNK:
                raise Invalid(
                    f"{place} grows to more than {MOST_TIMES} times its size when it is opened.",
                    field="files", repair="Records do not; open it yourself and look.",
                )  # fmt: skip
    return b"".join(parts)


def parts_of(store: Store, block: Block, plan: StreamPlan, report: Report) -> Parts:
    """What a block becomes; adds to the report."""
    source = Source(**{**block.said["source"], "scale": tuple(block.said["source"]["scale"])})
    observed = block.said["observed"]
    found = taken(source, block.data, (block.number, observed), store.named)
    held = held_back(source, found, block)
    rows, verdicts = (None, Counter[str]()) if found.batch is None else store.news(found.batch)
    noted(report, seen(found, block), verdicts)
    if rows is None or not rows.num_rows:
        return Parts(MENTIONS.empty_table(), HITS.empty_table(), COUNTS.empty_table(), held)
    return Parts(*process(rows, plan), held)


def held_back(source: Source, found: Taken, block: Block) -> Any:
    """What could not be read, as a table."""
    rows = [(m.line + block.said["line"], m.say, m.sample) for m in found.done.malformed]
    return quarantined(rows, source.place or source.name, block.number, block.said["observed"])


def seen(found: Taken, block: Block) -> dict[str, Any]:
    """What a block holds, in numbers and samples that JSON can keep."""
    malformed = found.done.malformed
    first, last = (None, None) if found.batch is None else found.batch.span()
    place, before = block.said["source"]["place"], block.said["line"]
    return {
        "records": found.records + len(malformed), "malformed": len(malformed), "other": dict(found.done.other),
        "kinds": {} if found.batch is None else found.batch.kinds(), "first": first, "last": last,
        "samples": [
            {"file": place, "line": m.line + before, "say": m.say, "sample": m.sample[:120].decode("utf-8", "replace")}
            for m in malformed[:SHOWN]
        ],
    }  # fmt: skip


def noted(report: Report, said: Mapping[str, Any], verdicts: Counter[str]) -> None:
    """Adds a block to the report."""
    report.counts.update(verdicts)
    report.counts.update({name: said[name] for name in ("records", "malformed")})
    report.other.update(said["other"])
    report.kinds.update(said["kinds"])
    report.first = min((t for t in (report.first, said["first"]) if t is not None), default=None)
    report.last = max((t for t in (report.last, said["last"]) if t is not None), default=None)
    report.samples += said["samples"][: SHOWN - len(report.samples)]


def drained(store: Store, plan: StreamPlan, report: Report) -> None:
    """Applies what waits in the queue."""
    if not store.queue.depth():
        return
    applied = store.applied(APPLICATION)
    for block in store.queue.pending():
        if "live" in block.said:
            # Their hits belong into the database, which this process does not open.
            raise Conflict(
                "Mentions of a stream wait to be finished. Run `socius worker` first, then read the file again."
            )
        if block.number > applied:
            with resting():
                store.apply(parts_of(store, block, plan, report), APPLICATION, block.number)
        reached.note(store.folder, block.number)
        leaving.note(store.folder, block)
        store.queue.acknowledge(block.number)


def blocks_of(request: Mapping[str, Any], observed: int) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Raw blocks of all files. Before anything is queued a file is refused that is malformed in more than a fifth. A few records
    that are malformed throughout, or none at all, are refused too, unless another file has good ones: then they are shown, or said.
    """
    told: list[str] = []
    for place in request["files"]:
        data = content(place)
        source = source_of(request, place, data[: 64 << 10])
        for line, piece in split(data, source.name):
            if line == 0:
                look = taken(source, piece, (0, observed))
                told.append(refusal(place, look))
                sys.stderr.write("".join(f"{note}\n" for note in look.done.notes))
                if told[-1] and whole(look) >= FEW:
                    raise Invalid(told[-1], field="source", repair="Check --source and --map.")
            yield piece, {"source": asdict(source), "observed": observed, "line": line}
        if not data:
            told.append(f"{place} is empty.")
    if told and all(told):
        raise Invalid(told[0], field="source", repair="Check --source and --map.")
    sys.stderr.write("".join(f"{say}\n" for say in told if say))


def whole(look: Taken) -> int:
    """How many records a look came to, good or not."""
    return look.records + len(look.done.malformed) + sum(look.done.other.values())


def refusal(place: str, look: Taken) -> str:
    """Why a file is refused; empty where it is not."""
    if not whole(look):
        return f"{place} holds no records."
    if not too_broken(look.records, look.done):
        return ""
    worst = look.done.malformed[0]
    return f"{place}: {len(look.done.malformed)} of {whole(look)} records are malformed, the first in line {worst.line}: {worst.say}"


def ingest(request: Mapping[str, Any]) -> None:
    """Reads files into the store of this home."""
    folder = Path(request["home"]) / "listen"
    observed = time.time_ns() // 1000
    plan = plan_for([], model=current(Path(request["home"])))
    queued = list(blocks_of(request, observed))
    left, report, turns = Report(), Report(), Turns(folder)
    with turns.turn() as store:
        drained(store, plan, left)  # what an earlier run could not finish
    for data, said in queued:
        with turns.turn() as store:
            store.queue.append(data, said)
            drained(store, plan, report)
    if left.counts["records"]:
        sys.stderr.write(
            f"An earlier run was cut off; {left.counts['records']} of its records were finished first.\n"
        )
    if request.get("json"):
        sys.stdout.write(json.dumps(report.data(), ensure_ascii=False, indent=2) + "\n")
    else:
        shown(report.data())


def shown(data: Mapping[str, Any]) -> None:
    """For people."""
    for name in ("records", "stored", "duplicates", "edits", "deletes", "malformed"):
        sys.stdout.write(f"{name:<11}{data[name]:>9,}\n")
    sys.stdout.write(f"from {data['first']} to {data['last']}\n")
    for found in data["malformed_sample"]:
        sys.stdout.write(f"{found['file']}, line {found['line']}: {found['say']}\n")
