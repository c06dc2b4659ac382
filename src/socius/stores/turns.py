"""The store for one process at a time, turn by turn: whoever writes for hours lets others in between two blocks."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from socius.kit.errors import Conflict
from socius.stores.mentions import Store

PATIENCE = 120.0  # seconds that a command waits for its turn
PAUSE = 0.01


class Turns:
    """One process's way to the store of a folder. Not to be shared between threads."""

    def __init__(self, folder: Path, patience: float | None = PATIENCE) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.patience = folder, patience
        self.name = f"{os.getpid()}-{time.time_ns()}"
        self.store: Store | None = None

    @contextmanager
    def turn(self) -> Iterator[Store]:
        """The store, alone. Raises `Conflict` where another process keeps it for longer than our patience."""
        with (self.folder / "lock").open("a+") as stream:
            self.wait(stream)
            stream.seek(0)
            if self.store is None or stream.read() != self.name:
                # Another wrote since: what we remember of keys, tables and queue may be wrong.
                self.store = Store(self.folder)
            stream.truncate(0)
            stream.write(self.name)
            stream.flush()
            yield self.store
        time.sleep(PAUSE)  # those who wait look more often than this

    def wait(self, stream: IO[str]) -> None:
        """Until the lock is ours."""
        until = None if self.patience is None else time.monotonic() + self.patience
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if until is not None and time.monotonic() > until:
                    say = f"Another process has been writing to {self.folder} for {self.patience:g} seconds."
                    raise Conflict(f"{say} Try again when it is done.") from error
                time.sleep(PAUSE / 4)
            else:
                return


@contextmanager
def locked(folder: Path, patience: float | None = PATIENCE) -> Iterator[Store]:
    """One turn."""
    with Turns(folder, patience).turn() as store:
        yield store
