"""Stretches of time: what was collected of a source, with what people said against it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from socius.listen.models import Coverage, CoverageWord, Source


class Span(NamedTuple):
    """A stretch and who says that it was covered: connector, declared."""

    since: datetime
    until: datetime
    origin: str


def without(spans: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """Spans with a stretch cut out."""
    out = []
    for span in spans:
        if span.until <= since or span.since >= until:
            out.append(span)
            continue
        if span.since < since:
            out.append(span._replace(until=since))
        if span.until > until:
            out.append(span._replace(since=until))
    return out


def spans_of(source: Source, since: datetime, until: datetime) -> list[Span]:
    """What was collected of a source, in order and without overlap; the latest declaration goes before all else."""
    held: list[Span] = []
    for row in Coverage.objects.filter(source=source, until__gt=since, since__lt=until).order_by("since"):  # fmt: skip
        first = max(row.since, held[-1].until if held else since)
        if min(row.until, until) > first:
            held.append(Span(first, min(row.until, until), "connector"))
    for word in CoverageWord.objects.filter(source=source, withdrawn_at=None, until__gt=since, since__lt=until):  # fmt: skip
        first, last = max(word.since, since), min(word.until, until)
        held = without(held, first, last)
        if word.full:
            held.append(Span(first, last, "declared"))
    return sorted(held)


class Part(NamedTuple):
    """A part of a strip, in thousandths of its width."""

    x: int
    width: int
    state: str  # collected, declared, none
    since: datetime
    until: datetime


WIDTH = 1000


def strip_of(spans: Iterable[Span], since: datetime, until: datetime) -> list[Part]:
    """Spans and the gaps between them, without a hole."""
    parts: list[tuple[datetime, datetime, str]] = []
    reached = since
    for span in spans:
        if span.since > reached:
            parts.append((reached, span.since, "none"))
        parts.append((span.since, span.until, "declared" if span.origin == "declared" else "collected"))  # fmt: skip
        reached = span.until
    if reached < until:
        parts.append((reached, until, "none"))
    scale = WIDTH / (until - since).total_seconds()
    return [
        Part(round((a - since).total_seconds() * scale), max(1, round((b - a).total_seconds() * scale)), state, a, b)
        for a, b, state in parts
    ]  # fmt: skip


def share(spans: Iterable[Span], since: datetime, until: datetime) -> float:
    """Covered share of a stretch."""
    whole = (until - since).total_seconds()
    inside = sum(max(0.0, (min(s.until, until) - max(s.since, since)).total_seconds()) for s in spans)  # fmt: skip
    return inside / whole if whole > 0 else 0.0
