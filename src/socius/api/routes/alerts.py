"""Alerts: what rose, who looks at it, what it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from socius.api.acting import actor_of
from socius.api.finding import known, shown
from socius.api.finding import person as person_of
from socius.api.paging import Page, rows_page
from socius.api.shapes.listening import (
    AlertFull,
    AlertingIn,
    AlertingOut,
    AlertOut,
    AlertsAsked,
    CloseIn,
    DaysAsked,
    HandIn,
    NoteIn,
    ReputationOut,
)
from socius.api.values import Number
from socius.kit.errors import NotFound
from socius.listen import actions, reports
from socius.listen.actions.alerts import alerting
from socius.listen.actions.reputation import current_question
from socius.listen.models import Alert, Alerting, Reckoning
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor

TAG = "alerts"
HANDLE = "alert.handle"
COLUMNS = (
    "version", "level", "state", "reason", "onset", "peak", "until", "expected", "observed", "p", "authors", "scored",
    "negative", "opened_at", "acknowledged_at", "due_at", "closed_at", "verdict",
)  # fmt: skip
STANDING = ("day", "index", "low", "high", "n", "effective", "raw", "unscored", "covered", "short_history", "missing", "plain")  # fmt: skip
router = Router()


def shape(row: Alert) -> dict[str, Any]:
    """An alert."""
    keys = {"id": row.pk, "query": row.query_id, "unit": row.unit_id, "owner": row.owner_id}
    return {**keys, **{name: getattr(row, name) for name in COLUMNS}}


def alert_of(number: int, actor: Actor) -> Alert:
    """The alert that a change names."""
    return known(Alert.objects.all(), number, actor, HANDLE)


@router.get("/alerts", response=Page[AlertOut])
def list_alerts(request: HttpRequest, asked: Query[AlertsAsked]) -> dict[str, Any]:
    """Alerts, the newest first."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = reports.narrowed(reports.seen_alerts(actor), state=asked.state, level=asked.level, query=asked.query)  # fmt: skip
    return rows_page(rows, asked, lambda found: map(shape, found), by="-pk")


@router.get("/alerts/settings", response=AlertingOut)
def show_alerting(request: HttpRequest) -> Alerting:
    """The budget of false alarms and the response times."""
    require_somewhere(actor_of(request), "analytics.view")
    return alerting()


@router.put("/alerts/settings", response=AlertingOut)
def set_alerting(request: HttpRequest, given: AlertingIn) -> Alerting:
    """Sets the budget of false alarms and the response times."""
    minutes = (given.minutes_1, given.minutes_2, given.minutes_3)
    return actions.set_alerting(actor=actor_of(request), budget=given.budget, minutes=minutes)


@router.get("/alerts/{number}", response=AlertFull)
def show_alert(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """An alert with its evidence and notes."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    row = shown(reports.seen_alerts(actor), number)
    notes = [{"text": n.text, "by": n.by_id, "at": n.at} for n in row.notes.all()]
    return {**shape(row), "evidence": row.evidence, "notes": notes}


@router.get("/reputation", response=ReputationOut)
def show_reputation(request: HttpRequest, asked: Query[DaysAsked]) -> dict[str, Any]:
    """The reputation question with its last days by channel."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    row = current_question()
    if row is None:
        raise NotFound("No question is asked yet.")
    reckoning = Reckoning.objects.filter(question=row).first()
    said = reckoning.said if reckoning else {}
    first = actor.at.date() - timedelta(days=asked.days)
    days = [{**{n: getattr(s, n) for n in STANDING}, "channel": s.channel or "all"} for s in row.standings.filter(day__gte=first)]  # fmt: skip
    return {
        "version": row.version, "question": row.text, "low": row.low, "high": row.high, "mix": row.mix,
        "weights": said.get("weights", row.weights), "made_at": reckoning.made_at if reckoning else None,
        "days": days, "contrasts": said.get("contrasts", []),
    }  # fmt: skip


@router.post("/alerts/{number}/acknowledge", response=AlertOut)
def acknowledge_alert(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Takes an alert on: the response clock starts."""
    actor = actor_of(request)
    return shape(actions.acknowledge_alert(alert_of(number, actor), actor=actor))


@router.post("/alerts/{number}/hand", response=AlertOut)
def hand_alert(request: HttpRequest, number: Path[Number], given: HandIn) -> dict[str, Any]:
    """Gives an acknowledged alert to somebody else who may handle it."""
    actor = actor_of(request)
    to = person_of(given.to, actor, HANDLE)
    return shape(actions.hand_alert(alert_of(number, actor), actor=actor, to=to))


@router.post("/alerts/{number}/notes", response=AlertOut)
def note_alert(request: HttpRequest, number: Path[Number], given: NoteIn) -> dict[str, Any]:
    """Adds a note."""
    actor = actor_of(request)
    return shape(actions.note_alert(alert_of(number, actor), actor=actor, text=given.text))


@router.post("/alerts/{number}/close", response=AlertOut)
def close_alert(request: HttpRequest, number: Path[Number], given: CloseIn) -> dict[str, Any]:
    """Ends an alert with what it was."""
    actor = actor_of(request)
    row = alert_of(number, actor)
    return shape(actions.close_alert(row, actor=actor, verdict=given.verdict, text=given.text))
