"""What every page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

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


NAVIGATION = (Part("Measure", (Entry("Line of sight", "route", "/"),)),)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation, the organisation's name, and whether this is the demonstration."""
    installation = Installation.objects.first()
    return {
        "navigation": NAVIGATION,
        "organisation_name": installation.name if installation else "Socius",
        "organisation_zone": installation.zone if installation else "UTC",
        "demonstration": settings.DEMONSTRATION,
        "path": request.path,
    }
