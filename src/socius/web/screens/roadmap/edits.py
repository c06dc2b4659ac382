"""One initiative on the roadmap, and what may be changed of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.assess.reports.roadmap import functions_of, roadmap
from socius.engine.roadmap import Flag, Plan, flags
from socius.kit.errors import Invalid
from socius.organisation.models import Unit
from socius.strategy import actions, reports
from socius.strategy.models import Initiative
from socius.web.pages import acting, complain, found, say
from socius.web.screens.roadmap import forms


def of(request: HttpRequest, pk: int) -> Initiative:
    """The initiative, if the actor may see it."""
    return found(reports.initiatives(acting(request)), pk, "initiative")


def others(request: HttpRequest, pk: int) -> Any:
    """What it may need: all that is to be done or was done, without itself."""
    rows = reports.initiatives(acting(request)).exclude(status="rejected")
    return rows.exclude(pk=pk).order_by("title")


def one(
    request: HttpRequest, pk: int, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """One initiative: its place in the order, what it is worth, what it needs."""
    actor, row = acting(request), of(request, pk)
    made = roadmap(actor, actor.day)
    needs = reports.needs_of([pk], actor).get(pk, [])
    given = {name: getattr(row, name) for name in forms.PlanForm.base_fields}
    given["functions"] = [f for f in forms.FUNCTIONS if f.casefold() in functions_of(row)]
    goals = made.works[str(pk)].goals
    page: dict[str, Any] = {
        "row": row,
        "work": made.works[str(pk)],
        "slot": next((s for s in made.plan.slots if s.item.id == str(pk)), None),
        "standing": made.standings.get(str(pk)),
        "flags": flags_of(str(pk), made.plan),
        "owners": sorted({g.executive_owner for g in goals if g.executive_owner}),
        "prerequisites": reports.prerequisites_of([pk], actor).get(pk, []),
        "plan_form": forms.PlanForm(initial=given),
        "needs_form": forms.NeedsForm(initial={"needs": needs}, rows=others(request, pk)),
        "first_form": forms.FirstForm(),
        "decide_form": forms.DecideForm(),
        "history": reports.history("initiative", pk),
        **(bound or {}),
    }
    return render(request, "roadmap/one.html", page, status=status)


def flags_of(key: str, whole: Plan) -> list[Flag]:
    """What is wrong with one initiative, in sentences that name no other for the same fault."""
    mine = [slot for slot in whole.slots if slot.item.id == key]
    alone = replace(whole, slots=tuple(mine))
    return [flag for flag in flags([slot.item for slot in mine], alone) if key in flag.items]


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is worth and takes."""
    form = forms.PlanForm(request.POST)
    if form.is_valid():
        try:
            actions.plan_initiative(of(request, pk), actor=acting(request), **form.fields_of())
        except Invalid as error:
            complain(form, error)
        else:
            say(request, "Its plan is changed; the order is worked out anew.")
            return redirect("roadmap_item", pk=pk)
    return one(request, pk, {"plan_form": form}, 422)


@require_POST
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    """What has to end before it begins."""
    form = forms.NeedsForm(request.POST, rows=others(request, pk))
    if form.is_valid():
        needed = form.cleaned_data["needs"]
        try:
            actions.need_initiatives(of(request, pk), needed=needed, actor=acting(request))
        except Invalid as error:
            complain(form, error)
        else:
            say(request, "What it needs is set.")
            return redirect("roadmap_item", pk=pk)
    return one(request, pk, {"needs_form": form}, 422)


@require_POST
def first(request: HttpRequest, pk: int) -> HttpResponse:
    """Which prerequisites there are, and which of them stand."""
    actor, row = acting(request), of(request, pk)
    form = forms.FirstForm(request.POST)
    if not form.is_valid():
        return one(request, pk, {"first_form": form}, 422)
    standing = reports.prerequisites_of([pk], actor).get(pk, [])
    dropped, met = (set(request.POST.getlist(name)) for name in ("drop", "met"))
    today = actor.day
    wanted = [
        actions.First(p.say, p.item, p.expected, (p.met_on or today) if str(p.pk) in met else None)
        for p in standing
        if str(p.pk) not in dropped
    ]
    said = form.cleaned_data
    if said["say"] or said["item"]:
        text = said["say"] or f"Gate {said['item']} stands"
        wanted.append(actions.First(text, said["item"], said["expected"]))
    left = actions.set_prerequisites(row, first=wanted, actor=actor)
    say(request, f"The list is set; {left} of {len(wanted)} do not stand yet.")
    return redirect("roadmap_item", pk=pk)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Reviews, accepts, turns down, places."""
    form = forms.DecideForm(request.POST)
    if form.is_valid():
        try:
            done = decided(request, of(request, pk), form.cleaned_data)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, done)
            return redirect("roadmap_item", pk=pk)
    return one(request, pk, {"decide_form": form}, 422)


def decided(request: HttpRequest, row: Initiative, said: dict[str, Any]) -> str:
    """Carries a decision out; returns what to tell."""
    actor, reason = acting(request), said["reason"]
    if said["act"] == "review":
        actions.review_initiative(row, actor=actor, reason=reason, due=said["due"])
        return "The review is written down."
    if said["act"] == "accept":
        actions.accept_initiative(row, actor=actor, reason=reason)
        return "It is accepted."
    if said["act"] == "turn_down":
        actions.turn_down(row, actor=actor, reason=reason)
        return "It stands on the list of what will not be done."
    actions.place_initiative(row, actor=actor, place=said["place"] or 0, reason=reason)
    return "Its place is chosen; your name stands beside it."


@require_POST
def frame(request: HttpRequest) -> HttpResponse:
    """How much all of it has to fit into."""
    form = forms.FrameForm(request.POST)
    if not form.is_valid():
        wrong = next(iter(form.errors.items()))
        raise Invalid(f"{wrong[0]}: {wrong[1][0]}", field=wrong[0])
    root = Unit.objects.get(kind="organisation")
    actions.set_frame(root, actor=acting(request), **form.cleaned_data)
    say(request, "The frame is set; the schedule is laid out anew.")
    return redirect("roadmap")
