"""Goals with owner and period, their KPIs, and dated experiments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from socius.activity.actions import record
from socius.engine.measures.names import classify
from socius.kit.checks import in_order, one_of
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Person, Unit
from socius.strategy.actions.knowing import changed, forget, state
from socius.strategy.models import KPI, OBJECTIVES, Experiment, Goal, GoalTerm, Series

DIRECTIONS = ("up", "down", "hold")


class GoalFields(TypedDict, total=False):
    """What may be said of a goal."""

    statement: str
    executive_owner: str
    objective: str
    period_start: date | None
    period_end: date | None


def check_goal(fields: GoalFields) -> None:
    """Raises Invalid where the fields contradict each other or name no objective."""
    if objective := fields.get("objective"):
        one_of(objective, OBJECTIVES, field="objective", what="objective")
    start, end = fields.get("period_start"), fields.get("period_end")
    in_order(start, end, field="period_end", what="The period")


@asks("goal.edit")
@transaction.atomic
def set_goal(
    unit: Unit, *, actor: Actor, key: str, **fields: Unpack[GoalFields]
) -> tuple[Goal, str]:
    """Makes or changes the goal with this key. Returns it with `created`, `updated` or `unchanged`."""
    goal = Goal.objects.select_for_update().filter(key=key).first()
    require(actor, "goal.edit", goal or unit)
    check_goal(fields)
    values: dict[str, object] = dict(fields)
    if "executive_owner" in fields:
        values["owner"] = Person.objects.filter(
            email=(fields["executive_owner"] or "").casefold()
        ).first()
    if goal is None:
        goal = Goal.objects.create(key=key, unit=unit, created_at=actor.at, **values)
        outcome, before = "created", {}
    else:
        before = changed(goal, values)
        # Without an open term an import was taken back that had made it: saying it again brings it back.
        if not before and goal.terms.filter(known_until=None).exists():
            return goal, "unchanged"
        for name, value in values.items():
            setattr(goal, name, value)
        goal.save()
        outcome = "updated"
    restate_term(goal, actor)
    content = {"before": {k: str(v) for k, v in before.items()}}
    record(actor, f"goal_{outcome}", f"goal:{goal.pk}", goal=goal.pk, content=content)
    return goal, outcome


def restate_term(goal: Goal, actor: Actor) -> None:
    """Writes down owner, period and end of the goal as known from now on."""
    forget(goal.terms.all(), actor)
    state(
        GoalTerm,
        actor,
        goal=goal,
        executive_owner=goal.executive_owner,
        period_start=goal.period_start,
        period_end=goal.period_end,
        closed=goal.closed_at is not None,
    )


@asks("goal.edit")
@transaction.atomic
def close_goal(goal: Goal, *, actor: Actor, reason: str) -> Goal:
    """Ends a goal before its period does; activity no longer reaches it."""
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    require(actor, "goal.edit", goal)
    if goal.closed_at:
        raise Conflict("This goal is closed already.")
    goal.closed_at = actor.at
    goal.save(update_fields=["closed_at"])
    restate_term(goal, actor)
    record(actor, "goal_closed", f"goal:{goal.pk}", goal=goal.pk, content={"reason": reason})
    return goal


@asks("goal.edit")
@transaction.atomic
def reopen_goal(goal: Goal, *, actor: Actor) -> Goal:
    """Takes the closing of a goal back."""
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    require(actor, "goal.edit", goal)
    if goal.closed_at is None:
        raise Conflict("This goal is not closed.")
    goal.closed_at = None
    goal.save(update_fields=["closed_at"])
    restate_term(goal, actor)
    record(actor, "goal_reopened", f"goal:{goal.pk}", goal=goal.pk)
    return goal


@asks("goal.edit")
@transaction.atomic
def oppose(goal: Goal, *, to: Goal, actor: Actor) -> None:
    """Writes down that two goals conflict."""
    require(actor, "goal.edit", goal)
    goal.conflicts_with.add(to)
    record(actor, "goal_conflict", f"goal:{goal.pk}", goal=goal.pk, content={"with": to.pk})


class KPIFields(TypedDict, total=False):
    """What may be said of a KPI beside its goal, measure and series."""

    stated: str
    direction: str
    target: Decimal | None
    target_date: date | None


@asks("goal.edit")
@transaction.atomic
def set_kpi(
    goal: Goal,
    *,
    actor: Actor,
    measure: str,
    series: Series | None = None,
    **fields: Unpack[KPIFields],
) -> tuple[KPI, str]:
    """Makes or changes the KPI of a goal with this measure and series.

    The class is the series' own, else what the table of names allows of what was `stated`. Vanity and unclassed measures raise
    Invalid: they can't say whether a goal is reached.
    """
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    require(actor, "goal.edit", goal)
    class_name = class_of(measure, series, fields.pop("stated", ""))
    if class_name in {"vanity", "unclassed"}:
        raise Invalid(
            f"{measure!r} is {'a vanity measure' if class_name == 'vanity' else 'not classed'} and cannot be a KPI.",
            field="measure",
            code="vanity_kpi" if class_name == "vanity" else "unclassed_kpi",
            repair="Choose an outcome: what the goal is meant to change for the business.",
        )
    if fields.get("direction") and fields["direction"] not in DIRECTIONS:
        raise Invalid(
            f"{fields['direction']!r} is no direction.",
            field="direction",
            repair="Use up, down or hold.",
        )
    open_rows = KPI.objects.filter(goal=goal, measure=measure, known_until=None)
    known = open_rows.filter(series=series).first() or (
        open_rows.filter(series=None).first() if series else None
    )
    values = {**fields, "class_name": class_name, "series": series}
    if known and not changed(known, values):
        return known, "unchanged"
    if known:
        forget(KPI.objects.filter(pk=known.pk), actor)
    kpi = state(KPI, actor, goal=goal, measure=measure, **values)
    outcome = "updated" if known else "created"
    record(actor, f"kpi_{outcome}", f"kpi:{kpi.pk}", goal=goal.pk, content={"measure": measure})
    return kpi, outcome


def class_of(measure: str, series: Series | None, stated: str) -> str:
    """The class of a KPI: by the names first, then the series' own, then what was said."""
    # Unit, source and reason are asked of the series; a KPI that has none yet is taken at its word.
    by_name = classify(
        measure, from_network_export=False, stated=stated, unit="-", source="-", why="-"
    )
    if series is None or by_name.class_name in {"vanity", "driver", "health"}:
        return by_name.class_name
    return series.class_name


@asks("goal.edit")
@transaction.atomic
def drop_kpi(kpi: KPI, *, actor: Actor) -> None:
    """Ends a KPI; what it was stays known."""
    goal = Goal.objects.select_for_update().get(pk=kpi.goal_id)
    require(actor, "goal.edit", goal)
    if not forget(KPI.objects.filter(pk=kpi.pk), actor):
        raise Conflict("This KPI has ended already.")
    record(actor, "kpi_ended", f"kpi:{kpi.pk}", goal=goal.pk, content={"measure": kpi.measure})


@asks("experiment.edit")
@transaction.atomic
def set_experiment(
    unit: Unit, *, actor: Actor, key: str, title: str, start: date, end: date
) -> Experiment:
    """Makes or re-dates a dated trial: until its end, what runs under it needs no goal."""
    known = Experiment.objects.select_for_update().filter(key=key, known_until=None).first()
    require(actor, "experiment.edit", known or unit)
    if end < start:
        raise Invalid(
            f"The experiment ends ({end}) before it starts ({start}).",
            field="end",
            repair="Swap or correct the dates.",
        )
    if known:
        if known.cells.exists() and (start, end) != (known.start, known.end):
            raise Conflict(
                f"“{known.title}” has its draw: its dates stay. Stop it, or plan another one."
            )
        # An id that links point at must stay: the row is corrected in place and the ledger keeps its earlier dates.
        before = changed(known, {"title": title, "start": start, "end": end})
        for name, value in (("title", title), ("start", start), ("end", end)):
            setattr(known, name, value)
        known.save()
        content = {"before": {k: str(v) for k, v in before.items()}}
        record(actor, "experiment_updated", f"experiment:{known.pk}", content=content)
        return known
    trial = state(Experiment, actor, key=key, title=title, start=start, end=end, unit=unit)
    record(
        actor,
        "experiment_created",
        f"experiment:{trial.pk}",
        content={"start": str(start), "end": str(end)},
    )
    return trial
