"""A browser for the session, and the organisations that tests look at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sites
from looking import ARGUMENTS
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sites.Site]:
    site = sites.demonstration(tmp_path_factory.mktemp("demonstration"))
    yield site
    sites.stop(site)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sites.Site]:
    site = sites.empty(tmp_path_factory.mktemp("empty"))
    yield site
    sites.stop(site)


@pytest.fixture(scope="session")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sites.Site]:
    site = sites.big(tmp_path_factory.mktemp("big"))
    yield site
    sites.stop(site)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A small inventory with one row of ten that cannot be taken."""
    file = tmp_path / "some-accounts.csv"
    good = [f"x,browser_{n},Brand" for n in range(9)]
    file.write_text("\n".join(["network,handle,unit", *good, ",,Brand"]) + "\n")
    return file
