"""Somebody writes a query, watches mentions come in from a network, asks the reputation question, and is alarmed by page and by mail."""

from __future__ import annotations

import json
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sites
from aiosmtpd.controller import Controller
from looking import Watched, complaints, signed_in
from playwright.sync_api import Browser, Page, expect

from socius.fakenet.events import MICRO, Happening, jetstream

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAYS = 15.5
DAY = 86_400
BURST = 80


class Box:
    """Keeps mails."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.got.append(envelope)
        return "250 kept"


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def frames(now: float) -> list[str]:
    """Fifteen calm days with a parcel in an hour or so, and eighty complaints in the last half hour."""
    dice = random.Random(8)
    told = [(now - dice.uniform(1, DAYS) * DAY * 0.999, f"The parcel came at {n}, very good") for n in range(1200)]  # fmt: skip
    told += [(now - dice.uniform(0, DAY), f"A parcel, fine, {n}") for n in range(70)]
    told += [(now - dice.uniform(400, 1500), f"My parcel is lost, terrible and bad {n}") for n in range(BURST)]  # fmt: skip
    told += [(now - DAYS * DAY, "Good morning"), (now - 1, "Good evening")]
    out = []
    for number, (at, text) in enumerate(sorted(told)):
        us = int(at * MICRO)
        out.append(jetstream(Happening(number, us, "create", number % 500, number, us, "en", text)))
    return out


@pytest.fixture
def network(tmp_path: Path) -> Iterator[str]:
    """The replay server; it begins to tell a while after it was started, when the source is there."""
    file = tmp_path / "frames.jsonl"
    file.write_text("\n".join(frames(time.time())), "utf-8")
    words = ["fakenet", "serve", "--json", "--port", "0", "--rate", "300", "--replay", str(file)]
    words += ["--start", str(time.time() + 40)]
    process = subprocess.Popen([sys.executable, "-m", "socius.cli", *words], stdout=subprocess.PIPE, env=sites.environment(tmp_path))  # fmt: skip
    assert process.stdout
    head = b"".join(process.stdout.readline() for _ in range(4))
    yield f"ws://127.0.0.1:{json.loads(head)['port']}/subscribe"
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def mails() -> Iterator[tuple[Box, int]]:
    box, port = Box(), free()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory, mails: tuple[Box, int], monkeypatch: pytest.MonkeyPatch) -> Iterator[sites.Site]:  # fmt: skip
    """An organisation that may listen to its own machine and has a mail server."""
    plain = sites.environment
    more = {"SOCIUS_LISTEN_LOOPBACK": "1", "SOCIUS_MAIL": f"smtp://127.0.0.1:{mails[1]}", "SOCIUS_MAIL_FROM": "socius@example.org"}  # fmt: skip
    monkeypatch.setattr(sites, "environment", lambda home: {**plain(home), **more})
    site = sites.empty(tmp_path_factory.mktemp("listening"))
    yield site
    sites.stop(site)


def until(page: Page, path: str, words: str, seconds: float = 240) -> None:
    """Looks again and again until the page says it."""
    end = time.monotonic() + seconds
    while True:
        page.goto(path)
        if re.search(words, page.inner_text("main")):
            return
        assert time.monotonic() < end, (
            f"{path} never said {words!r}:\n{page.inner_text('main')[:1500]}"
        )
        time.sleep(2)


def test_from_a_query_to_an_alert(
    browser: Browser, office: sites.Site, network: str, mails: tuple[Box, int]
) -> None:
    context = signed_in(browser, office, "light")
    watched = Watched(context)
    page = watched.page
    page.goto("/listen/queries/new/")
    page.fill("#id_name", "Parcels")
    page.fill("#id_text", "parcel")
    expect(page.locator("#checked")).to_contain_text("can be read")
    page.click("text=Listen for it")
    page.goto("/listen/sources/")
    page.fill("#id_name", "Fake network")
    page.select_option("#id_kind", "jetstream")
    page.fill("#id_address", network)
    page.click("text=Collect it")
    until(page, "/listen/?query=1", "parcel")
    page.goto("/listen/reputation/question/")
    page.select_option("#id_query", "1")
    page.click("text=Ask this from now on")
    until(page, "/listen/alerts/", "Parcels")
    page.click("main table a:has-text('Parcels')")
    page.wait_for_selector("[data-chart] svg")
    assert "were to be expected" in page.inner_text("main")
    assert "My parcel is lost" in page.inner_text("main")
    page.click("text=Acknowledge")
    expect(page.locator("main")).to_contain_text("a response is due by")
    until(page, "/listen/reputation/", "All channels: ")
    page.wait_for_selector("[data-chart] svg")
    assert "social" in page.inner_text("main")
    until(page, "/listen/coverage/?days=30", "% covered")
    for path in ("/listen/alerts/", "/listen/alerts/1/", "/listen/reputation/", "/listen/coverage/?days=30"):  # fmt: skip
        watched.open(path)
        assert complaints(watched, narrow=False) == [], path
    context.close()
    end = time.monotonic() + 30
    while not mails[0].got and time.monotonic() < end:
        time.sleep(1)
    (first, *_) = mails[0].got
    assert first.rcpt_tos == [office.email]
    assert b"Parcels" in first.content
