"""What we export, we import: for any table of values, export -> sniff -> import gives the same canonical rows."""

from __future__ import annotations

import io
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_a_fixture import HERE, KIND_OF, look, told

from socius.connectors.files import KINDS, Kind
from socius.connectors.files.declare import Field
from socius.connectors.files.export import cell, guarded, template, write

# No control characters, and no surrounding or doubled-up line ends: an importer trims them, so they are not canonical.
TEXT = (
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="|"),
        min_size=1,
        max_size=20,
    )
    .map(lambda t: unicodedata.normalize("NFC", t).strip())
    .filter(bool)
)
RISKY = st.sampled_from(
    [
        "=1+1",
        "@acme",
        "+49 30",
        "-x",
        "'=x",
        "''=x",
        "＝1",
        "-12.5",
        "it's",
        "'quoted'",
        "a\nb",
        "a;b",
        'a"b',
        "sep=;",
        "#x",
        "Total",
    ]
)
NUMBER = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3
) | st.sampled_from([Decimal("1.234"), Decimal(0)])
DAY = st.dates(date(1990, 1, 1), date(2100, 1, 1))
BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT | RISKY,
    "id": st.from_regex(r"[A-Za-z_]{1,5}[0-9]{0,18}", fullmatch=True)
    | st.integers(0, 10**18).map(str),
    "list": st.lists(TEXT.filter(lambda t: not t.startswith("'")), min_size=1, max_size=3),
    "date": DAY,
    "time": st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "number": NUMBER,
    "integer": st.integers(0, 10**9),
    "range": st.tuples(NUMBER, NUMBER, NUMBER).map(lambda t: tuple(sorted(map(abs, t)))),
    "week": DAY.map(lambda d: date.fromisocalendar(*d.isocalendar()[:2], 1)),
    "network": st.sampled_from(["x", "facebook", "truth social"]),
}


def fits(field: Field, value: Any) -> bool:
    parts = value if isinstance(value, list) else [value]
    return not field.longest or all(
        not isinstance(p, str) or len(unicodedata.normalize("NFC", p)) <= field.longest
        for p in parts
    )


def rows_of(kind: Kind) -> st.SearchStrategy[list[dict[str, Any]]]:
    made = {}
    for field in kind.fields:
        if field.template:
            values = (
                st.sampled_from(field.choices) if field.type == "choice" else BY_TYPE[field.type]
            )
            values = values.filter(partial(fits, field))
            made[field.name] = values if field.required else st.none() | values
    return st.lists(st.fixed_dictionaries(made), min_size=1, max_size=6)


@pytest.mark.parametrize(
    "kind", [k for k in KINDS.values() if not k.inventory], ids=lambda k: k.name
)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_is_exported_is_imported_as_it_was(kind: Kind, data: st.DataObject) -> None:
    rows = data.draw(rows_of(kind))
    out = io.StringIO(newline="")
    write(kind, rows, out)
    reading, first = told(kind.name, out.getvalue())
    assert reading.report.state == "ok", reading.report.findings
    assert reading.report.rejected == 0 or kind.duplicates == "reject"
    for row in first:
        said = rows[0] if len(rows) == 1 else None
        if said is not None:
            assert {k: v for k, v in row.values.items() if v is not None} == {
                k: v for k, v in said.items() if v is not None
            }
    again = io.StringIO(newline="")
    write(kind, [r.values for r in first], again)
    _, second = told(kind.name, again.getvalue())
    assert [r.row_hash for r in second] == [r.row_hash for r in first]


@pytest.mark.parametrize("path", sorted(HERE.glob("*/honest.csv")), ids=lambda p: p.parent.name)
def test_honest_files_survive_export_with_their_unknown_columns(path: Any) -> None:
    reading, rows = look(path)
    extra = reading.report.columns["unknown_kept"]
    out = io.StringIO(newline="")
    write(reading.kind, [{**r.values, "extra": r.extra} for r in rows], out, extra=extra)
    _, again = told(KIND_OF.get(path.parent.name, path.parent.name), out.getvalue())
    kept = [f.name for f in reading.kind.fields if f.template]
    assert [{k: r.values[k] for k in kept} for r in again] == [
        {k: r.values[k] for k in kept} for r in rows
    ]
    assert [r.extra for r in again] == [r.extra for r in rows]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@acme", "'@acme"),
        ("-12.5", "-12.5"),
        ("+1", "+1"),
        ("＝1", "'＝1"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("'=x", "''=x"),
        ("it's", "it's"),
    ],
)
def test_cells_that_a_spreadsheet_would_run_are_guarded(text: str, written: str) -> None:
    assert guarded(text) == written


def test_a_number_is_written_so_that_it_can_be_read_in_one_way() -> None:
    assert [cell(Decimal(n)) for n in ("1.234", "1.5", "1000", "0.123", "-2.500")] == [
        "1.2340",
        "1.5",
        "1000",
        "0.123",
        "-2.5",
    ]


def test_an_empty_template_is_understood() -> None:
    for kind in KINDS:
        reading, rows = told(kind, template(kind))
        assert (reading.report.state, rows, reading.report.format) == ("ok", [], f"socius_{kind}")
