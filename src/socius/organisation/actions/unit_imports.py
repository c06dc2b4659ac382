"""Files of Units: rows in any order, a tree without circles, each row asked for where it lands; and the undo of such a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from socius.activity.actions import Run, run_import
from socius.activity.models import ImportedRow, ImportRun
from socius.connectors.files import Report, Row, Upload
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions.epoch import bump, lock
from socius.organisation.actions.rights import allowed, asks, require, require_somewhere
from socius.organisation.actions.units import (
    NewUnit,
    add_alias,
    check_dates,
    insert,
    replace_parent,
)
from socius.organisation.models import Actor, Unit, UnitName, fold
from socius.organisation.standing import plant

PLAIN = ("name", "kind", "language", "valid_from", "valid_until")


@dataclass
class Line:
    """A row of the file on its way into the tree."""

    row: Row
    # The Unit that it names; None while it is to be made.
    unit: Unit | None
    parent: Unit | Line | None = None

    @property
    def name(self) -> str:
        """How the file calls the Unit."""
        return self.row.text("unit").strip()

    @property
    def moves(self) -> bool:
        """Whether the row itself says where the Unit stands."""
        return self.parent is not None


@asks("unit.edit")
def import_units(upload: Upload, *, actor: Actor) -> Report:
    """Reads a file of Units; nothing is written unless the upload says apply and the report is `ok`."""
    require_somewhere(actor, "unit.edit")

    def apply(rows: Iterable[Row], run: Run) -> None:
        # A stamp of this transaction's own, so that the tree may grow under it row by row.
        bump()
        lines = parented(identified(rows, run), run)
        for line in parents_first(without_circles(lines, run)):
            enter(line, run, actor)
        bump()

    return run_import(upload, kind="units", who=actor, apply=apply)


def identified(rows: Iterable[Row], run: Run) -> list[Line]:
    """Which Unit each row names: by external id, else by name; two rows with one external id are one Unit."""
    known = Unit.objects.index()
    by_external = {unit.external_id: unit for unit in known.values() if unit.external_id}
    lines: list[Line] = []
    firsts: dict[str, Line] = {}
    for row in rows:
        external = row.text("external_id").strip()
        by_name = known.get(fold(row.text("unit")))
        line = Line(row, by_external.get(external) or by_name)
        first = firsts.get(external) if external else None
        if say := contradiction(line, by_name, first, external):
            run.reject(row, "unit_contradicts", say, column="external_id")
        elif first is not None:
            same_unit(row, first, run)
        else:
            firsts[external] = line
            lines.append(line)
    return lines


def contradiction(line: Line, by_name: Unit | None, first: Line | None, external: str) -> str:
    """Why name and external id cannot both be right; '' where they can."""
    if by_name is not None and line.unit is not by_name:
        return f"{line.name!r} names another Unit than the external id {external!r}."
    if line.unit is None or not external:
        return ""
    if (line.unit.external_id or external) != external:
        return f"{line.name!r} is known with the external id {line.unit.external_id!r}."
    if first is not None and first.unit is not line.unit:
        return f"The external id {external!r} was given to {first.name!r} above."
    return ""


def same_unit(row: Row, first: Line, run: Run) -> None:
    """A second row with the external id of an earlier one: its name becomes an alias."""
    first.row.values["aliases"] = [*(first.row.values.get("aliases") or []), row.text("unit")]
    say = f"{row.text('unit')!r} has the external id of {first.name!r} and becomes its alias."
    run.note(row, "alias_by_id", say, column="external_id")
    run.done(row, "unchanged")


def parented(lines: list[Line], run: Run) -> list[Line]:
    """Finds the parent that each row names, among the rows first, then among the known Units."""
    in_file: dict[str, Line] = {}
    for line in lines:
        names = [line.name, line.row.text("external_id"), *(line.row.values.get("aliases") or [])]
        for name in filter(None, map(fold, names)):
            in_file.setdefault(name, line)
    known = Unit.objects.index()
    root = Unit.objects.filter(kind="organisation").get()
    kept: list[Line] = []
    for line in lines:
        name = fold(line.row.text("parent"))
        line.parent = in_file.get(name) or known.get(name)
        if name and line.parent is None:
            run.reject(
                line.row,
                "unknown_name",
                f"The parent {line.row.text('parent')!r} is neither in this file nor known.",
                column="parent",
                repair="Add its row to the file, or import the units above first.",
            )
            continue
        if line.parent is None and line.unit is None:
            line.parent = root
        if line.unit is not None and line.unit.pk == root.pk and line.moves:
            run.reject(
                line.row,
                "unit_circle",
                "The organisation itself has no parent.",
                column="parent",
            )
            continue
        kept.append(line)
    return dropped_with_parents(kept, lines, run)


def dropped_with_parents(kept: list[Line], lines: list[Line], run: Run) -> list[Line]:
    """Rows below a rejected row that was to make a Unit fall with it."""
    good = {id(line) for line in kept}
    gone = {id(line) for line in lines} - good
    while True:
        orphans = [
            line
            for line in kept
            if isinstance(line.parent, Line)
            and id(line.parent) in gone
            and line.parent.unit is None
        ]
        if not orphans:
            break
        for line in orphans:
            say = f"The row of its parent {line.row.text('parent')!r} was rejected."
            run.reject(line.row, "parent_rejected", say, column="parent")
            gone.add(id(line))
        kept = [line for line in kept if id(line) not in gone]
    for line in kept:
        if isinstance(line.parent, Line) and id(line.parent) in gone:
            line.parent = line.parent.unit
    return kept


def without_circles(lines: list[Line], run: Run) -> list[Line]:
    """Rejects every row on a circle, with its path, and what was to stand below."""
    while circle := first_circle(lines):
        path = " > ".join(name_of(step) for step in [*circle, circle[0]])
        bad = [step for step in circle if isinstance(step, Line)]
        for line in bad:
            say = f"These Units would stand below themselves: {path}."
            run.reject(line.row, "unit_circle", say, column="parent")
        kept = [line for line in lines if line not in bad]
        lines = dropped_with_parents(kept, lines, run)
    return lines


def first_circle(lines: list[Line]) -> list[Unit | Line]:
    """The steps of a circle in the tree as it would be; empty where there is none."""
    by_unit = {line.unit.pk: line for line in lines if line.unit is not None}
    units = {unit.pk: unit for unit in Unit.objects.order_by()}
    clear: set[int] = set()
    for line in lines:
        seen: dict[int, Unit | Line] = {}
        step: Unit | Line | None = line
        while step is not None and id(step) not in clear:
            if id(step) in seen:
                order = list(seen)
                return [seen[key] for key in order[order.index(id(step)) :]]
            seen[id(step)] = step
            step = above(step, by_unit, units)
        clear |= set(seen)
    return []


def above(
    step: Unit | Line, by_unit: dict[int, Line], units: dict[int, Unit]
) -> Unit | Line | None:
    """The parent of a row or Unit in the tree as it would be; a Unit that has a row is that row."""
    if isinstance(step, Line) and step.moves:
        up: Unit | Line | None = step.parent
    else:
        unit = step.unit if isinstance(step, Line) else step
        up = units.get(unit.parent_id or 0) if unit is not None else None
    if isinstance(up, Unit):
        return by_unit.get(up.pk) or units.get(up.pk)
    return up


def name_of(step: Unit | Line) -> str:
    """How a message calls it."""
    return step.name


def parents_first(lines: list[Line]) -> Iterator[Line]:
    """The rows in an order in which each parent is there before its children."""
    done: set[int] = set()
    for line in lines:
        chain: list[Line] = []
        step: object = line
        while isinstance(step, Line) and id(step) not in done:
            done.add(id(step))
            chain.append(step)
            step = step.parent
        yield from reversed(chain)


def enter(line: Line, run: Run, actor: Actor) -> None:
    """Makes or changes one Unit, or rejects its row."""
    parent = line.parent.unit if isinstance(line.parent, Line) else line.parent
    if line.moves and parent is None:
        run.reject(
            line.row,
            "parent_rejected",
            f"The row of its parent {line.row.text('parent')!r} was rejected.",
            column="parent",
        )
        return
    asked = [place for place in (line.unit and (line.unit.parent or line.unit), parent) if place]
    if not all(allowed(actor, "unit.edit", place) for place in asked):
        say = f"You may not edit Units at {asked[-1].name}: it needs unit.edit there."
        run.reject(line.row, "not_allowed", say)
        return
    try:
        with transaction.atomic():
            write(line, parent, run, actor.day)
        if line.unit is not None:
            plant(line.unit.pk, line.unit.parent_id)
    except Invalid as wrong:
        if line.unit is not None:
            line.unit.refresh_from_db()
        path = " > ".join([*path_of(parent or line.unit), line.name])
        run.reject(line.row, "unit_dates", f"{wrong.say} ({path})", column=wrong.field)
    except Conflict as wrong:
        run.reject(line.row, "unit_contradicts", str(wrong))


def path_of(unit: Unit | None) -> list[str]:
    """Names from the root down."""
    names: list[str] = []
    while unit is not None:
        names.append(unit.name)
        unit = unit.parent
    return names[::-1]


def write(line: Line, parent: Unit | None, run: Run, today: date) -> None:
    """The row's Unit as the row says; raises what `enter` turns into a rejected row."""
    row, values = line.row, line.row.values
    if line.unit is None:
        check_dates(values.get("valid_from"), values.get("valid_until"), parent)
        new = NewUnit(
            key=line.name,
            name=row.text("name"),
            kind=row.text("kind") or "spoke",
            external_id=row.text("external_id"),
            language=row.text("language"),
            valid_from=values.get("valid_from"),
            valid_until=values.get("valid_until"),
        )
        unit = insert(new, parent, dict(row.extra))
        aliased(unit, line)
        line.unit = unit
        run.done(row, "created", f"unit:{unit.pk}")
        return
    before = changed(line.unit, line, parent, today)
    run.done(row, "updated" if before else "unchanged", f"unit:{line.unit.pk}", before or None)


def changed(unit: Unit, line: Line, parent: Unit | None, today: date) -> dict[str, Any]:
    """Changes a known Unit; returns what the changed fields were. An empty cell is unknown and changes nothing."""
    before: dict[str, Any] = {}
    if unit.undone_run is not None:
        before |= {"undone_run": unit.undone_run, "valid_until": plain(unit.valid_until)}
        unit.undone_run = unit.valid_until = None
    for name in PLAIN:
        value = line.row.values.get(name)
        # The organisation stays what it is, whatever a file calls it.
        if value is None or value == getattr(unit, name) or (name == "kind" and not unit.parent_id):
            continue
        before.setdefault(name, plain(getattr(unit, name)))
        setattr(unit, name, value)
    external = line.row.text("external_id").strip()
    if external and unit.external_id is None:
        before["external_id"] = None
        unit.external_id = external
    if line.row.extra and unit.extra | line.row.extra != unit.extra:
        before["extra"] = unit.extra
        unit.extra = unit.extra | line.row.extra
    check_dates(unit.valid_from, unit.valid_until, parent or unit.parent)
    unit.save()
    if parent is not None and parent.pk != unit.parent_id:
        before["parent"] = unit.parent_id
        replace_parent(unit, parent, today, today=today)
    if added := aliased(unit, line):
        before["aliases_added"] = added
    return before


def aliased(unit: Unit, line: Line) -> list[str]:
    """Gives the Unit the row's aliases, and its name where an external id found it; returns the new ones."""
    wanted = [line.name, *(line.row.values.get("aliases") or [])]
    known = set(UnitName.objects.filter(unit=unit).values_list("folded", flat=True))
    new = [name for name in dict.fromkeys(wanted) if fold(name) and fold(name) not in known]
    for name in new:
        add_alias(unit, name)
    return new


def plain(value: object) -> object:
    """As JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


@asks("unit.edit")
def undo_units(run: ImportRun, *, actor: Actor) -> int:
    """Takes a file of Units back: what it made ends today, what it changed is as before. Returns how many Units."""
    with transaction.atomic():
        lock()
        require_somewhere(actor, "unit.edit")
        rows = list(ImportedRow.objects.filter(run=run).exclude(object="").order_by("-pk"))
        touched = 0
        for row in rows:
            unit = Unit.objects.get(pk=int(row.object.partition(":")[2]))
            if row.outcome == "unchanged":
                continue
            require(actor, "unit.edit", unit.parent or unit)
            restore(unit, row, actor.day)
            touched += 1
        bump()
    return touched


def restore(unit: Unit, row: ImportedRow, today: date) -> None:
    """One Unit as it stood before one row."""
    if row.outcome == "created":
        unit.undone_run = row.run_id
        unit.valid_until = today if unit.valid_until is None else min(today, unit.valid_until)
        unit.save(update_fields=["undone_run", "valid_until"])
        return
    before = dict(row.before or {})
    UnitName.objects.filter(
        unit=unit, is_key=False, folded__in=[fold(name) for name in before.pop("aliases_added", [])]
    ).delete()
    parent = before.pop("parent", None)
    for name, value in before.items():
        dated = name in {"valid_from", "valid_until"} and value
        setattr(unit, name, date.fromisoformat(value) if dated else value)
    unit.save()
    if parent is not None:
        replace_parent(unit, Unit.objects.get(pk=parent), today, today=today)
