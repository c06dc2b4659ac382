"""Gives and ends grants, denies and shares. To give a Right one needs grant.give there, and the Right in one's may_give there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from socius.activity.actions import record
from socius.engine.conditions import CONDITIONS, DENY_CONDITIONS
from socius.engine.rights import BIT, Node
from socius.engine.roles import ROLES
from socius.kit.errors import Conflict, Invalid, Refused
from socius.organisation.actions.epoch import bump, lock
from socius.organisation.actions.people import held_by, keep_an_admin
from socius.organisation.actions.rights import asks, may_give, node_of, require
from socius.organisation.models import Actor, Grant, NodeShare, Person, ProposedGrant, Unit
from socius.organisation.standing import Scoped, Spot, own_nodes, tree

# Community moderators are outside the organisation: their term has an end.
LONGEST_OUTSIDE = timedelta(days=180)


@dataclass(frozen=True)
class Gift:
    """What is to be given: a ready role or Rights by name, to whom, where (None: the whole organisation), why."""

    person: Person
    scope: Scoped | None
    reason: str
    role: str = ""
    rights: frozenset[str] = frozenset()
    deny: bool = False
    conditions: Mapping[str, Any] = field(default_factory=dict)
    starts: datetime | None = None
    until: datetime | None = None
    may_give: frozenset[str] | None = None


@asks("grant.give")
def give_grant(gift: Gift, *, actor: Actor) -> Grant:
    """Gives, or with `deny` keeps from, a person."""
    with transaction.atomic():
        lock()
        require(actor, "grant.give", gift.scope)
        check(gift, actor.at)
        row = written(gift, actor)
        refuse_self(actor, gift.person)
        refuse_more_than_own(actor, held_by(row), gift.scope)
        row.save()
        bump()
        record_grant(actor, "grant_given", row, gift.reason)
    return row


def check(gift: Gift, at: datetime) -> None:
    """Whether the gift is one that can be given at all."""
    if not gift.reason.strip():
        raise Invalid("Say why it is given.", field="reason")
    if bool(gift.role) == bool(gift.rights):
        raise Invalid("Give one role, or Rights by name, not both and not neither.", field="role")
    if gift.role and (gift.role not in ROLES or gift.role == "plugin"):
        raise Invalid(f"{gift.role!r} is no role that a person can hold.", field="role")
    unknown = (gift.rights | (gift.may_give or frozenset())) - set(BIT)
    if unknown:
        raise Invalid(f"{min(unknown)!r} is no Right.", field="rights")
    if not gift.person.is_active:
        raise Invalid(f"{gift.person} is disabled; enable the person first.", field="person")
    check_times(gift, at)
    check_conditions(gift)


def check_times(gift: Gift, at: datetime) -> None:
    """In order, not in the past, and ended where the holder is outside the organisation."""
    starts = gift.starts or at
    if starts < at:
        raise Invalid("A grant begins now or later, not in the past.", field="starts")
    if gift.until is not None and gift.until <= starts:
        raise Invalid("A grant must end after it begins.", field="until")
    outside = gift.role == "community_moderator" and not gift.deny
    if outside and (gift.until is None or gift.until - starts > LONGEST_OUTSIDE):
        raise Invalid(
            f"A community moderator's term ends within {LONGEST_OUTSIDE.days} days; name its end.",
            field="until",
        )


def check_conditions(gift: Gift) -> None:
    """Known ones; and on a deny only those whose lapse cannot add a Right."""
    fitting = DENY_CONDITIONS if gift.deny else CONDITIONS
    wrong = set(gift.conditions) - fitting
    if wrong:
        kind = "a deny" if gift.deny else "a grant"
        raise Invalid(f"{min(wrong)!r} is no condition that {kind} may carry.", field="conditions")


def written(gift: Gift, actor: Actor) -> Grant:
    """The row, not yet saved."""
    kind, key = node(gift.scope)
    return Grant(
        person=gift.person,
        role=gift.role,
        rights=gift.rights,
        node_kind=kind,
        node_id=key,
        deny=gift.deny,
        conditions=dict(gift.conditions),
        starts=gift.starts or actor.at,
        until=gift.until,
        may_give=gift.may_give,
        given_by=actor.person,
        reason=gift.reason.strip(),
    )


def node(scope: Scoped | None) -> Node:
    """The node of a scope; None is the root."""
    if scope is None:
        return ("unit", tree().root or 0)
    own = own_nodes(scope)
    if own:
        return own[0]
    return ("unit", scope.unit_id or tree().root or 0)


def refuse_self(actor: Actor, person: Person) -> None:
    """Nobody gives to themselves, nor to another login of theirs."""
    if actor.person.human == person.human:
        raise Refused(
            "Nobody gives Rights to themselves; ask another person who may give them.",
            right="grant.give",
            node=f"person:{person.pk}",
        )


def refuse_more_than_own(actor: Actor, rights: frozenset[str], scope: Scoped | None) -> None:
    """What one may not give, one may not give."""
    lacking = rights - may_give(actor, scope)
    if lacking:
        raise Refused(
            f"You may not give {min(lacking)} there: you neither hold it nor were you given it to pass on.",
            right="grant.give",
            node=node_of(scope),
        )


@asks("grant.give")
def end_grant(grant: Grant, *, reason: str, actor: Actor, scope: Scoped | None = None) -> Grant:
    """Ends it now. `scope` is the object of a grant on something else than a Unit, which only its package can find."""
    with transaction.atomic():
        lock()
        grant = (
            Grant.objects.select_for_update(of=("self",)).select_related("person").get(pk=grant.pk)
        )
        where = standing_of((grant.node_kind, grant.node_id), scope)
        require(actor, "grant.give", where)
        if not reason.strip():
            raise Invalid("Say why it ends.", field="reason")
        if grant.until is not None and grant.until <= actor.at:
            raise Conflict("This grant has ended already.")
        if grant.deny:
            # To lift a deny is to give what it kept back.
            refuse_self(actor, grant.person)
            refuse_more_than_own(actor, held_by(grant), where)
        else:
            keep_an_admin(without_grant=grant)
        end(grant, actor.at)
        record_grant(actor, "grant_ended", grant, reason)
    return grant


def end(grant: Grant, at: datetime) -> None:
    """The row; the caller has asked."""
    grant.until = max(at, grant.starts)
    grant.save(update_fields=["until"])
    bump()


def standing_of(at_node: Node, scope: Scoped | None) -> Scoped | None:
    """The object of a node: a Unit is found by its id; anything else is as given, or else the root is asked."""
    if at_node[0] == "unit":
        return Spot(at_node[1])
    if scope is not None and at_node in own_nodes(scope):
        return scope
    return None


def record_grant(actor: Actor, verb: str, row: Grant, reason: str) -> None:
    """One row of the ledger; what was given lies in its content."""
    content = {
        "person": row.person_id,
        "role": row.role,
        "rights": sorted(row.rights),
        "node": f"{row.node_kind}:{row.node_id}",
        "deny": row.deny,
        "reason": reason,
    }
    unit = row.node_id if row.node_kind == "unit" else None
    record(actor, verb, f"grant:{row.pk}", unit=unit, content=content)


@asks("grant.give")
def accept_proposal(proposal: ProposedGrant, *, reason: str, actor: Actor) -> Grant:
    """Makes a role that a file named into a grant."""
    with transaction.atomic():
        proposal = open_proposal(proposal)
        gift = Gift(
            proposal.person, proposal.unit, reason, role=proposal.role, until=proposal.until
        )
        grant = give_grant(gift, actor=actor)
        proposal.decided_at, proposal.grant = actor.at, grant
        proposal.save(update_fields=["decided_at", "grant"])
    return grant


@asks("grant.give")
def decline_proposal(proposal: ProposedGrant, *, reason: str, actor: Actor) -> ProposedGrant:
    """Leaves the person without the role that a file named."""
    with transaction.atomic():
        proposal = open_proposal(proposal)
        require(actor, "grant.give", proposal.unit)
        proposal.decided_at = actor.at
        proposal.save(update_fields=["decided_at"])
        record(
            actor,
            "proposal_declined",
            f"person:{proposal.person_id}",
            unit=proposal.unit_id,
            content={"role": proposal.role, "reason": reason},
        )
    return proposal


def open_proposal(proposal: ProposedGrant) -> ProposedGrant:
    """The row, locked; refused once decided."""
    row = (
        ProposedGrant.objects.select_for_update(of=("self",))
        .select_related("person", "unit")
        .get(pk=proposal.pk)
    )
    if row.decided_at is not None:
        raise Conflict("This proposal has been decided already.")
    return row


@dataclass(frozen=True)
class Opening:
    """A share: an object opened to a second Unit, with exactly these Rights."""

    scope: Scoped
    unit: Unit
    rights: frozenset[str]
    reason: str
    until: datetime | None = None


@asks("grant.give")
def give_share(opening: Opening, *, actor: Actor) -> NodeShare:
    """Lets those who hold these Rights at another Unit use them on this one object."""
    with transaction.atomic():
        lock()
        require(actor, "grant.give", opening.scope)
        own = own_nodes(opening.scope)
        if not own or not opening.rights or not opening.rights <= set(BIT):
            raise Invalid("Name an object and the Rights to share.", field="rights")
        if not opening.reason.strip():
            raise Invalid("Say why it is shared.", field="reason")
        if opening.until is not None and opening.until <= actor.at:
            raise Invalid("A share must end after it begins.", field="until")
        refuse_more_than_own(actor, opening.rights, opening.scope)
        row = NodeShare.objects.create(
            node_kind=own[0][0],
            node_id=own[0][1],
            unit=opening.unit,
            rights=opening.rights,
            starts=actor.at,
            until=opening.until,
            given_by=actor.person,
            reason=opening.reason.strip(),
        )
        bump()
        content = {"node": f"{row.node_kind}:{row.node_id}", "rights": sorted(opening.rights)}
        record(actor, "share_given", f"share:{row.pk}", unit=row.unit_id, content=content)
    return row


@asks("grant.give")
def end_share(
    share: NodeShare, *, reason: str, actor: Actor, scope: Scoped | None = None
) -> NodeShare:
    """Ends it now; `scope` as in `end_grant`."""
    with transaction.atomic():
        lock()
        share = NodeShare.objects.select_for_update(of=("self",)).get(pk=share.pk)
        require(actor, "grant.give", standing_of((share.node_kind, share.node_id), scope))
        if share.until is not None and share.until <= actor.at:
            raise Conflict("This share has ended already.")
        share.until = max(actor.at, share.starts)
        share.save(update_fields=["until"])
        bump()
        content = {"node": f"{share.node_kind}:{share.node_id}", "reason": reason}
        record(actor, "share_ended", f"share:{share.pk}", unit=share.unit_id, content=content)
    return share
