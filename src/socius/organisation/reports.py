"""Reads over many units and people. `visible` is the SQL form of the decision: allowed and not denied, row by row the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from socius.engine.rights import Node
from socius.kit.clock import micros
from socius.organisation.models import (
    Actor,
    NodeShare,
    Person,
    Shares,
    Unit,
    UnitClosure,
    UnitPlacement,
    Units,
    within_dates,
)
from socius.organisation.standing import Scoped, place, principal, tree

Entries = Iterable[tuple[Node, frozenset[int] | None]]


@dataclass(frozen=True)
class Fields:
    """Where a list's rows keep what the filter asks: '' where they have no such thing."""

    unit: str = "unit_id"
    account: str = ""
    # The kind of the rows themselves (`goal`), so that a grant at one of them counts.
    own: str = ""


@dataclass(frozen=True)
class UnitRow:
    """A Unit as it stood on a day. `seen` False: shown only because it leads to one that may be seen."""

    id: int
    key: str
    name: str
    kind: str
    parent: int | None
    depth: int
    seen: bool


def visible(actor: Actor, right: str, unit: str = "unit_id", account: str = "", own: str = "") -> Q:
    """The rows on which the actor holds the Right. `unit`, `account`: the fields that hold those ids."""
    none = Q(pk__in=[])
    if actor.token_rights is not None and right not in actor.token_rights:
        return none
    reach = principal(actor.person.pk).reach(right, micros(actor.at))
    if not reach.allow:
        return none
    grown = tree()
    root: Node = ("unit", grown.root or 0)
    fields = Fields(unit, account, own)
    shares = carrying(right, actor) if grown.shares else None
    everything = grown.whole and (root, None) in reach.allow
    allow = Q() if everything else covered(reach.allow, fields, root, shares, denying=False)
    if not grown.whole:
        # A row of a Unit that reaches no root belongs to nobody, whatever stands at that Unit.
        allow &= standing_at([root], Fields(unit), root, None)
    if not reach.deny:
        return allow
    return allow & ~covered(reach.deny, fields, root, shares, denying=True)


def carrying(right: str, actor: Actor) -> Shares:
    """The shares that carry the Right at the actor's instant."""
    rows = NodeShare.objects.filter(rights__contains=f",{right},").active(actor.at)
    grown = tree()
    if grown.whole:
        return rows
    return rows.filter(
        unit_id__in=UnitClosure.objects.filter(ancestor_id=grown.root).values("unit_id")
    )


def covered(
    entries: Entries, fields: Fields, root: Node, shares: Shares | None, *, denying: bool
) -> Q:
    """The rows at which one of the grants stands."""
    q = Q(pk__in=[])
    by_limit: dict[frozenset[int] | None, list[Node]] = {}
    for node, limit in entries:
        by_limit.setdefault(limit, []).append(node)
    for limit, nodes in by_limit.items():
        part = standing_at(nodes, fields, root, shares)
        if limit is None:
            q |= part
        elif fields.account:
            named = Q(**{f"{fields.account}__in": sorted(limit)})
            # A row without account: the fact is unknown, which refuses on an allow and on a deny.
            unknown = Q(**{f"{fields.account}__isnull": True})
            q |= part & (named | unknown if denying else named)
        elif denying:
            q |= part
    return q


def standing_at(nodes: list[Node], fields: Fields, root: Node, shares: Shares | None) -> Q:
    """The rows with one of the nodes on their path, or on the path of a Unit that they are shared with."""
    q = Q(pk__in=[])
    units = sorted(key for kind, key in nodes if kind == "unit")
    if units:
        below = UnitClosure.objects.filter(ancestor_id__in=units).values("unit_id")
        q |= Q(**{f"{fields.unit}__in": below})
        if root in nodes:
            q |= Q(**{f"{fields.unit}__isnull": True})
    for kind, name in (("account", fields.account), (fields.own, "pk")):
        if not kind or not name:
            continue
        keys = sorted(key for its_kind, key in nodes if its_kind == kind)
        if keys:
            q |= Q(**{f"{name}__in": keys})
        if shares is not None and units:
            below = UnitClosure.objects.filter(ancestor_id__in=units).values("unit_id")
            opened = shares.filter(node_kind=kind, unit_id__in=below)
            q |= Q(**{f"{name}__in": opened.values("node_id")})
    return q


def visible_units(actor: Actor, right: str) -> Units:
    """The Units at which the actor holds the Right; as a subquery in `unit__in=`."""
    return Unit.objects.filter(visible(actor, right, unit="id")).order_by()


def units_tree(on: date, actor: Actor) -> list[UnitRow]:
    """The tree as it stood on a day, parents before children; what leads to a visible Unit is named, not opened."""
    placed = placements(on)
    seen = set(visible_units(actor, "account.view").values_list("id", flat=True))
    rows = {
        unit.pk: UnitRow(
            unit.pk, unit.key, unit.name, unit.kind, placed.get(unit.pk), 0, unit.pk in seen
        )
        for unit in Unit.objects.order_by("name", "pk")
        if within_dates(on, unit.valid_from, unit.valid_until) and unit.pk in placed
    }
    children: dict[int | None, list[int]] = {}
    for row in rows.values():
        children.setdefault(row.parent, []).append(row.id)
    ordered: list[UnitRow] = []
    waiting = [(key, 0) for key in reversed(children.get(None, []))]
    while waiting:
        key, depth = waiting.pop()
        ordered.append(replace(rows[key], depth=depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(key, [])))
    return keep_leading(ordered)


def placements(on: date) -> dict[int, int | None]:
    """Unit -> parent on the day; a Unit that was not placed yet is left out."""
    rows = UnitPlacement.objects.values_list("unit_id", "parent_id", "placed_from", "placed_until")
    return {unit: parent for unit, parent, begin, end in rows if within_dates(on, begin, end)}


def keep_leading(ordered: list[UnitRow]) -> list[UnitRow]:
    """Drops the Units that are neither seen nor lead to one that is."""
    needed: set[int | None] = set()
    kept: list[UnitRow] = []
    for row in reversed(ordered):
        if row.seen or row.id in needed:
            needed.add(row.parent)
            kept.append(row)
    return kept[::-1]


def who_can(right: str, obj: Scoped | None, actor: Actor) -> list[Person]:
    """Everybody who holds the Right on the object at the actor's instant."""
    spot, at = place(obj), micros(actor.at)
    candidates: QuerySet[Person] = (
        Person.objects.filter(disabled_at=None, grants__deny=False).distinct().order_by("email")
    )
    return [p for p in candidates if principal(p.pk).decide(right, spot, at).allowed]


def what_can(person: Person, obj: Scoped | None, actor: Actor) -> frozenset[str]:
    """Every Right that the person holds on the object at the actor's instant."""
    compiled, spot, at = principal(person.pk), place(obj), micros(actor.at)
    return compiled.rights_at(spot, at)
