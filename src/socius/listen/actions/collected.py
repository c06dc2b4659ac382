"""What the collector writes: hits once each, how far a source got, what is covered. No person acts here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from socius.listen.models import LIVE, Coverage, Hit, Response, Source, SurveyLink
from socius.listen.names import keyed

MOST_KEYS = 500
JOINED = timedelta(seconds=1)  # two stretches so near each other are one


class Told(NamedTuple):
    """What one block says of its source."""

    source: int
    block: int
    cursor: str
    since: datetime
    until: datetime
    counts: Mapping[str, int]


@transaction.atomic
def keep(told: Told | None, hits: Iterable[Hit], gone: Sequence[str]) -> int:
    """Writes a block's part in the database; a second time it changes nothing. Returns how many hits are new."""
    rows = list(hits)
    before = Hit.objects.count() if rows else 0
    Hit.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    new = Hit.objects.count() - before if rows else 0
    if gone:
        Hit.objects.filter(key__in=gone).delete()
    if told is not None:
        advance(told)
    return new


def advance(told: Told) -> None:
    """Moves a source on, unless this block was counted before."""
    source = Source.objects.select_for_update().filter(pk=told.source).first()
    if source is None or told.block <= source.block:
        return
    source.block, source.last_at = told.block, told.until
    source.cursor = told.cursor or source.cursor
    source.received += told.counts.get("records", 0)
    source.stored += told.counts.get("stored", 0)
    source.duplicates += told.counts.get("duplicates", 0)
    source.malformed += told.counts.get("malformed", 0)
    source.save()
    span = Coverage.objects.filter(source=source).order_by("-until").first()
    if span is None or told.since > span.until + JOINED:
        Coverage.objects.create(source=source, since=told.since, until=told.until)
    elif told.until > span.until:
        span.until = told.until
        span.save(update_fields=["until"])


def heard(source: int, state: str, error: Any = "") -> None:
    """Notes how a connection stands; an error stays readable until the source is live again."""
    changed: dict[str, str] = {"state": state}
    if state == LIVE or error:
        changed["last_error"] = str(error)[:500]
    Source.objects.filter(pk=source, paused=False).update(**changed)


def forget(keys: Iterable[str]) -> int:
    """Removes the hits of mentions that were erased; how many went."""
    given, gone = list(keys), 0
    for at in range(0, len(given), MOST_KEYS):
        gone += Hit.objects.filter(key__in=given[at : at + MOST_KEYS]).delete()[0]
    return gone


def forget_answers(names: Iterable[str]) -> int:
    """Removes the answers that carry one of these names, as files and links write it; how many went.

    Answers hold a keyed hash, so only the same spelling is found: each name is tried with and without `@`.
    """
    spelt = {s for n in names for s in (n, n.removeprefix("@"), f"@{n.removeprefix('@')}") if s}
    links = list(SurveyLink.objects.values_list("pk", flat=True))
    hashes = [keyed(t) for n in sorted(spelt) for t in (n, *(f"{link}/{n}" for link in links))]
    gone = 0
    for at in range(0, len(hashes), MOST_KEYS):
        gone += Response.objects.filter(author__in=hashes[at : at + MOST_KEYS]).delete()[0]
    return gone


def forget_before(day: date) -> int:
    """Removes the hits of mentions of days before this one, which are no longer kept."""
    return Hit.objects.filter(day__lt=day).delete()[0]
