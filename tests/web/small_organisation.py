"""A small organisation for tests of screens: three accounts, two goals, a series, a week of activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.test import Client

from socius.accounts.actions import claim
from socius.accounts.models import Account
from socius.activity.actions import record
from socius.activity.jobs import roll_up, seal
from socius.kit import clock
from socius.organisation.actions import NewPerson, NewUnit, create_unit, found, invite_person
from socius.organisation.models import Actor, Person, Unit
from socius.strategy.actions import (
    link,
    load_values,
    serve_goals,
    set_goal,
    set_initiative,
    set_kpi,
    set_series,
)
from socius.strategy.actions.series import Point
from socius.strategy.models import Goal, Initiative, Series

OWNER = "chief@example.org"


@dataclass
class Small:
    """What was made."""

    actor: Actor
    stranger: Person
    root: Unit
    hub: Unit
    goal: Goal
    bare: Goal
    initiative: Initiative
    series: Series
    vanity: Series
    tied: Account
    loose: Account
    twin: Account
    today: date

    def client(self, person: Person | None = None) -> Client:
        """Somebody at the door."""
        door = Client()
        door.force_login(person or self.actor.person)
        return door


def listed(actor: Actor, unit: Unit, handle: str, network: str = "x", **fields: object) -> Account:
    """An account by its handle."""
    return claim(
        unit,
        actor=actor,
        network=network,
        identities=[("handle", handle.casefold())],
        handle=handle,
        url=f"https://{network}.example/{handle}",
        **fields,
    )


def build() -> Small:
    """Makes it."""
    now = clock.now()
    person = found("Acme", zone="UTC", email="a@example.org", password=None, at=now)
    actor = Actor(person, "web", now)
    root = Unit.objects.get(kind="organisation")
    hub = create_unit(NewUnit("hub", kind="hub", name="Hub"), root, actor=actor)
    stranger = invite_person(NewPerson("s@example.org", unit=hub), actor=actor)
    today = now.date()
    goal, _ = set_goal(
        root, actor=actor, key="orders", statement="Raise orders.", executive_owner=OWNER
    )
    bare, _ = set_goal(root, actor=actor, key="bare", statement="Be loved.")
    series, _ = set_series(
        root,
        actor=actor,
        key="leads",
        name="Qualified leads",
        measure_unit="leads",
        source="customer system",
        why="Sales accepted them.",
        stated="outcome",
    )
    vanity, _ = set_series(
        root, actor=actor, key="followers", name="Followers", measure_unit="people"
    )
    points = [Point(today - timedelta(days=7 * n), Decimal(100 + n)) for n in range(6)]
    load_values(series, points=points, actor=actor)
    set_kpi(goal, actor=actor, measure="Qualified leads", series=series, target=Decimal(150))
    initiative, _ = set_initiative(root, actor=actor, key="shop", title="Live shop")
    serve_goals(initiative, goals=[goal], actor=actor)
    tied = listed(actor, hub, "Acme", owner=person, purpose="News")
    loose = listed(actor, hub, "AcmeLoose", network="facebook", purpose="Care")
    twin = listed(actor, root, "AcmeTwo", owner=person, purpose="News")
    link(tied, actor=actor, initiative=initiative)
    for account in (tied, tied, loose):
        record(
            actor, "posted", f"account:{account.pk}", account=account.pk, network=account.network
        )
    seal()
    roll_up()
    return Small(
        actor, stranger, root, hub, goal, bare, initiative, series, vanity, tied, loose, twin, today
    )
