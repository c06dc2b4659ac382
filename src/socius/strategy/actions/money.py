"""Spend and hours lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from socius.accounts.models import Account
from socius.activity.actions import record
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit
from socius.strategy.actions.knowing import forget, state
from socius.strategy.models import Goal, HoursLine, Initiative, SpendLine


class SpendFields(TypedDict, total=False):
    """Where money went."""

    kind: str
    goal: Goal | None
    initiative: Initiative | None
    row_hash: bytes
    ordinal: int


@asks("goal.edit")
@transaction.atomic
def add_spend(
    unit: Unit,
    *,
    actor: Actor,
    date: date,
    amount: Decimal,
    currency: str,
    **fields: Unpack[SpendFields],
) -> SpendLine:
    """Adds a line of spend; two equal lines are two lines."""
    require(actor, "goal.edit", unit)
    if len(currency) != 3 or not currency.isalpha():
        raise Invalid(
            f"{currency!r} is no currency code.",
            field="currency",
            repair="Use three letters, such as EUR.",
        )
    fields.setdefault("row_hash", b"")
    line = state(
        SpendLine, actor, unit=unit, date=date, amount=amount, currency=currency.upper(), **fields
    )
    record(
        actor, "spend_added", f"spend:{line.pk}", initiative=line.initiative_id, goal=line.goal_id
    )
    return line


@asks("goal.edit")
@transaction.atomic
def drop_spend(line: SpendLine, *, actor: Actor, reason: str) -> None:
    """Takes a line of spend back; it stays in history."""
    require(actor, "goal.edit", line.unit)
    if not forget(SpendLine.objects.filter(pk=line.pk), actor):
        raise Conflict("This line was taken back already.")
    record(actor, "spend_dropped", f"spend:{line.pk}", content={"reason": reason})


class HoursFields(TypedDict, total=False):
    """What hours were for."""

    person_or_team: str
    type: str
    initiative: Initiative | None
    account: Account | None


@asks("initiative.edit")
@transaction.atomic
def set_hours(
    unit: Unit, *, actor: Actor, week: date, hours: Decimal, **fields: Unpack[HoursFields]
) -> tuple[HoursLine, str]:
    """Writes down the hours of a week (its Monday); another number for the same line replaces it."""
    require(actor, "initiative.edit", unit)
    if hours < 0:
        raise Invalid(f"{hours} hours cannot be.", field="hours", repair="Give a number from 0.")
    identity = {
        "unit": unit,
        "week": week,
        "person_or_team": "",
        "type": "",
        "initiative": None,
        "account": None,
        **fields,
    }
    known = HoursLine.objects.filter(known_until=None, **identity).first()
    if known and known.hours == hours:
        return known, "unchanged"
    if known:
        forget(HoursLine.objects.filter(pk=known.pk), actor)
    line = state(HoursLine, actor, hours=hours, **identity)
    outcome = "updated" if known else "created"
    record(
        actor,
        f"hours_{outcome}",
        f"hours:{line.pk}",
        initiative=line.initiative_id,
        account=line.account_id,
    )
    return line, outcome
