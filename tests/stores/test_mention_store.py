"""The store: one mention once, whatever comes twice, late, changed, or after a crash."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from socius.connectors.streams.reading import Source, decode
from socius.connectors.streams.record import moment, time_of
from socius.engine.query.parser import parse
from socius.engine.query.plan import Filed
from socius.engine.stream import plan_for, process
from socius.stores.mentions import Parts, Store
from socius.stores.queue import Queue
from socius.stores.schema import QUARANTINE, batch_of

NOW = moment("2026-03-01T00:00:00Z")
PLAN = plan_for(
    [Filed(1, parse("parcel").tree, "parcel"), Filed(2, parse("kind:reply late").tree, "")]
)


def row(number: int, **more: Any) -> dict[str, Any]:
    made = {
        "id": f"m{number}",
        "created_at": f"2026-02-{1 + number % 5:02d}T10:00:00Z",
        "text": f"parcel {number}",
        "author": f"ann{number}",
    }
    return {**made, **more}


def put(store: Store, rows: list[dict[str, Any]], number: int) -> dict[str, int]:
    data = "\n".join(map(json.dumps, rows)).encode()
    store.queue.append(data, {"observed": NOW})
    records = decode(Source("jsonl", "f"), data, NOW).records
    new, count = store.admitted(records, lambda r: time_of(r, NOW))
    parts = process(batch_of(new, "jsonl", number, NOW), PLAN)
    store.apply(Parts(*parts, QUARANTINE.empty_table()), "test", number)
    return dict(count)


def state(store: Store) -> list[tuple[str, str]]:
    rows = store.current(["remote_id", "text"]).to_pylist()
    return sorted((r["remote_id"], r["text"]) for r in rows)


@pytest.mark.slow
def test_duplicates_edits_and_deletes_survive_a_restart(tmp_path: Path) -> None:
    assert put(Store(tmp_path), [row(1), row(2), row(1)], 1) == {"stored": 2, "duplicates": 1}
    store = Store(tmp_path)
    edit = row(2, op="update", text="edited", edited_at="2026-02-04T00:00:00Z")
    assert put(store, [row(1), edit, edit, row(3)], 2) == {"duplicates": 2, "edits": 1, "stored": 1}
    store = Store(tmp_path)
    assert put(store, [{**row(1), "op": "delete"}, row(1), edit], 3) == {
        "deletes": 1,
        "duplicates": 2,
    }
    assert state(Store(tmp_path)) == [("m2", "edited"), ("m3", "parcel 3")]
    assert sorted(store.hits.read(["query"]).column("query").to_pylist()) == [1, 1, 1]


@pytest.mark.slow
def test_a_block_that_comes_again_is_not_applied_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put(store, [row(1)], 1)
    assert store.applied("test") == 1
    put(Store(tmp_path), [row(9)], 1)
    assert state(Store(tmp_path)) == [("m1", "parcel 1")]
    put(Store(tmp_path), [row(2)], 2)
    put(store, [row(9)], 2)  # its handle is older than that commit
    assert state(Store(tmp_path)) == [("m1", "parcel 1"), ("m2", "parcel 2")]
    assert store.quarantine.files() == {}


@pytest.mark.slow
def test_order_and_blocks_do_not_matter(tmp_path: Path) -> None:
    rows = [row(n) for n in range(300)]
    rows += [
        row(n, op="update", text=f"edit {k}", edited_at=f"2026-02-1{k}T00:00:00Z")
        for n in range(0, 300, 7)
        for k in (1, 2)
    ]
    rows += [{**row(n), "op": "delete"} for n in range(0, 300, 11)]
    states = []
    for seed in range(3):
        dice = random.Random(seed)
        mixed = [*rows, *dice.sample(rows, 20)]
        dice.shuffle(mixed)
        folder = tmp_path / str(seed)
        for number, at in enumerate(range(0, len(mixed), 90), 1):
            put(Store(folder), mixed[at : at + 90], number)
        states.append(state(Store(folder)))
    assert states[0] == states[1] == states[2]
    assert len(states[0]) == 300 - len(range(0, 300, 11))


def test_a_torn_tail_of_the_queue_is_cut(tmp_path: Path) -> None:
    queue = Queue(tmp_path)
    queue.append(b"one", {"a": 1})
    queue.append(b"two", {})
    segment = queue.segments()[0]
    segment.write_bytes(segment.read_bytes()[:-2])
    again = Queue(tmp_path)
    assert again.append(b"three", {}) == 2
    assert [(b.number, b.data) for b in again.pending()] == [(1, b"one"), (2, b"three")]
    again.acknowledge(1)
    assert (Queue(tmp_path).depth(), [b.data for b in Queue(tmp_path).pending()]) == (1, [b"three"])


def ingest(home: Path, *files: Path) -> subprocess.Popen[bytes]:
    request = {"files": [str(f) for f in files], "home": str(home), "json": True, "source": "jsonl"}
    command = [sys.executable, "-m", "socius.listen.jobs", "ingest", json.dumps(request)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


@pytest.mark.slow
def test_a_process_killed_at_any_point_loses_and_doubles_nothing(tmp_path: Path) -> None:
    files = []
    for part in range(4):
        files.append(tmp_path / f"{part}.jsonl")
        rows = [row(n) for n in range(part * 400, part * 400 + 500)]
        files[-1].write_text("\n".join(map(json.dumps, rows)))
    clean, broken = tmp_path / "clean", tmp_path / "broken"
    assert ingest(clean, *files).wait() == 0
    start = time.monotonic()
    assert ingest(tmp_path / "timed", *files).wait() == 0
    whole = time.monotonic() - start
    for share in (0.55, 0.7, 0.8, 0.9):
        running = ingest(broken, *files)
        time.sleep(whole * share)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    done = ingest(broken, *files)
    assert done.wait() == 0
    one, other = Store(clean / "listen"), Store(broken / "listen")
    assert state(one) == state(other)
    keys = other.mentions.read(["key"]).column("key").to_pylist()
    assert len(keys) == len(set(keys)) == 1700
    totals = [sum(s.counts.read(["n"]).column("n").to_pylist()) for s in (one, other)]
    assert totals[0] == totals[1] == 1700
