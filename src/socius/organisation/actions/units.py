"""Makes, renames, moves, dates and aliases Units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from socius.activity.actions import record
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions.epoch import bump, lock
from socius.organisation.actions.rights import asks, require
from socius.organisation.models import (
    LONGEST_NAME,
    Actor,
    Unit,
    UnitClosure,
    UnitName,
    UnitPlacement,
    fold,
)
from socius.organisation.standing import tree

KINDS = ("hub", "spoke")
FARTHEST = 10_000


@dataclass(frozen=True)
class NewUnit:
    """What a Unit is made of."""

    key: str
    name: str = ""
    kind: str = "spoke"
    external_id: str = ""
    language: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@asks("unit.edit")
def create_unit(new: NewUnit, parent: Unit, *, actor: Actor) -> Unit:
    """A hub or spoke below `parent`."""
    return create_units([new], parent, actor=actor)[0]


@asks("unit.edit")
def create_units(news: Sequence[NewUnit], parent: Unit, *, actor: Actor) -> list[Unit]:
    """Hubs or spokes below `parent`, all or none: an inventory may name hundreds that nobody knew."""
    with transaction.atomic():
        lock()
        require(actor, "unit.edit", parent)
        for new in news:
            if new.kind not in KINDS:
                raise Invalid(f"A Unit is a hub or a spoke, not {new.kind!r}.", field="kind")
            check_dates(new.valid_from, new.valid_until, parent)
        units = insert_all(news, parent)
        bump()
        for unit in units:
            name = f"unit:{unit.pk}"
            record(actor, "unit_created", name, unit=unit.pk, content={"name": unit.name})
    return units


def insert(new: NewUnit, parent: Unit | None, extra: dict[str, Any] | None = None) -> Unit:
    """The Unit with its name, placement and place in the closure; the caller has asked and will bump."""
    return insert_all([new], parent, extra)[0]


def insert_all(
    news: Sequence[NewUnit], parent: Unit | None, extra: dict[str, Any] | None = None
) -> list[Unit]:
    """Units below one parent, in as many queries for hundreds as for one."""
    check_free(news)
    units = [
        Unit(
            key=new.key.strip(),
            name=new.name.strip() or new.key.strip(),
            kind=new.kind if parent else "organisation",
            external_id=new.external_id.strip() or None,
            language=new.language,
            parent=parent,
            valid_from=new.valid_from,
            valid_until=new.valid_until,
            extra=extra or {},
        )
        for new in news
    ]
    Unit.objects.bulk_create(units)
    UnitName.objects.bulk_create(
        UnitName(unit=unit, name=unit.key, folded=fold(unit.key), is_key=True) for unit in units
    )
    UnitPlacement.objects.bulk_create(UnitPlacement(unit=unit, parent=parent) for unit in units)
    close_over(units, parent)
    return units


def check_free(news: Sequence[NewUnit]) -> None:
    """No two Units answer to one name or one external id."""
    keys = [fold(new.key.strip()) for new in news]
    if not all(keys):
        raise Invalid("A Unit needs a key: the name by which files call it.", field="unit")
    taken = UnitName.objects.filter(folded__in=keys).select_related("unit").first()
    if taken is not None:
        raise Conflict(
            f"{taken.name!r} already names the Unit {taken.unit.name}; choose another key."
        )
    ids = [new.external_id.strip() for new in news if new.external_id.strip()]
    held = Unit.objects.filter(external_id__in=ids).values_list("external_id", flat=True).first()
    if held is not None:
        raise Conflict(f"The external id {held!r} belongs to another Unit.")
    for said in (keys, ids):
        if len(set(said)) < len(said):
            raise Conflict(f"{Counter(said).most_common(1)[0][0]!r} is given to two Units at once.")


def close_over(units: Sequence[Unit], parent: Unit | None) -> None:
    """The closure rows of Units below one parent that have nothing below them yet."""
    above = UnitClosure.objects.filter(unit_id=parent.pk if parent else 0)
    ancestors = list(above.values_list("ancestor_id", "depth"))
    UnitClosure.objects.bulk_create(
        row
        for unit in units
        for row in (
            UnitClosure(ancestor=unit, unit=unit, depth=0),
            *(UnitClosure(ancestor_id=a, unit=unit, depth=d + 1) for a, d in ancestors),
        )
    )


def check_dates(begin: date | None, end: date | None, parent: Unit | None) -> None:
    """A Unit's days must be in order, and lie within its parent's where both are known."""
    if begin and end and begin >= end:
        raise Invalid("A Unit must begin before it ends.", field="valid_until")
    if parent is not None and outside(begin, end, parent):
        raise Invalid(
            f"The dates lie outside those of the Unit above, {parent.name}.", field="valid_from"
        )


def outside(begin: date | None, end: date | None, parent: Unit) -> bool:
    """Whether known dates lie outside the parent's known ones; an unknown one follows the parent's."""
    first, last = parent.valid_from, parent.valid_until
    days = [day for day in (begin, end) if day is not None]
    too_early = first is not None and any(day < first for day in days)
    too_late = last is not None and any(day > last for day in days)
    return too_early or too_late


@asks("unit.edit")
def rename_unit(unit: Unit, *, name: str, actor: Actor) -> Unit:
    """Changes the shown name; the key that files use stays."""
    with transaction.atomic():
        unit = locked(unit)
        require(actor, "unit.edit", unit.parent or unit)
        if not name.strip():
            raise Invalid("A Unit needs a name.", field="name")
        content = {"from": unit.name, "to": name.strip()}
        unit.name = name.strip()[:LONGEST_NAME]
        unit.save(update_fields=["name"])
        record(actor, "unit_renamed", f"unit:{unit.pk}", unit=unit.pk, content=content)
    return unit


@asks("unit.edit")
def move_unit(unit: Unit, parent: Unit, *, actor: Actor, on: date | None = None) -> Unit:
    """Puts a Unit below another, from today or from an earlier day; asks at both parents."""
    with transaction.atomic():
        lock()
        unit, parent = locked(unit), locked(parent)
        if unit.parent is None:
            raise Invalid("The organisation itself cannot be moved.", field="unit")
        require(actor, "unit.edit", unit.parent)
        require(actor, "unit.edit", parent)
        if ("unit", unit.pk) in tree().path(parent.pk):
            raise Invalid(
                f"{parent.name} lies below {unit.name}; a Unit cannot stand below itself.",
                field="parent",
            )
        check_dates(unit.valid_from, unit.valid_until, parent)
        content = {"from": unit.parent_id, "to": parent.pk, "on": str(on or actor.day)}
        replace_parent(unit, parent, on or actor.day, today=actor.day)
        bump()
        record(actor, "unit_moved", f"unit:{unit.pk}", unit=unit.pk, content=content)
    return unit


def replace_parent(unit: Unit, parent: Unit, on: date, *, today: date) -> None:
    """Closes the open placement on a day, opens the next, and mends the closure of everything below."""
    if on > today:
        raise Invalid("A move takes effect today or on an earlier day.", field="on")
    current = UnitPlacement.objects.select_for_update().get(unit=unit, placed_until=None)
    if current.placed_from is not None and on < current.placed_from:
        raise Invalid(
            f"{unit.name} was last moved on {current.placed_from}; name that day or a later one.",
            field="on",
        )
    if current.placed_from == on:
        current.parent = parent
        current.save(update_fields=["parent"])
    else:
        current.placed_until = on
        current.save(update_fields=["placed_until"])
        UnitPlacement.objects.create(unit=unit, parent=parent, placed_from=on)
    unit.parent = parent
    unit.save(update_fields=["parent"])
    reclose(unit)


def reclose(unit: Unit) -> None:
    """Rewrites the pairs between what is above a moved Unit and what is below it."""
    below = list(UnitClosure.objects.filter(ancestor=unit).values_list("unit_id", "depth"))
    inside = [key for key, _ in below]
    UnitClosure.objects.filter(unit_id__in=inside).exclude(ancestor_id__in=inside).delete()
    above = UnitClosure.objects.filter(unit_id=unit.parent_id or 0).values_list(
        "ancestor_id", "depth"
    )
    UnitClosure.objects.bulk_create(
        [
            UnitClosure(ancestor_id=ancestor, unit_id=key, depth=up + 1 + down)
            for ancestor, up in above
            for key, down in below
        ]
    )


@asks("unit.edit")
def date_unit(
    unit: Unit, *, valid_from: date | None, valid_until: date | None, actor: Actor
) -> Unit:
    """Says from which day a Unit is, and which day is the first on which it is no more."""
    with transaction.atomic():
        unit = locked(unit)
        require(actor, "unit.edit", unit.parent or unit)
        check_dates(valid_from, valid_until, unit.parent)
        unit.valid_from, unit.valid_until = valid_from, valid_until
        early = [c.name for c in unit.children.all() if outside(c.valid_from, c.valid_until, unit)]
        if early:
            raise Invalid(
                f"{early[0]} below it has dates outside these; change those first.",
                field="valid_until",
            )
        unit.save(update_fields=["valid_from", "valid_until"])
        content = {"from": str(valid_from or ""), "until": str(valid_until or "")}
        record(actor, "unit_dated", f"unit:{unit.pk}", unit=unit.pk, content=content)
    return unit


@asks("unit.edit")
def alias_unit(unit: Unit, alias: str, *, actor: Actor) -> UnitName:
    """A further name by which files may call the Unit."""
    with transaction.atomic():
        unit = locked(unit)
        require(actor, "unit.edit", unit.parent or unit)
        name = add_alias(unit, alias)
        record(actor, "unit_aliased", f"unit:{unit.pk}", unit=unit.pk, content={"alias": name.name})
    return name


def add_alias(unit: Unit, alias: str) -> UnitName:
    """The alias, new or as it stands; refused where it names another Unit."""
    folded = fold(alias)
    if not folded or len(folded) > LONGEST_NAME:
        raise Invalid(f"An alias has 1 to {LONGEST_NAME} characters.", field="aliases")
    known = UnitName.objects.filter(folded=folded).select_related("unit").first()
    if known is None:
        return UnitName.objects.create(unit=unit, name=" ".join(alias.split()), folded=folded)
    if known.unit_id != unit.pk:
        raise Conflict(f"{alias!r} already names the Unit {known.unit.name}.")
    return known


@asks("unit.edit")
def drop_alias(unit: Unit, alias: str, *, actor: Actor) -> Unit:
    """Takes a name away again; the key stays."""
    with transaction.atomic():
        unit = locked(unit)
        require(actor, "unit.edit", unit.parent or unit)
        gone, _ = UnitName.objects.filter(unit=unit, folded=fold(alias), is_key=False).delete()
        if not gone:
            raise Invalid(f"{alias!r} is no alias of {unit.name}.", field="aliases")
        record(
            actor, "unit_alias_dropped", f"unit:{unit.pk}", unit=unit.pk, content={"alias": alias}
        )
    return unit


def locked(unit: Unit) -> Unit:
    """The row as it stands now, held until the transaction ends."""
    return Unit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)
