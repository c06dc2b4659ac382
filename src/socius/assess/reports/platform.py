"""What the platform itself knows for an assessment: the facts of coherence and the values that raters need not give.

Everything is read as of the actor's instant. What no package holds yet is None with a reason, never zero.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, Sum

from socius.accounts.models import Account
from socius.activity.models import Entry
from socius.assess.reports.governing import decisions_of
from socius.assess.reports.promises import capacity_of, cells_of
from socius.engine.assessment.coherence import GOOD_POWER, SPONSOR_DAYS
from socius.engine.assessment.facts import (
    DECIDED,
    OPENED,
    CoherenceFacts,
    GoalEffect,
    GoalFacts,
    GoalKpi,
    InitiativeFacts,
    Sponsor,
    SponsorAct,
    Unlinked,
    WorkFacts,
)
from socius.engine.roles import ROLES
from socius.engine.sight import report
from socius.kit.clock import micros
from socius.measure.models import Design, Effect
from socius.measure.reports import asked
from socius.measure.reports.facts import Asked, facts, hours, spend
from socius.organisation.models import Actor, Grant, Unit
from socius.strategy.models import (
    KPI,
    Goal,
    HoursLine,
    Initiative,
    InitiativeGoal,
    Link,
    SpendLine,
)
from socius.strategy.reports import kpis_of

WINDOW = 90
DAY_US = 86_400_000_000
LATER = "no evidence yet"
LOOKED = "page_opened"
NOBODY_DECIDES = "no evidence yet: no unit has an active account to decide about"
PARTLY_DECIDED = "who trains is written down nowhere; how long decisions wait is not measured"
GRAIN_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


Scope = frozenset[int] | None


def scope_of(unit: Unit) -> Scope:
    """The unit and all below it; None for the organisation, which is everything."""
    if unit.parent_id is None:
        return None
    return frozenset(Unit.objects.within(unit).values_list("pk", flat=True))


def platform_facts(actor: Actor, unit: Unit) -> CoherenceFacts:
    """The facts of coherence of a unit and those below it, as of the actor's instant."""
    question, scope = asked(actor.at), scope_of(unit)
    today = question.window.as_of
    goals = active_goals(today, scope)
    work = worked(question, scope)
    live = live_accounts(scope)
    capacity, promised = capacity_of(question, live)
    shared, spoken = cells_of(question, goals, live)
    decided = decisions_of(actor, live)
    reasons = {
        "capacity": promised,
        "cells": spoken,
        "decisions": PARTLY_DECIDED if decided else NOBODY_DECIDES,
    }
    if work is None:
        reasons["work"] = "no evidence yet: neither spend nor hours are recorded"
    return CoherenceFacts(
        date=today.isoformat(),
        window_days=WINDOW,
        goals=tuple(goal_facts(goals, actor, today)),
        work=work,
        capacity=capacity,
        decisions=decided,
        initiatives=initiative_facts(actor, scope, today),
        cells=shared,
        reasons=reasons,
    )


def active_goals(today: date, scope: Scope = None) -> list[Goal]:
    """Goals that are open and inside their period."""
    rows = Goal.objects.filter(closed_at=None, terms__known_until=None).distinct()
    rows = rows.filter(Q(period_start=None) | Q(period_start__lte=today))
    rows = rows.filter(Q(period_end=None) | Q(period_end__gte=today))
    if scope is not None:
        rows = rows.filter(unit__in=scope)
    return list(rows.select_related("owner").prefetch_related("conflicts_with").order_by("key"))


def goal_facts(goals: list[Goal], actor: Actor, today: date) -> list[GoalFacts]:
    """Each goal with its KPIs, its sponsor's last act and the best evidence about it."""
    kpis = kpis_of([goal.pk for goal in goals], today)
    effects = best_effects(goals, today, micros(actor.at))
    tests = running_tests(goals, actor, today)
    made = []
    for goal in goals:
        owner = goal.owner
        sponsor = Sponsor(str(owner), owner.is_active) if owner else None
        if sponsor is None and goal.executive_owner.strip():
            sponsor = Sponsor(goal.executive_owner)
        made.append(
            GoalFacts(
                goal.key,
                str(goal).rstrip(". "),
                1.0,
                True,
                sponsor,
                last_act(goal, actor),
                tuple(
                    GoalKpi(
                        one.kpi.measure,
                        one.class_name,
                        one.kpi.direction if one.kpi.direction in {"up", "down", "keep"} else "up",
                        None
                        if one.now is None or one.now.age is None
                        else one.now.age / GRAIN_DAYS.get(one.now.series.grain, 1),
                    )
                    for one in kpis.get(goal.pk, ())
                ),
                effects.get(goal.pk),
                tests.get(goal.pk),
                tuple(sorted(other.key for other in goal.conflicts_with.all())),
            )
        )
    return made


def last_act(goal: Goal, actor: Actor) -> SponsorAct | None:
    """The last thing that its owner decided about a goal; where that is long ago, the last time they opened their own page."""
    if goal.owner is None:
        return None
    acts = Entry.objects.filter(actor=f"person:{goal.owner.pk}", result="done")
    acts = acts.filter(at__lte=micros(actor.at)).order_by("-at")
    about = Q(goal=goal.pk) | Q(object=f"goal:{goal.pk}")
    decided = days_since(acts.filter(about).exclude(verb=LOOKED).first(), actor)
    opened = days_since(acts.filter(verb=LOOKED).first(), actor)
    if opened is not None and (decided is None or decided > SPONSOR_DAYS):
        return SponsorAct(OPENED, opened)
    return None if decided is None else SponsorAct(DECIDED, decided)


def days_since(act: Entry | None, actor: Actor) -> int | None:
    """Whole days from an act up to the actor's instant."""
    return None if act is None else (micros(actor.at) - act.at) // DAY_US


def best_effects(goals: list[Goal], today: date, at_us: int) -> dict[int, GoalEffect]:
    """Goal -> the best graded effect of the last 12 months on it or on an initiative that serves it."""
    serves: dict[int, list[int]] = {}
    ties = InitiativeGoal.objects.known_at(at_us).filter(goal__in=goals)
    for initiative, goal in ties.values_list("initiative_id", "goal_id"):
        serves.setdefault(initiative, []).append(goal)
    found: dict[int, GoalEffect] = {}
    for effect in Effect.objects.known_at(at_us).filter(refused=False):
        days = (today - effect.dated).days
        of = [effect.goal_id] if effect.goal_id else serves.get(effect.initiative_id or 0, [])
        for goal in of:
            new = GoalEffect(effect.grade, max(days, 0))
            if goal not in found or (days > 365, new.grade) < (found[goal].days_old > 365, found[goal].grade):  # fmt: skip
                found[goal] = new
    return found


def running_tests(goals: list[Goal], actor: Actor, today: date) -> dict[int, float]:
    """Goal -> power of a drawn experiment that runs now, for an initiative that serves the goal, on a series of its KPIs.

    A design keeps the smallest effect that it sees in 80 % of cases; where that is no larger than the one worth acting on, its
    power there is at least .8. Where it is larger, or nobody said what is worth acting on, nothing is claimed.
    """
    at_us = micros(actor.at)
    running = Design.objects.exclude(experiment=None).filter(
        start__lte=today, end__gte=today, made_at__lte=actor.at, superseded_by=None, mde__lte=F("worth")
    ).exclude(concluded_at__lte=actor.at)  # fmt: skip
    ties = InitiativeGoal.objects.known_at(at_us).filter(goal__in=goals)
    serves = set(ties.values_list("initiative_id", "goal_id"))
    found: dict[int, float] = {}
    for initiative, series in running.values_list("initiative_id", "series_id"):
        kpis = KPI.objects.known_at(at_us).filter(goal__in=goals, series=series)
        for goal in kpis.values_list("goal_id", flat=True):
            if (initiative, goal) in serves:
                found[goal] = GOOD_POWER
    return found


def worked(question: Asked, scope: Scope) -> WorkFacts | None:
    """Money and hours with and without a line; None where neither is recorded. Of several currencies the largest sum counts."""
    sight = report(
        facts(question), (), question.window, hours(question, scope), spend(question, scope)
    )
    time = sight.hours
    money = max(sight.spend.values(), key=lambda block: block["total"], default={"total": 0})
    if not time.get("total") and not money["total"]:
        return None
    return WorkFacts(
        spend_total=float(money["total"]) if money["total"] else None,
        spend_linked=float(money["total"] - money["none"]) if money["total"] else None,
        hours_total=float(time["total"]) if time.get("total") else None,
        hours_linked=float(time["total"] - time["none"]) if time.get("total") else None,
        largest_unlinked=largest(question.window.first, question.window.as_of, scope),
    )


def largest(first: date, today: date, scope: Scope) -> Unlinked | None:
    """The unit with most money on lines that name neither goal nor initiative."""
    lines = SpendLine.objects.filter(
        known_until=None, date__range=(first, today), goal=None, initiative=None
    )
    if scope is not None:
        lines = lines.filter(unit__in=scope)
    row = lines.values("unit__name", "kind").annotate(sum=Sum("amount")).order_by("-sum").first()
    if row is None:
        return None
    kind = row["kind"] or "spend"
    return Unlinked(
        f"{kind} lines without a goal", row["unit__name"] or "no unit", float(row["sum"])
    )


def initiative_facts(actor: Actor, scope: Scope, today: date) -> tuple[InitiativeFacts, ...]:
    """Running initiatives and whether they serve an active goal."""
    goals = [goal.pk for goal in active_goals(today)]
    ties = InitiativeGoal.objects.known_at(micros(actor.at)).filter(goal__in=goals)
    linked = set(ties.values_list("initiative_id", flat=True))
    running = Initiative.objects.filter(status="running").order_by("key")
    if scope is not None:
        running = running.filter(unit__in=scope)
    return tuple(
        InitiativeFacts(
            one.key, "internal" if one.kind == "internal" else "external", one.pk in linked
        )
        for one in running
    )


def own_values(actor: Actor, unit: Unit) -> dict[str, dict[str, Any]]:
    """Key -> {value, as_of, formula, reason} of what Socius computes itself; a null value says why."""
    today, scope = asked(actor.at).window.as_of, scope_of(unit)
    values: dict[str, float | None] = {
        "q04": accounts_with_a_line(today, micros(actor.at), scope),
        "q16.publishers": publishers(actor),
        "q19": requests(today, micros(actor.at), scope),
        "q29.score": None,
        "q31": None,
        "q40.accounts": float(live_accounts(scope).exclude(owner=None).count()),
        "q41.in_time": None,
    }
    return {
        key: {
            "value": None if value is None else round(value, 1),
            "as_of": today.isoformat(),
            "formula": f"{key}@1",
            **({"reason": LATER} if value is None else {}),
        }
        for key, value in values.items()
    }


def live_accounts(scope: Scope) -> Any:
    """Accounts that stand, without those that were merged away."""
    rows = Account.objects.filter(merged_into=None, withdrawn=False, status="active")
    return rows if scope is None else rows.filter(unit__in=scope)


def accounts_with_a_line(today: date, at_us: int, scope: Scope) -> float | None:
    """q04: per cent of active accounts with a path to an active goal."""
    total = live_accounts(scope).count()
    if not total:
        return None
    goals = [goal.pk for goal in active_goals(today)]
    served = InitiativeGoal.objects.known_at(at_us).filter(goal__in=goals).values("initiative")
    links = Link.objects.known_at(at_us).filter(Q(goal__in=goals) | Q(initiative__in=served))
    links = links.filter(Q(valid_from=None) | Q(valid_from__lte=today))
    links = links.filter(Q(valid_until=None) | Q(valid_until__gt=today))
    reached = live_accounts(scope).filter(pk__in=links.values("account")).count()
    return float(100 * reached / total)


def publishers(actor: Actor) -> float:
    """q16: people to whom a grant that runs gives publishing or scheduling anywhere."""
    speaking = Counter[int]()
    for grant in Grant.objects.active(actor.at).filter(person__disabled_at=None):
        named = grant.rights or (ROLES[grant.role].held if grant.role in ROLES else ())
        if {"post.publish", "post.schedule"} & set(named):
            speaking[grant.person_id] += -1000 if grant.deny else 1
    return float(sum(n > 0 for n in speaking.values()))


def requests(today: date, at_us: int, scope: Scope) -> float | None:
    """q19: per cent of the hubs' hours of the last 90 days that went into requests."""
    lines = HoursLine.objects.known_at(at_us).filter(
        unit__kind="hub", week__gt=today - timedelta(days=WINDOW), week__lte=today
    )
    if scope is not None:
        lines = lines.filter(unit__in=scope)
    if not lines.exclude(type="").exists():
        return None
    sums = lines.aggregate(
        every=Sum("hours"), asked=Sum("hours", filter=Q(type="request")), n=Count("pk")
    )
    return 100 * float(sums["asked"] or 0) / float(sums["every"]) if sums["every"] else None
