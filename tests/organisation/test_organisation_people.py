from __future__ import annotations

from datetime import timedelta

import pytest

from socius.activity.models import Content, Entry
from socius.kit.errors import Conflict, Invalid, NotFound, Refused
from socius.organisation import actions
from socius.organisation.actions import Gift, NewPerson
from socius.organisation.models import Actor, Grant, Person, Token


def test_an_address_is_one_person_whatever_its_case(office):
    assert office.founder.person.email == "ada@example.org"
    with pytest.raises(Conflict, match="known already"):
        office.person("ADA@example.org")
    with pytest.raises(Invalid, match="no e-mail"):
        office.person("ada at example")


def test_a_disabled_person_holds_nothing_and_their_tokens_end(office):
    lead = office.holder("lead@example.org", office.hub, "hub_lead")
    until = lead.at + timedelta(days=9)
    token, clear = actions.make_token(
        "script", frozenset({"account.view"}), until=until, actor=lead
    )
    assert actions.allowed(lead, "account.view", office.north)
    actions.disable_person(lead.person, reason="left", actor=office.founder)
    assert not actions.allowed(lead, "account.view", office.north)
    assert not Person.objects.get(pk=lead.person.pk).is_active
    with pytest.raises(NotFound):
        actions.actor_for(token=clear, origin="api", at=lead.at)
    with pytest.raises(NotFound):
        actions.actor_for(email=lead.person.email, origin="cli", at=lead.at)
    actions.enable_person(lead.person, reason="came back", actor=office.founder)
    assert actions.allowed(lead, "account.view", office.north)
    assert Token.objects.get(pk=token.pk).revoked_at == lead.at


def test_the_last_admin_stays(office):
    founder = office.founder
    second = office.holder("second@example.org", office.root, "", "person.invite", "grant.give")
    admin = Grant.objects.get(person=founder.person, role="admin")
    for act in (
        lambda: actions.disable_person(founder.person, reason="left", actor=second),
        lambda: actions.end_grant(admin, reason="enough", actor=second),
    ):
        with pytest.raises(Conflict, match=r"no Admin.*second@example\.org"):
            act()
    actions.give_grant(Gift(second.person, None, "deputy", role="admin"), actor=founder)
    actions.end_grant(admin, reason="enough", actor=second)
    # One whose own term ends does not count as lasting.
    with pytest.raises(Conflict, match="no Admin"):
        actions.disable_person(second.person, reason="left", actor=founder)


def test_whoever_invites_people_does_not_thereby_open_their_logins(office):
    inviter = office.holder("in@example.org", office.root, "", "person.invite")
    with pytest.raises(Refused, match="which you may not give"):
        actions.set_password(office.founder.person, "correct horse battery", actor=inviter)
    nobody = office.person("nobody@example.org")
    actions.set_password(nobody, "correct horse battery", actor=inviter)
    assert Person.objects.get(pk=nobody.pk).check_password("correct horse battery")


def test_ones_own_password_needs_no_right_but_a_token_cannot_set_it(office):
    nobody = office.person("nobody@example.org")
    actions.set_password(
        nobody, "correct horse battery", actor=Actor(nobody, "web", office.founder.at)
    )
    by_token = Actor(nobody, "api", office.founder.at, token_rights=frozenset({"account.view"}))
    with pytest.raises(Refused):
        actions.set_password(nobody, "another long secret", actor=by_token)
    with pytest.raises(Invalid, match="too short"):
        actions.set_password(nobody, "short", actor=Actor(nobody, "web", office.founder.at))


def test_linked_logins_are_one_human(office):
    first, second, third = (office.person(f"{n}@example.org") for n in "abc")
    actions.link_person(second, first, actor=office.founder)
    actions.link_person(third, second, actor=office.founder)
    humans = {p.human for p in Person.objects.filter(pk__in=[first.pk, second.pk, third.pk])}
    assert humans == {first.pk}
    with pytest.raises(Invalid, match="one person already"):
        actions.link_person(first, third, actor=office.founder)


def test_a_refusal_goes_on_record_and_hides_what_may_not_be_seen(office):
    nobody = Actor(office.person("nobody@example.org"), "web", office.founder.at)
    viewer = office.holder("viewer@example.org", office.north, "viewer")
    with pytest.raises(Refused) as blind:
        actions.require(nobody, "goal.edit", office.north)
    with pytest.raises(Refused) as seeing:
        actions.require(viewer, "goal.edit", office.north)
    assert (blind.value.http_status, seeing.value.http_status) == (404, 403)
    assert "north" not in str(blind.value)
    actions.record_refusal(seeing.value, viewer)
    row = Entry.objects.get(verb="refused")
    assert (row.result, row.object) == ("refused", f"unit:{office.north.pk}")
    assert bytes(Content.objects.get(id=row.id).content) == b'{"right":"goal.edit"}'


def test_change_moves_a_person_between_units_that_the_actor_may_fill(office):
    lead = office.holder("lead@example.org", office.north, "", "person.invite")
    somebody = actions.invite_person(NewPerson("s@example.org", unit=office.north), actor=lead)
    with pytest.raises(Refused):
        actions.change_person(somebody, name="S", unit=office.south, actor=lead)
    actions.change_person(somebody, name="S", unit=office.south, actor=office.founder)
    assert Person.objects.get(pk=somebody.pk).unit == office.south
