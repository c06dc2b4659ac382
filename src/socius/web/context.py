"""What every page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import is_valid_path

from socius.activity.models import Installation


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation."""

    name: str
    icon: str
    href: str


@dataclass(frozen=True)
class Part:
    """One of the parts of the product, with the screens that exist."""

    name: str
    entries: tuple[Entry, ...]


NAVIGATION = (
    Part(
        "Measure",
        (
            Entry("Line of sight", "route", "/"),
            Entry("Goals", "target", "/goals/"),
            Entry("Outcome series", "chart-line", "/series/"),
            Entry("Initiatives", "rocket", "/initiatives/"),
            Entry("Effects", "adjustments", "/effects/"),
            Entry("Experiments", "circle-dashed", "/experiments/"),
            Entry("Net value", "chart-line", "/value/"),
            Entry("Leads", "users", "/leads/"),
            Entry("Attribution", "route", "/attribution/"),
            Entry("Insights", "flag", "/insights/"),
            Entry("Sponsors", "printer", "/sponsors/"),
        ),
    ),
    Part(
        "Assess",
        (
            Entry("Assessment", "clipboard-check", "/assess/"),
            Entry("Roadmap", "flag", "/roadmap/"),
            Entry("Executives", "eye", "/roadmap/executives/"),
            Entry("Playbooks", "table", "/assess/playbooks/"),
            Entry("Needs", "adjustments", "/needs/"),
            Entry("The hub's time", "clock", "/hub/"),
            Entry("Tools", "circle-dashed", "/tools/"),
        ),
    ),
    Part(
        "Listen",
        (
            Entry("Mentions", "eye", "/listen/"),
            Entry("Reputation", "chart-line", "/listen/reputation/"),
            Entry("Alerts", "alert-triangle", "/listen/alerts/"),
            Entry("Queries", "search", "/listen/queries/"),
            Entry("Sources", "world", "/listen/sources/"),
            Entry("Coverage", "table", "/listen/coverage/"),
        ),
    ),
    Part(
        "Govern",
        (
            Entry("Accounts", "list-details", "/accounts/"),
            Entry("Units", "sitemap", "/units/"),
            Entry("People and rights", "users", "/people/"),
            Entry("Ledger", "history", "/ledger/"),
        ),
    ),
    Part(
        "Platform",
        (
            Entry("Import", "file-import", "/import/"),
            Entry("My tokens", "key", "/settings/tokens/"),
        ),
    ),
)


# Pages without an entry of their own that are reached from one whose address does not begin theirs.
REACHED_FROM = {"/listen/rings/": "/listen/alerts/"}


@cache
def there_is(href: str) -> bool:
    """Whether a screen answers this address."""
    return bool(is_valid_path(href))


def current(path: str) -> str:
    """The entry under which a page lies: the longest that begins its address, unless it has its way from another."""
    path = next((to for begin, to in REACHED_FROM.items() if path.startswith(begin)), path)
    hrefs = (entry.href for part in NAVIGATION for entry in part.entries)
    return max(
        (h for h in hrefs if path == h or (h != "/" and path.startswith(h))), key=len, default=""
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation, the organisation's name, and whether this is the demonstration."""
    installation = getattr(request, "installation", None) or Installation.objects.first()
    return {
        "navigation": [
            Part(part.name, tuple(e for e in part.entries if there_is(e.href)))
            for part in NAVIGATION
        ],
        "current": current(request.path),
        "organisation_name": installation.name if installation else "Socius",
        "organisation_zone": installation.zone if installation else "UTC",
        "demonstration": settings.DEMONSTRATION,
        "path": request.path,
    }
