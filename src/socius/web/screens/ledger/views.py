"""Reads the ledger; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from socius.activity import reports
from socius.activity.models import Content, Entry
from socius.engine.verbs import VERBS
from socius.kit import clock
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Person
from socius.organisation.reports import visible
from socius.web import pages
from socius.web.downloads import as_file
from socius.web.pages import acting

COLUMNS = ("seq", "recorded at", "happened at", "actor", "origin", "verb", "object", "result", "network", "remote id", "import")  # fmt: skip
# Objects that have a page, by the word before the number.
PLACES = {
    "account": "/accounts/{}/",
    "goal": "/goals/{}/",
    "import": "/import/runs/{}/",
    "initiative": "/initiatives/{}/",
    "person": "/people/{}/",
    "series": "/series/{}/",
    "unit": "/accounts/?unit={}",
}


class Shown(NamedTuple):
    """A row as a person reads it."""

    seq: int | None
    at: datetime
    happened: datetime | None
    actor: str
    who: str
    verb: str
    says: str
    object: str
    href: str
    origin: str
    result: str
    about: list[tuple[str, str]]


def ledger(request: HttpRequest) -> HttpResponse:
    """The rows that the query asks for, the newest first; with `verify` also whether the ledger is whole."""
    actor = acting(request)
    require_somewhere(actor, "audit.view")
    page = pages.page_of(request, asked(request), by="-seq")
    seq, digest = reports.head()
    verified = reports.verify(at=clock.now()) if request.GET.get("verify") else None
    return render(
        request,
        "ledger/ledger.html",
        {
            "page": page,
            "rows": shown(page.rows),
            "verbs": sorted(VERBS.items(), key=lambda v: v[1]),
            "people": Person.objects.filter(visible(actor, "account.view")).order_by("name", "email")[:500],
            "head": f"{seq}:{digest.hex()}",
            "verified": verified,
            "csv": pages.query(request, verify=None),
            "filtered": any(request.GET.get(n) for n in ("verb", "actor", "object", "from", "to", "result")),
        },
    )  # fmt: skip


def asked(request: HttpRequest) -> QuerySet[Entry]:
    """The rows that the actor may see and the query wants."""
    rows = Entry.objects.exclude(seq=None)
    rows = rows.filter(visible(acting(request), "audit.view", unit="unit", account="account"))
    for name in ("verb", "actor", "result"):
        if request.GET.get(name):
            rows = rows.filter(**{name: request.GET[name].strip()})
    wanted = request.GET.get("object", "").strip()
    if wanted:
        exact = ":" in wanted and not wanted.endswith(":")
        rows = rows.filter(Q(object=wanted) if exact else Q(object__startswith=wanted) | Q(remote_id=wanted))  # fmt: skip
    return within(request, rows)


def within(request: HttpRequest, rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """Recorded on the days from `from` to `to`, in the organisation's zone."""
    zone = ZoneInfo(reports.installation().zone)
    first, last = pages.day(request, "from"), pages.day(request, "to")
    if first:
        begin = datetime.combine(first, time.min, zone)
        rows = rows.filter(recorded_at__gte=clock.micros(begin))
    if last:
        end = datetime.combine(last + timedelta(days=1), time.min, zone)
        rows = rows.filter(recorded_at__lt=clock.micros(end))
    return rows


def shown(rows: list[Entry]) -> Iterator[Shown]:
    """With names for numbers, and with their content."""
    names = pages.names(r.actor for r in rows)
    contents = {bytes(c.id): c for c in Content.objects.filter(id__in=[r.id for r in rows])}
    for row in rows:
        kind, _, number = row.object.partition(":")
        yield Shown(
            row.seq,
            clock.instant(row.recorded_at),
            clock.instant(row.at) if abs(row.at - row.recorded_at) > 60_000_000 else None,
            row.actor,
            names[row.actor],
            row.verb,
            VERBS.get(row.verb, row.verb),
            row.object,
            PLACES[kind].format(number) if kind in PLACES and number.isdecimal() else "",
            row.origin,
            row.result,
            about(row, contents.get(bytes(row.id))),
        )


def about(row: Entry, content: Content | None) -> list[tuple[str, str]]:
    """What the row says besides: its own columns, and its content unless that was erased."""
    said = [
        ("network", row.network),
        ("id there", row.remote_id),
        ("minutes", row.minutes),
        ("import", row.run),
    ]
    found = [(name, str(value)) for name, value in said if value is not None]
    if content is None:
        return found
    if content.erased_at is not None:
        return [*found, ("content", f"erased by {content.erased_by} ({content.basis})")]
    if content.dek is not None:
        return [*found, ("content", "sealed")]
    read: Any = json.loads(bytes(content.content or b"{}"))
    return [
        *found,
        *(
            (name, words(value)[:12] + "…" if name == "sha256" else words(value))
            for name, value in read.items()
            if value not in (None, "", [], {})
        ),
    ]


def words(value: Any) -> str:  # noqa: ANN401, RUF100 - JSON
    """A value of the content as text."""
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items() if v)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def rows_file(request: HttpRequest) -> HttpResponseBase:
    """The same rows as a file, without their content."""
    require_somewhere(acting(request), "audit.view")
    return as_file(request, "ledger", COLUMNS, lines(asked(request).order_by("-seq").iterator()))


def lines(rows: Iterable[Entry]) -> Iterator[list[Any]]:
    """Rows as cells."""
    for r in rows:
        at = [clock.instant(us).isoformat() for us in (r.recorded_at, r.at)]
        yield [
            r.seq,
            *at,
            r.actor,
            r.origin,
            r.verb,
            r.object,
            r.result,
            r.network,
            r.remote_id,
            r.run,
        ]
