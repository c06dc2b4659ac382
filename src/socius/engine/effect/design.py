"""Experiments that the calendar can carry out: schemes that can be drawn again, their draw, their cells, their power.

Units are regions, accounts, blocks of days or admissible starts; an assignment is one 0 or 1 a unit (1: the initiative runs there).
The analysis is in `randomisation`; it draws again from the same scheme.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, product
from math import comb

import numpy as np
import numpy.typing as npt

from socius.engine.effect.grid import Floats
from socius.kit.errors import Invalid
from socius.kit.figures import counted

Arms = npt.NDArray[np.int8]

KINDS = ("complete", "pairs", "one_off")
LEVEL = 0.05
FEWEST_UNITS, FEWEST_ASSIGNMENTS, FEWEST_BLOCKS, FEWEST_STARTS = 20, 40, 12, 20
ENUMERATED = 20_000
DELIVERED = 0.7


@dataclass(frozen=True, slots=True)
class Scheme:
    """How units are told apart.

    complete: `treated` of the units, all choices alike. pairs: one of each pair of `groups`. one_off: all units on but one stretch
    of `off` neighbouring ones, whose start is drawn.
    """

    kind: str
    units: tuple[str, ...]
    treated: int = 0
    groups: tuple[tuple[int, int], ...] = ()
    off: int = 0

    @property
    def assignments(self) -> int:
        """How many assignments the scheme can draw."""
        if self.kind == "complete":
            return comb(len(self.units), self.treated)
        return 2 ** len(self.groups) if self.kind == "pairs" else len(self.units) - self.off + 1

    @property
    def smallest_p(self) -> float:
        """The smallest p that the scheme allows. With halves, an assignment and its mirror are as extreme as each other."""
        mirrored = self.kind == "pairs" or (self.kind == "complete" and 2 * self.treated == len(self.units))  # fmt: skip
        return (2 if mirrored else 1) / self.assignments

    def digest(self, seed: int) -> str:
        """SHA-256 of scheme and seed, logged before the start."""
        plain = [self.kind, self.units, self.treated, self.groups, self.off, seed]
        return hashlib.sha256(json.dumps(plain, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Cell:
    """What the calendar must obey: in this unit, from this day until that one, the arm."""

    unit: str
    start: date
    end: date
    arm: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A scheme that was drawn, with the hash that was logged and the days that the analysis leaves out."""

    scheme: Scheme
    seed: int
    arms: Arms
    digest: str
    cells: tuple[Cell, ...]
    warnings: tuple[str, ...] = field(default=())


def complete(units: Sequence[str], treated: int | None = None) -> Scheme:
    """Geo or account holdout: half of the units, or `treated` of them. Invalid where it could never be called at 5 %."""
    n = len(units)
    scheme = Scheme("complete", tuple(units), n // 2 if treated is None else treated)
    if not 0 < scheme.treated < n:
        raise Invalid(f"{scheme.treated} of {n} units leave one arm empty.", field="treated", repair="Take about half.")  # fmt: skip
    return able(scheme)


def paired(units: Sequence[str], likeness: Floats) -> Scheme:
    """Matched pairs by their past: neighbours in the order of `likeness` (one number a unit, such as the mean outcome)."""
    order = np.argsort(np.asarray(likeness), kind="stable")
    groups = tuple((int(order[i]), int(order[i + 1])) for i in range(0, len(order) - 1, 2))
    return able(Scheme("pairs", tuple(units), groups=groups))


def switchback(blocks: int) -> Scheme:
    """Blocks of days on and off; each pair of neighbouring blocks holds one of each, so that time and season are balanced."""
    if blocks < FEWEST_BLOCKS or blocks % 2:
        raise Invalid(f"{counted(blocks, 'block')}: too few, or odd.", field="blocks", repair=f"An even number from {FEWEST_BLOCKS} on is needed.")  # fmt: skip
    groups = tuple((i, i + 1) for i in range(0, blocks, 2))
    return able(Scheme("pairs", tuple(f"block {i + 1}" for i in range(blocks)), groups=groups))


def time_holdout(days: Sequence[str], off: int) -> Scheme:
    """One stretch of `off` days without the initiative, its start drawn among at least 20."""
    if len(days) - off + 1 < FEWEST_STARTS:
        raise Invalid(f"{counted(len(days), 'day')}: {counted(max(0, len(days) - off + 1), 'start')} for {counted(off, 'day')} off.", field="off", repair=f"At least {FEWEST_STARTS} are needed.")  # fmt: skip
    return able(Scheme("one_off", tuple(days), off=off))


def able(scheme: Scheme) -> Scheme:
    """The scheme, where it can reach 5 % at all."""
    if scheme.smallest_p > LEVEL or (scheme.kind != "one_off" and scheme.assignments < FEWEST_ASSIGNMENTS):  # fmt: skip
        raise Invalid(
            f"This scheme has {scheme.assignments} assignments: its smallest p is {scheme.smallest_p:.3f}.", field="units",
            repair="More units, blocks or starts are needed; 20 units are a good number.",
        )  # fmt: skip
    return scheme


def draw(scheme: Scheme, seed: int) -> Arms:
    """The assignment of a seed."""
    return np.asarray(drawn(scheme, np.random.default_rng(seed), 1)[0], dtype=np.int8)


def drawn(scheme: Scheme, rng: np.random.Generator, times: int) -> Arms:
    """Many assignments, one a row."""
    n = len(scheme.units)
    if scheme.kind == "complete":
        order = rng.random((times, n)).argsort(axis=1)
        return np.asarray(order < scheme.treated, dtype=np.int8)
    found = np.ones((times, n), dtype=np.int8)
    if scheme.kind == "pairs":
        found[:] = 0
        side = rng.integers(0, 2, (times, len(scheme.groups)))
        for k, (a, b) in enumerate(scheme.groups):
            found[:, a], found[:, b] = side[:, k], 1 - side[:, k]
        return found
    start = rng.integers(0, n - scheme.off + 1, times)
    for i, at in enumerate(start):
        found[i, at : at + scheme.off] = 0
    return found


def every(scheme: Scheme) -> Arms:
    """All assignments of a scheme that has at most 20,000."""
    n = len(scheme.units)
    if scheme.kind == "complete":
        found = np.zeros((scheme.assignments, n), dtype=np.int8)
        for i, chosen in enumerate(combinations(range(n), scheme.treated)):
            found[i, list(chosen)] = 1
        return found
    if scheme.kind == "pairs":
        found = np.zeros((scheme.assignments, n), dtype=np.int8)
        for i, sides in enumerate(product((0, 1), repeat=len(scheme.groups))):
            for (a, b), side in zip(scheme.groups, sides, strict=True):
                found[i, a], found[i, b] = side, 1 - side
        return found
    found = np.ones((scheme.assignments, n), dtype=np.int8)
    for i in range(scheme.assignments):
        found[i, i : i + scheme.off] = 0
    return found


def plan(scheme: Scheme, seed: int, first: date, last: date, *, block_days: int = 0, names: str = "") -> Plan:  # fmt: skip
    """Draws, hashes and writes down cells. `block_days`: units are blocks of so many days of one unit called `names`; without it
    each unit has one cell from first to last.
    """
    arms = draw(scheme, seed)
    cells = []
    for i, (unit, arm) in enumerate(zip(scheme.units, arms, strict=True)):
        begin = first + timedelta(days=i * block_days) if block_days else first
        end = min(last, begin + timedelta(days=block_days - 1)) if block_days else last
        cells.append(Cell(names or unit, begin, end, "on" if arm else "off"))
    few = len(scheme.units) < FEWEST_UNITS and scheme.kind == "complete"
    warnings = ("Fewer than 20 units: only a large effect can be called.",) if few else ()
    return Plan(scheme, seed, arms, scheme.digest(seed), tuple(cells), warnings)


def carried_out(assigned: Arms, delivered: Sequence[bool | None]) -> tuple[float, bool]:
    """Share of cells that were delivered as assigned, and whether the test was carried out (70 % and more). None: not known."""
    known = [(bool(a), bool(d)) for a, d in zip(assigned, delivered, strict=True) if d is not None]
    share = sum(a == d for a, d in known) / len(assigned) if len(assigned) else 0.0
    return share, share >= DELIVERED
