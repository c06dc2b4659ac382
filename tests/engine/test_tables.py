"""Delimited texts: what is read, and what is said of what cannot be."""

from __future__ import annotations

from datetime import date
from math import isnan

import pytest

from socius.engine.tables import read
from socius.kit.errors import Invalid


@pytest.mark.parametrize(
    "text",
    ["day,leads\n2026-01-05,3.5\n", "day;leads\r\n2026-01-05;3,5\r\n", "day\tleads\n20260105\t3.5\n",
     '"day" "leads"\n"2026-01-05" 3.5\n', "day|leads\n05.01.2026|3.5\n\n", "Day ,LEADS\n2026-01-05T00:00:00,3.5\n"],
)  # fmt: skip
def test_delimiters_and_dates_as_files_have_them(text: str) -> None:
    table = read("f.csv", text.encode())
    assert table.numbers("leads", "value-col") == [3.5]
    assert table.days("day", "date-col") == [date(2026, 1, 5).toordinal()]


def test_an_empty_cell_is_unknown_and_a_column_decides_which_is_the_day() -> None:
    table = read("f.csv", b"d,v\n01/02/2026,\n13/02/2026,NA\n")
    assert all(isnan(v) for v in table.numbers("v", "v"))
    assert table.days("d", "d")[0] == date(2026, 2, 1).toordinal()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "f.csv is empty"),
        (b"d,v\n", "no rows"),
        (b"d,v\n2026-01-05,caf\xe9\n", "line 2: the file is not in UTF-8"),
        (b"d,d\n1,2\n", "two columns are called 'd'"),
        (b"d,v\n2026-01-05\n", "line 2: 1 cells under 2 columns"),
        (b"PK\x03\x04\x00\x00", "is no text"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read("f.csv", data)


@pytest.mark.parametrize(
    ("cell", "words"),
    [("abc", "line 3, column 'v': 'abc' is no number"), ("inf", "'inf' is no number"), ("1.234,5", "is no number")],
)  # fmt: skip
def test_a_cell_that_is_no_number_is_named_with_its_place(cell: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read("f.csv", f'd,v\n2026-01-05,1\n2026-01-06,"{cell}"\n'.encode()).numbers("v", "value-col")  # fmt: skip


@pytest.mark.parametrize("cell", ["2026-02-30", "soon", "01/02/2026"])
def test_a_date_that_is_none_or_two_is_refused(cell: str) -> None:
    with pytest.raises(Invalid, match="line 2, column 'd'"):
        read("f.csv", f"d,v\n{cell},1\n".encode()).days("d", "date-col")


def test_a_missing_column_names_those_there_are() -> None:
    with pytest.raises(Invalid, match=r"no column 'leads'; the columns are d, v\. Name one of them with --value-col"):  # fmt: skip
        read("f.csv", b"d,v\n1,2\n").column("leads", "value-col")
