"""Real files of other people, where they are at hand. Counts only: none of their rows stand in this repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from socius.connectors.files import Reading, Row, Upload, read

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the development data of ../shared/data are not here"
)
WEEKLY = {
    "mapping": {"DATE": "date", "revenue": "value"},
    "answers": {"series": "revenue", "unit": "EUR"},
}
VIEWS = {"mapping": {"ds": "date", "y": "value"}, "answers": {"series": "views"}}


def look(name: str, kind: str, **said: object) -> tuple[Reading, list[Row]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    reading = read(Upload(path, path.name, **said), kind)  # type: ignore[arg-type]
    return reading, list(reading.rows())


def snapshots() -> list[str]:
    return sorted(
        str(p.relative_to(DATA)) for p in (DATA / "gc_socials" / "history").glob("sm_*.csv")
    )


@pytest.mark.parametrize("name", snapshots())
def test_every_snapshot_of_a_public_inventory_is_read_whole(name: str) -> None:
    reading, rows = look(name, "accounts")
    report = reading.report
    assert (report.state, report.format, report.rejected, report.read) == (
        "ok",
        "official_accounts",
        0,
        len(rows),
    )
    assert {r.values["language"] for r in rows} == {"en", "fr", "en+fr"}
    assert {r.values["network"] for r in rows} <= {
        "x",
        "facebook",
        "youtube",
        "instagram",
        "linkedin",
        "flickr",
        "snapchat",
        "reddit",
    }
    assert not any(":" in r.values["unit"] for r in rows)
    assert all(
        r.values["unit_external_id"] is None or r.values["unit_external_id"].isdecimal()
        for r in rows
    )


@pytest.mark.parametrize(
    ("name", "kind", "said", "rows"),
    [
        ("mmm_robyn/dt_simulated_weekly.csv", "outcomes", WEEKLY, 208),
        ("wiki_pageviews/example_wp_log_peyton_manning.csv", "outcomes", VIEWS, 2905),
        ("wiki_pageviews/example_wp_log_R.csv", "outcomes", VIEWS, 2863),
        ("wiki_pageviews/example_retail_sales.csv", "outcomes", VIEWS, 293),
        (
            "fb_live_th/Live.csv",
            "activity",
            {
                "mapping": {"status_published": "at", "status_id": "object_id"},
                "answers": {"verb": "posted", "network": "facebook", "account": "a"},
            },
            7050,
        ),
    ],
)
def test_mapped_files_are_read_whole(
    name: str, kind: str, said: dict[str, object], rows: int
) -> None:
    reading, found = look(name, kind, **said)
    assert (reading.report.state, len(found), reading.report.rejected) == ("ok", rows, 0)


@pytest.mark.parametrize(
    "name", ["facebook_metrics/dataset_Facebook.csv", "leads_xeducation/Leads.csv"]
)
def test_files_without_dates_are_refused_with_the_right_sentence(name: str) -> None:
    reading, _ = look(name, "outcomes")
    assert reading.report.state == "refused"
    assert reading.report.findings[0]["say"] == "no date column: a series needs one"


def test_a_brazilian_budget_and_american_bookings_are_read_in_their_own_way() -> None:
    said = {
        "mapping": {
            "Close Date": "date",
            "Closed Won Bookings Amount": "value",
            "Amount Currency": "currency",
        },
        "answers": {"series": "bookings"},
    }
    reading, _ = look("paid_media_funnel/Closed_Won_Bookings.csv", "outcomes", **said)
    assert [d["read_as"] for d in reading.report.decisions] == ["month_first", "decimal comma"]
