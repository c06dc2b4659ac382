"""The single-series estimator: many cases in, an answer for each. Same cases and seed, same answers.

Grid-integrated structural regression with a class prior, calibrated on fake starts (docs/explanation/effect.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from socius.engine.effect import fewcounts
from socius.engine.effect.answering import Fitted, answer, refused
from socius.engine.effect.breaks import Before, Break, Scan, with_breaks
from socius.engine.effect.calibration import (  # fmt: skip
    Calibration,
    calibrated,
    factors,
    likeness,
    odd_ones,
    placebo_of,
    placebo_windows,
)
from socius.engine.effect.case import Answer, Case
from socius.engine.effect.columns import Columns, columns_of, with_bends
from socius.engine.effect.conditions import Ready, ready
from socius.engine.effect.grid import GRID, PRIOR, SCANNED, UNHIDDEN, Floats
from socius.engine.effect.posterior import (  # fmt: skip
    Gains,
    Lanes,
    Part,
    Passed,
    Window,
    class_prior,
    mixture_of,
    passed,
    weights,
    whole,
)

# A break is known to a week or two: no placebo window comes so close to it.
NEAR = 14
# How surely a control must change at the start to be dropped, shared among the controls of a series: to lose one that is right costs more
# than to keep one that was touched so little that it hardly shows. A jump shows best in the rows
# right after the start.
TOUCHED, EARLY = 0.0002, {"day": 14, "week": 4}


@dataclass(slots=True)
class Tools:
    """Gains and scans that series of one calendar share; make one for a batch."""

    gains: Gains = field(default_factory=Gains)
    scan: Scan = field(default_factory=Scan)


@dataclass(slots=True)
class Work:
    """A case on its way: its table, the breaks, what each noise process says of each window (the real one last)."""

    ready: Ready
    columns: Columns
    breaks: list[Break]
    windows: list[Window]
    lanes: list[Lanes]


def effects(cases: Sequence[Case], *, seed: int = 1, path: bool = False, tools: Tools | None = None) -> list[Answer]:  # fmt: skip
    """Answers every case. Cases of one `klass` lend each other their noise and their placebos.

    Raises Invalid for an outcome that never changes. `path` adds the row-by-row counterfactual.
    """
    tools = tools or Tools()
    prepared = [ready(case.cut(case.end)) for case in cases]
    works = {i: worked(r, tools) for i, r in enumerate(prepared) if r.refused is None}
    groups: dict[str, list[int]] = defaultdict(list)
    for i in works:
        groups[cases[i].klass or f"\0{i}"].append(i)
    found: dict[int, Answer] = {}
    for members in groups.values():
        found |= of_class({i: works[i] for i in members}, seed, tools if path else None)
    return [found[i] if i in found else refused(r, seed) for i, r in enumerate(prepared)]


def worked(given: Ready, tools: Tools, *, trusted: bool = False) -> Work:
    """Table, touched controls, breaks, and one pass that serves the window and its placebos. `trusted`: no control is dropped."""
    case = given.case
    table = columns_of(case.day, case.outcome, case.controls, case.start, case.grain)
    length = case.end - case.start
    columns = with_bends(table, case.day, length)
    barred = [int(np.searchsorted(case.day, day)) for day in case.barred]
    windows = [*placebo_windows(case.start, length, columns.seen, barred), Window(case.start, length)]  # fmt: skip
    done = passed(columns, windows, tools.gains)
    part = whole(columns) if trusted else without_touched(done, given, list(case.controls))
    last = done.lanes(len(windows) - 1, part)
    first = float(np.logaddexp.reduce(done.evidence(len(windows) - 1, part) + np.log(UNHIDDEN)))
    kept = columns.only(part.base)
    wider, breaks = with_breaks(kept, case.day, tools.scan, first, tools.gains, scanned(done, part))
    if not breaks:
        lanes = [done.lanes(i, part) for i in range(len(windows) - 1)] + [last]
        return Work(given, kept, [], windows, lanes)
    rows = [*barred, *(b.row + near for b in breaks for near in (-NEAR, 0, NEAR))]
    windows = [*placebo_windows(case.start, length, columns.seen, rows), windows[-1]]
    again = passed(wider, windows, tools.gains)
    return Work(given, wider, breaks, windows, [again.lanes(i) for i in range(len(windows))])


def scanned(done: Passed, part: Part) -> Before:
    """What the pass left at the start in the noise processes of the scan."""
    order = [*part.base, part.outcome]
    return Before(np.ascontiguousarray(done.sums[-1][np.ix_(order, order, SCANNED)]), done.logs[-1][list(SCANNED)])  # fmt: skip


def moved(done: Passed, part: Part, early: int) -> float:
    """How likely chance alone moves the outcome of a part so far at the start: over the first `early` rows, where a jump shows best, and over
    the whole window, where a rise does; twice the smaller.
    """
    at = len(done.windows) - 1
    solved, window = done.solved(at, part), done.windows[at]
    inside = slice(window.cut, window.cut + window.length)
    seen = done.columns.seen[inside]
    found = []
    for rows in sorted({min(early, window.length), window.length}):
        counted = np.where(np.arange(window.length) < rows, seen, 0.0)
        if not counted.any():
            continue
        mean = counted @ done.columns.table[inside] / counted.sum()
        effect, variance = done.foreseen(at, part, solved, mean, counted)
        under = mixture_of(
            Lanes(effect, variance, solved.evidence, solved.degrees), GRID.prior, 1.0
        ).below(0.0)
        found.append(2 * min(under, 1 - under))
    return len(found) * min(found)


def without_touched(done: Passed, given: Ready, controls: list[str]) -> Part:
    """The columns left when every control that itself responds to the start is dropped, and named in `given.dropped`.

    Each control is taken as the outcome, explained by the seasons alone.
    """
    columns = done.columns
    plain = columns.base - len(controls)
    use = list(range(columns.base))
    early = EARLY.get(given.case.grain, 2)
    for k, name in enumerate(controls):
        if moved(done, Part(list(range(plain)), [], plain + k), early) < TOUCHED / len(controls):
            given.dropped[name] = "it changes at the start itself, so it cannot show what would have been"  # fmt: skip
            use.remove(plain + k)
    last = len(columns.precision)
    return Part(use, list(range(columns.base, last)), last)


def of_class(works: dict[int, Work], seed: int, tools: Tools | None) -> dict[int, Answer]:
    """Answers of one noise class. Series whose placebos spread four times as much as the class's are judged by their own as well."""
    z, fitted = {}, {}
    priors = priors_of(list(works.values()))
    for i, work in works.items():
        fitted[i] = fit(work, priors)
        z[i] = np.array([p.z for p in fitted[i].placebos])
    order = list(works)
    odd = {order[i] for i in odd_ones([z[i] for i in order])}
    alike = likeness([fitted[i].noise for i in order])
    pooled = calibrated([z[i] for i in order], alike)
    factor = dict(zip(order, factors([z[i] for i in order], alike), strict=True))
    found = {}
    for i in order:
        mine = replace(pooled, factor=factor[i]) if len(order) > 1 else pooled
        judged = stricter(mine, calibrated([z[i]])) if i in odd else mine
        found[i] = answer(fitted[i], judged, seed, tools.gains if tools else None)
    return found


def stricter(pooled: Calibration, own: Calibration) -> Calibration:
    """The series' own placebos, with a factor no smaller than that of its class."""
    return replace(own, factor=max(pooled.factor, own.factor), refused=own.refused or pooled.refused)  # fmt: skip


def priors_of(works: list[Work]) -> dict[int, Floats]:
    """The class prior of each placebo, counted backwards from the start (0: the real window)."""
    evidence: dict[int, list[Floats]] = defaultdict(list)
    for work in works:
        for back, lanes in enumerate(reversed(work.lanes)):
            evidence[back].append(lanes.evidence)
    return {back: class_prior(np.stack(rows), PRIOR) for back, rows in evidence.items()}


def fit(work: Work, priors: dict[int, Floats]) -> Fitted:
    """Mixtures of the real window and of its placebos."""
    scale, last = work.columns.scale, len(work.lanes) - 1
    mixtures = [mixture_of(lanes, priors[last - at], scale) for at, lanes in enumerate(work.lanes)]
    if work.ready.few:
        plain = work.columns.plain()
        mixtures = [fewcounts.mixture(plain, work.ready.case, w) for w in work.windows]
    share = weights(work.lanes[-1].evidence, priors[0]).reshape(-1, len(GRID))
    placebos = [placebo_of(w, m) for w, m in zip(work.windows[:-1], mixtures[:-1], strict=True)]
    return Fitted(work.ready, work.columns, work.breaks, mixtures[-1], placebos, priors[0], share.sum(axis=1), share.sum(axis=0))  # fmt: skip
