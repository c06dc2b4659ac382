"""Numbers are worked out in a child process, so that what serves a page or answers `--help` never carries NumPy.

`ask("socius.engine.effect.tasks.effect", options, files)` starts a Python, hands it options and the bytes of files over standard
input, and returns the dictionary that the module's `run(options, files)` gave back. The named module does no I/O: this file reads
and writes for it. What it refuses comes back as the same error. Only modules of `engine` and `stores`, and `listen.jobs`, which joins the two, can be asked.

    docs/decisions/0010-numbers-in-a-child.md
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from socius.kit.errors import Invalid, SociusError

ROOMS = ("socius.engine.", "socius.stores.", "socius.listen.jobs.")
# One thread each: what is bought with more is lost to the other work of the house, and sums keep their order.
SINGLE = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)

IDLE = 600.0  # seconds without a question after which a kept child ends


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
    return found(json.loads(done.stdout))


class Kept:
    """A child that stays, for a page that must answer at once: one question after the other, each like those of `ask`.

    It is started with the first question, ends by itself after ten minutes without one, and ends when we do, however we end. Where it
    died, a question starts another; so a task that is asked here changes nothing.
    """

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.child: subprocess.Popen[bytes] | None = None
        self.owner = 0

    def ask(self, task: str, options: Mapping[str, Any], *, seconds: float) -> dict[str, Any]:
        """What the task answers. Raises Invalid with its sentence, and Broken where no child answers within `seconds`."""
        sent = json.dumps({"task": task, "options": dict(options), "files": []}).encode() + b"\n"
        until = time.monotonic() + seconds
        if not self.turn.acquire(timeout=seconds):
            raise Broken(f"The store was busy for {seconds:g} seconds.")
        try:
            line = self.answered(sent, until) or self.answered(sent, until)
        finally:
            self.turn.release()
        if not line:
            raise Broken("The calculation ended without an answer.")
        return found(json.loads(line))

    def answered(self, sent: bytes, until: float) -> bytes:
        """The answer of the child; empty where it died. Raises Broken when the time is up."""
        child = self.living()
        if child.stdin is None or child.stdout is None:
            return b""
        parts: list[bytes] = []
        try:
            child.stdin.write(sent)
            child.stdin.flush()
            while not parts or not parts[-1].endswith(b"\n"):
                ready, _, _ = select.select([child.stdout], [], [], max(0.0, until - time.monotonic()))  # fmt: skip
                if not ready:
                    self.end()
                    raise Broken("The calculation took too long and was stopped.")
                part = os.read(child.stdout.fileno(), 1 << 16)
                if not part:
                    self.end()
                    return b""
                parts.append(part)
        except BrokenPipeError:
            self.end()
            return b""
        return b"".join(parts)

    def living(self) -> subprocess.Popen[bytes]:
        """The child of this process, started where none lives."""
        if self.child is not None and self.owner == os.getpid() and self.child.poll() is None:
            return self.child
        if self.owner == os.getpid():
            self.end()
        command = [sys.executable, "-m", "socius.kit.child", "stay"]
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **SINGLE})  # fmt: skip  # noqa: S603 - our own program, no shell
        if self.owner != os.getpid():
            atexit.register(self.end)
        self.owner = os.getpid()
        return self.child

    def end(self) -> None:
        """Ends the child and reaps it."""
        child, self.child = self.child, None
        if child is None or self.owner != os.getpid():
            return
        atexit.unregister(self.end)
        self.owner = 0
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()


def found(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What a child answered. Raises the error that it met."""
    if "error" in answer:
        raise Invalid(**answer["error"])
    return dict(answer["found"])


def stay() -> None:
    """The kept child's side: answers until nobody asks. Whoever started us is told by a closed pipe, so an interrupt is not ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source = sys.stdin.buffer
    while select.select([source], [], [], IDLE)[0]:
        answer = serve(source)
        if not answer:
            return
        # Whoever asked may be gone by now: then nobody waits for the answer.
        with suppress(BrokenPipeError):
            sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
            sys.stdout.flush()


def serve(source: BinaryIO) -> dict[str, Any]:
    """The child's side: one question from `source`; an empty answer where there is none."""
    line = source.readline()
    if not line:
        return {}
    head = json.loads(line)
    files = {name: source.read(size) for name, size in head["files"]}
    task = str(head["task"])
    if not task.startswith(ROOMS):
        return {"error": {"say": f"{task} is no calculation."}}
    try:
        made = importlib.import_module(task).run(head["options"], files)
    except Invalid as error:
        return {"error": {"say": error.say, "field": error.field, "repair": error.repair, "code": error.code}}  # fmt: skip
    return {"found": {**made, "cpu_seconds": round(time.process_time(), 3)}}


if __name__ == "__main__":
    if sys.argv[1:] == ["stay"]:
        stay()
        os._exit(0)
    sys.stdout.write(json.dumps(serve(sys.stdin.buffer), ensure_ascii=True))
    sys.stdout.flush()
    # Threads of Arrow may still wait for Python: an orderly end now and then aborts the process after its answer is out.
    os._exit(0)
