"""Puts recorded frames of a source through the collector's own steps, block by block: what a stream told before is told again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from socius.connectors.streams.reading import Source as Read
from socius.listen.jobs.collect import TIME_US, Collector
from socius.stores.turns import Turns

MOST = 5_000
MICRO = 1_000_000


def blocks(lines: list[str], stretch: int) -> Iterator[list[str]]:
    """Lines of a Jetstream in blocks; a new one begins after a silence of `stretch` seconds, which is a gap, and after so many lines."""
    part, last, number = 0, 0, 0
    marked = []
    for line in lines:
        found = TIME_US.search(line)
        at = int(found[1]) if found else last
        if at - last > stretch * MICRO or number >= MOST:
            part, number = part + 1, 0
        last, number = at, number + 1
        marked.append((part, line))
    for _, group in groupby(marked, key=lambda pair: pair[0]):
        yield [line for _, line in group]


def feed(request: Mapping[str, Any]) -> None:
    """Feeds `file` (JSON lines of a Jetstream) to the source `source` of this home; its cursor and coverage move with it."""
    lines = Path(request["file"]).read_text("utf-8").splitlines()
    pk = int(request["source"])
    turns = Turns(Path(request["home"]) / "listen")
    with turns.turn() as store:
        end = 0
        for block in blocks(lines, int(request["stretch"])):
            times = [int(t) for line in block for t in TIME_US.findall(line)]
            joined = end and times[0] - end <= int(request["stretch"]) * MICRO
            said = {
                "source": asdict(Read("jetstream", f"source:{pk}")), "observed": times[-1], "line": 0, "live": pk,
                "cursor": str(times[-1]), "since": end if joined else times[0], "until": times[-1],
            }  # fmt: skip
            store.queue.append("\n".join(block).encode(), said)
            end = times[-1]
    Collector(turns).turn({})  # applies what waits
