"""Which Unit a row of an inventory means. Names with one external id are one Unit."""

from __future__ import annotations

from socius.accounts.actions.absence import chunks
from socius.accounts.models import Account, Placement
from socius.activity.actions import Run
from socius.connectors.files import Row
from socius.kit.clock import micros
from socius.kit.errors import SociusError
from socius.organisation.actions import (
    NewUnit,
    absorb_unit,
    alias_unit,
    allowed,
    create_unit,
    create_units,
    identify_unit,
)
from socius.organisation.models import Actor, Unit, fold


class Homes:
    """Resolves and, where the importer may, makes Units; asks each name once a file."""

    def __init__(self, actor: Actor, run: Run) -> None:
        self.actor = actor
        self.run = run
        self.root = Unit.objects.get(kind="organisation")
        self.kept: dict[tuple[str, str], Unit | None] = {}
        self.named: set[int] = set()

    def make(self, block: list[Row]) -> None:
        """Makes the Units that rows of the block call by a name which nobody knows, in one go."""
        rows: dict[str, Row] = {}
        for row in block:
            name = row.text("unit")
            if name and not row.text("unit_external_id"):
                rows.setdefault(fold(name), row)
        unknown = {name: row for name, row in rows.items() if (name, "") not in self.kept}
        if len(unknown) > 1:
            known = Unit.objects.index()
            unknown = {name: row for name, row in unknown.items() if name not in known}
        if len(unknown) < 2 or not allowed(self.actor, "unit.edit", self.root):
            return
        names = [row.text("unit") for row in unknown.values()]
        units = create_units(
            [NewUnit(key=name, name=name) for name in names],
            self.root,
            actor=self.actor,
        )
        for (name, row), unit in zip(unknown.items(), units, strict=True):
            self.kept[name, ""] = unit
            self.note_made(row, row.text("unit"))

    def of(self, row: Row) -> Unit | None:
        """The Unit of a row; the organisation itself where it names none; None where the row was rejected."""
        name, external = row.text("unit"), row.text("unit_external_id")
        key = (fold(name), external)
        if key not in self.kept:
            self.kept[key] = self.find(row, name, external)
            # A name settled by an id means the same Unit in rows that lack the id.
            if external and self.kept[key]:
                self.kept[fold(name), ""] = self.kept[key]
        unit = self.kept[key]
        if unit is None:
            self.run.reject(
                row,
                "unknown_name",
                f"Nobody knows the unit {name!r}.",
                column="unit",
                repair="Import units first, or ask for the Right unit.edit.",
            )
        else:
            self.named.add(unit.pk)
        return unit

    def find(self, row: Row, name: str, external: str) -> Unit | None:
        """By external id, else by name; brings the two together where they meet for the first time."""
        if not name and not external:
            return self.root
        # A row with an id alone may call a Unit by it that is known by name.
        by_name = Unit.objects.named(name or external).first()
        by_id = Unit.objects.filter(external_id=external).first() if external else None
        if by_id is None and by_name is None:
            return self.create(row, name or external, external)
        if by_id is None:
            if external and by_name and by_name.external_id is None and by_name.pk != self.root.pk:
                identify_unit(by_name, external_id=external, actor=self.actor)
            return by_name
        if by_name is None:
            self.alias(row, by_id, name)
        elif by_name.pk != by_id.pk and by_name.external_id is None and by_name.pk != self.root.pk:
            self.absorb(row, by_name, by_id)
        return by_id

    def create(self, row: Row, name: str, external: str) -> Unit | None:
        """A Unit below the organisation, where the importer may make one."""
        if not allowed(self.actor, "unit.edit", self.root):
            return None
        unit = create_unit(
            NewUnit(key=name, name=name, external_id=external),
            self.root,
            actor=self.actor,
        )
        self.note_made(row, name)
        return unit

    def note_made(self, row: Row, name: str) -> None:
        """The remark about a Unit that this file made."""
        self.run.note(
            row,
            "unit_created",
            f"The unit {name!r} was not known and is made.",
            severity="info",
            column="unit",
        )

    def alias(self, row: Row, unit: Unit, name: str) -> None:
        """A further name of a Unit, known by the id that both names carry."""
        if not name:
            return
        try:
            alias_unit(unit, name, actor=self.actor)
        except SociusError as error:
            self.run.note(row, "alias_refused", str(error), column="unit")
            return
        self.run.note(
            row,
            "alias_by_id",
            f"{name!r} carries the id of {unit.name!r}: one unit.",
            severity="info",
            column="unit",
        )

    def absorb(self, row: Row, unit: Unit, into: Unit) -> None:
        """Two Units of an earlier file that an id now shows to be one."""
        absorb_unit(unit, into=into, actor=self.actor, reason="One external id in an inventory.")
        at_us = micros(self.actor.at)
        accounts = Account.objects.filter(unit=unit).values_list("pk", flat=True)
        moved: list[int] = []
        # By their numbers and not by a join: inside a large import PostgreSQL knows the size of no table, and would loop over all pairs.
        for chunk in chunks(list(accounts)):
            standing = Placement.objects.filter(account__in=chunk, known_until=None)
            moved += standing.values_list("account_id", flat=True)
            standing.update(known_until=at_us)
        Placement.objects.bulk_create(
            Placement(account_id=pk, unit=into, known_from=at_us) for pk in moved
        )
        Account.objects.filter(unit=unit).update(unit=into)
        for key, kept in self.kept.items():
            if kept is not None and kept.pk == unit.pk:
                self.kept[key] = into
        self.named.discard(unit.pk)
        self.named.add(into.pk)
        self.run.note(
            row,
            "alias_by_id",
            f"{unit.name!r} carries the id of {into.name!r}: one unit, {len(moved)} accounts move.",
            severity="info",
            column="unit",
        )
