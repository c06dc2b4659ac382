"""`make check` and `make test`: each suite with its time, what the machine lacks installed or named, a plain last line.

python tests/run.py check   static checks and fast tests, no server
python tests/run.py test    that, and slow tests, a real browser, and every test that knows a database on a real PostgreSQL
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from parts import Parts

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# What knows no database need not run twice.
WITHOUT_DATABASE = ("engine", "formats", "architecture", "connectors", "stores", "docs")
PACKAGES = {"chromium": "chromium", "initdb": "postgresql"}
# Without these some tests are skipped, which say so.
WELCOME = {"dovecot": "dovecot-imapd", "java": "openjdk-17-jre-headless"}
ENV = {
    **os.environ,
    "PYTHONPATH": str(ROOT / "src"),
    "DJANGO_SETTINGS_MODULE": "socius.config.settings",
}
INSTALL = ["apt-get", "install", "-y", "--no-install-recommends"]
QUIET = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
ENV["SOCIUS_HOME"] = tempfile.mkdtemp(prefix="socius-test-home-")
ENV.pop("SOCIUS_DATABASE", None)
COUNTS = re.compile(r"(\d+) (passed|failed|skipped|error|errors|xfailed)")


def say(text: str) -> None:
    print(text, flush=True)


def found(program: str) -> str | None:
    """The program on the path, or where Debian keeps PostgreSQL's."""
    here = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    if here:
        return here
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return str(places[-1]) if places else None


def provide() -> None:
    """Installs what the tests need and the machine lacks; without the right to, names the one command."""
    missing = [package for program, package in PACKAGES.items() if not found(program)]
    welcome = [package for program, package in WELCOME.items() if not found(program)]
    if os.geteuid() != 0:
        for lack, consequence in ((missing, "need"), (welcome, "are skipped in part without")):
            if lack:
                say(
                    f"The tests {consequence} {' and '.join(lack)}. Run: sudo {' '.join(INSTALL)} {' '.join(lack)}"
                )
        if missing:
            sys.exit(2)
        return
    if missing or welcome:
        subprocess.run(["apt-get", "update", "-qq"], check=False, **QUIET)
    if missing:
        install(missing, needed=True)
    for package in welcome:
        install([package], needed=False)


def install(packages: list[str], *, needed: bool) -> None:
    """Debian packages, without the servers that Debian would start at once: the tests start theirs."""
    say(f"Installing {' and '.join(packages)} with apt-get, for the tests ...")
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        done = subprocess.run([*INSTALL, *packages], check=needed, **QUIET)
    finally:
        if ours:
            policy.unlink()
    if done.returncode:
        say(f"{' and '.join(packages)} could not be installed: the tests that want it are skipped.")


class Suites:
    """Runs suites in order and remembers how they ended."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, bool]] = []
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}

    def run(self, name: str, *words: str, env: dict[str, str] | None = None) -> bool:
        say(f"\n== {name}")
        start = time.monotonic()
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=env or ENV,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        last = ""
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line if COUNTS.search(line) else last
        ok = process.wait() == 0
        for n, word in COUNTS.findall(last):
            key = (
                "failed"
                if word.startswith("error") or word == "failed"
                else "passed"
                if word == "xfailed"
                else word
            )
            self.counts[key] += int(n)
        if not ok and not COUNTS.search(last):
            self.counts["failed"] += 1
        self.rows.append((name, time.monotonic() - start, ok))
        return ok

    def report(self) -> int:
        say("\n== Times")
        for name, seconds, ok in self.rows:
            say(f"{seconds:8.1f} s  {'ok    ' if ok else 'FAILED'}  {name}")
        good = all(ok for _, _, ok in self.rows)
        say(
            f"{self.counts['passed']} passed, {self.counts['failed']} failed, {self.counts['skipped']} skipped"
        )
        return 0 if good else 1


def tool(name: str) -> str:
    return str(BIN / name)


def static(suites: Suites) -> None:
    suites.run("format", tool("ruff"), "format", "--check", "-q", "src", "tests", "benchmarks")
    suites.run("lint", tool("ruff"), "check", "-q", "src", "tests", "benchmarks")
    suites.run("import contracts", tool("lint-imports"))
    suites.run("types", tool("mypy"))
    with tempfile.TemporaryDirectory() as home:
        suites.run(
            "migrations",
            sys.executable,
            "-m",
            "django",
            "makemigrations",
            "--check",
            "--dry-run",
            env={**ENV, "SOCIUS_HOME": home},
        )


def pytest_run(
    suites: Suites,
    name: str,
    marks: str,
    *more: str,
    env: dict[str, str] | None = None,
    workers: int = 2,
) -> None:
    suites.run(
        name,
        sys.executable,
        "-m",
        "pytest",
        "-m",
        marks,
        "-n",
        str(workers if workers > 1 else 0),
        "--dist",
        "loadfile",
        "-p",
        "no:cacheprovider",
        "--durations=8",
        "--durations-min=5",
        *more,
        env=env,
    )


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of our own on loopback, gone afterwards."""
    place = Path(tempfile.mkdtemp(prefix="socius-postgres-"))
    data = place / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    as_user = [found("runuser") or "runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(place, "postgres")
    initdb, control = found("initdb"), found("pg_ctl")
    assert initdb
    control = (
        str(Path(initdb).with_name("pg_ctl"))
        if Path(initdb).with_name("pg_ctl").exists()
        else control
    )
    assert control
    subprocess.run(
        [*as_user, initdb, "-D", str(data), "-U", "socius", "-A", "trust", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=place,
    )
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place} -c fsync=off"
    )
    subprocess.run(
        [
            *as_user,
            control,
            "-D",
            str(data),
            "-o",
            options,
            "-l",
            str(place / "log"),
            "-w",
            "start",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=place,
    )
    try:
        yield f"postgresql://socius@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [*as_user, control, "-D", str(data), "-m", "immediate", "stop"],
            check=False,
            stdout=subprocess.DEVNULL,
            cwd=place,
        )
        shutil.rmtree(place, ignore_errors=True)


def on_postgres(suites: Suites) -> None:
    """Every test that knows a database once more, on PostgreSQL, slow ones included.

    The sealer stays behind the oldest open transaction of the whole server, so the tests of the ledger have a server to
    themselves, and of the others each worker has one.
    """
    marks = "not browser and not sqlite_only"
    with postgres() as address:
        env = {**ENV, "SOCIUS_DATABASE": address}
        pytest_run(suites, "the ledger on PostgreSQL", marks, "tests/activity", env=env, workers=1)
    with postgres() as first, postgres() as second:
        pytest_run(
            suites,
            "everything else on PostgreSQL",
            marks,
            *(f"--ignore=tests/{name}" for name in (*WITHOUT_DATABASE, "activity")),
            env={**ENV, "SOCIUS_DATABASE": first, "SOCIUS_TEST_DATABASES": f"{first} {second}"},
        )


def main() -> int:
    what = sys.argv[1] if len(sys.argv) > 1 else "check"
    suites = Suites()
    parts = None
    if what == "test":
        provide()
        parts = Parts()
    static(suites)
    pytest_run(suites, "fast tests", "not slow and not browser")
    if parts is not None:
        ENV.update(parts.ready())
        pytest_run(suites, "slow tests", "slow and not browser")
        pytest_run(suites, "browser", "browser", "tests/browser")
        # In a process of its own: a browser that is kept for many tests leaves a loop running in which Django refuses to work.
        pytest_run(suites, "pages on paper", "browser", "--ignore=tests/browser", workers=1)
        on_postgres(suites)
    return suites.report()


if __name__ == "__main__":
    sys.exit(main())
