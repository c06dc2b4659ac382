"""The page of an executive owner is one A4, with 1, 5 and 12 goals."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import small_organisation
from django.contrib.staticfiles import finders
from small_organisation import OWNER, Small

from socius.measure.actions import record_effect
from socius.strategy.actions import (
    add_spend,
    link,
    load_values,
    serve_goals,
    set_goal,
    set_initiative,
    set_kpi,
    set_series,
)
from socius.strategy.actions.series import Point

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
LONG = "Bring the cost of a contact about goods that came late in the markets of the north below {}.50 euros by the end of next year, without more people waiting longer than today"


def wordy(small: Small, n: int) -> None:
    """A goal of which everything that can be said is said, at length."""
    actor, root = small.actor, small.root
    goal, _ = set_goal(
        root,
        actor=actor,
        key=f"goal-{n}",
        statement=LONG.format(n),
        executive_owner=OWNER,
        period_start=small.today - timedelta(days=300),
        period_end=small.today + timedelta(days=300),
    )
    series, _ = set_series(
        root,
        actor=actor,
        key=f"cost-{n}",
        name=f"Cost per contact of late goods in the north {n}",
        measure_unit="EUR",
        source="contact centre ledger",
        why="What it costs, as finance books it.",
        stated="outcome",
    )
    days = [small.today - timedelta(days=120 + 7 * k) for k in range(30)]
    load_values(series, points=[Point(day, Decimal("1234.56")) for day in days], actor=actor)
    set_kpi(goal, actor=actor, measure=f"Cost per contact of late goods in the north {n}", series=series, direction="down", target=Decimal("1150.50"), target_date=small.today)  # fmt: skip
    set_kpi(goal, actor=actor, measure=f"Complaints a thousand orders {n}", stated="outcome", target=Decimal(12))  # fmt: skip
    work, _ = set_initiative(root, actor=actor, key=f"work-{n}", title=f"An answer within the hour, wave {n}", cost_low=Decimal(140000), cost_likely=Decimal(180000), cost_high=Decimal(210000), currency="EUR")  # fmt: skip
    serve_goals(work, goals=[goal], actor=actor)
    link(small.loose, actor=actor, initiative=work)
    record_effect(work, series=series, actor=actor, method="before and after", estimate=-120.48, low=-240.71, high=10.25, start=days[-1], end=days[0], source="note of the care team")  # fmt: skip
    add_spend(root, actor=actor, date=small.today, amount=Decimal("130736.95"), currency="EUR", initiative=work)  # fmt: skip


def html_of(goals: int) -> str:
    """The page with so many goals; the one of the small organisation is given away."""
    small = small_organisation.build()
    set_goal(small.root, actor=small.actor, key="orders", executive_owner="somebody else")
    for n in range(goals):
        wordy(small, n)
    return small.client().get(f"/sponsors/{OWNER}/").content.decode()


def file_of(url: str) -> Path:
    """The static file behind an address."""
    return Path(str(finders.find(url.split("/static/")[1].split("?", maxsplit=1)[0])))


def printed(html: str) -> tuple[bytes, str, list[str]]:
    """The PDF that Chromium makes of a page, the words on paper, and what does not fit its box."""
    from playwright.sync_api import Route, sync_playwright

    def serve(route: Route) -> None:
        if "/static/" in route.request.url:
            route.fulfill(path=file_of(route.request.url))
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="dark")
        page.route("**/*", serve)
        page.goto("http://socius.example/")
        pdf = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
        page.emulate_media(media="print")
        words = page.inner_text(".sheet").replace("\xa0", " ")
        cut = page.evaluate(
            "[...document.querySelectorAll('.sheet, .sheet ol, .sheet .row > div')]"
            ".filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)"
            ".map(e => `${e.className || e.tagName} ${e.scrollWidth}x${e.scrollHeight} in ${e.clientWidth}x${e.clientHeight}`)"
        )
        if keep := os.environ.get("SOCIUS_KEEP_PDF"):
            page.set_viewport_size({"width": 718, "height": 1044})
            page.locator(".sheet").screenshot(
                path=Path(keep, f"sheet-{words.count('We do not know')}.png")
            )
        browser.close()
    return pdf, words, cut


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("goals", [1, 2, 5, 12])
def test_the_pdf_is_one_page_and_nothing_is_cut_off(goals: int) -> None:
    pdf, words, cut = printed(html_of(goals))
    if keep := os.environ.get("SOCIUS_KEEP_PDF"):
        Path(keep, f"sponsor-{goals}.pdf").write_bytes(pdf)
    assert cut == []
    assert len(PAGE.findall(pdf)) == 1
    assert words.count("cannot tell") >= goals
    for said in ("estimate −120.48", "interval −240.71 to +10.25", "by hand", "n 30 values", "as of", "We do not know", "Whether there is an effect cannot be told", "EUR 130,737"):  # fmt: skip
        assert words.count(said) >= goals, said


@pytest.mark.django_db
def test_an_owner_of_thirteen_goals_is_told_that_one_is_not_on_the_sheet() -> None:
    html = html_of(13)
    assert 'data-goals="12"' in html
    assert "1 more goal of yours" in html


@pytest.mark.django_db
def test_owners_are_listed_with_their_goals_and_a_nobody_has_no_page() -> None:
    client = small_organisation.build().client()
    page = client.get("/sponsors/").content.decode()
    assert f'href="/sponsors/{OWNER.replace("@", "%40")}/"' in page
    assert 'data-count="1"' in page
    assert client.get("/sponsors/nobody/").status_code == 404
