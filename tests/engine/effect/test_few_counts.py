"""Few counts: which series are regressed as counts, what comes out where the truth is known, and what is not told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from regimes import FIRST

from socius.engine.effect import fewcounts
from socius.engine.effect.case import Case
from socius.engine.effect.estimate import effects


def counted(mean: float, lift: float = 1.0, seed: int = 1, days: int = 730) -> Case:
    rng = np.random.default_rng(seed)
    level = np.full(days, mean)
    level[640:] *= lift
    day = np.arange(FIRST, FIRST + days)
    return Case("claims", day, rng.poisson(level).astype(float), {}, 640, days, "day")


def test_the_regression_finds_what_made_the_counts() -> None:
    rng = np.random.default_rng(2)
    table = np.column_stack((np.ones(4000), rng.normal(size=4000)))
    mean = np.exp(table @ np.array([1.5, 0.3]))
    counts = rng.poisson(mean * rng.gamma(4, 1 / 4, 4000)).astype(float)
    fit = fewcounts.fitted(table, counts, np.full(2, 1e-6))
    assert fit.slope == pytest.approx([1.5, 0.3], abs=0.05)
    assert fit.dispersion == pytest.approx(0.25, abs=0.04)
    assert fit.memory < 0.05
    poisson = fewcounts.fitted(table, rng.poisson(mean).astype(float), np.full(2, 1e-6))
    assert poisson.dispersion < 0.02


@pytest.mark.slow
def test_weeks_of_few_counts_are_counts_many_are_a_size_and_hardly_any_tell_nothing() -> None:
    few, many, hardly = effects([counted(1.2), counted(60.0), counted(0.1, lift=3.0)])
    assert (few.method, few.per) == ("negative_binomial", 7)
    assert any("negative-binomial" in note for note in few.notes)
    assert many.method == "gsr"
    assert (hardly.verdict, hardly.method) == ("cannot_tell", "gsr")
    weeks = counted(1.2)
    weekly = replace(weeks, day=weeks.day[::7][:104], outcome=weeks.outcome[:728].reshape(-1, 7).sum(axis=1), start=91, end=104, grain="week")  # fmt: skip
    assert effects([weekly])[0].method == "negative_binomial"


def test_a_doubling_is_called_and_its_course_adds_up() -> None:
    found = effects([counted(1.2, lift=2.0, seed=3)], path=True)[0]
    assert found.verdict == "up"
    assert found.low is not None
    assert found.low < 1.2 < (found.high or 0)
    assert found.path is not None
    assert found.path.total[-1] / 7 == pytest.approx((found.effect_mean or 0) * len(found.path.total))  # fmt: skip
    assert min(found.path.low) >= 0
    assert found == effects([counted(1.2, lift=2.0, seed=3)])[0]
