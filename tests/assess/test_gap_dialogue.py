"""Gaps between groups are found where they were planted and seldom where there are none; small groups stay hidden."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socius.engine.assessment.aggregate import Rating
from socius.engine.assessment.disclosure import OTHER, shown_as
from socius.engine.assessment.gaps import gaps
from socius.engine.assessment.questionnaire import questionnaire

FORM = questionnaire("full@1")
LEVELS = [p.key for i in FORM.items for p in i.parts if p.kind == "level"]


def rater(rng: random.Random, role: str, unit: str = "", planted: float = 0) -> Rating:
    """Answers around 2 with a deviation of 0.8; a planted gap on q21."""
    values = {
        key: min(4, max(0, round(rng.gauss(2 + (planted if key == "q21" else 0), 0.8))))
        for key in LEVELS
    }
    return Rating(str(rng.random()), role, unit, values)


def groups(seed: int, n: int, planted: float) -> list[Rating]:
    rng = random.Random(seed)
    return [
        *(rater(rng, "strategist", planted=planted) for _ in range(n)),
        *(rater(rng, "practitioner") for _ in range(n)),
    ]


def hits(runs: int, n: int, planted: float, permutations: int) -> int:
    found = 0
    for seed in range(runs):
        result = gaps(FORM, groups(seed, n, planted), permutations)
        items = {c.item for c in result.contrasts if c.verdict}
        found += "q21" in items if planted else bool(items)
    return found


@pytest.mark.slow
def test_a_planted_gap_between_groups_of_twenty_is_found_in_95_of_100() -> None:
    assert hits(100, 20, -1.5, 299) >= 95


@pytest.mark.slow
def test_equal_groups_alarm_in_no_more_than_one_in_twenty() -> None:
    # 200 runs at 5 %: 18 or more would happen by chance in 1 of 100.
    assert hits(200, 20, 0, 299) <= 17


def test_one_planted_gap_with_its_interval() -> None:
    found = gaps(FORM, groups(7, 20, -1.5))
    first = found.contrasts[0]
    assert (first.item, first.verdict) == ("q21", True)
    assert first.low is not None
    assert first.high is not None
    assert min(abs(first.low), abs(first.high)) > 0
    assert sum(bool(c.verdict) for c in found.contrasts) == 2  # seen from either side


def test_below_twelve_there_is_no_verdict() -> None:
    found = gaps(FORM, groups(1, 11, -1.5))
    assert not found.judged
    assert all(c.verdict is None and c.low is None for c in found.contrasts)


def test_groups_below_three_are_never_named() -> None:
    rng = random.Random(3)
    ratings = [rater(rng, "strategist", "Care") for _ in range(6)]
    ratings += [rater(rng, "executive", "Board") for _ in range(2)]
    ratings += [rater(rng, "practitioner", "Brand") for _ in range(4)]
    found = gaps(FORM, ratings)
    assert {c.group for c in found.contrasts if c.by == "role"} == {"strategist", OTHER}
    assert "Board" not in {c.group for c in found.contrasts}
    assert all(c.n >= 3 and c.n_others >= 3 for c in found.contrasts)


@given(st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=30))
def test_no_shown_group_has_fewer_than_three_and_none_follows_by_subtraction(labels) -> None:
    shown = shown_as(labels)
    if len(labels) < 3:
        assert shown == {}
        return
    counts: dict[str, int] = {}
    for label in labels:
        counts[shown[label]] = counts.get(shown[label], 0) + 1
    assert min(counts.values()) >= 3


def test_the_test_takes_under_two_cpu_seconds_for_sixty_raters() -> None:
    rng = random.Random(5)
    ratings = [rater(rng, ("strategist", "practitioner", "unit lead")[i % 3], f"u{i % 4}") for i in range(60)]  # fmt: skip
    start = time.process_time()
    gaps(FORM, ratings)
    assert time.process_time() - start < 4  # twice what it takes on a busy machine
