"""The result of a wave, its gaps, its report, and the published figures."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.assess.models import CLOSED, Assessment
from socius.assess.reports.evidence import backed
from socius.assess.reports.waves import aggregate_export, taken_part, wave, waves, words_of
from socius.engine.assessment.questionnaire import Questionnaire, questionnaire
from socius.engine.published import ROWS
from socius.kit.errors import NotFound
from socius.organisation.actions import allowed, require_somewhere
from socius.organisation.models import Actor, Person
from socius.web.pages import acting
from socius.web.screens.assess import pictures

FIRST_GATES = 3
MOST_GAPS = 10


def home(request: HttpRequest) -> HttpResponse:
    """The newest closed wave, or the first step."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    rows = list(waves(actor))
    closed = [row for row in rows if row.state == CLOSED and row.result]
    if closed:
        return result_page(request, actor, closed[0], rows)
    page = {"waves": rows, "may_run": may_run(actor)}
    return render(request, "assess/first.html", page)


def may_run(actor: Actor, found: Assessment | None = None) -> bool:
    """Whether buttons that run an assessment are shown."""
    return allowed(actor, "assessment.run", found.unit if found else None)


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The result of one wave."""
    actor = acting(request)
    found = closed_wave(pk, actor)
    return result_page(request, actor, found, list(waves(actor)))


def closed_wave(pk: int, actor: Actor) -> Assessment:
    """A wave with a result."""
    found = wave(pk, actor)
    if found.result is None:
        raise NotFound(f"{found.name} has no result yet: it is {found.state}.")
    return found


def result_page(
    request: HttpRequest, actor: Actor, found: Assessment, rows: list[Assessment]
) -> HttpResponse:
    """Stage, what holds it back, factors, coherence, history, figures, doubts."""
    history = pictures.history(rows)
    page = {
        **parts(found),
        "waves": rows,
        "history": history,
        "since": pictures.since(history, found),
        "radar": pictures.radar(found, rows),
        "chart": pictures.waves_chart(history) if len(history) > 1 else None,
        "may_run": may_run(actor, found),
    }
    return render(request, "assess/result.html", page)


def parts(found: Assessment) -> dict[str, Any]:
    """What the page and the printed report share."""
    result: dict[str, Any] = found.result or {}
    form = questionnaire(found.form)
    gates = pictures.unmet(result, form)
    return {
        "wave": found,
        "result": result,
        "ladder": pictures.ladder(result),
        "first_gates": gates[:FIRST_GATES],
        "gates": gates,
        "next_stage": result["stage"] + 1 if gates else None,
        "factors": pictures.factors(result),
        "rules": pictures.rules(result),
        "strip": pictures.strip(result, form),
        "part": taken_part(found),
        "backed": backed(found),
        "agreed": agreed_of(found),
    }


def agreed_of(found: Assessment) -> list[Any]:
    """What was agreed, what is still to be done first; each with its gap in words."""
    form = questionnaire(found.form)
    rows: list[Any] = list(
        found.agreed.select_related("owner", "done_by").order_by("due", "agreed_at")
    )
    for row in rows:
        row.about = pictures.gap_words(row.item, found.result or {}, form)
    return sorted(rows, key=lambda row: (row.done_on is not None, row.due))


def gaps(request: HttpRequest, pk: int) -> HttpResponse:
    """Where groups see the same practice differently, and what was agreed about it."""
    actor = acting(request)
    found = closed_wave(pk, actor)
    return render(request, "assess/gaps.html", {**gap_parts(found), "may_run": may_run(actor, found), "today": actor.day, "asked": request.GET.get("gap", ""), "people": Person.objects.filter(disabled_at=None).order_by("name")[:300]})  # fmt: skip


def gap_parts(found: Assessment) -> dict[str, Any]:
    """What the page of gaps and the workshop sheet share."""
    result: dict[str, Any] = found.result or {}
    form = questionnaire(found.form)
    rows = pictures.contrasts(result, form)
    every = agreed_of(found)
    agreed = {row.item: row for row in reversed(every)}
    for row in rows:
        row["agreed"] = agreed.get(row["key"])
    clear = [row for row in rows if row["verdict"]]
    others = [row for row in rows if not row["verdict"]][:MOST_GAPS]
    return {
        "wave": found,
        "result": result,
        "clear": clear,
        "others": others,
        "placed": result["placed"],
        "words": words_of(found),
        "notes": found.notes.select_related("written_by").order_by("item"),
        "agreed": every,
        "between": between(result, form, agreed),
        "open_gaps": pictures.gaps_of(result, form, [*clear, *others]),
    }


def between(
    result: dict[str, Any], form: Questionnaire, agreed: dict[str, Any]
) -> list[tuple[str, Any]]:
    """For the sheet: gaps that are none between groups, the nearest first, with what was agreed; as many as a workshop can take."""
    rows = [row for _, found in pictures.gaps_of(result, form, ()) for row in found[:FIRST_GATES]]
    return [(words, agreed.get(key)) for key, words in rows]


def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The gaps on paper, for a workshop."""
    return render(request, "assess/sheet.html", gap_parts(closed_wave(pk, acting(request))))


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The result on paper."""
    found = closed_wave(pk, acting(request))
    return render(request, "assess/report.html", parts(found))


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own anonymised aggregate with the questionnaire."""
    actor = acting(request)
    found = closed_wave(pk, actor)
    text = json.dumps(aggregate_export(found, actor), ensure_ascii=False, indent=1)
    response = HttpResponse(text + "\n", content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="assessment-{found.pk}.json"'
    return response


def benchmark(request: HttpRequest) -> HttpResponse:
    """Every published figure with its base, interval and source."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    rows = [{"figure": row, **pictures.whisker(row)} for row in ROWS]
    return render(request, "assess/benchmark.html", {"rows": rows})
