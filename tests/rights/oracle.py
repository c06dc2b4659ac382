"""A second evaluator, written from docs/reference/rights.md alone: plain loops over all grants and all nodes.

No bits, no cache, no SQL, nothing of engine/rights.py. The table of roles is read as data from roles.csv beside this file.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

with (Path(__file__).parent / "roles.csv").open() as lines:
    TABLE = list(csv.DictReader(lines))
AREA = {row["right"]: row["area"] for row in TABLE}
EXEMPT = {"item.hide", "user.mute", "user.block", "item.escalate", "post.delete_live"}


def ancestors(world, node):
    """The node and everything above it; empty when the last one is not the root."""
    found = []
    while node is not None and len(found) < 2000:
        found.append(node)
        kind, key = node
        if kind == "unit":
            if key not in world.parents:
                return []
            above = world.parents[key]
        else:
            above = world.accounts[key] if kind == "account" else world.goals[key]
        node = None if above is None else ("unit", above)
    return found if found[-1] == ("unit", world.root) else []


def in_time(thing, at):
    """Half-open, as instants, whatever the zone in which they are written."""
    begun = thing["from"].timestamp() <= at.timestamp()
    return begun and (thing["until"] is None or at.timestamp() < thing["until"].timestamp())


def condition_is_true(name, value, nodes, facts, at, effect):
    """A condition that lacks its fact is false on an allow and true on a deny."""
    if name == "on_accounts":
        on = [key for kind, key in nodes if kind == "account"]
        return on[0] in value if on else effect == "deny"
    if name == "hours":
        local = at.astimezone(ZoneInfo(value["zone"]))
        minute = local - local.replace(hour=0, minute=0, second=0, microsecond=0)
        first, last = (
            timedelta(hours=int(value[k][:2]), minutes=int(value[k][3:])) for k in ("from", "until")
        )
        inside = first <= minute < last
        over_night = first > last and (minute >= first or minute < last)
        return (inside or over_night) and local.isoweekday() in value["days"]
    if name == "language":
        return facts["language"] in value if "language" in facts else effect == "deny"
    if name == "trained":
        return all(course in facts["trained"] for course in value) if "trained" in facts else False
    raise AssertionError(name)


def fixed_is_met(role, facts):
    """The fixed condition of a role's `c` cells. Nothing writes whether an item is public or an Initiative active."""
    return role == "responder" and "replying" in facts.get("trained", [])


def gives(grant, right, nodes, facts, at):
    """Whether the grant carries the Right, now, with its conditions met."""
    if not in_time(grant, at):
        return False
    for name, value in grant["conditions"].items():
        if not condition_is_true(name, value, nodes, facts, at, grant["effect"]):
            return False
    if not grant["role"]:
        return right in grant["rights"]
    for row in TABLE:
        if row["right"] == right:
            cell = row[grant["role"]]
            if grant["effect"] == "deny":
                return cell in {"x", "c"}
            return cell == "x" or (cell == "c" and fixed_is_met(grant["role"], facts))
    raise AssertionError(right)


def held(world, right, nodes, at):
    """Whether a hold stands over the object for this Right."""
    if AREA[right] not in {"speak", "moderate"} or right in EXEMPT:
        return False
    return any(hold["node"] in nodes and in_time(hold, at) for hold in world.holds)


def reached(world, right, own, at):
    """The object's own nodes, and those of each Unit that it is shared with for this Right."""
    nodes = list(own)
    for share in world.shares:
        if share["node"] in own and right in share["rights"] and in_time(share, at):
            nodes += ancestors(world, ("unit", share["unit"]))
    return nodes


def decide(world, person, right, node, at, facts):
    """(allowed, why)."""
    own = ancestors(world, node)
    if person in world.disabled:
        return False, "subject"
    if not own:
        return False, "orphan"
    if held(world, right, own, at):
        return False, "hold"
    nodes = reached(world, right, own, at)
    effects = set()
    for grant in world.grants:
        near = grant["person"] == person and grant["node"] in nodes
        if near and gives(grant, right, own, facts, at):
            effects.add(grant["effect"])
    if "deny" in effects:
        return False, "deny"
    return ("allow" in effects), ("allow" if "allow" in effects else "default")
