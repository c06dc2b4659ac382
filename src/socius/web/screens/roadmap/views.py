"""The roadmap as a picture and as a list, the executives, the case for one of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.assess.actions import note_opening
from socius.assess.reports.executives import executives_of
from socius.assess.reports.pitch import pitch
from socius.assess.reports.roadmap import Roadmap, roadmap
from socius.engine.roadmap import quarter_name
from socius.engine.roadmap.picture import draw
from socius.measure.reports import asked
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Person
from socius.strategy import reports
from socius.web.pages import acting, found
from socius.web.screens.roadmap.forms import FrameForm, WhatIf


def home(request: HttpRequest) -> HttpResponse:
    """Timeline, order, what-if, what will not be done."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    form = WhatIf(request.GET or None)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    made = roadmap(
        actor,
        actor.day,
        capacity=said.get("capacity"),
        effort=(said.get("effort") or 100) / 100,
        hour_value=said.get("hour_value"),
    )
    stated = made.stated
    page = {
        "map": made,
        "rows": rows_of(made),
        "picture": draw(made.plan, made.asked),
        "form": form,
        "frame_form": FrameForm(initial=vars(stated) if stated else {"currency": "EUR"}),
        "years": years_of(made),
        "overridden": [w for w in made.works.values() if w.initiative.place],
    }
    return render(request, "roadmap/home.html", page, status=422 if form.errors else 200)


def rows_of(made: Roadmap) -> list[dict[str, Any]]:
    """The order as the table shows it: that of the plan as it stands."""
    named = {work.initiative.sponsor for work in made.works.values()}
    names = dict(Person.objects.filter(email__in=named).values_list("email", "name"))
    return [
        {
            "slot": slot,
            "work": made.works[slot.item.id],
            "standing": made.standings[slot.item.id],
            "tied": [made.works[other].initiative for other in made.standings[slot.item.id].tied],
            "needs": [made.works[need].initiative for need in slot.item.needs],
            "dates": dates_of(slot.first, slot.last),
            "sponsor": names.get(made.works[slot.item.id].initiative.sponsor)
            or made.works[slot.item.id].initiative.sponsor,
            "change": made.changes.get(slot.item.id),
        }
        for slot in made.plan.slots
    ]


def dates_of(first: int | None, last: int | None) -> str:
    """`2027 Q1 to 2027 Q3`"""
    if first is None or last is None:
        return ""
    return (
        quarter_name(first) if first == last else f"{quarter_name(first)} to {quarter_name(last)}"
    )


def years_of(made: Roadmap) -> list[tuple[int, float, float | None]]:
    """Likely points that have ended after one, two, three years; with a what-if also those of it."""
    other = made.asked.value_by_year() if made.asked else (None,) * 3
    return [
        (at, value, also)
        for at, (value, also) in enumerate(zip(made.plan.value_by_year(), other, strict=True), 1)
    ]


def executives(request: HttpRequest) -> HttpResponse:
    """Who is informed, engaged, aligned, by what they did in Socius."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    return render(request, "roadmap/executives.html", executives_of(actor, actor.day))


def case(request: HttpRequest, pk: int, owner: str) -> HttpResponse:
    """One initiative as a case for one sponsor: only goals of theirs that it touches."""
    actor = acting(request)
    initiative = found(reports.initiatives(actor), pk, "initiative")
    made = pitch(actor, initiative, owner, asked(actor.at))
    note_opening(actor, owner, f"initiative:{pk}")
    return render(request, "roadmap/case.html", {"case": made, "today": actor.day})
