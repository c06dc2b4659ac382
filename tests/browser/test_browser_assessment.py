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
# Answers are kept one after the other, on a machine that may be busy.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sites.Site]:
    """A small organisation that journeys may change."""
    site = sites.empty(tmp_path_factory.mktemp("assessed"))
    yield site
    sites.stop(site)


@pytest.fixture(scope="module")
def desk(browser: Browser, office: sites.Site) -> Iterator[Page]:
    """Where the founder sits, signed in once."""
    context = signed_in(browser, office, "light")
    yield context.new_page()
    context.close()


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
    """Taps what a person sees, and counts it: labels, not the controls that lie hidden in them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.tap()
        self.taps += 1

    def choose(self, key: str, value: object) -> None:
        self.tap(f'label.choice:has(input[name="{key}"][value="{value}"])')

    def answer(self, item: str, said: object) -> None:
        """Gives one answer of a file."""
        if said in ("dont_know", "not_applicable"):
            self.tap(f'#{item} label.choice:has(input[value="{said}"])')
            return
        parts = {f"{item}.{k}": v for k, v in said.items()} if isinstance(said, dict) else {item: said}  # fmt: skip
        for key, value in parts.items():
            field = self.page.locator(f'input[type=number][name="{key}"]')
            if isinstance(value, list):
                for one in value or ["none-of-these"]:
                    self.choose(key, one)
            elif field.count():
                field.fill(str(value))
            else:
                self.choose(key, value)


def closed(page: Page) -> str:
    """Closes the open wave and returns the heading of its result."""
    page.goto("/assess/")
    page.locator("tr[data-row] a, .alert a", has_text="Wave of").first.click()
    page.click("button:has-text('Close and compute')")
    return page.locator("#h-stage").inner_text()


def test_the_short_form_takes_no_more_than_thirty_taps_on_a_phone(browser: Browser, office: sites.Site, desk: Page) -> None:  # fmt: skip
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


@pytest.mark.parametrize(
    ("name", "expected"), [*((f"s{n}", n) for n in range(7)), ("shell", 2), ("helpdesk_coe", 4)]
)
def test_a_fixture_through_the_full_survey(browser: Browser, office: sites.Site, desk: Page, name: str, expected: int) -> None:  # fmt: skip
    """Without accounts the platform knows no q04, so the raters' value counts and the fixture lands where its file does."""
    case = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    phone = browser.new_context(**{**MODES["phone"], "has_touch": True}, base_url=office.base)
    watched = Watched(phone)
    watched.page.goto(opened(desk, "full@1"))
    thumb = Thumb(watched.page)
    thumb.choose("role", "strategist")
    for item, said in case["answers"]["r1"].items():
        thumb.answer(item, said)
    expect(watched.page.locator("#kept")).to_have_text("44 of 44 kept")
    thumb.tap("button:has-text('Hand in')")
    watched.page.wait_for_url(re.compile("/done/"))
    assert watched.said == []
    assert closed(desk).startswith(f"Stage {expected} ")
    phone.close()


def test_what_is_taken_back_is_gone_and_what_cannot_be_kept_says_so(browser: Browser, office: sites.Site, desk: Page) -> None:  # fmt: skip
    phone = browser.new_context(**{**MODES["phone"], "has_touch": True}, base_url=office.base)
    page = phone.new_page()
    page.goto(opened(desk, "full@1"))
    thumb, kept = Thumb(page), page.locator("#kept")
    thumb.tap('#q01 label.choice:has-text("everywhere")')
    expect(page.locator("#q01 .refused")).to_contain_text("in which role")
    thumb.choose("role", "strategist")
    thumb.choose("q27", "crisis")
    expect(kept).to_have_text("1 of 44 kept")
    thumb.choose("q27", "crisis")
    expect(kept).to_have_text("0 of 44 kept")
    page.fill('input[name="q41.in_time"]', "70")
    # The page stands still: the very next tap falls on what stood there when the field took the focus.
    thumb.choose("q42", 0)
    expect(kept).to_have_text("2 of 44 kept")
    page.reload()
    assert page.locator('input[name="q27"]:checked').count() == 0
    assert page.is_checked('input[name="q42"][value="0"]')
    phone.close()
