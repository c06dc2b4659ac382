"""The closed loop, and the page that describes which channels stand on the paths of a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.engine.demo.leads import PATHS
from socius.kit.errors import Invalid
from socius.measure.actions import count_leads
from socius.measure.reports.leads import METHODS, described, leads, loops, sources
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Unit
from socius.web.pages import acting, complain, dressed, say

MOST_BYTES = 20_000_000
SHOWN = 50


class PathsForm(forms.Form):
    """A file of paths."""

    paths = forms.FileField(
        label="A CSV of paths",
        help_text="path,conversions,nulls with “ > ” between channels, or path_id,at,channel,converted. Only consented paths. It is not kept.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)


def listing(request: HttpRequest) -> HttpResponse:
    """Leads by account and initiative, and how often each source is won."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    rows = leads(actor)
    accounts, initiatives = loops(rows, "account"), loops(rows, "initiative")
    page = {
        "total": rows.count(),
        "tied": rows.exclude(account=None, initiative=None, post="").count(),
        "won": rows.filter(stage="won").count(),
        "decided": rows.exclude(stage="open").count(),
        "accounts": accounts[:SHOWN],
        "initiatives": initiatives[:SHOWN],
        "more": max(0, len(accounts) - SHOWN),
        "sources": sources(rows),
    }
    return render(request, "leads/list.html", page)


@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Writes leads as outcome series."""
    try:
        made = count_leads(Unit.objects.get(kind="organisation"), actor=acting(request))
    except Invalid as error:
        say(request, f"Nothing was counted. {error}")
        return redirect("leads")
    say(request, f"Counted: {made[0]} and {made[1]} stand among the outcome series.")
    return redirect("leads")


def drawn(name: str, paths: bytes) -> dict[str, Any]:
    """What the page shows of a file of paths."""
    found = described(name, paths)
    rows = [{"name": c["channel"], "ours": False, "estimate": c["markov"], "low": c["low"], "high": c["high"]} for c in found["channels"]]  # fmt: skip
    return {"found": found, "chart": {"unit": "conversions", "rows": rows}}


def attribution(request: HttpRequest) -> HttpResponse:
    """Channels by several rules side by side, as a range."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    form = PathsForm(request.POST, request.FILES) if request.method == "POST" else PathsForm()
    page: dict[str, Any] = {"form": form, "methods": METHODS}
    if request.method == "GET" and ("example" in request.GET or settings.DEMONSTRATION):
        page |= {**drawn("example.csv", PATHS.encode()), "example": True}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["paths"]
        if file.size > MOST_BYTES:
            form.add_error("paths", "The file is larger than 20 MB. Use socius measure attribution.")  # fmt: skip
        else:
            try:
                page |= drawn(file.name, file.read())
            except Invalid as error:
                complain(form, error)
    return render(request, "leads/attribution.html", page, status=422 if form.errors else 200)
