"""Which units speak to one audience in one week, and whether what they work for is at odds: the facts of rule C8.

Read from goals and measures alone; what posts say is compared nowhere here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple

from socius.engine.assessment.facts import CellFacts

Key = tuple[str, str, str, str]  # audience, network, language, week
OPPOSED = {("up", "down"), ("down", "up")}


class Spoken(NamedTuple):
    """So many posts of a unit to one audience on a network in a language in an ISO week, for these goals."""

    audience: str
    network: str
    language: str
    week: str
    unit: str
    posts: int
    goals: frozenset[int]


@dataclass(frozen=True)
class Aim:
    """A goal: those it is declared to conflict with, and which way it pushes each measure (`up`, `down`, `keep`)."""

    conflicts: frozenset[int]
    pushes: Mapping[str, str]


def cells(posts: Iterable[Spoken], aims: Mapping[int, Aim]) -> tuple[CellFacts, ...]:
    """Cells in which at least two units posted, in their order; a conflict is said where goals of two units have one."""
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    goals: dict[Key, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in posts:
        key = (row.audience, row.network, row.language, row.week)
        counts[key][row.unit] += row.posts
        goals[key][row.unit] |= row.goals
    made = []
    for key in sorted(counts):
        units = sorted(unit for unit, n in counts[key].items() if n > 0)
        if len(units) < 2:
            continue
        served = goals[key]
        pairs = list(combinations(units, 2))
        fights = next(((pair, why) for pair in pairs if (why := odds(served[pair[0]], served[pair[1]], aims))), None)  # fmt: skip
        # Those who are at odds stand first: the sentence names two.
        named = [*fights[0], *(u for u in units if u not in fights[0])] if fights else units
        total = sum(counts[key][unit] for unit in units)
        made.append(CellFacts(*key, tuple(named), total, fights[1] if fights else None))
    return tuple(made)


def odds(one: Collection[int], other: Collection[int], aims: Mapping[int, Aim]) -> str | None:
    """`goals` where two were declared to conflict, `directions` where they push one measure apart; None else."""
    known = [(aims[a], b, aims[b]) for a, b in product(sorted(one), sorted(other)) if a in aims and b in aims]  # fmt: skip
    if any(b in first.conflicts for first, b, _ in known):
        return "goals"
    for first, _, second in known:
        for measure, way in first.pushes.items():
            if (way, second.pushes.get(measure)) in OPPOSED:
                return "directions"
    return None
