"""Reads what the evaluator needs, once per rights epoch: the tree, the shares, and each person's grants compiled.

Kept per process under the epoch's stamp. The stamp is read once per transaction, and at every question outside one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from django.db import connection, models

from socius.engine.conditions import both
from socius.engine.rights import NEVER, Grant, Node, Path, Place, Principal, Share, bits_of
from socius.engine.roles import ROLES
from socius.kit.clock import micros
from socius.organisation import models as tables

MOST_KEPT = 5000


@runtime_checkable
class Scoped(Protocol):
    """What a Right protects: it has one owning Unit (None: the Organisation itself)."""

    @property
    def unit_id(self) -> int | None: ...


@dataclass(frozen=True)
class Spot:
    """A place without a row: a line of a file, a list, a new object."""

    unit_id: int | None
    account_id: int | None = None


@dataclass
class Tree:
    """Today's tree and what is shared across it."""

    root: int | None
    parents: dict[int, int | None]
    shares: Mapping[Node, Sequence[tables.NodeShare]]
    # Every Unit reaches the root, so a filter may leave out the tree for who holds a Right there.
    whole: bool = False
    paths: dict[int, Path] = field(default_factory=dict)

    def path(self, unit: int | None) -> Path:
        """From the Unit to the root; empty where it reaches none. None is the Organisation itself."""
        if unit is None:
            unit = self.root
        if unit is None:
            return ()
        if unit not in self.paths:
            self.paths[unit] = self._walk(unit)
        return self.paths[unit]

    def _walk(self, unit: int) -> Path:
        path: list[Node] = []
        step: int | None = unit
        # No further than there are Units: a circle in a damaged table must not hang the process.
        while step is not None and step in self.parents and len(path) <= len(self.parents):
            path.append(("unit", step))
            step = self.parents[step]
        return tuple(path) if path and path[-1] == ("unit", self.root) else ()

    def shares_of(self, nodes: Path) -> tuple[Share, ...]:
        """The shares of an object's own nodes, compiled."""
        found = (row for node in nodes for row in self.shares.get(node, ()))
        return tuple(
            Share(
                bits_of(row.rights), self.path(row.unit_id), micros(row.starts), until_of(row.until)
            )
            for row in found
        )


class Remembered(threading.local):
    """The stamp that this thread read, and the transaction in which it did."""

    transaction: object = None
    stamp: str = ""


remembered = Remembered()
principals: dict[int, tuple[str, Principal]] = {}
trees: dict[str, Tree] = {}


def until_of(until: datetime | None) -> int:
    """An end as the evaluator counts it."""
    return NEVER if until is None else micros(until)


def remember(stamp: str) -> None:
    """Notes the stamp for the rest of the transaction. Django starts a new list of hooks at each commit and rollback, so the list names the transaction."""
    remembered.transaction = connection.run_on_commit if connection.in_atomic_block else None
    remembered.stamp = stamp


def epoch() -> str:
    """The stamp under which Rights may be kept."""
    if connection.in_atomic_block and remembered.transaction is connection.run_on_commit:
        return remembered.stamp
    stamp = tables.RightsEpoch.objects.values_list("stamp", flat=True).first() or ""
    remember(stamp)
    return stamp


def tree() -> Tree:
    """Today's tree."""
    stamp = epoch()
    known = trees.get(stamp) if stamp else None
    if known is None:
        known = load_tree()
        trees.clear()
        trees[stamp] = known
    return known


def plant(unit: int, parent: int | None) -> None:
    """Notes a new or moved Unit in today's tree. Only under a stamp that the running transaction made: no other may see it."""
    grown = tree()
    if grown.parents.get(unit, parent) != parent:
        # What lies below a moved Unit has new paths too.
        grown.paths.clear()
    grown.parents[unit] = parent
    grown.paths.pop(unit, None)


def load_tree() -> Tree:
    """Two queries: the parents, and the few shares."""
    parents: dict[int, int | None] = {}
    root = None
    for key, parent, kind in tables.Unit.objects.order_by().values_list("id", "parent_id", "kind"):
        parents[key] = parent
        if kind == "organisation":
            root = key
    shares: dict[Node, list[tables.NodeShare]] = {}
    for row in tables.NodeShare.objects.all():
        shares.setdefault((row.node_kind, row.node_id), []).append(row)
    return Tree(root, parents, shares, whole=list(parents.values()).count(None) == 1)


def principal(person: int) -> Principal:
    """The person's grants, compiled."""
    stamp = epoch()
    known = principals.get(person)
    if known is not None and known[0] == stamp and stamp:
        return known[1]
    if len(principals) > MOST_KEPT:
        principals.clear()
    fresh = load_principal(person)
    principals[person] = (stamp, fresh)
    return fresh


def load_principal(person: int) -> Principal:
    """Whether the person is active, and every grant that has not ended for good."""
    active = tables.Person.objects.filter(pk=person, disabled_at=None).exists()
    grants = [
        part
        for row in tables.Grant.objects.filter(person=person).order_by("pk")
        for part in parts(row)
    ]
    return Principal(person, active=active, grants=grants)


def parts(row: tables.Grant) -> list[Grant]:
    """A row as the evaluator takes it: a role with fixed conditions becomes two grants."""
    ready = ROLES.get(row.role)
    if ready and row.deny:
        # A lapse must never add a Right: a deny of a role takes its conditional Rights too, whatever the facts.
        return [grant(row, ready.held | ready.conditional, row.conditions, None)]
    gives = row.may_give
    if ready and gives is None:
        gives = ready.may_give
    first = grant(row, ready.held if ready else row.rights, row.conditions, gives)
    if not ready or not ready.conditional:
        return [first]
    return [first, grant(row, ready.conditional, both(row.conditions, ready.conditions), None)]


def grant(
    row: tables.Grant,
    rights: frozenset[str],
    conditions: Mapping[str, Any],
    gives: frozenset[str] | None,
) -> Grant:
    """One row, or half of it, as a value."""
    return Grant(
        id=row.pk,
        rights=rights,
        node=(row.node_kind, row.node_id),
        deny=row.deny,
        starts=micros(row.starts),
        until=until_of(row.until),
        conditions=conditions,
        may_give=gives,
        given_by=f"person:{row.given_by_id}" if row.given_by_id else "",
        reason=row.reason,
        origin=row.origin,
    )


def own_nodes(obj: Scoped) -> Path:
    """The nodes of the object below its Unit: itself, and the account it belongs to."""
    nodes: list[Node] = []
    row: object = obj
    if isinstance(row, models.Model) and not isinstance(row, tables.Unit) and row.pk is not None:
        nodes.append((str(row._meta.model_name), int(row.pk)))
    account = getattr(obj, "account_id", None)
    if account is not None:
        nodes.append(("account", int(account)))
    return tuple(nodes)


def place(obj: Scoped | None) -> Place:
    """Where an object stands today; None is the Organisation itself."""
    grown = tree()
    if obj is None:
        return Place(grown.path(None))
    own = own_nodes(obj)
    above = grown.path(obj.unit_id)
    if not above:
        return Place(())
    return Place(own + above, grown.shares_of(own) if grown.shares else ())
