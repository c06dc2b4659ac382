"""Second start (<= 10 s), `socius --help` (<= 0.5 CPU-s), idle memory of web and worker together (<= 350 MB)."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from run import REPEATS, SOCIUS, environment, medians, spent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory(group: int) -> float:
    """Resident megabytes of every process of a process group."""
    out = subprocess.run(
        ["ps", "-eo", "pgid=,rss="], capture_output=True, text=True, check=True
    ).stdout
    return (
        sum(
            int(rss)
            for pgid, rss in (line.split() for line in out.splitlines())
            if int(pgid) == group
        )
        / 1024
    )


def start(home: Path) -> dict[str, float]:
    port = free_port()
    begin = time.perf_counter()
    server = subprocess.Popen(
        [*SOCIUS, "serve", "--demo", "--port", str(port)],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while True:
            try:
                urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).read()
                break
            except OSError:
                time.sleep(0.05)
        seconds = time.perf_counter() - begin
        urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5).read()
        time.sleep(3)
        found = {"seconds": seconds, "idle_mb": memory(server.pid)}
        begin = time.perf_counter()
        server.send_signal(2)
        server.wait(20)
        return {**found, "stop_s": time.perf_counter() - begin}
    finally:
        server.kill()


def measure(place: Path) -> dict[str, Any]:
    home = place / "demo-home"
    subprocess.run(
        [*SOCIUS, "demo", "build"], env=environment(home), check=True, stdout=subprocess.DEVNULL
    )
    return {
        "second_start": medians([start(home) for _ in range(REPEATS)]),
        "help": medians([spent([*SOCIUS, "--help"], home) for _ in range(REPEATS)]),
        "line_of_sight_cold": medians(
            [spent([*SOCIUS, "line-of-sight", "--demo"], home) for _ in range(REPEATS)]
        ),
        "python": medians([spent([sys.executable, "-c", "pass"], home) for _ in range(REPEATS)]),
    }
