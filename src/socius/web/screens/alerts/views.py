"""Alerts: the list, one with its evidence, what a person does with it, how alarms are set."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.kit.errors import Invalid, NotFound
from socius.listen import reports
from socius.listen.actions import (
    acknowledge_alert,
    close_alert,
    hand_alert,
    note_alert,
    set_alerting,
    set_threshold,
)
from socius.listen.actions.alerts import alerting
from socius.listen.models import Alert, Query
from socius.organisation.actions import allowed, require_somewhere
from socius.organisation.models import Actor, Grant, Person
from socius.organisation.reports import visible
from socius.web.downloads import as_file
from socius.web.pages import acting, complain, found, number, page_of, query, say
from socius.web.screens.alerts.forms import (
    AlertingForm,
    CloseForm,
    HandForm,
    NoteForm,
    ThresholdForm,
)

STATES = ("open", "acknowledged", "closed")
COLUMNS = ("id", "level", "state", "query", "reason", "onset", "until", "expected", "observed", "authors", "negative", "opened", "owner", "acknowledged", "due", "closed", "verdict")  # fmt: skip


def listing(request: HttpRequest) -> HttpResponseBase:
    """Alerts, the newest first, narrowed by state, level and query."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    chosen = {"state": request.GET.get("state", ""), "level": number(request, "level"), "query": number(request, "query")}  # fmt: skip
    seen = reports.seen_alerts(actor)
    rows = reports.narrowed(seen, **chosen)  # type: ignore[arg-type]
    if request.GET.get("format"):
        return as_file(request, "alerts", COLUMNS, (line(a) for a in rows))
    counts = [(s, query(request, state=None if chosen["state"] == s else s), reports.narrowed(seen, state=s).count(), chosen["state"] == s) for s in STATES]  # fmt: skip
    levels = [(n, query(request, level=None if chosen["level"] == n else n), chosen["level"] == n) for n in (3, 2, 1)]  # fmt: skip
    page = {
        "page": page_of(request, rows), "counts": counts, "levels": levels, "csv": query(request, format="csv"), "parquet": query(request, format="parquet"),
        "row": alerting(), "false": reports.false_alarms(actor), "chosen": chosen, "now": actor.at,
        "queries": Query.objects.filter(visible(actor, "analytics.view"), archived_at=None).exists(),
        "waiting": list(reports.narrowed(seen, state="open").order_by("-level", "opened_at")[:1]),
    }  # fmt: skip
    return render(request, "alerts/list.html", page)


def line(a: Alert) -> list[Any]:
    """An alert in a file."""
    return [
        a.pk, a.level, a.state, a.query.name, a.reason, a.onset.isoformat(), a.until.isoformat(), a.expected, a.observed,
        a.authors, a.negative, a.opened_at.isoformat(), a.owner.email if a.owner else "", a.acknowledged_at, a.due_at,
        a.closed_at, a.verdict,
    ]  # fmt: skip


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """An alert with what is needed to judge it."""
    actor = acting(request)
    alert = found(reports.seen_alerts(actor), pk, "alert")
    first, top = reports.told_in(alert)
    return render(request, "alerts/one.html", page(alert, actor) | {"first": first, "top": top, "scored_by": reports.scored_by()})  # fmt: skip


def page(alert: Alert, actor: Actor) -> dict[str, Any]:
    """Everything on the page of an alert but its mentions."""
    may = allowed(actor, "alert.handle", alert)
    buckets = [(datetime.fromtimestamp(t, UTC), n, e, h) for t, n, e, h in alert.evidence.get("buckets", [])]  # fmt: skip
    chart = {
        "when": [t.strftime("%Y-%m-%dT%H:%MZ") for t, _, _, _ in buckets], "seen": [n for _, n, _, _ in buckets],
        "expected": [e for _, _, e, _ in buckets], "high": [h for _, _, _, h in buckets],
        "onset": alert.onset.strftime("%Y-%m-%dT%H:%MZ"),
    }  # fmt: skip
    people = Person.objects.filter(disabled_at=None, pk__in=Grant.objects.active(actor.at).values("person"))  # fmt: skip
    return {
        "alert": alert, "may": may, "buckets": buckets, "chart": chart, "now": actor.at, "notes": alert.notes.select_related("by"),
        "gaps": sum(n is None for _, n, _, _ in buckets),
        "counted": sum(c["n"] for c in alert.evidence.get("channels", {}).values()),
        "weighted": alert.evidence.get("weighted"), "channels": alert.evidence.get("channels", {}),
        "note": NoteForm(), "close": CloseForm(auto_id="close-%s"), "hand": HandForm(people=people),
    }  # fmt: skip


@require_POST
def turn(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """What a person does with an alert."""
    actor = acting(request)
    alert = found(reports.seen_alerts(actor), pk, "alert")
    given = request.POST
    if act == "acknowledge":
        done = acknowledge_alert(alert, actor=actor)
        say(request, f"You have it. A response is due by {done.due_at:%Y-%m-%d %H:%M} UTC.")
    elif act == "note":
        note_alert(alert, actor=actor, text=given.get("text", ""))
    elif act == "close":
        close_alert(
            alert, actor=actor, verdict=given.get("verdict", ""), text=given.get("text", "")
        )
        say(request, "The alert is closed.")
    elif act == "hand":
        to = found(Person.objects.all(), int(given.get("to", "0")) if given.get("to", "").isdecimal() else 0, "person")  # fmt: skip
        hand_alert(alert, actor=actor, to=to)
        say(request, f"{to} has it now.")
    else:
        raise NotFound(f"{act!r} is nothing that can be done with an alert.")
    return redirect("alert", pk=pk)


def settle(request: HttpRequest) -> HttpResponse:
    """The budget of false alarms, the response times, and limits of one's own."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    queries = Query.objects.filter(visible(actor, "analytics.view"), archived_at=None)
    limit = request.POST.get("what") == "limit"
    form = AlertingForm(request.POST if request.POST and not limit else None, row=alerting())
    other = ThresholdForm(request.POST if limit else None, queries=queries)
    chosen = other if limit else form
    if request.method == "POST" and chosen.is_valid():
        try:
            kept(chosen.cleaned_data, actor, limit=limit)
        except Invalid as error:
            complain(chosen, error)
        else:
            say(request, "Kept; it counts from the next look on.")
            return redirect("alerts_settings")
    limits = [q for q in queries.select_related("threshold") if hasattr(q, "threshold")]
    return render(request, "alerts/settings.html", {"form": form, "other": other, "limits": limits})


def kept(data: dict[str, Any], actor: Actor, *, limit: bool) -> None:
    """Writes what one of the two forms says."""
    if limit:
        set_threshold(data["query"], actor=actor, per_hour=data["per_hour"])
    else:
        minutes = (data["minutes_1"], data["minutes_2"], data["minutes_3"])
        set_alerting(actor=actor, budget=data["budget"], minutes=minutes)
