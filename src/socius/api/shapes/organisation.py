"""Units, people, grants, tokens."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from socius.api.paging import Paging
from socius.api.values import CLEAN, Day, Given, Instant, Key, Label, Name, Number, Word


class PersonRef(Schema):
    """A person, named."""

    id: int
    email: str
    name: str


class UnitRef(Schema):
    """A unit, named."""

    id: int
    key: str
    name: str


class MeOut(Schema):
    """Who acts, and where."""

    person: PersonRef
    organisation: str
    zone: str
    demonstration: bool
    token_rights: list[str] | None
    at: datetime


class UnitRow(Schema):
    """A unit of the tree; `seen` false: shown only because it leads to one that may be seen."""

    id: int
    key: str
    name: str
    kind: str
    parent: int | None
    depth: int
    seen: bool


class PlacedOut(Schema):
    """Below which unit it stood, from one day to the day before another; null: open."""

    parent: int | None
    placed_from: date | None
    placed_until: date | None


class UnitOut(Schema):
    """A unit."""

    id: int
    key: str
    name: str
    kind: str
    parent: int | None
    external_id: str | None
    language: str
    valid_from: date | None
    valid_until: date | None
    aliases: list[str]
    placements: list[PlacedOut]


class TreeAsked(Paging):
    """The tree of which day."""

    on: Day | None = None


class NewUnitIn(Given):
    """A unit to be made."""

    parent: Number
    key: Key
    name: Label = ""
    kind: Literal["hub", "spoke"] = "spoke"
    external_id: Name = ""
    language: Word = ""
    valid_from: Day | None = None
    valid_until: Day | None = None


class RenameIn(Given):
    """The name that is shown from now on."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=CLEAN)]


class MoveIn(Given):
    """Below which unit, since which day (today, if left out)."""

    parent: Number
    on: Day | None = None


class DatesIn(Given):
    """From which day it is, and the first day on which it is no more."""

    valid_from: Day | None = None
    valid_until: Day | None = None


class AliasIn(Given):
    """A further name by which files call it."""

    alias: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=CLEAN)]


class PersonRow(Schema):
    """A person of a list."""

    id: int
    email: str
    name: str
    unit: int | None
    active: bool
    disabled_at: datetime | None
    created_at: datetime
    linked_to: int | None


class GrantOut(Schema):
    """Rights given to, or with `deny` kept from, a person at a node."""

    id: int
    person: int
    role: str
    rights: list[str]
    node_kind: str
    node: int
    deny: bool
    conditions: dict[str, Any]
    starts: datetime
    until: datetime | None
    may_give: list[str] | None
    given_by: int | None
    reason: str
    origin: str


class PersonOut(PersonRow):
    """A person with what they can do in their own unit, and their grants."""

    rights: list[str]
    grants: list[GrantOut]


class PeopleAsked(Paging):
    """Which people."""

    q: Name = ""
    role: Word = ""
    unit: Number | None = None
    state: Literal["", "active", "disabled", "without"] = ""


class InviteIn(Given):
    """A person to be invited."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=CLEAN)]
    name: Name = ""
    unit: Number | None = None


class PersonIn(Given):
    """What may be corrected of a person."""

    name: Name | None = None
    unit: Number | None = None


class PasswordIn(Given):
    """A password to be handed over."""

    password: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=CLEAN)]


class LinkPersonIn(Given):
    """The other login of the same human."""

    to: Number


class GrantsAsked(Paging):
    """Which grants."""

    person: Number | None = None
    unit: Number | None = None
    role: Word = ""
    running: bool = True


class GrantIn(Given):
    """One role, or rights by name, at a unit (none: the organisation), for a while, and why."""

    person: Number
    unit: Number | None = None
    role: Word = ""
    rights: Annotated[list[Word], Field(max_length=100)] = []
    deny: bool = False
    starts: Instant | None = None
    until: Instant | None = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=CLEAN)]


class ProposedOut(Schema):
    """A role that a file names for a person and that somebody has to give."""

    id: int
    person: int
    role: str
    unit: int
    until: datetime | None
    proposed_by: str
    proposed_at: datetime
    run: int | None


class RoleOut(Schema):
    """A ready role."""

    key: str
    name: str
    rights: list[str]
    conditional: list[str]


class RightsOut(Schema):
    """The table of rights, and the ready roles."""

    areas: dict[str, list[str]]
    roles: list[RoleOut]


class WhoAsked(Paging):
    """Who holds a right, at a unit (none: the organisation)."""

    right: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=CLEAN)]
    unit: Number | None = None


class ExplainAsked(Schema):
    """Whether a person holds a right at a unit (none: the organisation)."""

    person: Number
    right: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=CLEAN)]
    unit: Number | None = None


class ExplainOut(Schema):
    """The decision, the grants that it rests on, and what is missing."""

    allowed: bool
    why: str
    allows: list[int]
    denies: list[int]
    missing: str


class TokenOut(Schema):
    """A token; its text was shown when it was made, and never again."""

    id: int
    name: str
    prefix: str
    rights: list[str]
    made_at: datetime
    until: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    valid: bool


class MadeTokenOut(TokenOut):
    """A new token with its text, this once."""

    token: str


class TokenIn(Given):
    """What will use the token, what it may do, how many days it lasts."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=CLEAN)]
    rights: Annotated[list[Word], Field(min_length=1, max_length=100)]
    days: Annotated[int, Field(ge=1, le=90)] = 30
