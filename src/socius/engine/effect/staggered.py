"""Units that join at different dates: group-time effects after Callaway and Sant'Anna (2021), against units that have not joined yet.

The numbers come from the library diff-diff, behind this file only (docs/decisions/0013-staggered-adoption.md); nothing else of it is
used. Loading it takes a second, so only the question that needs it imports this module.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from diff_diff import CallawaySantAnna
from scipy.stats import f as fisher
from scipy.stats import t as student

from socius.engine.effect.grid import Floats

METHOD = "staggered"
# Leads that the check of parallel trends looks at: the periods just before each unit's own date.
LEADS = 4
LEVEL = 0.05
# A slope needs so many periods before the first unit joined.
FEWEST_PERIODS = 3


@dataclass(frozen=True, slots=True)
class Ahead:
    """The effect so many periods after (or, below 0, before) a unit joined."""

    after: int
    effect: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Drift:
    """How much a period those who joined ran apart before, with its interval and the p of none."""

    slope: float
    low: float
    high: float
    p: float

    @property
    def most(self) -> float:
        """The largest drift, up or down, that the periods before joining leave possible."""
        return max(abs(self.low), abs(self.high))


@dataclass(frozen=True, slots=True)
class Staggered:
    """The mean effect on those who joined over their periods since, in the outcome's unit; by time since joining and by cohort.

    `pre_p`: that nobody ran apart before joining, by leads and by slopes together (`together`); None where neither can be told.
    `drift`: the line through the leads. `joined`: periods before which each cohort joined, with its size.
    """

    effect: float
    low: float
    high: float
    sd: float
    p: float
    pre_p: float | None
    drift: Drift | None
    events: list[Ahead]
    cohorts: dict[int, tuple[int, float, float, float]]
    degrees: int


def staggered(values: Floats, start: npt.NDArray[np.int64]) -> Staggered:
    """`values`: units x periods without gaps. `start`: the column at which each unit joined, -1 for one that never did.

    Intervals use Student's t with units less cohorts less one degrees of freedom. Deterministic: no bootstrap.
    """
    units, periods = values.shape
    joined = np.where(start < 0, 0, start + 1)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(units), periods), "time": np.tile(np.arange(1, periods + 1), units), "y": values.ravel(), "joined": np.repeat(joined, periods)})  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asked = CallawaySantAnna(control_group="not_yet_treated", base_period="universal", estimation_method="reg")  # fmt: skip
        found = asked.fit(frame, outcome="y", unit="unit", time="time", first_treat="joined")
        ahead, groups = found.aggregate("event_study"), found.aggregate("group")
    sizes = {int(g): int((joined == g).sum()) for g in np.unique(joined) if g}
    degrees = max(units - len(sizes) - 1, 2)
    edge = float(student.ppf(1 - LEVEL / 2, degrees))
    effect, sd = float(found.overall_att), float(found.overall_se)
    just_before, straight = leads(ahead, degrees)
    return Staggered(
        effect, effect - edge * sd, effect + edge * sd, sd, float(2 * student.sf(abs(effect) / sd, degrees)) if sd > 0 else 1.0,
        together(just_before, slopes(values, start)), straight, events(ahead, edge), cohorts(groups, sizes, edge), degrees,
    )  # fmt: skip


def events(kept: Any, edge: float) -> list[Ahead]:
    """Effects by time since joining, without what could not be estimated; the period before it is the base and so 0."""
    columns = (np.asarray(kept.event_time, dtype=int), np.asarray(kept.att, dtype=float), np.nan_to_num(np.asarray(kept.se, dtype=float)))  # fmt: skip
    return [Ahead(int(k), float(a), float(a - edge * s), float(a + edge * s)) for k, a, s in zip(*columns, strict=True) if np.isfinite(a)]  # fmt: skip


def cohorts(kept: Any, sizes: dict[int, int], edge: float) -> dict[int, tuple[int, float, float, float]]:  # fmt: skip
    """By column at which they joined: how many, effect, low, high."""
    columns = ([int(g) for g in kept.label], np.asarray(kept.att, dtype=float), np.nan_to_num(np.asarray(kept.se, dtype=float)))  # fmt: skip
    return {g - 1: (sizes.get(g, 0), float(a), float(a - edge * s), float(a + edge * s)) for g, a, s in zip(*columns, strict=True) if np.isfinite(a)}  # fmt: skip


def slopes(values: Floats, start: npt.NDArray[np.int64]) -> float | None:
    """p of "every cohort has the same slope before anybody joined": analysis of variance (Fisher) of the units' own least-squares slopes.

    Each unit gives one number, so what a unit remembers from period to period does not matter, only that units are a sample. A slow
    trend of one cohort shows here, where leads against one base period are too noisy. None: fewer than three periods.
    """
    first = int(start[start >= 0].min())
    if first < FEWEST_PERIODS:
        return None
    time = np.arange(first) - (first - 1) / 2
    own = values[:, :first] @ time / float(time @ time)
    groups = [some for g in np.unique(start) if len(some := own[start == g]) > 1]
    n, k = sum(map(len, groups)), len(groups)
    mean = float(np.concatenate(groups).mean())
    between = sum(len(g) * float(g.mean() - mean) ** 2 for g in groups)
    within = sum(float(((g - g.mean()) ** 2).sum()) for g in groups)
    if k < 2 or within <= 0:
        return None
    return float(fisher.sf(between / (k - 1) * (n - k) / within, k - 1, n - k))


def together(*found: float | None) -> float | None:
    """One p of several tests: the smallest times their number (Bonferroni), so that honest panels are accused as rarely as by one."""
    known = [p for p in found if p is not None]
    return min(1.0, len(known) * min(known)) if known else None


def leads(kept: Any, degrees: int) -> tuple[float | None, Drift | None]:
    """p of "no effect in any of the last leads before joining" (Hotelling's form of Wald's test, because the units are few), and the
    straight drift through those leads by generalised least squares, which sees a slow trend better than all leads at once do.
    """
    index = [] if kept.vcov is None else [int(k) for k in kept.vcov_index]
    at = [i for i, k in enumerate(index) if -1 - LEADS <= k < -1]
    if not at:
        return None, None
    sizes = dict(zip((int(k) for k in kept.event_time), kept.att, strict=True))
    size = np.array([float(sizes[index[i]]) for i in at])
    spread = np.asarray(kept.vcov, dtype=float)[np.ix_(at, at)]
    if not np.isfinite(spread).all() or np.linalg.matrix_rank(spread) < len(at):
        return None, None
    wald = float(size @ np.linalg.solve(spread, size))
    q = len(at)
    left = degrees - q + 1
    p = float(fisher.sf(wald * left / (q * degrees), q, left)) if left > 0 else None
    return p, drift(np.array([index[i] + 1.0 for i in at]), size, spread, degrees)


def drift(back: Floats, size: Floats, spread: Floats, degrees: int) -> Drift:
    """The slope of the leads against periods before the base period, where they are 0 by construction."""
    weights = np.linalg.solve(spread, back)
    held = float(back @ weights)
    slope, sd = float(size @ weights) / held, 1 / sqrt(held)
    edge = float(student.ppf(1 - LEVEL / 2, degrees))
    return Drift(slope, slope - edge * sd, slope + edge * sd, float(2 * student.sf(abs(slope) / sd, degrees)))  # fmt: skip
