"""Initiatives with goals, accounts, cost and effects; experiments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.actions import record_effect
from socius.measure.reports import asked, sighted
from socius.measure.reports.cases import found_of
from socius.measure.reports.value import valued
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor, Person
from socius.organisation.reports import visible
from socius.strategy import reports
from socius.strategy.actions import serve_goals, set_experiment, set_initiative
from socius.strategy.models import Experiment, Initiative
from socius.web.pages import acting, complain, found, say
from socius.web.screens.initiatives import forms

Saved = Callable[[dict[str, Any]], str]


def listing(request: HttpRequest) -> HttpResponse:
    """All initiatives and experiments."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    question = asked(actor.at)
    carried = through(actor)
    best: dict[int, Any] = {}
    for one in found_of(actor, question):
        best.setdefault(one.effect.initiative_id or 0, one)
    rows = reports.works(reports.initiatives(actor), actor)
    page = {
        "rows": [
            (work, carried[work.initiative.title], best.get(work.initiative.pk)) for work in rows
        ],
        "trials": reports.experiments(actor),
        "today": actor.day,
        "window": question.window,
    }
    return render(request, "initiatives/list.html", page)


def through(actor: Actor) -> Counter[str]:
    """Activities of the last 90 days by the initiative on their best line."""
    carried: Counter[str] = Counter()
    for one in sighted(actor, asked(actor.at))["flow"]:
        if one["initiative"]:
            carried[one["initiative"]] += one["activities"]
    return carried


def of(actor: Actor, pk: int) -> Initiative:
    """The initiative, if the actor may see it."""
    return found(reports.initiatives(actor), pk, "initiative")


def one(
    request: HttpRequest, pk: int, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """One initiative."""
    actor = acting(request)
    initiative = of(actor, pk)
    work = reports.works([initiative], actor)[0]
    given: dict[str, Any] = {"goals": [goal.pk for goal in work.goals]}
    page: dict[str, Any] = {
        "work": work,
        "initiative": initiative,
        "activities": through(actor)[initiative.title],
        "effects": found_of(actor, asked(actor.at), initiative),
        "valued": valued([initiative], actor)[0],
        "goals_form": forms.GoalsForm(initial=given, goals=reports.running_goals(actor)),
        "effect_form": forms.EffectForm(),
        "history": reports.history("initiative", pk),
        **(bound or {}),
    }
    return render(request, "initiatives/one.html", page, status=status)


def form_page(request: HttpRequest, form: Any, save: Saved, title: str, back: str) -> HttpResponse:
    """A form on a page of its own; `save` calls one action and says where to go."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(save(form.cleaned_data))
        except Invalid as error:
            complain(form, error)
    people = Person.objects.filter(disabled_at=None).order_by("email")[:300]
    page = {"form": form, "title": title, "back": back, "people": people}
    return render(request, "initiatives/form.html", page, status=422 if form.errors else 200)


def free_key(title: str, taken: QuerySet[Any]) -> str:
    """A key that nothing has yet."""
    stem = slugify(title)[:60].strip("-") or "one"
    n = taken.filter(key__startswith=stem).count()
    return stem if not taken.filter(key=stem).exists() else f"{stem}-{n + 1}"


def new(request: HttpRequest) -> HttpResponse:
    """An initiative that was not there before."""
    actor = acting(request)

    def save(said: dict[str, Any]) -> str:
        key = free_key(said["title"], Initiative.objects.all())
        made, _ = set_initiative(said.pop("unit"), actor=actor, key=key, **said)
        say(request, "The initiative is made. Say next which goals it serves.")
        return f"/initiatives/{made.pk}/#goals"

    form = forms.NewInitiativeForm(request.POST or None, initial={"status": "idea"})
    return form_page(request, form, save, "A new initiative", "/initiatives/")


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words, dates, costs."""
    actor = acting(request)
    initiative = of(actor, pk)
    first = {name: getattr(initiative, name) for name in forms.InitiativeForm.base_fields}

    def save(said: dict[str, Any]) -> str:
        set_initiative(initiative.unit, actor=actor, key=initiative.key, **said)
        say(request, "The initiative is changed.")
        return f"/initiatives/{pk}/"

    form = forms.InitiativeForm(request.POST or None, initial=first)
    return form_page(request, form, save, initiative.title, f"/initiatives/{pk}/")


@require_POST
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    """Which goals it serves."""
    actor = acting(request)
    form = forms.GoalsForm(request.POST, goals=reports.running_goals(actor))
    if not form.is_valid():
        return one(request, pk, {"goals_form": form}, 422)
    serve_goals(of(actor, pk), goals=form.cleaned_data["goals"], actor=actor)
    say(request, "Its goals are set; what runs under it counts for them from now on.")
    return redirect("initiative", pk=pk)


@require_POST
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """An effect that somebody found outside Socius."""
    actor = acting(request)
    initiative = of(actor, pk)
    form = forms.EffectForm(request.POST)
    if form.is_valid():
        try:
            made, _ = record_effect(initiative, actor=actor, **form.cleaned_data)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, f"The effect is written down, as entered by hand: grade {made.grade}.")
            return redirect("initiative", pk=pk)
    return one(request, pk, {"effect_form": form}, 422)


def new_trial(request: HttpRequest) -> HttpResponse:
    """An experiment that was not there before."""
    actor = acting(request)

    def save(said: dict[str, Any]) -> str:
        key = free_key(said["title"], Experiment.objects.all())
        set_experiment(said.pop("unit"), actor=actor, key=key, **said)
        say(request, "The experiment is planned. Accounts under it have a line until its end.")
        return "/initiatives/#experiments"

    form = forms.NewTrialForm(request.POST or None)
    return form_page(request, form, save, "A new experiment", "/initiatives/")


def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Another title, other dates."""
    actor = acting(request)
    seen = Experiment.objects.known_at(micros(actor.at)).filter(
        visible(actor, "analytics.view", own="experiment")
    )
    row = found(seen, pk, "experiment")

    def save(said: dict[str, Any]) -> str:
        set_experiment(row.unit, actor=actor, key=row.key, **said)
        say(request, "The experiment is changed.")
        return "/initiatives/#experiments"

    first = {name: getattr(row, name) for name in forms.TrialForm.base_fields}
    form = forms.TrialForm(request.POST or None, initial=first)
    return form_page(request, form, save, row.title, "/initiatives/")
