"""Daily reputation by channel: cell means shrunk towards their own past, weighted to a fixed mix, with an interval; a missing day stays missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from socius.engine.wandering import Past

Numbers = npt.NDArray[np.float64]
PRIOR_DAYS = 28  # below so many covered days the history is short
MEMORY_DAYS = 56  # of them tell how far a level walks and scatters
FEWEST = 10.0  # effective answers below which a day has no point
LEAST_COVERED = 0.9
MOST_ABSENT = 0.25
Z95 = 1.959963984540054
SMALLEST = 1e-6
WIDEST = 2500.0  # no values between 0 and 100 vary more


class Answer(NamedTuple):
    """One value 0..100, None where the text could not be scored; `day` in days since 1970."""

    day: int
    channel: str
    value: float | None
    author: str
    segment: str = ""
    weight: float = 1.0


class Cell(NamedTuple):
    """Units of one channel, segment and day: weighted mean, effective number, number."""

    mean: float
    effective: float
    n: int


Dated = tuple[int, Cell]


class Point(NamedTuple):
    """One day of a channel, or of all (`channel` empty). Without a point index, low and high are None and `missing` says why."""

    day: int
    channel: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    effective: float
    raw: float | None
    unscored: float
    covered: float
    short_history: bool
    missing: str
    variance: float = 0.0


def cells_of(answers: Sequence[Answer]) -> dict[tuple[str, str, int], Cell]:
    """One unit for each author, channel and day: the mean of that author's values; then cells with Kish's effective number."""
    units: dict[tuple[str, str, int, str], list[tuple[float, float]]] = defaultdict(list)
    for a in answers:
        if a.value is not None and a.weight > 0:
            units[a.channel, a.segment, a.day, a.author].append((a.value, a.weight))
    grouped: dict[tuple[str, str, int], list[tuple[float, float]]] = defaultdict(list)
    for (channel, segment, day, _), values in units.items():
        mean = sum(v for v, _ in values) / len(values)
        grouped[channel, segment, day].append((mean, sum(w for _, w in values) / len(values)))
    out = {}
    for key, pairs in grouped.items():
        values_, weights = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
        effective = float(weights.sum() ** 2 / (weights**2).sum())
        out[key] = Cell(float(np.average(values_, weights=weights)), effective, len(pairs))
    return out


def within(answers: Sequence[Answer]) -> dict[str, float]:
    """Variance between units of one cell, pooled over the days of each channel."""
    groups: dict[tuple[str, str, int], dict[str, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for a in answers:
        if a.value is not None:
            groups[a.channel, a.segment, a.day][a.author].append(a.value)
    square: dict[str, float] = defaultdict(float)
    free: dict[str, int] = defaultdict(int)
    for (channel, _, _), authors in groups.items():
        means = np.array([np.mean(v) for v in authors.values()])
        square[channel] += float(((means - means.mean()) ** 2).sum())
        free[channel] += len(means) - 1
    return {c: max(square[c] / free[c], SMALLEST) if free[c] else SMALLEST for c in square}


def level(
    day: int, today: Cell | None, past: Sequence[Dated], everything: Sequence[Cell], sigma: float
) -> tuple[float, float, bool]:
    """Mean and variance of a stratum on a day, and whether its history is short: then the prior is flat over the whole file."""
    if len(past) < PRIOR_DAYS:
        if today is None:
            means = np.array([c.mean for c in everything])
            return float(means.mean()), float(means.var(ddof=1)) if len(means) > 1 else WIDEST, True
        return today.mean, sigma / today.effective, True
    held = Past([d for d, _ in past], [c.mean for _, c in past], [sigma / c.effective for _, c in past])  # fmt: skip
    mine = None if today is None else today.mean
    mean, variance = held.level(day, mine, sigma / today.effective if today else 1.0)
    return mean, variance, False


def channel_points(
    channel: str,
    answers: Sequence[Answer],
    mix: Mapping[str, float],
    days: range,
    cover: Mapping[int, float],
) -> list[Point]:
    """The index of one channel, day by day."""
    cells = cells_of(answers)
    sigma = within(answers).get(channel, SMALLEST)
    history: dict[str, list[Dated]] = {s: [] for s in mix}
    everything = {s: [c for (_, segment, _), c in cells.items() if segment == s] for s in mix}
    lost: dict[int, list[bool]] = defaultdict(list)
    for a in answers:
        lost[a.day].append(a.value is None)
    out = []
    for day in days:
        today = {s: cells.get((channel, s, day)) for s in mix}
        out.append(
            point(
                channel,
                day,
                today,
                (mix, history, everything, sigma),
                cover.get(day, 1.0),
                lost.get(day, []),
            )
        )
        if cover.get(day, 1.0) >= LEAST_COVERED:
            for s, cell in today.items():
                if cell is not None:
                    history[s] = [*history[s], (day, cell)][-MEMORY_DAYS:]
    return out


def point(
    channel: str, day: int, today: Mapping[str, Cell | None],
    known: tuple[Mapping[str, float], Mapping[str, list[Dated]], Mapping[str, list[Cell]], float],
    covered: float, lost: Sequence[bool],
) -> Point:  # fmt: skip
    """One day: cell means shrunk to their prior, weighted by the mix."""
    mix, history, everything, sigma = known
    present = [c for c in today.values() if c is not None]
    n, effective = sum(c.n for c in present), sum(c.effective for c in present)
    raw = sum(c.mean * c.n for c in present) / n if n else None
    unscored = sum(lost) / len(lost) if lost else 0.0
    total = variance = 0.0
    short = False
    for segment, share in mix.items():
        if not everything[segment]:
            continue
        mean, spread, brief = level(day, today[segment], history[segment], everything[segment], sigma)  # fmt: skip
        total += share * mean
        variance += share**2 * spread
        short = short or brief
    missing = "" if covered >= LEAST_COVERED else "not covered"
    missing = missing or (
        "" if effective >= FEWEST else "no answers" if not n else "too few answers"
    )
    if missing:
        return Point(
            day, channel, None, None, None, n, effective, raw, unscored, covered, short, missing
        )
    half = Z95 * variance**0.5
    return Point(
        day,
        channel,
        total,
        max(total - half, 0.0),
        min(total + half, 100.0),
        n,
        effective,
        raw,
        unscored,
        covered,
        short,
        "",
        variance,
    )


def overall(points: Mapping[str, list[Point]], weights: Mapping[str, float]) -> list[Point]:
    """All channels by their fixed weights. An absent channel enters with its last value and a variance that grows with the gap; over a quarter absent, no point."""
    out = []
    last: dict[str, tuple[float, float, int]] = {}
    for row in zip(*points.values(), strict=True):
        total = variance = absent = 0.0
        names = []
        for p in row:
            if p.value is not None:
                last[p.channel] = (p.value, p.variance, p.day)
            share = weights[p.channel]
            value, spread, seen = last.get(p.channel, (50.0, WIDEST, p.day))
            total += share * value
            variance += share**2 * spread * (1 + p.day - seen)
            if p.value is None:
                absent += share
                names.append(p.channel)
        n, effective = sum(p.n for p in row), sum(p.effective for p in row)
        raws = [(p.raw, p.n) for p in row if p.raw is not None]
        raw = sum(r * k for r, k in raws) / sum(k for _, k in raws) if raws else None
        short, covered = any(p.short_history for p in row), float(np.mean([p.covered for p in row]))
        unscored = float(np.mean([p.unscored for p in row]))
        why = f"absent: {', '.join(names)}" if names else ""
        if absent > MOST_ABSENT:
            out.append(
                Point(
                    row[0].day,
                    "",
                    None,
                    None,
                    None,
                    n,
                    effective,
                    raw,
                    unscored,
                    covered,
                    short,
                    why,
                )
            )
            continue
        half = Z95 * variance**0.5
        out.append(
            Point(
                row[0].day,
                "",
                total,
                max(total - half, 0.0),
                min(total + half, 100.0),
                n,
                effective,
                raw,
                unscored,
                covered,
                short,
                why,
                variance,
            )
        )
    return out


def contrasts(points: Mapping[str, list[Point]]) -> list[dict[str, object]]:
    """Mean difference of each pair of channels over their common days, with simultaneous intervals (Bonferroni); where 0 lies inside: cannot tell."""
    names = sorted(points)
    pairs = [(a, b) for n, a in enumerate(names) for b in names[n + 1 :]]
    out: list[dict[str, object]] = []
    for a, b in pairs:
        both = [
            (x, y)
            for x, y in zip(points[a], points[b], strict=True)
            if x.value is not None and y.value is not None
        ]
        if not both:
            out.append(
                {
                    "a": a,
                    "b": b,
                    "difference": None,
                    "low": None,
                    "high": None,
                    "days": 0,
                    "say": "cannot tell: no common day",
                }
            )
            continue
        gaps = np.array([float(x.value or 0) - float(y.value or 0) for x, y in both])
        noise = float(np.mean([x.variance + y.variance for x, y in both])) / len(both)
        spread = float(gaps.var(ddof=1)) / len(both) if len(both) > 1 else 0.0
        half = critical(len(pairs)) * max(noise, spread) ** 0.5
        mean = float(gaps.mean())
        say = "cannot tell" if abs(mean) <= half else f"{a if mean > 0 else b} is higher"
        out.append(
            {
                "a": a,
                "b": b,
                "difference": mean,
                "low": mean - half,
                "high": mean + half,
                "days": len(both),
                "say": say,
            }
        )
    return out


def critical(pairs: int) -> float:
    """Two-sided normal quantile for .05 shared by so many comparisons."""
    return float(ndtri(1 - 0.025 / max(pairs, 1)))


def index(
    answers: Sequence[Answer],
    mix: Mapping[str, float],
    weights: Mapping[str, float],
    cover: Mapping[str, Mapping[int, float]],
    mixes: Mapping[str, Mapping[str, float]] | None = None,
) -> dict[str, list[Point]]:
    """Points of each channel and, under the empty name, of all of them. `mixes` holds channels with a mix of their own."""
    days = range(min(a.day for a in answers), max(a.day for a in answers) + 1)
    made = {
        channel: channel_points(
            channel,
            [a for a in answers if a.channel == channel],
            (mixes or {}).get(channel, mix),
            days,
            cover.get(channel, {}),
        )
        for channel in sorted(weights)
    }
    return {**made, "": overall(made, weights)}
