"""A walk through every page that needs no object, for organisations that are not the demonstration."""

from __future__ import annotations

from looking import Watched, in_each_mode, signed_in, wrong_counts
from playwright.sync_api import Browser
from routes import PARTS, PLAIN, address, all_routes
from sites import Site

SEARCHED = {"search": "?q=handle99"}


def looked_through(
    browser: Browser, site: Site, more: tuple[str, ...] = ()
) -> dict[str, list[str]]:
    """What is wrong with each page that needs no object, and with those of the named routes."""
    context = signed_in(browser, site, "light")
    wrong = {}
    for name, route in all_routes():
        if ("<" in route and name not in more) or name in PARTS:
            continue
        path = address(name, route, site) + SEARCHED.get(name, "")
        if path.endswith(PLAIN):
            assert context.request.get(path).ok, path
            continue
        watched = Watched(context)
        watched.open(path)
        counts = wrong_counts(watched.page, site)
        if found := in_each_mode(watched) + counts:
            wrong[path] = found
        watched.page.close()
    context.close()
    return wrong
