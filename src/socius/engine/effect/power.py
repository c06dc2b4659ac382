"""What could be seen, before the start: lifts put into windows that might follow, and the smallest one mostly found.

A window that might follow is a window of the past, moved to the end: its controls go on from where they are now, its days are the
calendar's own. The whole procedure is run on it (breaks, calibration; the controls are trusted); the values of the outcome in it do not
matter, because neither the width of an interval nor what it is widened by depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from socius.engine.effect.answering import Fitted
from socius.engine.effect.calibration import Calibration, calibrated
from socius.engine.effect.case import Case
from socius.engine.effect.columns import Days
from socius.engine.effect.conditions import Ready, ready
from socius.engine.effect.estimate import Tools, fit, priors_of, worked
from socius.engine.effect.grid import Floats

LIFTS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.10, 0.15, 0.20)
WANTED = 0.80
MOST_WINDOWS = 4
# So many placebos that spread as the model says are thought beside those that there are.
SHRUNK = 4
INSTEAD = ("longer_window", "more_regions", "test")
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Power:
    """Share found at each lift, and the smallest lift found in 80 % of windows, relative and in the outcome's unit."""

    lifts: list[tuple[float, float]]
    n: int
    relative: float | None
    absolute: float | None
    factor: float
    placebos: int
    refused: str | None
    say: str
    notes: tuple[str, ...]


def power(case: Case, window: int, lifts: Sequence[float] = LIFTS) -> Power:
    """Power of the calibrated procedure on a window of `window` rows that would follow the last row of the case.

    Each of the windows that might follow is judged with its own noise: the chance that estimate plus noise clears the calibrated
    edge. They share the days before the start, so `n` of them are worth fewer.
    """
    given = ready(replace(case, start=len(case.day), end=len(case.day)))
    per = given.per
    if given.refused or len(given.case.day) < 3 * window // per:
        say = given.say if given.refused and given.refused != "too_short" else f"{len(case.day)} rows are too few for a window of {window}: at least 56, and three windows, are needed."  # fmt: skip
        return Power([(lift, 0.0) for lift in lifts], 0, None, None, 1.0, 0, given.refused or "too_short", say, given.notes)  # fmt: skip
    past, length = given.case, max(1, window // per)
    tools = Tools()
    found = [
        judged(replace(given, case=following(past, length, cut)), tools)
        for cut in cuts(past, length)
    ]
    edge = np.array([c.factor * (f.mixture.quantile(0.975) - f.mixture.quantile(0.025)) / 2 for f, c in found])  # fmt: skip
    sd = np.array([f.mixture.spread * seen_spread(f) for f, _ in found])
    base = np.full(len(found), abs(float(np.nanmean(past.outcome[-length:]))))
    first = found[0][1]
    relative = smallest(base, edge, sd)
    absolute = None if relative is None else relative * float(base.mean()) / per
    shares = [(lift, found_share(lift, base, edge, sd)) for lift in lifts]
    return Power(shares, len(found), relative, absolute, first.factor, first.n, first.refused, "", given.notes)  # fmt: skip


def cuts(past: Case, length: int) -> list[int]:
    """First rows of the windows of the past that are moved to the end, spread over it; one where no control differs between them."""
    last = past.start - length
    several = np.linspace(min(length, last), last, MOST_WINDOWS if past.controls else 1)
    return sorted({int(c) for c in several})


def following(past: Case, length: int, cut: int) -> Case:
    """The past with a window behind it in which the controls change as they did from row `cut` on."""
    start = past.start
    day = np.concatenate((past.day, days_after(past, length)))
    moved = slice(cut, cut + length)
    controls = {name: np.concatenate((v, v[moved] - level(v, cut, length) + level(v, start, length))) for name, v in past.controls.items()}  # fmt: skip
    outcome = np.concatenate((past.outcome, np.full(length, float(np.nanmean(past.outcome[-length:])))))  # fmt: skip
    return replace(past, day=day, outcome=outcome, controls=controls, start=start, end=start + length)  # fmt: skip


def days_after(past: Case, length: int) -> Days:
    """The days that come next; weekdays that never occurred will not."""
    if past.grain != "day":
        step = int(np.median(np.diff(past.day)))
        return np.asarray(past.day[-1] + step * np.arange(1, length + 1), dtype=np.int64)
    ahead = past.day[-1] + np.arange(1, 7 * length + 8)
    return np.asarray(ahead[np.isin(ahead % 7, np.unique(past.day % 7))][:length], dtype=np.int64)


def level(values: Floats, cut: int, length: int) -> float:
    """Mean of the window before a row."""
    return float(values[max(0, cut - length) : cut].mean())


def judged(given: Ready, tools: Tools) -> tuple[Fitted, Calibration]:
    """The procedure up to the width of the interval."""
    work = worked(given, tools, trusted=True)
    fitted = fit(work, priors_of([work]))
    return fitted, calibrated([np.array([p.z for p in fitted.placebos])])


def seen_spread(fitted: Fitted) -> float:
    """How far estimates at fake starts spread beside what the model says, shrunk to it: few placebos say little."""
    z = np.array([p.z for p in fitted.placebos])
    return float(np.sqrt((SHRUNK + (z**2).sum()) / (SHRUNK + len(z))))


def found_share(lift: float, base: Floats, edge: Floats, sd: Floats) -> float:
    """Mean chance over the windows that a lift clears the edge."""
    return float(np.mean([NORMAL.cdf(float(x)) for x in (lift * base - edge) / sd]))


def smallest(base: Floats, edge: Floats, sd: Floats) -> float | None:
    """The lift found in 80 % of cases, by bisection; None where even a hundredfold one is not."""
    low, high = 0.0, 100.0
    if found_share(high, base, edge, sd) < WANTED:
        return None
    while high - low > 1e-7:
        middle = (low + high) / 2
        if found_share(middle, base, edge, sd) < WANTED:
            low = middle
        else:
            high = middle
    return high
