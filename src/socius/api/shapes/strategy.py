"""Goals, KPIs, initiatives, experiments, series, money, effects."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from socius.api.paging import Paging
from socius.api.shapes.accounts import HappenedOut
from socius.api.values import (
    MOST_IDS,
    Currency,
    Day,
    Email,
    Given,
    Hours,
    Key,
    Label,
    Money,
    Number,
    Text,
    Value,
    Word,
)

Outcome = Literal["created", "updated", "unchanged"]
Objective = Literal[
    "", "brand_health", "marketing_optimisation", "revenue_generation", "operational_efficiency", "customer_experience", "innovation",
]  # fmt: skip
Direction = Literal["", "up", "down", "hold"]


class KPIOut(Schema):
    """What a goal is measured by, with the newest of its series."""

    id: int
    goal: int
    measure: str
    class_name: str
    series: int | None
    direction: str
    target: float | None
    target_date: date | None
    newest: date | None
    value: float | None
    fresh: bool | None


class GoalRow(Schema):
    """A goal of a list."""

    id: int
    key: str
    statement: str
    executive_owner: str
    objective: str
    period_start: date | None
    period_end: date | None
    closed_at: datetime | None
    unit: int
    accounts: int
    kpis: list[KPIOut]


class GoalOut(GoalRow):
    """A goal with what it conflicts with and what happened to it."""

    created_at: datetime
    conflicts_with: list[int]
    initiatives: list[int]
    history: list[HappenedOut]


class SetGoalOut(Schema):
    """What became of it, and how it stands now."""

    outcome: Outcome
    goal: GoalOut


class GoalsAsked(Paging):
    """Which goals."""

    owner: Email = ""
    closed: bool = False


class GoalFieldsIn(Given):
    """What may be said of a goal; what is left out stays."""

    statement: Text = ""
    executive_owner: Email = ""
    objective: Objective = ""
    period_start: Day | None = None
    period_end: Day | None = None


class GoalIn(GoalFieldsIn):
    """A goal by its key: made, or changed where there is one."""

    unit: Number
    key: Key


class ConflictIn(Given):
    """The goal that it conflicts with."""

    goal: Number


class KPIIn(Given):
    """A KPI: a measure, the series that tells it, where it should go."""

    measure: Key
    series: Number | None = None
    stated: Word = ""
    direction: Direction = ""
    target: Value | None = None
    target_date: Day | None = None


class SetKPIOut(Schema):
    """What became of it, and how it stands now."""

    outcome: Outcome
    kpi: KPIOut


class InitiativeOut(Schema):
    """An initiative with the goals it serves, its accounts, and what was written down of its cost."""

    id: int
    key: str
    title: str
    kind: str
    scope: str
    sponsor: str
    status: str
    start: date | None
    end: date | None
    cost_low: float | None
    cost_likely: float | None
    cost_high: float | None
    currency: str
    hours_low: float | None
    hours_likely: float | None
    hours_high: float | None
    unit: int
    goals: list[int]
    accounts: int
    spent: dict[str, float]
    hours: float


class SetInitiativeOut(Schema):
    """What became of it, and how it stands now."""

    outcome: Outcome
    initiative: InitiativeOut


class InitiativeFieldsIn(Given):
    """What may be said of an initiative; what is left out stays."""

    title: Label = ""
    kind: Literal["external", "internal"] = "external"
    scope: Literal["enterprise", "function"] = "function"
    sponsor: Email = ""
    status: Literal["idea", "proposed", "accepted", "rejected", "running", "ended"] = "running"
    start: Day | None = None
    end: Day | None = None
    cost_low: Money | None = None
    cost_likely: Money | None = None
    cost_high: Money | None = None
    currency: Currency = ""
    hours_low: Hours | None = None
    hours_likely: Hours | None = None
    hours_high: Hours | None = None


class InitiativeIn(InitiativeFieldsIn):
    """An initiative by its key: made, or changed where there is one."""

    unit: Number
    key: Key


class GoalsIn(Given):
    """The goals that it serves from now on."""

    goals: Annotated[list[Number], Field(max_length=MOST_IDS)]


class ExperimentOut(Schema):
    """A dated trial."""

    id: int
    key: str
    title: str
    start: date
    end: date
    goal: int | None
    unit: int
    accounts: int


class ExperimentIn(Given):
    """A trial by its key: planned, or re-dated where there is one."""

    unit: Number
    key: Key
    title: Label
    start: Day
    end: Day
