"""Invariant 15: the rows that the SQL filter returns are the rows on which the decision is allow."""

from __future__ import annotations

from random import Random

import organisations
import pytest
from django.db import transaction

from socius.activity.models import Entry
from socius.engine.roles import RIGHTS
from socius.organisation import reports
from socius.organisation.actions import Spot, allowed
from socius.organisation.actions.epoch import bump
from socius.organisation.models import (
    Actor,
    Grant,
    NodeShare,
    Person,
    Unit,
    UnitClosure,
)

pytestmark = pytest.mark.django_db


def build(world):
    """The organisation as rows: the closure from plain loops, not from the code under test."""
    sound = {unit: parent for unit, parent in world.parents.items() if parent != 9000}
    Unit.objects.bulk_create(
        Unit(
            pk=unit,
            key=f"u{unit}",
            name=f"u{unit}",
            kind="organisation" if unit == 1 else "spoke",
            parent_id=world.parents[unit] if unit in sound else None,
        )
        for unit in world.parents
    )
    pairs = []
    for unit in world.parents:
        step, depth = unit, 0
        while step in world.parents:
            pairs.append(UnitClosure(ancestor_id=step, unit_id=unit, depth=depth))
            step, depth = world.parents[step], depth + 1
    UnitClosure.objects.bulk_create(pairs)


def populate(world, rng):
    """People, grants, shares, and rows to list: some on accounts, some on Units, some on neither."""
    units = [*world.parents, None]
    Person.objects.bulk_create(
        Person(
            pk=person,
            email=f"p{person}@example.org",
            created_at=organisations.START,
            disabled_at=organisations.START if person in world.disabled else None,
            unit_id=rng.choice(units),
        )
        for person in world.people
    )
    Grant.objects.bulk_create(organisations.row(n, one) for n, one in enumerate(world.grants, 1))
    NodeShare.objects.bulk_create(
        NodeShare(
            node_kind="account",
            node_id=one["node"][1],
            unit_id=one["unit"],
            rights=frozenset(one["rights"]),
            starts=one["from"],
            until=one["until"],
            given_by_id=1,
            reason="made by a test",
        )
        for one in world.shares
        if one["node"][0] == "account"
    )
    spots = [(world.accounts[key], key) for key in world.accounts]
    spots += [(unit, None) for unit in units]
    Entry.objects.bulk_create(
        Entry(
            id=number.to_bytes(16, "big"),
            at=0,
            recorded_at=0,
            actor="system",
            origin="cli",
            verb="ran",
            result="done",
            object="x",
            unit=unit,
            account=account,
        )
        for number, (unit, account) in enumerate(spots)
    )
    bump()


def actor_of(world, rng):
    person = rng.choice(world.people)
    right = rng.choice(RIGHTS)
    if world.grants and rng.random() < 0.8:
        near = rng.choice(world.grants)
        person = near["person"]
        right = rng.choice(near["rights"]) if near["rights"] else right
    at = rng.choice(world.instants)
    token = None if rng.random() < 0.9 else frozenset(rng.sample(RIGHTS, 30))
    return Actor(Person.objects.get(pk=person), "web", at, token_rights=token), right


def compare(seeds, filters_each):
    shown = hidden = 0
    for seed in seeds:
        world, rng = organisations.make(7000 + seed, most_units=25), Random(seed)
        # Taken back at the end, the ledger's rows included, which nothing may delete.
        before = transaction.savepoint()
        build(world)
        populate(world, rng)
        entries = list(Entry.objects.order_by("id"))
        people = list(Person.objects.order_by("pk"))
        units = list(Unit.objects.order_by("pk"))
        for _ in range(filters_each):
            actor, right = actor_of(world, rng)
            rows = Entry.objects.filter(reports.visible(actor, right, "unit", "account"))
            by_sql = set(rows.values_list("id", flat=True))
            by_row = {e.id for e in entries if allowed(actor, right, Spot(e.unit, e.account))}
            assert {bytes(key) for key in by_sql} == {bytes(key) for key in by_row}, (
                f"{seed} {right}"
            )
            listed = Person.objects.filter(reports.visible(actor, right, own="person"))
            assert set(listed.values_list("pk", flat=True)) == {
                person.pk for person in people if allowed(actor, right, person)
            }
            seen = set(reports.visible_units(actor, right).values_list("pk", flat=True))
            assert seen == {unit.pk for unit in units if allowed(actor, right, unit)}
            shown += len(by_sql)
            hidden += len(entries) - len(by_sql)
        transaction.savepoint_rollback(before)
    assert shown > hidden / 20
    assert hidden


def test_15_the_filter_returns_the_rows_on_which_the_decision_is_allow():
    compare(range(25), 8)


@pytest.mark.slow
def test_15_two_thousand_filters_agree_with_the_decisions():
    compare(range(100, 225), 16)


def test_a_list_costs_one_query_once_the_principal_is_known(django_assert_num_queries):
    world = organisations.make(7003)
    right, holder = "account.view", min(set(world.people) - world.disabled)
    one = {"person": holder, "role": "", "rights": [right], "node": ("unit", 1), "conditions": {}}
    always = {"from": organisations.START, "until": None}
    world.grants = [
        {**one, **always, "effect": "allow"},
        {**one, **always, "effect": "deny", "node": ("account", 1)},
    ]
    build(world)
    populate(world, Random(3))
    actor = Actor(Person.objects.get(pk=holder), "web", organisations.START)
    reports.visible(actor, right, "unit", "account")
    with django_assert_num_queries(1):
        rows = list(Entry.objects.filter(reports.visible(actor, right, "unit", "account")))
    assert 0 < len(rows) < Entry.objects.count()
