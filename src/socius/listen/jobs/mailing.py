"""A mailbox, looked at every so often in a thread: the same face as the reader of a stream."""

from __future__ import annotations

import imaplib
import json
import queue
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from socius.connectors.streams.mailbox import Mailbox, Place, look_of, looked, secret_of
from socius.kit.errors import Invalid
from socius.listen.jobs.reader import LONGEST_PAUSE, Frame, Reader, Stream
from socius.listen.models import BROKEN, LIVE

EVERY = 15.0  # seconds between two looks
TOLD = 600_000_000  # microseconds after which a look that found nothing is told, so that the coverage goes on


class MailReader(Reader):
    """A mailbox keeps what came while nobody looked, so a break is no gap: its stretch begins where the last look ended."""

    def __init__(self, stream: Stream, box: queue.Queue[Frame], *, loopback: bool) -> None:
        self.place = Place.of(stream.cursor)
        self.told = self.place.looked
        super().__init__(stream, box, loopback=loopback)

    def run(self) -> None:
        """Until it is stopped."""
        pause = 1.0
        while not self.stopping.is_set():
            try:
                self.listen()
                pause = 1.0
            except (OSError, EOFError, imaplib.IMAP4.error, Invalid) as error:
                self.state, self.error = BROKEN, str(error) or type(error).__name__
            pause = min(2 * pause, LONGEST_PAUSE)
            self.stopping.wait(pause)

    def listen(self) -> None:
        """One connection, until it ends or is no longer wanted."""
        password = secret_of(settings.LISTEN_SECRETS, settings.HOME, self.stream.address)
        with Mailbox(self.stream.address, password, loopback=self.loopback) as box:
            while not self.stopping.is_set():
                for place, line in looked(box, self.place):
                    self.take(place, line)
                self.state, self.error = LIVE, ""
                self.stopping.wait(EVERY)

    def take(self, place: Place, line: str) -> None:
        """A mail into the box; a look without one now and then, and until then its stretch begins where the last one ended."""
        if not line and place.looked - self.told < TOLD:
            self.place = place._replace(looked=self.told)
            return
        frame = Frame(self.stream.pk, 1, place.looked, line or look_of(place, self.told or place.looked))  # fmt: skip
        self.put(frame)
        self.place, self.told = place, place.looked


def stretch_of(frames: Sequence[Frame]) -> tuple[int, int, str]:
    """From when to when a mailbox was seen whole, and the cursor behind the last of its frames."""
    first, last = said(frames[0]), said(frames[-1])
    place = Place(last["validity"], last["uid"], last["looked"])
    return int(first["since"]), int(last["looked"]), str(place)


def said(frame: Frame) -> dict[str, Any]:
    """What a frame says."""
    return dict(json.loads(frame.text))


def reader_of(stream: Stream, box: queue.Queue[Frame], *, loopback: bool) -> Reader:
    """What reads a source, by its kind."""
    kind = MailReader if stream.kind == "imap" else Reader
    return kind(stream, box, loopback=loopback)
