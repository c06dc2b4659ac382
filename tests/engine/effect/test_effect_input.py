"""Input of `socius measure effect`: what is wrong is said with its place; nothing is estimated here."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from socius.engine.effect.building import case_of
from socius.engine.effect.sheets import hash_of_sheet, signed
from socius.engine.tables import read
from socius.kit.errors import Invalid

FIRST = date(2026, 1, 1)


def text(rows: int = 100, **changed: str) -> bytes:
    lines = ["date,leads,market"]
    for i in range(rows):
        day = (FIRST + timedelta(days=i)).isoformat()
        lines.append(changed.get(f"row{i}", f"{day},{10 + i % 7},{i % 5}"))
    return "\n".join(lines).encode()


def asked(data: bytes, **options: object) -> object:
    given = {"date_col": "date", "value_col": "leads", "controls": ["market"], "start": "2026-03-12", **options}  # fmt: skip
    return case_of(read("f.csv", data), given)


def test_a_start_becomes_a_row_and_gaps_become_missing_days() -> None:
    case = asked(text(row20="2026-01-21,,3"))
    assert (case.start, case.end, case.grain, len(case.day)) == (70, 100, "day", 100)
    assert np.flatnonzero(np.isnan(case.outcome)).tolist() == [20]
    short = b"\n".join(line for i, line in enumerate(text().split(b"\n")) if i != 31)
    assert np.flatnonzero(np.isnan(asked(short).outcome)).tolist() == [30]


def test_a_weekday_that_never_occurs_is_no_missing_day() -> None:
    lines = text(140).decode().split("\n")
    kept = [line for line in lines[1:] if date.fromisoformat(line[:10]).weekday() < 5]
    case = asked("\n".join([lines[0], *kept]).encode())
    assert not np.isnan(case.outcome).any()


def test_weeks_and_months_keep_their_grain() -> None:
    weeks = "\n".join(["date,leads,market", *(f"{FIRST + timedelta(days=7 * i)},{i % 9},{i % 4}" for i in range(80))])  # fmt: skip
    assert asked(weeks.encode(), start="2027-01-07").grain == "week"
    months = "\n".join(["date,leads,market", *(f"{2010 + i // 12}-{i % 12 + 1:02}-01,{i % 9},{i % 4}" for i in range(80))])  # fmt: skip
    assert asked(months.encode(), start="2015-01-01").grain == "month"


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (text(), {"start": "2025-12-31"}, "--start 2025-12-31 lies outside f.csv, whose dates are 2026-01-01 to 2026-04-10"),
        (text(), {"start": "2026-04-11"}, "lies outside"),
        (text(), {"start": "March"}, "--start is 'March', which is no date"),
        (text(), {"start": ""}, "Say --start DATE"),
        (text(), {"end": "2026-03-01"}, "lies before --start"),
        (text(), {"end": "2026-05-01"}, "lies after the last date"),
        (text(), {"value_col": "sales"}, "there is no column 'sales'; the columns are date, leads, market"),
        (text(row9="2026-01-05,3,3"), {}, r"line 11, column 'date': 2026-01-05 stands in line 6 already"),
        (text(row9="then,3,3"), {}, "line 11, column 'date': 'then' is no date"),
        (text(row9="2026-01-10,many,3"), {}, "line 11, column 'leads': 'many' is no number"),
        (text(8), {"start": "2026-01-06"}, "5 values before the start"),
        (b"date,leads,market\n" + b"\n".join(f"{FIRST + timedelta(days=i)},7,{i % 3}".encode() for i in range(100)), {}, "the outcome is 7 on every day"),
        (text(row7="2026-01-08,1e308,3"), {}, "line 9, column 'leads': 1e.308 is too large to compute with"),
        (text(row7="2026-01-08,3,-2e200"), {}, "line 9, column 'market': -2e.200 is too large to compute with"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(data: bytes, options: dict[str, object], words: str) -> None:  # fmt: skip
    with pytest.raises(Invalid, match=words):
        asked(data, **options)


SHEET = {"series": "leads", "value_col": "leads", "controls": ["market"], "start": "2026-03-12", "window_days": 30, "made_on": "2026-03-01"}  # fmt: skip
RUN = {"start": "2026-03-12", "value_col": "leads", "controls": ["market"]}


def test_a_design_sheet_counts_only_unchanged_and_made_before() -> None:
    import json

    sheet = signed(SHEET)
    assert hash_of_sheet("s", json.dumps(sheet).encode(), RUN) == sheet["sha256"]
    for broken, words in (
        ({**sheet, "window_days": 60}, "changed after"),
        (signed({**SHEET, "made_on": "2026-03-12"}), "not before its start"),
        (signed({**SHEET, "start": "2026-03-13"}), "speaks of another start"),
        (signed({**SHEET, "controls": []}), "choice of controls"),
        ({}, "is no design sheet"),
    ):
        with pytest.raises(Invalid, match=words):
            hash_of_sheet("s", json.dumps(broken).encode(), RUN)
