"""The reputation page, the question, its links, files of answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from socius.kit.errors import Conflict, Invalid
from socius.listen import reports
from socius.listen.actions import (
    adopt_question,
    close_survey_link,
    keep_as_series,
    make_survey_link,
    undo_responses,
)
from socius.listen.actions.reputation import Wording, current_question
from socius.listen.jobs.intake import take_file
from socius.listen.models import Intake, Query, Question, Reckoning, SurveyLink
from socius.organisation.actions import allowed, require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.web.downloads import as_csv
from socius.web.pages import acting, complain, found, number, query, say
from socius.web.screens.reputation.forms import AnswersForm, LinkForm, QuestionForm, pairs

PERIODS = (30, 90, 365)
COLUMNS = ("day", "channel", "index", "low", "high", "n", "effective", "raw", "unscored", "covered", "short_history", "missing", "plain")  # fmt: skip
SHOWN = 50
LARGEST_FILE = 20 * 1024 * 1024


def home(request: HttpRequest) -> HttpResponseBase:
    """All channels on top, each below on the same scale, and what they say against one another."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    asked = current_question()
    if asked is None:
        return render(request, "reputation/none.html", {"may": allowed(actor, "query.edit", None)})
    days = number(request, "days") or 90
    first = actor.at.date() - timedelta(days=min(days, 400))
    if request.GET.get("format") == "csv":
        rows = asked.standings.filter(day__gte=first).order_by("channel", "day")
        return as_csv("reputation", COLUMNS, ([getattr(r, c) for c in COLUMNS] for r in rows))
    page = page_of(request, asked, reports.panels(asked, first), days)
    page["scored_by"] = reports.scored_by()
    page["may_keep"] = allowed(actor, "outcome.import", asked)
    return render(request, "reputation/home.html", page)


def page_of(request: HttpRequest, asked: Question, panels: list[reports.Panel], days: int) -> dict[str, Any]:  # fmt: skip
    """What the page shows."""
    reckoning = Reckoning.objects.filter(question=asked).first()
    said = reckoning.said if reckoning else {}
    ends = [v for p in panels for r in p.rows for v in (r.low, r.high) if v is not None]
    scale = [max(0, int(min(ends, default=0) // 10 * 10)), min(100, int(-(-max(ends, default=100) // 10) * 10))]  # fmt: skip
    return {
        "question": asked, "panels": [(p, f"panel-{n}", {**p.chart, "scale": scale}) for n, p in enumerate(panels) if p.name],
        "all": next((p for p in panels if not p.name), None), "scale": scale,
        "all_chart": next(({**p.chart, "scale": scale} for p in panels if not p.name), None),
        "periods": [(n, query(request, days=n), n == days) for n in PERIODS], "csv": query(request, format="csv"),
        "reckoning": reckoning, "weights": sorted(said.get("weights", {}).items()), "weighted": said.get("weighted"),
        "contrasts": said.get("contrasts", []), "ranked": reports.ranked(asked),
        "absent": [r for p in panels if p.name for r in p.rows if r.index is None and r.missing != "not covered"],
        "former": Question.objects.exclude(pk=asked.pk),
    }  # fmt: skip


def question(request: HttpRequest) -> HttpResponseBase:
    """The question: what is asked now, and another wording."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    asked = current_question()
    queries = Query.objects.filter(visible(actor, "analytics.view"), archived_at=None)
    form = QuestionForm(request.POST or None, queries=queries, initial=initial(asked))
    if request.method == "POST" and form.is_valid():
        try:
            given = {**form.cleaned_data}
            given |= {name: pairs(given[name], name) for name in ("mix", "weights")}
            made = adopt_question(actor=actor, wording=Wording(**given))
        except Invalid as error:
            complain(form, error)
        else:
            say(request, f"This is asked from now on, as version {made.version}.")
            return redirect("reputation")
    return render(request, "reputation/question.html", {"form": form, "question": asked, "versions": Question.objects.select_related("made_by")})  # fmt: skip


def initial(asked: Question | None) -> dict[str, Any]:
    """The form of a question that stands."""
    if asked is None:
        return {"text": "How far do we meet your needs, in a way that does right by people and nature?"}  # fmt: skip
    names = ("text", "low", "high", "low_words", "high_words", "query")
    lines = {n: "\n".join(f"{k} {v:g}" for k, v in getattr(asked, n).items()) for n in ("mix", "weights")}  # fmt: skip
    return {**{n: getattr(asked, n) for n in names}, **lines}


def links(request: HttpRequest) -> HttpResponseBase:
    """Where the question can be answered."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hosts = [h for h in form.cleaned_data.pop("hosts").split() if h]
            made = make_survey_link(actor=actor, hosts=hosts, **form.cleaned_data)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, f"{made.name} can be answered from now on.")
            return redirect("reputation_links")
    rows = [(link, settings.ADDRESS + reverse("ask", args=[link.token]), settings.ADDRESS + reverse("ask_embedded", args=[link.token])) for link in SurveyLink.objects.filter(visible(actor, "analytics.view"))]  # fmt: skip
    return render(request, "reputation/links.html", {"rows": rows, "form": form, "asked": current_question()})  # fmt: skip


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ends a link."""
    actor = acting(request)
    link = found(SurveyLink.objects.filter(visible(actor, "analytics.view")), pk, "survey link")
    close_survey_link(link, actor=actor)
    say(request, f"{link.name} is closed; its answers stay.")
    return redirect("reputation_links")


def answers(request: HttpRequest) -> HttpResponseBase:
    """Answers from a file: tried first, then taken in."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    form = AnswersForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            report = taken(form.cleaned_data, actor)
        except (Invalid, Conflict) as error:
            form.add_error("file", str(error))
    rows = Intake.objects.filter(visible(actor, "analytics.view")).select_related("made_by", "undone_by")[:SHOWN]  # fmt: skip
    page = {"form": form, "report": report, "applied": report is not None and form.cleaned_data["apply"], "intakes": rows}  # fmt: skip
    return render(request, "reputation/answers.html", page)


def taken(data: dict[str, Any], actor: Actor) -> Any:
    """Reads the file of the form."""
    file = data["file"]
    if file.size > LARGEST_FILE:
        raise Invalid(f"{file.name} is larger than 20 MB.", field="file", repair="Take it in with socius listen answers.")  # fmt: skip
    return take_file(file.name, file.read(), actor=actor, channel=data["channel"], dry=not data["apply"])  # fmt: skip


@require_POST
def undo_answers(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes the answers of a file back."""
    actor = acting(request)
    row = found(Intake.objects.filter(visible(actor, "analytics.view")), pk, "file of answers")
    gone = undo_responses(row, actor=actor)
    say(request, f"{gone} answers of {row} are taken back. The file can be taken in again.")
    return redirect("reputation_answers")


@require_POST
def series(request: HttpRequest) -> HttpResponseBase:
    """Keeps the index as an outcome series."""
    actor = acting(request)
    asked = current_question()
    if asked is None:
        raise Conflict("No question is asked yet.")
    new, revised = keep_as_series(asked, actor=actor)
    say(
        request,
        f"{new} days kept as an outcome series, {revised} revised. Goals and effects can use it.",
    )
    return redirect("reputation")
