"""Every page of an organisation that has nothing yet. In a file of its own: files are dealt out whole, and this is a long one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from sites import Site
from walking import looked_through

pytestmark = pytest.mark.browser


def test_an_organisation_with_nothing_yet(browser: Browser, empty: Site) -> None:
    assert looked_through(browser, empty) == {}
