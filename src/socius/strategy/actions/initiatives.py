"""Initiatives, the goals they serve, and which account serves what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from socius.accounts.actions import enter_status
from socius.accounts.models import Account
from socius.activity.actions import record
from socius.kit.checks import in_order, one_of
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Person, Unit
from socius.strategy.actions.knowing import changed, forget, state
from socius.strategy.models import Experiment, Goal, Initiative, InitiativeGoal, Link

KINDS = ("external", "internal")
SCOPES = ("enterprise", "function")
STATUSES = ("idea", "proposed", "accepted", "rejected", "running", "ended")


class InitiativeFields(TypedDict, total=False):
    """What may be said of an initiative."""

    title: str
    kind: str
    scope: str
    sponsor: str
    status: str
    start: date | None
    end: date | None
    cost_low: Decimal | None
    cost_likely: Decimal | None
    cost_high: Decimal | None
    currency: str
    hours_low: Decimal | None
    hours_likely: Decimal | None
    hours_high: Decimal | None


def check_initiative(fields: InitiativeFields) -> None:
    """Raises Invalid on a word outside its list or an end before the start."""
    for name, words in (("kind", KINDS), ("scope", SCOPES), ("status", STATUSES)):
        if value := fields.get(name):
            one_of(str(value), words, field=name, what=f"{name} of an initiative")
    in_order(fields.get("start"), fields.get("end"), field="end", what="The initiative")


@asks("initiative.edit")
@transaction.atomic
def set_initiative(
    unit: Unit, *, actor: Actor, key: str, **fields: Unpack[InitiativeFields]
) -> tuple[Initiative, str]:
    """Makes or changes the initiative with this key. Returns it with `created`, `updated` or `unchanged`."""
    initiative = Initiative.objects.select_for_update().filter(key=key).first()
    require(actor, "initiative.edit", initiative or unit)
    check_initiative(fields)
    if initiative is None:
        initiative = Initiative.objects.create(key=key, unit=unit, created_at=actor.at, **fields)
        record(actor, "initiative_created", f"initiative:{initiative.pk}", initiative=initiative.pk)
        return initiative, "created"
    before = changed(initiative, dict(fields))
    if not before:
        return initiative, "unchanged"
    for name, value in fields.items():
        setattr(initiative, name, value)
    initiative.save()
    content = {"before": {k: str(v) for k, v in before.items()}}
    record(
        actor,
        "initiative_updated",
        f"initiative:{initiative.pk}",
        initiative=initiative.pk,
        content=content,
    )
    return initiative, "updated"


@asks("initiative.edit")
@transaction.atomic
def serve_goals(initiative: Initiative, *, goals: Iterable[Goal], actor: Actor) -> bool:
    """Sets which goals an initiative serves. Returns whether anything changed."""
    initiative = Initiative.objects.select_for_update().get(pk=initiative.pk)
    require(actor, "initiative.edit", initiative)
    wanted = {goal.pk: goal for goal in goals}
    standing = InitiativeGoal.objects.filter(initiative=initiative, known_until=None)
    have = set(standing.values_list("goal_id", flat=True))
    if have == set(wanted):
        return False
    forget(standing.exclude(goal_id__in=wanted), actor)
    for pk, goal in wanted.items():
        if pk not in have:
            state(InitiativeGoal, actor, initiative=initiative, goal=goal)
    content = {"before": sorted(have), "after": sorted(wanted)}
    record(
        actor,
        "initiative_goals",
        f"initiative:{initiative.pk}",
        initiative=initiative.pk,
        content=content,
    )
    return True


class Served(TypedDict, total=False):
    """What an account serves: one of the three."""

    goal: Goal
    initiative: Initiative
    experiment: Experiment


@asks("goal.edit")
@transaction.atomic
def link(
    account: Account,
    *,
    actor: Actor,
    start: date | None = None,
    until: date | None = None,
    **served: Unpack[Served],
) -> Link:
    """Ties an account to a goal, an initiative or an experiment from `start` until the day before `until`.

    A start in the past mends past activity too; the ledger shows who did it. A tie to an initiative asks `initiative.edit`,
    one to an experiment `experiment.edit`, instead of `goal.edit`.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if len(served) != 1:
        raise Invalid(
            "An account is tied to one goal, one initiative or one experiment at a time.",
            field="goal",
        )
    require(actor, right_to_link(served), account)
    if start and until and until <= start:
        raise Invalid(
            f"The link would end ({until}) before it starts ({start}).",
            field="until",
            repair="Swap or correct the dates.",
        )
    known = Link.objects.filter(
        account=account, known_until=None, valid_from=start, valid_until=until, **served
    ).first()
    if known:
        return known
    tie = state(Link, actor, account=account, valid_from=start, valid_until=until, **served)
    what = next(iter(served))
    content = {what: served[what].pk, "from": str(start or ""), "until": str(until or "")}  # type: ignore[literal-required]
    record(
        actor,
        "account_linked",
        f"account:{account.pk}",
        account=account.pk,
        initiative=tie.initiative_id,
        goal=tie.goal_id,
        content=content,
    )
    return tie


def right_to_link(served: Served) -> str:
    """The Right that ties of this kind ask."""
    if "initiative" in served:
        return "initiative.edit"
    return "experiment.edit" if "experiment" in served else "goal.edit"


@asks("goal.edit")
@transaction.atomic
def unlink(tie: Link, *, actor: Actor, until: date | None = None) -> None:
    """Ends a tie on a day, or, without a day, as if it had never been made (history keeps it)."""
    tie = Link.objects.select_for_update().get(pk=tie.pk)
    served: Served = {"initiative": tie.initiative} if tie.initiative else {}
    if tie.experiment_id:
        served = {"experiment": tie.experiment}  # type: ignore[typeddict-item]
    require(actor, right_to_link(served), tie.account)
    if not forget(Link.objects.filter(pk=tie.pk), actor):
        raise Conflict("This tie has ended already.")
    if until is not None:
        state(
            Link,
            actor,
            account=tie.account,
            goal=tie.goal,
            initiative=tie.initiative,
            experiment=tie.experiment,
            valid_from=tie.valid_from,
            valid_until=until,
        )
    content = {"until": str(until or "")}
    record(
        actor,
        "account_unlinked",
        f"account:{tie.account_id}",
        account=tie.account_id,
        initiative=tie.initiative_id,
        goal=tie.goal_id,
        content=content,
    )


@asks("account.decide")
@transaction.atomic
def activate(
    account: Account, *, actor: Actor, owner: Person | None = None, reason: str = ""
) -> Account:
    """Makes an account active. It needs an owner and a goal, or an experiment that has an end; else Invalid says what is missing."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    require(actor, "account.decide", account)
    today = actor.day
    ties = ties_on(account, today)
    if not ties:
        raise Invalid(
            f"{account} has no line to a goal.",
            field="goal",
            code="active_without_goal",
            repair="Tie it to a goal or an initiative, or to an experiment that has an end.",
        )
    on_trial = all(t.experiment_id for t in ties)
    named = owner or account.owner or account.owner_email
    if not named and not on_trial:
        raise Invalid(
            f"{account} has no owner.",
            field="owner",
            code="active_without_goal",
            repair="Name the person who answers for it.",
        )
    return enter_status(
        account,
        status="experiment" if on_trial else "active",
        owner=owner,
        actor=actor,
        reason=reason or "activated",
    )


def ties_on(account: Account, day: date) -> list[Link]:
    """The ties of an account that lead somewhere on that day."""
    rows = Link.objects.filter(account=account, known_until=None)
    return [t for t in rows.select_related("goal", "experiment") if holds(t, day)]


def holds(tie: Link, day: date) -> bool:
    """The tie holds on that day, and so does what it leads to: the goal, a goal of the initiative, or the experiment."""
    if (tie.valid_from and day < tie.valid_from) or (tie.valid_until and day >= tie.valid_until):
        return False
    if tie.experiment is not None:
        return day <= tie.experiment.end
    if tie.goal is not None:
        return runs(tie.goal, day)
    served = InitiativeGoal.objects.filter(initiative=tie.initiative_id, known_until=None)
    return any(runs(row.goal, day) for row in served.select_related("goal"))


def runs(goal: Goal, day: date) -> bool:
    """The goal is neither closed nor past its period."""
    return goal.closed_at is None and (goal.period_end is None or day <= goal.period_end)
