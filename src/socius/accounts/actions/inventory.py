"""Claiming, correcting, merging and moving single accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from socius.accounts.models import Account, Identity, Merger, Placement, Reference
from socius.activity.actions import record
from socius.kit.checks import one_of
from socius.kit.clock import micros
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Person, Unit

CORRECTABLE = frozenset(
    {
        "handle",
        "display_name",
        "url",
        "owner",
        "owner_email",
        "purpose",
        "language",
        "country",
        "region",
        "audience",
        "custody",
        "posts_promised",
    }
)
# `active` is entered by strategy.actions.activate alone: an account without a purpose is not active.
ENTERABLE = frozenset(
    {"found", "claimed", "experiment", "active", "retiring", "archived", "rejected"}
)


def locked(account: Account) -> Account:
    """The account, locked until the transaction ends."""
    return Account.objects.select_for_update().get(pk=account.pk)


@asks("account.edit")
@transaction.atomic
def claim(
    unit: Unit, *, actor: Actor, network: str, identities: Iterable[tuple[str, str]], **fields: Any
) -> Account:
    """Adds an account that a Unit answers for. `identities` are (kind, normalised key); one that is taken raises Conflict."""
    require(actor, "account.edit", unit)
    keys = list(identities)
    if not keys:
        raise Invalid(
            "An account needs an address, a handle or a remote id.",
            field="handle",
            repair="Give one of them.",
        )
    for kind, key in keys:
        taken = (
            Identity.objects.filter(network=network, kind=kind, key=key)
            .select_related("account")
            .first()
        )
        if taken:
            raise Conflict(
                f"{network} {key} is in the inventory already, as account {taken.account_id}."
            )
    account = Account.objects.create(
        network=network,
        unit=unit,
        status="claimed",
        first_seen=actor.day,
        created_at=actor.at,
        **fields,
    )
    at_us = micros(actor.at)
    Identity.objects.bulk_create(
        Identity(account=account, network=network, kind=k, key=v, known_from=at_us) for k, v in keys
    )
    Placement.objects.create(account=account, unit=unit, known_from=at_us)
    record(
        actor,
        "account_claimed",
        f"account:{account.pk}",
        unit=unit.pk,
        account=account.pk,
        network=network,
    )
    return account


@asks("account.edit")
@transaction.atomic
def correct(account: Account, *, actor: Actor, **fields: Any) -> Account:
    """Changes descriptive fields of an account; the ledger keeps what was there before."""
    account = locked(account)
    require(actor, "account.edit", account)
    wrong = set(fields) - CORRECTABLE
    if wrong:
        raise Invalid(f"{', '.join(sorted(wrong))} cannot be corrected here.", field=min(wrong))
    before = {name: spelt(getattr(account, name)) for name in fields}
    for name, value in fields.items():
        setattr(account, name, value)
    account.save(update_fields=sorted(fields))
    after = {name: spelt(value) for name, value in fields.items()}
    record(
        actor,
        "account_corrected",
        f"account:{account.pk}",
        account=account.pk,
        content={"before": before, "after": after},
    )
    return account


@asks("account.edit")
@transaction.atomic
def merge(account: Account, *, into: Account, actor: Actor, reason: str) -> Account:
    """Makes `account` part of `into`: its activity counts there from now on. Taken back by `separate`."""
    account, into = locked(account), locked(into)
    require(actor, "account.edit", account)
    require(actor, "account.edit", into)
    if not reason.strip():
        raise Invalid(
            "A merge needs a reason.", field="reason", repair="Say why these two are one account."
        )
    if account.pk == into.pk or into.merged_into_id or account.merged_into_id:
        raise Conflict("Both must be accounts of their own, and not the same one.")
    account.merged_into = into
    account.merged_at = actor.at
    account.save(update_fields=["merged_into", "merged_at"])
    Merger.objects.create(account=account, into=into, known_from=micros(actor.at))
    point(account, at=into)
    record(
        actor,
        "account_merged",
        f"account:{account.pk}",
        account=into.pk,
        content={"into": into.pk, "reason": reason},
    )
    return into


def point(account: Account, *, at: Account) -> None:
    """What is part of the account, directly or through others, shows the whole that it belongs to now."""
    parts = [account.pk]
    while parts:
        parts = list(
            Merger.objects.filter(into__in=parts, known_until=None).values_list(
                "account_id", flat=True
            )
        )
        Account.objects.filter(pk__in=parts).update(merged_into=at)


@asks("account.edit")
@transaction.atomic
def separate(account: Account, *, actor: Actor) -> Account:
    """Takes a merge back."""
    account = locked(account)
    require(actor, "account.edit", account)
    if account.merged_into_id is None:
        raise Conflict("This account is not part of another.")
    was = account.merged_into_id
    account.merged_into = None
    account.merged_at = None
    account.save(update_fields=["merged_into", "merged_at"])
    Merger.objects.filter(account=account, known_until=None).update(known_until=micros(actor.at))
    point(account, at=account)
    record(
        actor,
        "account_separated",
        f"account:{account.pk}",
        account=account.pk,
        content={"from": was},
    )
    return account


@asks("account.move")
@transaction.atomic
def move(account: Account, *, to: Unit, actor: Actor) -> Account:
    """Hands an account to another Unit; at every instant exactly one Unit owns it."""
    account = locked(account)
    require(actor, "account.move", account)
    require(actor, "account.move", to)
    if account.unit_id == to.pk:
        return account
    was = account.unit_id
    place(account, to, micros(actor.at))
    record(
        actor,
        "account_moved",
        f"account:{account.pk}",
        unit=to.pk,
        account=account.pk,
        content={"from": was, "to": to.pk},
    )
    return account


def place(account: Account, unit: Unit, at_us: int) -> None:
    """Closes the open placement and opens the next. The caller has required and records."""
    Placement.objects.filter(account=account, known_until=None).update(known_until=at_us)
    Placement.objects.create(account=account, unit=unit, known_from=at_us)
    account.unit = unit
    account.save(update_fields=["unit"])


@asks("account.decide")
@transaction.atomic
def enter_status(
    account: Account, *, status: str, owner: Person | None = None, actor: Actor, reason: str
) -> Account:
    """Moves an account through its life. Strategy calls this for `active` after it has seen goal and owner."""
    account = locked(account)
    require(actor, "account.decide", account)
    one_of(status, sorted(ENTERABLE), field="status", what="status of an account")
    before = account.status
    account.status = status
    if owner is not None:
        account.owner = owner
    account.save(update_fields=["status", "owner"])
    record(
        actor,
        "account_status",
        f"account:{account.pk}",
        account=account.pk,
        content={"before": before, "after": status, "reason": reason},
    )
    return account


def refer(network: str, key: str, named: str) -> Reference:
    """The place holder for an account that activity names and nobody has listed. The caller has required and records."""
    return Reference.objects.get_or_create(network=network, key=key, defaults={"named": named})[0]


def spelt(value: Any) -> Any:
    """A value as the ledger's content can hold it."""
    return value.pk if isinstance(value, Person) else value
