"""Units: the tree as of a day, and its changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from socius.api.acting import actor_of
from socius.api.finding import unit
from socius.api.paging import Page, list_page
from socius.api.shapes.organisation import (
    AliasIn,
    DatesIn,
    MoveIn,
    NewUnitIn,
    RenameIn,
    TreeAsked,
    UnitOut,
    UnitRow,
)
from socius.api.values import Number
from socius.kit.errors import Invalid
from socius.organisation import actions
from socius.organisation.actions import NewUnit, require_somewhere
from socius.organisation.models import Unit, UnitName, UnitPlacement
from socius.organisation.reports import units_tree

TAG = "units"
ASKED = "unit.edit"
router = Router()


def shape(row: Unit) -> dict[str, Any]:
    """A unit with its names and places."""
    names = UnitName.objects.filter(unit=row, is_key=False).order_by("name")
    placed = UnitPlacement.objects.filter(unit=row).order_by("pk")
    return {
        "id": row.pk,
        "key": row.key,
        "name": row.name,
        "kind": row.kind,
        "parent": row.parent_id,
        "external_id": row.external_id,
        "language": row.language,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "aliases": list(names.values_list("name", flat=True)),
        "placements": [
            {"parent": p.parent_id, "placed_from": p.placed_from, "placed_until": p.placed_until}
            for p in placed
        ],
    }


@router.get("/units", response=Page[UnitRow])
def list_units(request: HttpRequest, asked: Query[TreeAsked]) -> dict[str, Any]:
    """The tree as it stood on a day, parents before children."""
    actor = actor_of(request)
    require_somewhere(actor, "account.view")
    today = actor.day
    if asked.on and asked.on > today:
        raise Invalid(
            f"{asked.on} lies in the future.", field="on", repair=f"Use {today} or earlier."
        )
    return list_page(units_tree(asked.on or today, actor), asked, lambda u: u.id, lambda u: u)


@router.get("/units/{number}", response=UnitOut)
def get_unit(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One unit with its aliases and where it stood."""
    return shape(unit(number, actor_of(request), "account.view"))


@router.post("/units", response={201: UnitOut})
def create_unit(request: HttpRequest, given: NewUnitIn) -> Status[dict[str, Any]]:
    """Makes a hub or spoke below another unit."""
    actor = actor_of(request)
    said = given.model_dump()
    parent = unit(said.pop("parent"), actor, ASKED)
    return Status(201, shape(actions.create_unit(NewUnit(**said), parent, actor=actor)))


@router.post("/units/{number}/rename", response=UnitOut)
def rename_unit(request: HttpRequest, number: Path[Number], given: RenameIn) -> dict[str, Any]:
    """Changes the shown name; the key that files use stays."""
    actor = actor_of(request)
    return shape(actions.rename_unit(unit(number, actor, ASKED), name=given.name, actor=actor))


@router.post("/units/{number}/move", response=UnitOut)
def move_unit(request: HttpRequest, number: Path[Number], given: MoveIn) -> dict[str, Any]:
    """Puts a unit below another, from today or from an earlier day."""
    actor = actor_of(request)
    row, parent = unit(number, actor, ASKED), unit(given.parent, actor, ASKED)
    return shape(actions.move_unit(row, parent, on=given.on, actor=actor))


@router.post("/units/{number}/dates", response=UnitOut)
def date_unit(request: HttpRequest, number: Path[Number], given: DatesIn) -> dict[str, Any]:
    """Says from which day a unit is, and which day is the first on which it is no more."""
    actor = actor_of(request)
    row = actions.date_unit(unit(number, actor, ASKED), actor=actor, **given.model_dump())
    return shape(row)


@router.post("/units/{number}/aliases", response=UnitOut)
def alias_unit(request: HttpRequest, number: Path[Number], given: AliasIn) -> dict[str, Any]:
    """Gives a unit a further name by which files may call it."""
    actor = actor_of(request)
    return shape(actions.alias_unit(unit(number, actor, ASKED), given.alias, actor=actor).unit)


@router.post("/units/{number}/aliases/drop", response=UnitOut)
def drop_alias(request: HttpRequest, number: Path[Number], given: AliasIn) -> dict[str, Any]:
    """Takes a name away again; the key stays."""
    actor = actor_of(request)
    return shape(actions.drop_alias(unit(number, actor, ASKED), given.alias, actor=actor))
