"""Experiments: draws, hashes, enumeration, error rates and intervals of randomisation inference."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from socius.engine.effect.design import (  # fmt: skip
    Scheme,
    carried_out,
    complete,
    draw,
    drawn,
    every,
    paired,
    plan,
    switchback,
    time_holdout,
)
from socius.engine.effect.randomisation import (
    Seen,
    Tried,
    analysed,
    contrasts,
    power,
    where_delivered,
)
from socius.kit.errors import Invalid

UNITS = [f"region {i}" for i in range(20)]
SCHEMES = {
    "holdout": complete(UNITS), "pairs": paired(UNITS, np.arange(20.0)), "switchback": switchback(12), "holiday": time_holdout([str(i) for i in range(60)], 14),
}  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_a_seed_draws_one_assignment_and_has_one_hash(scheme: Scheme) -> None:
    assert np.array_equal(draw(scheme, 7), draw(scheme, 7))
    assert scheme.digest(7) == scheme.digest(7) != scheme.digest(8)


@pytest.mark.parametrize("scheme", [complete(UNITS[:8], 4), paired(UNITS[:12], np.arange(12.0)), SCHEMES["holiday"]])  # fmt: skip
def test_draws_lie_in_the_enumeration_and_fill_it(scheme: Scheme) -> None:
    whole = {tuple(row) for row in every(scheme).tolist()}
    assert len(whole) == scheme.assignments
    seen = {tuple(row) for row in drawn(scheme, np.random.default_rng(1), 4000).tolist()}
    assert seen == whole


@pytest.mark.parametrize("make", [lambda: complete(UNITS[:5]), lambda: complete(UNITS, 0), lambda: switchback(10), lambda: switchback(13), lambda: time_holdout(["1"] * 25, 10)])  # fmt: skip
def test_a_scheme_that_could_never_be_called_is_refused(make: object) -> None:
    with pytest.raises(Invalid):
        make()  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["holdout", "pairs", "switchback"])
def test_errors_keep_their_rate_and_intervals_hold_the_effect(name: str) -> None:
    scheme, rng = SCHEMES[name], np.random.default_rng(3)
    called = covered = 0
    runs = 100
    for seed in range(runs):
        past = rng.normal(size=len(scheme.units)).cumsum()
        arms = draw(scheme, seed)
        outcome = past + rng.normal(size=len(arms)) + 2.0 * arms
        outcome[3] = np.nan
        found = analysed(scheme, seed, arms, outcome, None if name == "switchback" else past)
        covered += found.low <= 2.0 <= found.high
        called += analysed(scheme, seed, arms, outcome - 2.0 * arms).p <= 0.05
    assert called / runs <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert covered / runs >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / runs)


def test_the_effect_where_it_was_carried_out_takes_the_assignment_as_the_instrument() -> None:
    scheme, rng = SCHEMES["pairs"], np.random.default_rng(4)
    arms, past = draw(scheme, 9), rng.normal(size=20).cumsum()
    got = arms.astype(float)
    whole = past + rng.normal(size=20) + 3.0 * got
    by_arm = analysed(scheme, 9, arms, whole, past)
    assert where_delivered(scheme, 9, Seen(arms, whole, got, past)) == by_arm
    got[np.flatnonzero(arms)[:2]] = 0.0
    outcome = past + rng.normal(size=20) + 3.0 * got
    found, plain = where_delivered(scheme, 9, Seen(arms, outcome, got, past)), analysed(scheme, 9, arms, outcome, past)  # fmt: skip
    assert found is not None
    assert found.p == plain.p
    # An effect that is the same wherever it was carried out leaves the interval no wider than it has to be.
    assert (found.high - found.low) / found.effect < (plain.high - plain.low) / plain.effect
    # What the edges are: the effects that the redraws do not reject.
    edge = analysed(scheme, 9, arms, outcome - (found.high + 1e-6) * got, past).p
    inside = analysed(scheme, 9, arms, outcome - (found.high - 1e-6) * got, past).p
    assert edge <= 0.05 < inside
    assert where_delivered(scheme, 9, Seen(arms, outcome, 1.0 - arms, past)) is None
    assert where_delivered(scheme, 9, Seen(arms, outcome, np.zeros(20))) is None
    alone = np.zeros(20)
    alone[np.flatnonzero(arms)[0]] = 1.0
    weak = where_delivered(scheme, 9, Seen(arms, outcome, alone))
    assert weak is not None
    assert np.isinf(weak.high)


def test_p_is_the_share_of_assignments_as_extreme() -> None:
    scheme, outcome = complete(UNITS[:8], 4), np.array([1.0, 5, 2, 8, 3, 9, 4, 7])
    arms = draw(scheme, 2)
    rows = contrasts(every(scheme)) @ outcome
    t = float((contrasts(arms[None, :]) @ outcome)[0])
    assert analysed(scheme, 2, arms, outcome).p == pytest.approx((np.abs(rows) >= abs(t) - 1e-9).mean())  # fmt: skip


def test_power_is_the_level_without_a_lift_and_one_with_a_large_one() -> None:
    past = np.random.default_rng(1).normal(size=20)
    assert power(Tried(SCHEMES["pairs"], past), [0.0], seed=1)[0] <= 0.12
    assert power(Tried(SCHEMES["pairs"], past), [10.0], seed=1) == [1.0]


def test_without_its_seed_or_with_other_arms_nothing_is_analysed() -> None:
    scheme = SCHEMES["pairs"]
    with pytest.raises(Invalid, match="seed of the draw is gone"):
        analysed(scheme, None, draw(scheme, 1), np.zeros(20))
    with pytest.raises(Invalid, match="not what the logged seed draws"):
        analysed(scheme, 2, 1 - draw(scheme, 2), np.arange(20.0))


def test_a_plan_writes_cells_that_follow_the_draw() -> None:
    made = plan(switchback(12), 5, date(2026, 1, 5), date(2026, 12, 31), block_days=7, names="account 1")  # fmt: skip
    assert [c.arm == "on" for c in made.cells] == [bool(a) for a in made.arms]
    assert (made.cells[1].start, made.cells[1].end) == (date(2026, 1, 12), date(2026, 1, 18))
    assert {c.unit for c in made.cells} == {"account 1"}


def test_a_test_that_was_not_delivered_says_so() -> None:
    arms = draw(SCHEMES["pairs"], 1)
    assert carried_out(arms, [bool(a) for a in arms]) == (1.0, True)
    assert carried_out(arms, [True] * 20)[1] is False
