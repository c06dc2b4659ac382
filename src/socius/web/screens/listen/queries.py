"""The query manager: list, editor with its check and preview, archive."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from socius.engine.query.parser import parse
from socius.kit.errors import Invalid, NotFound
from socius.listen import reports
from socius.listen.actions import archive_query, edit_query, make_query, restore_query
from socius.listen.models import Query
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor, Unit
from socius.organisation.reports import visible, visible_units
from socius.web.pages import acting, complain, found, say
from socius.web.screens.listen.forms import QueryForm

TURNS = {"archive": archive_query, "restore": restore_query}


def listing(request: HttpRequest) -> HttpResponse:
    """All queries with what they found."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    seen = Query.objects.filter(visible(actor, "analytics.view")).select_related("owner", "unit")
    rows = reports.counted(seen)
    page = {"rows": [r for r in rows if not r[0].archived_at], "archived": [r for r in rows if r[0].archived_at]}  # fmt: skip
    return render(request, "listen/queries.html", page)


def home_unit(actor: Actor) -> Unit:
    """Where a new query belongs: the highest unit at which the actor may make one."""
    unit = visible_units(actor, "query.edit").order_by("ancestors__depth", "pk").first()
    return unit or Unit.objects.get(kind="organisation")


def new(request: HttpRequest) -> HttpResponse:
    """A new query."""
    actor = acting(request)
    require_somewhere(actor, "query.edit")
    form = QueryForm(request.POST or None, check=reverse("listen_check"))
    if request.method == "POST" and form.is_valid():
        try:
            made = make_query(home_unit(actor), actor=actor, **form.cleaned_data)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, f"{made.name} listens from now on.")
            return redirect("listen_queries")
    return render(request, "listen/query.html", {"form": form, "query": None})


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A query: its text, its versions."""
    actor = acting(request)
    query = found(Query.objects.filter(visible(actor, "analytics.view")), pk, "query")
    start = {"name": query.name, "text": query.text}
    form = QueryForm(request.POST or None, check=reverse("listen_check"), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            edited = edit_query(query, actor=actor, **form.cleaned_data)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, f"{edited.name} is saved as version {edited.version}.")
            return redirect("listen_query", pk=pk)
    page = {"form": form, "query": query, "versions": query.versions.select_related("made_by")}
    return render(request, "listen/query.html", page)


@require_POST
def turn(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Archives or restores."""
    actor = acting(request)
    query = found(Query.objects.filter(visible(actor, "analytics.view")), pk, "query")
    if act not in TURNS:
        raise NotFound(f"{act!r} is nothing that can be done with a query.")
    TURNS[act](query, actor=actor)
    other = "restore" if act == "archive" else "archive"
    say(request, f"{query.name}: {act}d.", undo=reverse("listen_query_turn", args=[pk, other]))
    return redirect("listen_queries")


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Errors and warnings of a draft, with their places; asks for a preview where it can be read."""
    require_somewhere(acting(request), "analytics.view")
    text = request.POST.get("text", "")
    read = parse(text) if text.strip() else None
    marked = [(e, text[e.start : e.end]) for e in (*read.errors, *read.warnings)] if read else []
    page = {"read": read, "marked": marked, "text": text}
    return render(request, "listen/checked.html", page)


def preview(request: HttpRequest) -> HttpResponse:
    """A draft on the last stored days."""
    require_somewhere(acting(request), "analytics.view")
    found_ = reports.looked("preview", text=request.GET.get("text", "")[:8192])
    return render(request, "listen/preview.html", found_)
