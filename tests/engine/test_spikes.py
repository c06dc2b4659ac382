"""Spikes: few false alarms at small and large counts, planted bursts found, gaps neither a rise nor a calm."""

from __future__ import annotations

import numpy as np
import pytest

from socius.engine.counting import Events, judged
from socius.engine.spikes import DAY, Series, Settings, judge

HOURS = 24 * 60


def alerts(counts: np.ndarray, exposure: np.ndarray | None = None, bucket: int = 3600):
    cover = np.ones(len(counts)) if exposure is None else exposure
    return judge(Series(0, counts.astype(float), cover), Settings(bucket))


@pytest.mark.parametrize("mean", [0.05, 0.4, 5, 50, 4000])
def test_quiet_series_stay_within_twice_the_budget(mean: float) -> None:
    dice = np.random.default_rng(4)
    steady = sum(len(alerts(dice.poisson(mean, HOURS))) for _ in range(2))
    loose = sum(len(alerts(dice.poisson(dice.gamma(4, mean / 4, HOURS)))) for _ in range(2))
    months = 4 * (HOURS / 24 - 14) / 30
    assert (steady + loose) / months <= 2


@pytest.mark.parametrize("mean", [5, 85, 4000])
def test_a_planted_burst_is_found_in_its_first_hours(mean: float) -> None:
    counts = np.random.default_rng(5).poisson(mean, HOURS)
    counts[1000:1006] *= 10
    found = [a for a in alerts(counts) if 1000 <= a.onset <= 1002]
    assert len(found) == 1
    assert found[0].severity == 3
    assert found[0].observed > 5 * found[0].expected


def test_a_gap_is_no_calm_and_what_follows_it_no_rise() -> None:
    counts = np.random.default_rng(6).poisson(50, HOURS)
    cover = np.ones(HOURS)
    cover[700:800] = 0
    broken = counts * (cover > 0)
    assert alerts(broken, cover) == []
    late = np.where(np.arange(HOURS) < 900, 0, counts)
    assert alerts(late, (np.arange(HOURS) >= 900).astype(float)) == []


def test_a_collection_that_began_late_says_so_instead_of_alarming() -> None:
    dice = np.random.default_rng(8)
    times, scopes = [], []
    for n, name in enumerate(("a", "b", "c", "d")):
        start = 6 if name == "d" else 0
        stamps = dice.integers(start * DAY, 9 * DAY, 400 * (9 - start))
        times += stamps.tolist()
        scopes += [name] * len(stamps)
        assert n < 4
    found = judged(Events(times, scopes))
    assert [(g.scope, g.first, g.last) for g in found.gaps if g.state == "none"] == [("d", 0, 5)]
    assert found.alerts["d"] == []
    declared = judged(Events(times, scopes), declared_full=True)
    assert declared.alerts["d"] != []


def test_a_count_that_stands_in_no_row_is_unknown() -> None:
    times = [h * 3600 for h in range(600) if not 300 <= h < 400]
    found = judged(Events(times, ["all"] * 500, [20.0] * 500))
    assert found.series["all"].exposure[300:400].sum() == 0
    assert found.alerts["all"] == []
