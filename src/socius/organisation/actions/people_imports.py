"""Files of people: who they are, and the role each is proposed for; and the undo of such a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from socius.activity.actions import Run, run_import
from socius.activity.models import ImportedRow, ImportRun
from socius.connectors.files import Report, Row, Upload
from socius.engine.roles import NAMES
from socius.kit.errors import Invalid
from socius.organisation.actions.epoch import bump, lock
from socius.organisation.actions.grants import Gift, check, end, record_grant, written
from socius.organisation.actions.people import (
    NewPerson,
    clean_email,
    disable,
    held_by,
    insert,
    keep_an_admin,
)
from socius.organisation.actions.rights import (
    allowed,
    asks,
    may_give,
    require,
    require_somewhere,
)
from socius.organisation.models import Actor, Grant, Person, ProposedGrant, Unit, fold
from socius.organisation.standing import tree

ROLE_NAMES = {fold(name): key for key, name in NAMES.items()} | {key: key for key in NAMES}


@dataclass(frozen=True)
class Desk:
    """What every row of one file needs."""

    run: Run
    actor: Actor
    zone: str
    units: dict[str, Unit]


@asks("person.invite")
def import_people(upload: Upload, *, actor: Actor) -> Report:
    """Reads a file of people; invites nobody. A role becomes a grant where the importer may give it, else a proposal."""
    require_somewhere(actor, "person.invite")

    def apply(rows: Iterable[Row], run: Run) -> None:
        lock()
        desk = Desk(run, actor, upload.zone, Unit.objects.index())
        for row in rows:
            try:
                with transaction.atomic():
                    enter(row, desk)
            except Invalid as wrong:
                code = "invalid_person" if wrong.code == "invalid" else wrong.code
                run.reject(row, code, wrong.say, column=wrong.field, repair=wrong.repair)
        bump()

    return run_import(upload, kind="people", who=actor, apply=apply)


def enter(row: Row, desk: Desk) -> None:
    """One person; raises `Invalid` for what rejects the row."""
    unit = unit_of(row, desk)
    role = role_of(row)
    email = clean_email(row.text("email"))
    person = Person.objects.filter(email=email).first()
    if not may_edit(person, unit, desk.actor):
        where = unit.name if unit else "the organisation"
        raise Invalid(
            f"You may not enter people at {where}: it needs person.invite there.",
            field="unit",
            code="not_allowed",
        )
    if person is None:
        person = insert(NewPerson(email, row.text("name"), unit), desk.actor.at)
        person.extra = dict(row.extra)
        person.save(update_fields=["extra"])
        outcome, before = "created", {}
    else:
        before = changed(person, row, unit)
        outcome = "updated" if before else "unchanged"
    if role and give(person, role, unit, row, desk) and outcome == "unchanged":
        outcome = "updated"
    desk.run.done(row, outcome, f"person:{person.pk}", before or None)


def may_edit(person: Person | None, unit: Unit | None, actor: Actor) -> bool:
    """At the Unit that the row names, and at the one where the person stands."""
    here = allowed(actor, "person.invite", unit)
    return here and (person is None or allowed(actor, "person.invite", person))


def unit_of(row: Row, desk: Desk) -> Unit | None:
    """The Unit that the row names."""
    name = row.text("unit")
    unit = desk.units.get(fold(name))
    if name and unit is None:
        raise Invalid(
            f"Nobody knows the Unit {name!r}.",
            field="unit",
            repair="Import units first.",
            code="unknown_name",
        )
    return unit


def role_of(row: Row) -> str:
    """The key of the role that the row names, '' for none."""
    name = row.text("role")
    role = ROLE_NAMES.get(fold(name), "")
    if name and (not role or role == "plugin"):
        named = ", ".join(key for key in NAMES if key != "plugin")
        raise Invalid(
            f"{name!r} is no role.",
            field="role",
            repair=f"Use one of {named}.",
            code="role_unknown",
        )
    return role


def changed(person: Person, row: Row, unit: Unit | None) -> dict[str, Any]:
    """Changes a known person; an empty cell is unknown and changes nothing."""
    before: dict[str, Any] = {}
    name = row.text("name").strip()
    if name and name != person.name:
        before["name"], person.name = person.name, name
    if unit is not None and unit.pk != person.unit_id:
        before["unit_id"], person.unit = person.unit_id, unit
    if row.extra and person.extra | row.extra != person.extra:
        before["extra"], person.extra = person.extra, person.extra | row.extra
    if person.undone_run is not None:
        before["undone_run"], person.undone_run = person.undone_run, None
        person.disabled_at = None
    if before:
        person.save()
    return before


def give(person: Person, role: str, unit: Unit | None, row: Row, desk: Desk) -> bool:
    """The role as a grant or as a proposal; False where it stands already."""
    scope = unit or Unit.objects.get(pk=tree().root or 0)
    until = end_of(row, desk.zone)
    if stands(person, role, scope, until, desk.actor.at):
        return False
    gift = Gift(person, scope, f"Named in {desk.run.upload.name}.", role=role, until=until)
    check(gift, desk.actor.at)
    grant = written(gift, desk.actor)
    grant.run = desk.run.id or None
    if may_be_given(grant, scope, desk.actor):
        grant.save()
        record_grant(desk.actor, "grant_given", grant, grant.reason)
        return True
    ProposedGrant.objects.create(
        person=person,
        role=role,
        unit=scope,
        until=until,
        run=desk.run.id or None,
        line=row.line,
        proposed_by=desk.actor.ref,
        proposed_at=desk.actor.at,
    )
    say = f"The role {NAMES[role]} at {scope.name} waits for somebody who may give it."
    desk.run.note(row, "grant_proposed", say, column="role")
    return True


def end_of(row: Row, zone: str) -> datetime | None:
    """`valid_until` as an instant: the first moment of that day in the file's zone."""
    day = row.values.get("valid_until")
    if day is None:
        return None
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def stands(person: Person, role: str, unit: Unit, until: datetime | None, at: datetime) -> bool:
    """Whether the person holds the role there already, or it waits for a decision."""
    held = Grant.objects.active(at).filter(
        person=person, role=role, deny=False, node_kind="unit", node_id=unit.pk, until=until
    )
    waits = ProposedGrant.objects.filter(
        person=person, role=role, unit=unit, until=until, decided_at=None
    )
    return held.exists() or waits.exists()


def may_be_given(grant: Grant, unit: Unit, actor: Actor) -> bool:
    """The rules of giving, asked of a row of a file."""
    if actor.person.human == grant.person.human or not allowed(actor, "grant.give", unit):
        return False
    return held_by(grant) <= may_give(actor, unit)


@asks("person.invite")
def undo_people(run: ImportRun, *, actor: Actor) -> int:
    """Takes a file of people back: whom it entered is disabled, what it changed is as before, what it gave ends."""
    with transaction.atomic():
        lock()
        require_somewhere(actor, "person.invite")
        rows = list(
            ImportedRow.objects.filter(run=run).exclude(outcome="unchanged").order_by("-pk")
        )
        for row in rows:
            person = Person.objects.get(pk=int(row.object.partition(":")[2]))
            require(actor, "person.invite", person)
            restore(person, row, actor)
        take_back_roles(run, actor)
        bump()
    return len(rows)


def restore(person: Person, row: ImportedRow, actor: Actor) -> None:
    """One person as they stood before one row."""
    if row.outcome == "created":
        keep_an_admin(without_person=person)
        person.undone_run = row.run_id
        person.save(update_fields=["undone_run"])
        if person.is_active:
            disable(person, actor.at)
        return
    before = dict(row.before or {})
    for name, value in before.items():
        setattr(person, name, value)
    if before.get("undone_run") is not None:
        person.disabled_at = actor.at
    person.save()


def take_back_roles(run: ImportRun, actor: Actor) -> None:
    """Ends what the file gave, and withdraws what it proposed."""
    for grant in Grant.objects.active(actor.at).filter(run=run.pk):
        keep_an_admin(without_grant=grant)
        end(grant, actor.at)
        record_grant(actor, "grant_ended", grant, "The import that gave it was taken back.")
    ProposedGrant.objects.filter(run=run.pk, decided_at=None).update(decided_at=actor.at)
