"""How much a stage depends on who answered: raters are drawn again, with replacement, and the stage is computed each time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from socius.engine.assessment.aggregate import NO_RULES, Rating, Rules, joined
from socius.engine.assessment.gates import NEWEST
from socius.engine.assessment.maturity import plan, stage_of
from socius.engine.assessment.questionnaire import Questionnaire

DRAWS = 1000
SEED = 178
OUTSIDE = 0.1  # on either side, so that 80 % of the draws lie between


class StageRange(NamedTuple):
    """In 80 % of the draws the stage lay between `low` and `high`; `shares` says how often each stage came out."""

    low: int
    high: int
    shares: Mapping[int, float]
    draws: int


def stage_range(
    form: Questionnaire,
    ratings: Sequence[Rating],
    rules: Rules = NO_RULES,
    gates: tuple[str, frozenset[str]] = (NEWEST, frozenset()),
    *,
    draws: int = DRAWS,
) -> StageRange | None:
    """The stage over redrawn raters; `gates` are the set and the items that do not apply; None for one rater, whose view has no spread."""
    if len(ratings) < 2:
        return None
    columns = _columns(form, ratings, rules, gates[0])
    fixed = {k: v for k, v in rules.auto.items() if k not in rules.accepted}
    rng = random.Random(SEED)  # noqa: S311 - statistics, not secrets
    who = range(len(ratings))
    found: Counter[int] = Counter()
    for _ in range(draws):
        drawn = rng.choices(who, k=len(ratings))
        values = dict(fixed)
        for part, column in columns:
            given = [v for i in drawn if (v := column[i]) is not None]
            if given:
                values[part.key] = joined(part, given)
        found[stage_of(form, values, *gates)] += 1
    return _between(found, draws)


def _columns(
    form: Questionnaire, ratings: Sequence[Rating], rules: Rules, version: str
) -> list[tuple[Any, list[Any]]]:
    """The answers that gates read, one column per part; numbers of a named owner do not vary."""
    read = {key for gate in plan(form, version).gates for key in gate.keys}
    read -= {k for k in rules.auto if k not in rules.accepted}
    columns = []
    for item in form.items:
        for part in item.parts:
            if part.key not in read:
                continue
            column = [
                None if item.id in form.not_asked[r.role] else r.values.get(part.key)
                for r in ratings
            ]
            owner = rules.owners.get(part.key)
            said = next((r.values.get(part.key) for r in ratings if r.rater == owner), None)
            columns.append((part, [said] * len(ratings) if said is not None else column))
    return columns


def _between(found: Counter[int], draws: int) -> StageRange:
    low = high = min(found)
    seen = 0
    for stage in sorted(found):
        if seen < OUTSIDE * draws:
            low = stage
        if seen < (1 - OUTSIDE) * draws:
            high = stage
        seen += found[stage]
    return StageRange(low, high, {s: n / draws for s, n in sorted(found.items())}, draws)
