"""Exactly once: a stream that repeats, reorders, drops and talks rubbish, and a collector that is killed, end in the same state as a clean read."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from socius.fakenet.events import POST, Stream, did, tid
from socius.stores.mentions import Store

SEED, RATE, LIMIT = 3, 20.0, 2_000
FAULTS = ("repeat=0.05", "reorder=0.05", "drop=0.002", "cut=0.001", "rubbish=0.01")
SET_UP = """
import django; django.setup()
import sys
from socius.kit import clock
from socius.organisation.models import Actor, Person, Unit
from socius.listen import actions
from socius.listen.models import Source
unit = Unit.objects.get(kind="organisation")
actor = Actor(Person.objects.get(), "cli", clock.now())
actions.make_query(unit, actor=actor, name="Parcels", text="parcel")
actions.add_source(unit, actor=actor, name="Fake", kind="jetstream", address=sys.argv[1])
Source.objects.update(cursor=sys.argv[2])
"""


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SOCIUS_")}
    ours = {
        "SOCIUS_HOME": str(home),
        "SOCIUS_LISTEN_LOOPBACK": "1",
        "DJANGO_SETTINGS_MODULE": "socius.config.settings",
    }
    return {**kept, **ours, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def collector(home: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "socius.listen.jobs", "collect", json.dumps({"home": str(home)})]
    return subprocess.Popen(words, env=environment(home), stdin=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def one(home: Path, sql: str) -> int:
    with sqlite3.connect(f"file:{home / 'socius.sqlite3'}?mode=ro", uri=True) as db:
        return int(db.execute(sql).fetchone()[0] or 0)


def reached(home: Path, sql: str, least: int, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while one(home, sql) < least:
        assert time.monotonic() < until, (sql, one(home, sql))
        time.sleep(0.2)


def expected(start: int) -> tuple[dict[str, str], set[str]]:
    """Texts by address, and the addresses whose texts, of any time, have the word."""
    stream = Stream(SEED, start, RATE, limit=LIMIT)
    texts: dict[str, str] = {}
    found, gone = set(), set()
    for event in map(stream.happening, range(LIMIT)):
        if event.kind not in {"create", "update", "delete"}:
            continue
        address = f"at://{did(event.author)}/{POST}/{tid(event.posted)}"
        if event.kind == "delete":
            gone.add(address)
        elif address not in gone:
            texts[address] = event.text
            found |= {address} if "parcel" in event.text else set()
    return {a: t for a, t in texts.items() if a not in gone}, found - gone


@pytest.mark.slow
@pytest.mark.sqlite_only  # the home's own database file is read beside the collector
def test_exactly_once_through_faults_and_kills(tmp_path: Path) -> None:
    cli = [sys.executable, "-m", "socius.cli"]
    subprocess.run([*cli, "init", "--zone", "UTC"], env=environment(tmp_path), check=True, capture_output=True)  # fmt: skip
    start = int(time.time()) - 300
    words = ["fakenet", "serve", "--json", "--port", "0", "--seed", str(SEED), "--rate", str(RATE)]
    words += ["--limit", str(LIMIT), "--start", str(start), "--faults", *FAULTS]
    net = subprocess.Popen([*cli, *words], stdout=subprocess.PIPE, env=environment(tmp_path))
    try:
        assert net.stdout
        head = b"".join(net.stdout.readline() for _ in range(4))
        address = f"ws://127.0.0.1:{json.loads(head)['port']}/subscribe"
        subprocess.run([sys.executable, "-c", SET_UP, address, str(start * 1_000_000)], env=environment(tmp_path), check=True)  # fmt: skip
        texts, found = expected(start * 1_000_000)
        for least in (300, 900):
            child = collector(tmp_path)
            reached(tmp_path, "SELECT stored FROM listen_source", least)
            ended(child)
        child = collector(tmp_path)
        last = Stream(SEED, start * 1_000_000, RATE).time(LIMIT - 1)
        reached(tmp_path, "SELECT cast(cursor AS INTEGER) FROM listen_source", last)
        time.sleep(3)
        ended(child)
    finally:
        ended(net)
    store = Store(tmp_path / "listen")
    rows = store.current(["remote_id", "text"]).to_pylist()
    assert {r["remote_id"]: r["text"] for r in rows} == texts
    assert len(rows) == len(texts)
    addresses = {r["key"].hex(): r["remote_id"] for r in store.mentions.read(["key", "remote_id"]).to_pylist()}  # fmt: skip
    with sqlite3.connect(tmp_path / "socius.sqlite3") as db:
        hits = [addresses[key] for (key,) in db.execute("SELECT key FROM listen_hit")]
        duplicates, malformed = db.execute("SELECT duplicates, malformed FROM listen_source").fetchone()  # fmt: skip
        spans = db.execute("SELECT count(*) FROM listen_coverage").fetchone()[0]
    assert sorted(hits) == sorted(found)
    assert duplicates > 0
    assert malformed > 0
    assert spans == 1  # every reconnect went back far enough to leave no gap
