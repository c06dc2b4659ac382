"""The ledger: read and verified; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router

from socius.activity import reports
from socius.activity.models import Content, Entry
from socius.api.acting import actor_of
from socius.api.paging import Page, rows_page
from socius.api.shapes.records import EntryOut, HeadOut, LedgerAsked, VerifiedOut, VerifyAsked
from socius.kit.clock import instant, micros
from socius.organisation.actions import require, require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible

TAG = "ledger"
COLUMNS = (
    "seq", "actor", "origin", "verb", "result", "object", "unit", "account", "initiative", "goal", "network", "remote_id",
    "minutes", "run",
)  # fmt: skip
router = Router()


def hexed(value: bytes | memoryview | None) -> str | None:
    """Bytes as text."""
    return None if value is None else bytes(value).hex()


def shapes(rows: list[Entry]) -> Iterator[dict[str, Any]]:
    """Rows with their content, one query for all of it."""
    readable = Content.objects.filter(id__in=[r.id for r in rows], erased_at=None, dek=None)
    contents = {bytes(c.id): json.loads(bytes(c.content or b"null")) for c in readable}
    for row in rows:
        yield {
            "id": hexed(row.id),
            "recorded_at": instant(row.recorded_at),
            "at": instant(row.at),
            **{name: getattr(row, name) for name in COLUMNS},
            "commitment": hexed(row.commitment),
            "hash": hexed(row.hash),
            "content": contents.get(bytes(row.id)),
        }


def wanted(asked: LedgerAsked, actor: Actor) -> QuerySet[Entry]:
    """The rows that the actor may see and that are asked for."""
    rows = Entry.objects.exclude(seq=None)
    rows = rows.filter(visible(actor, "audit.view", unit="unit", account="account"))
    same = {name: getattr(asked, name) for name in ("verb", "actor", "result")}
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if asked.object:
        way = "object" if ":" in asked.object[:-1] else "object__startswith"
        rows = rows.filter(**{way: asked.object})
    zone = ZoneInfo(reports.installation().zone)
    if asked.first:
        rows = rows.filter(recorded_at__gte=micros(datetime.combine(asked.first, time(), zone)))
    if asked.last:
        end = datetime.combine(asked.last + timedelta(days=1), time(), zone)
        rows = rows.filter(recorded_at__lt=micros(end))
    return rows


@router.get("/ledger", response=Page[EntryOut])
def list_ledger(request: HttpRequest, asked: Query[LedgerAsked]) -> dict[str, Any]:
    """Rows of the ledger, the newest first."""
    actor = actor_of(request)
    require_somewhere(actor, "audit.view")
    return rows_page(wanted(asked, actor), asked, shapes, by="-seq")


@router.get("/ledger/head", response=HeadOut)
def ledger_head(request: HttpRequest) -> dict[str, Any]:
    """Number and hash of the last row."""
    require(actor_of(request), "audit.view", None)
    seq, digest = reports.head()
    return {"seq": seq, "hash": digest.hex()}


@router.get("/ledger/verify", response=VerifiedOut)
def verify_ledger(request: HttpRequest, asked: Query[VerifyAsked]) -> dict[str, Any]:
    """Checks chain, contents, head and triggers, and the head that was noted earlier."""
    actor = actor_of(request)
    require(actor, "audit.view", None)
    seq, _, digest = asked.head.partition(":")
    expected = (int(seq), bytes.fromhex(digest)) if seq else None
    found = reports.verify(asked.first, at=actor.at, expected=expected)
    return {
        "ok": found.ok,
        "rows": found.rows,
        "head": {"seq": found.head[0], "hash": found.head[1].hex()},
        "found": found.found,
        "problems": [{"seq": p.seq, "kind": p.kind, "say": p.say} for p in found.problems],
    }
