"""`socius serve` ends whole: Ctrl-C of a terminal (which every process of the group hears), SIGTERM, and kill -9 of the parent."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from socius.cli.commands import serve

pytestmark = pytest.mark.slow
SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stopping")


def runs(pid: int) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Served:
    """A server in a process group of its own, as a shell starts it."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SOCIUS_")}
        self.log = home / "serve.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "socius.cli", "serve", "--port", str(self.port)],
                env={**kept, "SOCIUS_HOME": str(home), "PYTHONPATH": str(SOURCE)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def listens(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError(self.log.read_text())

    def page(self) -> None:
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in/", timeout=60).read()

    def left(self) -> list[int]:
        """Processes of the group that still run."""
        found = []
        for place in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _parent, group = place.read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(group) == self.process.pid and state != "Z":
                found.append(int(place.parent.name))
        return found

    def gone(self, seconds: float = 15) -> bool:
        until = time.monotonic() + seconds
        while self.left() and time.monotonic() < until:
            time.sleep(0.05)
        return not self.left()


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    one = Served(home)
    yield one
    for pid in one.left():
        os.kill(pid, signal.SIGKILL)
    one.process.wait()


@pytest.mark.parametrize("asked", [True, False])
def test_ctrl_c_of_a_terminal_leaves_nothing(served, asked):
    served.listens()
    if asked:
        served.page()
    os.killpg(served.process.pid, signal.SIGINT)
    assert served.process.wait(15) == 0
    assert served.left() == []
    assert served.log.read_text().rstrip().endswith("Stopped.")


def test_ctrl_c_while_the_server_starts_leaves_nothing(served):
    until = time.monotonic() + 60
    while len(served.left()) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(served.process.pid, signal.SIGINT)
    served.process.wait(15)
    assert served.left() == []


def test_sigterm_to_the_parent_alone_leaves_nothing(served):
    served.listens()
    served.process.terminate()
    assert served.process.wait(15) == 0
    assert served.left() == []


def test_a_killed_parent_takes_its_children_along(served):
    served.listens()
    served.process.kill()
    assert served.gone()


def test_a_child_that_does_not_listen_is_ended_with_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr(serve, "PATIENCE", 0.5)
    note = tmp_path / "pid"
    deaf = (
        "import pathlib, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "own = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"pathlib.Path({str(note)!r}).write_text(str(own.pid)); time.sleep(60)"
    )
    one = serve.child([sys.executable, "-c", deaf])
    until = time.monotonic() + 20
    while not (note.exists() and note.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    grandchild = int(note.read_text())
    serve.stop({"web": one})
    assert one.returncode == -signal.SIGKILL
    until = time.monotonic() + 10
    while runs(grandchild) and time.monotonic() < until:
        time.sleep(0.05)
    assert not runs(grandchild)
