"""One stream, read in a thread: frames go into a bounded box, so a reader that is faster than the store waits."""

from __future__ import annotations

import queue
import threading
import time
from typing import NamedTuple

from websockets.exceptions import WebSocketException

from socius.connectors.streams.live import joined
from socius.kit.errors import Invalid
from socius.listen.models import BROKEN, LIVE, SILENT, WAITING

BOX = 20_000
SILENCE = 30.0  # seconds without a frame after which a stream counts as silent and is joined anew
LONGEST_PAUSE = 60.0


class Stream(NamedTuple):
    """What a reader needs to know of a source."""

    pk: int
    kind: str
    address: str
    cursor: str


class Frame(NamedTuple):
    """What came, on which connection, when (microseconds)."""

    source: int
    connection: int
    at: int
    text: str


class Reader:
    """Joins, reads, and joins again after a pause that grows; says in `state` and `error` how it stands."""

    def __init__(self, stream: Stream, box: queue.Queue[Frame], *, loopback: bool) -> None:
        self.stream, self.box, self.loopback = stream, box, loopback
        self.cursor = stream.cursor  # moved by the collector once a block is safe
        self.state, self.error = WAITING, ""
        self.connection = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        """Until it is stopped."""
        pause = 0.5
        while not self.stopping.is_set():
            before = self.connection
            try:
                self.listen()
                pause = 0.5
            except (OSError, WebSocketException, Invalid, EOFError) as error:
                self.state, self.error = BROKEN, str(error) or type(error).__name__
            pause = 0.5 if self.connection > before else min(2 * pause, LONGEST_PAUSE)
            self.stopping.wait(pause)

    def listen(self) -> None:
        """One connection, until it ends, falls silent or is no longer wanted."""
        way = joined(self.stream.kind, self.stream.address, self.cursor, loopback=self.loopback)
        with way as door:
            self.connection += 1
            quiet = time.monotonic()
            while not self.stopping.is_set():
                try:
                    text = door.recv(timeout=1.0)
                except TimeoutError:
                    if time.monotonic() - quiet > SILENCE:
                        self.state, self.error = SILENT, f"Nothing came for {SILENCE:g} seconds."
                        return
                    continue
                quiet = time.monotonic()
                self.state, self.error = LIVE, ""
                said = text if isinstance(text, str) else text.decode("utf-8", "replace")
                self.put(Frame(self.stream.pk, self.connection, time.time_ns() // 1000, said))

    def put(self, frame: Frame) -> None:
        """Into the box; waits while it is full."""
        while not self.stopping.is_set():
            try:
                self.box.put(frame, timeout=1.0)
            except queue.Full:
                continue
            return

    def stop(self) -> None:
        """Ends after the frame that is read."""
        self.stopping.set()
