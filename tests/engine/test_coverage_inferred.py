"""Coverage of a file: planted late starts and early ends are found, silences and launches are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from socius.engine.coverage import inferred


def planted(
    dice: np.random.Generator, kind: int
) -> tuple[np.ndarray, np.ndarray, float, float, int]:
    scopes, days = int(dice.integers(3, 9)), int(dice.integers(8, 40))
    size = float(dice.choice([6, 12, 25, 60]))
    level, day = np.exp(dice.normal(4.5, 1, scopes)), np.exp(dice.normal(0, 0.25, days))
    mean, truth = level[:, None] * day, np.ones((scopes, days), bool)
    first, last = (float(x) for x in 10 ** dice.uniform(-2.7, 0, 2))
    mean[:, 0] *= first
    mean[:, -1] *= last
    scope, length = int(dice.integers(scopes)), int(dice.integers(1, days // 2))
    if kind == 0:
        truth[scope, :length] = False
    elif kind == 1:
        truth[scope, -length:] = False
    elif kind == 2:
        at = int(dice.integers(2, days - 3))
        mean[scope, at : at + 2] = 0
    elif kind == 3:
        mean[:, :length] *= 0.03
    counts = dice.poisson(dice.gamma(size, mean / size)).astype(float)
    counts[~truth] = dice.integers(0, 2, int((~truth).sum()))
    return counts, truth, first, last, int(level[scope] > 40)


def rates(files: int) -> tuple[float, float]:
    dice = np.random.default_rng(7)
    hit = total = wrong = whole = 0
    for n in range(files):
        counts, truth, first, last, strong = planted(dice, n % 5)
        states = inferred(counts, first, last).states
        none = np.array([[s == "none" for s in row] for row in states])
        if n % 5 < 2 and strong:
            inner = ~truth
            inner[:, 0] &= first > 0.1  # of a day of minutes nothing can be said
            inner[:, -1] &= last > 0.1
            hit, total = hit + int((none & inner).sum()), total + int(inner.sum())
        wrong, whole = wrong + int((none & truth).sum()), whole + int(truth.sum())
    return hit / total, wrong / whole


def test_planted_gaps_are_found_and_covered_days_stay() -> None:
    found, wrong = rates(15)
    assert found >= 0.9
    assert wrong <= 0.05


@pytest.mark.slow
def test_planted_gaps_are_found_at_the_rates_we_promise() -> None:
    found, wrong = rates(100)
    assert found >= 0.95
    assert wrong <= 0.05


def test_two_scopes_say_nothing_of_each_other() -> None:
    counts = np.array([[0.0] * 10 + [500] * 10, [500.0] * 20])
    assert {s for row in inferred(counts, 1, 1).states for s in row} == {"full"}
