"""Five needs by data and by word; the hub's hours by type."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.assess.actions import answer_need, choose_preset
from socius.assess.reports.needs import centre_watch, needs
from socius.assess.reports.playbooks import library
from socius.engine.centre import Watch, share
from socius.engine.needs import CASES, LEVELS
from socius.kit.errors import Invalid
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Unit
from socius.strategy import reports
from socius.web.pages import acting, number, say

WIDE, HIGH = 14, 120
# What the hub may say instead of doing it: the conversation that a drift calls for.
TO_SAY = (
    ("Who asks most often", "You ask us for this again and again. Let us spend one afternoon so that you can do it yourselves, and from then on we check instead of make."),
    ("The sponsor", "Requests that serve no goal of yours take a growing part of our hours, as the picture above shows. Which of these three may we stop, and who tells the units?"),
    ("The team", "Every request gets one of three answers: here is how you do it, yes and it counts for this goal, or no and here is why."),
)  # fmt: skip


def home(request: HttpRequest) -> HttpResponse:
    """The five needs, the strongest first."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    made = needs(actor, actor.day)
    shelf = library()
    rows = [
        {"need": need, "note": made.notes.get(need.case.key, ""), "books": [shelf[k] for k in need.case.improve if k in shelf]}
        for need in made.rows
    ]  # fmt: skip
    page = {"rows": rows, "made": made, "levels": list(enumerate(LEVELS)), "cases": CASES}
    return render(request, "needs/home.html", page)


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """How strong one need is by the organisation's own word."""
    level = request.POST.get("level", "")
    if not level.isdecimal():
        raise Invalid(f"{level!r} is no level.", field="level", repair="Choose 0 to 4.")
    root = Unit.objects.get(kind="organisation")
    key, note = request.POST.get("need", ""), request.POST.get("note", "").strip()
    answer_need(root, actor=acting(request), use_case=key, level=int(level), note=note)
    say(request, "Your word stands beside the data.")
    return redirect("needs")


@require_POST
def preset(request: HttpRequest) -> HttpResponse:
    """Which screens are named first."""
    root = Unit.objects.get(kind="organisation")
    choose_preset(root, actor=acting(request), use_case=request.POST.get("need", ""))
    say(request, "The preset is chosen. Every screen stays where it is.")
    return redirect("needs")


def hub(request: HttpRequest) -> HttpResponse:
    """Whether the hub turns into a help desk."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    order = ("help_desk", "rising", "steady", "cannot_tell")
    hubs = [(pk, name, centre_watch(actor, pk)) for pk, name in reports.hubs_with_hours(actor)]
    hubs.sort(key=lambda row: order.index(row[2].verdict))
    chosen = number(request, "unit") or (hubs[0][0] if hubs else 0)
    watch = next((one for pk, _, one in hubs if pk == chosen), centre_watch(actor, chosen))
    page = {
        "hubs": hubs,
        "chosen": chosen,
        "watch": watch,
        "picture": picture(watch),
        "to_say": TO_SAY,
        "shares": shares(watch),
    }
    return render(request, "needs/hub.html", page)


def shares(watch: Watch) -> list[dict[str, Any]]:
    """Each week in figures, the latest first."""
    return [
        {"week": w, "requests": share(w), "linked": w.linked / w.total} for w in watch.weeks[::-1]
    ]


def picture(watch: Watch) -> dict[str, Any]:
    """Two lines over the weeks in pixels, and where it rang."""
    points = [
        (24 + at * WIDE, 8 + HIGH * (1 - share(w)), 8 + HIGH * (1 - w.linked / w.total), w.monday)
        for at, w in enumerate(watch.weeks)
    ]
    return {
        "width": 40 + max(len(points), 20) * WIDE,
        "height": HIGH + 40,
        "requests": " ".join(f"{x},{y:.1f}" for x, y, _, _ in points),
        "linked": " ".join(f"{x},{z:.1f}" for x, _, z, _ in points),
        "rang": next((x for x, _, _, day in points if day == watch.rang), None),
        "labels": [(x, day) for x, _, _, day in points[::8]],
        "rules": [(8, "100 %"), (8 + HIGH // 2, "50 %"), (8 + HIGH, "0 %")],
    }
