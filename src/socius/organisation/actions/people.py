"""Invites, changes, links and disables people. A person is never deleted: the ledger names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from socius.activity.actions import record
from socius.kit.errors import Conflict, Invalid, Refused
from socius.organisation.actions.epoch import bump, lock
from socius.organisation.actions.rights import asks, may_give, require
from socius.organisation.models import Actor, Grant, Person, Token, Unit
from socius.organisation.standing import Spot, parts, tree

MOST_NAMED = 3


@dataclass(frozen=True)
class NewPerson:
    """Who a person is."""

    email: str
    name: str = ""
    unit: Unit | None = None


@asks("person.invite")
def invite_person(new: NewPerson, *, actor: Actor) -> Person:
    """A person who may sign in once a password is set; holds nothing until somebody gives it."""
    with transaction.atomic():
        require(actor, "person.invite", new.unit)
        person = insert(new, actor.at)
        bump()
        record(actor, "person_invited", f"person:{person.pk}", unit=person.unit_id)
    return person


def insert(new: NewPerson, at: datetime, password: str | None = None) -> Person:
    """The row; the caller has asked and will bump."""
    email = clean_email(new.email)
    if Person.objects.filter(email=email).exists():
        raise Conflict(f"{email} is known already.")
    person = Person(email=email, name=new.name.strip(), unit=new.unit, created_at=at)
    person.set_password(checked(password, person) if password is not None else None)
    person.save()
    return person


def clean_email(text: str) -> str:
    """The address in the one form in which it is kept."""
    email = text.strip().casefold()
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise Invalid(f"{text!r} is no e-mail address.", field="email") from wrong
    return email


def checked(password: str, person: Person) -> str:
    """The password, if it is good enough."""
    try:
        validate_password(password, person)
    except ValidationError as wrong:
        raise Invalid(" ".join(wrong.messages), field="password") from wrong
    return password


@asks("person.invite")
def change_person(person: Person, *, name: str, unit: Unit | None, actor: Actor) -> Person:
    """Corrects the name, or says that the person now belongs to another Unit; asks at both."""
    with transaction.atomic():
        person = locked(person)
        require(actor, "person.invite", person)
        require(actor, "person.invite", unit)
        content = {"unit_from": person.unit_id, "unit_to": unit.pk if unit else None}
        person.name, person.unit = name.strip(), unit
        person.save(update_fields=["name", "unit"])
        bump()
        record(actor, "person_changed", f"person:{person.pk}", unit=person.unit_id, content=content)
    return person


@asks("person.invite")
def disable_person(person: Person, *, reason: str, actor: Actor) -> Person:
    """Ends everything the person may do, and every token, in this transaction; grants stay as they were."""
    with transaction.atomic():
        lock()
        person = locked(person)
        require(actor, "person.invite", person)
        if not reason.strip():
            raise Invalid("Say why the person is disabled.", field="reason")
        keep_an_admin(without_person=person)
        disable(person, actor.at)
        record(
            actor,
            "person_disabled",
            f"person:{person.pk}",
            unit=person.unit_id,
            content={"reason": reason},
        )
    return person


def disable(person: Person, at: datetime) -> None:
    """The rows; the caller has asked."""
    person.disabled_at = at
    person.save(update_fields=["disabled_at"])
    Token.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    bump()


def keep_an_admin(
    *, without_person: Person | None = None, without_grant: Grant | None = None
) -> None:
    """Refuses to take the last Admin: one active person with the role at the root, without end, must remain."""
    lasting = Grant.objects.filter(
        role="admin",
        deny=False,
        until=None,
        node_kind="unit",
        node_id=tree().root or 0,
        person__disabled_at=None,
    )
    left = lasting
    if without_person is not None:
        left = left.exclude(person=without_person)
    if without_grant is not None:
        left = left.exclude(pk=without_grant.pk)
    if left.exists() or not lasting.exists():
        return
    holder = lasting.values_list("person_id", flat=True)
    others = Person.objects.filter(disabled_at=None).exclude(pk__in=holder).order_by("pk")
    named = ", ".join(str(person) for person in others[:MOST_NAMED]) or "somebody whom you invite"
    raise Conflict(f"This would leave no Admin. Make another first, for instance {named}.")


@asks("person.invite")
def enable_person(person: Person, *, reason: str, actor: Actor) -> Person:
    """Lets a disabled person act again, with the grants that still run; tokens stay revoked."""
    with transaction.atomic():
        person = locked(person)
        require(actor, "person.invite", person)
        if not reason.strip():
            raise Invalid("Say why the person is let in again.", field="reason")
        require_superior(actor, person)
        person.disabled_at = None
        person.save(update_fields=["disabled_at"])
        bump()
        record(
            actor,
            "person_enabled",
            f"person:{person.pk}",
            unit=person.unit_id,
            content={"reason": reason},
        )
    return person


@asks("person.invite")
def link_person(person: Person, to: Person, *, actor: Actor) -> Person:
    """Says that two logins are one human, who then counts once."""
    with transaction.atomic():
        person, to = locked(person), locked(to)
        require(actor, "person.invite", person)
        require(actor, "person.invite", to)
        if person.human == to.human:
            raise Invalid("These logins are one person already.", field="person")
        Person.objects.filter(linked_to=person).update(linked_to=to.human)
        person.linked_to_id = to.human
        person.save(update_fields=["linked_to"])
        bump()
        record(
            actor,
            "person_linked",
            f"person:{person.pk}",
            unit=person.unit_id,
            content={"to": to.human},
        )
    return person


@asks("person.invite")
def set_password(person: Person, password: str, *, actor: Actor) -> Person:
    """One's own needs no Right; another's needs also that one could give all that they hold, for it opens all that."""
    with transaction.atomic():
        person = locked(person)
        if person.pk != actor.person.pk or actor.token_rights is not None:
            require(actor, "person.invite", person)
            require_superior(actor, person)
        person.set_password(checked(password, person))
        person.save(update_fields=["password"])
        record(actor, "password_set", f"person:{person.pk}", unit=person.unit_id)
    return person


def require_superior(actor: Actor, person: Person) -> None:
    """Who opens a login must be able to give everything that it holds."""
    for row in Grant.objects.filter(person=person, deny=False).active(actor.at):
        spot = Spot(row.node_id) if row.node_kind == "unit" else None
        lacking = held_by(row) - may_give(actor, spot)
        if lacking:
            raise Refused(
                f"{person} holds {min(lacking)}, which you may not give; ask somebody who may.",
                right="person.invite",
                node=f"person:{person.pk}",
            )


def held_by(row: Grant) -> frozenset[str]:
    """Every Right that a grant may come to hold or to give."""
    pieces = parts(row)
    return frozenset().union(*(piece.rights | (piece.may_give or frozenset()) for piece in pieces))


def locked(person: Person) -> Person:
    """The row as it stands now, held until the transaction ends."""
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
