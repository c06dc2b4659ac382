"""One's own tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status

from socius.api.acting import actor_of
from socius.api.finding import shown
from socius.api.paging import Page, Paging, rows_page
from socius.api.shapes.organisation import MadeTokenOut, TokenIn, TokenOut
from socius.api.values import Number
from socius.organisation import actions
from socius.organisation.models import Actor, Token

TAG = "tokens"
router = Router()


def shape(row: Token, actor: Actor) -> dict[str, Any]:
    """A token without its text."""
    return {
        "id": row.pk,
        "name": row.name,
        "prefix": row.prefix,
        "rights": sorted(row.rights),
        "made_at": row.made_at,
        "until": row.until,
        "last_used_at": row.last_used_at,
        "revoked_at": row.revoked_at,
        "valid": row.valid(actor.at),
    }


@router.get("/tokens", response=Page[TokenOut])
def list_tokens(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """One's own tokens, the newest first."""
    actor = actor_of(request)
    rows = Token.objects.filter(person=actor.person)
    return rows_page(rows, asked, lambda found: (shape(t, actor) for t in found), by="-pk")


@router.post("/tokens", response={201: MadeTokenOut})
def make_token(
    request: HttpRequest, response: HttpResponse, given: TokenIn
) -> Status[dict[str, Any]]:
    """Makes a token with at most what one may give; its text is shown this once."""
    actor = actor_of(request)
    until = actor.at + timedelta(days=given.days)
    row, clear = actions.make_token(given.name, frozenset(given.rights), until=until, actor=actor)
    response.headers["Cache-Control"] = "no-store"
    return Status(201, {**shape(row, actor), "token": clear})


@router.post("/tokens/{number}/revoke", response=TokenOut)
def revoke_token(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Ends a token at once."""
    actor = actor_of(request)
    row = shown(Token.objects.filter(person=actor.person), number)
    return shape(actions.revoke_token(row, actor=actor), actor)
