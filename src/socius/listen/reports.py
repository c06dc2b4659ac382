"""Reads for pages: mentions and drafts from the store, through a child process, so that a page never loads the numeric libraries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Min, QuerySet

from socius.engine.sentiment import card
from socius.kit.child import Kept
from socius.kit.errors import Invalid
from socius.listen.models import (
    Alert,
    Coverage,
    Hit,
    Query,
    QueryVersion,
    Question,
    Reckoning,
    Source,
    Standing,
)
from socius.listen.spans import Part, Span, share, spans_of, strip_of
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.stores import models

LOOKING = "socius.listen.jobs.looking"
SECONDS = 60.0
STRIP = timedelta(hours=24)
WIDTH = 1000
READER = Kept()  # one to a process that serves pages


def looked(what: str, **options: Any) -> dict[str, Any]:
    """What the store answers. Raises `kit.child.Broken` where the child fails."""
    folder = str(settings.HOME / "listen")
    return READER.ask(LOOKING, {"what": what, "folder": folder, **options}, seconds=SECONDS)


def scored_by() -> str:
    """What scores sentiment here, and how good it was found to be: stands wherever a score is shown."""
    cards = models.cards(settings.HOME)
    english = any("en" in c.languages for c in cards)
    return " ".join([c.said for c in cards] + ([] if english else [card()]))


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


def seen_alerts(actor: Actor) -> QuerySet[Alert]:
    """Alerts that the actor may see, with what a list shows of each."""
    rows = Alert.objects.filter(visible(actor, "analytics.view"))
    return rows.select_related("query", "owner", "unit")


def narrowed(rows: QuerySet[Alert], *, state: str = "", level: int = 0, query: int = 0) -> QuerySet[Alert]:  # fmt: skip
    """Alerts in a state, of a level, of a query; what is empty or 0 does not narrow."""
    states: dict[str, dict[str, Any]] = {
        "open": {"acknowledged_at": None, "closed_at": None},
        "acknowledged": {"acknowledged_at__isnull": False, "closed_at": None},
        "closed": {"closed_at__isnull": False},
    }
    if state and state not in states:
        raise Invalid(f"{state!r} is no state.", field="state", repair=f"Use one of {', '.join(states)}.")  # fmt: skip
    rows = rows.filter(**states[state]) if state else rows
    rows = rows.filter(level=level) if level else rows
    return rows.filter(query=query) if query else rows


def false_alarms(actor: Actor) -> int:
    """How many alerts of the last 30 days somebody closed as false."""
    since = actor.at - timedelta(days=30)
    return seen_alerts(actor).filter(verdict="false alarm", opened_at__gt=since).count()


def told_in(alert: Alert) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The first mention and the top mentions of an alert, from the store; what was erased is not there."""
    keys = [alert.evidence.get("first", ""), *alert.evidence.get("top", [])]
    wanted = sorted({k for k in keys if k})
    if not wanted:
        return None, []
    day = timedelta(days=1)
    days, at = [], alert.onset.date() - day
    while at <= alert.until.date() + day:
        days.append(at.isoformat())
        at += day
    rows = {r["key"]: r for r in looked("page", keys=wanted, days=days, limit=len(wanted))["rows"]}
    return rows.get(keys[0]), [rows[k] for k in keys[1:] if k in rows]


class Panel(NamedTuple):
    """A channel's days as a chart and its last point; `name` is empty for all channels."""

    name: str
    rows: list[Standing]
    last: Standing | None
    answered: int

    @property
    def chart(self) -> dict[str, list[Any]]:
        """Columns for a chart: a day without a point is null and stays a gap."""
        columns = ("index", "low", "high", "raw", "n", "missing")
        made: dict[str, list[Any]] = {c: [rounded(getattr(r, c)) for r in self.rows] for c in columns}  # fmt: skip
        return {"day": [r.day.isoformat() for r in self.rows], **made}


def rounded(value: Any) -> Any:
    """Two places are more than the interval allows to say."""
    return round(value, 2) if isinstance(value, float) else value


def panels(question: Question, first: date) -> list[Panel]:
    """All channels together, then each, from a day on; days before a channel's first and after its last answer are left out."""
    by: dict[str, list[Standing]] = {}
    for row in question.standings.filter(day__gte=first).order_by("day"):
        by.setdefault(row.channel, []).append(row)
    made = []
    for name in sorted(by):
        rows = by[name]
        points = [r for r in rows if r.index is not None]
        made.append(Panel(name, rows, points[-1] if points else None, sum(r.n for r in rows)))
    return made


def ranked(question: Question) -> list[dict[str, Any]]:
    """Channels from the highest to the lowest; `with` names those from which a channel cannot be told apart."""
    reckoning = Reckoning.objects.filter(question=question).first()
    pairs = reckoning.said.get("contrasts", []) if reckoning else []
    names = sorted({p[k] for p in pairs for k in ("a", "b")})
    wins = dict.fromkeys(names, 0.0)
    alike: dict[str, list[str]] = {n: [] for n in names}
    for p in pairs:
        if p["difference"] is None:
            continue
        wins[p["a"]] += p["difference"]
        wins[p["b"]] -= p["difference"]
        if p["say"].startswith("cannot tell"):
            alike[p["a"]].append(p["b"])
            alike[p["b"]].append(p["a"])
    order = sorted(names, key=lambda n: -wins[n])
    return [{"channel": n, "with": alike[n]} for n in order]


class Cover(NamedTuple):
    """A source or query with what was collected in a stretch; `gaps` counts the parts without coverage."""

    what: Source | Query
    parts: list[Part]
    share: float
    gaps: int


def coverage_of(sources: QuerySet[Source], queries: QuerySet[Query], since: datetime, until: datetime) -> tuple[list[Cover], list[Cover]]:  # fmt: skip
    """What each source covered, and each query: from when it listened on, where any source that is wanted was collected."""
    by_source = {s: spans_of(s, since, until) for s in sources}
    covers = [Cover(s, *drawn(spans, since, until)) for s, spans in by_source.items()]
    every = sorted(span for s, spans in by_source.items() if not s.paused or len(by_source) == 1 for span in spans)  # fmt: skip
    joined: list[Span] = []
    for span in every:
        first = max(span.since, joined[-1].until) if joined else span.since
        if span.until > first:
            joined.append(span._replace(since=first))
    rows = []
    for query in queries:
        made = QueryVersion.objects.filter(query=query, version=query.version).values_list("made_at", flat=True).first() or query.created_at  # fmt: skip
        oldest = Hit.objects.filter(query=query, version=query.version).aggregate(m=Min("at"))["m"]
        listens = min(made, oldest or made)
        heard = [s._replace(since=max(s.since, listens)) for s in joined if s.until > listens]
        rows.append(Cover(query, *drawn(heard, since, until)))
    return covers, rows


def drawn(spans: list[Span], since: datetime, until: datetime) -> tuple[list[Part], float, int]:
    """Strip, share, gaps."""
    parts = strip_of(spans, since, until)
    return parts, share(spans, since, until), sum(p.state == "none" for p in parts)


def mentions_by_key(keys: Sequence[str], days: Sequence[str]) -> list[Mapping[str, Any]]:
    """Mentions by their keys, from the store; what was erased is not there."""
    if not keys:
        return []
    return list(looked("page", keys=list(keys), days=list(days), limit=len(keys))["rows"])
