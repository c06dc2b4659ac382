"""Account groups: declared before looking, with a reason, and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from socius.accounts.models import Account
from socius.activity.actions import record
from socius.kit.checks import in_order
from socius.kit.clock import micros
from socius.kit.errors import Conflict, Invalid
from socius.measure.models import AccountGroup
from socius.measure.reports.inputs import suited
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit
from socius.strategy.models import Series

# One account alone is no group: what its own days show is never called its effect.
FEWEST_ACCOUNTS = 2


@dataclass(frozen=True)
class Declared:
    """A group to be: its accounts, the outcomes it is declared for, the days, and what they do in common from the first one on."""

    name: str
    why: str
    start: date
    accounts: tuple[Account, ...]
    outcomes: tuple[Series, ...]
    end: date | None = None


@asks("effect.record")
@transaction.atomic
def declare_group(unit: Unit, *, key: str, declared: Declared, actor: Actor) -> AccountGroup:
    """Declares a group of accounts as a subject of measurement. From its first day on the refresh estimates it on each of its outcomes.

    Asks the Right on the Unit and on each account. Raises Conflict for a key that was used before, taken back or not.
    """
    require(actor, "effect.record", unit)
    for account in declared.accounts:
        require(actor, "effect.record", account)
    check(key, declared)
    if AccountGroup.objects.filter(key=key.strip()).exists():
        raise Conflict(f"The key {key.strip()!r} is taken; a group is never changed. Choose another key.")  # fmt: skip
    group = AccountGroup.objects.create(
        key=key.strip(),
        name=declared.name.strip(),
        why=declared.why.strip(),
        start=declared.start,
        end=declared.end,
        unit=unit,
        declared_on=actor.day,
        declared_by=actor.person,
        known_from=micros(actor.at),
    )
    group.accounts.set(declared.accounts)
    group.outcomes.set(declared.outcomes)
    content = {
        "key": group.key, "why": group.why, "start": str(group.start), "end": str(group.end or ""),
        "accounts": sorted(a.pk for a in declared.accounts), "outcomes": sorted(s.key for s in declared.outcomes),
    }  # fmt: skip
    record(actor, "group_declared", f"group:{group.pk}", unit=unit.pk, content=content)
    return group


def check(key: str, declared: Declared) -> None:
    """Raises Invalid for what makes no group."""
    for field, text, what in (("key", key, "key"), ("name", declared.name, "name"), ("why", declared.why, "reason")):  # fmt: skip
        if not text.strip():
            raise Invalid(f"The group has no {what}.", field=field, repair=f"Give it a {what}.")
    in_order(declared.start, declared.end, field="end", what="The group")
    if len({a.pk for a in declared.accounts}) < FEWEST_ACCOUNTS:
        raise Invalid(
            "A group holds at least two accounts: an effect of a single one is not claimed.",
            field="accounts",
            repair="Name more accounts.",
        )
    if not declared.outcomes:
        raise Invalid("The group names no outcome.", field="outcomes", repair="Name the series that it is declared for.")  # fmt: skip
    for series in declared.outcomes:
        suited(series, ())


@asks("effect.record")
@transaction.atomic
def withdraw_group(group: AccountGroup, *, actor: Actor, reason: str) -> None:
    """Takes a group back: it is estimated no more. What was estimated stands, and stays one of the comparisons that were made."""
    require(actor, "effect.record", group)
    if not reason.strip():
        raise Invalid("There is no reason.", field="reason", repair="Say why it is taken back.")
    if not AccountGroup.objects.filter(pk=group.pk, known_until=None).update(known_until=micros(actor.at)):  # fmt: skip
        raise Conflict(f"{group} was taken back already.")
    record(actor, "group_withdrawn", f"group:{group.pk}", unit=group.unit_id, content={"reason": reason.strip()})  # fmt: skip
