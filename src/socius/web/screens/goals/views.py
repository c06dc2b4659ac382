"""The list of goals and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from socius.kit.errors import Invalid
from socius.measure.reports import asked
from socius.measure.reports.cases import Case, cases
from socius.measure.reports.value import together, valued
from socius.measure.reports.veil import shown
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor, Person
from socius.strategy import reports
from socius.strategy.actions import close_goal, drop_kpi, reopen_goal, set_goal, set_kpi
from socius.strategy.models import KPI, OBJECTIVES, Goal
from socius.web.pages import Chip, acting, complain, day, found, query, say
from socius.web.screens.goals.forms import CloseForm, GoalForm, KPIForm, NewGoalForm

NEWEST = 24  # values that the table beside a chart shows


def listing(request: HttpRequest) -> HttpResponse:
    """All goals with how far the line to each gets."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    owner, closed = request.GET.get("owner", ""), request.GET.get("closed") == "yes"
    rows = reports.goals(actor, owner=owner, closed=closed)
    chips = [Chip(f"of {owner}", query(request, owner=None))] if owner else []
    made = cases(actor, rows, asked(actor.at))
    page = {
        "cases": made,
        "chips": chips,
        "closed": closed,
        "turned": query(request, closed=None if closed else "yes"),
    }
    return render(request, "goals/list.html", page)


def of(actor: Actor, pk: int) -> Goal:
    """The goal, if the actor may see it."""
    return found(reports.goals(actor, closed=True), pk, "goal")


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One goal: the whole walk in both directions."""
    actor = acting(request)
    goal = of(actor, pk)
    question = asked(actor.at, day(request, "as_of"))
    case = cases(actor, [goal], question)[0]
    page: dict[str, Any] = {
        "case": case,
        "goal": goal,
        "objective": OBJECTIVES.get(goal.objective, ""),
        "pictures": pictures(case, actor.at),
        "sums": together(valued([work.initiative for work in case.works], actor)),
        "window": question.window,
        "close": CloseForm(),
        "history": reports.history("goal", goal.pk),
    }
    return render(request, "goals/one.html", page)


def pictures(case: Case, at: datetime) -> list[dict[str, Any]]:
    """For each KPI with data what its chart and the table beside it show."""
    drawn = []
    for stated in case.kpis:
        series = stated.kpi.series
        if series is None or stated.now is None or stated.now.newest is None:
            continue
        values = shown(series, at).values
        lines: dict[str, list[tuple[str, float]]] = {}
        for v in values:
            if v.value is not None:
                lines.setdefault(v.place, []).append((v.date.isoformat(), float(v.value)))
        chart = {
            "name": series.name,
            "unit": series.measure_unit or series.currency,
            "target": float(stated.kpi.target) if stated.kpi.target is not None else None,
            "muted": stated.class_name != "outcome",
            "lines": [{"name": name, "points": points} for name, points in lines.items()],
        }
        drawn.append({"stated": stated, "id": f"series-{stated.kpi.pk}", "chart": chart, "values": values[::-1][:NEWEST], "more": max(len(values) - NEWEST, 0)})  # fmt: skip
    return drawn


def form_page(
    request: HttpRequest, form: Any, title: str, save: Callable[[dict[str, Any]], Goal], back: str
) -> HttpResponse:
    """A form on a page of its own; `save` calls one action."""
    if request.method == "POST" and form.is_valid():
        try:
            goal = save(form.cleaned_data)
        except Invalid as error:
            complain(form, error)
        else:
            return redirect("goal", pk=goal.pk)
    people = Person.objects.filter(disabled_at=None).order_by("email")[:300]
    page = {"form": form, "title": title, "back": back, "people": people}
    return render(request, "goals/form.html", page, status=422 if form.errors else 200)


def new(request: HttpRequest) -> HttpResponse:
    """A goal that was not there before."""
    actor = acting(request)

    def save(said: dict[str, Any]) -> Goal:
        unit = said.pop("unit")
        goal, _ = set_goal(unit, actor=actor, key=free_key(said["statement"]), **said)
        say(request, "The goal is set. Say next what it is measured by.")
        return goal

    return form_page(request, NewGoalForm(request.POST or None), "A new goal", save, "/goals/")


def free_key(statement: str) -> str:
    """A key that no goal has yet."""
    stem = slugify(statement)[:60].strip("-") or "goal"
    taken = set(Goal.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return stem if stem not in taken else f"{stem}-{len(taken) + 1}"


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words, another owner, another period."""
    actor = acting(request)
    goal = of(actor, pk)
    first = {name: getattr(goal, name) for name in GoalForm.base_fields}

    def save(said: dict[str, Any]) -> Goal:
        changed, outcome = set_goal(goal.unit, actor=actor, key=goal.key, **said)
        say(request, "Nothing was different." if outcome == "unchanged" else "The goal is changed; the history keeps what stood there.")  # fmt: skip
        return changed

    form = GoalForm(request.POST or None, initial=first)
    return form_page(request, form, str(goal), save, f"/goals/{pk}/")


def kpi(request: HttpRequest, pk: int) -> HttpResponse:
    """What the goal is measured by."""
    actor = acting(request)
    goal = of(actor, pk)

    def save(said: dict[str, Any]) -> Goal:
        made, _ = set_kpi(goal, actor=actor, **said)
        say(request, f"{made.measure} measures this goal now, as {made.class_name}.")
        return goal

    form = KPIForm(request.POST or None, initial={"direction": "up"})
    return form_page(request, form, "What the goal is measured by", save, f"/goals/{pk}/")


@require_POST
def end_kpi(request: HttpRequest, pk: int, kpi_pk: int) -> HttpResponse:
    """Ends a KPI; what it was stays known."""
    actor = acting(request)
    row = get_object_or_404(KPI, pk=kpi_pk, goal=of(actor, pk), known_until=None)
    drop_kpi(row, actor=actor)
    say(request, f"{row.measure} no longer measures this goal.")
    return redirect("goal", pk=pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a goal before its period does."""
    actor = acting(request)
    form = CloseForm(request.POST)
    if not form.is_valid():
        raise Invalid("Closing a goal needs a reason.", field="reason")
    close_goal(of(actor, pk), actor=actor, reason=form.cleaned_data["reason"])
    say(request, "The goal is closed: no activity reaches it from now on.", f"/goals/{pk}/reopen/")
    return redirect("goal", pk=pk)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the closing back."""
    reopen_goal(of(acting(request), pk), actor=acting(request))
    say(request, "The goal runs again.")
    return redirect("goal", pk=pk)
