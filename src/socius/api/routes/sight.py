"""The line of sight, and what was published about others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from socius.api.acting import actor_of
from socius.api.finding import maybe
from socius.api.rendering import as_it_is
from socius.api.shapes.records import FiguresOut, SightAsked, SightOut
from socius.engine.published import ROWS
from socius.measure.reports import asked, sighted
from socius.organisation.models import Unit

TAG = "line of sight"
router = Router()


@router.get("/line-of-sight", response=SightOut, by_alias=True)
def line_of_sight(request: HttpRequest, given: Query[SightAsked]) -> HttpResponse:
    """Which activity has a line to a goal, how far it gets and where it breaks."""
    actor = actor_of(request)
    question = asked(actor.at, given.as_of, given.first, given.last)
    where = maybe(Unit.objects.all(), given.unit, actor, "analytics.view")
    return as_it_is(sighted(actor, question, where))


@router.get("/published", response=FiguresOut)
def published(request: HttpRequest) -> dict[str, Any]:
    """Published survey figures, each with year, base and interval."""
    return {"figures": [row.as_json() for row in ROWS]}
