"""Takes the screenshots of the README and the docs from a running demonstration.

socius serve --demo &  python scripts/screenshots.py http://127.0.0.1:8000
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

OUT = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
QUIET = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
PAGES = {
    "line-of-sight": "/",
    "accounts": "/accounts/",
    "goals": "/goals/",
    "import": "/import/",
    "ledger": "/ledger/",
    "assess": "/assess/",
    "roadmap": "/roadmap/",
    "effects": "/effects/",
}


def main() -> None:
    """Signs in with the demonstration's one click and takes each page."""
    base = sys.argv[1].rstrip("/")
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{base}/sign-in/")
        page.click("text=Look around as")
        for name, path in PAGES.items():
            page.goto(base + path)
            page.wait_for_timeout(800)
            page.screenshot(path=OUT / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
