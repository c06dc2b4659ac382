"""Organisations to look at, each in a home of its own behind the real `socius serve`."""

from __future__ import annotations

import csv
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

SOCIUS = [sys.executable, "-m", "socius.cli"]
EMAIL, PASSWORD = "founder@example.org", "a long enough password"


@dataclass
class Site:
    """A running organisation."""

    home: Path
    base: str
    process: subprocess.Popen[bytes]
    demonstration: bool
    email: str = EMAIL
    password: str = PASSWORD
    totals: dict[str, int | None] = field(default_factory=dict)

    def one(self, sql: str) -> int:
        """A number from the organisation's database."""
        return int(self.word(sql))

    def word(self, sql: str) -> str:
        """A value from the organisation's database."""
        home = self.home / "demo" if self.demonstration else self.home
        with sqlite3.connect(f"file:{home / 'socius.sqlite3'}?mode=ro", uri=True) as db:
            row = db.execute(sql).fetchone()
        assert row is not None, f"the data holds nothing for: {sql}"
        return str(row[0])


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SOCIUS_")}
    source = Path(__file__).parents[2] / "src"
    return {**kept, "SOCIUS_HOME": str(home), "PYTHONPATH": str(source)}


def run(home: Path, *words: str) -> str:
    done = subprocess.run(
        [*SOCIUS, *words], check=False, env=environment(home), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(home: Path, *, demonstration: bool) -> Site:
    port = free_port()
    words = ["serve", "--port", str(port), *(["--demo"] if demonstration else [])]
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [*SOCIUS, *words], env=environment(home), stdout=log, stderr=subprocess.STDOUT
        )
    base = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(base + "/healthz", timeout=1)  # noqa: S310 - our own address
            return Site(home, base, process, demonstration)
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise AssertionError((home / "serve.log").read_text())


def stop(site: Site) -> None:
    site.process.send_signal(signal.SIGINT)
    try:
        site.process.wait(15)
    except subprocess.TimeoutExpired:
        site.process.kill()
        raise


def demonstration(home: Path) -> Site:
    run(home, "demo", "build")
    site = serve(home, demonstration=True)
    note = (home / "demo" / "sign-in.txt").read_text()
    site.email = re.search(r"\S+@\S+", note)[0]
    site.password = re.search(r"password (\S+)", note)[1]
    return site


def founded(home: Path) -> None:
    secret = home / "password"
    secret.write_text(PASSWORD + "\n")
    run(
        home,
        "init",
        "--name",
        "Acme",
        "--zone",
        "UTC",
        "--email",
        EMAIL,
        "--password-file",
        str(secret),
    )


def empty(home: Path) -> Site:
    founded(home)
    return serve(home, demonstration=False)


def big(home: Path, accounts: int = 10_000) -> Site:
    """Ten thousand accounts in sixty units, and nothing else."""
    founded(home)
    networks = ["x", "facebook", "instagram", "linkedin", "youtube", "mastodon"]
    file = home / "accounts.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["network", "handle", "unit", "language"])
        for n in range(accounts):
            writer.writerow([networks[n % 6], f"handle{n}", f"Unit {n % 60:03d}", "en"])
    run(home, "import", "accounts", str(file), "--apply")
    return serve(home, demonstration=False)
