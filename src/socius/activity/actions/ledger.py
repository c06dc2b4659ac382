"""The pen of the ledger: one row with `record`, a million with `append`. Rows are never changed; content may be erased."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol, TypedDict, Unpack
from zoneinfo import available_timezones

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from socius.activity.models import Content, Installation
from socius.engine import chain
from socius.engine.verbs import RETRACT, VERBS
from socius.kit.clock import micros
from socius.kit.errors import Conflict, Invalid, NotFound
from socius.kit.ids import time_ordered_id, time_ordered_ids

ORIGINS = frozenset({"web", "api", "cli", "console", "worker", "import", "network", "demo"})
RESULTS = frozenset({"done", "refused"})
BLOCK = 5_000
SALT = 32
# Kept from one append to the next: the blocks of an import repeat who, where and how.
BYTES_OF = chain.canoniser()
COLUMNS = (
    "v", "seq", "id", "at", "recorded_at", "actor", "origin", "verb", "result", "object", "unit", "account",
    "initiative", "goal", "network", "remote_id", "minutes", "import", "retracts", "commitment", "hash",
)  # fmt: skip
ENTRY_INTO = "INTO activity_entry ({})".format(", ".join(f'"{name}"' for name in COLUMNS))
CONTENT_COLUMNS = "id, salt, content, erased_by, basis"

Sealed = tuple[Any, ...]  # the fields of chain.Row, then the hash


class Doer(Protocol):
    """Who acts, through which door, when; `organisation.models.Actor` is one."""

    @property
    def ref(self) -> str: ...

    @property
    def origin(self) -> str: ...

    @property
    def at(self) -> datetime: ...


class About(TypedDict, total=False):
    """What a row may name besides its verb and object; what is left out is null."""

    unit: int | None
    account: int | None
    initiative: int | None
    goal: int | None
    network: str | None
    remote_id: str | None
    minutes: int | None
    run: int | None
    retracts: bytes | None
    result: str
    happened: datetime
    content: Mapping[str, Any]


class Draft(NamedTuple):
    """A row to be: the fields of `chain.Row` that the writer knows. An empty `id` is made here; so is the commitment."""

    id: bytes
    at: int
    recorded_at: int
    actor: str
    origin: str
    verb: str
    result: str
    object: str
    unit: int | None = None
    account: int | None = None
    initiative: int | None = None
    goal: int | None = None
    network: str | None = None
    remote_id: str | None = None
    minutes: int | None = None
    run: int | None = None
    retracts: bytes | None = None
    commitment: bytes | None = None
    content: bytes | None = None


def found(name: str, zone: str, at: datetime, *, demonstration: bool = False) -> Installation:
    """Makes the one row that says whose ledger this is, with the start of its chain."""
    if zone not in available_timezones():
        raise Invalid(
            f"{zone!r} is not a time zone.",
            field="zone",
            repair="Give a name such as Europe/Berlin or UTC.",
        )
    key = os.urandom(16)
    with transaction.atomic():
        if Installation.objects.select_for_update().exists():
            raise Conflict(
                "This home already holds an organisation. Give another SOCIUS_HOME for a second one."
            )
        # The fixed key makes the database refuse a second one that is founded at the same moment.
        return Installation.objects.create(
            pk=1,
            key=key,
            name=name,
            zone=zone,
            demonstration=demonstration,
            created_at=at,
            head_hash=chain.start(key),
        )


def packed(content: Mapping[str, Any]) -> bytes:
    """Content as canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def record(who: Doer, verb: str, object: str, **about: Unpack[About]) -> bytes:
    """Writes one row in the caller's transaction and returns its id."""
    draft = drafted(who, verb, object, **about)
    append([draft])
    return draft.id


def drafted(who: Doer, verb: str, object: str, **about: Unpack[About]) -> Draft:
    """The row that `record` would write, for an `append` of many."""
    recorded_at = micros(who.at)
    happened = about.get("happened")
    content = about.get("content")
    draft = Draft(
        time_ordered_id(recorded_at),
        recorded_at if happened is None else micros(happened),
        recorded_at,
        who.ref,
        who.origin,
        verb,
        about.get("result", "done"),
        object,
        about.get("unit"),
        about.get("account"),
        about.get("initiative"),
        about.get("goal"),
        about.get("network"),
        about.get("remote_id"),
        about.get("minutes"),
        about.get("run"),
        about.get("retracts"),
        content=None if content is None else packed(content),
    )
    if (verb == RETRACT) != (draft.retracts is not None):
        raise ValueError(
            f"A {RETRACT!r} row names the row that it takes back, and no other does; this is {verb!r}."
        )
    return draft


def append(rows: Iterable[Draft]) -> int:
    """Writes rows in the caller's transaction, in their order, and returns how many; made for a million of them."""
    rows, written = iter(rows), 0
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        pen = Chained(cursor) if connection.vendor == "sqlite" else Unchained(cursor)
        while block := list(itertools.islice(rows, BLOCK)):
            contents: list[tuple[bytes, bytes, bytes]] = []
            pen.write(completed(block, pen.numbers, contents))
            pen.write_content(contents)
            written += len(block)
        pen.close()
    return written


def completed(
    block: Sequence[Draft],
    numbers: Iterator[int | None],
    contents: list[tuple[bytes, bytes, bytes]],
) -> Iterator[Sealed]:
    """The drafts as rows without hash; what lies apart is put into `contents`."""
    salts, name_at = os.urandom(SALT * len(block)), time_ordered_ids(len(block))
    place = 0
    for draft in block:
        if draft[5] not in VERBS or draft[6] not in RESULTS or draft[4] not in ORIGINS:
            raise ValueError(
                f"The ledger takes no row with verb {draft.verb!r}, result {draft.result!r}, origin {draft.origin!r}: "
                "verbs are listed in engine/verbs.py, origins in activity/actions/ledger.py."
            )
        name, commitment, content = draft[0] or name_at(draft[2]), draft[17], draft[18]
        if content is not None:
            salt = salts[place : place + SALT]
            place += SALT
            commitment = sha256(salt + content).digest()
            contents.append((name, salt, content))
        if not (draft[7].isascii() and (draft[13] or "").isascii() and (draft[12] or "").isascii()):
            draft = in_normal_form(draft)  # noqa: PLW2901 - the rare row that needs it
        yield (chain.FORMAT, next(numbers), name, *draft[1:17], commitment)


def in_normal_form(draft: Draft) -> Draft:
    """Texts as they are hashed."""
    return draft._replace(
        object=chain.nfc(draft.object),
        network=None if draft.network is None else chain.nfc(draft.network),
        remote_id=None if draft.remote_id is None else chain.nfc(draft.remote_id),
    )


class Chained:
    """SQLite has one writer, so number and hash are set as the row is written; the head is kept in the Installation."""

    def __init__(self, cursor: CursorWrapper) -> None:
        self.cursor = cursor
        head = Installation.objects.select_for_update().values_list("head_seq", "head_hash").first()
        if head is None:
            raise NotFound(
                "There is no organisation in this home yet. Make one with `socius init`."
            )
        self.numbers = itertools.count(head[0] + 1)
        self.hash = bytes(head[1])
        self.bytes_of = BYTES_OF
        self.sql = f"INSERT {ENTRY_INTO} VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608 - constants

    def write(self, rows: Iterable[Sealed]) -> None:
        linked, last, bytes_of = [], self.hash, self.bytes_of
        for row in rows:
            last = sha256(last + bytes_of(row)).digest()
            linked.append((*row, last))
        self.cursor.executemany(self.sql, linked)
        self.hash = last

    def write_content(self, contents: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        if contents:
            sql = f"INSERT INTO activity_content ({CONTENT_COLUMNS}) VALUES (%s, %s, %s, '', '')"  # noqa: S608 - constant
            self.cursor.executemany(sql, contents)

    def close(self) -> None:
        Installation.objects.update(head_seq=next(self.numbers) - 1, head_hash=self.hash)


class Unchained:
    """PostgreSQL has many writers: rows go in without number, and `sealing.seal` chains them once they are committed."""

    def __init__(self, cursor: CursorWrapper) -> None:
        self.cursor = cursor
        self.numbers = itertools.repeat(None)

    def write(self, rows: Iterable[Sealed]) -> None:
        with self.cursor.copy(f"COPY {ENTRY_INTO.removeprefix('INTO ')} FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, None))

    def write_content(self, contents: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        if contents:
            with self.cursor.copy(f"COPY activity_content ({CONTENT_COLUMNS}) FROM STDIN") as copy:
                for row in contents:
                    copy.write_row((*row, "", ""))

    def close(self) -> None:
        """Nothing to keep: the sealer moves the head."""


def erase(*ids: bytes, who: Doer, basis: str) -> int:
    """Destroys the content of rows, never the rows: the chain still verifies. Says when, by whom, on what basis."""
    if not basis:
        raise Invalid(
            "Erasing needs its basis.",
            field="basis",
            repair="Say on whose request or by which rule.",
        )
    with transaction.atomic():
        there = (
            Content.objects.filter(id__in=ids, erased_at=None)
            .select_for_update()
            .values_list("id", flat=True)
        )
        erasing = [bytes(name) for name in there]
        for name in erasing:
            record(who, "erased", f"entry:{name.hex()}")
        return Content.objects.filter(id__in=erasing).update(
            salt=None,
            content=None,
            dek=None,
            erased_at=micros(who.at),
            erased_by=who.ref,
            basis=basis,
        )
