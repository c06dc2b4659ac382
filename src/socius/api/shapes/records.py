"""The line of sight, imports and the ledger: documents that reports make, described here and handed on as they are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, Json

from socius.api.paging import Paging
from socius.api.values import Day, Given, Name, Note, Number, Sha256, Word

ImportKind = Literal[
    "units", "people", "goals", "outcomes", "kpis", "accounts", "initiatives", "spend", "hours", "activity", "effects", "leads",
]  # fmt: skip


class Open(Schema):
    """A document that may hold more than is described."""

    model_config = ConfigDict(extra="allow")


class Block(Open):
    """Activities by the level that their line reaches; `measured` by grade."""

    total: int
    none: int
    goal: int
    outcome: int
    fresh: int
    measured: dict[str, int]
    by_hand: int


class BrokenObject(Schema):
    """Where a walk ends."""

    type: str
    id: int | None
    name: str


class FixOut(Schema):
    """The act that mends it."""

    verb: str
    href: str


class BreakOut(Open):
    """A kind of break with the activities behind it."""

    kind: str
    object: BrokenObject
    activities: int
    fix: FixOut


class SightOut(Open):
    """The line of sight, as docs/reference/line-of-sight.md describes it."""

    as_of: str
    known_at: str
    first: str = Field(alias="from")
    to: str
    activity: Block
    share: float | None
    share_fresh: float | None
    share_measured_ab: float | None
    by_unit: list[dict[str, Any]]
    by_network: list[dict[str, Any]]
    by_goal: list[dict[str, Any]]
    breaks: list[BreakOut]
    published: dict[str, Any]


class SightAsked(Schema):
    """The window, what was known on which day, and of which unit with all below it."""

    as_of: Day | None = None
    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")
    unit: Number | None = None


class FigureOut(Schema):
    """A published figure with its base; never a percentile."""

    id: str
    question: str
    value: float | None
    n: int | None
    n_status: str
    year: int
    period: str
    source: str
    low: float | None
    high: float | None
    unit: str
    population: str
    words: str
    licence: str
    note: str


class FiguresOut(Schema):
    """All of them."""

    figures: list[FigureOut]


class ImportIn(Given):
    """What is said about a file. `mapping` (column to field) and `answers` (question to value) are JSON objects."""

    kind: ImportKind
    apply: bool = False
    expect_sha256: Sha256 = ""
    mapping: Json[dict[Name, Name]] = Field(default={})
    answers: Json[dict[Name, Name]] = Field(default={})
    complete: bool = False
    confirm_shrink: bool = False
    reason: Note = ""


class RowsOut(Schema):
    """What became of the rows."""

    read: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    rejected: int
    blank: int
    totals_set_apart: int


class ReportOut(Open):
    """The report of an import, the same on screen, here and on the command line (docs/reference/import.md)."""

    report: Literal[1]
    kind: str
    format: str
    mode: str
    state: Literal[
        "ok", "needs_answer", "held", "refused", "not_recognised", "not_allowed", "already_imported"
    ]
    applied_at: str | None
    previous_import: int | None
    rows: RowsOut
    file: dict[str, Any]
    columns: dict[str, Any]
    decisions: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    finding_counts: dict[str, int]
    shrink: dict[str, Any] | None
    compare: dict[str, Any] | None
    summary: dict[str, Any] | None


class RunRow(Schema):
    """An import that was applied."""

    id: int
    kind: str
    file_name: str
    sha256: str
    size: int
    state: str
    complete: bool
    actor: str
    started_at: datetime
    applied_at: datetime | None
    undone_by: int | None


class RunOut(RunRow):
    """An import with its report."""

    report: dict[str, Any]


class RunsAsked(Paging):
    """Which imports."""

    kind: Word = ""


class ImportedOut(Schema):
    """Which line made or changed which object."""

    line: int
    object: str
    outcome: str


class ImportedAsked(Paging):
    """The rows that came to one outcome."""

    outcome: Literal["", "created", "updated", "unchanged"] = ""


class UndoIn(Given):
    """Without `apply` nothing is taken back: the answer says what would be."""

    apply: bool = False


class UndoneOut(Schema):
    """What was, or would be, taken back; `findings` say which rows block it."""

    number: int = Field(alias="import")
    applied: bool
    rows: int
    state: str
    findings: list[dict[str, Any]]


class FieldOut(Schema):
    """A field of a kind of file."""

    name: str
    required: bool


class KindOut(Schema):
    """What can be imported: its fields, the right that it asks, and its empty file."""

    kind: str
    right: str
    fields: list[FieldOut]
    template: str


class KindsOut(Schema):
    """In the order in which the kinds need each other."""

    kinds: list[KindOut]


class EntryOut(Schema):
    """A row of the ledger. `content` null: none, erased or sealed."""

    id: str
    seq: int
    recorded_at: datetime
    at: datetime
    actor: str
    origin: str
    verb: str
    result: str
    object: str
    unit: int | None
    account: int | None
    initiative: int | None
    goal: int | None
    network: str | None
    remote_id: str | None
    minutes: int | None
    run: int | None
    commitment: str | None
    hash: str | None
    content: dict[str, Any] | None


class LedgerAsked(Paging):
    """Which rows; `object` is `account:7`, or `account:` for every account; the days are those of recording."""

    verb: Word = ""
    actor: Name = ""
    object: Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")] = ""
    result: Literal["", "done", "refused"] = ""
    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")


class HeadOut(Schema):
    """The last row: what one notes elsewhere as a witness against a cut-off end."""

    seq: int
    hash: str


class VerifyAsked(Schema):
    """A head that was noted earlier, as SEQ:HASH, and the row to begin with."""

    head: Annotated[str, Field(max_length=90, pattern=r"^([0-9]{1,18}:[0-9a-fA-F]{64})?$")] = ""
    first: Annotated[int, Field(ge=0, le=2**62)] = Field(0, alias="from")


class FlawOut(Schema):
    """What does not fit."""

    seq: int
    kind: str
    say: str


class VerifiedOut(Schema):
    """Whether the ledger is as it was written; at most 1,000 problems are listed, `found` counts all."""

    ok: bool
    rows: int
    head: HeadOut
    found: int
    problems: list[FlawOut]
