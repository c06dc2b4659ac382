"""The collector: frames of all sources become blocks, blocks go to the queue, and from there into the tables and the database once.

Killed anywhere it loses nothing and doubles nothing: what is in the queue is applied at the next start, and what was not is told
again, because the cursor of a source moves only with its block.
"""

from __future__ import annotations

import os
import queue
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from socius.connectors.streams.reading import Source as Read
from socius.engine.query.parser import parse
from socius.engine.query.plan import Filed
from socius.engine.stream import StreamPlan, plan_for
from socius.kit import clock
from socius.kit.clock import instant
from socius.kit.rest import resting
from socius.listen.actions import claims
from socius.listen.actions.collected import Told, heard, keep
from socius.listen.jobs import leaving
from socius.listen.jobs.ingest import APPLICATION, Report
from socius.listen.jobs.mailing import reader_of, stretch_of
from socius.listen.jobs.reader import BOX, Frame, Reader, Stream
from socius.listen.jobs.scorers import current, plugin
from socius.listen.jobs.sharing import finished, prepare
from socius.listen.models import Hit, Query, Source
from socius.stores import prepared, reached
from socius.stores.mentions import Store
from socius.stores.queue import Block
from socius.stores.turns import Turns

GATHER = 3.0  # seconds; each block is a commit in every table
MOST_FRAMES = 20_000
AHEAD = 16  # blocks that are made ready before the first of them is written
PATIENCE = 0.2  # seconds between looks at what others are doing
LOOK = 2.0  # seconds between looks at queries and sources
TIME_US = re.compile(r'"time_us":\s*(\d{16})\b')


def plan_now() -> tuple[tuple[tuple[int, int], ...], StreamPlan]:
    """What is listened for, and a mark that changes with it."""
    rows = list(Query.objects.filter(archived_at=None).order_by("pk"))
    filed = []
    for row in rows:
        tree = parse(row.text).tree
        if tree is not None:
            filed.append(Filed(row.pk, tree, row.text, row.version))
    return tuple((r.pk, r.version) for r in rows), plan_for(
        filed, model=current(settings.HOME), plugin=plugin(settings.HOME)
    )


class Collector:
    """Takes the store for a turn whenever it has something to put into it."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.box: queue.Queue[Frame] = queue.Queue(BOX)
        self.readers: dict[int, Reader] = {}
        self.heard: dict[int, tuple[str, str]] = {}
        # Source -> connection and end of its last block, so that a stretch goes on while the connection does.
        self.ends: dict[int, tuple[int, int]] = {}
        self.mark, self.plan = plan_now()
        self.looked = 0.0
        self.name = claims.myself()

    def run(self) -> None:
        """Until no source is wanted."""
        self.turn({})
        while self.look():
            frames = self.gathered()
            if frames or claims.shared():
                self.turn(frames)

    def turn(self, frames: Mapping[int, list[Frame]]) -> None:
        """Puts what came into the queue. A block that waits alone is done at once; of several each is made ready aside, so that others may help."""
        with self.turns.turn() as store:
            for pk, came in frames.items():
                if pk in self.readers:
                    self.queued(store, self.readers[pk], came)
            alone = store.queue.depth() <= 1
            if alone:
                self.settled(store, alone=True)
        while not alone and self.worked():
            pass

    def worked(self) -> bool:
        """Writes what is ready, then makes one block ready that nobody else has; False once nothing waits."""
        with self.turns.turn() as store:
            self.settled(store)
            names = [f"{claims.BLOCK}{n}" for n in store.queue.waiting() if not prepared.exists(store.folder, n)]  # fmt: skip
            mine = claims.claim(names[:AHEAD], self.name, clock.now())
            block = store.queue.block(int(mine.removeprefix(claims.BLOCK))) if mine else None
            left = bool(store.queue.depth())
        if block is not None:
            prepare(self.turns.folder, block, self.plan)
        elif left:
            time.sleep(PATIENCE)  # others have the rest; where one of them died its claim ends
        return left

    def settled(self, store: Store, *, alone: bool = False) -> None:
        """Writes blocks in their order, as far as they are ready; `alone`: also one that nobody has begun."""
        for number in store.queue.waiting():
            name = f"{claims.BLOCK}{number}"
            if not prepared.exists(store.folder, number) and (
                not alone or claims.others([name], self.name, clock.now())
            ):
                return
            block = store.queue.block(number)
            if block is not None:
                self.applied(store, block)
            prepared.forget(store.folder, number)
            claims.let_go([name])

    def look(self) -> bool:
        """Follows what people changed: queries, sources added, paused. False when nothing is wanted."""
        if time.monotonic() - self.looked < LOOK:
            return True
        self.looked = time.monotonic()
        close_old_connections()
        rows = Query.objects.filter(archived_at=None).order_by("pk")
        if tuple(rows.values_list("pk", "version")) != self.mark:
            self.mark, self.plan = plan_now()
        unpaused = list(Source.objects.filter(paused=False))
        # Each source is read by one collector, however many there are.
        wanted = {s.pk: s for s in unpaused if claims.held(f"{claims.SOURCE}{s.pk}", self.name, clock.now())}  # fmt: skip
        for pk in set(self.readers) - set(wanted):
            self.readers.pop(pk).stop()
            self.heard.pop(pk, None)
        for pk in set(wanted) - set(self.readers):
            s = wanted[pk]
            self.readers[pk] = reader_of(Stream(pk, s.kind, s.address, s.cursor), self.box, loopback=settings.LISTEN_LOOPBACK)  # fmt: skip
        for pk, reader in self.readers.items():
            state = (reader.state, reader.error)
            if self.heard.get(pk) != state:
                heard(pk, *state)
                self.heard[pk] = state
        return bool(unpaused)

    def gathered(self) -> dict[int, list[Frame]]:
        """What came within a few seconds, by source."""
        frames: dict[int, list[Frame]] = {}
        until = time.monotonic() + GATHER
        for _ in range(MOST_FRAMES):
            try:
                frame = self.box.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            frames.setdefault(frame.source, []).append(frame)
        return frames

    def queued(self, store: Store, reader: Reader, frames: list[Frame]) -> Block:
        """Frames as a block of lines, safe in the queue. Times of coverage are the network's where it tells them, else ours."""
        kind, pk = reader.stream.kind, reader.stream.pk
        times = [int(t) for f in frames for t in TIME_US.findall(f.text)] if kind == "jetstream" else []  # fmt: skip
        times = times or [f.at for f in frames]
        connection, end = self.ends.get(pk, (0, 0))
        since = end if connection == frames[0].connection else min(times)
        until = max([*times, end])
        self.ends[pk] = (frames[-1].connection, until)
        cursor = str(until) if kind == "jetstream" else ""
        if kind == "imap":
            since, until, cursor = stretch_of(frames)
        said = {
            "source": asdict(Read(kind, f"source:{pk}")), "observed": frames[-1].at, "line": 0,
            "live": pk, "cursor": cursor, "since": since, "until": until,
        }  # fmt: skip
        data = "\n".join(" ".join(f.text.splitlines()) for f in frames).encode("utf-8", "replace")
        number = store.queue.append(data, said)
        reader.cursor = cursor
        return Block(number, said, data)

    def applied(self, store: Store, block: Block) -> None:
        """One block into the tables, then into the database, then off the queue. Each step may come a second time."""
        report = Report()
        if block.number > store.applied(APPLICATION):
            with resting():
                parts = finished(store, block, self.plan, report)
                store.apply(parts, APPLICATION, block.number)
            hits = parts.hits.to_pylist()
            gone = parts.gone()
        else:
            report.counts.update({"records": block.data.count(b"\n") + 1})
            hits, gone = again(store, block.number, report)
        keep(told(block, report), (row_of(h) for h in hits), gone)
        if "live" not in block.said:
            reached.note(store.folder, block.number)
        leaving.note(store.folder, block)
        store.queue.acknowledge(block.number)


def again(store: Store, number: int, report: Report) -> tuple[list[dict[str, Any]], list[str]]:
    """Hits and deletes of a block whose tables were written and whose database part may not have been."""
    hits, rows = store.of_block(number)
    report.counts["stored"] = sum(r["op"] == "create" for r in rows)
    return hits, [r["key"].hex() for r in rows if r["op"] == "delete"]


def told(block: Block, report: Report) -> Told | None:
    """What a block says of its source; None for one of a file."""
    said = block.said
    if "live" not in said:
        return None
    return Told(
        said["live"], block.number, said["cursor"], instant(said["since"]), instant(said["until"]), report.counts
    )  # fmt: skip


def row_of(hit: Mapping[str, Any]) -> Hit:
    """A hit of the tables as a row."""
    return Hit(
        query_id=hit["query"], version=hit["query_version"], key=hit["key"].hex(), day=hit["day"],
        at=hit["created_at"], observed_at=hit["observed_at"], block=hit["block"],
    )  # fmt: skip


def orphaned() -> None:
    """Ends at once when whoever started us is gone: the next start finishes what was begun."""
    # Not through `sys.stdin`, whose lock a thread that waits would hold when Python ends.
    while os.read(0, 1 << 16):
        pass
    os._exit(0)


def collect(request: Mapping[str, Any]) -> None:
    """Collects until no source is wanted, or its parent ends."""
    threading.Thread(target=orphaned, daemon=True).start()
    Collector(Turns(Path(request["home"]) / "listen", patience=None)).run()
