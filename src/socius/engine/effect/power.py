"""What could be seen, before the start: lifts put into windows of the organisation's own past, and the smallest one mostly found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from socius.engine.effect.calibration import calibrated, placebo_of, placebo_windows
from socius.engine.effect.case import Case
from socius.engine.effect.columns import columns_of
from socius.engine.effect.conditions import ready
from socius.engine.effect.grid import GRID, Floats
from socius.engine.effect.posterior import Gains, Window, mixture_of, passed

LIFTS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.10, 0.15, 0.20)
WANTED = 0.80
MOST_WINDOWS = 48
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

    Windows overlap, so `n` of them are worth fewer. Each is judged with its own noise: the chance that estimate plus noise
    clears the calibrated edge.
    """
    given = ready(Case(case.name, case.day, case.outcome, case.controls, len(case.day), len(case.day), case.grain))  # fmt: skip
    if given.refused or len(given.case.day) < 3 * window // given.per:
        say = (
            given.say
            or f"{len(case.day)} rows are too few for a window of {window}: three windows are needed."
        )
        return Power([(lift, 0.0) for lift in lifts], 0, None, None, 1.0, 0, given.refused or "too_short", say, given.notes)  # fmt: skip
    past, length = given.case, max(1, window // given.per)
    columns = columns_of(past.day, past.outcome, past.controls, past.start, past.grain)
    apart = placebo_windows(past.start, length, columns.seen)
    first = min((w.cut for w in apart), default=max(past.start - 2 * length, length))
    step = max(1, (past.start - length - first) // MOST_WINDOWS + 1)
    cuts = sorted({*range(first, past.start - length + 1, step), *(w.cut for w in apart)})
    windows = [Window(cut, length) for cut in cuts if columns.seen[cut : cut + length].any()]
    done = passed(columns, windows, Gains())
    mixtures = [mixture_of(done.lanes(i), GRID.prior, columns.scale) for i in range(len(windows))]
    kept = {w.cut for w in apart}
    z = np.array([placebo_of(w, m).z for w, m in zip(windows, mixtures, strict=True) if w.cut in kept])  # fmt: skip
    judged = calibrated([z])
    edge = np.array([judged.factor * (m.quantile(0.975) - m.quantile(0.025)) / 2 for m in mixtures])
    sd = np.array([m.spread for m in mixtures])
    seen = np.array([np.nanmean(past.outcome[w.cut : w.cut + length]) for w in windows])
    base = np.abs(seen - np.array([m.mean for m in mixtures]))
    shares = [(lift, found_share(lift, base, edge, sd)) for lift in lifts]
    relative = smallest(base, edge, sd)
    absolute = None if relative is None else relative * float(base.mean()) / given.per
    return Power(shares, len(windows), relative, absolute, judged.factor, judged.n, judged.refused, "", given.notes)  # fmt: skip


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
