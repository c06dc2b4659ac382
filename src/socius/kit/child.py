"""Numbers are worked out in a child process, so that what serves a page or answers `--help` never carries NumPy.

`ask("socius.engine.effect.tasks.effect", options, files)` starts a Python, hands it options and the bytes of files over standard
input, and returns the dictionary that the module's `run(options, files)` gave back. The named module does no I/O: this file reads
and writes for it. What it refuses comes back as the same error. Only modules of `engine` and `stores`, and `listen.jobs`, which joins the two, can be asked.

    docs/decisions/0010-numbers-in-a-child.md
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from socius.kit.errors import Invalid, SociusError

ROOMS = ("socius.engine.", "socius.stores.", "socius.listen.jobs.")
# One thread each: what is bought with more is lost to the other work of the house, and sums keep their order.
SINGLE = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)


class Broken(SociusError):
    """The child ended without an answer."""


def started(words: Sequence[str], **how: Any) -> subprocess.CompletedProcess[bytes]:
    """Runs `python -m WORDS` with one numeric thread, to its end."""
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, check=False, env={**os.environ, **SINGLE}, **how)  # noqa: S603 - our own program, no shell


def begun(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """Starts `python -m WORDS` and does not wait; its standard input is a pipe of ours, so it can tell that we ended."""
    command = [sys.executable, "-m", *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, **SINGLE})  # noqa: S603 - our own program, no shell


def stream(room: str, verb: str, request: Mapping[str, Any]) -> int:
    """Runs a verb of a package's jobs on our own standard streams; its exit status is ours. Raises Invalid for another module."""
    if not room.endswith(".jobs"):
        raise Invalid(f"{room} is no package of jobs.")
    return started([room, verb, json.dumps(request)]).returncode


def ask(
    task: str,
    options: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    *,
    seconds: float | None = None,
) -> dict[str, Any]:
    """What the task answers, with `cpu_seconds`, the child's own processor time.

    Raises Invalid with the task's sentence where the input is wrong, and Broken where the child fails or takes longer than
    `seconds`.
    """
    given = dict(files or {})
    head = {"task": task, "options": dict(options), "files": [[name, len(data)] for name, data in given.items()]}  # fmt: skip
    sent = json.dumps(head).encode() + b"\n" + b"".join(given.values())
    try:
        done = started(["socius.kit.child"], input=sent, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired as late:
        raise Broken(f"The calculation took longer than {seconds:g} seconds and was stopped.") from late  # fmt: skip
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        raise Broken(f"The calculation stopped: {last[0]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise Invalid(**answer["error"])
    return dict(answer["found"])


def serve(source: BinaryIO) -> dict[str, Any]:
    """The child's side: one question from `source`."""
    head = json.loads(source.readline())
    files = {name: source.read(size) for name, size in head["files"]}
    task = str(head["task"])
    if not task.startswith(ROOMS):
        return {"error": {"say": f"{task} is no calculation."}}
    try:
        found = importlib.import_module(task).run(head["options"], files)
    except Invalid as error:
        return {"error": {"say": error.say, "field": error.field, "repair": error.repair, "code": error.code}}  # fmt: skip
    return {"found": {**found, "cpu_seconds": round(time.process_time(), 3)}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(serve(sys.stdin.buffer), ensure_ascii=True))
    sys.stdout.flush()
    # Threads of Arrow may still wait for Python: an orderly end now and then aborts the process after its answer is out.
    os._exit(0)
