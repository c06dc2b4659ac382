"""Finds what a request names by its number, for those who may know that it exists."""

from __future__ import annotations

from typing import TypeVar, cast

from django.db.models import Model, QuerySet

from socius.accounts.models import Account
from socius.api.problems import NOTHING
from socius.engine.roles import SEE
from socius.kit.errors import NotFound, Refused
from socius.organisation.actions import Scoped, allowed
from socius.organisation.models import Actor, Person, Unit

Row = TypeVar("Row", bound=Model)


def shown(rows: QuerySet[Row], number: int) -> Row:
    """The row among those that the actor may see."""
    row = rows.filter(pk=number).first()
    if row is None:
        raise NotFound(NOTHING)
    return row


def known(rows: QuerySet[Row], number: int, actor: Actor, right: str) -> Row:
    """The row, for whoever sees it or holds the Right on it; to others it is not there, and their asking is a refusal."""
    row = shown(rows, number)
    place = cast("Scoped", row)  # everything that has a Right on it has a Unit
    if not any(allowed(actor, one, place) for one in (right, *sorted(SEE))):
        raise Refused(NOTHING, right=right, node=f"{row._meta.model_name}:{row.pk}", sees=False)
    return row


def maybe(rows: QuerySet[Row], number: int | None, actor: Actor, right: str) -> Row | None:
    """`known`, where a number is given at all."""
    return None if number is None else known(rows, number, actor, right)


def unit(number: int, actor: Actor, right: str) -> Unit:
    """A Unit that a request names."""
    return known(Unit.objects.all(), number, actor, right)


def person(number: int, actor: Actor, right: str = "person.invite") -> Person:
    """A person whom a request names."""
    return known(Person.objects.select_related("unit"), number, actor, right)


def account(number: int, actor: Actor, right: str = "account.edit") -> Account:
    """An account that a request names; one that became part of another too."""
    rows = Account.objects.filter(withdrawn=False).select_related("unit", "owner")
    return known(rows, number, actor, right)
