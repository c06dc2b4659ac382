"""Ours: queue, decode, drop duplicates, match, tell language and sentiment, store, count; what the collector does with each block.

python benchmarks/listen/stream_ours.py FOLDER QUERIES    prints one JSON object
"""

# ruff: noqa: E402 - what must not be loaded is said before anything is
from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stream_input import blocks, queries_of

from socius.kit.lean import lean

lean()  # as the product's own process does first

from socius.connectors.streams.reading import Source
from socius.engine.query.plan import Filed
from socius.engine.query.tree import And, Node, Or, Word
from socius.engine.stream import plan_for, process
from socius.listen.jobs.decoding import taken
from socius.stores.mentions import Parts, Store
from socius.stores.schema import QUARANTINE

NOW = 1_770_000_000_000_000
SOURCE = Source("jetstream", "f")


def tree(kind: str, pair: tuple[str, str]) -> Node:
    a, b = Word(pair[0]), Word(pair[1])
    return a if kind == "one" else And((a, b)) if kind == "and" else Or((a, b))


def run(where: Path, given: Iterable[bytes], plan: Any) -> dict[str, Any]:
    store, phases = Store(where), defaultdict(float)
    began = time.process_time()

    def lap(name: str) -> None:
        nonlocal began
        now = time.process_time()
        phases[name] += now - began
        began = now

    stored = hits = 0
    count = size = 0
    for number, block in enumerate(given, 1):
        count, size = count + block.count(b"\n") + 1, size + len(block)
        lap("read")
        gc.disable()  # as the product does for one block (kit.rest)
        store.queue.append(block, {"observed": NOW})
        lap("queue")
        batch = taken(SOURCE, block, (number, NOW)).batch
        assert batch is not None
        lap("decode, columns, keys")
        rows, _ = store.news(batch)
        lap("dedupe")
        parts = process(rows, plan)
        lap("match, language, sentiment, rollup")
        store.apply(Parts(*parts, QUARANTINE.empty_table()), "bench", number)
        store.queue.acknowledge(number)
        gc.enable()
        lap("store")
        stored, hits = stored + parts[0].num_rows, hits + parts[1].num_rows
    phases.pop("read")  # the opponent's is not counted either
    return {
        "messages": count,
        "bytes": size,
        "stored": stored,
        "hits": hits,
        "cpu": sum(phases.values()),
        "phases": dict(phases),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    queries = queries_of(int(sys.argv[2]))
    plan = plan_for([Filed(n, tree(k, w), f"{k} {w}") for n, (k, w) in enumerate(queries)])
    run(folder / "warm", [b"\n".join(next(blocks()).split(b"\n")[:2000])], plan)
    if os.environ.get("PROFILE"):
        import cProfile
        import pstats

        profile = cProfile.Profile()
        profile.runcall(run, folder / "store", blocks(), plan)
        pstats.Stats(profile, stream=sys.stderr).strip_dirs().sort_stats("tottime").print_stats(40)
        return
    found = run(folder / "store", blocks(), plan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**found, "mb": peak / 1024}))


if __name__ == "__main__":
    main()
