"""Whether a query rises now: its hits by bucket against what was covered, with the evidence that a person needs to judge it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from socius.engine.spikes import (
    AUTHORS,
    FEWEST,
    Alert,
    Series,
    Settings,
    Step,
    judge,
    severity,
)

Numbers = npt.NDArray[np.float64]
BUCKET = 300
HOUR = 3600
RECENT = 24 * HOUR  # rises that ended earlier are history, not news
BEFORE = 36  # buckets of evidence before the onset
MOST_SHOWN = 144
FEWEST_SCORED = 5


class Heard(NamedTuple):
    """What is known of one query; times in seconds since 1970.

    `counts` pairs the start of a bucket with its hits; `spans` are (from, to, share of the stream that this source brings).
    """

    first: int
    counts: Sequence[tuple[int, int]]
    spans: Sequence[tuple[float, float, float]]
    per_hour: int | None = None


class Found(NamedTuple):
    """A rise by its counts alone. Onset, peak and end in seconds; `buckets` are (start, seen, expected, high, covered)."""

    reason: str
    onset: int
    peak: int
    end: int
    expected: float
    observed: int
    p: float | None
    buckets: list[tuple[int, int | None, float | None, float | None]]


def exposure(heard: Heard, start: int, size: int) -> Numbers:
    """Covered share of each bucket: every source weighs what it brings; nothing counts before the query listened."""
    found = np.zeros(size)
    edges = start + BUCKET * np.arange(size + 1, dtype=float)
    for since, until, share in heard.spans:
        inside = np.minimum(edges[1:], until) - np.maximum(edges[:-1], max(since, heard.first))
        found += share * np.maximum(inside, 0.0) / BUCKET
    return np.minimum(found, 1.0)


def series_of(heard: Heard, until: int) -> Series:
    """The query's buckets up to `until`; a bucket that is still running is not covered yet."""
    start = heard.first // BUCKET * BUCKET
    size = max((until - start) // BUCKET, 1)
    counts = np.zeros(size)
    for moment, n in heard.counts:
        at = (moment - start) // BUCKET
        if 0 <= at < size:
            counts[at] += n
    return Series(start, counts, exposure(heard, start, size))


def rises(heard: Heard, until: int, budget: float, series: int) -> list[Found]:
    """Rises of the last day: unusual by the counts after 14 covered days, or at the limit that a person set."""
    made = series_of(heard, until)
    steps: list[Step] = []
    alerts = judge(made, Settings(BUCKET, budget, series, strict=True), steps)
    found = [told(made, steps, a) for a in alerts]
    if heard.per_hour is not None:
        found += [f for f in over(made, steps, heard.per_hour) if not any(beside(f, g) for g in found)]  # fmt: skip
    return [f for f in found if f.end > until - RECENT]


def beside(one: Found, other: Found) -> bool:
    """Whether two rises share time."""
    return one.onset < other.end and other.onset < one.end


def told(series: Series, steps: Sequence[Step], alert: Alert) -> Found:
    """An alert of the counts, in seconds, with the buckets around it."""
    start = series.start
    return Found(
        "rise", start + BUCKET * alert.onset, start + BUCKET * alert.peak, start + BUCKET * (alert.end + 1),
        alert.expected, alert.observed, alert.p, around(series, steps, alert.onset, alert.end),
    )  # fmt: skip


def around(series: Series, steps: Sequence[Step], onset: int, end: int) -> list[tuple[int, int | None, float | None, float | None]]:  # fmt: skip
    """Buckets from three hours before the onset to the end: start, seen (None where not covered), expected, high."""
    last = min(end + 7, len(steps))
    first = max(0, onset - BEFORE, last - MOST_SHOWN)
    out: list[tuple[int, int | None, float | None, float | None]] = []
    for at in range(first, last):
        seen = int(series.counts[at]) if series.exposure[at] >= 0.9 else None
        mean, high = steps[at]
        out.append((series.start + BUCKET * at, seen, None if mean is None else round(mean, 3), high))  # fmt: skip
    return out


def over(series: Series, steps: Sequence[Step], per_hour: int) -> list[Found]:
    """Stretches in which the last hour held at least so many; counted whether or not all of it was covered."""
    width = HOUR // BUCKET
    sums = np.convolve(series.counts, np.ones(width))[: len(series.counts)]
    found: list[Found] = []
    at = 0
    while at < len(sums):
        if sums[at] < per_hour:
            at += 1
            continue
        last = at
        while last + 1 < len(sums) and sums[last + 1] >= per_hour:
            last += 1
        # The hour begins with the first mention that counted towards the limit.
        held = np.flatnonzero(series.counts[max(0, at - width + 1) : at + 1])
        onset = max(0, at - width + 1) + int(held[0])
        peak = at + int(np.argmax(sums[at : last + 1]))
        found.append(
            Found(
                "threshold", series.start + BUCKET * onset, series.start + BUCKET * peak,
                series.start + BUCKET * (last + 1), float(per_hour), int(sums[peak]), None,
                around(series, steps, onset, last),
            )
        )  # fmt: skip
        at = last + 1
    return found


class Voice(NamedTuple):
    """One mention of a rise: score -1..1 or None, weight 1 or less where there is a reason to trust it less."""

    key: str
    at: int
    author: str
    channel: str
    score: float | None
    echo: int  # likes, reposts, replies
    weight: float = 1.0


class Weighed(NamedTuple):
    """What the mentions of a rise say, each author once a channel for the negative share."""

    level: int
    authors: int
    scored: int
    negative: float | None
    first: str
    top: list[str]
    channels: dict[str, dict[str, Any]]
    weighted_n: float
    weighted_negative: float | None
    weighted_level: int


NEGATIVE = -0.2


def share(voices: Sequence[Voice], *, weighted: bool) -> tuple[int, float | None]:
    """How many are scored, and the share of them that is negative; None below five scored."""
    scored = [v for v in voices if v.score is not None]
    total = sum(v.weight if weighted else 1.0 for v in scored)
    if len(scored) < FEWEST_SCORED or total <= 0:
        return len(scored), None
    bad = sum(v.weight if weighted else 1.0 for v in scored if v.score is not None and v.score < NEGATIVE)  # fmt: skip
    return len(scored), bad / total


def level_of(found: Found, voices: Sequence[Voice], *, weighted: bool) -> int:
    """1 unusual, 2 unusual and negative, 3 negative on two channels with enough authors on each. With weights the count shrinks with them."""
    n = sum(v.weight for v in voices) / max(len(voices), 1) if weighted else 1.0
    negative = share(voices, weighted=weighted)[1]
    level = severity(found.observed * n, max(found.expected, 0.1), negative)
    if level < 2 or negative is None:
        return level if negative is not None else min(level, 2)
    bad = 0
    for channel in {v.channel for v in voices}:
        mine = [v for v in voices if v.channel == channel]
        part = share(mine, weighted=weighted)[1]
        bad += part is not None and part >= 0.4 and len({v.author for v in mine}) >= AUTHORS
    return 3 if bad >= 2 else level


def weighed(found: Found, voices: Sequence[Voice]) -> Weighed | None:
    """The evidence of a rise; None where fewer than three authors or five mentions made it."""
    authors = {v.author for v in voices}
    if len(voices) < FEWEST or len(authors) < AUTHORS:
        return None
    scored, negative = share(voices, weighted=False)
    channels = {}
    for name in sorted({v.channel for v in voices}):
        mine = [v for v in voices if v.channel == name]
        n, bad = share(mine, weighted=False)
        channels[name] = {"n": len(mine), "authors": len({v.author for v in mine}), "scored": n, "negative": bad}  # fmt: skip
    top = sorted(voices, key=lambda v: (-v.echo, v.at))[:5]
    return Weighed(
        level_of(found, voices, weighted=False), len(authors), scored, negative,
        min(voices, key=lambda v: v.at).key, [v.key for v in top], channels,
        round(sum(v.weight for v in voices), 1), share(voices, weighted=True)[1],
        level_of(found, voices, weighted=True),
    )  # fmt: skip
