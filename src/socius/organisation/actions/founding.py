"""Founds the organisation of an installation: its root, its first person, and what that person holds."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from socius.activity import actions as activity
from socius.kit.errors import Conflict
from socius.organisation.actions import people, units
from socius.organisation.actions.epoch import bump, lock
from socius.organisation.actions.grants import record_grant
from socius.organisation.models import Actor, Grant, Person, Unit

FIRST_ROLES = ("admin", "hub_lead")


def found(
    name: str,
    *,
    zone: str,
    email: str,
    password: str | None,
    at: datetime,
    demonstration: bool = False,
) -> Person:
    """The organisation with its first person, who governs access and leads the hub. There is nobody yet to ask."""
    with transaction.atomic():
        if Unit.objects.exists():
            raise Conflict("This home already holds an organisation.")
        lock()
        activity.found(name, zone, at, demonstration=demonstration)
        root = units.insert(units.NewUnit(key=name[:200], name=name), None)
        person = people.insert(people.NewPerson(email, unit=root), at, password)
        actor = Actor(person, "demo" if demonstration else "console", at)
        activity.record(actor, "founded", f"unit:{root.pk}", unit=root.pk)
        for role in FIRST_ROLES:
            row = Grant.objects.create(
                person=person,
                role=role,
                rights=frozenset(),
                node_kind="unit",
                node_id=root.pk,
                starts=at,
                reason="Founded the organisation.",
            )
            record_grant(actor, "grant_given", row, row.reason)
        bump()
    return person
