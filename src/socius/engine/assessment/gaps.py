"""Where groups of raters see the same practice differently, with at most 5 % false alarms over all items and groups together.

Raters are exchanged between groups (2,000 permutations); each group is held against all others by the studentised difference of
means, and the largest of all differences is the reference (Westfall and Young, Resampling-Based Multiple Testing, 1993).
Plain Python: the answers of a rater to all items are packed into one long integer, so that one addition sums every item.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from socius.engine.assessment.aggregate import Rating
from socius.engine.assessment.disclosure import LEAST, shown_as
from socius.engine.assessment.questionnaire import Part, Questionnaire

PERMUTATIONS = 2000
SEED = 178
VERDICT_FROM = 12
ALARM = 0.05
# Keeps a group in which all answer alike from an infinite statistic.
FLOOR = 0.05
FIELDS = 3  # number, sum, sum of squares of the answers to one item
WORD = 16


class Contrast(NamedTuple):
    """One group against all others on one item, in points of the scale. `verdict` is None where a group is below twelve."""

    by: str  # role or unit
    group: str
    item: str
    words: str
    n: int
    mean: float
    n_others: int
    mean_others: float
    difference: float
    low: float | None
    high: float | None
    verdict: bool | None


class Gaps(NamedTuple):
    """All contrasts, largest first; the number of raters; whether any verdict was possible."""

    contrasts: tuple[Contrast, ...]
    raters: int
    judged: bool


class Side(NamedTuple):
    """A group with the raters that are in it, by their places."""

    by: str
    group: str
    members: tuple[int, ...]


def gaps(form: Questionnaire, ratings: Sequence[Rating], permutations: int = PERMUTATIONS) -> Gaps:
    """Every contrast between a group of roles or units and the others. Groups below three are merged, never shown alone."""
    parts = [part for item in form.items for part in item.parts if part.kind == "level"]
    packed = [pack(rating, parts, form) for rating in ratings]
    sides = [
        *_sides("role", [rating.role for rating in ratings]),
        *_sides("unit", [rating.unit for rating in ratings]),
    ]
    judged = [
        s for s in sides if min(len(s.members), len(ratings) - len(s.members)) >= VERDICT_FROM
    ]
    reference = _reference(packed, judged, len(parts), permutations) if judged else []
    limit = reference[int((1 - ALARM) * len(reference))] if reference else None
    found: list[tuple[float, Contrast]] = []
    for side in sides:
        found += _contrasts(side, packed, parts, limit if side in judged else None)
    found.sort(key=lambda pair: (not pair[1].verdict, -pair[0]))
    return Gaps(tuple(contrast for _, contrast in found), len(ratings), bool(judged))


def pack(rating: Rating, parts: Sequence[Part], form: Questionnaire) -> int:
    """The answers of one rater as one integer of 16-bit fields: 1, v and v squared for each answered item."""
    total = 0
    for at, part in enumerate(parts):
        value = rating.values.get(part.key)
        if value is None or part.key.partition(".")[0] in form.not_asked[rating.role]:
            continue
        place = at * FIELDS * WORD
        total += (1 + (value << WORD) + (value * value << 2 * WORD)) << place
    return total


def unpack(total: int, items: int) -> array[int]:
    """The fields of a sum of packed raters."""
    return array("H", total.to_bytes(items * FIELDS * WORD // 8, "little"))


def _sides(by: str, labels: list[str]) -> list[Side]:
    shown = shown_as(labels)
    groups: dict[str, list[int]] = {}
    for at, label in enumerate(labels):
        if shown:
            groups.setdefault(shown[label], []).append(at)
    return [
        Side(by, group, tuple(places))
        for group, places in sorted(groups.items())
        if LEAST <= len(places) <= len(labels) - LEAST
    ]


def _statistics(group: array[int], whole: array[int], items: int) -> list[tuple[float, float]]:
    """(difference of means, its standard error) of each item; (0, inf) where a side has fewer than three answers."""
    found = []
    for at in range(0, items * FIELDS, FIELDS):
        n, s, q = group[at], group[at + 1], group[at + 2]
        m, t, r = whole[at] - n, whole[at + 1] - s, whole[at + 2] - q
        if n < LEAST or m < LEAST:
            found.append((0.0, float("inf")))
            continue
        within = (q - s * s / n + r - t * t / m) / (n + m - 2) + FLOOR
        found.append((s / n - t / m, sqrt(within * (1 / n + 1 / m))))
    return found


def _reference(packed: list[int], sides: list[Side], items: int, permutations: int) -> list[float]:
    """The largest studentised difference of each permutation, sorted."""
    rng = random.Random(SEED)  # noqa: S311 - statistics, not secrets
    whole = unpack(sum(packed), items)
    mixed = list(packed)
    largest = []
    for _ in range(permutations):
        rng.shuffle(mixed)
        largest.append(
            max(
                abs(difference) / error
                for side in sides
                for difference, error in _statistics(
                    unpack(sum([mixed[i] for i in side.members]), items), whole, items
                )
            )
        )
    return sorted(largest)


def _contrasts(
    side: Side, packed: list[int], parts: Sequence[Part], limit: float | None
) -> list[tuple[float, Contrast]]:
    whole = unpack(sum(packed), len(parts))
    group = unpack(sum(packed[i] for i in side.members), len(parts))
    found = []
    for at, (difference, error) in enumerate(_statistics(group, whole, len(parts))):
        if error == float("inf"):
            continue
        n, s = group[at * FIELDS], group[at * FIELDS + 1]
        m, t = whole[at * FIELDS] - n, whole[at * FIELDS + 1] - s
        half = None if limit is None else limit * error
        contrast = Contrast(
            side.by,
            side.group,
            parts[at].key,
            parts[at].words,
            n,
            s / n,
            m,
            t / m,
            difference,
            None if half is None else difference - half,
            None if half is None else difference + half,
            None if half is None else abs(difference) > half,
        )
        found.append((abs(difference) / error, contrast))
    return found
