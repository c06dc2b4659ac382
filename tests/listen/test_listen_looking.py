"""The reader that stays, and queries that look back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_listen_collector import environment, one

from socius.kit.child import Broken, Kept
from socius.kit.errors import Invalid

LOOKING = "socius.listen.jobs.looking"


def page(kept: Kept, folder: Path) -> int:
    return len(
        kept.ask(LOOKING, {"what": "page", "folder": str(folder), "limit": 5}, seconds=60)["rows"]
    )


@pytest.mark.slow
def test_a_reader_that_was_killed_is_replaced_and_a_refusal_is_one(tmp_path: Path) -> None:
    kept = Kept()
    assert page(kept, tmp_path) == 0
    first = kept.child
    assert first
    assert page(kept, tmp_path) == 0
    assert kept.child is first
    os.kill(first.pid, signal.SIGKILL)
    assert page(kept, tmp_path) == 0
    assert kept.child is not first
    with pytest.raises(Invalid, match="no place"):
        kept.ask(
            LOOKING,
            {"what": "page", "folder": str(tmp_path), "limit": 5, "after": ["x", "y"]},
            seconds=60,
        )
    assert kept.child
    os.kill(kept.child.pid, signal.SIGSTOP)
    with pytest.raises(Broken, match="too long"):
        kept.ask(LOOKING, {"what": "page", "folder": str(tmp_path), "limit": 5}, seconds=0.2)
    kept.end()
    assert kept.child is None


@pytest.mark.slow
def test_a_reader_ends_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom socius.kit.child import Kept\nkept = Kept()\n"
        f"kept.ask({LOOKING!r}, {{'what': 'page', 'folder': {str(tmp_path)!r}, 'limit': 5}}, seconds=60)\n"
        "print(kept.child.pid, flush=True)\ntime.sleep(60)"
    )
    for number in (signal.SIGKILL, signal.SIGINT):
        parent = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(tmp_path),
        )
        assert parent.stdout
        child = int(parent.stdout.readline())
        os.kill(parent.pid, number)
        parent.wait()
        parent.stdout.close()
        until = time.monotonic() + 20
        while alive(child):
            assert time.monotonic() < until
            time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


MAKE = """
import django; django.setup()
import sys
from socius.kit import clock
from socius.organisation.models import Actor, Person, Unit
from socius.listen import actions
from socius.listen.models import Query
actor = Actor(Person.objects.get(), "cli", clock.now())
name, text = sys.argv[1:]
had = Query.objects.filter(name=name).first()
if had:
    actions.edit_query(had, actor=actor, name=name, text=text)
else:
    actions.make_query(Unit.objects.get(kind="organisation"), actor=actor, name=name, text=text)
"""


@pytest.mark.slow
@pytest.mark.sqlite_only  # the home's own database file is read beside the child
def test_queries_find_what_was_stored_before_them_and_what_comes_in_files(tmp_path: Path) -> None:
    env = environment(tmp_path)
    cli = [sys.executable, "-m", "socius.cli"]

    def run(*words: str) -> None:
        subprocess.run(words, env=env, check=True, capture_output=True)

    def put(name: str, texts: list[str]) -> None:
        rows = [
            {
                "id": f"{name}{n}",
                "created_at": f"2026-02-0{1 + n % 5}T10:00:00Z",
                "text": t,
                "author": "ann",
            }
            for n, t in enumerate(texts)
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
        run(*cli, "listen", "ingest", str(tmp_path / f"{name}.jsonl"))

    def look() -> tuple[int, int]:
        run(
            sys.executable,
            "-m",
            "socius.listen.jobs",
            "look_back",
            json.dumps({"home": str(tmp_path)}),
        )
        hits = "SELECT count(*) FROM listen_hit h JOIN listen_query q ON q.id = h.query_id AND q.version = h.version"
        return one(tmp_path, hits), one(tmp_path, "SELECT found FROM listen_lookback")

    run(*cli, "init", "--zone", "UTC")
    put("first", ["parcel late", "tea", "parcel soon"] * 20)
    run(sys.executable, "-c", MAKE, "Parcels", "parcel")
    assert look() == (40, 40)
    assert look() == (40, 40)
    put("second", ["parcel", "tea"])
    assert look() == (41, 1)
    run(sys.executable, "-c", MAKE, "Parcels", "parcel late")
    assert look() == (20, 20)
    run(*cli, "listen", "erase", "--author", "ann")
    assert one(tmp_path, "SELECT count(*) FROM listen_hit") == 0
