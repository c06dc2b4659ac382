"""What is kept under a stamp of the rights epoch is never older, nor newer, than what stands in the database."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from socius.organisation import actions, standing
from socius.organisation.actions import Gift, NewUnit
from socius.organisation.models import Actor, RightsEpoch


def test_what_was_rolled_back_is_not_believed(office):
    person = office.person("p@example.org")
    actor = Actor(person, "web", office.founder.at)
    before = standing.epoch()
    with transaction.atomic():
        unit = actions.create_unit(NewUnit("brief"), office.root, actor=office.founder)
        actions.give_grant(Gift(person, office.root, "x", role="viewer"), actor=office.founder)
        assert actions.allowed(actor, "account.view", unit)
        transaction.set_rollback(True)
    assert standing.epoch() == before
    assert not actions.allowed(actor, "account.view", office.root)
    assert not standing.tree().path(unit.pk)
    # The same ids come again with other content.
    again = actions.create_unit(NewUnit("other"), office.north, actor=office.founder)
    assert ("unit", office.north.pk) in standing.tree().path(again.pk)
    assert not actions.allowed(actor, "account.view", again)


def test_every_change_moves_the_stamp(office):
    stamps = {RightsEpoch.objects.get().stamp}
    person = office.person("p@example.org")
    stamps.add(RightsEpoch.objects.get().stamp)
    grant = actions.give_grant(Gift(person, None, "x", role="viewer"), actor=office.founder)
    stamps.add(RightsEpoch.objects.get().stamp)
    actions.end_grant(grant, reason="x", actor=office.founder)
    stamps.add(RightsEpoch.objects.get().stamp)
    actions.move_unit(office.north, office.root, actor=office.founder)
    stamps.add(RightsEpoch.objects.get().stamp)
    actions.disable_person(person, reason="x", actor=office.founder)
    stamps.add(RightsEpoch.objects.get().stamp)
    assert len(stamps) == 6


def test_a_thousand_decisions_in_a_transaction_read_the_epoch_once(
    office, django_assert_num_queries
):
    actor = office.holder("p@example.org", office.hub, "viewer")
    actions.allowed(actor, "account.view", office.north)
    with django_assert_num_queries(0):
        assert all(actions.allowed(actor, "account.view", office.north) for _ in range(1000))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_another_process_is_noticed_at_once():
    RightsEpoch.objects.create(pk=1, stamp="a")
    assert not connection.in_atomic_block
    assert standing.epoch() == "a"
    RightsEpoch.objects.update(stamp="b")
    assert standing.epoch() == "b"
    with transaction.atomic():
        assert standing.epoch() == "b"
        RightsEpoch.objects.update(stamp="c")
        assert standing.epoch() == "b"
    assert standing.epoch() == "c"
