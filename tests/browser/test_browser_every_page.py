"""Every page of the demonstration: nothing in the console, nothing for axe, counts that are what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from looking import Watched, complaints, signed_in, wrong_counts
from playwright.sync_api import Browser, BrowserContext
from routes import PARTS, address, all_routes
from sites import Site

pytestmark = pytest.mark.browser
ROUTES = all_routes()
MAIN = ("/", "/accounts/", "/units/", "/goals/", "/series/", "/initiatives/", "/sponsors/", "/people/", "/ledger/", "/import/", "/settings/tokens/", "/search/?q=group", "/roadmap/", "/roadmap/?capacity=400", "/roadmap/executives/", "/assess/playbooks/", "/needs/", "/hub/", "/tools/")  # fmt: skip
THERE = {"/" + route for _, route in ROUTES}


@pytest.fixture(scope="module")
def context(browser: Browser, demonstration: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:  # fmt: skip
    """Signed in, with one file on its way in."""
    context = signed_in(browser, demonstration, "light")
    file = Path(tmp_path_factory.mktemp("files")) / "accounts.csv"
    file.write_text("network,handle,unit\nx,seen_by_browser,Halvern Group\n,,Halvern Group\n")
    page = context.new_page()
    page.goto("/import/")
    with page.expect_navigation():
        page.set_input_files("#file", file)
    page.close()
    yield context
    context.close()


@pytest.mark.parametrize(("name", "route"), ROUTES, ids=[route or "home" for _, route in ROUTES])
def test_a_page_stands(name: str, route: str, context: BrowserContext, demonstration: Site) -> None:
    where = address(name, route, demonstration)
    if where.endswith((".csv", ".json", ".pdf")) or name in PARTS:
        assert context.request.get(where).ok
        return
    watched = Watched(context)
    try:
        watched.open(where)
        assert complaints(watched, narrow=False) == []
        assert wrong_counts(watched.page, demonstration) == []
    finally:
        watched.page.close()


@pytest.mark.parametrize("mode", ["dark", "phone"])
def test_the_main_pages_stand_in_the_dark_and_on_a_phone(mode: str, browser: Browser, demonstration: Site) -> None:  # fmt: skip
    context = signed_in(browser, demonstration, mode)
    wrong = {}
    for path in MAIN:
        if path.partition("?")[0] not in THERE:
            continue
        watched = Watched(context)
        watched.open(path)
        found = complaints(watched, narrow=mode.startswith("phone"))
        if found:
            wrong[path] = found
        watched.page.close()
    context.close()
    assert wrong == {}
