"""Rises of small and large counts: a Gamma-Poisson filter with a negative binomial predictive. An uncovered bucket is neither a rise nor a calm."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import betainc
from scipy.stats import nbinom

from socius.engine.tails import Tail

Numbers = npt.NDArray[np.float64]
DAY = 86_400
MONTH = 30 * DAY
WEEK_HOURS = 168
COVERED = 0.9  # a bucket that is covered less is not judged
FEWEST, TIMES, AUTHORS = 5, 2.0, 3
REARM = 6
LENGTHS = (1, 2, 4, 8)  # buckets that are judged together
WARM_UP = 14 * DAY
SHORTEST_WARM_UP = 20  # buckets
SEASON_WEEKS = 4
MEMORY = 28 * DAY
PRIOR_WEEKS = 2.0  # weight of "no season" in each hour's factor
CAP = 0.999
LARGEST_STEP = 12.0  # one bucket may not widen the dispersion by more than this times itself
NEGATIVE = 0.4  # share of negative mentions that makes a rise one of level 2
LEVELS_BY_SIZE = ((10.0, 30, 3), (4.0, 15, 2))


class Settings(NamedTuple):
    """Bucket in seconds; `budget` is false alarms in a month over all series."""

    bucket: int
    budget: float = 1.0
    series: int = 1
    strict: bool = False  # no alarm before 14 covered days, however short the history is

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
            # The two highest of eight weeks are cut: a burst must not become a habit.
            trimmed = float(
                np.mean(np.minimum(values, np.quantile(values, 0.8, method="lower") + 1e-9))
            )
            factors[slot] = (weeks * trimmed + PRIOR_WEEKS) / (weeks + PRIOR_WEEKS)
    steady = np.maximum(factors, 0.05)
    return np.asarray((steady / steady[np.unique(slots)].mean())[slots])


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
        self.pearson = (1 - weight) * self.pearson + weight * min(
            square, LARGEST_STEP * max(self.pearson, 1.0)
        )
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


class Surprise:
    """Whether a bucket is rarer than the budget allows: by the model and by the series' own past, alone and with those before it.

    A storm of one bucket is common in some series where eight uncommon buckets in a row are not, so each length has a tail of its own
    (the smallest surprise of its buckets) and an equal share of the budget.
    """

    def __init__(self, settings: Settings) -> None:
        memory = MEMORY // settings.bucket
        self.alpha = settings.alpha / len(LENGTHS)
        self.tails = [Tail(memory, 1.0 / length) for length in LENGTHS]
        self.last = deque([0.0] * max(LENGTHS), maxlen=max(LENGTHS))

    @property
    def least(self) -> list[float]:
        """The smallest surprise of the last buckets, for each length."""
        newest = list(self.last)
        return [min(newest[-length:]) for length in LENGTHS]

    def see(self, p: float) -> None:
        """One more bucket; it is judged before it is learnt."""
        for tail, surprise in zip(self.tails, self.least, strict=True):
            tail.learn(surprise)
        self.last.append(-math.log(max(p, 1e-300)))

    @property
    def rare(self) -> bool:
        """Whether the present bucket is."""
        wanted = -math.log(self.alpha)
        return any(
            surprise * length > wanted and tail.chance(surprise) < self.alpha
            for length, tail, surprise in zip(LENGTHS, self.tails, self.least, strict=True)
        )


def unusual(series: Series, at: int, mean: float) -> bool:
    """Whether a bucket is large enough to alarm."""
    count = series.counts[at]
    many = series.authors is None or series.authors[at] >= AUTHORS
    return bool(count >= FEWEST and count >= TIMES * mean and many)


class Readiness:
    """Whether a series has a baseline: 14 covered days after a gap of a day or more, at the start of a short file a quarter of it."""

    def __init__(self, covered: int, bucket: int, *, strict: bool = False) -> None:
        self.whole = WARM_UP // bucket
        self.wanted = self.whole if strict else max(SHORTEST_WARM_UP, min(self.whole, covered // 4))
        self.seen = 0
        self.missing = 0
        self.day = max(DAY // bucket, 1)

    def lacks(self) -> None:
        """A bucket without collection."""
        self.missing += 1
        if self.missing >= self.day:
            self.seen, self.wanted = 0, self.whole

    def has(self) -> None:
        """A bucket with it."""
        self.seen, self.missing = self.seen + 1, 0

    @property
    def ready(self) -> bool:
        """Whether a rise can be told."""
        return self.seen >= self.wanted


class Step(NamedTuple):
    """What was to be expected of a bucket before its count was known; None where there was no baseline."""

    expected: float | None
    high: float | None  # the predictive .999 quantile


NOT_JUDGED = Step(None, None)


def judge(series: Series, settings: Settings, steps: list[Step] | None = None) -> list[Alert]:
    """Alerts of one series, in order; only covered buckets are judged and learnt from. `steps` takes what was expected."""
    covered = series.exposure >= COVERED
    factor = season(series, settings.bucket)
    filtered = Filter(settings.discount)
    baseline = Readiness(int(covered.sum()), settings.bucket, strict=settings.strict)
    found: list[Alert] = []
    surprise, quiet = Surprise(settings), REARM
    for at in range(len(series.counts)):
        if not covered[at]:
            baseline.lacks()
            noted(steps, NOT_JUDGED)
            continue
        exposure, count = float(series.exposure[at] * factor[at]), float(series.counts[at])
        mean, spread = filtered.predicted(exposure)
        p = float(betainc(count, spread, mean / (spread + mean))) if count else 1.0
        quiet += 1
        noted(steps, expectation(mean, spread) if steps is not None and baseline.ready else NOT_JUDGED)  # fmt: skip
        surprise.see(p)
        if baseline.ready and unusual(series, at, mean) and surprise.rare:
            negative = None if series.negative is None else float(series.negative[at])
            short = baseline.seen < baseline.whole
            fresh = Alert(at, at, at, mean, int(count), p, severity(count, mean, negative), short)
            if quiet > REARM or not found:
                found.append(fresh)
            else:
                found[-1] = merged(found[-1], fresh)
            quiet = 0
        filtered.learn(count, exposure, mean, spread)
        baseline.has()
    return found


def expectation(mean: float, spread: float) -> Step:
    """Mean and .999 quantile of a bucket."""
    return Step(mean, float(nbinom.ppf(CAP, spread, spread / (spread + mean))))


def noted(steps: list[Step] | None, step: Step) -> None:
    """Keeps what was expected, where somebody wants it."""
    if steps is not None:
        steps.append(step)


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
