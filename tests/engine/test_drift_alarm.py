"""The alarm rings when the share with a line falls while activity grows, and only then."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from socius.engine.drift import Week, watch

MONDAY = date(2026, 5, 4)


def weeks(
    number: int,
    volume: Callable[[int], float],
    share: Callable[[int], float],
    rng: random.Random | None = None,
    wobble: float = 0.0,
) -> list[Week]:
    """Weekly rows; each post has a line with the week's share, which itself wobbles when asked."""
    out = []
    for w in range(number):
        n, p = round(volume(w)), share(w)
        if rng:
            p = min(max(rng.gauss(p, wobble), 0.0), 1.0)
            k = sum(rng.random() < p for _ in range(n))
        else:
            k = round(n * p)
        out.append((MONDAY + timedelta(weeks=w), n, k))
    return out


@pytest.mark.parametrize("seed", range(10))
def test_a_fall_from_90_to_50_per_cent_in_six_months_alarms(seed: int) -> None:
    rng = random.Random(seed)
    found = watch(weeks(26, lambda w: 100 + 5 * w, lambda w: 0.9 - 0.4 * w / 25, rng, 0.04))
    assert found.alarm
    assert found.low is not None
    assert found.high is not None
    assert found.change is not None
    assert found.low < found.change < found.high < 0
    assert (found.growth or 0) > 1.5
    assert "fell from" in found.say


def test_a_constant_share_under_ten_times_the_volume_does_not() -> None:
    found = watch(weeks(26, lambda w: 50 * 10 ** (w / 25), lambda w: 0.7, random.Random(1), 0.03))
    assert not found.alarm
    assert found.verdict == "steady"
    assert (found.growth or 0) > 5


@pytest.mark.parametrize(("wobble", "growth"), [(0.0, 1.0), (0.05, 9.0), (0.12, 2.0)])
def test_constant_series_hardly_ever_alarm(wobble: float, growth: float) -> None:
    rng = random.Random(42)
    series = (
        weeks(26, lambda w: 40 + 40 * growth * w / 25, lambda w: 0.75, rng, wobble)
        for _ in range(200)
    )
    assert sum(watch(rows).alarm for rows in series) <= 4


def test_a_falling_share_of_shrinking_activity_is_no_drift() -> None:
    assert not watch(weeks(26, lambda w: 300 - 8 * w, lambda w: 0.9 - 0.4 * w / 25)).alarm


def test_too_few_weeks_say_so() -> None:
    found = watch([(MONDAY, 10, 5), *weeks(8, lambda w: 0, lambda w: 0)])
    assert (found.alarm, found.verdict) == (False, "cannot_tell")
    assert "12 are needed" in found.say


def test_only_the_last_half_year_is_looked_at() -> None:
    old_fall = weeks(60, lambda w: 100 + w, lambda w: 0.9 if w < 20 else 0.5)
    assert not watch(old_fall).alarm
