"""Who acts, what a browser may load, and the page for what went wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from socius.activity.models import Installation
from socius.kit import clock
from socius.kit.errors import Refused, SociusError
from socius.organisation.actions import record_refusal
from socius.organisation.models import Actor, Person

log = logging.getLogger(__name__)
Respond = Callable[[HttpRequest], HttpResponse]

# Nothing inline, nothing from elsewhere. Styles that charts set go through the document's own interface, which is allowed.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# `/rate/` is for raters and `/ask/` for whoever answers the reputation question: their link is the key.
OPEN = ("/sign-in/", "/static/", "/healthz", "/rate/", "/ask/")

# Listening cuts its days at midnight UTC, whoever looks, and its pages say so; all others show the organisation's time.
IN_UTC = ("/listen/",)


def security_headers(respond: Respond) -> Respond:
    """Sets what the browser must obey on every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        return response

    return middleware


def who_acts(respond: Respond) -> Respond:
    """Gives each request its actor and the organisation's time zone; without an actor every page leads to the sign-in page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Person):
            request.actor = Actor(request.user, "web", clock.now())  # type: ignore[attr-defined]
            home = request.installation = Installation.objects.first()  # type: ignore[attr-defined]
            zone = home.zone if home and not request.path.startswith(IN_UTC) else "UTC"
            with timezone.override(zone):
                return respond(request)
        if not request.path.startswith((*OPEN, "/api/")):
            return redirect_to_login(request.get_full_path())
        return respond(request)

    return middleware


class last_resort:  # noqa: N801 - a middleware is named as a function
    """Turns our errors into pages that say what to do; a refusal goes on record."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """One handler for the whole door."""
        if not isinstance(error, SociusError) or request.path.startswith("/api/"):
            return None
        if isinstance(error, Refused):
            record_refusal(error, request.actor)  # type: ignore[attr-defined]
        page = {"title": TITLES.get(error.http_status, "This did not work"), "say": str(error)}
        return render(request, "error.html", page, status=error.http_status)


TITLES = {
    403: "You may not do this here",
    404: "Not found",
    409: "It changed meanwhile",
    422: "Something in it is not right",
}
