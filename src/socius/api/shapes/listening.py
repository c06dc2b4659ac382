"""Queries, sources and alerts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from socius.api.paging import Paging
from socius.api.values import CLEAN, Address, Given, Number

Title = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]  # fmt: skip
Asked = Annotated[str, StringConstraints(min_length=1, max_length=8192, pattern=CLEAN)]
Said = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]  # fmt: skip
Minutes = Annotated[int, Field(ge=1, le=10080)]


class QueryOut(Schema):
    """A query; `found` counts what its current version found, `per_hour` is a person's own limit."""

    id: int
    name: str
    text: str
    version: int
    unit: int
    owner: int
    archived: bool
    found: int
    per_hour: int | None


class QueryIn(Given):
    """A query to be."""

    unit: Number
    name: Title
    text: Asked


class QueryChange(Given):
    """What changes; another text is another version."""

    name: Title | None = None
    text: Asked | None = None


class LimitIn(Given):
    """Mentions in an hour at which it alarms whatever is usual; null takes the limit away."""

    per_hour: Annotated[int, Field(ge=1, le=10_000_000)] | None


class QueriesAsked(Paging):
    """Which queries."""

    archived: bool = False


class SourceOut(Schema):
    """A stream and how it stands."""

    id: int
    name: str
    kind: str
    address: str
    unit: int
    state: str
    paused: bool
    last_error: str
    last_at: datetime | None
    received: int
    stored: int
    duplicates: int
    malformed: int


class SourceIn(Given):
    """A stream to collect."""

    unit: Number
    name: Title
    kind: Literal["jetstream", "mastodon", "imap"]
    address: Address


class SourceChange(Given):
    """What changes; another address is read from its present on."""

    name: Title | None = None
    address: Address | None = None


class MentionsIn(Given):
    """Mentions of a system of one's own. `map` names keys of theirs as fields; keys that no field names are kept as they came."""

    mentions: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]
    map: Annotated[dict[str, str], Field(max_length=100)] = {}
    network: Annotated[str, StringConstraints(max_length=40, pattern=CLEAN)] = ""
    low: Annotated[float, Field(ge=-1e6, le=1e6)] = 0.0
    high: Annotated[float, Field(ge=-1e6, le=1e6)] = 100.0


class MalformedOut(Schema):
    """One that cannot be read: its place in the list, from 0, and why."""

    place: int
    say: str


class MentionsOut(Schema):
    """How many can be read, and the first that cannot; the worker takes them in."""

    accepted: int
    malformed: list[MalformedOut]


class AlertOut(Schema):
    """A rise that somebody is to look at. `evidence` holds the band by five minutes and keys of mentions, never texts."""

    id: int
    query: int
    version: int
    unit: int
    level: int
    state: str
    reason: str
    onset: datetime
    peak: datetime
    until: datetime
    expected: float
    observed: int
    p: float | None
    authors: int
    scored: int
    negative: float | None
    opened_at: datetime
    owner: int | None
    acknowledged_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    verdict: str


class AlertFull(AlertOut):
    """An alert with its evidence and notes."""

    evidence: dict[str, Any]
    notes: list[dict[str, Any]]


class StandingOut(Schema):
    """The index of a day and channel (`all`: every channel), 0 to 100; without a point `missing` says why."""

    day: date
    channel: str
    index: float | None
    low: float | None
    high: float | None
    n: int
    effective: float
    raw: float | None
    unscored: float
    covered: float
    short_history: bool
    missing: str
    plain: float | None


class ReputationOut(Schema):
    """The question, how it is weighed, its days and what the channels say against one another."""

    version: int
    question: str
    low: int
    high: int
    mix: dict[str, float]
    weights: dict[str, float]
    made_at: datetime | None
    days: list[StandingOut]
    contrasts: list[dict[str, Any]]


class QuestionOut(Schema):
    """One wording; `mix` and `weights` are shares that sum to 1, or nothing."""

    version: int
    text: str
    low: int
    high: int
    low_words: str
    high_words: str
    mix: dict[str, float]
    weights: dict[str, float]
    query: int | None
    made_at: datetime


Shares = dict[
    Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=CLEAN)],
    Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)],
]
Words = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=CLEAN)]


class QuestionIn(Given):
    """A wording; `query` is the number of the query whose mentions are the channel social."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=CLEAN)]
    low: Annotated[int, Field(ge=-100, le=100)] = 1
    high: Annotated[int, Field(ge=-100, le=100)] = 7
    low_words: Words = "not at all"
    high_words: Words = "fully"
    mix: Annotated[Shares, Field(max_length=100)] = {}
    weights: Annotated[Shares, Field(max_length=100)] = {}
    query: Number | None = None


class SurveyLinkOut(Schema):
    """A survey link. Its token is public: it stands on the sites that embed it."""

    id: int
    name: str
    channel: str
    token: str
    hosts: list[str]
    made_at: datetime
    closed_at: datetime | None


class SurveyLinkIn(Given):
    """Where the question is to be asked; `hosts` are origins that may show it within their pages."""

    name: Title
    channel: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=CLEAN)]
    hosts: Annotated[
        list[Annotated[str, StringConstraints(max_length=300, pattern=CLEAN)]], Field(max_length=50)
    ] = []


class AnswersIn(Given):
    """How a file of answers is read; without `apply` nothing is written."""

    channel: Annotated[str, StringConstraints(max_length=40, pattern=CLEAN)] = ""
    apply: bool = False


class AnswersOut(Schema):
    """What became of a file of answers."""

    rows: int
    taken: int
    known: int
    rejected: int
    applied: bool
    intake: int | None
    findings: list[dict[str, Any]]


class IntakeOut(Schema):
    """A file of answers that was taken in."""

    id: int
    source: str
    question: int
    rows: int
    taken: int
    rejected: int
    made_at: datetime
    undone_at: datetime | None


class KeptOut(Schema):
    """Values of the outcome series."""

    new: int
    revised: int


class DaysAsked(Schema):
    """The last days."""

    days: Annotated[int, Field(ge=1, le=400)] = 30


class AlertsAsked(Paging):
    """Which alerts."""

    state: Literal["", "open", "acknowledged", "closed"] = ""
    level: Annotated[int, Field(ge=0, le=3)] = 0
    query: Annotated[int, Field(ge=0, le=2**62)] = 0


class NoteIn(Given):
    """A note."""

    text: Said


class HandIn(Given):
    """Who goes on with it."""

    to: Number


class CloseIn(Given):
    """What it was."""

    verdict: Literal["real", "false alarm", "known before"]
    text: Annotated[str, StringConstraints(max_length=4000, pattern=CLEAN)] = ""


class AlertingOut(Schema):
    """False alarms a month that are accepted over all queries, and minutes to respond by level."""

    budget: float
    minutes_1: int
    minutes_2: int
    minutes_3: int
    looked_at: datetime | None


class AlertingIn(Given):
    """The same, to be set."""

    budget: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
    minutes_1: Minutes
    minutes_2: Minutes
    minutes_3: Minutes
