"""Alerts: raised by the worker, acknowledged, handed on, noted, closed by people; how often one may be false."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from socius.activity.actions import record
from socius.activity.actions.ledger import Doer
from socius.kit.errors import Conflict, Invalid
from socius.listen.models import Alert, Alerting, AlertNote, Query, Threshold
from socius.organisation.actions import allowed, asks, require
from socius.organisation.models import Actor, Person

# Two rises of a query that lie nearer than this are one.
JOINED = timedelta(minutes=30)
VERDICTS = ("real", "false alarm", "known before")
LONGEST_NOTE = 4000
LARGEST_BUDGET = 100.0


class Watcher(NamedTuple):
    """The worker, for the ledger."""

    at: datetime
    ref: str = "system:listen"
    origin: str = "worker"


class Rise(NamedTuple):
    """What the worker found of a query."""

    level: int
    reason: str
    onset: datetime
    peak: datetime
    until: datetime
    expected: float
    observed: int
    p: float | None
    authors: int
    scored: int
    negative: float | None
    evidence: Mapping[str, Any]


def alerting() -> Alerting:
    """The one row of settings."""
    return Alerting.objects.get_or_create(pk=1)[0]


@transaction.atomic
def raise_alert(query: Query, rise: Rise, doer: Doer) -> tuple[Alert, str]:
    """Opens an alert, or brings the one of the same rise up to date; returns it with `opened`, `raised`, `grown` or `same`."""
    held = (
        Alert.objects.select_for_update()
        .filter(query=query, version=query.version, onset__lte=rise.until + JOINED, until__gte=rise.onset - JOINED)
        .order_by("-until")
        .first()
    )  # fmt: skip
    if held is None:
        alert = Alert.objects.create(
            query=query, version=query.version, unit=query.unit, opened_at=doer.at, **rise._asdict()
        )
        about = {
            "level": rise.level,
            "observed": rise.observed,
            "expected": round(rise.expected, 2),
        }
        record(doer, "alert_raised", f"alert:{alert.pk}", unit=query.unit_id, content=about)
        return alert, "opened"
    return held, grown(held, rise, doer)


def grown(alert: Alert, rise: Rise, doer: Doer) -> str:
    """A later look at the same rise; what somebody closed stays as it was."""
    if alert.closed_at or (rise.until <= alert.until and rise.level <= alert.level):
        return "same"
    higher = rise.level > alert.level
    alert.until, alert.level = max(alert.until, rise.until), max(alert.level, rise.level)
    if rise.observed >= alert.observed:
        for name in ("peak", "expected", "observed", "p", "authors", "scored", "negative"):
            setattr(alert, name, getattr(rise, name))
    alert.evidence = dict(rise.evidence)
    alert.save()
    if higher:
        record(doer, "alert_level_raised", f"alert:{alert.pk}", unit=alert.unit_id, content={"level": alert.level})  # fmt: skip
    return "raised" if higher else "grown"


@transaction.atomic
def lift(alert: Alert, level: int, doer: Doer) -> None:
    """Raises the level of an open alert because another query rises with it."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.level >= level or alert.closed_at:
        return
    alert.level = level
    alert.save(update_fields=["level"])
    record(doer, "alert_level_raised", f"alert:{alert.pk}", unit=alert.unit_id, content={"level": level})  # fmt: skip


def mailed(alert: Alert, error: str = "") -> None:
    """Notes that the people concerned were told of the level, or why they could not be."""
    if error:
        Alert.objects.filter(pk=alert.pk).update(mail_error=error[:300])
    else:
        Alert.objects.filter(pk=alert.pk).update(mailed_level=alert.level, mail_error="")


def looked(at: datetime) -> None:
    """Notes when alarms were last looked for."""
    alerting()
    Alerting.objects.filter(pk=1).update(looked_at=at)


def held(alert: Alert, actor: Actor) -> Alert:
    """The row, locked, for somebody who may handle it. Raises Conflict once it is closed."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    require(actor, "alert.handle", alert)
    if alert.closed_at:
        raise Conflict("This alert is closed already.")
    return alert


@asks("alert.handle")
@transaction.atomic
def acknowledge_alert(alert: Alert, *, actor: Actor) -> Alert:
    """Takes an alert on: the actor owns it, and the response clock starts. Raises Conflict where somebody has it."""
    alert = held(alert, actor)
    if alert.acknowledged_at:
        raise Conflict("Somebody has acknowledged this alert already.")
    alert.acknowledged_at, alert.owner = actor.at, actor.person
    alert.due_at = actor.at + timedelta(minutes=alerting().minutes(alert.level))
    alert.save(update_fields=["acknowledged_at", "owner", "due_at"])
    record(actor, "alert_acknowledged", f"alert:{alert.pk}", unit=alert.unit_id)
    return alert


@asks("alert.handle")
@transaction.atomic
def hand_alert(alert: Alert, *, actor: Actor, to: Person) -> Alert:
    """Gives an acknowledged alert to another person; the clock runs on. Raises Conflict where nobody acknowledged it."""
    alert = held(alert, actor)
    if not alert.acknowledged_at:
        raise Conflict("Nobody has acknowledged this alert yet. Acknowledge it first.")
    if not allowed(Actor(to, actor.origin, actor.at), "alert.handle", alert):
        raise Invalid(f"{to.email} may not handle this alert.", field="to", repair="Choose somebody who may, or give them alert.handle.")  # fmt: skip
    alert.owner = to
    alert.save(update_fields=["owner"])
    record(
        actor,
        "alert_handed",
        f"alert:{alert.pk}",
        unit=alert.unit_id,
        content={"to": f"person:{to.pk}"},
    )
    return alert


def noted(alert: Alert, actor: Actor, text: str) -> None:
    """Keeps a note. Raises Invalid where it is empty or too long."""
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise Invalid("The note is empty or longer than 4,000 characters.", field="text", repair="Write what was found or done.")  # fmt: skip
    AlertNote.objects.create(alert=alert, text=text.strip(), by=actor.person, at=actor.at)


@asks("alert.handle")
@transaction.atomic
def note_alert(alert: Alert, *, actor: Actor, text: str) -> Alert:
    """Adds a note to an alert, open or closed."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    require(actor, "alert.handle", alert)
    noted(alert, actor, text)
    record(actor, "alert_noted", f"alert:{alert.pk}", unit=alert.unit_id)
    return alert


@asks("alert.handle")
@transaction.atomic
def close_alert(alert: Alert, *, actor: Actor, verdict: str, text: str = "") -> Alert:
    """Ends an alert with what it was; false alarms are counted against the budget."""
    alert = held(alert, actor)
    if verdict not in VERDICTS:
        raise Invalid(f"{verdict!r} is no verdict.", field="verdict", repair=f"Use one of {', '.join(VERDICTS)}.")  # fmt: skip
    if text.strip():
        noted(alert, actor, text)
    alert.closed_at, alert.verdict = actor.at, verdict
    alert.save(update_fields=["closed_at", "verdict"])
    record(actor, "alert_closed", f"alert:{alert.pk}", unit=alert.unit_id, content={"verdict": verdict})  # fmt: skip
    return alert


@asks("policy.edit")
@transaction.atomic
def set_alerting(*, actor: Actor, budget: float, minutes: tuple[int, int, int]) -> Alerting:
    """Sets how many alarms a month may be false, over all queries, and in how many minutes each level is to be answered."""
    require(actor, "policy.edit", None)
    if not 0 < budget <= LARGEST_BUDGET:
        raise Invalid(f"{budget:g} false alarms a month cannot be kept.", field="budget", repair="Give a number above 0 and at most 100.")  # fmt: skip
    if min(minutes) < 1 or max(minutes) > 7 * 24 * 60:
        raise Invalid("A response takes at least a minute and at most a week.", field="minutes_1", repair="Give minutes from 1 to 10,080.")  # fmt: skip
    row = Alerting.objects.select_for_update().get(pk=alerting().pk)
    row.budget, (row.minutes_1, row.minutes_2, row.minutes_3) = budget, minutes
    row.save(update_fields=["budget", "minutes_1", "minutes_2", "minutes_3"])
    record(actor, "alerting_set", "alerting:1", content={"budget": budget, "minutes": list(minutes)})  # fmt: skip
    return row


@asks("query.edit")
@transaction.atomic
def set_threshold(query: Query, *, actor: Actor, per_hour: int | None) -> Query:
    """Sets the mentions in an hour at which a query alarms whatever is usual; None takes the limit away."""
    query = Query.objects.select_for_update().get(pk=query.pk)
    require(actor, "query.edit", query)
    if per_hour is not None and not 1 <= per_hour <= 10_000_000:
        raise Invalid(f"{per_hour} is no limit.", field="per_hour", repair="Give a number from 1 on, or nothing.")  # fmt: skip
    if per_hour is None:
        Threshold.objects.filter(query=query).delete()
    else:
        Threshold.objects.update_or_create(query=query, defaults={"per_hour": per_hour})
    record(actor, "threshold_set", f"query:{query.pk}", unit=query.unit_id, content={"per_hour": per_hour})  # fmt: skip
    return query
