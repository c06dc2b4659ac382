"""The list of what was registered, the planner, and the page of one experiment or sheet."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from socius.kit.child import Broken
from socius.kit.errors import Conflict, Invalid
from socius.measure.actions import About, Terms, plan_experiment, register_design
from socius.measure.models import Design, Effect
from socius.measure.reports.compliance import compliance, strays
from socius.measure.reports.effects import in_words, tells
from socius.measure.reports.groups import groups
from socius.measure.reports.trials import (
    CARRIED_OUT,
    KINDS,
    WORDS,
    Wish,
    planned_look,
    proposal,
    registered,
    rests_on,
    stage,
    trials,
)
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy import reports
from socius.strategy.models import Series
from socius.web.pages import acting, complain, found, number, say
from socius.web.screens.experiments.forms import PlanForm, ReasonForm, SheetForm

# Draws nothing that is kept: the power of a scheme does not depend on which assignment comes out.
PREVIEW_SEED = 1


def listing(request: HttpRequest) -> HttpResponse:
    """Experiments with their state, and sheets."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    sheets = registered(actor).filter(kind="sheet").order_by("superseded_by", "-start")
    page = {"rows": trials(actor), "sheets": sheets, "words": WORDS, "today": actor.day}
    return render(request, "experiments/list.html", page)


def given(actor: Actor) -> dict[str, Any]:
    """What the forms may offer."""
    seen = Series.objects.filter(visible(actor, "analytics.view"))
    return {"initiatives": reports.initiatives(actor), "series": seen}


def plan(request: HttpRequest) -> HttpResponse:
    """What an experiment could see; and, with the second button, its draw."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    first = {name: request.GET.get(name) for name in ("initiative", "series")}
    form = PlanForm(request.POST or None, initial=first, **given(actor))
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            if request.POST.get("act") == "draw":
                return redirect("design", pk=draw(request, actor, said).pk)
            preview = proposal(said["initiative"], said["series"], wish_from(said), at=actor.at, seed=PREVIEW_SEED)  # fmt: skip
            page |= {
                "preview": preview,
                "curve": curve(preview),
                "see": percent((preview["mde"] or {}).get("relative")),
                "unit": unit_of(said["series"]),
            }
        except Invalid as error:
            complain(form, error)
        except (Broken, Conflict) as error:
            form.add_error(None, f"{error} Nothing was kept.")
    return render(request, "experiments/plan.html", page, status=422 if form.errors else 200)


def draw(request: HttpRequest, actor: Actor, said: dict[str, Any]) -> Design:
    """Draws and keeps."""
    about = About(said["title"], said["hypothesis"], said["risk"])
    design = plan_experiment(said["initiative"], said["series"], wish=wish_from(said), actor=actor, about=about)  # fmt: skip
    say(request, "The assignment is drawn, hashed and logged. It binds from the first day on.")
    return design


def wish_from(said: dict[str, Any]) -> Wish:
    """The form as the planner takes it."""
    names = ("design", "start", "days", "block_days", "burn_in", "off_days", "looks", "neighbours")
    return Wish(**{name: said[name] for name in names}, worth=said["worth"] / 100, controls=tuple(said["controls"]))  # fmt: skip


def sheet(request: HttpRequest) -> HttpResponse:
    """Registers what will be estimated of an initiative or a group that has not begun."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    group = groups(actor).filter(pk=number(request, "group")).first() if "group" in request.GET else None  # fmt: skip
    first = {name: request.GET.get(name) for name in ("initiative", "series", "group")}
    first["end"] = group.end.isoformat() if group and group.end else None
    form = SheetForm(request.POST or None, initial=first, group=group, **given(actor))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        terms = Terms(said.get("start"), said["end"], said["worth"] / 100, tuple(said["controls"]))
        try:
            made = register_design(said["group" if group else "initiative"], said["series"], terms=terms, actor=actor)  # fmt: skip
        except Invalid as error:
            complain(form, error)
        except Broken as error:
            form.add_error(None, f"{error} Nothing was kept.")
        else:
            say(request, "The sheet is registered. An estimate of just this window and these controls may reach grade B.")  # fmt: skip
            return redirect("design", pk=made.pk)
    return render(request, "experiments/sheet.html", {"form": form, "group": group}, status=422 if form.errors else 200)  # fmt: skip


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One experiment or sheet. Before the end an experiment shows its assignment and no outcome."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    design = found(registered(actor), pk, "registered design")
    page: dict[str, Any] = {
        "design": design,
        "sheet": design.sheet,
        "unit": unit_of(design.series),
        "words": WORDS.get(
            design.kind, f"Sheet of an {'account group' if design.group_id else 'initiative'}"
        ),
        "state": stage(design, actor.day),
        "curve": curve(design.sheet),
        "see": percent(design.mde),
        "worth": percent(design.worth),
        "controls": design.controls.order_by("name"),
        "estimate": estimate_query(design),
        "effects": Effect.objects.filter(design=design, known_until=None),
        "reason_form": ReasonForm(),
        "look_due": planned_look(design, actor.day),
    }
    if design.experiment_id:
        page |= carried(design, actor)
    return render(request, "experiments/one.html", page)


def estimate_query(design: Design) -> str:
    """What the form of an estimate is opened with, so that it asks for just what was promised."""
    of = ("group", design.group_id) if design.group_id else ("initiative", design.initiative_id)
    controls = [("controls", c.pk) for c in design.controls.all()]
    return urlencode([of, ("series", design.series_id), ("start", design.start), ("end", design.end), *controls])  # fmt: skip


def carried(design: Design, actor: Actor) -> dict[str, Any]:
    """The assignment, how far it is carried out, and after the analysis the result."""
    cells = compliance(design, actor.at)
    judged = [k for k in cells if k.state in ("as assigned", "not as assigned")]
    right = sum(k.state == "as assigned" for k in judged)
    effect = Effect.objects.filter(design=design).select_related("series", "initiative").first()
    page: dict[str, Any] = {
        "cells": cells,
        "judged": len(judged),
        "right": right,
        "strays": strays(design, actor.at),
        "needed": round(100 * CARRIED_OUT),
        "place": KINDS[design.kind][1],
        "effect": effect,
    }
    if effect is not None:
        answer = effect.answer or {}
        page |= {"say": in_words(effect), "tells": tells(effect), "answer": answer, "arms": arms(answer, unit_of(design.series))}  # fmt: skip
    return page


def unit_of(series: Series) -> str:
    """The unit of a series."""
    return series.measure_unit or series.currency


def percent(share: float | None) -> str:
    """A share in per cent, three digits that count."""
    return "" if share is None else f"{100 * share:.3g}"


def curve(sheet: dict[str, Any]) -> dict[str, Any]:
    """The power curve: the chance to call each relative effect."""
    rows = [{"lift": 100 * r["lift"], "found": 100 * r["found"]} for r in sheet.get("lifts") or []]
    worth = sheet.get("worth", sheet.get("worth_acting_on"))
    return {
        "rows": rows,
        "worth": 100 * worth if worth else None,
        "wanted": 80,
        "say": rests_on(sheet.get("windows"), sheet.get("explained")),
    }


def arms(answer: dict[str, Any], unit: str) -> dict[str, Any]:
    """Each unit's outcome by arm."""
    return {"unit": unit, "rows": [u for u in answer.get("units") or [] if u["value"] is not None]}
