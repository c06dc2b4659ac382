"""From events or counts to series by scope with their coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from socius.engine.coverage import inferred
from socius.engine.spikes import DAY, Alert, Series, Settings, judge, raised

HOUR = 3600
NEGATIVE = -0.2  # a score below this is a negative mention


class Events(NamedTuple):
    """Columns of equal length; `amounts` is None where each row is one event. Times in seconds since 1970."""

    times: Sequence[int]
    scopes: Sequence[str]
    amounts: Sequence[float] | None = None
    authors: Sequence[str] | None = None
    scores: Sequence[float | None] | None = None


class Gap(NamedTuple):
    """Days of one scope in one state: first and last day (days since 1970), both included."""

    scope: str
    first: int
    last: int
    state: str
    fraction: float


class Judged(NamedTuple):
    """What a file says."""

    bucket: int
    start: int
    series: dict[str, Series]
    gaps: list[Gap]
    alerts: dict[str, list[Alert]]


def bucket_of(events: Events) -> int:
    """Seconds of a bucket: the usual step of counts; an hour for events over more than two days, else five minutes."""
    if events.amounts is not None:
        steps = np.diff(np.unique(np.asarray(events.times)))
        return int(np.median(steps)) if len(steps) else DAY
    span = max(events.times) - min(events.times)
    return HOUR if span > 2 * DAY else 300


def daily(events: Events, names: list[str]) -> tuple[int, np.ndarray]:
    """First day, and counts by scope and day."""
    days = np.asarray(events.times) // DAY
    first = int(days.min())
    out = np.zeros((len(names), int(days.max()) - first + 1))
    place = {name: n for n, name in enumerate(names)}
    rows = np.array([place[s] for s in events.scopes])
    np.add.at(
        out,
        (rows, days - first),
        1.0 if events.amounts is None else np.asarray(events.amounts, float),
    )
    return first, out


def covered(
    events: Events, names: list[str], *, declared_full: bool, whole_days: bool = False
) -> tuple[np.ndarray, list[Gap], int]:
    """Covered fraction by scope and day, and the stretches that are not full."""
    first, counts = daily(events, names)
    start, end = min(events.times), max(events.times)
    if declared_full:
        return np.ones_like(counts), [], first
    head = 1.0 - (start % DAY) / DAY
    tail = (end % DAY + 1) / DAY
    if whole_days:
        head = tail = 1.0
    one_day = counts.shape[1] == 1
    found = inferred(counts, (end - start + 1) / DAY if one_day and not whole_days else head, tail)
    gaps = [
        g
        for n, name in enumerate(names)
        for g in runs(name, found.states[n], found.fraction[n], first)
    ]
    return found.fraction, gaps, first


def runs(scope: str, states: list[str], fraction: np.ndarray, first: int) -> list[Gap]:
    """Days of one state joined; `full` ones left out."""
    out: list[Gap] = []
    for at, state in enumerate(states):
        if out and out[-1].last == first + at - 1 and out[-1].state == state:
            out[-1] = out[-1]._replace(last=first + at)
        elif state != "full":
            out.append(Gap(scope, first + at, first + at, state, round(float(fraction[at]), 3)))
    return out


def series_of(
    events: Events, names: list[str], bucket: int, exposure: np.ndarray, first: int
) -> dict[str, Series]:
    """One series for each scope, all from the same start."""
    times = np.asarray(events.times)
    start = int(times.min() // bucket * bucket)
    places = (times - start) // bucket
    size = int(places.max()) + 1
    stamps = start + bucket * np.arange(size)
    scopes = np.asarray(events.scopes)
    out = {}
    for n, name in enumerate(names):
        mine = np.flatnonzero(scopes == name)
        weights = None if events.amounts is None else np.asarray(events.amounts, float)[mine]
        counts = np.bincount(places[mine], weights=weights, minlength=size).astype(float)
        days = exposure[n][np.clip(stamps // DAY - first, 0, exposure.shape[1] - 1)]
        inside = np.where(days > 0, 1.0, 0.0)
        if events.amounts is None:
            inside[0] *= 1.0 - (times.min() - start) / bucket
            inside[-1] *= (times.max() - stamps[-1] + 1) / bucket
        else:
            # A count that stands in no row is unknown, not zero.
            inside *= np.bincount(places[mine], minlength=size) > 0
        out[name] = Series(
            start,
            counts,
            inside,
            people(events, mine, places, size),
            share(events, mine, places, size),
        )
    return out


def people(events: Events, mine: np.ndarray, places: np.ndarray, size: int) -> np.ndarray | None:
    """Different authors by bucket; None where the file names none."""
    if events.authors is None:
        return None
    pairs = {(int(places[i]), events.authors[i]) for i in mine}
    return np.bincount(np.array([p for p, _ in pairs], int), minlength=size).astype(float)


def share(events: Events, mine: np.ndarray, places: np.ndarray, size: int) -> np.ndarray | None:
    """Share of negative among scored mentions by bucket; None where the file has no scores."""
    if events.scores is None:
        return None
    scored = np.zeros(size)
    negative = np.zeros(size)
    for i in mine:
        value = events.scores[i]
        if value is not None:
            scored[places[i]] += 1
            negative[places[i]] += value < NEGATIVE
    return np.asarray(negative / np.maximum(scored, 1))


def judged(
    events: Events, *, bucket: int = 0, budget: float = 1.0, declared_full: bool = False
) -> Judged:
    """Series, coverage and alerts of a file. Counts that stand in rows declare their own buckets."""
    names = sorted(set(events.scopes))
    step = bucket or bucket_of(events)
    exposure, gaps, first = covered(events, names, declared_full=declared_full)
    if events.amounts is not None:
        gaps = [g for g in gaps if g.state == "none"]
    made = series_of(events, names, step, exposure, first)
    settings = Settings(step, budget, len(names))
    found = raised([judge(s, settings) for s in made.values()], events.scores is not None)
    start = next(iter(made.values())).start
    return Judged(step, start, made, gaps, dict(zip(names, found, strict=True)))
