"""`require`, which every writer asks before it changes anything; `asks`, which declares what a verb asks; refusals go on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from socius.activity.actions import record
from socius.engine.rights import BIT, Decision, Used
from socius.engine.roles import SEE, WRITES
from socius.kit.clock import micros
from socius.kit.errors import Refused
from socius.organisation.models import Actor, Unit
from socius.organisation.standing import Scoped, own_nodes, place, principal

Given = ParamSpec("Given")
Result = TypeVar("Result")

BY_TOKEN = Decision(False, "token")
NO_FACTS: Mapping[str, Any] = {}


def asks(right: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Declares the Right that a verb requires, for the expected table and for the doors."""
    if right not in WRITES:
        raise ValueError(f"{right!r} is no Right that a writing verb may ask.")

    def declare(verb: Callable[Given, Result]) -> Callable[Given, Result]:
        verb.__dict__["right"] = right
        return verb

    return declare


def decide(
    actor: Actor, right: str, obj: Scoped | None, facts: Mapping[str, Any] = NO_FACTS
) -> Decision:
    """The decision for the person, narrowed to what a token carries."""
    if right not in BIT:
        raise ValueError(f"{right!r} is no Right; the table is engine/roles.py.")
    if actor.token_rights is not None and right not in actor.token_rights:
        return BY_TOKEN
    return principal(actor.person.pk).decide(right, place(obj), micros(actor.at), facts)


def allowed(
    actor: Actor, right: str, obj: Scoped | None, facts: Mapping[str, Any] = NO_FACTS
) -> bool:
    """For lists and rows of a file only; a verb that changes something asks `require`."""
    return decide(actor, right, obj, facts).allowed


def require(
    actor: Actor, right: str, obj: Scoped | None, facts: Mapping[str, Any] = NO_FACTS
) -> None:
    """Raises `Refused` unless the actor holds the Right on the object (None: on the Organisation)."""
    decision = decide(actor, right, obj, facts)
    if decision.allowed:
        return
    node = node_of(obj)
    if not any(allowed(actor, see, obj) for see in SEE):
        raise Refused(
            f"There is nothing here that you may see; this needs {right}. Ask whoever gives access.",
            right=right,
            node=node,
            sees=False,
        )
    raise Refused(
        f"You may not do this here: it needs {right}. {missing(actor, right, obj, facts)}",
        right=right,
        node=node,
    )


def require_somewhere(actor: Actor, right: str) -> None:
    """Raises `Refused` unless the actor holds the Right at some node: the entry of an import, whose rows ask one by one."""
    carried = actor.token_rights is None or right in actor.token_rights
    if carried and principal(actor.person.pk).reach(right, micros(actor.at)).allow:
        return
    raise Refused(
        f"You may not do this: it needs {right}, which you hold nowhere. Ask whoever gives access.",
        right=right,
        node=node_of(None),
    )


def missing(actor: Actor, right: str, obj: Scoped | None, facts: Mapping[str, Any]) -> str:
    """The smallest thing that stands between the actor and the Right."""
    if actor.token_rights is not None and right not in actor.token_rights:
        return "The token does not carry it; make one that does."
    return explain(actor, right, obj, facts).missing


def explain(
    actor: Actor, right: str, obj: Scoped | None, facts: Mapping[str, Any] = NO_FACTS
) -> Used:
    """The decision with the grants and denies that it rests on."""
    return principal(actor.person.pk).explain(right, place(obj), micros(actor.at), facts)


def node_of(obj: Scoped | None) -> str:
    """How the ledger names the object of a refusal."""
    if isinstance(obj, Unit):
        return f"unit:{obj.pk}"
    nodes = own_nodes(obj) if obj is not None else ()
    if nodes:
        return f"{nodes[0][0]}:{nodes[0][1]}"
    return f"unit:{obj.unit_id}" if obj is not None and obj.unit_id else "organisation:1"


def may_give(actor: Actor, obj: Scoped | None) -> frozenset[str]:
    """The Rights that the actor may pass on at the object, narrowed to what a token carries."""
    rights = principal(actor.person.pk).may_give(place(obj), micros(actor.at))
    return rights if actor.token_rights is None else rights & actor.token_rights


def record_refusal(refused: Refused, actor: Actor) -> None:
    """Puts a refusal on record, after the rollback of what was refused; the doors' last-resort handler calls it."""
    with transaction.atomic(durable=True):
        record(actor, "refused", refused.node, result="refused", content={"right": refused.right})
