"""People whose account is gone from their network: noted as they are told, then erased from every table together.

A note is safe on the disk before its block leaves the queue, and goes only once the erasure is through, so a kill at any point leaves
it to be done again. Erasing reads the whole store, so it is done for many at once and not with every event.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from socius.stores.erasing import erase
from socius.stores.known import KEY
from socius.stores.mentions import Store
from socius.stores.queue import Block

# What Jetstream calls an account that will not come back by its owner's own will; `deactivated` and `suspended` may.
GONE = frozenset({"deleted", "takendown"})
ACCOUNT = re.compile(rb'"kind"\s*:\s*"account"')
NETWORK = "bluesky"
NOTES = "leaving"
FROM = "leaving-from"  # how many keys had been erased before


class Said(msgspec.Struct):
    """What is said of an account."""

    active: bool = True
    status: str = ""


class Event(msgspec.Struct):
    """A frame of Jetstream, as far as it tells of an account."""

    did: str
    kind: str
    account: Said | None = None


events = msgspec.json.Decoder(Event)


def departed(data: bytes) -> set[str]:
    """Ids of the people of a block of Jetstream whose account was deleted or taken down."""
    found = set()
    for line in data.splitlines() if ACCOUNT.search(data) else ():
        try:
            event = events.decode(line) if ACCOUNT.search(line) else None
        except (msgspec.MsgspecError, ValueError):
            continue  # the decoder has counted it as malformed
        if event and event.kind == "account" and event.account and event.account.status in GONE:
            found.add(event.did)
    return found


def note(folder: Path, block: Block) -> None:
    """Keeps who left in a block; comes before the block leaves the queue."""
    if block.said["source"]["name"] != "jetstream":
        return
    names = departed(block.data)
    if names:
        with (folder / NOTES).open("ab") as stream:
            stream.write("".join(f"\n{n}" for n in sorted(names)).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())


def waiting(folder: Path) -> bool:
    """Whether somebody left who is not erased yet."""
    place = folder / NOTES
    return place.exists() and place.stat().st_size > 0


def named(folder: Path) -> set[str]:
    """Ids of those who left and are not erased yet."""
    return set((folder / NOTES).read_text("utf-8").split())


def let_go(store: Store) -> set[bytes]:
    """Erases everybody who left; keys of what they wrote, those of an attempt that was cut off among them."""
    names = named(store.folder)
    place, mark = store.folder / "erased", store.folder / FROM
    if not mark.exists():
        mark.write_text(str(place.stat().st_size if place.exists() else 0))
    erase(store, lambda row: row["network"] == NETWORK and row["author_id"] in names)
    data = place.read_bytes()[int(mark.read_text() or 0) :] if place.exists() else b""
    return {data[at : at + KEY] for at in range(0, len(data), KEY)}
