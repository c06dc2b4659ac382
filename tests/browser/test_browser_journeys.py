"""What people do: sign in, look around, use the keyboard, import a file and take it back, meet a closed door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sites
from looking import MODES, Watched, sign_in, signed_in
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sites.Site]:
    """A small organisation that journeys may change."""
    site = sites.empty(tmp_path_factory.mktemp("office"))
    yield site
    sites.stop(site)


@pytest.fixture
def context(browser: Browser, office: sites.Site) -> Iterator[BrowserContext]:
    context = signed_in(browser, office, "light")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def test_a_wrong_password_stays_outside_and_the_right_one_comes_in(browser: Browser, office: sites.Site) -> None:  # fmt: skip
    context = browser.new_context(**MODES["light"], base_url=office.base)
    page = context.new_page()
    page.goto("/people/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    sign_in(page, office.email, "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, office.email, office.password)
    expect(page).to_have_url(office.base + "/people/")
    page.locator("header details.menu summary").last.click()
    page.click("text=Sign out")
    page.goto("/ledger/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    context.close()


def test_light_and_dark_are_remembered(page: Page) -> None:
    page.goto("/")
    page.click(".theme-toggle")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto("/people/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_phone_opens_the_menu(browser: Browser, office: sites.Site) -> None:
    context = signed_in(browser, office, "phone")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("#nav")).to_be_hidden()
    page.click(".nav-toggle")
    page.click("#nav >> text=Ledger")
    expect(page.locator("h1")).to_have_text("Ledger")
    context.close()


def test_the_keyboard_searches_and_walks_along_rows(page: Page, office: sites.Site) -> None:
    page.goto("/people/")
    page.keyboard.press("/")
    page.keyboard.type("ledger")
    expect(page.locator("#found a").first).to_have_text(re.compile("Ledger"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/ledger/"))
    page.keyboard.press("Control+k")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.press("Escape")
    page.goto("/people/")
    page.keyboard.press("j")
    expect(page.locator("tr.at")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/people/\d+/"))


def test_search_works_without_a_script(browser: Browser, office: sites.Site) -> None:
    context = browser.new_context(**MODES["light"], base_url=office.base, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/")
    sign_in(page, office.email, office.password)
    page.fill("[data-search]", "import")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(re.compile("Found for"))
    expect(page.locator(".found-list a").first).to_be_visible()
    context.close()


def test_a_column_that_is_put_away_stays_away(page: Page, office: sites.Site) -> None:
    page.goto("/ledger/")
    menu = page.locator("details.columns")
    menu.locator("summary").click()
    menu.get_by_label("Through").uncheck()
    head = page.locator("thead th", has_text="Through")
    expect(head).to_be_hidden()
    page.goto("/ledger/")
    expect(head).to_be_hidden()
    menu.locator("summary").click()
    menu.get_by_label("Through").check()
    expect(head).to_be_visible()


def test_what_was_not_saved_is_put_back_once(page: Page) -> None:
    page.goto("/goals/new/")
    page.fill("textarea", "Raise orders.")
    page.goto("/goals/")
    page.goto("/goals/new/")
    expect(page.locator("textarea").first).to_have_value("Raise orders.")
    page.click(".draft button")
    expect(page.locator("textarea").first).to_have_value("")
    page.reload()
    expect(page.locator("textarea").first).to_have_value("")
    expect(page.locator(".draft")).to_have_count(0)


def test_a_file_is_shown_applied_and_taken_back(page: Page, sheet: Path) -> None:
    page.goto("/import/")
    page.set_input_files("#file", sheet)
    expect(page.locator(".verdict h2")).to_have_text("Ready to apply")
    expect(page.locator(".out-created a")).to_have_attribute("data-count", "9")
    page.click(".out-rejected a")
    expect(page.locator("table tbody tr")).to_have_count(1)
    page.go_back()
    page.click("text=Apply: 9 new")
    expect(page).to_have_url(re.compile(r"/import/runs/\d+/"))
    expect(page.locator(".messages")).to_contain_text("Applied")
    page.click("summary:has-text('Undo')")
    page.click("button:has-text('Undo this import')")
    expect(page.locator(".messages")).to_contain_text("Taken back")
    page.goto("/ledger/?verb=import_undone")
    expect(page.locator("table tbody tr")).to_have_count(1)
    page.goto("/ledger/?verify=yes")
    expect(page.locator("[role=status]")).to_contain_text("sound")


def test_headers_that_nobody_knows_are_mapped_by_hand(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Netz,Nutzer,Wo\nx,@mapped_one,Brand\nx,@mapped_two,Brand\n")
    page.goto("/import/")
    page.set_input_files("#file", file)
    page.locator("label:has-text('Accounts: the inventory') input").check()
    page.click("text=Read it so")
    expect(page.locator(".verdict h2")).to_have_text("Not recognised")
    page.select_option("select[name='map:0']", "network")
    page.select_option("select[name='map:1']", "handle")
    page.select_option("select[name='map:2']", "unit")
    page.locator("details[open] >> text=Read it so").first.click()
    expect(page.locator(".verdict h2")).to_have_text("Ready to apply")
    expect(page.locator(".out-created a")).to_have_attribute("data-count", "2")


def test_a_large_file_goes_in_while_the_page_is_left(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    rows = (f"x,large_handle_{n},Large unit {n % 20}" for n in range(8_000))
    file.write_text("network,handle,unit\n" + "\n".join(rows) + "\n")
    page.goto("/import/")
    page.set_input_files("#file", file)
    expect(page.locator("#going-on, .verdict")).to_be_visible()
    where = page.url
    page.goto("/people/")
    page.goto(where)
    expect(page.locator(".verdict h2")).to_have_text("Ready to apply", timeout=60_000)
    page.click("text=Apply: 8,000 new")
    expect(page).to_have_url(re.compile(r"/import/runs/\d+/"), timeout=60_000)
    page.click("summary:has-text('Undo')")
    page.click("button:has-text('Undo this import')")
    expect(page.locator(".messages")).to_contain_text("Taken back", timeout=60_000)


def test_a_viewer_meets_a_closed_door_and_it_is_on_record(browser: Browser, page: Page, office: sites.Site) -> None:  # fmt: skip
    page.goto("/people/invite/")
    page.fill("#id_email", "viewer@example.org")
    page.click("button:has-text('Invite')")
    page.click("summary:has-text('Password')")
    page.fill("#password", "another long password")
    page.click("button:has-text('Set it')")
    page.select_option("#id_role", "viewer")
    page.fill("#id_reason", "may look")
    page.click("button:has-text('Give it')")
    expect(page.locator(".messages")).to_contain_text("Given")
    context = browser.new_context(**MODES["light"], base_url=office.base)
    viewer = context.new_page()
    viewer.goto("/import/")
    sign_in(viewer, "viewer@example.org", "another long password")
    expect(viewer.locator("h1")).to_have_text("You may not do this here")
    expect(viewer.locator("main")).to_contain_text("needs account.edit")
    context.close()
    page.goto("/ledger/?result=refused")
    expect(page.locator("table tbody tr").first).to_contain_text("was refused")


def test_a_token_is_shown_once(page: Page) -> None:
    page.goto("/settings/tokens/")
    page.fill("#id_name", "a script")
    page.check("input[value='account.view']")
    page.click("button:has-text('Make it')")
    expect(page.locator("#token")).to_have_text(re.compile("^socius_"))
    page.goto("/settings/tokens/")
    expect(page.locator("#token")).to_have_count(0)
    page.click("button:has-text('Revoke')")
    expect(page.locator("table")).to_contain_text("revoked")


def test_the_demonstration_is_one_click_away(browser: Browser, demonstration: sites.Site) -> None:
    context = signed_in(browser, demonstration, "light")
    watched = Watched(context)
    watched.open("/")
    expect(watched.page.locator("h1")).to_have_text("Line of sight")
    expect(watched.page.locator(".demo-badge")).to_be_visible()
    watched.page.click("#nav >> text=Accounts")
    expect(watched.page.locator("tr[data-row]").first).to_be_visible()
    assert watched.said == []
    context.close()
