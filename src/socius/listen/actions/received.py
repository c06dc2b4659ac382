"""Mentions that another program hands over (a webhook): checked at once, kept on the disk, taken into the store by the worker."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import transaction

from socius.activity.actions import record
from socius.connectors.streams.reading import Source, decode
from socius.kit import clock
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor

INBOX = "inbox"
MOST_WAITING = 1000  # handings-over that the worker has not taken in yet
SHOWN = 20


class Way(NamedTuple):
    """How the objects are to be read: key -> field, the network of those that name none, the lowest and highest answer."""

    mapping: Mapping[str, str] = {}
    network: str = ""
    scale: tuple[float, float] = (0.0, 100.0)


class Received(NamedTuple):
    """How many can be read, and of those that cannot which and why; they go to quarantine."""

    accepted: int
    malformed: list[dict[str, Any]]


@asks("outcome.import")
@transaction.atomic
def receive_mentions(rows: Sequence[Mapping[str, Any]], *, actor: Actor, way: Way) -> Received:
    """Keeps the objects on the disk, with keys that no field names; the worker takes them in once.

    Raises Invalid where none can be read, and Conflict where too many wait because no worker runs.
    """
    require(actor, "outcome.import", None)
    source = Source("webhook", "webhook", dict(way.mapping), way.network, way.scale)
    try:
        data = b"\n".join(msgspec.json.encode(row) for row in rows)
    except (UnicodeEncodeError, OverflowError, RecursionError) as error:
        raise Invalid("A mention holds what JSON in UTF-8 cannot.", field="mentions", repair="Send whole characters and numbers of at most 64 bits.") from error  # fmt: skip
    at = clock.micros(actor.at)
    done = decode(source, data, at)
    if not done.records:
        said = done.malformed[0].say if done.malformed else "There is no mention."
        raise Invalid(f"mentions.0: {said}", field="mentions", repair="Each needs an id, a time and a text or an answer; `map` names their keys.")  # fmt: skip
    folder = settings.HOME / "listen" / INBOX
    folder.mkdir(parents=True, exist_ok=True)
    if sum(1 for _ in folder.glob("*.jsonl")) >= MOST_WAITING:
        raise Conflict(f"{MOST_WAITING} deliveries wait for the worker. Start `socius worker`, then send it again.")  # fmt: skip
    name = f"{at:020d}-{secrets.token_hex(6)}"
    part, target = folder / f".{name}", folder / f"{name}.jsonl"
    with part.open("wb") as stream:
        stream.write(msgspec.json.encode({"source": asdict(source), "observed": at, "line": 0}) + b"\n" + data)  # fmt: skip
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(target)
    record(actor, "mentions_received", f"delivery:{name}", content={"records": len(done.records), "malformed": len(done.malformed)})  # fmt: skip
    found = [{"place": m.line - 1, "say": m.say} for m in done.malformed[:SHOWN]]
    return Received(len(done.records), found)
