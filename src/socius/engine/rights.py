"""Who may do what, where, when: the evaluator. Pure; the specification is docs/reference/rights.md.

A principal is compiled into a map node -> (allow bits, deny bits, conditional grants). Deny wins; there is no order among
grants, no priority and no path that answers "all".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from socius.engine.conditions import DENY_CONDITIONS, holds_for, may_apply
from socius.engine.roles import HOLD_EXEMPT, HOLDABLE, RIGHTS

__all__ = [
    "BIT",
    "DENY_CONDITIONS",
    "Decision",
    "Grant",
    "Hold",
    "Node",
    "Principal",
    "Reach",
    "Share",
    "Used",
]

# ("unit", 3), ("account", 7): a pair without foreign key. A path runs from an object to the root.
Node = tuple[str, int]
Path = tuple[Node, ...]

BIT: dict[str, int] = {right: 1 << place for place, right in enumerate(RIGHTS)}
ALWAYS = -(1 << 62)
NEVER = 1 << 62


def bits_of(rights: Iterable[str]) -> int:
    """A set of Rights as one number."""
    total = 0
    for right in rights:
        total |= BIT[right]
    return total


def rights_in(bits: int) -> frozenset[str]:
    """The inverse of `bits_of`."""
    return frozenset(right for right, bit in BIT.items() if bits & bit)


@dataclass(frozen=True, slots=True)
class Grant:
    """One allow or deny of a person at a node. Instants are UTC microseconds, half-open `[starts, until)`."""

    id: int
    rights: frozenset[str]
    node: Node
    deny: bool = False
    starts: int = ALWAYS
    until: int = NEVER
    conditions: Mapping[str, Any] = field(default_factory=dict)
    # None: what the holder effectively holds, which needs no bits of its own.
    may_give: frozenset[str] | None = None
    given_by: str = ""
    reason: str = ""
    origin: str = "manual"

    def active(self, at: int) -> bool:
        """Whether the instant lies in the grant's time."""
        return self.starts <= at < self.until

    def applies(self, account: int | None, facts: Mapping[str, Any], at: int) -> bool:
        """Whether its conditions let it count; an unknown fact refuses on an allow and on a deny."""
        return holds_for(self.conditions, account, facts, at, unknown=self.deny)


@dataclass(frozen=True, slots=True)
class Share:
    """An account opened to another Unit: exactly these Rights, for holders on the path of that Unit."""

    rights: int
    path: Path
    starts: int = ALWAYS
    until: int = NEVER

    def carries(self, bit: int, at: int) -> bool:
        """Whether the Right passes at the instant."""
        return bool(self.rights & bit) and self.starts <= at < self.until


@dataclass(frozen=True, slots=True)
class Hold:
    """A standstill over a node (kill switch, restore, reconnect): no speaking and moderating but what it exempts."""

    node: Node
    exempt: frozenset[str] = HOLD_EXEMPT
    starts: int = ALWAYS
    until: int = NEVER


class Place(NamedTuple):
    """Where an object stands: its path to the root (empty: it reaches none), and the shares of its account."""

    path: Path
    shares: Sequence[Share] = ()
    holds: Sequence[Hold] = ()

    @property
    def account(self) -> int | None:
        """The account on the path, which `on_accounts` asks for."""
        return next((key for kind, key in self.path if kind == "account"), None)

    def nodes(self, bit: int, at: int) -> Iterator[Node]:
        """Every node at which a grant counts for the Right."""
        yield from self.path
        for share in self.shares:
            if share.carries(bit, at):
                yield from share.path


class Decision(NamedTuple):
    """`why`: allow, subject, orphan, hold, deny, default."""

    allowed: bool
    why: str


class Held(NamedTuple):
    """What a principal has at one node."""

    allow: int
    deny: int
    conditional: tuple[tuple[int, Grant], ...]


class Used(NamedTuple):
    """An explanation: the decision again, what it rests on, and for a refusal the smallest missing thing."""

    decision: Decision
    allows: tuple[Grant, ...]
    denies: tuple[Grant, ...]
    missing: str


class Reach(NamedTuple):
    """Where a Right is allowed and denied, for a list filter; `accounts` None: not limited to named ones."""

    allow: tuple[tuple[Node, frozenset[int] | None], ...]
    deny: tuple[tuple[Node, frozenset[int] | None], ...]


NOTHING: Mapping[str, Any] = {}
ALLOWED = Decision(True, "allow")
REFUSED = {why: Decision(False, why) for why in ("subject", "orphan", "hold", "deny", "default")}


class Principal:
    """A person with everything given to or kept from them, compiled for the stretch of time in which no grant begins or ends."""

    __slots__ = ("_compiled", "active", "grants", "person")

    def __init__(self, person: int, *, active: bool, grants: Sequence[Grant]) -> None:
        self.person = person
        self.active = active
        self.grants = tuple(grants)
        self._compiled: tuple[int, int, dict[Node, Held]] = (NEVER, NEVER, {})

    def held(self, at: int) -> Mapping[Node, Held]:
        """Node -> what is held there at the instant."""
        begin, end, nodes = self._compiled
        if not begin <= at < end:
            # One assignment of one tuple: threads may compile twice, never read half.
            begin, end, nodes = self._compiled = compile_grants(self.grants, at)
        return nodes

    def decide(
        self, right: str, place: Place, at: int, facts: Mapping[str, Any] = NOTHING
    ) -> Decision:
        """Whether the person may, and which step of the evaluation said so."""
        bit = BIT[right]
        if not self.active:
            return REFUSED["subject"]
        if not place.path:
            return REFUSED["orphan"]
        if place.holds and right in HOLDABLE and held_up(place, right, at):
            return REFUSED["hold"]
        return self._weighed(bit, place, at, facts)

    def _weighed(self, bit: int, place: Place, at: int, facts: Mapping[str, Any]) -> Decision:
        nodes = self.held(at)
        allowed = False
        for node in place.nodes(bit, at) if place.shares else place.path:
            held = nodes.get(node)
            if held is None:
                continue
            if held.deny & bit:
                return REFUSED["deny"]
            allowed = allowed or bool(held.allow & bit)
            if held.conditional:
                allow, deny = weigh(held.conditional, bit, place.account, facts, at)
                if deny:
                    return REFUSED["deny"]
                allowed = allowed or allow
        return ALLOWED if allowed else REFUSED["default"]

    def rights_at(
        self, place: Place, at: int, facts: Mapping[str, Any] = NOTHING
    ) -> frozenset[str]:
        """Every Right held there."""
        return frozenset(r for r in RIGHTS if self.decide(r, place, at, facts).allowed)

    def may_give(self, place: Place, at: int, facts: Mapping[str, Any] = NOTHING) -> frozenset[str]:
        """The Rights that the person may pass on there: those effectively held, and those a grant names for giving."""
        if not self.active or not place.path:
            return frozenset()
        held = set(self.rights_at(place, at, facts))
        here = set(place.path)
        for grant in self.grants:
            if grant.deny or grant.may_give is None or grant.node not in here:
                continue
            if grant.active(at) and grant.applies(place.account, facts, at):
                held |= grant.may_give
        return frozenset(held)

    def reach(self, right: str, at: int, facts: Mapping[str, Any] = NOTHING) -> Reach:
        """The nodes for a list filter that agrees with `decide` row by row."""
        allow: list[tuple[Node, frozenset[int] | None]] = []
        deny: list[tuple[Node, frozenset[int] | None]] = []
        for grant in self.grants if self.active else ():
            if right not in grant.rights or not grant.active(at):
                continue
            if may_apply(grant.conditions, facts, at, unknown=grant.deny):
                named = grant.conditions.get("on_accounts")
                accounts = None if named is None else frozenset(named)
                (deny if grant.deny else allow).append((grant.node, accounts))
        return Reach(tuple(allow), tuple(deny))

    def explain(
        self, right: str, place: Place, at: int, facts: Mapping[str, Any] = NOTHING
    ) -> Used:
        """Decides again from the plain list of grants, and names what it used."""
        if not self.active:
            return Used(REFUSED["subject"], (), (), "The person is disabled.")
        if not place.path:
            return Used(REFUSED["orphan"], (), (), "The object belongs to no Unit of the tree.")
        if right in HOLDABLE and held_up(place, right, at):
            return Used(REFUSED["hold"], (), (), "A hold is in force; somebody must release it.")
        nodes = set(place.nodes(BIT[right], at))
        near = [grant for grant in self.grants if right in grant.rights and grant.node in nodes]
        used = [g for g in near if g.active(at) and g.applies(place.account, facts, at)]
        allows = tuple(grant for grant in used if not grant.deny)
        denies = tuple(grant for grant in used if grant.deny)
        if denies:
            why = f"Deny {denies[0].id} stands there ({denies[0].reason or 'no reason noted'})."
            return Used(REFUSED["deny"], allows, denies, why)
        if allows:
            return Used(ALLOWED, allows, (), "")
        return Used(REFUSED["default"], (), (), smallest_missing(right, near, at))


def held_up(place: Place, right: str, at: int) -> bool:
    """Whether a hold covers the place and does not exempt the Right."""
    return any(
        hold.node in place.path and hold.starts <= at < hold.until and right not in hold.exempt
        for hold in place.holds
    )


def weigh(
    conditional: Sequence[tuple[int, Grant]],
    bit: int,
    account: int | None,
    facts: Mapping[str, Any],
    at: int,
) -> tuple[bool, bool]:
    """(an allow counts, a deny counts) among the grants that carry conditions."""
    allow = deny = False
    for bits, grant in conditional:
        if bits & bit and grant.applies(account, facts, at):
            allow = allow or not grant.deny
            deny = deny or grant.deny
    return allow, deny


def compile_grants(grants: Sequence[Grant], at: int) -> tuple[int, int, dict[Node, Held]]:
    """(first instant, end, node -> held): the stretch around `at` in which the map is right."""
    begin, end = ALWAYS, NEVER
    nodes: dict[Node, list[Any]] = {}
    for grant in grants:
        for edge in (grant.starts, grant.until):
            if edge <= at:
                begin = max(begin, edge)
            else:
                end = min(end, edge)
        if not grant.active(at):
            continue
        held = nodes.setdefault(grant.node, [0, 0, []])
        if grant.conditions:
            held[2].append((bits_of(grant.rights), grant))
        else:
            held[1 if grant.deny else 0] |= bits_of(grant.rights)
    return begin, end, {node: Held(a, d, tuple(c)) for node, (a, d, c) in nodes.items()}


def smallest_missing(right: str, near: Sequence[Grant], at: int) -> str:
    """What would have to change least: a condition, a date, or a grant."""
    allows = [grant for grant in near if not grant.deny]
    for grant in allows:
        if grant.active(at):
            lacking = ", ".join(sorted(grant.conditions))
            return f"Grant {grant.id} gives {right} under a condition that is not met: {lacking}."
    if any(grant.starts > at for grant in allows):
        return f"The grant of {right} has not begun yet."
    if allows:
        return f"The grant of {right} has ended; it must be given again."
    return f"Nobody has given you {right} there."
