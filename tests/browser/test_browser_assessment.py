"""A wave in a real browser: planned and opened by the founder, answered on a phone by links, closed, read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sites
from axe_playwright_python.sync_playwright import Axe
from looking import MODES, Watched, signed_in
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
EXAMPLES = Path(__file__).parents[2] / "docs" / "reference" / "examples" / "assessment"
MOST_TAPS = 30


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sites.Site]:
    """A small organisation that journeys may change."""
    site = sites.empty(tmp_path_factory.mktemp("assessed"))
    yield site
    sites.stop(site)


def opened(page: Page, form: str) -> str:
    """Plans and opens a wave; returns a personal link of it."""
    page.goto("/assess/new/")
    page.fill("#id_name", f"Wave of {form}")
    page.select_option("#id_form", form)
    page.click("button:has-text('Plan it')")
    page.uncheck("input[name=shared]")
    page.click("button:has-text('Open the wave')")
    page.fill("#number", "1")
    page.click("button:has-text('Make links')")
    return page.locator(".link-list code").inner_text()


class Thumb:
    """Counts taps."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.tap()
        self.taps += 1

    def choose(self, key: str, value: object) -> None:
        self.tap(f'label.choice:has(input[name="{key}"][value="{value}"])')


def closed(page: Page) -> str:
    """Closes the open wave and returns the heading of its result."""
    page.goto("/assess/")
    page.locator("tr[data-row] a, .alert a", has_text="Wave of").first.click()
    page.click("button:has-text('Close and compute')")
    return page.locator("#h-stage").inner_text()


def test_the_short_form_takes_no_more_than_thirty_taps_on_a_phone(browser: Browser, office: sites.Site) -> None:  # fmt: skip
    founder = signed_in(browser, office, "light")
    desk = founder.new_page()
    link = opened(desk, "short@1")
    phone = browser.new_context(**{**MODES["phone"], "has_touch": True}, base_url=office.base)
    watched = Watched(phone)
    page = watched.page
    page.goto(link)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    thumb = Thumb(page)
    thumb.choose("role", "strategist")
    for key, value in {
        "q02": 3, "q04": 60, "q07": "to_12_months", "q09": 2, "q10": 4, "q11": 3, "q12.informed": 3, "q12.engaged": 2,
        "q12.aligned": 2, "q21": 2, "q30": "formal", "q35": 2, "q39": "reputation", "q40.listed": 2,
    }.items():  # fmt: skip
        thumb.choose(key, value)
    expect(page.locator("#kept")).to_have_text("12 of 12 kept")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    # Whoever comes back finds what they said.
    page.reload()
    assert page.is_checked('input[name="q39"][value="reputation"]')
    thumb.tap("button:has-text('Hand in')")
    page.wait_for_url(re.compile("/done/"))
    assert thumb.taps <= MOST_TAPS, thumb.taps
    assert watched.said == []
    assert closed(desk) == "At most stage 4 · Formalized"
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 403
    assert "takes no answers now" in page.inner_text("main")
    phone.close()
    founder.close()


@pytest.mark.parametrize(("name", "expected"), [("s0", 0), ("s3", 3), ("shell", 2), ("s6", 6)])
def test_a_fixture_through_the_full_survey(browser: Browser, office: sites.Site, name: str, expected: int) -> None:  # fmt: skip
    """Without accounts the platform knows no q04, so the raters' value counts and the fixture lands where its file does."""
    case = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    founder = signed_in(browser, office, "light")
    desk = founder.new_page()
    link = opened(desk, "full@1")
    rater = browser.new_context(**MODES["light"], base_url=office.base)
    page = rater.new_page()
    page.goto(link)
    page.check('input[name="role"][value="strategist"]', force=True)
    for item, answer in case["answers"]["r1"].items():
        fill(page, item, answer)
    page.click("button:has-text('Hand in')")
    page.wait_for_url(re.compile("/done/"))
    assert closed(desk).startswith(f"Stage {expected} ")
    rater.close()
    founder.close()


def fill(page: Page, item: str, answer: object) -> None:
    """Gives one answer of a file on the page."""
    if answer in ("dont_know", "not_applicable"):
        box = page.locator(f'input[value="{answer}"][name="{item}"], input[value="{answer}"][name="missing-{item}"]')  # fmt: skip
        box.first.check(force=True)
        return
    parts = {f"{item}.{k}": v for k, v in answer.items()} if isinstance(answer, dict) else {item: answer}  # fmt: skip
    for key, value in parts.items():
        if isinstance(value, list):
            for one in value or ["none-of-these"]:
                page.locator(f'input[name="{key}"][value="{one}"]').check(force=True)
        elif page.locator(f'input[type=number][name="{key}"]').count():
            page.fill(f'input[name="{key}"]', str(value))
        else:
            page.locator(f'input[name="{key}"][value="{value}"]').check(force=True)
