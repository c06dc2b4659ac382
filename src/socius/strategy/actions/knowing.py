"""Closing what was known and opening what is known now."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from socius.kit.clock import micros
from socius.organisation.models import Actor
from socius.strategy.models import Known

K = TypeVar("K", bound=Known)


def forget(rows: QuerySet[Any], actor: Actor) -> int:
    """Closes the open rows among `rows`: from now on they are history. Returns how many."""
    return rows.filter(known_until=None).update(known_until=micros(actor.at))


def state(model: type[K], actor: Actor, **fields: Any) -> K:
    """Opens a row known from now on."""
    row = model(known_from=micros(actor.at), **fields)
    row.save(force_insert=True)
    return row


def changed(row: Model, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields whose value differs from the row's, with the value that the row has."""
    return {
        name: getattr(row, name) for name, value in fields.items() if getattr(row, name) != value
    }
