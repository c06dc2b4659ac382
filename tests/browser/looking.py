"""What is asked of a page that stands in a browser."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from sites import Site

ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
TOTAL = re.compile(r'data-total="(\d+)"')
MODES = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "phone dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
VIOLATIONS = {"resultTypes": ["violations"]}
# The accessibility rules are those of WCAG 2.2 A and AA and axe's best practices: all that axe has on.


def signed_in(browser: Browser, site: Site, mode: str) -> BrowserContext:
    """A context in which the founder is signed in."""
    context = browser.new_context(**MODES[mode], base_url=site.base)
    page = context.new_page()
    page.goto("/sign-in/")
    if site.demonstration:
        page.click("text=Look around as")
    else:
        sign_in(page, site.email, site.password)
    page.wait_for_url(site.base + "/")
    page.close()
    return context


def sign_in(page: Page, email: str, password: str) -> None:
    page.fill("#id_login", email)
    page.fill("#id_password", password)
    page.click("form:has(#id_password) button[type=submit]")


class Watched:
    """A page with what its console said."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda m: self.said.append(m.text) if m.type in {"error", "warning"} else None)  # fmt: skip
        self.page.on("pageerror", lambda e: self.said.append(str(e)))

    def open(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        if self.page.query_selector("[data-chart]"):
            self.page.wait_for_selector("[data-chart] svg")


def violations(page: Page, options: dict[str, object]) -> list[str]:
    """What axe finds."""
    found = []
    for violation in Axe().run(page, options={**VIOLATIONS, **options}).response["violations"]:
        nodes = [f"{n['target']} {n['html'][:160]}" for n in violation["nodes"][:3]]
        found.append(f"axe {violation['id']}: {violation['help']}: {nodes}")
    return found


def complaints(watched: Watched, *, narrow: bool) -> list[str]:
    """Everything that is wrong with the page as it stands."""
    page = watched.page
    found = [f"console: {text}" for text in watched.said] + violations(page, {})
    if narrow:
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide = page.evaluate(WIDE)
            found.append(f"scrolls sideways: {width} px wide; {wide}")
    return found


def in_each_mode(watched: Watched) -> list[str]:
    """Everything that is wrong with the page in light, in the dark, and 390 px wide: one load, looked at three times."""
    page = watched.page
    found = [f"light: {text}" for text in complaints(watched, narrow=False)]
    page.evaluate(DARK)
    # What the dark changes is colour; the other rules have been asked.
    found += [f"dark: {text}" for text in violations(page, {"runOnly": ["color-contrast"]})]
    page.set_viewport_size({"width": 390, "height": 844})
    found += [f"phone: {text}" for text in complaints(watched, narrow=True)]
    return found


# Colours slide into each other for a moment; axe is to see where they arrive.
DARK = """async () => {
  document.documentElement.setAttribute("data-bs-theme", "dark");
  document.dispatchEvent(new CustomEvent("theme"));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ending = document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations !== Infinity);
  await Promise.all(ending.map((a) => a.finished.catch(() => null)));
}"""
WIDE = """() => [...document.querySelectorAll("main *, header *")].filter((e) => e.getBoundingClientRect().right > 391
  && !e.closest(".table-wrap, svg")).slice(0, 4).map((e) => e.tagName + "." + e.className)"""


def wrong_counts(page: Page, site: Site) -> list[str]:
    """Counts that link, whose list does not have that many rows."""
    wrong = []
    for link in page.query_selector_all("a[data-count]"):
        said, href = link.get_attribute("data-count") or "", link.get_attribute("href") or ""
        target = urljoin(page.url, href)
        if target not in site.totals:
            answer = page.context.request.get(target)
            total = TOTAL.search(answer.text())
            site.totals[target] = int(total[1]) if answer.ok and total else None
        if str(site.totals[target]) != said:
            wrong.append(
                f"{urlsplit(page.url).path}: {href} says {said}, its list has {site.totals[target]}"
            )
    return wrong
