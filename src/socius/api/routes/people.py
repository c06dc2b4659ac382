"""People: listed, invited, corrected, disabled, let in again."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from socius.api.acting import actor_of
from socius.api.finding import maybe, person, shown, unit
from socius.api.paging import Page, rows_page
from socius.api.routes.grants import shape as grant_shape
from socius.api.shapes.organisation import (
    InviteIn,
    LinkPersonIn,
    PasswordIn,
    PeopleAsked,
    PersonIn,
    PersonOut,
    PersonRow,
)
from socius.api.values import Number, Why
from socius.organisation import actions
from socius.organisation.actions import NewPerson, require_somewhere
from socius.organisation.models import Actor, Grant, Person, Unit
from socius.organisation.reports import visible, what_can

TAG = "people"
ASKED = "person.invite"
router = Router()


def seen(actor: Actor) -> QuerySet[Person]:
    """People of the units that the actor may look into."""
    require_somewhere(actor, "account.view")
    return Person.objects.filter(visible(actor, "account.view")).select_related("unit")


def shape(row: Person) -> dict[str, Any]:
    """A person of a list."""
    return {
        "id": row.pk,
        "email": row.email,
        "name": row.name,
        "unit": row.unit_id,
        "active": row.is_active,
        "disabled_at": row.disabled_at,
        "created_at": row.created_at,
        "linked_to": row.linked_to_id,
    }


def narrowed(rows: QuerySet[Person], asked: PeopleAsked, actor: Actor) -> QuerySet[Person]:
    """By words, role, unit and state."""
    for word in asked.q.split():
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    now = Grant.objects.active(actor.at).filter(deny=False)
    if asked.role:
        rows = rows.filter(pk__in=now.filter(role=asked.role).values("person"))
    if asked.unit:
        rows = rows.filter(unit__ancestors__ancestor=asked.unit)
    if asked.state:
        rows = rows.filter(disabled_at__isnull=asked.state != "disabled")
    return rows.exclude(pk__in=now.values("person")) if asked.state == "without" else rows


@router.get("/people", response=Page[PersonRow])
def list_people(request: HttpRequest, asked: Query[PeopleAsked]) -> dict[str, Any]:
    """People of the units that one may look into."""
    actor = actor_of(request)
    rows = narrowed(seen(actor), asked, actor)
    return rows_page(rows, asked, lambda found: map(shape, found))


@router.get("/people/{number}", response=PersonOut)
def get_person(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One person with what they can do in their unit, and every grant."""
    actor = actor_of(request)
    row = shown(seen(actor), number)
    grants = Grant.objects.filter(person=row).order_by("-pk")
    rights = sorted(what_can(row, row.unit, actor))
    return {**shape(row), "rights": rights, "grants": map(grant_shape, grants)}


@router.post("/people", response={201: PersonRow})
def invite_person(request: HttpRequest, given: InviteIn) -> Status[dict[str, Any]]:
    """Invites a person, who holds nothing until somebody gives it."""
    actor = actor_of(request)
    home = maybe(Unit.objects.all(), given.unit, actor, ASKED)
    row = actions.invite_person(NewPerson(given.email, given.name, home), actor=actor)
    return Status(201, shape(row))


@router.patch("/people/{number}", response=PersonRow)
def change_person(request: HttpRequest, number: Path[Number], given: PersonIn) -> dict[str, Any]:
    """Corrects the name, or says that the person belongs to another unit (null: to the organisation itself)."""
    actor = actor_of(request)
    row, said = person(number, actor), given.model_fields_set
    home = row.unit
    if "unit" in said:
        home = unit(given.unit, actor, ASKED) if given.unit else None
    name = row.name if given.name is None else given.name
    return shape(actions.change_person(row, name=name, unit=home, actor=actor))


@router.post("/people/{number}/disable", response=PersonRow)
def disable_person(request: HttpRequest, number: Path[Number], given: Why) -> dict[str, Any]:
    """Shuts a person out, with every token."""
    actor = actor_of(request)
    return shape(actions.disable_person(person(number, actor), reason=given.reason, actor=actor))


@router.post("/people/{number}/enable", response=PersonRow)
def enable_person(request: HttpRequest, number: Path[Number], given: Why) -> dict[str, Any]:
    """Lets a disabled person in again; tokens stay revoked."""
    actor = actor_of(request)
    return shape(actions.enable_person(person(number, actor), reason=given.reason, actor=actor))


@router.post("/people/{number}/link", response=PersonRow)
def link_person(request: HttpRequest, number: Path[Number], given: LinkPersonIn) -> dict[str, Any]:
    """Says that two logins are one human."""
    actor = actor_of(request)
    return shape(actions.link_person(person(number, actor), person(given.to, actor), actor=actor))


@router.post("/people/{number}/password", response=PersonRow)
def set_password(request: HttpRequest, number: Path[Number], given: PasswordIn) -> dict[str, Any]:
    """Sets a first or a new password, to be handed over by another way than e-mail."""
    actor = actor_of(request)
    return shape(actions.set_password(person(number, actor), given.password, actor=actor))
