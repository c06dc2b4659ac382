"""The loop: looks at rows that are ready, does them, waits. Killed at any point, the next start finds them as they were."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from django.db import close_old_connections, connections

from socius.activity import jobs
from socius.kit import clock
from socius.listen.jobs.alerting import Alarm
from socius.listen.jobs.standing import Standings
from socius.listen.jobs.suspecting import Suspicion
from socius.listen.jobs.watching import (
    HOUR,
    QUARTER,
    Watch,
    collecting,
    left,
    looking_back,
    received,
    untidy,
)
from socius.measure import jobs as imports

log = logging.getLogger(__name__)
PAUSE = 1.0
LONGEST_PAUSE = 30.0

Task = Callable[[], int]


class Aside:
    """A task that may take minutes, in a thread of its own: the others, which take milliseconds, do not wait for it."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.thread: threading.Thread | None = None

    def __call__(self) -> int:
        """Begins it unless it still runs."""
        if self.thread is None or not self.thread.is_alive():
            # A killed import is taken up again, so nothing is lost where the process ends under it.
            self.thread = threading.Thread(target=self.run, daemon=True)
            self.thread.start()
        return 0

    def run(self) -> None:
        """In the thread: until nothing is due."""
        try:
            while self.task():
                pass
        except Exception:
            log.exception("A task beside the others failed; it is tried again.")
        finally:
            connections.close_all()


def import_waiting() -> int:
    """Files that wait for their import."""
    return imports.import_waiting(clock.now)


def forget_files() -> int:
    """Files that nobody imported within a day."""
    return imports.forget_files(clock.now())


# Each returns how many rows it did; 0: nothing was due.
TASKS: dict[str, Task] = {
    "seal": jobs.seal,
    "roll_up": jobs.roll_up,
    "import": Aside(import_waiting),
    "forget_files": forget_files,
    "effects": Aside(imports.Refreshing(clock.now)),
    "alerts": Aside(Alarm(clock.now)),
    "standings": Aside(Standings(clock.now)),
    "rings": Aside(Suspicion(clock.now)),
    "listen": Watch("collect", collecting),
    "look_back": Watch("look_back", looking_back),
    "receive": Watch("receive", received),
    "leave": Watch("leave", left, again=QUARTER),
    "maintain": Watch("maintain", untidy, again=HOUR),
}


class Loop:
    """Runs the tasks in turn; a task that fails waits longer before its next turn and never stops the others."""

    def __init__(self, tasks: dict[str, Task] | None = None) -> None:
        self.tasks = TASKS if tasks is None else tasks
        self.stopping = threading.Event()
        self.failures: dict[str, int] = {}

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.stopping.is_set():
            done = self.once()
            pause = min(PAUSE * 2 ** max(self.failures.values(), default=0), LONGEST_PAUSE)
            self.stopping.wait(0 if done and pause == PAUSE else pause)

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """Ends after the task that runs."""
        self.stopping.set()

    def once(self) -> int:
        """One turn; returns how many rows were done."""
        close_old_connections()
        return sum(
            self.attempt(name, task)
            for name, task in self.tasks.items()
            if not self.stopping.is_set()
        )

    def attempt(self, name: str, task: Task) -> int:
        """One task; this is one of the two places that may catch everything."""
        try:
            done = task()
        except Exception:
            self.failures[name] = self.failures.get(name, 0) + 1
            log.exception("The task %s failed; it is tried again.", name)
            return 0
        self.failures.pop(name, None)
        return done
