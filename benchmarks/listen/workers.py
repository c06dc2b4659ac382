"""One collector against two on the same queue of raw blocks, as `socius worker` runs them. Output: benchmarks/results/listening-workers.json

python benchmarks/listen/workers.py    REPEATS=3 MESSAGES=60000 LINES=5000

Each turn begins with the same blocks waiting and every collector loaded and warm; the clock runs until the last one finds nothing left.
CPU time is that of all collectors, waiting for one another included. Rows and hits are compared first. The database is SQLite, one numeric thread each.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results"
REPEATS = int(os.environ.get("REPEATS", "3"))
MESSAGES = int(os.environ.get("MESSAGES", "60000"))
LINES = int(os.environ.get("LINES", "5000"))
QUERIES = 1000
NOW = 1_770_000_000_000_000
SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"), "1")


def fill(home: Path) -> None:
    """A founded organisation with its queries, and blocks that wait."""
    import django

    django.setup()
    from django.core.management import call_command
    from stream_input import made, queries_of

    from socius.listen.models import Query
    from socius.organisation.actions import found
    from socius.organisation.models import Unit
    from socius.stores.turns import locked

    call_command("migrate", verbosity=0)
    at = datetime(2026, 6, 1, tzinfo=UTC)
    person = found("Bench", zone="UTC", email="a@example.org", password=None, at=at)
    root = Unit.objects.get(kind="organisation")
    texts = [w[0] if k == "one" else f"{w[0]} {'OR ' if k == 'or' else ''}{w[1]}" for k, w in queries_of(QUERIES)]  # fmt: skip
    Query.objects.bulk_create(
        Query(name=f"q{n}", text=t, unit=root, owner=person, created_at=at) for n, t in enumerate(texts)
    )  # fmt: skip
    source = {"name": "jetstream", "place": "f", "mapping": {}, "network": "", "scale": [0, 100]}
    with locked(home / "listen") as store:
        frames = iter(made(MESSAGES)[0])
        while lines := list(islice(frames, LINES)):
            store.queue.append(b"\n".join(lines), {"source": source, "observed": NOW, "line": 0})


def work(home: Path) -> None:
    """One collector: gets ready, says so, waits for the word, works the queue down, says what that took."""
    from socius.kit.lean import lean

    lean()
    import django

    django.setup()
    from stream_input import made

    from socius.connectors.streams.reading import Source
    from socius.engine.stream import process
    from socius.listen.jobs.collect import Collector
    from socius.listen.jobs.decoding import taken
    from socius.stores.turns import Turns

    collector = Collector(Turns(home / "listen"))
    batch = taken(Source("jetstream", "f"), b"\n".join(made(2000)[0]), (1, NOW)).batch
    assert batch is not None
    process(batch.table(), collector.plan)
    print("ready", flush=True)
    sys.stdin.readline()
    start = time.process_time()
    collector.turn({})
    print(json.dumps({"cpu": time.process_time() - start}), flush=True)


def content(home: Path) -> dict[str, Any]:
    """What came of it."""
    from socius.stores.mentions import Store

    store = Store(home / "listen")
    keys = sorted(store.mentions.read(["key"]).column("key").to_pylist())
    hits = sorted(map(tuple, (r.values() for r in store.hits.read(["query", "key"]).to_pylist())))
    return {"stored": len(set(keys)), "rows": len(keys), "hits": len(hits), "same": hash((tuple(keys), tuple(hits))), "left": store.queue.depth()}  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def turn(filled: Path, count: int) -> dict[str, Any]:
    """So many collectors over a fresh copy of the home."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        shutil.copytree(filled, home)
        env = {**os.environ, **SINGLE, "SOCIUS_HOME": str(home)}
        words = [sys.executable, __file__, "work", str(home)]
        workers = [subprocess.Popen(words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(count)]  # fmt: skip
        for worker in workers:
            assert said(worker) == "ready\n"
        start = time.perf_counter()
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        cpu = [json.loads(said(worker))["cpu"] for worker in workers]
        wall = time.perf_counter() - start
        for worker in workers:
            worker.communicate()
        return {"cpu": sum(cpu), "each": [round(c, 2) for c in cpu], "wall": wall, **content(home)}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socius.config.settings")
    if sys.argv[1:2]:
        {"fill": fill, "work": work}[sys.argv[1]](Path(sys.argv[2]))
        return
    runs: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    load = os.getloadavg()
    with tempfile.TemporaryDirectory() as place:
        filled = Path(place) / "filled"
        filled.mkdir()
        env = {**os.environ, "SOCIUS_HOME": str(filled)}
        subprocess.run([sys.executable, __file__, "fill", str(filled)], check=True, env=env)
        for _ in range(REPEATS):
            for count, held in runs.items():
                held.append(turn(filled, count))
    results = {(r["stored"], r["rows"], r["same"], r["left"]) for held in runs.values() for r in held}  # fmt: skip
    out: dict[str, Any] = {
        "cores": os.cpu_count(), "load_before": [round(x, 2) for x in load], "load_after": [round(x, 2) for x in os.getloadavg()],
        "repeats": REPEATS, "lines": MESSAGES + MESSAGES // 20, "lines_a_block": LINES, "queries": QUERIES,
        "equal": len(results) == 1, "stored": runs[1][0]["stored"], "hits": runs[1][0]["hits"],
    }  # fmt: skip
    for count, held in runs.items():
        wall, cpu = (statistics.median(r[name] for r in held) for name in ("wall", "cpu"))
        out[f"workers_{count}"] = {"wall_s": round(wall, 2), "cpu_s": round(cpu, 2), "cpu_s_each": [r["each"] for r in held]}  # fmt: skip
    pairs = list(zip(runs[1], runs[2], strict=True))
    out["times_faster_by_wall"] = round(statistics.median(a["wall"] / b["wall"] for a, b in pairs), 2)  # fmt: skip
    out["times_the_cpu"] = round(statistics.median(b["cpu"] / a["cpu"] for a, b in pairs), 2)
    (RESULTS / "listening-workers.json").write_text(json.dumps(out, indent=1) + "\n")
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
