"""Who acts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from socius.activity.reports import installation
from socius.api.acting import actor_of
from socius.api.shapes.organisation import MeOut

TAG = "me"
router = Router()


@router.get("/me", response=MeOut)
def me(request: HttpRequest) -> dict[str, Any]:
    """Whose token this is, what it carries, and which organisation stands here."""
    actor, home = actor_of(request), installation()
    carried = actor.token_rights
    return {
        "person": actor.person,
        "organisation": home.name,
        "zone": home.zone,
        "demonstration": bool(settings.DEMONSTRATION),
        "token_rights": None if carried is None else sorted(carried),
        "at": actor.at,
    }
