"""What the worker does about alarms: looks for queries that rise, writes alerts, tells the people concerned. Numbers run in a child."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, F, Max
from django.db.models.functions import TruncHour, TruncMinute

from socius.activity.models import Installation
from socius.kit.child import Kept
from socius.kit.figures import percent
from socius.kit.pace import Pace
from socius.listen.actions.alerts import Rise, Watcher, alerting, lift, looked, mailed, raise_alert
from socius.listen.actions.rings import trusted_less
from socius.listen.models import Alert, Hit, Query, QueryVersion, Source
from socius.listen.spans import spans_of
from socius.organisation.actions import allowed
from socius.organisation.models import Actor, Person

TASK = "socius.listen.jobs.rises"
SECONDS = 300.0
HISTORY = timedelta(days=35)  # four weeks of season and the week that is judged
NEWS = timedelta(hours=24)  # rises that ended earlier are history
SCREEN = timedelta(hours=2)
HOUR = timedelta(hours=1)
EDGE = timedelta(days=1)  # a post may carry an earlier day in its id
FEWEST = 5  # below so many in the screen no query can alarm
MOST = 50  # queries a turn
EVERY = 20.0  # seconds between two looks
MAIL_FOR = timedelta(days=1)  # older alerts are on the page; a mail about them would be no news
MOST_TOLD = 50


class Alarm:
    """Looks every so often, and only at queries that found something since; those beyond one turn wait for the next, and none is left out."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now, self.pace = now, Pace(EVERY)
        self.seen = -1
        self.waiting: list[int] = []

    def __call__(self) -> int:
        """One turn; returns how many alerts were opened or raised and how many queries wait: they need no pause."""
        if not self.pace.due() and not self.waiting:
            return 0
        at = self.now()
        newest = Hit.objects.aggregate(m=Max("pk"))["m"] or 0
        if newest != self.seen:
            held = set(self.waiting)
            self.waiting += [q for q in candidates(self.seen, reach(covered(at), at)) if q not in held]  # fmt: skip
            self.seen = newest
        turn, rest = self.waiting[:MOST], self.waiting[MOST:]
        # Should this turn fail, its queries come again, but after the others.
        self.waiting = rest + turn
        done = look(at, Query.objects.filter(pk__in=turn, archived_at=None).select_related("unit", "threshold"))  # fmt: skip
        self.waiting = rest
        tell(at)
        return done + len(rest)


def reach(spans: Sequence[tuple[float, float, float]], at: datetime) -> float:
    """Seconds since 1970 up to which anything can be judged: now, or the end of what was collected."""
    return min([at.timestamp(), *([max(b for _, b, _ in spans)] if spans else [])])


def candidates(after: int, until: float) -> list[int]:
    """Queries that found something after a hit's number, and of which two hours on end before `until` hold enough hits to alarm."""
    since = datetime.fromtimestamp(until, UTC) - NEWS - SCREEN
    fresh = Hit.objects.filter(pk__gt=after).order_by().values("query")
    rows = (
        Hit.objects.filter(query__in=fresh, query__archived_at=None, version=F("query__version"))
        .filter(day__gte=since.date() - EDGE, at__gte=since)
        .values("query", hour=TruncHour("at", tzinfo=UTC))
        .annotate(n=Count("pk"))
        .order_by("query", "hour")
    )
    found: dict[int, None] = {}
    before, last = 0, (0, since)
    for row in rows:
        joined = last == (row["query"], row["hour"] - HOUR)
        if row["n"] + (before if joined else 0) >= FEWEST:
            found[row["query"]] = None
        before, last = row["n"], (row["query"], row["hour"])
    return list(found)


def look(at: datetime, queries: Iterable[Query]) -> int:
    """Judges queries at an instant; returns how many alerts were opened or raised. Raises `kit.child.Broken` where the child fails."""
    rows = {q.pk: q for q in queries}
    if not rows:
        return 0
    spans = covered(at)
    given = {pk: heard(q, at, spans) for pk, q in rows.items()}
    asked = {"queries": given, "until": int(reach(spans, at)), "budget": alerting().budget, "series": max(Query.objects.filter(archived_at=None).count(), 1)}  # fmt: skip
    child = Kept()
    try:
        told = weighed(child, rows, child.ask(TASK, asked, seconds=SECONDS)["found"])
    finally:
        child.end()
    done = sum(raised(rows[one.pop("query")], one, at) for one in told)
    looked(at)
    return done


def weighed(child: Kept, rows: Mapping[int, Query], found: list[dict[str, Any]]) -> list[dict[str, Any]]:  # fmt: skip
    """What the mentions of the rises say, asked of the child that counted them, so that only one is started."""
    if not found:
        return []
    for one in found:
        one["keys"] = keys_of(rows[one["query"]], one)
    asked = {"found": found, "folder": str(settings.HOME / "listen"), "low": trusted_less()}
    return list(child.ask(TASK, asked, seconds=SECONDS)["rises"])


def heard(query: Query, at: datetime, spans: list[tuple[float, float, float]]) -> dict[str, Any]:
    """What is known of a query: hits of its current version by minute, since it listened."""
    rows = Hit.objects.filter(query=query, version=query.version, at__gt=at - HISTORY, at__lte=at)
    by_minute = rows.annotate(m=TruncMinute("at")).values_list("m").annotate(n=Count("pk"))
    counts = sorted((int(m.timestamp()), n) for m, n in by_minute.order_by())
    made = QueryVersion.objects.filter(query=query, version=query.version).values_list("made_at", flat=True).first()  # fmt: skip
    # What it found from before it was made was told late, by a stream that went back: it listened then already.
    first = min([(made or query.created_at).timestamp(), *([counts[0][0]] if counts else [])])
    first = max(first, (at - HISTORY).timestamp())
    limit = getattr(query, "threshold", None)
    return {"first": int(first), "counts": counts, "spans": spans, "per_hour": limit.per_hour if limit else None}  # fmt: skip


def covered(at: datetime, history: timedelta = HISTORY) -> list[tuple[float, float, float]]:
    """Stretches that were collected, each with the share of the stream that its source brings among those in service then.

    A paused source is in service until its last stretch ends: it is judged by until there, and afterwards nobody misses it.
    """
    rows = list(Source.objects.filter(stored__gt=0))
    held = {s.pk: spans_of(s, at - history, at) for s in rows}
    ends = {s.pk: held[s.pk][-1].until if held[s.pk] else at - history for s in rows if s.paused}
    cuts = sorted(set(ends.values()))
    out = []
    for source in rows:
        for span in held[source.pk]:
            edges = [span.since, *(c for c in cuts if span.since < c < span.until), span.until]
            for since, until in pairwise(edges):
                total = sum(s.stored for s in rows if ends.get(s.pk, until) >= until)
                out.append((since.timestamp(), until.timestamp(), source.stored / total))
    return out


def keys_of(query: Query, found: Mapping[str, Any]) -> list[str]:
    """Mentions of a rise."""
    onset, end = (datetime.fromtimestamp(found[n], tz=query.created_at.tzinfo) for n in ("onset", "end"))  # fmt: skip
    rows = Hit.objects.filter(query=query, version=query.version, at__gte=onset, at__lt=end)
    return list(rows.order_by("at", "pk").values_list("key", flat=True)[:5000])


def raised(query: Query, one: dict[str, Any], at: datetime) -> bool:
    """Writes one rise; where two queries rise badly at once, both become level 3."""
    times = {n: datetime.fromtimestamp(one.pop(n), tz=at.tzinfo) for n in ("onset", "peak", "end")}
    rise = Rise(onset=times["onset"], peak=times["peak"], until=times["end"], **one)
    doer = Watcher(at)
    alert, outcome = raise_alert(query, rise, doer)
    if alert.level == 2 and outcome != "same" and alert.negative is not None:
        beside = Alert.objects.filter(level__gte=2, closed_at=None, onset__lte=rise.until, until__gte=rise.onset)  # fmt: skip
        others = list(beside.exclude(query=query).exclude(negative=None))
        for other in [alert, *others] if others else []:
            lift(other, 3, doer)
    return outcome in {"opened", "raised"}


def concerned(alert: Alert, at: datetime) -> list[str]:
    """Whom an alert concerns: who owns it or the query, and from level 2 on everybody who may handle it."""
    people = {alert.query.owner, *([alert.owner] if alert.owner else [])}
    if alert.level >= 2:
        everybody = Person.objects.filter(disabled_at=None).exclude(pk__in=[p.pk for p in people])
        people |= {p for p in everybody if allowed(Actor(p, "worker", at), "alert.handle", alert)}
    return sorted(p.email for p in people if p.disabled_at is None and p.email)[:MOST_TOLD]


def tell(at: datetime) -> int:
    """Mails about alerts whose level nobody was told of; what cannot be sent is tried again and stands on the alert."""
    rows = Alert.objects.filter(closed_at=None, opened_at__gt=at - MAIL_FOR).select_related("query__owner", "owner", "unit")  # fmt: skip
    sent = 0
    for alert in rows:
        if alert.mailed_level >= alert.level or settings.DEMONSTRATION:
            continue
        try:
            message(alert, concerned(alert, at)).send()
        except OSError as error:  # what smtplib raises too
            mailed(alert, f"{type(error).__name__}: {error}")
        else:
            mailed(alert)
            sent += 1
    return sent


def message(alert: Alert, to: list[str]) -> EmailMessage:
    """The mail: no text of a mention, since a mail cannot be erased."""
    name = Installation.objects.values_list("name", flat=True).first() or "Socius"
    usual = f"{alert.expected:.1f} were to be expected" if alert.reason == "rise" else f"the limit is {alert.expected:.0f} in an hour"  # fmt: skip
    bad = f"{percent(alert.negative)} of {alert.scored} scored mentions are negative." if alert.negative is not None else "Too few mentions could be scored to say how they sound."  # fmt: skip
    lines = [
        f"Level {alert.level}: {alert.query.name} found {alert.observed} mentions where {usual}.",
        f"It began at {alert.onset:%Y-%m-%d %H:%M} UTC; {alert.authors} authors. {bad}",
        "", f"{settings.ADDRESS}/listen/alerts/{alert.pk}/", "", "Acknowledge it there: then the others know that somebody looks.",
    ]  # fmt: skip
    subject = f"[{name}] Level {alert.level}: {alert.query.name} rises"
    return EmailMessage(subject, "\n".join(lines), None, to)
