"""Published figures carry their base, their year and the interval that follows from both."""

from __future__ import annotations

import pytest

from socius.engine.intervals import student, wilson
from socius.engine.published import ROWS, figure


def test_the_figure_beside_the_line_of_sight() -> None:
    assert figure("metrics_tied").short() == {
        "value": 0.34,
        "low": 0.26,
        "high": 0.42,
        "n": 130,
        "n_status": "inferred",
        "year": 2012,
        "source": "Altimeter Group, The Evolution of Social Business (2013)",
    }


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        ("financial_impact", 0.22, 0.38),
        ("execs_aligned", 0.44, 0.61),
        ("plan_beyond_year", 0.08, 0.19),
        ("team_2011", 0.59, 0.74),
        ("team_2013", 0.67, 0.87),
        ("policy_any", 0.74, 0.91),
        ("objectives_met", 0.62, 0.77),
        ("inventory", 0.41, 0.57),
        ("model_hub_spoke_2010", 0.33, 0.49),
        ("model_holistic_2012", 0.01, 0.07),
        ("esn_financial", 0.03, 0.15),
        ("dept_marketing", 0.65, 0.80),
        ("governance_basis", 0.42, 0.63),
        ("crises_avoidable", 0.63, 0.86),
        ("roi_insight", 0.74, 0.91),
        ("wildfire_budget", 0.25, 0.33),
    ],
)
def test_intervals_are_those_of_the_design_page(key: str, low: float, high: float) -> None:
    assert (figure(key).low, figure(key).high) == (low, high)


def test_a_figure_without_a_base_has_no_interval() -> None:
    for row in ROWS:
        assert (row.low is None) == (row.n is None), row.id
        assert (row.n_status == "not_seen") == (row.n is None), row.id
        assert row.value is not None or row.words, row.id
        assert row.source
        assert 2010 <= row.year <= 2016
    assert len({row.id for row in ROWS}) == len(ROWS)


def test_wilson_at_the_edges() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0
    assert wilson(3, 60) == pytest.approx((0.0171, 0.1370), abs=1e-3)


@pytest.mark.parametrize(
    ("degrees", "table"), [(6, 3.707), (10, 3.169), (24, 2.797), (1000, 2.581)]
)
def test_quantiles_of_student_match_the_table(degrees: float, table: float) -> None:
    assert student(0.995, degrees) == pytest.approx(table, rel=0.005)
