"""An experiment in a browser, on simulated days: planned and drawn, carried out, read. The server's clock is moved on between the parts."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sites
from looking import signed_in
from playwright.sync_api import Browser, Page, expect

from socius.kit import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REGIONS = [f"Region {i:02d}" for i in range(20)]
DAYS, LIFT = 21, 12.0
HERE = Path(__file__).parent


@pytest.fixture
def today() -> date:
    return clock.now().date()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[sites.Site]]:
    """Servers that were started; the path of their Python begins with the moved clock."""
    started: list[sites.Site] = []
    plain = sites.environment

    def moved(home: Path) -> dict[str, str]:
        found = plain(home)
        return {**found, "PYTHONPATH": f"{HERE / 'later'}{os.pathsep}{found['PYTHONPATH']}", "LATER_DAYS": os.environ.get("LATER_DAYS", "0")}  # fmt: skip

    monkeypatch.setattr(sites, "environment", moved)
    yield started
    for site in started:
        if site.process.poll() is None:
            sites.stop(site)


def orders(first: date, days: int, treated: frozenset[str] = frozenset()) -> str:
    rows = ["date,series,value,unit,class,source,why,geo"]
    for place, region in enumerate(REGIONS):
        for i in range(days):
            day = first + timedelta(days=i)
            value = 100 + 4 * place + random.Random(f"{region}{day}").gauss(0, 6) + (LIFT if region in treated else 0)  # fmt: skip
            rows.append(f"{day},Orders,{value:.2f},orders,outcome,shop,money,{region}")
    return "\n".join(rows) + "\n"


def take(home: Path, kind: str, text: str) -> None:
    file = home / f"{kind}.csv"
    file.write_text(text)
    sites.run(home, "import", kind, str(file), "--apply")


def on_day(n: int, home: Path, started: list[sites.Site], monkeypatch: pytest.MonkeyPatch) -> sites.Site:  # fmt: skip
    """The server as it runs n days from now."""
    for old in started:
        if old.process.poll() is None:
            sites.stop(old)
    monkeypatch.setenv("LATER_DAYS", str(n))
    started.append(sites.serve(home, demonstration=False))
    return started[-1]


def page_of(browser: Browser, site: sites.Site) -> Page:
    return signed_in(browser, site, "light").new_page()


def treated_of(home: Path) -> frozenset[str]:
    with sqlite3.connect(f"file:{home / 'socius.sqlite3'}?mode=ro", uri=True) as db:
        return frozenset(r for (r,) in db.execute("SELECT region FROM strategy_cell WHERE arm = 'on'"))  # fmt: skip


def test_it_is_planned_carried_out_and_read(
    browser: Browser, tmp_path: Path, later: list[sites.Site], today: date, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    sites.founded(tmp_path)
    take(tmp_path, "initiatives", "initiative,title\nlive,Live shopping\n")
    take(tmp_path, "outcomes", orders(today - timedelta(days=50), 50))
    take(tmp_path, "accounts", "network,handle,url,unit,region\n" + "".join(f"x,shop{i},https://x.com/shop{i},Shops,{r}\n" for i, r in enumerate(REGIONS)))  # fmt: skip

    # Today: what could it see, then the draw.
    page = page_of(browser, on_day(0, tmp_path, later, monkeypatch))
    page.goto("/experiments/")
    page.click("text=Plan an experiment")
    page.select_option("#id_design", "geo_holdout")
    page.fill("#id_start", str(today + timedelta(days=1)))
    page.fill("#id_days", str(DAYS))
    page.click("text=See what it could see")
    expect(page.locator("[data-chart=power] svg")).to_be_visible()
    page.click("text=Draw it and keep it")
    expect(page.locator(".verdict")).to_contain_text("the draw stands")
    expect(page.locator(".chip", has_text="without it")).to_have_count(10)
    where = page.url.split("/", 3)[3]

    # Ten days on: it is carried out; how the arms compare is nowhere on the page.
    site = on_day(10, tmp_path, later, monkeypatch)
    treated = treated_of(tmp_path)
    start = today + timedelta(days=1)
    posts = "".join(f"{start + timedelta(days=2)}T10:00:00Z,posted,p{i},x,shop{i},live\n" for i, r in enumerate(REGIONS) if r in treated)  # fmt: skip
    take(tmp_path, "activity", "at,verb,object_id,network,account,initiative\n" + posts)
    take(tmp_path, "outcomes", orders(start, 9, treated))
    page = page_of(browser, site)
    page.goto("/" + where)
    expect(page.locator(".verdict")).to_contain_text("hidden until then")
    expect(page.locator("[data-chart=arms]")).to_have_count(0)
    expect(page.locator("text=Analyse it")).to_have_count(0)

    # The day after the last: analysed once, read.
    site = on_day(DAYS + 1, tmp_path, later, monkeypatch)
    take(tmp_path, "outcomes", orders(start, DAYS, treated))
    page = page_of(browser, site)
    page.goto("/" + where)
    page.click("text=Analyse it, once, as registered")
    expect(page.locator(".verdict")).to_contain_text("The initiative caused it")
    expect(page.locator(".verdict")).to_contain_text("Grade A")
    expect(page.locator("[data-chart=arms] svg")).to_be_visible()
    expect(page.locator("text=Analyse it")).to_have_count(0)
    page.click("text=How we know")
    expect(page.locator("h1")).to_contain_text("Live shopping on Orders")
