"""Every page of the demonstration: in light, in the dark and on a phone nothing in the console, nothing for axe; counts that are what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from looking import Watched, in_each_mode, signed_in, wrong_counts
from playwright.sync_api import Browser, BrowserContext
from routes import PARTS, PLAIN, address, all_routes
from sites import Site

pytestmark = pytest.mark.browser
ROUTES = all_routes()
ASKED = {"search": "?q=group"}


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
    where = address(name, route, demonstration) + ASKED.get(name, "")
    if where.endswith(PLAIN) or name in PARTS:
        assert context.request.get(where).ok
        return
    watched = Watched(context)
    try:
        watched.open(where)
        counts = wrong_counts(watched.page, demonstration)
        assert in_each_mode(watched) + counts == []
    finally:
        watched.page.close()
