"""The list of series and the page of one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.activity.reports import installation
from socius.kit.errors import Invalid
from socius.measure.reports.veil import shown
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy import reports
from socius.strategy.actions import set_series
from socius.strategy.models import KPI, Series
from socius.strategy.reports import Value
from socius.web.downloads import as_file
from socius.web.pages import acting, complain, day, found, say
from socius.web.screens.series.forms import DescribeForm

SHOWN = 100


def listing(request: HttpRequest) -> HttpResponse:
    """All series, outcomes first, vanity last and muted."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    rows = reports.series_rows(actor, actor.day)
    return render(request, "series/list.html", {"rows": rows})


def of(actor: Actor, pk: int) -> Series:
    """The series, if the actor may see it."""
    return found(Series.objects.filter(visible(actor, "analytics.view")), pk, "series")


def known_on(request: HttpRequest) -> datetime | None:
    """The end of the day that `as_of` names; None: now."""
    asked = day(request, "as_of")
    zone = ZoneInfo(installation().zone)
    return datetime.combine(asked + timedelta(days=1), time(), zone) if asked else None


def one(request: HttpRequest, pk: int, form: DescribeForm | None = None) -> HttpResponse:
    """One series: its values, what was believed before, and what it is good for."""
    actor = acting(request)
    series = of(actor, pk)
    known = known_on(request)
    veil = shown(series, actor.at, known)
    values = veil.values
    kpis = KPI.objects.filter(series=series, known_until=None).select_related("goal")
    target = next((k.target for k in kpis if k.target is not None), None)
    page: dict[str, Any] = {
        "series": series,
        "now": reports.now_of([series], actor.day, as_of=known)[0],
        "chart": chart(series, values, float(target) if target is not None else None),
        "values": values[::-1][:SHOWN],
        "total": len(values),
        "revised": sum(bool(v.before) for v in values),
        "kpis": kpis,
        "veil": veil.say,
        "veiled": veil.veiled,
        "as_of": request.GET.get("as_of", ""),
        "form": form or DescribeForm(initial={**series.__dict__, "stated": series.class_name}),
    }
    return render(request, "series/one.html", page, status=422 if form else 200)


def chart(series: Series, values: list[Value], target: float | None) -> dict[str, Any]:
    """One line a place; a value taken back leaves a gap."""
    lines: dict[str, list[tuple[str, float | None]]] = {}
    for v in values:
        point = float(v.value) if v.value is not None else None
        lines.setdefault(v.place, []).append((v.date.isoformat(), point))
    vanity = series.class_name == "vanity"
    return {
        "name": series.name,
        "unit": series.measure_unit or series.currency,
        "target": None if vanity else target,
        "muted": vanity,
        "lines": [{"name": name, "points": points} for name, points in lines.items()],
    }


def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every value with every revision."""
    series = of(acting(request), pk)
    rows = (
        (v.date, v.place, value, known)
        for v in shown(series, acting(request).at, known_on(request)).values
        for value, known in ((v.value, v.known), *v.before)
    )
    return as_file(request, f"series-{pk}", ("date", "place", "value", "known_at"), rows)


@require_POST
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Unit, source and reason of a series; its class follows."""
    actor = acting(request)
    series = of(actor, pk)
    form = DescribeForm(request.POST)
    if form.is_valid():
        try:
            made, _ = set_series(series.unit, actor=actor, key=series.key, **form.cleaned_data)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, f"{made.name} is of class {made.class_name}. {made.class_reason}")
            return redirect("series", pk=pk)
    return one(request, pk, form)
