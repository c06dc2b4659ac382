"""Several collectors over one database and one queue: what one does alone, also when one of them is killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from house import House
from socius.listen import actions
from socius.listen.actions import claims
from socius.listen.models import Claim, Hit
from socius.stores.mentions import Store
from socius.stores.turns import locked

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
US = int(AT.timestamp()) * 1_000_000
BLOCKS, ROWS = 10, 800


@pytest.mark.django_db
def test_a_claim_holds_while_its_holder_lives() -> None:
    other = f"elsewhere/{os.getpid()}/1"
    assert claims.held("block:1", other, AT)
    assert claims.claim(["block:1", "block:2"], "me", AT) == "block:2"
    assert claims.claim(["block:1"], "me", AT) == ""
    assert claims.claim(["block:1"], "me", AT + 2 * claims.HELD) == "block:1"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    Claim.objects.filter(name="block:2").update(
        holder=claims.myself().replace(f"/{os.getpid()}/", f"/{dead.pid}/")
    )
    assert claims.claim(["block:2"], "other", AT) == "block:2"
    claims.let_go(["block:1", "block:2"])
    assert not claims.shared()


def lines(dice: random.Random, block: int) -> bytes:
    """New, repeated, edited and deleted mentions."""
    rows = []
    for n in range(ROWS):
        number = block * ROWS + n if dice.random() < 0.9 else dice.randrange(block * ROWS + n + 1)
        row = {"id": f"m{number}", "created_at": f"2026-05-{1 + number % 7:02d}T10:00:00Z", "text": f"parcel {number % 97} late", "author": f"a{number % 31}"}  # fmt: skip
        kind = dice.random()
        if kind < 0.05:
            row |= {
                "op": "update",
                "text": f"edited {number} parcel",
                "edited_at": f"2026-05-20T10:00:{n % 60:02d}Z",
            }
        elif kind < 0.08:
            row["op"] = "delete"
        rows.append(json.dumps(row))
    rows.append("rubbish")
    return "\n".join(rows).encode()


def filled(home: Path) -> None:
    dice = random.Random(9)
    source = {"name": "jsonl", "place": "f", "mapping": {}, "network": "", "scale": [0, 100]}
    with locked(home / "listen") as store:
        for block in range(BLOCKS):
            store.queue.append(lines(dice, block), {"source": source, "observed": US, "line": 0})


def collector(home: Path) -> subprocess.Popen[bytes]:
    """A collector as `socius worker` starts it, on the tests' own database."""
    said = connection.settings_dict
    address = f"postgresql://{said['USER']}@{said['HOST']}:{said['PORT']}/{said['NAME']}"
    kept = {k: v for k, v in os.environ.items() if k != "SOCIUS_TEST_DATABASES"}
    env = {**kept, "SOCIUS_HOME": str(home), "SOCIUS_DATABASE": address}
    words = [sys.executable, "-m", "socius.listen.jobs", "collect", json.dumps({"home": str(home)})]
    return subprocess.Popen(words, env=env, stdin=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes]) -> int:
    """How it ended."""
    status = process.wait(120)
    assert process.stdin is not None
    process.stdin.close()
    return status


def state(home: Path) -> tuple[Any, ...]:
    """All that stands in the tables, and the hits in the database, which are emptied."""
    store = Store(home / "listen")
    columns = ["key", "version", "op", "text", "day", "lang", "sent", "block"]
    rows = sorted(map(repr, store.mentions.read(columns).to_pylist()))
    counts = sorted(map(repr, store.counts.read().to_pylist()))
    hits = sorted(map(repr, store.hits.read().to_pylist()))
    faults = sorted(map(repr, store.quarantine.read().to_pylist()))
    found = sorted(Hit.objects.values_list("query_id", "key", "block"))
    Hit.objects.all().delete()
    assert store.queue.depth() == 0
    assert not list((home / "listen").glob("prepared/*"))
    return rows, counts, hits, faults, found


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="the tests' SQLite lives in memory, other processes do not see it",
)
@pytest.mark.django_db(transaction=True)
def test_workers_on_one_queue_do_what_one_does_and_a_kill_changes_nothing(tmp_path: Path) -> None:
    house = House(AT)
    actions.make_query(house.root, name="Parcels", text="parcel late", actor=house.actor())
    one, many = tmp_path / "one", tmp_path / "many"
    for home in (one, many):
        filled(home)
    assert ended(collector(one)) == 0
    alone = state(one)
    first, second = collector(many), collector(many)
    until = time.monotonic() + 60
    # Both have begun: one is killed while it holds a block.
    while (
        len(set(Claim.objects.filter(name__startswith="block:").values_list("holder", flat=True)))
        < 2
    ):
        assert time.monotonic() < until
        time.sleep(0.01)
    os.kill(first.pid, signal.SIGKILL)
    assert ended(first) == -signal.SIGKILL
    third = collector(many)
    assert (ended(second), ended(third)) == (0, 0)
    together = state(many)
    assert together == alone
    assert len(alone[0]) > BLOCKS * ROWS * 0.8
    assert len(alone[4]) > BLOCKS * ROWS * 0.7
