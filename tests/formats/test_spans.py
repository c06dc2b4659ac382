"""Which days a file speaks of: every row in exactly one step, few steps, and gaps only where there are no rows."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socius.connectors.files.spans import MOST_STEPS, span

DAYS = st.dictionaries(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(1, 50), max_size=60)  # fmt: skip


@given(DAYS)
def test_every_row_lies_in_one_step(days: dict[date, int]) -> None:
    found = span(days, complete=False)
    if not days:
        assert found is None
        return
    assert found is not None
    begins = [date.fromisoformat(day) for day, _ in found["rows"]]
    assert begins == sorted(set(begins))
    assert begins[0] == min(days)
    assert len(begins) <= MOST_STEPS + 1
    for (begin, n), end in zip(
        ((b, n) for b, (_, n) in zip(begins, found["rows"], strict=True)),
        [*begins[1:], date(2031, 1, 1)],
        strict=True,
    ):
        assert n == sum(k for day, k in days.items() if begin <= day < end)


def every(start: date, days: int, n: int) -> Counter[date]:
    return Counter(start + timedelta(days=days * i) for i in range(n))


@pytest.mark.parametrize(("days", "n"), [(1, 150), (7, 150), (2, 40)])
def test_a_regular_file_has_no_gap(days: int, n: int) -> None:
    found = span(every(date(2025, 1, 1), days, n), complete=True)
    assert found is not None
    assert found["step"] == {"months": 0, "days": days}
    assert [k for _, k in found["rows"]] == [1] * n
    assert found["origin"] == "complete"


def test_months_are_those_of_the_calendar() -> None:
    firsts = Counter(date(2020 + i // 12, i % 12 + 1, 1) for i in range(60))
    found = span(firsts, complete=False)
    assert found is not None
    assert found["step"] == {"months": 1, "days": 0}
    assert {k for _, k in found["rows"]} == {1}
    ends = Counter(day - timedelta(days=1) for day in firsts)
    assert {k for _, k in span(ends, complete=False)["rows"]} == {1}  # type: ignore[index]


def test_a_stretch_without_rows_is_a_gap() -> None:
    days = every(date(2026, 1, 1), 1, 20) + every(date(2026, 2, 1), 1, 20)
    found = span(days, complete=False)
    assert found is not None
    gap = [day for day, n in found["rows"] if n == 0]
    assert (gap[0], gap[-1], len(gap)) == ("2026-01-21", "2026-01-31", 11)
