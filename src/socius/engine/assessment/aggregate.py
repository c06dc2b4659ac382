"""Many raters, one answer per part: lower medians, majorities, and the spread that goes with them.

A threshold is never reached by interpolation, so every median here is an answer that somebody gave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from socius.engine.assessment.questionnaire import Part, Questionnaire

DISPUTED = "disputed"
SHOWN_FROM = 3


@dataclass(frozen=True, slots=True)
class Rating:
    """One rater's answers: part key -> value. `missing` holds why a part has none (dont_know, not_applicable)."""

    rater: str
    role: str
    unit: str
    values: Mapping[str, Any]
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spread:
    """How the answers to one part lie: `n` answers, their least, quartiles and most, or the number that chose each option."""

    n: int
    least: float | None = None
    lower: float | None = None
    median: float | None = None
    upper: float | None = None
    most: float | None = None
    chosen: Mapping[str, int] = field(default_factory=dict)


def lower_median(values: Iterable[Any]) -> Any:
    """The middle value, of two middle ones the lower."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]


def joined(part: Part, values: Sequence[Any]) -> Any:
    """One answer out of several to the same part. Callers give at least one."""
    if len(values) == 1:
        return values[0]
    if part.kind == "many":
        counts = Counter(option for chosen in values for option in chosen)
        return frozenset(o for o, n in counts.items() if n * 2 > len(values))
    if part.kind != "one":
        return lower_median(values)
    if part.ordered:
        return part.options[lower_median(part.rank(v) for v in values)].id
    option, n = Counter(values).most_common(1)[0]
    return option if n * 2 > len(values) else DISPUTED


@dataclass(frozen=True, slots=True)
class Rules:
    """What besides the raters decides: Socius' own values, disputes the owner accepted, whose number counts."""

    auto: Mapping[str, float] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    owners: Mapping[str, str] = field(default_factory=dict)


NO_RULES = Rules()


def aggregate(
    form: Questionnaire, ratings: Sequence[Rating], rules: Rules = NO_RULES
) -> dict[str, Any]:
    """Part key -> the organisation's answer; parts that nobody answered are absent, never zero."""
    found = _alone(form, ratings[0]) if len(ratings) == 1 else _together(form, ratings)
    for key, owner in rules.owners.items():
        said = next((r.values.get(key) for r in ratings if r.rater == owner), None)
        if said is not None:
            found[key] = said
    found.update({k: v for k, v in rules.auto.items() if k not in rules.accepted})
    return found


def _together(form: Questionnaire, ratings: Sequence[Rating]) -> dict[str, Any]:
    found = {}
    for item in form.items:
        asked = [r for r in ratings if item.id not in form.not_asked[r.role]]
        for part in item.parts:
            given = [r.values[part.key] for r in asked if part.key in r.values]
            if given:
                found[part.key] = joined(part, given)
    return found


def _alone(form: Questionnaire, rating: Rating) -> dict[str, Any]:
    not_asked = form.not_asked[rating.role]
    if not not_asked:
        return dict(rating.values)
    return {k: v for k, v in rating.values.items() if k.partition(".")[0] not in not_asked}


def spread(part: Part, values: Sequence[Any]) -> Spread:
    """How answers to one part lie. Below three answers only their number is told."""
    n = len(values)
    if n < SHOWN_FROM:
        return Spread(n)
    if part.kind == "many":
        return Spread(n, chosen=Counter(o for chosen in values for o in chosen))
    if part.kind == "one":
        return Spread(n, chosen=Counter(values))
    ordered = sorted(values)
    return Spread(
        n,
        ordered[0],
        ordered[(n - 1) // 4],
        ordered[(n - 1) // 2],
        ordered[3 * (n - 1) // 4],
        ordered[-1],
    )
