"""Reads for pages: mentions and drafts from the store, through a child process, so that a page never loads the numeric libraries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from socius.kit.child import Kept
from socius.listen.models import Coverage, Hit, Query, Source

LOOKING = "socius.listen.jobs.looking"
SECONDS = 60.0
STRIP = timedelta(hours=24)
WIDTH = 1000
READER = Kept()  # one to a process that serves pages


def looked(what: str, **options: Any) -> dict[str, Any]:
    """What the store answers. Raises `kit.child.Broken` where the child fails."""
    folder = str(settings.HOME / "listen")
    return READER.ask(LOOKING, {"what": what, "folder": folder, **options}, seconds=SECONDS)


def counted(rows: QuerySet[Query]) -> list[tuple[Query, int]]:
    """Queries with how many mentions their current version found."""
    sums = Hit.objects.values_list("query", "version").annotate(n=Count("pk"))
    found = {(query, version): n for query, version, n in sums.order_by()}
    return [(q, found.get((q.pk, q.version), 0)) for q in rows]


def hits_of(query: Query, limit: int, after: int = 0, day: str = "") -> list[Hit]:
    """Hits of a query, the newest first, behind the cursor (a hit's number)."""
    rows = Hit.objects.filter(query=query)
    rows = rows.filter(pk__lt=after) if after else rows
    rows = rows.filter(day=day) if day else rows
    return list(rows.order_by("-pk")[:limit])


def mentions_of(
    hits: Sequence[Hit],
) -> tuple[list[Mapping[str, Any]], dict[str, list[tuple[str, int]]]]:
    """The mentions of hits, in their order, and facets of the page; one that was erased is not there."""
    if not hits:
        return [], {}
    keys, days = [h.key for h in hits], sorted({h.day.isoformat() for h in hits})
    rows = looked("page", keys=keys, days=days, limit=len(keys))["rows"]
    held = {r["key"]: r for r in rows}
    found = [held[k] for k in keys if k in held]
    facets = {name: Counter(r[name] for r in found).most_common() for name in ("network", "lang")}
    return found, facets


@dataclass(frozen=True)
class Stretch:
    """A part of the coverage strip, in thousandths of its width."""

    x: int
    width: int
    covered: bool
    since: datetime
    until: datetime


def strip(source: Source, at: datetime) -> list[Stretch]:
    """The last 24 hours of a source: what is covered and what is not, without a hole between them."""
    start = at - STRIP
    parts: list[tuple[datetime, datetime, bool]] = []
    reached = start
    for span in Coverage.objects.filter(source=source, until__gt=start).order_by("since"):
        since, until = max(span.since, reached), min(span.until, at)
        if since > reached:
            parts.append((reached, since, False))
        if until > since:
            parts.append((since, until, True))
            reached = until
    if reached < at:
        parts.append((reached, at, False))
    scale = WIDTH / STRIP.total_seconds()
    return [
        Stretch(round((a - start).total_seconds() * scale), max(1, round((b - a).total_seconds() * scale)), c, a, b)
        for a, b, c in parts
    ]  # fmt: skip
