"""The main pages of an organisation that has nothing yet, and of one with ten thousand accounts."""

from __future__ import annotations

import pytest
from looking import Watched, complaints, signed_in, wrong_counts
from playwright.sync_api import Browser
from routes import all_routes
from sites import Site

pytestmark = pytest.mark.browser
MAIN = ("/", "/accounts/", "/accounts/unclaimed/", "/accounts/proposals/", "/accounts/duplicates/", "/units/", "/goals/", "/series/", "/initiatives/", "/people/", "/people/proposals/", "/ledger/", "/import/", "/settings/tokens/", "/search/?q=handle99")  # fmt: skip


def looked_through(browser: Browser, site: Site, mode: str) -> dict[str, list[str]]:
    there = {"/" + route for _, route in all_routes()}
    context = signed_in(browser, site, mode)
    wrong = {}
    for path in MAIN:
        if path.partition("?")[0] not in there:
            continue
        watched = Watched(context)
        watched.open(path)
        found = complaints(watched, narrow=mode.startswith("phone"))
        found += wrong_counts(watched.page, site) if mode == "light" else []
        if found:
            wrong[path] = found
        watched.page.close()
    context.close()
    return wrong


@pytest.mark.parametrize("mode", ["light", "phone dark"])
def test_an_organisation_with_nothing_yet(mode: str, browser: Browser, empty: Site) -> None:
    assert looked_through(browser, empty, mode) == {}


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_an_organisation_with_ten_thousand_accounts(mode: str, browser: Browser, big: Site) -> None:
    assert big.one("SELECT count(*) FROM accounts_account") == 10_000
    assert looked_through(browser, big, mode) == {}
