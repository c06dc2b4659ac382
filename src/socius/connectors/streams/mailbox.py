"""A mailbox over IMAP (RFC 3501): what is new since a place in it, fetched without marking anything as read."""

from __future__ import annotations

import imaplib
import json
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from socius.connectors.streams.live import PATIENCE, PORTS, opened, refused
from socius.kit.errors import Invalid

LARGEST = 5 << 20  # bytes of a mail; what is larger is counted by its head alone


class Place(NamedTuple):
    """How far a mailbox was read, and when it was last looked at (microseconds; 0: never)."""

    validity: int = 0
    uid: int = 0
    looked: int = 0

    @classmethod
    def of(cls, cursor: str) -> Place:
        """From a source's cursor."""
        parts = cursor.split(":")
        return cls(*map(int, parts)) if len(parts) == 3 and all(map(str.isdecimal, parts)) else cls()  # fmt: skip

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}:{self.looked}"


def secret_of(folder: str, home: Path, address: str) -> str:
    """The password of a mailbox: the first line of the file `imap-NAME@HOST` in a folder outside the data. Raises `Invalid` with a sentence."""
    parts = urlsplit(address)
    name = f"imap-{unquote(parts.username or '')}@{parts.hostname}"
    if not folder:
        raise refused("No folder of passwords is named.", f"Set SOCIUS_LISTEN_SECRETS to a folder outside the data that holds {name}.")  # fmt: skip
    if "/" in name:
        raise refused(f"{name!r} is no name of a file.", "Use a name without a slash.")
    place = Path(folder) / name
    if place.resolve().is_relative_to(home.resolve()):
        raise refused(f"{folder} lies inside the data folder, so every backup would hold the passwords.", "Name a folder outside it.")  # fmt: skip
    try:
        if place.stat().st_mode & 0o077:
            raise refused(f"{place} can be read by others.", f"Run: chmod 600 {place}")
        return place.read_text("utf-8").split("\n", 1)[0]
    except OSError as error:
        raise refused(f"{place} cannot be read: {error.strerror}.", "Put the password there, on one line.") from error  # fmt: skip


class Plain(imaplib.IMAP4):
    """Over a connection whose address was looked at."""

    def __init__(self, address: str, *, loopback: bool) -> None:
        self.address, self.loopback = address, loopback
        parts = urlsplit(address)
        super().__init__(parts.hostname or "", parts.port or PORTS[parts.scheme], timeout=PATIENCE)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        made = opened(self.address, loopback=self.loopback)
        if urlsplit(self.address).scheme == "imaps":
            context = ssl.create_default_context()
            made = context.wrap_socket(made, server_hostname=self.host)
        made.settimeout(timeout)
        return made


class Mailbox:
    """One connection to one folder of mails, read only."""

    def __init__(self, address: str, password: str, *, loopback: bool) -> None:
        parts = urlsplit(address)
        self.door = Plain(address, loopback=loopback)
        try:
            self.door.login(unquote(parts.username or ""), password)
        except imaplib.IMAP4.error as error:
            self.close()
            say = f"{parts.hostname} refused the name {unquote(parts.username or '')!r} or its password."
            raise Invalid(say, field="address", repair="Put the right password into its file in SOCIUS_LISTEN_SECRETS.") from error  # fmt: skip
        self.folder = unquote(parts.path.strip("/")) or "INBOX"
        quoted = '"' + self.folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        kind, _ = self.door.select(quoted, readonly=True)
        if kind != "OK":
            self.close()
            raise refused(f"The mailbox has no folder {self.folder!r}.", "Name one, such as INBOX, behind the host.")  # fmt: skip
        self.validity, self.next = (int(self.door.response(n)[1][0] or 1) for n in ("UIDVALIDITY", "UIDNEXT"))  # fmt: skip

    def __enter__(self) -> Mailbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Ends the connection, whatever state it is in."""
        try:
            self.door.logout()
        except (OSError, imaplib.IMAP4.error):
            self.door.shutdown()

    def after(self, place: Place) -> list[int]:
        """Numbers of mails that are new, in order; the unread ones where this mailbox was never read, or was made anew."""
        self.door.noop()
        asked = f"UID {place.uid + 1}:*" if place.validity == self.validity else "UNSEEN"
        kind, found = self.door.uid("SEARCH", asked)
        if kind != "OK":
            raise OSError("The mail server did not search.")
        # `n:*` names the last mail even where it is older than n.
        least = place.uid if place.validity == self.validity else 0
        return sorted(u for u in map(int, (found[0] or b"").split()) if u > least)

    def reached(self, place: Place) -> int:
        """The last number that need not be asked for again."""
        return place.uid if place.validity == self.validity else self.next - 1

    def fetch(self, uid: int) -> bytes | None:
        """A mail as it lies there; None where it went meanwhile."""
        kind, found = self.door.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{LARGEST}>)")
        if kind != "OK":
            raise OSError("The mail server did not give a mail.")
        return next((bytes(part[1]) for part in found if isinstance(part, tuple)), None)


def line_of(said: dict[str, Any]) -> str:
    """A mail or a look as one line of JSON."""
    raw = said.pop("raw", None)
    if raw is not None:
        said["raw"] = raw.decode("utf-8", "surrogateescape")
    return json.dumps(said)


def looked(box: Mailbox, place: Place) -> Iterator[tuple[Place, str]]:
    """One look: each new mail as a line, with the place that is reached with it; where nothing is new the place alone, with an empty line."""
    now = time.time_ns() // 1000
    since = place.looked or now
    uids, reached = box.after(place), box.reached(place)
    for uid in uids:
        raw = box.fetch(uid)
        if raw is not None:
            # Behind the last unread mail may lie some that were read before we came; they are not ours.
            at = max(uid, reached) if uid == uids[-1] else uid
            said = {"validity": box.validity, "uid": at, "since": since, "looked": now, "raw": raw}
            yield Place(box.validity, at, now), line_of(said)
    if not uids:
        yield Place(box.validity, reached, now), ""


def look_of(place: Place, since: int) -> str:
    """A look that found nothing new, for the coverage."""
    return line_of({"validity": place.validity, "uid": place.uid, "since": since, "looked": place.looked})  # fmt: skip
