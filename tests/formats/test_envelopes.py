"""R2 and R17: whatever a table is wrapped in, the rows are the same, and a hostile wrapping is refused unread."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from reading_a_fixture import told

from socius.connectors.files import Upload, read

TABLE = [
    ["goal", "statement", "objective", "period_start"],
    ["größer", "Mehr „Kunden“ – 5 €", "innovation", "2026-01-05"],
    ["two", 'With, comma; semi|pipe and "quotes"', "innovation", "2026-02-05"],
    ["three", "Over\ntwo lines", "brand_health", ""],
]


def table(delimiter: str = ",", end: str = "\n") -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""').replace("\n", end) + '"'

    return end.join(delimiter.join(map(cell, row)) for row in TABLE) + end


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in TABLE:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WRAPPINGS: dict[str, Callable[[], bytes]] = {
    "utf-8": lambda: table().encode(),
    "utf-8 with mark": lambda: table().encode("utf-8-sig"),
    "utf-16": lambda: table().encode("utf-16"),
    "utf-16 big": lambda: b"\xfe\xff" + table().encode("utf-16-be"),
    "windows-1252": lambda: table().encode("cp1252"),
    "crlf": lambda: table(end="\r\n").encode(),
    "cr": lambda: table(end="\r").encode(),
    "semicolon": lambda: table(";").encode(),
    "tab": lambda: table("\t").encode(),
    "pipe": lambda: table("|").encode(),
    "sep line": ("sep=;\n" + table(";")).encode,
    "comments": ("# ----\n# Exported by nobody\n#\n" + table()).encode,
    "title rows": ("Goals of Acme\n\n" + table()).encode,
    "empty trailing columns": lambda: (
        table().replace('"\n', '",,,\n').encode().replace(b'Over",,,\n', b"Over\n")
    ),
    "zip": lambda: packed({"export/goals.csv": table().encode(), "__MACOSX/x.csv": b""}),
    "xlsx": workbook,
}


@pytest.mark.parametrize("name", WRAPPINGS)
def test_one_table_in_every_wrapping_gives_identical_rows(name: str) -> None:
    _, plain = told("goals", table())
    reading, rows = told("goals", WRAPPINGS[name]())
    assert reading.report.state == "ok"
    assert [(r.values, r.row_hash) for r in rows] == [(r.values, r.row_hash) for r in plain]
    assert len(plain) == 3


def test_the_fallback_to_windows_1252_is_reported_with_its_line() -> None:
    reading, _ = told("goals", table().encode("cp1252"))
    finding = next(f for f in reading.report.findings if f["code"] == "encoding_guessed")
    assert finding["line"] == 2
    assert reading.report.file["encoding"] == "cp1252"


def test_line_numbers_are_those_of_the_physical_file() -> None:
    _, rows = told("goals", '# a comment\ngoal,statement\none,x\n\n"two","a\nb"\nthree,y\n')
    assert [r.line for r in rows] == [3, 5, 7]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "workbook_legacy"),
        (bytes(range(256)).replace(b"\x00", b"") + b"\x00" * 500, "binary_file"),
        (packed({"../goals.csv": b"goal\none\n"}), "archive_path"),
        (packed({"/etc/goals.csv": b"goal\none\n"}), "archive_path"),
        (packed({"..\\goals.csv": b"goal\none\n"}), "archive_path"),
        (packed({"a.csv": b"goal\none\n", "b.csv": b"goal\ntwo\n"}), "archive_members"),
        (packed({"a.json": b"{}"}), "archive_members"),
        (packed({"goals.csv": b"goal\n" + b"0" * 30_000_000}), "archive_ratio"),
        (packed({"goals.csv": b"goal\none\n"})[:-30], "archive_unreadable"),
        (
            packed(
                {
                    "[Content_Types].xml": b"<x/>",
                    "xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>',
                }
            ),
            "xml_entities",
        ),
        (
            packed({"[Content_Types].xml": b"<x/>", "xl/sheet.xml": b"0" * 30_000_000}),
            "archive_ratio",
        ),
        (packed({"[Content_Types].xml": b"<x/>"}), "workbook_unreadable"),
    ],
    # Not by the bytes: an archive holds the time at which it was made, and two workers must name the tests alike.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_or_hopeless_file_is_refused_with_its_reason(content: bytes, code: str) -> None:
    reading, rows = told("goals", content)
    assert (reading.report.state, rows) == ("refused", [])
    assert [f["code"] for f in reading.report.findings] == [code]
    assert reading.report.findings[0]["say"].endswith(".")


def test_another_file_than_the_one_that_was_shown_is_refused() -> None:
    reading, _ = told("goals", table(), expect_sha256="0" * 64)
    assert [f["code"] for f in reading.report.findings] == ["hash_mismatch"]
    right, rows = told("goals", table(), expect_sha256=reading.report.file["sha256"].upper())
    assert right.report.state == "ok"
    assert len(rows) == 3


def test_a_line_of_fifty_megabytes_is_a_finding_and_takes_no_memory() -> None:
    lines = (
        ["goal,statement"]
        + [f"g{i},fine" for i in range(30)]
        + ["huge," + "x" * 50_000_000]
        + ["last,fine"]
    )
    content = "\n".join(lines).encode()
    del lines
    reading = read(Upload(content, "huge.csv"), "goals")
    tracemalloc.start()
    rows = list(reading.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert [r.text("goal") for r in rows][-1] == "last"
    (finding,) = reading.report.findings
    assert (finding["code"], finding["line"], finding["column"]) == (
        "line_too_long",
        32,
        "statement",
    )


def test_a_cell_of_more_than_64_kilobytes_is_a_finding_with_line_and_column() -> None:
    many = "".join(f"g{i},fine,innovation\n" for i in range(30))
    reading, rows = told(
        "goals",
        "goal,statement,objective\n"
        + many
        + "big,"
        + "y" * 70_000
        + ",innovation\nlast,fine,innovation\n",
    )
    (finding,) = reading.report.findings
    assert (finding["code"], finding["line"], finding["column"]) == (
        "cell_too_long",
        32,
        "statement",
    )
    assert len(rows) == 31


def test_a_nul_in_a_row_rejects_that_row_only() -> None:
    many = "".join(f"g{i},fine\n" for i in range(30))
    reading, rows = told("goals", "goal,statement\n" + many + "bad,a\x00b\nlast,fine\n")
    (finding,) = reading.report.findings
    assert (finding["code"], finding["line"], finding["column"]) == ("nul_byte", 32, "statement")
    assert len(rows) == 31


def test_an_unclosed_quote_does_not_swallow_the_rows_behind_it() -> None:
    many = "".join(f'g{i},"fine, really"\n' for i in range(30))
    reading, rows = told("goals", 'goal,statement\nbad,"never closed\n' + many)
    assert [(f["code"], f["line"]) for f in reading.report.findings] == [("quote_unclosed", 2)]
    assert len(rows) == 30


def test_every_quote_unclosed_ends_quickly() -> None:
    reading, rows = told("goals", "goal,statement\n" + 'x,"open\n' * 3_000)
    assert reading.report.rejected == 3_000
    assert rows == []


def test_quoted_line_breaks_across_chunks_are_one_cell() -> None:
    long = "\n".join(f"line {i}" for i in range(1000))
    text = "goal,statement\n" + "".join(f'g{i},"{long}"\n' for i in range(300))
    reading, rows = told("goals", text)
    assert len(rows) == 300
    assert {r.values["statement"] for r in rows} == {long}
    assert not reading.report.findings


def test_wrong_widths_are_named_and_the_rest_goes_on() -> None:
    many = "".join(f"g{i},fine\n" for i in range(30))
    reading, rows = told("goals", "goal,statement\nshort\nlong,a,b\n" + many)
    assert [(f["code"], f["line"]) for f in reading.report.findings] == [
        ("cells_missing", 2),
        ("cells_too_many", 3),
    ]
    assert len(rows) == 30


def test_a_million_rows_would_stream_in_constant_memory() -> None:
    text = b"at,verb,object_id,network\n" + b"".join(
        b"2026-01-05T08:30:00Z,posted,%d,x\n" % i for i in range(60_000)
    )
    reading = read(Upload(text, "big.csv"), "activity")
    tracemalloc.start()
    count = sum(1 for _ in reading.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 60_000
    assert peak < 60_000_000


def test_a_named_sheet_is_read_and_a_missing_one_named() -> None:
    reading, _ = told("goals", workbook(), sheet="Nowhere")
    assert "Nowhere" in reading.report.findings[0]["say"]
