"""Breaks of level or slope before the start: looked for, given a column of their own, or reason to refuse.

Candidates stand every 7 rows (steps) and, in the last window only, every 14 (slopes; earlier bends are options of the model). Each is weighed by its Bayes factor, mixed over a few noise processes,
against the same series without a break; a family of candidates counts as found when its mean Bayes factor exceeds 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from socius.engine.effect import kernels
from socius.engine.effect.columns import SLAB, SLOPE_UNIT, Columns, Days, slope, step
from socius.engine.effect.grid import GRID, SCANNED, UNHIDDEN, Floats
from socius.engine.effect.posterior import SCALE, SHAPE, Gains, Window, noise_of, passed, whole

STEP_EVERY, SLOPE_EVERY, MARGIN = 7, 14, 7
CALLED = 8.0
MOST_BREAKS = 2

FEW = GRID.only(list(SCANNED))


@dataclass(frozen=True, slots=True)
class Break:
    """A break that was found: row, kind (step or slope) and the mean Bayes factor of the scan."""

    row: int
    kind: str
    odds: float


@dataclass(frozen=True, slots=True)
class Before:
    """Cross-products of the base columns, the outcome last, and the sum of log F at the start, in the few noise processes."""

    sums: Floats
    logs: Floats


@njit(cache=True)
def crossed(table: Any, gain: Any, phi: Any, row: Any, rise: Any) -> Any:  # noqa: C901, PLR0912 - a compiled loop stays in one piece
    """Cross-products of each whitened candidate with each whitened column, and with itself in the last place.

    Candidates are sorted by the row at which they leave zero. `rise` is 0 for a step, else the slope a row.
    """
    days, columns, lanes, many = table.shape[0], table.shape[1], phi.shape[0], row.shape[0]
    out = np.zeros((lanes, columns + 1, many))
    w = np.zeros(many)
    for g in range(lanes):
        first, second = np.zeros(many), np.zeros(many)
        own1, own2 = np.zeros(columns), np.zeros(columns)
        white = np.zeros(columns)
        active = 0
        for t in range(days):
            while active < many and row[active] <= t:
                active += 1
            seen = gain[2, t, g] > 0
            if not seen:
                for j in range(active):
                    first[j] *= phi[g]
                for c in range(columns):
                    own1[c] *= phi[g]
                continue
            k1, k2, s, f = gain[0, t, g], gain[1, t, g], gain[2, t, g], phi[g]
            for j in range(active):
                v = (1.0 if rise[j] == 0 else rise[j] * (t - row[j])) - first[j] - second[j]
                w[j] = v * s
                first[j] = f * (first[j] + k1 * v)
                second[j] += k2 * v
            for c in range(columns):
                v = table[t, c] - own1[c] - own2[c]
                white[c] = v * s
                own1[c] = f * (own1[c] + k1 * v)
                own2[c] += k2 * v
            for c in range(columns):
                x = white[c]
                for j in range(active):
                    out[g, c, j] += x * w[j]
            for j in range(active):
                out[g, columns, j] += w[j] * w[j]
    return out


class Scan:
    """Looks for breaks; keeps the gains of the few noise processes it uses."""

    def __init__(self) -> None:
        self.gains = Gains(FEW)
        self.noise = noise_of(FEW)

    def candidates(self, columns: Columns) -> list[tuple[int, str]]:
        """Rows and kinds, sorted by row."""
        cut = columns.start
        length = len(columns.table) - cut
        found = [(at, "step") for at in range(MARGIN, cut - MARGIN + 1, STEP_EVERY)]
        late = range(max(MARGIN, cut - length), cut - MARGIN + 1, SLOPE_EVERY)
        return sorted([*found, *((at, "slope") for at in late)])

    def strongest(self, columns: Columns, day: Days, without: float, before: Before) -> Break | None:  # fmt: skip
        """The break with the largest Bayes factor, where the family's mean exceeds 8.

        `without`: log evidence without a break, mixed over the whole grid, so that a wandering level is no break. `before`: what the
        days before the start leave in the few noise processes.
        """
        candidates = self.candidates(columns)
        if not candidates:
            return None
        odds = self.odds(columns, day, without, before, candidates)
        if odds.mean() <= CALLED:
            return None
        row, kind = candidates[int(np.argmax(odds))]
        # Candidates stand a week or two apart: the row itself is looked for between them.
        reach = STEP_EVERY if kind == "step" else SLOPE_EVERY
        last = columns.start - MARGIN
        near = [(at, kind) for at in range(max(MARGIN, row - reach + 1), min(last, row + reach - 1) + 1)]  # fmt: skip
        closer = self.odds(columns, day, without, before, near) if len(near) > 1 else np.ones(1)
        found = near[int(np.argmax(closer))][0] if near else row
        return Break(found, kind, float(odds.mean()))

    def before(self, columns: Columns) -> Before:
        """What the days before the start leave: a pass over them."""
        plain = columns.plain()
        sums, _, logs = kernels.whitened_sums(plain.table, self.gains.of(columns.seen), FEW.phi, np.array([columns.start]), 0)  # fmt: skip
        return Before(sums[0], logs[0])

    def odds(
        self, columns: Columns, day: Days, without: float, before: Before, candidates: list[tuple[int, str]]
    ) -> Floats:  # fmt: skip
        """Bayes factor of each candidate."""
        columns, cut = columns.plain(), columns.start
        gap = float(np.median(np.diff(day))) if len(day) > 1 else 1.0
        rise = np.array([gap / SLOPE_UNIT if kind == "slope" else 0.0 for _, kind in candidates])
        rows = np.array([row for row, _ in candidates])
        low = kernels.factored(before.sums, np.arange(columns.base + 1), columns.precision)
        cross = crossed(columns.table[:cut], self.gains.of(columns.seen), FEW.phi, rows, rise)
        gained, plain = evidences(low, before.logs, cross, float(columns.seen[:cut].sum()))
        prior = np.log(FEW.prior / FEW.prior.sum())[:, None]
        log = np.clip(gained + plain[:, None] + prior - without, -700, 700)
        return np.asarray(np.exp(log).sum(0))


def evidences(low: Floats, logs: Floats, cross: Floats, n: float) -> tuple[Floats, Floats]:
    """Log Bayes factor of each candidate in each lane, and each lane's log evidence without one."""
    lanes, columns = cross.shape[0], cross.shape[1] - 1
    p = columns - 1
    shape = SHAPE + (n - p) / 2
    gained = np.zeros((lanes, cross.shape[2]))
    plain = np.zeros(lanes)
    for g in range(lanes):
        factor = low[:p, :p, g]
        reduced = np.linalg.solve(factor, cross[g, :p])
        left = cross[g, columns] + SLAB - (reduced**2).sum(0)
        with_outcome = cross[g, p] - low[p, :p, g] @ reduced
        scale = SCALE + low[p, p, g] ** 2 / 2
        rest = np.maximum(scale - with_outcome**2 / (2 * left), 1e-12)
        gained[g] = -0.5 * np.log(left / SLAB) - shape * np.log(rest / scale)
        plain[g] = -np.log(np.diagonal(factor)).sum() - logs[g] / 2 - shape * np.log(scale)
    return gained, plain


def evidence_of(columns: Columns, gains: Gains) -> float:
    """Log evidence of the days before the start, mixed over trends and noise processes."""
    window = Window(columns.start, len(columns.table) - columns.start)
    found = passed(columns, [window], gains).evidence(0, whole(columns))
    return float(np.logaddexp.reduce(found + np.log(UNHIDDEN)))


def with_breaks(
    columns: Columns, day: Days, scan: Scan, first: float, gains: Gains, before: Before
) -> tuple[Columns, list[Break]]:
    """Adds a column for each break that the scan finds, at most two. `first`: log evidence without any."""
    found: list[Break] = []
    without = first
    while len(found) < MOST_BREAKS:
        seen = scan.strongest(columns, day, without, before)
        if seen is None or any(abs(seen.row - b.row) < STEP_EVERY for b in found):
            break
        found.append(seen)
        column = step(day, seen.row) if seen.kind == "step" else slope(day, seen.row)
        columns = columns.with_break(column, f"{seen.kind} at row {seen.row}")
        without, before = evidence_of(columns, gains), scan.before(columns)
    return columns, found
