"""Rises of small and large counts: a Gamma-Poisson filter with a negative binomial predictive. An uncovered bucket is neither a rise nor a calm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import betainc
from scipy.stats import nbinom

Numbers = npt.NDArray[np.float64]
DAY = 86_400
MONTH = 30 * DAY
WEEK_HOURS = 168
COVERED = 0.9  # a bucket that is covered less is not judged
FEWEST, TIMES, AUTHORS = 5, 2.0, 3
REARM = 6
WARM_UP = 14 * DAY
SHORTEST_WARM_UP = 20  # buckets
SEASON_WEEKS = 4
PRIOR_WEEKS = 2.0  # weight of "no season" in each hour's factor
CAP = 0.999
NEGATIVE = 0.4  # share of negative mentions that makes a rise one of level 2
LEVELS_BY_SIZE = ((10.0, 30, 3), (4.0, 15, 2))


class Settings(NamedTuple):
    """Bucket in seconds; `budget` is false alarms in a month over all series."""

    bucket: int
    budget: float = 1.0
    series: int = 1

    @property
    def alpha(self) -> float:
        """Chance at which a bucket alarms: the budget spread over a month's buckets of all series."""
        return self.budget / (MONTH / self.bucket * self.series)

    @property
    def discount(self) -> float:
        """How much of the past stays: a memory of one day for minutes, three for hours, four weeks for days."""
        memory = DAY if self.bucket < 3600 else 3 * DAY if self.bucket < DAY else 28 * DAY
        return 1.0 - self.bucket / memory


class Alert(NamedTuple):
    """A rise. Buckets count from the start of the series; expected and observed are of its highest bucket."""

    onset: int
    end: int
    peak: int
    expected: float
    observed: int
    p: float
    severity: int
    short_history: bool


class Series(NamedTuple):
    """Counts by bucket with what is known beside them; `start` in seconds since 1970."""

    start: int
    counts: Numbers
    exposure: Numbers  # covered fraction, 0..1
    authors: Numbers | None = None  # different authors
    negative: Numbers | None = None  # share of scored mentions that are negative


def season(series: Series, bucket: int) -> Numbers:
    """Factor of each bucket by its hour of the week (for days: its day); 1 throughout before four covered weeks."""
    size = len(series.counts)
    slots = ((series.start + bucket * np.arange(size)) // 3600) % WEEK_HOURS
    slots = slots // 24 if bucket >= DAY else slots
    good = series.exposure >= COVERED
    if good.sum() * bucket < SEASON_WEEKS * 7 * DAY:
        return np.ones(size)
    # Medians of a level of their own week: one burst must not become a habit.
    level = max(
        float(np.mean(np.minimum(series.counts[good], np.quantile(series.counts[good], 0.99)))),
        1e-9,
    )
    weeks = good.sum() * bucket / (7 * DAY)
    factors = np.ones(int(slots.max()) + 1)
    for slot in np.unique(slots):
        values = series.counts[good & (slots == slot)] / level
        if len(values):
            trimmed = float(np.mean(np.minimum(values, np.quantile(values, 0.9) + 1e-9)))
            factors[slot] = (weeks * trimmed + PRIOR_WEEKS) / (weeks + PRIOR_WEEKS)
    return np.asarray(np.maximum(factors, 0.05)[slots])


class Filter:
    """Level of a series, carried from bucket to bucket."""

    def __init__(self, discount: float) -> None:
        self.discount = discount
        self.shape = 0.5
        self.rate = 0.5
        self.pearson = 1.0

    def predicted(self, exposure: float) -> tuple[float, float]:
        """Mean and size of the negative binomial of the next count, widened by what it missed lately."""
        mean = self.shape / self.rate * exposure
        variance = max(self.pearson, 1.0) * (mean + mean * mean / self.shape)
        return mean, mean * mean / max(variance - mean, 1e-9)

    def learn(self, count: float, exposure: float, mean: float, size: float) -> None:
        """Takes a bucket in; one above the predictive .999 quantile counts as that."""
        capped = (
            min(count, float(nbinom.ppf(CAP, size, size / (size + mean))))
            if count > 2 * mean + 5
            else count
        )
        own = mean + mean * mean / self.shape
        square = (capped - mean) ** 2 / max(own, 1e-9)
        weight = 1.0 - self.discount
        self.pearson = (1 - weight) * self.pearson + weight * min(square, 50.0)
        self.shape = max(self.discount * self.shape + capped, 0.05)
        self.rate = self.discount * self.rate + exposure


def severity(count: float, mean: float, negative: float | None) -> int:
    """Level of a bucket: with scores 2 when the rise is negative; without, by its size alone."""
    if negative is not None:
        return 2 if negative >= NEGATIVE else 1
    for times, least, level in LEVELS_BY_SIZE:
        if count >= times * mean and count - mean >= least:
            return level
    return 1


def unusual(series: Series, at: int, mean: float, p: float, alpha: float) -> bool:
    """Whether a bucket alarms."""
    count = series.counts[at]
    many = series.authors is None or series.authors[at] >= AUTHORS
    return bool(p < alpha and count >= FEWEST and count >= TIMES * mean and many)


def judge(series: Series, settings: Settings) -> list[Alert]:
    """Alerts of one series, in order. After a gap the baseline needs 14 covered days, at the start of a shorter series a quarter of it."""
    size = len(series.counts)
    covered = series.exposure >= COVERED
    factor = season(series, settings.bucket)
    least = max(SHORTEST_WARM_UP, min(WARM_UP // settings.bucket, int(covered.sum()) // 4))
    filtered, seen, quiet, gap = Filter(settings.discount), 0, REARM, False
    found: list[Alert] = []
    for at in range(size):
        if not covered[at]:
            # A stretch without collection: what follows it is judged once it has a baseline again.
            seen, gap = (0, seen > 0 or gap)
            continue
        exposure = float(series.exposure[at] * factor[at])
        mean, spread = filtered.predicted(exposure)
        count = float(series.counts[at])
        p = float(betainc(count, spread, mean / (spread + mean))) if count else 1.0
        wanted = (
            WARM_UP // settings.bucket
            if gap and covered.sum() * settings.bucket > 4 * WARM_UP
            else least
        )
        ready = seen >= wanted
        quiet += 1
        if ready and unusual(series, at, mean, p, settings.alpha):
            level = severity(
                count, mean, None if series.negative is None else float(series.negative[at])
            )
            short = seen < WARM_UP // settings.bucket
            fresh = Alert(at, at, at, mean, int(count), p, level, short)
            if quiet > REARM or not found:
                found.append(fresh)
            else:
                found[-1] = merged(found[-1], fresh)
            quiet = 0
        filtered.learn(count, exposure, mean, spread)
        seen += 1
    return found


def merged(alert: Alert, fresh: Alert) -> Alert:
    """One alert for one rise."""
    peak = fresh if fresh.observed > alert.observed else alert
    return peak._replace(
        onset=alert.onset, end=fresh.end, p=min(alert.p, fresh.p), short_history=alert.short_history,
        severity=max(alert.severity, fresh.severity),
    )  # fmt: skip


def raised(found: Sequence[list[Alert]], scores: bool) -> list[list[Alert]]:
    """Level 3 where negative rises of two or more series overlap."""
    if not scores:
        return [list(f) for f in found]
    out = []
    for here, alerts in enumerate(found):
        others = [a for there, f in enumerate(found) if there != here for a in f if a.severity >= 2]
        out.append(
            [
                a._replace(severity=3)
                if a.severity == 2 and any(o.onset <= a.end and a.onset <= o.end for o in others)
                else a
                for a in alerts
            ]
        )
    return out
