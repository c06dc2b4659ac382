"""The table of Rights and the ready roles. The one list: the evaluator's bits, the reference page and the tests follow it.

In a cell: `x` held; `c` held under the role's fixed conditions, so not held as long as nothing writes their facts;
`m` as a plugin's manifest declares; `.` not held.
"""

from __future__ import annotations

from dataclasses import dataclass

AREAS: dict[str, tuple[str, ...]] = {
    "see": (
        "account.view",
        "inbox.view",
        "analytics.view",
        "profile.view.basic",
        "profile.view.sensitive",
        "audit.view",
        "policy.view",
    ),
    "speak": (
        "post.draft",
        "post.submit",
        "post.publish",
        "post.schedule",
        "post.edit_live",
        "post.delete_live",
        "reply.draft",
        "reply.send",
        "dm.read",
        "dm.send",
    ),
    "moderate": (
        "item.hide",
        "item.unhide",
        "item.delete",
        "user.mute",
        "user.block",
        "item.label",
        "item.escalate",
    ),
    "decide": ("post.approve", "reply.approve", "crisis.declare", "kill.press", "kill.release"),
    "work": (
        "item.assign",
        "item.close",
        "query.edit",
        "alert.handle",
        "goal.edit",
        "initiative.edit",
        "experiment.edit",
        "outcome.import",
        "activity.import",
        "effect.record",
        "assessment.run",
    ),
    "administer": (
        "unit.edit",
        "person.invite",
        "account.edit",
        "account.decide",
        "account.connect",
        "account.disconnect",
        "account.move",
        "grant.give",
        "role.edit",
        "policy.edit",
        "token.make",
        "key.rotate",
        "data.export",
        "data.erase",
    ),
}
RIGHTS: tuple[str, ...] = tuple(right for area in AREAS.values() for right in area)

SEE = frozenset(AREAS["see"])
# A verb that changes something may not be satisfied with a Right to look.
WRITES = frozenset(RIGHTS) - SEE
HOLDABLE = frozenset(AREAS["speak"] + AREAS["moderate"])
# What a kill switch leaves open: cleaning up goes on while speaking stops.
HOLD_EXEMPT = frozenset(
    {"item.hide", "user.mute", "user.block", "item.escalate", "post.delete_live"}
)
# Besides these, nobody delegates an approval of their own.
NEVER_DELEGABLE = frozenset(
    {
        "person.invite",
        "unit.edit",
        "grant.give",
        "role.edit",
        "token.make",
        "kill.release",
        "key.rotate",
        "data.erase",
    }
)

NAMES = {
    "viewer": "Viewer",
    "responder": "Responder",
    "moderator": "Moderator",
    "community_moderator": "Community moderator",
    "author": "Author",
    "publisher": "Publisher",
    "approver": "Approver",
    "spoke_lead": "Spoke lead",
    "hub_lead": "Hub lead",
    "analyst": "Analyst",
    "crisis_lead": "Crisis lead",
    "auditor": "Auditor",
    "admin": "Admin",
    "plugin": "Plugin",
}

TABLE = """
right                  Vw Rs Mo Cm Au Pu Ap SL HL An Cl Ad Am Pl
account.view           x  x  x  .  x  x  x  x  x  x  x  x  x  m
inbox.view             x  x  x  c  .  x  x  x  x  x  x  .  .  m
analytics.view         x  .  .  .  x  x  .  x  x  x  x  x  .  m
profile.view.basic     .  x  .  .  .  .  .  x  x  .  x  .  .  m
profile.view.sensitive .  .  .  .  .  .  .  .  .  .  .  .  .  .
audit.view             .  .  .  .  .  .  .  .  x  .  x  x  x  m
policy.view            x  x  x  .  x  x  x  x  x  x  x  x  x  m
post.draft             .  .  .  .  x  x  .  x  x  .  .  .  .  m
post.submit            .  .  .  .  x  x  .  x  x  .  .  .  .  m
post.publish           .  .  .  .  .  c  .  x  x  .  .  .  .  m
post.schedule          .  .  .  .  .  c  .  x  x  .  .  .  .  m
post.edit_live         .  .  .  .  .  .  .  x  x  .  .  .  .  m
post.delete_live       .  .  .  .  .  x  .  x  x  .  .  .  .  m
reply.draft            .  x  .  .  x  x  .  x  x  .  .  .  .  m
reply.send             .  c  .  .  .  .  .  x  x  .  .  .  .  m
dm.read                .  .  .  .  .  .  .  x  x  .  .  .  .  m
dm.send                .  .  .  .  .  .  .  x  x  .  .  .  .  m
item.hide              .  .  x  c  .  .  .  x  x  .  x  .  .  m
item.unhide            .  .  x  .  .  .  .  x  x  .  x  .  .  m
item.delete            .  .  x  .  .  .  .  x  x  .  .  .  .  m
user.mute              .  .  x  c  .  .  .  x  x  .  .  .  .  m
user.block             .  .  x  .  .  .  .  x  x  .  .  .  .  m
item.label             .  .  x  c  .  .  .  x  x  .  .  .  .  m
item.escalate          .  .  x  c  .  .  .  x  x  .  x  .  .  m
post.approve           .  .  .  .  .  .  x  x  x  .  x  .  .  .
reply.approve          .  .  .  .  .  .  x  x  x  .  x  .  .  .
crisis.declare         .  .  .  .  .  .  .  .  x  .  x  .  .  .
kill.press             .  .  .  .  .  .  .  x  x  .  x  .  x  m
kill.release           .  .  .  .  .  .  .  .  x  .  x  .  .  .
item.assign            .  .  .  .  .  .  .  x  x  .  x  .  .  m
item.close             .  x  .  .  .  .  .  x  x  .  .  .  .  m
query.edit             .  .  .  .  .  .  .  .  x  x  .  .  .  m
alert.handle           .  .  .  .  .  .  .  x  x  x  x  .  .  m
goal.edit              .  .  .  .  .  .  .  x  x  .  .  .  .  m
initiative.edit        .  .  .  .  .  .  .  x  x  .  .  .  .  m
experiment.edit        .  .  .  .  .  .  .  x  x  x  .  .  .  m
outcome.import         .  .  .  .  .  .  .  .  x  x  .  .  .  m
activity.import        .  .  .  .  .  .  .  x  x  x  .  .  .  m
effect.record          .  .  .  .  .  .  .  .  x  x  .  .  .  m
assessment.run         .  .  .  .  .  .  .  .  x  x  .  .  .  .
unit.edit              .  .  .  .  .  .  .  .  x  .  .  .  x  .
person.invite          .  .  .  .  .  .  .  x  x  .  .  .  x  .
account.edit           .  .  .  .  .  .  .  x  x  .  .  .  x  m
account.decide         .  .  .  .  .  .  .  x  x  .  .  .  .  .
account.connect        .  .  .  .  .  .  .  .  x  .  .  .  x  .
account.disconnect     .  .  .  .  .  .  .  .  x  .  .  .  x  m
account.move           .  .  .  .  .  .  .  .  x  .  .  .  x  m
grant.give             .  .  .  .  .  .  .  x  x  .  .  .  x  .
role.edit              .  .  .  .  .  .  .  .  .  .  .  .  x  .
policy.edit            .  .  .  .  .  .  .  .  x  .  .  .  x  m
token.make             .  .  .  .  .  .  .  .  x  .  .  .  x  .
key.rotate             .  .  .  .  .  .  .  .  .  .  .  .  x  .
data.export            .  .  .  .  .  .  .  .  .  .  .  .  x  m
data.erase             .  .  .  .  .  .  .  .  .  .  .  .  x  .
"""

# Names of conditions (engine/rights.py) that every `c` cell of the role carries, with their values.
FIXED: dict[str, dict[str, object]] = {
    "responder": {"trained": ["replying"]},
    "community_moderator": {"public_only": True, "max_per_hour": 20},
    "publisher": {"trained": ["conduct"], "initiative": ["active", "has goal"]},
}


@dataclass(frozen=True)
class Role:
    """A named set of Rights. `may_give` None: what the holder effectively holds."""

    key: str
    name: str
    held: frozenset[str]
    conditional: frozenset[str]
    manifest: frozenset[str]
    conditions: dict[str, object]
    may_give: frozenset[str] | None


def read_table(text: str) -> dict[str, dict[str, str]]:
    """Role key -> Right -> cell, from the text of TABLE; columns stand in the order of NAMES."""
    lines = [line.split() for line in text.strip().splitlines()[1:]]
    return {
        key: {right: cells[place] for right, *cells in lines} for place, key in enumerate(NAMES)
    }


def role(key: str, cells: dict[str, str]) -> Role:
    """One column of the table as a Role."""

    def of(sign: str) -> frozenset[str]:
        return frozenset(right for right, cell in cells.items() if cell == sign)

    # Who governs access does not speak: the Admin may give every Right without holding it.
    gives = frozenset(RIGHTS) if key == "admin" else None
    return Role(key, NAMES[key], of("x"), of("c"), of("m"), FIXED.get(key, {}), gives)


ROLES: dict[str, Role] = {key: role(key, cells) for key, cells in read_table(TABLE).items()}
