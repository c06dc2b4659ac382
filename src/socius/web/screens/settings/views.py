"""One's own tokens: made, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.engine.roles import AREAS
from socius.kit.errors import Invalid
from socius.organisation.actions import Spot, allowed, make_token, may_give, revoke_token
from socius.organisation.models import Actor, Token
from socius.web import pages
from socius.web.pages import acting
from socius.web.screens.settings.forms import TokenForm


def tokens(request: HttpRequest) -> HttpResponse:
    """Those of the person who looks; a POST makes one and shows it, this once."""
    actor = acting(request)
    home = Spot(actor.person.unit_id)
    mine = may_give(actor, home)
    form = TokenForm(request.POST or None, rights=sorted(mine))
    clear = made(form, actor) if request.method == "POST" and form.is_valid() else ""
    rows = Token.objects.filter(person=actor.person).order_by("-pk")
    page = {
        "form": TokenForm(rights=sorted(mine)) if clear else form,
        "clear": clear,
        "may": allowed(actor, "token.make", home),
        "areas": [(area, [r for r in rights if r in mine]) for area, rights in AREAS.items()],
        "chosen": request.POST.getlist("rights") if not clear else [],
        "tokens": [(row, row.valid(actor.at)) for row in rows],
    }
    response = render(request, "settings/tokens.html", page)
    response.headers["Cache-Control"] = "no-store"
    return response


def made(form: TokenForm, actor: Actor) -> str:
    """The text of the new token; '' where the form was wrong."""
    given = form.cleaned_data
    until = actor.at + timedelta(days=given["days"])
    try:
        _, clear = make_token(given["name"], frozenset(given["rights"]), until=until, actor=actor)
    except Invalid as error:
        pages.complain(form, error)
        return ""
    return clear


@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Ends a token at once."""
    actor = acting(request)
    token = pages.found(Token.objects.filter(person=actor.person), number, "token")
    revoke_token(token, actor=actor)
    messages.success(request, f"{token.name} is revoked: whatever used it is shut out from now on.")
    return redirect("tokens")
