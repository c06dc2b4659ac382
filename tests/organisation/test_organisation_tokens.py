from __future__ import annotations

from datetime import timedelta

import pytest

from socius.kit.errors import Invalid, NotFound, Refused
from socius.organisation import actions
from socius.organisation.models import Actor, Person, Token

CARRIED = frozenset({"account.view", "goal.edit"})


def made(actor, rights=CARRIED, days=30):
    return actions.make_token(
        "a script", rights, until=actor.at + timedelta(days=days), actor=actor
    )


def test_a_token_acts_as_its_person_and_carries_no_more_than_it_names(office):
    row, clear = made(office.founder)
    actor = actions.actor_for(token=clear, origin="api", at=office.founder.at)
    assert actor.person == office.founder.person
    assert actions.allowed(actor, "goal.edit", office.north)
    assert not actions.allowed(actor, "unit.edit", office.north)
    with pytest.raises(Refused, match="token does not carry"):
        actions.require(actor, "unit.edit", office.north)
    assert actions.may_give(actor, None) == CARRIED
    assert clear.startswith(row.prefix)
    assert len(clear) >= 7 + 43


def test_the_clear_text_is_not_kept(office):
    row, clear = made(office.founder)
    kept = repr(Token.objects.filter(pk=row.pk).values().get())
    assert clear not in kept
    assert clear[12:] not in kept


def test_a_token_ends_to_the_microsecond_and_when_revoked(office):
    row, clear = made(office.founder, days=1)
    end = office.founder.at + timedelta(days=1)
    actions.actor_for(token=clear, origin="api", at=end - timedelta(microseconds=1))
    with pytest.raises(NotFound):
        actions.actor_for(token=clear, origin="api", at=end)
    actions.revoke_token(row, actor=office.founder)
    with pytest.raises(NotFound):
        actions.actor_for(token=clear, origin="api", at=office.founder.at)
    with pytest.raises(NotFound):
        actions.actor_for(token=clear + "x", origin="api", at=office.founder.at)


def test_a_token_cannot_carry_what_its_maker_may_not_give(office):
    maker = office.holder("m@example.org", office.north, "", "token.make", "account.view")
    made(maker, frozenset({"account.view"}))
    with pytest.raises(Refused, match=r"goal\.edit"):
        made(maker)


def test_a_token_names_rights_and_lasts_at_most_90_days(office):
    for rights, days in (
        (frozenset(), 9),
        (frozenset({"king.be"}), 9),
        (CARRIED, 91),
        (CARRIED, 0),
    ):
        with pytest.raises(Invalid):
            made(office.founder, rights, days)


def test_one_revokes_ones_own_token_without_any_right_and_no_other(office):
    row, _ = made(office.founder)
    stranger = Actor(office.person("s@example.org"), "web", office.founder.at)
    with pytest.raises(Refused):
        actions.revoke_token(row, actor=stranger)
    Token.objects.filter(pk=row.pk).update(person=stranger.person)
    actions.revoke_token(row, actor=stranger)


def test_use_is_noted_but_not_at_every_request(office, django_assert_num_queries):
    row, clear = made(office.founder)
    actions.actor_for(token=clear, origin="api", at=office.founder.at)
    soon = office.founder.at + timedelta(minutes=5)
    with django_assert_num_queries(1):
        actions.actor_for(token=clear, origin="api", at=soon)
    assert Token.objects.get(pk=row.pk).last_used_at == office.founder.at


def test_the_console_acts_as_the_founder_and_an_address_never_opens_the_api(office):
    actor = actions.actor_for(origin="cli", at=office.founder.at)
    assert (actor.person, actor.origin) == (office.founder.person, "console")
    by_mail = actions.actor_for(email="ADA@example.org", origin="cli", at=office.founder.at)
    assert by_mail.origin == "cli"
    with pytest.raises(NotFound):
        actions.actor_for(token=office.founder.person.email, origin="api", at=office.founder.at)


@pytest.mark.django_db
def test_without_an_organisation_the_message_says_how_to_make_one():
    assert not Person.objects.exists()
    with pytest.raises(NotFound, match="socius init"):
        actions.actor_for(origin="cli", at=None)
