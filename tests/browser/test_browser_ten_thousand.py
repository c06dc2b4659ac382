"""Every page of an organisation with ten thousand accounts. In a file of its own: files are dealt out whole, and this is a long one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from sites import Site
from walking import looked_through

pytestmark = pytest.mark.browser


def test_an_organisation_with_ten_thousand_accounts(browser: Browser, big: Site) -> None:
    assert big.one("SELECT count(*) FROM accounts_account") == 10_000
    assert looked_through(browser, big, ("account",)) == {}
