"""Estimates, designs, net value, insights."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from socius.api.paging import Paging
from socius.api.values import Currency, Day, Given, Key, Label, Note, Number

Days = Annotated[int, Field(ge=1, le=730)]


class EstimateIn(Given):
    """What to estimate: of an initiative or of a declared account group; without dates its own."""

    initiative: Number | None = None
    group: Number | None = None
    series: Number
    start: Day | None = None
    end: Day | None = None
    controls: Annotated[list[Number], Field(max_length=20)] = []
    seed: Annotated[int, Field(ge=0, le=2**31)] = 0


class ComputedOut(Schema):
    """An effect with everything that the engine answered."""

    id: int
    initiative: int | None
    group: int | None
    series: int
    say: str
    grade: str
    grade_reason: str
    verdict: str
    refused: bool
    by_hand: bool
    pre_registered: bool
    design: int | None
    superseded_by: int | None
    data_sha256: str
    answer_sha256: str
    answer: dict[str, Any] | None


class GroupIn(Given):
    """An account group to be declared; it is never changed."""

    unit: Number
    key: Key
    name: Key
    why: Annotated[Key, Field(max_length=200)]
    start: Day
    end: Day | None = None
    accounts: Annotated[list[Number], Field(min_length=2, max_length=1000)]
    outcomes: Annotated[list[Number], Field(min_length=1, max_length=50)]


class DeclaredGroupOut(Schema):
    """A declared account group. `late`: declared when its first days could be seen. `sheet`: the design that stands, if one does."""

    id: int
    unit: int
    key: str
    name: str
    why: str
    start: date
    end: date | None
    declared_on: date
    late: bool
    withdrawn: bool
    accounts: list[int]
    outcomes: list[int]
    outcome_keys: list[str]
    sheet: int | None


class ReplayOut(Schema):
    """Whether the same bytes came out."""

    same: bool
    say: str
    differs: list[str]
    data_hash: str
    answer_hash: str


class DesignsAsked(Paging):
    """Which designs."""

    initiative: Number | None = None
    group: Number | None = None


class DesignOut(Schema):
    """What was registered before its start. While an experiment runs, nothing here says how its arms compare."""

    id: int
    kind: str
    initiative: int | None
    group: int | None
    series: int
    experiment: int | None
    superseded_by: int | None
    start: date
    end: date
    state: str
    worth: float | None
    mde: float | None
    sha256: str
    scheme_sha256: str
    looks: int
    made_at: datetime
    concluded_at: datetime | None
    sheet: dict[str, Any]


class ExperimentPlanIn(Given):
    """An experiment to be drawn; it starts after today."""

    initiative: Number
    series: Number
    design: Literal["geo_holdout", "account_holdout", "switchback", "time_holdout"]
    start: Day
    days: Days
    block_days: Annotated[int, Field(ge=1, le=90)] = 14
    burn_in: Annotated[int, Field(ge=0, le=60)] = 0
    off_days: Annotated[int, Field(ge=1, le=180)] = 14
    worth: Annotated[float, Field(gt=0, le=1)] | None = None
    controls: Annotated[list[Number], Field(max_length=20)] = []
    title: Label = ""
    hypothesis: Note = ""
    risk: Note = ""


class SheetIn(Given):
    """What will be estimated of an initiative or a declared account group; it starts after today. Without dates its own."""

    initiative: Number | None = None
    group: Number | None = None
    series: Number
    start: Day | None = None
    end: Day | None = None
    worth: Annotated[float, Field(gt=0, le=1)]
    controls: Annotated[list[Number], Field(max_length=20)] = []


class CellOut(Schema):
    """A cell of an experiment and how far it is carried out."""

    place: str
    start: date
    until: date
    arm: str
    activities: int
    state: str


class CellsOut(Schema):
    """The assignment."""

    cells: list[CellOut]


class NetValueOut(Schema):
    """The net value of an initiative, or why it cannot be said; amounts as text, to the cent."""

    initiative: int
    currency: Currency
    value: str | None
    cost: str | None
    net: str | None
    low: str | None
    high: str | None
    why_not: str
    effects: list[int]


class NetValuesOut(Schema):
    """Every initiative that the actor may see."""

    items: list[NetValueOut]


class InsightIn(Given):
    """An insight: kept only with an act, an owner and a date."""

    unit: Number
    say: Annotated[Key, Field(max_length=200)]
    act: Annotated[Key, Field(max_length=200)]
    owner: Number
    due: Day
    evidence: Note = ""
    initiative: Number | None = None


class InsightOut(Schema):
    """An insight."""

    id: int
    say: str
    act: str
    owner: int
    due: date
    evidence: str
    initiative: int | None
    unit: int
    outcome: str
    result: str
    made_at: datetime
    closed_at: datetime | None


class CloseInsightIn(Given):
    """What came of it."""

    outcome: Literal["done", "dropped"]
    result: Annotated[Key, Field(max_length=200)]
