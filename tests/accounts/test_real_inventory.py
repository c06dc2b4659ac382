"""Successive lists of a real public body, read in order as complete: totals as counted by hand, absent exactly what was deleted.

The table below was made with a script of its own (networks spelt alike, departments joined by the latest id that their name
carries, accounts by their bare address), not with what the import says.
"""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from house import House, codes
from socius.accounts.models import Account
from socius.connectors.files import Report, Upload
from socius.measure.actions import IMPORTERS

DATA = Path(__file__).parents[3] / "shared" / "data" / "gc_socials"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is not here: the real lists lie beside the repository"),
]  # fmt: skip

NETWORKS = ("facebook", "flickr", "instagram", "linkedin", "reddit", "snapchat", "x", "youtube")
# day, rows, rows by network in the order above, units, accounts after merging, accounts of the list before that vanished
TABLE = """
2024-10-24 2042 719 34 148 202 0 2 762 175 216 1872  -
2024-11-15 1825 676 22 126 115 0 2 732 152 206 1802  -
2024-12-12 1828 676 22 128 116 0 2 730 154 206 1803  2
2025-01-23 1826 676 22 126 116 0 2 730 154 206 1801  2
2025-03-21 1829 676 22 126 118 1 2 730 154 207 1804  0
2025-04-02 1828 676 20 127 118 1 2 730 154 207 1803  2
2025-05-27 1831 676 20 129 118 1 2 730 155 208 1806  0
2025-06-05 1838 679 20 129 120 1 2 732 155 209 1813  1
2025-07-04 1840 681 20 132 122 1 2 727 155 210 1815  9
2025-08-06 1841 683 20 133 122 1 2 725 155 211 1816  4
2025-09-11 1871 697 20 145 123 1 2 728 155 211 1847  8
2025-10-04 1883 701 20 146 126 1 2 730 157 162 1858  0
2025-11-02 1886 704 20 146 126 1 2 730 157 159 1861  0
2025-12-01 1888 706 20 146 128 1 2 728 157 159 1863  6
"""
ROWS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}
# The first list holds texts where the later ones hold addresses: what the second lacks of it cannot be told apart from
# what it spells otherwise, so the guard holds it and a person says why.
FIRST, SECOND = list(ROWS)[:2]
FAST = ("2025-06-05", "2025-07-04", "2025-08-06", "2025-09-11")

Key = tuple[str, str]


def key(platform: str, account: str, url: str) -> Key:
    """Network and bare address, by rules of this test alone."""
    network = platform.strip().casefold().replace("twitter", "x").replace("intagram", "instagram")
    bare = re.sub(r"^https?://", "", url.strip(), flags=re.IGNORECASE).split("?")[0].rstrip("/")
    _host, _, path = bare.partition("/")
    if not path:
        return network, account.strip().lstrip("@").casefold()
    parts = [p for p in unquote(path).split("/") if p not in {"user", "c", "photos", "people"}]
    depth = (
        2
        if parts[0] in {"channel", "company", "showcase", "school", "in"} or "pages" in parts
        else 1
    )
    return network, "/".join(parts[:depth]).lstrip("@").casefold()


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def snapshot(day: str) -> Path:
    return DATA / "history" / f"sm_{day}.csv"


def keys_on(day: str) -> set[Key]:
    return {key(r["Platform"], r["Account"], r["URL"]) for r in lines(snapshot(day))}


def really_deleted(before: str, after: str) -> set[Key]:
    """Rows listed as deleted between two snapshots that stand in the first and no longer in the second."""
    listed = {
        key(r["Platform"], r["Account"], r["URL"])
        for r in lines(DATA / "deleted_rows.csv")
        if before < r["Date Deleted"] <= after
    }
    return (listed & keys_on(before)) - keys_on(after)


def absent() -> set[Key]:
    return {key(a.network, a.handle, a.url) for a in Account.objects.exclude(absent_since=None)}


def read(house: House, day: str, **said: object) -> Report:
    house.wait(days=20)
    upload = Upload(snapshot(day), f"sm_{day}.csv", apply=True, complete=True, **said)  # type: ignore[arg-type]
    return IMPORTERS["accounts"](upload, actor=house.actor())


def check_totals(day: str, report: Report) -> None:
    total, *by_network, units, accounts, _ = ROWS[day]
    assert (report.state, report.read, report.rejected) == ("ok", int(total), 0)
    assert report.summary is not None
    found = report.summary["networks"]
    assert [found.get(name, 0) for name in NETWORKS] == [int(n) for n in by_network], day
    assert sum(found.values()) == int(total)
    assert (report.summary["units"], report.summary["accounts"]) == (int(units), int(accounts)), day


def check_absent(before: str, day: str, was: set[Key]) -> None:
    vanished = absent() - was
    assert len(vanished) == int(ROWS[day][-1])
    assert vanished == really_deleted(before, day), day


def test_four_lists_in_order(house: House) -> None:
    check_totals(FAST[0], read(house, FAST[0]))
    for before, day in pairwise(FAST):
        was = absent()
        report = read(house, day)
        check_totals(day, report)
        check_absent(before, day, was)
    assert not Account.objects.filter(status="retiring").exists()
    assert house.sight()["activity"]["total"] == 0


@pytest.mark.slow
def test_all_lists_in_order(house: House) -> None:
    check_totals(FIRST, read(house, FIRST))
    held = read(house, SECOND)
    assert (held.state, held.shrink is not None and held.shrink["would_mark_absent"]) == (
        "held",
        84,
    )
    assert Account.objects.exclude(absent_since=None).count() == 0
    confirmed = read(
        house, SECOND, confirm_shrink=True, reason="The first list was of another form."
    )
    check_totals(SECOND, confirmed)
    for before, day in list(pairwise(ROWS))[1:]:
        was = absent()
        report = read(house, day)
        check_totals(day, report)
        check_absent(before, day, was)
        assert report.shrink is not None
        assert report.shrink["groups_vanished"] == []
    again = read(house, list(ROWS)[-1])
    assert (again.state, codes(again)["already_imported"]) == ("already_imported", 1)
