"""The watch over the hub's hours rings on a planted drift and hardly ever without one; five archetypes get their need on top."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from socius.engine.centre import BASELINE, Week, watch
from socius.engine.needs import BY_KEY, CASES, profile

MONDAY = date(2025, 11, 3)


def weeks(seed: int, count: int = 52, drift_from: int | None = None, *, linked_falls: bool = True) -> list[Week]:  # fmt: skip
    """Noisy weeks of 120 hours with 30 % of requests; from `drift_from` on they move to 80 % within eight weeks."""
    rng = Random(seed)
    out = []
    for at in range(count):
        slid = 0.0 if drift_from is None else min(max(at - drift_from, 0) / 8, 1.0)
        total = rng.gauss(120, 12)
        share = min(max(0.3 + 0.5 * slid + rng.gauss(0, 0.05), 0.02), 0.98)
        linked = 0.6 - (0.4 * slid if linked_falls else 0) + rng.gauss(0, 0.04)
        out.append(Week(MONDAY + timedelta(weeks=at), share * total, total, linked * total))
    return out


def test_a_planted_drift_rings_within_four_weeks():
    late = []
    for seed in range(60):
        rows = weeks(seed, 40, 24)
        found = watch(rows)
        assert found.alarm, seed
        assert found.rang is not None
        late.append((found.rang - rows[25].monday).days // 7)
    # Weeks after the first drifted one; a rare chance alarm from before the drift counts as early.
    assert sum(weeks_late <= 4 for weeks_late in late) >= 57
    assert sum(weeks_late < 0 for weeks_late in late) <= 3


def test_stable_noisy_years_hardly_ever_ring():
    # As in life: looked at every week, and rung if any of these looks rings.
    years = [weeks(seed) for seed in range(1000, 1100)]
    rang = sum(any(watch(year[:n]).alarm for n in range(20, 53)) for year in years)
    assert rang <= 5  # one in twenty


def test_requests_that_rise_while_goals_gain_are_no_alarm():
    found = watch(weeks(3, 40, 24, linked_falls=False))
    assert found.verdict in ("rising", "help_desk")
    gained = [replace(w, linked=w.total * 0.9) if at >= 24 else w for at, w in enumerate(weeks(3, 40, 24))]  # fmt: skip
    assert watch(gained).verdict == "rising"


def test_too_few_weeks_and_weeks_without_hours_cannot_tell():
    assert watch([]).verdict == "cannot_tell"
    rows = [*weeks(1, BASELINE + 3), Week(MONDAY - timedelta(weeks=9), 0, 0, 0)]
    found = watch(rows)
    assert found.verdict == "cannot_tell"
    assert "20 are needed" in found.say


ARCHETYPES = {
    "response": {"replies_a_day": 260.0, "posts_a_week": 50.0, "campaigns_a_year": 2.0, "units_with_accounts": 4.0},
    "broadcasting": {"replies_a_day": 5.0, "posts_a_week": 900.0, "campaigns_a_year": 5.0, "units_with_accounts": 6.0},
    "campaigns": {"replies_a_day": 8.0, "posts_a_week": 120.0, "campaigns_a_year": 40.0, "units_with_accounts": 5.0},
    "distributed": {"replies_a_day": 12.0, "posts_a_week": 180.0, "campaigns_a_year": 3.0, "units_with_accounts": 90.0},
    "service": {"replies_a_day": 50.0, "posts_a_week": 20.0, "campaigns_a_year": 1.0, "units_with_accounts": 2.0, "linked_cases": 92.0},
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(ARCHETYPES))
def test_an_archetype_gets_its_need_on_top(key):
    assert profile(ARCHETYPES[key], {})[0].case.key == key


def test_data_and_word_are_shown_apart_and_a_gap_is_named():
    rows = profile(ARCHETYPES["response"], {"service": 4, "response": 1})
    by_key = {row.case.key: row for row in rows}
    assert (by_key["service"].data, by_key["service"].said) == (None, 4)
    assert by_key["response"].differs
    assert not by_key["broadcasting"].differs
    assert {row.case.key for row in rows} == set(BY_KEY) == {case.key for case in CASES}
    assert all(row.data is None and row.strength == 0 for row in profile({}, {}))
