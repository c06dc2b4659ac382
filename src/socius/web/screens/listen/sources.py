"""Sources: how they stand, what they covered, what could not be read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from socius.kit.errors import Invalid, NotFound
from socius.listen import reports
from socius.listen.actions import add_source, pause_source, resume_source
from socius.listen.models import Source
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Unit
from socius.organisation.reports import visible
from socius.web.pages import acting, complain, found, say
from socius.web.screens.listen.forms import SourceForm

TURNS = {"pause": (pause_source, "resume"), "resume": (resume_source, "pause")}
SAMPLE = 20


def listing(request: HttpRequest) -> HttpResponse:
    """Every source with its last 24 hours; the form that adds one."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            root = Unit.objects.get(kind="organisation")
            made = add_source(root, actor=actor, **form.cleaned_data)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, f"{made.name} is collected as soon as the worker has seen it.")
            return redirect("listen_sources")
    rows = Source.objects.filter(visible(actor, "analytics.view"))
    strips = [(s, reports.strip(s, actor.at)) for s in rows]
    return render(request, "listen/sources.html", {"rows": strips, "form": form})


@require_POST
def turn(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Pauses or resumes."""
    actor = acting(request)
    source = found(Source.objects.filter(visible(actor, "analytics.view")), pk, "source")
    if act not in TURNS:
        raise NotFound(f"{act!r} is nothing that can be done with a source.")
    do, back = TURNS[act]
    do(source, actor=actor)
    say(request, f"{source.name}: {act}d.", undo=reverse("listen_source_turn", args=[pk, back]))
    return redirect("listen_sources")


def quarantine(request: HttpRequest) -> HttpResponse:
    """The newest records that could not be read."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    names = {f"source:{s.pk}": s.name for s in Source.objects.all()}
    rows = reports.looked("quarantine", limit=SAMPLE)["rows"]
    shown = [{**r, "source": names.get(r["source"], r["source"])} for r in rows]
    return render(request, "listen/quarantine.html", {"rows": shown})
