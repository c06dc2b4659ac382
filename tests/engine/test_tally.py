"""Days in a zone, and what a retraction takes off."""

# ruff: noqa: DTZ001 - Hypothesis wants its bounds without a zone
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from socius.engine.tally import Days, Fact, Tally, reference_of

ZONES = [
    "UTC",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Monrovia",
]


@given(st.sampled_from(ZONES), st.datetimes(datetime(1930, 1, 1), datetime(2060, 1, 1)))
def test_a_day_is_that_of_the_zone(zone: str, moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    us = (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert Days(zone).of(us) == aware.astimezone(ZoneInfo(zone)).date()


def test_a_reference_is_the_number_in_its_name() -> None:
    assert [
        reference_of(name) for name in ("reference:12", "reference:", "post:12", "reference:x", "")
    ] == [12, 0, 0, 0, 0]


def test_a_retraction_counts_on_the_day_of_what_it_takes_back_under_its_own_run() -> None:
    a_day = 86_400_000_000
    posted = Fact(a_day, 2 * a_day, "posted", "post:1", 4, 5, None, None, "x", 15, 7, None)
    taken = Fact(
        9 * a_day, 10 * a_day, "retract", "entry:1", None, None, None, None, None, None, 8, b"1"
    )
    tally = Tally("UTC")
    tally.add([posted, taken, taken._replace(retracts=b"2")], {b"1": posted})
    day = date(1970, 1, 2)
    assert {tuple(key): cell for key, cell in tally.counts.items()} == {
        (day, date(1970, 1, 3), 7, 4, 5, 0, 0, 0, "x", "posted"): [1, 15],
        (day, date(1970, 1, 11), 8, 4, 5, 0, 0, 0, "x", "posted"): [-1, -15],
    }
