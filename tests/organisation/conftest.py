"""A small organisation with a founder, a hub and two spokes below it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from socius.organisation import actions
from socius.organisation.models import Actor, Person, Unit

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Office:
    """What most tests of the package need."""

    founder: Actor
    root: Unit
    hub: Unit
    north: Unit
    south: Unit

    def person(self, email: str, unit: Unit | None = None) -> Person:
        return actions.invite_person(actions.NewPerson(email, unit=unit), actor=self.founder)

    def holder(self, email: str, unit: Unit, role: str = "", *rights: str) -> Actor:
        """Somebody to whom the founder gave a role or Rights at a Unit."""
        person = self.person(email, unit)
        gift = actions.Gift(person, unit, "needed", role=role, rights=frozenset(rights))
        actions.give_grant(gift, actor=self.founder)
        return Actor(person, "web", self.founder.at)

    def later(self, actor: Actor, **time: float) -> Actor:
        return replace(actor, at=actor.at + timedelta(**time))


@pytest.fixture
def office(db):
    founder = actions.found("Acme", zone="UTC", email="Ada@Example.org", password=None, at=AT)
    actor = Actor(founder, "cli", AT)
    root = Unit.objects.get(kind="organisation")
    hub = actions.create_unit(actions.NewUnit("hub", kind="hub"), root, actor=actor)
    north = actions.create_unit(actions.NewUnit("north"), hub, actor=actor)
    south = actions.create_unit(actions.NewUnit("south"), hub, actor=actor)
    return Office(actor, root, hub, north, south)
