"""The list of suspected rings, and the decision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.listen import reports
from socius.listen.actions import decide_ring
from socius.listen.models import Ring
from socius.organisation.actions import allowed, require_somewhere
from socius.organisation.reports import visible
from socius.web.pages import acting, found, say


def listing(request: HttpRequest) -> HttpResponse:
    """Rings with some of what they said."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    rings = Ring.objects.filter(visible(actor, "analytics.view")).select_related("decided_by")
    rows = [(ring, reports.mentions_by_key(ring.keys, ring.days)) for ring in rings[:20]]
    page = {"rows": rows, "total": rings.count(), "may": allowed(actor, "alert.handle", None)}
    return render(request, "rings/list.html", page)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirms or clears."""
    actor = acting(request)
    ring = found(Ring.objects.filter(visible(actor, "analytics.view")), pk, "ring")
    state, reason = request.POST.get("state", ""), request.POST.get("reason", "")
    decide_ring(ring, actor=actor, state=state, reason=reason)
    say(request, f"The ring is {state}. It counts from the next look on.")
    return redirect("rings")
