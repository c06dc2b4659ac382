"""Who acts: the bearer of a token, else the person of a session."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.utils import check_csrf

from socius.kit import clock
from socius.kit.errors import NotFound, Refused
from socius.organisation.actions import actor_for
from socius.organisation.models import Actor, Person

ORIGIN = "api"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of one's own."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "socius_session",
        "description": "Somebody who signed in; what writes needs the header X-CSRFToken besides.",
    },
}


def who(request: HttpRequest) -> Actor | None:
    """The actor of a request; None: say who you are. A token that is no good never falls back to the session."""
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, clear = header.partition(" ")
        if scheme.casefold() != "bearer" or not clear.strip():
            return None
        try:
            return actor_for(origin=ORIGIN, at=clock.now(), token=clear.strip())
        except NotFound:
            return None
    if not isinstance(request.user, Person):
        return None
    actor = Actor(request.user, ORIGIN, clock.now())
    if request.method not in SAFE and check_csrf(request) is not None:
        # The handler of the refusal puts the actor on record.
        request.auth = actor  # type: ignore[attr-defined]
        raise Refused(
            "A session that writes needs the header X-CSRFToken with the value of the cookie csrftoken.",
            right="csrf",
            node=actor.ref,
        )
    return actor


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; the door has seen to it that there is somebody."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor
