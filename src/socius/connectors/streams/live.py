"""The way out to a stream: one rule for where it may lead, checked on the addresses that a name has when it is called."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import unquote, urlencode, urlsplit

from websockets.sync.client import ClientConnection, connect

from socius.kit.errors import Invalid

LONGEST_FRAME = 1 << 20
PATIENCE = 10.0
REWIND = 5_000_000  # microseconds before the cursor: times of Jetstream are not exact
PORTS = {"ws": 80, "wss": 443, "imap": 143, "imaps": 993}
PLAIN = {"ws": "wss", "imap": "imaps"}
MAIL = frozenset({"imap", "imaps"})
POSTS = "app.bsky.feed.post"


def refused(say: str, repair: str) -> Invalid:
    """An address that leads where it may not."""
    return Invalid(say, field="address", repair=repair)


def checked_address(address: str, *, loopback: bool) -> tuple[str, int]:
    """Host and port of a source's address. Raises `Invalid` unless it is `wss://` or `imaps://`, or plain to loopback where that is allowed."""
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise refused(f"{address!r} is no address.", "Write wss://host/path.") from error
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not host or (parts.username and parts.scheme not in MAIL):
        raise refused(f"{address!r} is no address of a stream.", "Write wss://host/path.")
    if parts.scheme in MAIL and (not parts.username or parts.password is not None or not unquote(address).isprintable()):  # fmt: skip
        raise refused(f"{address!r} is no address of a mailbox.", "Write imaps://name@host/INBOX; its password lies in a file of SOCIUS_LISTEN_SECRETS, never here.")  # fmt: skip
    if parts.scheme in PLAIN and not (loopback and host in {"127.0.0.1", "localhost", "::1"}):
        raise refused(
            f"{address} is not encrypted.",
            f"Use {PLAIN[parts.scheme]}://; {parts.scheme}:// is for 127.0.0.1 where SOCIUS_LISTEN_LOOPBACK is set.",
        )
    return host, port


def opened(address: str, *, loopback: bool) -> socket.socket:
    """A connection to an address that was looked at: what a name means now is what is called. Raises `Invalid`, `OSError`."""
    host, port = checked_address(address, loopback=loopback)
    problem: OSError | None = None
    for family, kind, protocol, _, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        found = ipaddress.ip_address(str(where[0]).partition("%")[0])
        if not (found.is_global and not found.is_multicast) and not (loopback and found.is_loopback):  # fmt: skip
            raise refused(f"{host} leads to {found}, inside the house.", "Use a public address.")
        made = socket.socket(family, kind, protocol)
        made.settimeout(PATIENCE)
        try:
            made.connect(where)
        except OSError as error:
            made.close()
            problem = error
        else:
            return made
    raise problem or OSError(f"{host} has no address")


def asked(kind: str, address: str, cursor: str) -> str:
    """The address with what the network is asked for: posts only, from a little before the cursor."""
    if kind != "jetstream":
        return address
    said = {"wantedCollections": POSTS}
    if cursor.isdecimal():
        said["cursor"] = str(int(cursor) - REWIND)
    return f"{address}{'&' if '?' in address else '?'}{urlencode(said)}"


def joined(kind: str, address: str, cursor: str, *, loopback: bool) -> ClientConnection:
    """A WebSocket to the stream. Raises `Invalid` where it may not lead, else what sockets and WebSockets raise."""
    way = opened(address, loopback=loopback)
    try:
        return connect(
            asked(kind, address, cursor), sock=way, max_size=LONGEST_FRAME, open_timeout=PATIENCE, close_timeout=1
        )  # fmt: skip
    except BaseException:
        way.close()
        raise
