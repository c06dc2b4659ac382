"""The verbs of socius.organisation."""

from __future__ import annotations

from datetime import date, timedelta

from performers import Performer, World
from socius.activity.models import ImportRun
from socius.connectors.files.values import Upload
from socius.organisation import actions
from socius.organisation.models import ProposedGrant


def create_unit(world: World):
    return lambda actor: actions.create_unit(actions.NewUnit("new"), world.hub, actor=actor)


def create_units(world: World):
    news = [actions.NewUnit("new"), actions.NewUnit("newer")]
    return lambda actor: actions.create_units(news, world.hub, actor=actor)


def rename_unit(world: World):
    return lambda actor: actions.rename_unit(world.hub, name="Another", actor=actor)


def move_unit(world: World):
    return lambda actor: actions.move_unit(world.spoke, world.root, actor=actor)


def date_unit(world: World):
    return lambda actor: actions.date_unit(
        world.spoke, valid_from=date(2020, 1, 1), valid_until=None, actor=actor
    )


def alias_unit(world: World):
    return lambda actor: actions.alias_unit(world.spoke, "By another name", actor=actor)


def drop_alias(world: World):
    actions.alias_unit(world.spoke, "Old name", actor=world.founder)
    return lambda actor: actions.drop_alias(world.spoke, "Old name", actor=actor)


def absorb_unit(world: World):
    return lambda actor: actions.absorb_unit(
        world.spoke, into=world.hub, actor=actor, reason="one and the same"
    )


def identify_unit(world: World):
    return lambda actor: actions.identify_unit(world.spoke, external_id="42", actor=actor)


def invite_person(world: World):
    new = actions.NewPerson("new@example.org", unit=world.hub)
    return lambda actor: actions.invite_person(new, actor=actor)


def change_person(world: World):
    return lambda actor: actions.change_person(
        world.somebody, name="Another", unit=world.spoke, actor=actor
    )


def disable_person(world: World):
    return lambda actor: actions.disable_person(world.somebody, reason="left", actor=actor)


def enable_person(world: World):
    actions.disable_person(world.somebody, reason="left", actor=world.founder)
    return lambda actor: actions.enable_person(world.somebody, reason="came back", actor=actor)


def link_person(world: World):
    second = actions.invite_person(actions.NewPerson("second@example.org"), actor=world.founder)
    return lambda actor: actions.link_person(second, world.somebody, actor=actor)


def set_password(world: World):
    return lambda actor: actions.set_password(world.somebody, "correct horse battery", actor=actor)


def give_grant(world: World):
    gift = actions.Gift(world.somebody, world.hub, "needed", role="viewer")
    return lambda actor: actions.give_grant(gift, actor=actor)


def end_grant(world: World):
    gift = actions.Gift(world.somebody, world.hub, "needed", role="viewer")
    grant = actions.give_grant(gift, actor=world.founder)
    return lambda actor: actions.end_grant(grant, reason="done", actor=actor)


def proposal(world: World) -> ProposedGrant:
    return ProposedGrant.objects.create(
        person=world.somebody,
        role="viewer",
        unit=world.hub,
        proposed_by="person:1",
        proposed_at=world.at,
    )


def accept_proposal(world: World):
    one = proposal(world)
    return lambda actor: actions.accept_proposal(one, reason="right", actor=actor)


def decline_proposal(world: World):
    one = proposal(world)
    return lambda actor: actions.decline_proposal(one, reason="wrong", actor=actor)


def opening(world: World) -> actions.Opening:
    spot = actions.Spot(world.hub.pk, account_id=7)
    return actions.Opening(spot, world.spoke, frozenset({"account.view"}), "joint care")


def give_share(world: World):
    return lambda actor: actions.give_share(opening(world), actor=actor)


def end_share(world: World):
    share = actions.give_share(opening(world), actor=world.founder)
    return lambda actor: actions.end_share(share, reason="done", actor=actor)


def make_token(world: World):
    until = world.at + timedelta(days=90)
    carried = frozenset({"account.view"})
    return lambda actor: actions.make_token("a script", carried, until=until, actor=actor)


def revoke_token(world: World):
    until = world.at + timedelta(days=90)
    carried = frozenset({"account.view"})
    token, _ = actions.make_token("a script", carried, until=until, actor=world.founder)
    return lambda actor: actions.revoke_token(token, actor=actor)


def upload(text: str) -> Upload:
    return Upload(text.encode(), "file.csv", apply=True)


UNITS = "unit,parent\nnew,hub\nnewer,new\n"
PEOPLE = "email,name,unit\nnew@example.org,New,hub\n"


def import_units(world: World):
    return lambda actor: actions.import_units(upload(UNITS), actor=actor)


def import_people(world: World):
    return lambda actor: actions.import_people(upload(PEOPLE), actor=actor)


def undo_units(world: World):
    report = actions.import_units(upload(UNITS), actor=world.founder)
    run = ImportRun.objects.get(pk=report.run)
    return lambda actor: actions.undo_units(run, actor=actor)


def undo_people(world: World):
    report = actions.import_people(upload(PEOPLE), actor=world.founder)
    run = ImportRun.objects.get(pk=report.run)
    return lambda actor: actions.undo_people(run, actor=actor)


PERFORMERS: dict[str, Performer] = {
    verb.__name__: verb
    for verb in (
        create_unit,
        create_units,
        rename_unit,
        move_unit,
        date_unit,
        alias_unit,
        drop_alias,
        absorb_unit,
        identify_unit,
        invite_person,
        change_person,
        disable_person,
        enable_person,
        link_person,
        set_password,
        give_grant,
        end_grant,
        accept_proposal,
        decline_proposal,
        give_share,
        end_share,
        make_token,
        revoke_token,
        import_units,
        import_people,
        undo_units,
        undo_people,
    )
}
