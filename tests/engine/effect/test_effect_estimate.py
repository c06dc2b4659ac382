"""The single-series estimator: what must hold exactly, what must hold on average, and the reference cases."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regimes import KNOWN, case

from socius.engine.effect.case import Answer, Case
from socius.engine.effect.columns import columns_of
from socius.engine.effect.estimate import Tools, effects
from socius.engine.effect.grid import GRID, MASS
from socius.engine.effect.posterior import Gains, Mixture, Window, mixture_of, passed, whole
from socius.engine.effect.power import power

# Compiling the loops takes about ten seconds on a machine that has not done so.
pytestmark = pytest.mark.slow
TOOLS = Tools()


def one(asked: Case) -> Answer:
    return effects([asked], tools=TOOLS)[0]


def made(seed: int, kind: str = "ar6", **how: float) -> Case:
    return case(np.random.default_rng(seed), kind, days=400, window=60, controls=3, **how)  # type: ignore[arg-type]


def close(a: Answer, b: Answer, scale: float = 1.0) -> None:
    for name in ("effect_mean", "low", "high"):
        assert getattr(a, name) * scale == pytest.approx(getattr(b, name), rel=1e-6, abs=1e-7 * scale)  # fmt: skip
    assert a.p == pytest.approx(b.p, abs=1e-6)


def test_the_grid_has_its_84_points_and_masses() -> None:
    assert len(GRID) == 84
    for family, mass in MASS.items():
        assert sum(p for p, f in zip(GRID.prior, GRID.family, strict=True) if f == family) == pytest.approx(mass)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.01, 1000), shift=st.floats(-500, 500))
def test_another_unit_and_another_zero_change_nothing_else(seed: int, scale: float, shift: float) -> None:  # fmt: skip
    asked = made(seed)
    moved = replace(asked, outcome=asked.outcome * scale + shift)
    a, b = one(asked), one(moved)
    assert a.refused == b.refused
    if a.refused is None:
        close(a, b, scale)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), lift=st.floats(-20, 20))
def test_a_known_lift_is_added_to_the_estimate_and_leaves_the_width(seed: int, lift: float) -> None:
    a, b = one(made(seed)), one(made(seed, lift=lift))
    if a.refused is None and b.refused is None:
        assert b.effect_mean == pytest.approx(a.effect_mean + lift, abs=1e-6)
        assert b.high - b.low == pytest.approx(a.high - a.low, abs=1e-6)


def test_the_order_of_controls_does_not_matter() -> None:
    asked = made(40)
    turned = replace(asked, controls=dict(reversed(asked.controls.items())))
    a, b = one(asked), one(turned)
    close(a, b)
    assert a.data_sha256 == b.data_sha256


def test_the_same_question_has_the_same_answer_to_the_bit() -> None:
    assert one(made(5)) == effects([made(5)])[0]


def test_missing_days_agree_with_a_filter_that_skips_them() -> None:
    asked = made(6)
    gone = asked.outcome.copy()
    gone[np.random.default_rng(1).choice(330, 15, replace=False)] = np.nan
    found = one(replace(asked, outcome=gone))
    assert found.refused is None
    assert found.n_pre == asked.start - 15
    assert abs(found.effect_mean - one(asked).effect_mean) < 1.0


def test_a_control_counts_by_what_it_says_before_the_start() -> None:
    """One step of EM on the variance of each coefficient's prior, against the formula, in the likeliest noise process: here white."""
    rng = np.random.default_rng(5)
    asked = made(9)
    says, nothing = rng.normal(size=(2, len(asked.day)))
    outcome = 50 + 2 * says + rng.normal(size=len(asked.day))
    asked = replace(asked, outcome=outcome, controls={"says": says, "nothing": nothing})
    columns = columns_of(asked.day, asked.outcome, asked.controls, asked.start, asked.grain)
    done = passed(columns, [Window(asked.start, asked.end - asked.start)], Gains())
    found = done.precision(0, whole(columns))
    assert (found[:-2] == columns.precision[:-2]).all()
    x, y = columns.table[: asked.start, :-1], columns.table[: asked.start, -1]
    inverse = np.linalg.inv(x.T @ x + np.diag(columns.precision))
    b = inverse @ x.T @ y
    noise = (y @ y - b @ x.T @ y) / (asked.start - x.shape[1])
    assert found[-2:] == pytest.approx(
        1 / (b[-2:] ** 2 / noise + inverse.diagonal()[-2:]), rel=1e-6
    )
    assert found[-1] > 100 > 1 > found[-2]
    assert one(asked).effect_mean == pytest.approx(0, abs=1)


def test_a_control_that_jumps_at_the_start_and_comes_back_is_dropped() -> None:
    """It would hardly show over the whole window; an honest one stays."""
    asked = case(np.random.default_rng(12), "ar6", controls=2, useful=2)
    assert one(asked).dropped == {}
    asked.controls["c1"][asked.start : asked.start + 14] += 3.5
    found = one(asked)
    assert list(found.dropped) == ["c1"]
    assert found.controls == ("c0",)


def test_one_noise_process_equals_dense_least_squares() -> None:
    """Against the textbook: the posterior of one lane from the full covariance matrix."""
    asked = made(7)
    columns = columns_of(asked.day, asked.outcome, asked.controls, asked.start, asked.grain)
    n, m = asked.start, asked.end - asked.start
    done = passed(columns, [Window(n, m)], Gains())
    precision = done.precision(0, whole(columns))
    lag = np.abs(np.subtract.outer(np.arange(n + m), np.arange(n + m)))
    level = np.minimum.outer(np.arange(n + m), np.arange(n + m))
    for lane in (0, 5, 30, 65, 74):
        covariance = GRID.start[lane] * GRID.phi[lane] ** lag + GRID.r[lane] * np.eye(n + m)
        covariance += GRID.start_level[lane] + GRID.q_level[lane] * level
        x, y = columns.table[:, :-1], columns.table[:n, -1]
        inverse = np.linalg.inv(covariance[:n, :n])
        normal = x[:n].T @ inverse @ x[:n] + np.diag(precision)
        b = np.linalg.solve(normal, x[:n].T @ inverse @ y)
        ahead = covariance[n:, :n] @ inverse
        expected = (x[n:] @ b + ahead @ (y - x[:n] @ b)).mean()
        effect = columns.table[n:, -1].mean() - expected
        found = done.lanes(0)
        assert found.effect[lane] == pytest.approx(effect, abs=1e-8)
        rest = (covariance[n:, n:] - ahead @ covariance[:n, n:]).mean()
        d = (x[n:] - ahead @ x[:n]).mean(0)
        scale = 0.005 + (y @ inverse @ y - b @ normal @ b) / 2
        shape = 0.5 + (n - len(b)) / 2
        variance = scale / shape * (rest + d @ np.linalg.solve(normal, d))
        assert found.variance[lane] == pytest.approx(variance, rel=1e-6)


def test_quantiles_of_the_mixture_are_where_its_mass_says() -> None:
    mixture = Mixture(np.array([0.3, 0.7]), np.array([-2.0, 3.0]), np.array([1.0, 0.5]), 40.0)
    for share in (0.025, 0.3, 0.975):
        assert mixture.below(mixture.quantile(share)) == pytest.approx(share, abs=1e-8)
    single = Mixture(np.ones(1), np.zeros(1), np.ones(1), 10.0)
    assert single.quantile(0.975) == pytest.approx(2.228139, abs=1e-5)


def test_the_path_sums_up_to_the_effect() -> None:
    found = effects([made(8, lift=5.0)], path=True)[0]
    assert found.path is not None
    assert found.path.total[-1] == pytest.approx(found.effect_total, rel=1e-6)
    gaps = [s - e for s, e in zip(found.path.seen, found.path.expected, strict=True)]
    assert np.cumsum(gaps) == pytest.approx(found.path.total, rel=1e-6)


def test_a_control_that_was_moved_is_dropped_and_named() -> None:
    asked = made(9)
    asked.controls["c0"][asked.start :] += 15
    found = one(asked)
    assert "c0" in found.dropped
    assert any("c0" in note for note in found.notes)


def test_a_break_shortly_before_the_start_refuses() -> None:
    asked = made(10, kind="iid")
    asked.outcome[asked.start - 30 :] += 12
    assert one(asked).refused == "pre_fit"


def test_a_break_long_before_gets_its_own_column() -> None:
    asked = made(11, kind="iid")
    asked.outcome[:120] += 12
    found = one(asked)
    assert found.refused is None
    assert [b["kind"] for b in found.diagnostics["breaks"]] == ["step"]
    assert found.low < 0 < found.high


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c: replace(c, start=50), "too_short"),
        (lambda c: replace(c, outcome=np.where(np.arange(400) % 4 == 0, np.nan, c.outcome)), "missing"),
        (lambda c: replace(c, outcome=np.where(c.outcome > np.quantile(c.outcome, 0.9), np.nan, c.outcome)), "missing"),
        (lambda c: replace(c, outcome=np.where((np.arange(400) % 7 == 2) & (np.arange(400) % 3 == 0), np.nan, c.outcome)), "missing"),
    ],
)  # fmt: skip
def test_what_must_be_refused_is(change: object, reason: str) -> None:
    found = one(change(made(12, kind="ar9")))  # type: ignore[operator]
    assert found.refused == reason
    assert found.effect_mean is None
    assert found.say


def test_few_counts_become_weeks_and_next_to_none_tell_nothing() -> None:
    rng = np.random.default_rng(2)
    asked = made(13)
    counts = replace(asked, day=np.arange(738_000, 738_730), outcome=rng.poisson(5, 730).astype(float), controls={}, start=640, end=730)  # fmt: skip
    found = one(counts)
    assert (found.grain, found.per) == ("week", 7)
    assert abs(found.effect_mean) < 1
    rare = replace(counts, outcome=(rng.random(730) < 0.05).astype(float))
    assert one(rare).verdict == "cannot_tell"


def test_power_rises_with_the_lift_and_the_smallest_effect_is_found_in_four_of_five() -> None:
    asked = case(np.random.default_rng(3), "ar6", days=730, window=1, controls=3)
    found = power(asked, 60)
    shares = [share for _, share in found.lifts]
    assert shares == sorted(shares)
    assert power(asked, 60, [found.relative]).lifts[0][1] == pytest.approx(0.8, abs=1e-3)


def test_r_reference_cases(causal: Path) -> None:
    for name, truth in (("basic", 3), ("covariates", 3), ("no_effect", 0), ("seasonal", 3), ("strong_effect", 8)):  # fmt: skip
        told = json.loads((causal / "r_reference" / f"r_reference_{name}.json").read_text())
        y = np.array(told["data"]["y"], dtype=float)
        x = told["data"]["x"] or {}
        controls = {k: np.array(v, dtype=float) for k, v in (x.items() if isinstance(x, dict) else [])}  # fmt: skip
        days = np.arange(738_000, 738_000 + len(y))
        asked = Case(name, days, y, controls, told["n_pre"], len(y), "day" if name == "seasonal" else "row")  # fmt: skip
        found, peer = one(asked), told["r_output"]
        assert found.refused is None, (name, found.say)
        half = (peer["ci_upper"] - peer["ci_lower"]) / 2
        assert abs(found.effect_mean - peer["point_effect_mean"]) <= 0.5 * half, name
        assert found.low <= truth <= found.high, name
        assert found.high - found.low >= 0.8 * 2 * half, name


def test_a_dated_event_runs_and_its_touched_controls_are_spoken_of(causal: Path) -> None:
    rows = [line.split() for line in (causal / "volks_data.csv").read_text().splitlines()[1:]]
    days = np.array([np.datetime64(r[0].strip('"')).astype(int) + 719_163 for r in rows])
    values = np.array([[float(v) for v in r[1:]] for r in rows])
    start = int(np.searchsorted(days, np.datetime64("2015-09-20").astype(int) + 719_163))
    asked = Case("volks", days, values[:, 0], {"bmw": values[:, 1], "allianz": values[:, 2]}, start, len(days), "week")  # fmt: skip
    found = one(asked)
    assert found.assumptions[1] == "The initiative did not change the controls."
    assert found.refused or found.effect_mean < 0


@pytest.mark.parametrize("kind", [*KNOWN, "ar7", "changing_week", "holidays"])
def test_intervals_cover_at_their_rate(kind: str) -> None:
    """200 series a regime in classes of 25; 2,000 in `make bench`, with the regimes that miss."""
    rng, answers = np.random.default_rng(20_261), []
    for _ in range(8):
        answers += effects([case(rng, kind, klass=kind) for _ in range(25)], tools=TOOLS)
    shown = [a for a in answers if a.refused is None]
    assert len(shown) >= 0.9 * len(answers), Counter(a.refused for a in answers)
    covered = np.mean([a.low <= 0 <= a.high for a in shown])
    assert covered >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / len(shown))


def test_series_by_themselves_keep_their_false_positives_near_one_in_twenty() -> None:
    rng = np.random.default_rng(20_262)
    answers = [one(case(rng, kind)) for kind in KNOWN for _ in range(40)]
    called = sum(a.verdict in {"up", "down"} for a in answers)
    assert called / 200 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_weights_of_lanes_sum_to_one() -> None:
    asked = made(14)
    columns = columns_of(asked.day, asked.outcome, asked.controls, asked.start, asked.grain)
    lanes = passed(columns, [Window(asked.start, 60)], Gains()).lanes(0)
    assert mixture_of(lanes, GRID.prior, 1.0).weight.sum() == pytest.approx(1.0)


def test_a_series_from_a_list_has_the_answer_of_its_file() -> None:
    from datetime import date

    from socius.engine.effect.tasks import effect as from_file
    from socius.engine.effect.tasks import series as from_list

    asked = made(15)
    days = [date.fromordinal(int(d)).isoformat() for d in asked.day]
    lists = {"series": "value", "day": days, "outcome": asked.outcome.tolist(), "controls": {"c0": asked.controls["c0"].tolist()}, "start": days[asked.start]}  # fmt: skip
    rows = [f"{d},{y!r},{c!r}" for d, y, c in zip(days, asked.outcome.tolist(), asked.controls["c0"].tolist(), strict=True)]  # fmt: skip
    data = "\n".join(["date,value,c0", *rows]).encode()
    one = from_list.run({"cases": [lists], "seed": 1}, {})["effects"][0]
    assert one.pop("sd") > 0
    assert one == from_file.run({"outcome": "f", "controls": ["c0"], "start": days[asked.start], "seed": 1}, {"f": data})  # fmt: skip


def test_the_strongest_peer_agrees_on_a_clear_lift() -> None:
    found = one(replace(case(np.random.default_rng(16), "iid", lift=8.0), second="uc_ar1"))
    assert found.second is not None
    assert (found.second.method, found.second.agree) == ("uc_ar1", True)
    assert abs(found.second.effect - 8) < 3
