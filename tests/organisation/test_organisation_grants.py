from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from socius.engine.roles import RIGHTS, ROLES
from socius.kit.errors import Conflict, Invalid, Refused, SociusError
from socius.organisation import actions, reports
from socius.organisation.actions import Gift, Opening, Spot
from socius.organisation.models import Actor, Grant


def test_a_grant_counts_at_its_unit_and_below_from_its_beginning_to_its_end(office):
    person = office.person("p@example.org")
    gift = Gift(
        person,
        office.hub,
        "for a month",
        role="analyst",
        starts=office.founder.at + timedelta(days=1),
        until=office.founder.at + timedelta(days=31),
    )
    actions.give_grant(gift, actor=office.founder)
    actor = Actor(person, "web", office.founder.at)
    day = {n: office.later(actor, days=n) for n in (0, 1, 30, 31)}
    assert [actions.allowed(day[n], "query.edit", office.north) for n in day] == [
        False,
        True,
        True,
        False,
    ]
    assert not actions.allowed(day[1], "query.edit", office.root)
    assert "has not begun" in actions.explain(day[0], "query.edit", office.north).missing
    assert "has ended" in actions.explain(day[31], "query.edit", office.north).missing


def test_a_deny_below_cuts_what_a_role_above_gives(office):
    lead = office.holder("lead@example.org", office.hub, "hub_lead")
    gift = Gift(lead.person, office.north, "not there", rights=frozenset({"goal.edit"}), deny=True)
    deny = actions.give_grant(gift, actor=office.founder)
    assert actions.allowed(lead, "goal.edit", office.south)
    assert not actions.allowed(lead, "goal.edit", office.north)
    with pytest.raises(Refused, match="Deny"):
        actions.require(lead, "goal.edit", office.north)
    # To lift it is to give, and nobody gives to themselves.
    with pytest.raises(Refused, match="themselves"):
        actions.end_grant(deny, reason="enough", actor=lead)
    actions.end_grant(deny, reason="enough", actor=office.founder)
    assert actions.allowed(lead, "goal.edit", office.north)


def test_nobody_gives_to_themselves_nor_to_another_login_of_theirs(office):
    lead = office.holder("lead@example.org", office.hub, "hub_lead")
    second = office.person("lead.too@example.org", office.hub)
    actions.link_person(second, lead.person, actor=office.founder)
    second.refresh_from_db()
    for person in (lead.person, second):
        with pytest.raises(Refused, match="themselves"):
            actions.give_grant(Gift(person, office.hub, "why not", role="viewer"), actor=lead)


def test_one_gives_what_one_holds_where_one_may(office):
    lead = office.holder("lead@example.org", office.north, "spoke_lead")
    somebody = office.person("s@example.org")
    with pytest.raises(Refused, match=r"assessment\.run"):
        actions.give_grant(Gift(somebody, office.north, "x", role="analyst"), actor=lead)
    with pytest.raises(Refused):
        actions.give_grant(Gift(somebody, office.south, "x", role="viewer"), actor=lead)
    with pytest.raises(Refused):
        actions.give_grant(Gift(somebody, None, "x", role="viewer"), actor=lead)
    actions.give_grant(Gift(somebody, office.north, "x", role="author"), actor=lead)


def test_an_admin_gives_what_they_do_not_hold_and_does_not_speak(office):
    admin = office.holder("admin@example.org", office.root, "admin")
    assert not actions.allowed(admin, "post.publish", office.north)
    somebody = office.person("s@example.org")
    actions.give_grant(Gift(somebody, office.north, "x", role="hub_lead"), actor=admin)
    assert actions.allowed(Actor(somebody, "web", admin.at), "post.publish", office.north)
    # What the lead was not given to pass on stays with the Admin.
    lead = Actor(somebody, "web", admin.at)
    with pytest.raises(Refused):
        actions.give_grant(Gift(admin.person, office.north, "x", role="admin"), actor=lead)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "why"),
        ({"role": ""}, "one role"),
        ({"rights": frozenset({"goal.edit"})}, "one role"),
        ({"role": "king"}, "no role"),
        ({"role": "plugin"}, "no role"),
        ({"role": "", "rights": frozenset({"king.be"})}, "no Right"),
        ({"role": "community_moderator"}, "180 days"),
        ({"conditions": {"moon": "full"}}, "no condition"),
        ({"deny": True, "conditions": {"trained": ["conduct"]}}, "a deny may carry"),
    ],
)
def test_a_gift_that_cannot_be_given_says_why(office, change, words):
    gift = replace(Gift(office.person("p@example.org"), None, "needed", role="viewer"), **change)
    with pytest.raises(Invalid, match=words):
        actions.give_grant(gift, actor=office.founder)


def test_times_are_in_order_and_not_in_the_past(office):
    at, hour = office.founder.at, timedelta(hours=1)
    gift = Gift(office.person("p@example.org"), None, "needed", role="viewer")
    for times in ({"starts": at - hour}, {"until": at}, {"starts": at + hour, "until": at + hour}):
        with pytest.raises(Invalid):
            actions.give_grant(replace(gift, **times), actor=office.founder)


def test_a_grant_ends_once(office):
    lead = office.holder("lead@example.org", office.hub, "hub_lead")
    grant = Grant.objects.get(person=lead.person)
    actions.end_grant(grant, reason="done", actor=office.founder)
    assert not actions.allowed(lead, "goal.edit", office.hub)
    with pytest.raises(Conflict, match="ended already"):
        actions.end_grant(grant, reason="again", actor=office.founder)


def test_a_share_opens_one_account_for_its_rights_only(office):
    north = office.holder("n@example.org", office.north, "hub_lead")
    account = Spot(office.south.pk, account_id=70)
    opening = Opening(
        account, office.north, frozenset({"account.view", "reply.draft"}), "joint care"
    )
    share = actions.give_share(opening, actor=office.founder)
    held = {right for right in RIGHTS if actions.allowed(north, right, account)}
    assert held == {"account.view", "reply.draft"}
    assert not actions.allowed(north, "account.view", Spot(office.south.pk, account_id=71))
    actions.end_share(share, reason="done", actor=office.founder)
    assert not actions.allowed(north, "account.view", account)


def test_a_grant_on_one_account_reaches_no_other(office):
    person = office.person("p@example.org")
    account = Spot(office.south.pk, account_id=70)
    actions.give_grant(Gift(person, account, "looks after it", role="viewer"), actor=office.founder)
    actor = Actor(person, "web", office.founder.at)
    assert actions.allowed(actor, "account.view", account)
    assert not actions.allowed(actor, "account.view", Spot(office.south.pk, account_id=71))
    assert not actions.allowed(actor, "account.view", office.south)


def test_who_can_and_what_can_are_the_decision_turned_round(office):
    office.holder("v@example.org", office.north, "viewer")
    emails = [p.email for p in reports.who_can("analytics.view", office.north, office.founder)]
    assert emails == ["ada@example.org", "v@example.org"]
    viewer = reports.who_can("analytics.view", office.north, office.founder)[1]
    assert reports.what_can(viewer, office.north, office.founder) == ROLES["viewer"].held


def test_no_chain_of_gifts_leads_beyond_what_the_first_giver_may_give(office):
    rng = Random(7)
    units = [office.root, office.hub, office.north, office.south]
    for chain in range(12):
        role = rng.choice(["spoke_lead", "hub_lead", "author", "crisis_lead"])
        first_unit = rng.choice(units)
        giver = office.holder(f"first{chain}@example.org", first_unit, role)
        bound = {unit.pk: actions.may_give(giver, unit) for unit in units}
        for link in range(6):
            person = office.person(f"p{chain}.{link}@example.org", first_unit)
            for _ in range(4):
                gift = Gift(
                    person,
                    rng.choice(units),
                    "on and on",
                    rights=frozenset(rng.sample(RIGHTS, rng.choice([1, 2, 6]))) | {"grant.give"},
                    may_give=rng.choice([None, frozenset(rng.sample(RIGHTS, 5))]),
                )
                try:
                    actions.give_grant(gift, actor=giver)
                except SociusError:
                    continue
            held = Actor(person, "web", giver.at)
            for unit in units:
                assert actions.may_give(held, unit) <= bound[unit.pk]
            giver = held
