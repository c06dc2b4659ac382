"""`socius serve`: web server and worker as child processes of a small parent that stops them cleanly.

The parent loads neither Django nor the settings: a child, `serve-prepare`, brings the schema up to date and tells what it found.

Ctrl-C of a terminal goes to every process of the group; the web server has processes of its own and does not end well when it
is told twice. So the children never hear it: they start with it blocked, and the parent tells each of them once, by SIGTERM.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from socius.cli.output import say
from socius.kit.errors import Misconfigured

PATIENCE = 6.0
# The web server insists with its own processes before we insist with it.
WEB_PATIENCE = 4
FAST = 0.2
# prctl(2): the signal that a process gets when its parent ends, however that ends.
PARENT_DEATH_SIGNAL = 1


def run(args: argparse.Namespace) -> int:
    """Prepares the home, starts web and worker, waits. Ctrl-C stops both within seconds."""
    for name, value in (("SOCIUS_HOST", args.host), ("SOCIUS_PORT", args.port)):
        if value:
            os.environ[name] = value
    here = prepared()
    refuse_taken_port(here["host"], here["port"])
    if args.first_run and not here["founded"] and not here["demonstration"]:
        os.environ["SOCIUS_DEMO"] = "1"
        own("demo", "build", "--if-missing")
        here = prepared()
    say(here["say"])
    return supervise(here, with_worker=not args.no_worker)


def own(*words: str, keep: bool = False) -> str:
    """Runs one of our own commands to its end; its failure is ours."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "socius.cli", *words],
        check=False,
        text=True,
        stdout=subprocess.PIPE if keep else None,
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout or ""


def prepared() -> dict[str, Any]:
    """What the child found: address, home, whether an organisation stands there."""
    found: dict[str, Any] = json.loads(own("serve-prepare", keep=True))
    return found


def refuse_taken_port(host: str, port: int) -> None:
    """A sentence instead of a stack trace where something else listens."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Misconfigured(
                f"Port {port} on {host} cannot be used ({error.strerror}). Stop what listens there, or say --port."
            ) from error


def start(here: dict[str, Any], *, with_worker: bool) -> dict[str, subprocess.Popen[bytes]]:
    """Web server and worker."""
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", here["host"], "--port", str(here["port"]),
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "--workers-kill-timeout", str(WEB_PATIENCE), "socius.config.wsgi:application",
    ]  # fmt: skip
    children = {"web": child(web)}
    if with_worker:
        children["worker"] = child([sys.executable, "-m", "socius.cli", "worker"])
    return children


def child(words: list[str]) -> subprocess.Popen[bytes]:
    """A process that does not hear Ctrl-C, and that is told to stop when we end without telling it (kill -9)."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return subprocess.Popen(words, preexec_fn=stop_with_parent)  # noqa: S603, PLW1509 - our own program; one thread
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def stop_with_parent() -> None:
    """Linux only; elsewhere a killed parent leaves its children, as it does everywhere."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def supervise(here: dict[str, Any], *, with_worker: bool) -> int:
    """Starts web and worker, waits for Ctrl-C or for one of them to end; then ends the others."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda n, _frame: stopped.append(n))
    children = start(here, with_worker=with_worker)
    if answers(here, children["web"], stopped):
        greet(here)
    while not stopped and all(c.poll() is None for c in children.values()):
        time.sleep(FAST)
    ended = [name for name, c in children.items() if c.poll() is not None]
    stop(children)
    if ended and not stopped:
        say(f"The {ended[0]} process ended by itself; its last words are above.")
        return 1
    say("Stopped.")
    return 0


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Asks the children to end, and insists after a few seconds, with their own processes too."""
    for one in children.values():
        if one.poll() is None:
            one.terminate()
    until = time.monotonic() + PATIENCE
    for one in children.values():
        try:
            one.wait(max(until - time.monotonic(), FAST))
        except subprocess.TimeoutExpired:
            for pid in [one.pid, *below(one.pid)]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            one.wait()


def below(parent: int) -> list[int]:
    """Processes that a process started, and theirs; none where the system does not list them in /proc."""
    parents: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name stands in brackets and may hold anything; state and parent follow it.
            parents[int(place.parent.name)] = int(place.read_text().rpartition(")")[2].split()[1])
    found = [parent]
    for one in found:
        found += [pid for pid, ppid in parents.items() if ppid == one]
    return found[1:]


def answers(here: dict[str, Any], web: subprocess.Popen[bytes], stopped: list[int]) -> bool:
    """Waits until the server listens; not when somebody stopped it meanwhile."""
    while web.poll() is None and not stopped:
        try:
            with socket.create_connection((here["host"], here["port"]), timeout=FAST):
                return True
        except OSError:
            time.sleep(FAST)
    return False


def greet(here: dict[str, Any]) -> None:
    """The address, and how to sign in."""
    say(f"\nSocius is at http://{here['host']}:{here['port']}/")
    note = Path(here["home"]) / "sign-in.txt"
    if here["demonstration"] and note.exists():
        say(
            "This is the demonstration organisation, in a home of its own. Look around with one click on the sign-in page, or:"
        )
        say(note.read_text().rstrip())
        say("For your own organisation: socius init, then socius serve (docs/tutorial.md).")
    else:
        say("Sign in with the address and password that `socius init` printed.")
    say("Ctrl-C stops it.")
