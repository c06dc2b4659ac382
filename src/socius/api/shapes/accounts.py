"""Accounts, what they serve, what the audit says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from socius.api.paging import Paging
from socius.api.shapes.organisation import PersonRef, UnitRef
from socius.api.values import (
    MOST_IDS,
    Address,
    Day,
    Email,
    Given,
    Label,
    Name,
    Note,
    Number,
    Why,
    Word,
)

Decision = Literal["keep", "consolidate", "retire", "verify"]
Custody = Literal["vault", "person", "agency", "unknown"]
Sort = Literal[
    "unit", "handle", "network", "owner", "status", "last_activity", "audience", "line",
    "-unit", "-handle", "-network", "-owner", "-status", "-last_activity", "-audience", "-line",
]  # fmt: skip


class ServesOut(Schema):
    """Something that an account serves today."""

    kind: str
    id: int
    name: str


class AccountRow(Schema):
    """An account of a list. `lines`: what it serves today; `finding`: the one thing that is wrong, worst first."""

    id: int
    network: str
    handle: str
    name: str
    url: str
    unit: UnitRef
    owner: PersonRef | None
    owner_email: str
    status: str
    language: str
    country: str
    region: str
    purpose: str
    custody: str
    audience: int | None
    audience_as_of: date | None
    posts_promised: int | None
    lines: list[ServesOut]
    last_activity: date | None
    activities: int
    absent_since: date | None
    merged_into: int | None
    finding: str


class ClaimOut(Schema):
    """A value that a file stated and that is not the account's own."""

    field: str
    value: str
    has: str
    where: str


class HappenedOut(Schema):
    """A row of the ledger in words."""

    at: datetime
    who: str
    did: str
    why: str
    details: list[tuple[str, str]]
    seq: int | None


class HomeOut(Schema):
    """Which unit owned it, as known from one instant (UTC microseconds) to another."""

    unit: UnitRef
    known_from: int
    known_until: int | None


class LinkOut(Schema):
    """A tie of an account; one of `goal`, `initiative` and `experiment` is set."""

    id: int
    account: int
    goal: int | None
    initiative: int | None
    experiment: int | None
    valid_from: date | None
    valid_until: date | None


class DecidedOut(Schema):
    """A proposal about an account with what was decided, or `decided` empty."""

    id: int
    account: int
    proposal: str
    rule: str
    inputs: dict[str, Any]
    source: str
    proposed_at: datetime
    decided: str
    decided_at: datetime | None
    decided_by: PersonRef | None
    reason: str
    withdrawn_at: datetime | None


class AccountOut(AccountRow):
    """An account with everything that its page shows."""

    remote_id: str
    first_seen: date
    created_at: datetime
    extra: dict[str, Any]
    claims: list[ClaimOut]
    homes: list[HomeOut]
    listed_with: list[UnitRef]
    links: list[LinkOut]
    weeks: list[int]
    decisions: list[DecidedOut]
    history: list[HappenedOut]


class AccountsAsked(Paging):
    """Which accounts; `-` before a sort turns it round."""

    unit: Number | None = None
    only: bool = False
    network: Word = ""
    status: Word = ""
    q: Name = ""
    line: Literal["", "yes", "no"] = ""
    language: Word = ""
    absent: Literal["", "yes", "no"] = ""
    owner: Email = ""
    goal: Number | None = None
    initiative: Number | None = None
    experiment: Number | None = None
    sort: Sort = "unit"


class ClaimIn(Given):
    """An account that a unit answers for; an address, a handle or a remote id is needed."""

    unit: Number
    network: Word
    handle: Label = ""
    url: Address = ""
    remote_id: Name = ""
    display_name: Label = ""
    owner: Number | None = None
    purpose: Note = ""
    language: Word = "und"
    country: Word = ""
    region: Word = ""
    custody: Custody = "unknown"
    audience: Annotated[int, Field(ge=0, le=2**62)] | None = None


class CorrectIn(Given):
    """What is put right; what is left out stays."""

    handle: Label = ""
    display_name: Label = ""
    url: Address = ""
    owner: Number | None = None
    owner_email: Email = ""
    purpose: Note = ""
    language: Word = ""
    country: Word = ""
    region: Word = ""
    custody: Custody = "unknown"
    audience: Annotated[int, Field(ge=0, le=2**62)] | None = None
    posts_promised: Annotated[int, Field(ge=0, le=10_000)] | None = None


class MergeIn(Why):
    """Of which account it becomes part, and why."""

    into: Number


class HandOverIn(Given):
    """To which unit."""

    to: Number


class StatusIn(Why):
    """A state; `active` and `experiment` are entered by activating."""

    status: Literal["found", "claimed", "retiring", "archived", "rejected"]


class ActivateIn(Given):
    """Who answers for it from now on, if that is new."""

    owner: Number | None = None
    reason: Note = ""


class LinkIn(Given):
    """One goal, one initiative or one experiment, from a day until the day before another."""

    goal: Number | None = None
    initiative: Number | None = None
    experiment: Number | None = None
    start: Day | None = None
    until: Day | None = None


class UnlinkIn(Given):
    """The first day on which it no longer holds; left out: as if it had never been made."""

    until: Day | None = None


class GroupOut(Schema):
    """Accounts that may be one."""

    why: str
    accounts: list[AccountRow]


class AuditAsked(Paging):
    """Which proposals, as of which day."""

    as_of: Day | None = None
    unit: Number | None = None
    network: Word = ""
    decision: Literal["", "keep", "consolidate", "retire", "verify"] = ""
    rule: Word = ""
    show: Literal["open", "decided", "all"] = "open"


class AuditedOut(Schema):
    """What the rules propose for an account, and what was decided."""

    account: AccountRow
    proposal: str
    rule: str
    say: str
    inputs: dict[str, Any]
    into: int | None
    by: date | None
    decided: DecidedOut | None


class DecideIn(Given):
    """One decision about several accounts: about all of them or about none."""

    accounts: Annotated[list[Number], Field(min_length=1, max_length=MOST_IDS)]
    decision: Decision
    reason: Annotated[str, Field(min_length=1, max_length=400, pattern=r"^[^\x00]*$")]


class DecisionsOut(Schema):
    """The decisions as they stand now."""

    decisions: list[DecidedOut]


class WithdrawIn(Given):
    """Decisions to take back: all of them or none."""

    decisions: Annotated[list[Number], Field(min_length=1, max_length=MOST_IDS)]
    reason: Annotated[str, Field(min_length=1, max_length=400, pattern=r"^[^\x00]*$")]


class WithdrawnOut(Schema):
    """The accounts about which nothing is decided any more."""

    accounts: list[int]
