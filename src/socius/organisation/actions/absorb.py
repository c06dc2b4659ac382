"""Two Units that turn out to be one: the second becomes a name of the first."""

from __future__ import annotations

from django.db import transaction

from socius.activity.actions import record
from socius.kit.errors import Conflict
from socius.organisation.actions.epoch import bump, lock
from socius.organisation.actions.rights import asks, require
from socius.organisation.actions.units import locked, move_unit
from socius.organisation.models import Actor, Person, Unit, UnitName


@asks("unit.edit")
def absorb_unit(unit: Unit, *, into: Unit, actor: Actor, reason: str) -> Unit:
    """Ends `unit` today and hands its names, people and lower Units to `into`. Accounts are moved by their own package."""
    with transaction.atomic():
        lock()
        unit, into = locked(unit), locked(into)
        require(actor, "unit.edit", unit.parent or unit)
        require(actor, "unit.edit", into.parent or into)
        if unit.pk == into.pk or unit.parent is None:
            raise Conflict(
                "A Unit cannot become part of itself, and the organisation not of a Unit."
            )
        for child in Unit.objects.filter(parent=unit):
            move_unit(child, into, actor=actor)
        UnitName.objects.filter(unit=unit).update(unit=into, is_key=False)
        Person.objects.filter(unit=unit).update(unit=into)
        unit.external_id = None
        unit.valid_until = actor.day
        unit.save(update_fields=["external_id", "valid_until"])
        bump()
        content = {"into": into.pk, "reason": reason}
        record(actor, "unit_absorbed", f"unit:{unit.pk}", unit=into.pk, content=content)
    return into


@asks("unit.edit")
def identify_unit(unit: Unit, *, external_id: str, actor: Actor) -> Unit:
    """Gives a Unit the id by which another system knows it."""
    with transaction.atomic():
        unit = locked(unit)
        require(actor, "unit.edit", unit.parent or unit)
        if Unit.objects.filter(external_id=external_id).exclude(pk=unit.pk).exists():
            raise Conflict(f"The external id {external_id!r} belongs to another Unit.")
        unit.external_id = external_id
        unit.save(update_fields=["external_id"])
        record(actor, "unit_identified", f"unit:{unit.pk}", unit=unit.pk)
    return unit
