"""`socius serve`: web server and worker as child processes of a small parent that stops them cleanly.

The parent loads neither Django nor the settings: a child, `serve-prepare`, brings the schema up to date and tells what it found.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from socius.cli.output import say
from socius.kit.errors import Misconfigured

PATIENCE = 6.0
FAST = 0.2


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
    return supervise(start(here, with_worker=not args.no_worker), here)


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
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "socius.config.wsgi:application",
    ]  # fmt: skip
    children = {"web": subprocess.Popen(web)}  # noqa: S603 - our own program
    if with_worker:
        children["worker"] = subprocess.Popen([sys.executable, "-m", "socius.cli", "worker"])
    return children


def supervise(children: dict[str, subprocess.Popen[bytes]], here: dict[str, Any]) -> int:
    """Waits for Ctrl-C or for a child to end; then ends the others."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda n, _frame: stopped.append(n))
    if answers(here, children["web"]):
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
    """Asks the children to end, and insists after a few seconds."""
    for one in children.values():
        if one.poll() is None:
            one.send_signal(signal.SIGINT)
    until = time.monotonic() + PATIENCE
    for one in children.values():
        try:
            one.wait(max(until - time.monotonic(), FAST))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def answers(here: dict[str, Any], web: subprocess.Popen[bytes]) -> bool:
    """Waits until the server listens."""
    while web.poll() is None:
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
