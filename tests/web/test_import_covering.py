"""The strip of days in the import wizard: bars where a file has rows, hatched where it has none, and the same as a list."""

from __future__ import annotations

from datetime import date

from socius.web.screens.imports.covering import strip

COVERS = {
    "first": "2026-01-01", "last": "2026-01-06", "origin": "inferred", "step": {"months": 0, "days": 1},
    "rows": [["2026-01-01", 4], ["2026-01-02", 2], ["2026-01-03", 0], ["2026-01-04", 0], ["2026-01-05", 1], ["2026-01-06", 1]],
}  # fmt: skip


def test_bars_fill_the_strip_and_gaps_are_as_high_as_it():
    found = strip({"covers": COVERS})
    assert found is not None
    assert [(b.gap, b.height) for b in found.bars] == [(False, "40.00"), (False, "20.00"), (True, "40.00"), (False, "10.00"), (False, "10.00")]  # fmt: skip
    assert abs(sum(float(b.width) for b in found.bars) - 1000) < 0.1
    assert [(s.since, s.until, s.rows) for s in found.stretches] == [
        (date(2026, 1, 1), date(2026, 1, 2), 6),
        (date(2026, 1, 3), date(2026, 1, 4), 0),
        (date(2026, 1, 5), date(2026, 1, 6), 2),
    ]
    assert (found.gaps, found.step, found.complete) == (1, "a day", False)


def test_months_are_said_as_months():
    found = strip({"covers": {**COVERS, "last": "2026-03-01", "step": {"months": 2, "days": 0}, "rows": [["2026-01-01", 1], ["2026-03-01", 1]]}})  # fmt: skip
    assert found is not None
    assert found.step == "2 months"


def test_a_file_of_one_day_or_of_none_has_no_strip():
    assert strip({}) is None
    assert strip({"covers": None}) is None
    assert strip({"covers": {**COVERS, "last": "2026-01-01", "rows": [["2026-01-01", 9]]}}) is None
