"""The rules of formats.md, one by one, where they concern what a file says (R7, R8 and R10 are tests of the import itself too)."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from reading_a_fixture import HERE, look, told

from socius.connectors.files import FORMATS, KINDS, Shrink, shrink
from socius.connectors.files.declare import plain
from socius.connectors.files.drift import drift

HONEST = sorted(p for p in HERE.glob("*/honest.csv"))
GOOD = "".join(f"2026-01-{d:02},leads,{d}.5\n" for d in range(1, 29))


def codes(text: str, kind: str = "outcomes", **said: object) -> list[str]:
    return [f["code"] for f in told(kind, text, **said)[0].report.findings]


@pytest.mark.parametrize("path", HONEST, ids=lambda p: p.parent.name)
def test_r1_the_order_of_columns_does_not_matter(path: Path) -> None:
    table = list(csv.reader(io.StringIO(path.read_text())))
    order = list(range(len(table[0])))
    random.Random(7).shuffle(order)
    out = io.StringIO()
    csv.writer(out).writerows([[row[i] for i in order] for row in table])
    reading, rows = look(path)
    shuffled, again = told(reading.kind.name, out.getvalue())
    assert shuffled.report.format == reading.report.format
    assert [(r.values, r.row_hash) for r in again] == [(r.values, r.row_hash) for r in rows]


def test_r1_a_file_that_fits_nothing_gets_the_three_nearest_formats() -> None:
    reading, _ = told("spend", "date,amount,remark\n2026-01-01,5,x\n")
    (finding,) = reading.report.findings
    assert reading.report.state == "not_recognised"
    assert len(finding["nearest"]) == 3
    assert finding["nearest"][0] == {
        "format": "socius_spend",
        "kind": "spend",
        "missing": ["currency"],
    }
    assert reading.report.exit_status == 2


def test_r1_of_two_formats_the_one_with_more_of_its_headers_wins() -> None:
    reading, _ = look(HERE / "official_accounts" / "honest.csv")
    assert reading.report.format == "official_accounts"


def test_r3_a_column_with_one_decimal_comma_is_read_with_commas() -> None:
    _, rows = told(
        "outcomes",
        "date;series;value\n2026-01-01;a;27245,67\n2026-01-02;a;27001\n2026-01-03;a;1 234,5\n",
    )
    assert [r.values["value"] for r in rows] == [
        Decimal("27245.67"),
        Decimal(27001),
        Decimal("1234.5"),
    ]


def test_r3_an_ambiguous_column_is_asked_and_the_answer_is_used() -> None:
    text = 'date,series,value\n2026-01-01,a,"1,234"\n'
    reading, rows = told("outcomes", text)
    assert (reading.report.state, rows) == ("needs_answer", [])
    assert reading.report.questions[0]["choices"] == ["comma", "point"]
    for answer, value in (("comma", "1.234"), ("point", "1234")):
        answered, rows = told("outcomes", text, answers={"decimal.value": answer})
        assert answered.report.state == "ok"
        assert [r.values["value"] for r in rows] == [Decimal(value)]
    assert (
        told("outcomes", text, answers={"decimal.value": "dot"})[0].report.state == "needs_answer"
    )


def test_r3_contradicting_spellings_are_asked_with_both_lines() -> None:
    reading, _ = told("outcomes", "date;series;value\n2026-01-01;a;1,5\n2026-01-02;a;2.5\n")
    assert "line 2" in reading.report.questions[0]["ask"]
    assert "line 3" in reading.report.questions[0]["ask"]


def test_r3_a_hundred_thousand_reais_are_not_a_hundred() -> None:
    _, rows = told("spend", "date;amount;currency\n2026-01-01;R$ 100.000;BRL\n")
    assert rows[0].values["amount"] == Decimal(100000)


def test_r3_signs_become_units_and_two_currencies_are_told() -> None:
    reading, rows = told(
        "outcomes",
        "date,series,value\n2026-01-01,a,€ 5.50\n2026-01-02,a,6.50 USD\n2026-01-03,b,12.5%\n",
    )
    assert [(r.values["currency"], r.values["unit"]) for r in rows] == [
        ("EUR", None),
        ("USD", None),
        (None, "%"),
    ]
    assert "currencies_mixed" in reading.report.counts


def test_r4_day_and_month_are_settled_by_one_value_above_twelve() -> None:
    _, rows = told("outcomes", "date,series,value\n03/04/2026,a,1\n25/04/2026,a,2\n")
    assert [r.values["date"] for r in rows] == [date(2026, 4, 3), date(2026, 4, 25)]
    _, rows = told("outcomes", "date,series,value\n03/04/2026,a,1\n04/25/2026,a,2\n")
    assert rows[0].values["date"] == date(2026, 3, 4)


def test_r4_an_ambiguous_order_is_asked() -> None:
    text = "date,series,value\n03/04/2026,a,1\n05/06/2026,a,2\n"
    assert told("outcomes", text)[0].report.state == "needs_answer"
    _, rows = told("outcomes", text, answers={"date_order.date": "day_first"})
    assert rows[0].values["date"] == date(2026, 4, 3)


def test_r4_a_contradicting_column_is_asked_and_rejects_the_rest_after_the_answer() -> None:
    text = "date,series,value\n13/04/2026,a,1\n04/13/2026,a,2\n" + GOOD
    reading, _ = told("outcomes", text)
    assert reading.report.state == "needs_answer"
    answered, rows = told("outcomes", text, answers={"date_order.date": "day_first"})
    assert [
        (f["code"], f["line"]) for f in answered.report.findings if f["severity"] == "error"
    ] == [("date_unreadable", 3)]
    assert len(rows) == 29


def test_r4_two_ways_of_writing_dates_are_told_with_both_lines() -> None:
    reading, rows = told("outcomes", "date,series,value\n2026-01-02,a,1\n25/04/2026,a,2\n")
    assert len(rows) == 2
    (finding,) = reading.report.findings
    assert (finding["code"], finding["line"]) == ("dates_mixed", 3)


def test_r4_a_time_without_zone_takes_the_one_that_was_named() -> None:
    text = (
        "at,verb,object_id,network\n2026-07-01 12:00,posted,1,x\n2026-07-01T12:00:00Z,posted,2,x\n"
    )
    reading, rows = told("activity", text, zone="Europe/Paris")
    assert [r.values["at"] for r in rows] == [
        datetime(2026, 7, 1, 10, tzinfo=UTC),
        datetime(2026, 7, 1, 12, tzinfo=UTC),
    ]
    assert reading.report.decisions[0]["zone"] == "Europe/Paris"
    assert codes(text, "activity", zone="Mars/Olympus") == ["zone_unknown"]


def test_r5_unknown_columns_are_kept_with_their_header_and_named() -> None:
    reading, rows = told("goals", "goal,Wetter ,statement\none,sunny,x\n")
    assert rows[0].extra == {"Wetter": "sunny"}
    assert reading.report.columns["unknown_kept"] == ["Wetter"]


def test_r6_one_id_in_scientific_notation_refuses_the_whole_file() -> None:
    text = (
        "at,verb,object_id,network\n"
        + "".join(f"2026-01-05T08:30:00Z,posted,{i},x\n" for i in range(50))
        + "2026-01-05T08:30:00Z,posted,1.22158E+17,x\n"
    )
    reading, rows = told("activity", text)
    assert (reading.report.state, rows) == ("refused", [])
    assert (reading.report.findings[0]["line"], reading.report.findings[0]["column"]) == (
        52,
        "object_id",
    )
    assert (
        "original" in reading.report.findings[0]["repair"]
        or "again" in reading.report.findings[0]["repair"]
    )


def test_r6_also_in_a_column_of_ids_that_nobody_asked_for() -> None:
    assert codes("goal,Post ID\none,1.22158E+17\n", "goals") == ["id_scientific"]
    assert codes("goal,statement\none,1.22158E+17\n", "goals") == []


def test_r6_long_ids_that_all_end_in_zeros_are_suspicious() -> None:
    rows = "".join(f"x,{900000000000000000 + i * 1000},u\n" for i in range(6))
    assert codes("network,remote_id,unit\n" + rows, "accounts") == ["id_suspicious"]


def test_r9_read_rows_are_accounted_for_and_so_is_the_whole_file() -> None:
    text = "# note\ndate,series,value\n" + GOOD + "\nbroken\n,,\nTotal,,\n"
    reading, rows = told("outcomes", text)
    report = reading.report
    assert report.read == len(rows) + report.rejected + sum(report.outcomes.values())
    lines = text.count("\n")
    assert (
        report.read + report.blank + report.totals_set_apart + report.file["preamble_lines"] + 1
        == lines
    )


@pytest.mark.parametrize(
    ("bad", "good", "state"),
    [
        (1, 28, "ok"),
        (4, 28, "ok"),
        (5, 28, "held"),
        (8, 28, "refused"),
        (5, 200, "ok"),
        (12, 200, "held"),
        (60, 200, "refused"),
    ],
)
def test_r9_few_bad_rows_pass_more_are_asked_many_refuse(bad: int, good: int, state: str) -> None:
    text = (
        "date,series,value\n"
        + "".join(f"2026-01-01,s{i},1\n" for i in range(good))
        + "never,x,1\n" * bad
    )
    reading, _ = told("outcomes", text)
    reading.report.judge({})
    assert reading.report.state == state
    if state == "held":
        again, rows = told("outcomes", text, answers={"bad_rows": "leave_out"})
        again.report.judge({"bad_rows": "leave_out"})
        assert (again.report.state, len(rows)) == ("ok", good)


def members(**networks: int) -> dict[object, dict[str, str]]:
    return {
        (n, i): {"network": n, "unit": f"u{i % 3}", "language": "en", "country": ""}
        for n, count in networks.items()
        for i in range(count)
    }


def test_r10_a_small_turnover_passes_unasked() -> None:
    owned = members(x=200, facebook=200)
    present = {k: v for k, v in owned.items() if k not in {("x", 5), ("x", 7), ("facebook", 1)}}
    found = shrink(owned, present)
    assert isinstance(found, Shrink)
    assert (found.owned, found.would_mark_absent, found.limit, found.asks) == (400, 3, 20, False)


def test_r10_more_than_a_twentieth_asks() -> None:
    owned = members(x=100)
    assert shrink(owned, dict(list(owned.items())[6:])).asks
    assert not shrink(owned, dict(list(owned.items())[5:])).asks


def test_r10_a_group_that_vanishes_asks_and_a_renamed_one_does_not() -> None:
    owned = members(x=200, flickr=3)
    gone = {k: v for k, v in owned.items() if v["network"] != "flickr"}
    assert shrink(owned, gone).groups_vanished == ("network:flickr",)
    renamed = {
        k: {**v, "network": "twitter" if v["network"] == "x" else v["network"]}
        for k, v in owned.items()
    }
    found = shrink(owned, renamed)
    assert (found.groups_vanished, found.groups_renamed, found.asks) == (
        (),
        ("network:x -> twitter",),
        False,
    )


def test_r10_a_unit_that_loses_more_than_half_asks() -> None:
    owned = {
        i: {"unit": "big" if i > 11 else "small", "network": "x", "language": "", "country": ""}
        for i in range(1000)
    }
    found = shrink(owned, {k: v for k, v in owned.items() if k > 6})
    assert (found.units_halved, found.asks) == (("unit:small",), True)


def test_r10_one_account_is_no_group() -> None:
    owned = members(x=200) | {
        "only": {"unit": "tiny", "network": "x", "language": "en", "country": ""}
    }
    assert not shrink(owned, members(x=200)).asks


def test_r11_a_rename_is_told_and_a_loss_is_named() -> None:
    found = drift(
        {"Link": "url", "Account": "handle", "Shares": "audience"},
        {"URL": "url", "account": "handle"},
    )
    assert found.renamed == (("url", "Link", "URL"),)
    assert found.gone == (("audience", "Shares"),)


@pytest.mark.parametrize("layout", FORMATS, ids=lambda f: f.name)
def test_r12_a_header_means_one_field_within_a_format(layout: object) -> None:
    seen: dict[str, str] = {}
    for name, headers in layout.headers.items():  # type: ignore[attr-defined]
        assert headers[0] == name or layout.name == "official_accounts"  # type: ignore[attr-defined]
        for header in headers:
            assert seen.setdefault(plain(header), name) == name, header


@pytest.mark.parametrize(
    "header",
    [
        "Datum;Messreihe;Wert;Maßeinheit",
        "Date;Indicateur;Valeur;Unité de mesure",
        "Fecha;Serie;Valor;Unidad de medida",
        "Data;Série;Valor;Unidade de medida",
    ],
)
def test_r12_the_same_data_with_other_headers_are_the_same_rows(header: str) -> None:
    rows = "2026-01-05;leads;120;people\n"
    _, english = told("outcomes", "date;series;value;unit\n" + rows)
    reading, other = told("outcomes", header + "\n" + rows)
    assert reading.report.format == "socius_outcomes"
    assert [(r.values, r.row_hash) for r in other] == [(r.values, r.row_hash) for r in english]


def test_r12_german_units_read_like_english_ones() -> None:
    _, english = look(HERE / "units" / "honest.csv")
    _, german = look(HERE / "units" / "german.csv")
    assert [r.row_hash for r in german] == [r.row_hash for r in english]


def test_r13_an_early_list_and_a_later_one_are_the_same_accounts() -> None:
    from socius.connectors.files import same

    _, early = look(HERE / "official_accounts" / "early.csv")
    _, later = look(HERE / "official_accounts" / "honest.csv")
    for old, new in zip(early, later, strict=True):
        assert same(old.values["keys"], new.values["keys"]), new.values
        assert (old.values["network"], old.values["unit"], old.values["language"]) == (
            new.values["network"],
            new.values["unit"],
            new.values["language"],
        )


def test_r14_totals_are_set_apart_and_compared() -> None:
    for total in ("Total,,30", ",,30", "Gesamt,,30", "Lifetime,,30"):
        reading, rows = told(
            "outcomes", "date,series,value\n" + total + "\n2026-01-01,a,10\n2026-01-02,a,20\n"
        )
        assert (len(rows), reading.report.totals_set_apart, reading.report.rejected) == (2, 1, 0)
        assert reading.report.compare == {"file_total": {"value": 30}, "our_sum": {"value": 30}}
        assert not reading.report.findings


def test_r15_identical_rows_are_merged_and_contradicting_outcomes_rejected() -> None:
    reading, rows = look(HERE / "outcomes" / "duplicate_contradicts.csv")
    assert [r.line for r in rows][:1] == [3]
    assert reading.report.counts == {"duplicate_contradicts": 2, "duplicate_row": 1}


def test_r15_two_equal_lines_of_spend_are_two_lines() -> None:
    _, rows = look(HERE / "spend" / "honest.csv")
    assert rows[0].row_hash == rows[1].row_hash
    assert len(rows) == 3


def test_r16_no_address_reaches_the_report() -> None:
    text = (
        "email,name,valid_until\n"
        + "".join(f"p{i}@acme.example,P{i},\n" for i in range(40))
        + 'ann@acme.example,Ann,never\n"bob@acme.example,Bob\n'
    )
    reading, _ = told("people", text)
    assert reading.report.rejected == 2
    assert "@acme.example" not in str(reading.report.as_json())


def test_a_mapping_by_hand_and_constants_make_a_wide_file_a_series() -> None:
    text = "DATE,revenue,tv\n2026-01-05,100.5,7\n2026-01-12,200.5,8\n"
    reading, rows = told(
        "outcomes",
        text,
        mapping={"DATE": "date", "revenue": "value"},
        answers={"series": "revenue", "unit": "EUR"},
    )
    assert reading.report.state == "ok"
    assert [(r.values["series"], r.values["unit"], r.values["value"]) for r in rows] == [
        ("revenue", "EUR", Decimal("100.5")),
        ("revenue", "EUR", Decimal("200.5")),
    ]
    assert rows[0].extra == {"tv": "7"}


def test_a_mapping_that_lacks_a_field_asks_for_it() -> None:
    reading, _ = told(
        "outcomes", "DATE,revenue\n2026-01-05,100.5\n", mapping={"DATE": "date", "revenue": "value"}
    )
    assert reading.report.state == "needs_answer"
    assert [q["id"] for q in reading.report.questions] == ["series"]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [({"Nowhere": "date"}, "map_unknown_column"), ({"DATE": "day_of_doom"}, "map_unknown_field")],
)
def test_a_mapping_that_names_nothing_is_bad_usage(mapping: dict[str, str], code: str) -> None:
    reading, _ = told("outcomes", "DATE,revenue\n2026-01-05,100.5\n", mapping=mapping)
    assert [f["code"] for f in reading.report.findings] == [code]
    assert reading.report.exit_status == 2


def test_a_constant_that_is_no_value_of_its_field_is_asked_again() -> None:
    text = "at,object_id,network\n2026-01-05T08:30:00Z,1,x\n"
    reading, rows = told("activity", text, answers={"verb": "shouted"})
    assert (reading.report.state, rows) == ("needs_answer", [])
    assert [f["code"] for f in reading.report.findings] == ["answer_unknown"]


def test_a_file_without_any_date_makes_no_series() -> None:
    reading, _ = look(HERE / "outcomes" / "no_date.csv")
    assert reading.report.findings[0]["say"] == "no date column: a series needs one"
    assert reading.report.exit_status == 1


def test_a_header_without_rows_is_told() -> None:
    assert codes("date,series,value\n") == ["file_empty"]


def test_a_wrong_delimiter_is_a_clear_sentence() -> None:
    reading, _ = told("goals", "goal~statement\none~x\n")
    assert reading.report.state == "not_recognised"
    assert "delimiter" in reading.report.findings[0]["repair"]


def test_a_duplicate_header_that_matters_refuses_and_another_is_kept_apart() -> None:
    assert codes("goal,statement,goal\none,x,two\n", "goals") == ["header_duplicate"]
    reading, rows = told("goals", "goal,note,note\none,a,b\n")
    assert (reading.report.state, rows[0].extra) == ("ok", {"note": "a", "note (3)": "b"})


def test_every_kind_is_declared_with_an_identity_or_keeps_all_rows() -> None:
    for kind in KINDS.values():
        assert kind.identity or kind.duplicates == "keep"
        assert all(kind.field(name) for name in kind.identity)
