"""What is done to an experiment: looked at early, stopped, analysed, learned from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from socius.kit.errors import Invalid
from socius.measure.actions import conclude_experiment, look_at_experiment
from socius.measure.models import Design
from socius.measure.reports.effects import number
from socius.measure.reports.trials import registered
from socius.strategy.actions import note_learning, stop_experiment
from socius.strategy.models import Experiment
from socius.web.pages import acting, found, say


def of(request: HttpRequest, pk: int) -> Design:
    """The design with a draw that the actor may see."""
    rows = registered(acting(request)).filter(experiment__isnull=False)
    return found(rows, pk, "registered design")


def trial(design: Design) -> Experiment:
    """Its experiment."""
    return Experiment.objects.get(pk=int(design.experiment_id or 0))


@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The contrast so far, on record."""
    design = of(request, pk)
    try:
        seen = look_at_experiment(design, actor=acting(request), reason=request.POST.get("reason", ""))  # fmt: skip
    except Invalid as error:
        say(request, f"Nothing was shown. {error}")
    else:
        say(request, f"The look is on record. {in_words(seen)}")
    return redirect("design", pk=pk)


def in_words(seen: dict[str, Any]) -> str:
    """What a look found, and what it cost."""
    if seen["planned"]:
        called = "beyond what the plan calls early: it may be stopped without losing its grade" if seen["called"] else "not enough to call it early"  # fmt: skip
        return f"It was part of the plan, so grade A stands. Up to {seen['day']} the difference is {number(seen['effect_mean'])}, p {seen['p']:.4f} against {seen['level']}: {called}."
    return f"The result has lost its grade A. With it {number(seen['on'])}, without it {number(seen['off'])} on average so far."


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends it early."""
    try:
        stop_experiment(trial(of(request, pk)), actor=acting(request), reason=request.POST.get("reason", ""))  # fmt: skip
    except Invalid as error:
        say(request, f"It runs on. {error}")
    else:
        say(request, "It is stopped: from tomorrow on nobody is bound. Its result will say so.")
    return redirect("design", pk=pk)


@require_POST
def analyse(request: HttpRequest, pk: int) -> HttpResponse:
    """The one analysis."""
    design = of(request, pk)
    try:
        effect = conclude_experiment(design, actor=acting(request))
    except Invalid as error:
        say(request, f"It was not analysed. {error}")
    else:
        say(request, "No effect is shown; the reason is kept." if effect.refused else f"The experiment is analysed: grade {effect.grade}.")  # fmt: skip
    return redirect("design", pk=pk)


@require_POST
def learning(request: HttpRequest, pk: int) -> HttpResponse:
    """What was learned."""
    try:
        note_learning(trial(of(request, pk)), actor=acting(request), text=request.POST.get("learning", ""))  # fmt: skip
    except Invalid as error:
        say(request, f"Nothing was noted. {error}")
    else:
        say(request, "What was learned is noted.")
    return redirect("design", pk=pk)
