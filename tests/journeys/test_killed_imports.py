"""kill -9 in the middle of each import: nothing is half-written, and the next run completes. Real processes, real kills."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from each_kind import FIRST, SECOND

# Each import has a home of its own to be killed in, whose database is a file beside it.
pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

# Runs the command line and kills its own process, without a last word, right after the nth statement that writes.
# The number 0 only counts them. Blocks are two rows long, so that an import of a few lines has several.
CHILD = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from socius.activity.actions import imports
from socius.cli import main
imports.BLOCK = 2
last, done = int(sys.argv[1]), 0
def watched(execute, sql, params, many, context):
    global done
    found = execute(sql, params, many, context)
    if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
        done += 1
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)
    return found
with connection.execute_wrapper(watched):
    status = main(sys.argv[2:])
print("writes", done)
sys.exit(status)
"""
# What may differ after a kill: the record of the run that was interrupted, rows that count only once it is applied, and
# the names of accounts that nobody listed.
OF_A_RUN = {
    "activity_importrun",
    "activity_entry",
    "activity_content",
    "activity_installation",
    "accounts_reference",
}


def socius(home: Path, *words: str, kill_at: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(kill_at), *words],
        env={**os.environ, "SOCIUS_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """For each kind a home in which the first files stand, and the second file."""
    base = tmp_path_factory.mktemp("killed") / "base"
    assert socius(base, "init").returncode == 0
    file = base.parent / "file.csv"
    for kind, text in FIRST.items():
        file.write_text(text)
        done = socius(base, "import", kind, str(file), "--apply")
        assert done.returncode == 0, done.stdout + done.stderr
    found = {}
    for kind, text in SECOND.items():
        (base.parent / f"{kind}.csv").write_text(text)
        found[kind] = base
    yield found
    shutil.rmtree(base.parent)


def copy(base: Path, name: str) -> Path:
    home = base.parent / name
    shutil.copytree(base, home)
    return home


def tables(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours."""
    with sqlite3.connect(next(home.glob("*.sqlite3"))) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 - a name of ours
            for (name,) in names
            if not name.startswith(("sqlite_", "django_"))
        }


def sizes(home: Path) -> dict[str, int]:
    return {name: len(rows) for name, rows in tables(home).items()}


def told(home: Path, kind: str) -> dict[str, Any]:
    """The line of sight, where a kill could have changed it: only activity is written in more than one transaction."""
    if kind != "activity":
        return {}
    found = json.loads(socius(home, "line-of-sight", "--json").stdout.rpartition("writes")[0])
    found.pop("known_at")
    return found


@pytest.mark.parametrize("kind", list(FIRST))
def test_a_killed_import_leaves_nothing_half_written(homes: dict[str, Path], kind: str) -> None:
    base = homes[kind]
    words = ("import", kind, str(base.parent / f"{kind}.csv"), "--apply")
    clean = copy(base, f"{kind}-clean")
    done = socius(clean, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    writes = int(done.stdout.split("writes")[-1])
    wanted = told(clean, kind)
    before, size = tables(base), sizes(clean)
    home = copy(base, f"{kind}-killed")
    for kill_at in sorted({writes // 2, writes - 1}):
        assert socius(home, *words, kill_at=kill_at).returncode == -signal.SIGKILL
        after = tables(home)
        changed = {name for name in before if after[name] != before[name]}
        assert changed <= OF_A_RUN, (kill_at, changed)
    again = socius(home, *words)
    assert again.returncode == 0, again.stdout + again.stderr
    assert told(home, kind) == wanted
    assert sizes(home) == size
    verified = socius(home, "ledger", "verify")
    assert verified.returncode == 0, verified.stdout
