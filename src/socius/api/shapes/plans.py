"""What the roadmap knows of an initiative, the strategy, executives, the hub's hours, the preset."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, WithJsonSchema

from socius.api.values import Currency, Day, Given, Hours, Note, Number, Word

Points = Annotated[
    Decimal,
    Field(max_digits=5, decimal_places=2, ge=0, le=100),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100, "multipleOf": 0.01}),
]
Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]


class PlanFieldsIn(Given):
    """What it is worth in points from 0 to 100, whom it concerns (functions joined by `|`), its shortest time, its next review."""

    functions: Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")] = ""
    value_low: Points | None = None
    value_likely: Points | None = None
    value_high: Points | None = None
    quarters: Annotated[int, Field(ge=1, le=40)] = 1
    review_due: Day | None = None


class PlannedOut(Schema):
    """An initiative as the roadmap knows it; effort and money are under `/initiatives`."""

    id: int
    key: str
    title: str
    status: str
    sponsor: str
    functions: str
    value_low: float | None
    value_likely: float | None
    value_high: float | None
    quarters: int
    review_due: date | None
    reason: str
    place: int


class SayIn(Given):
    """What is decided, and why."""

    decision: Literal["accept", "turn_down", "review", "place"]
    reason: Note = ""
    review_due: Day | None = None
    place: Annotated[int, Field(ge=0, le=1000)] = 0


class FrameIn(Given):
    """Hours a quarter for all initiatives, and what one of them costs."""

    unit: Number
    capacity_hours: Hours
    hour_value: Hours | None = None
    currency: Currency = ""


class FrameOut(Schema):
    """The frame that stands."""

    unit: int
    capacity_hours: float
    hour_value: float | None
    currency: str


class StrategyIn(Given):
    """A strategy as it is adopted: vision, plans, resources, and the goals it serves."""

    unit: Number
    vision: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]  # fmt: skip
    plans: Text = ""
    resources: Text = ""
    goals: Annotated[list[Number], Field(max_length=200)]
    adopted_on: Day | None = None


class StrategyOut(Schema):
    """A version of the strategy."""

    id: int
    number: int
    adopted_on: date
    vision: str
    plans: str
    resources: str
    goals: list[int]
    unit: int


class ActOut(Schema):
    """What a state rests on."""

    at: datetime
    verb: str
    about: str


class ExecutiveOut(Schema):
    """An owner of goals; a state is the act that it rests on, null where there is none."""

    owner: str
    name: str
    goals: list[int]
    informed: ActOut | None
    engaged: ActOut | None
    aligned: ActOut | None
    unknown: list[str]
    signs_in: bool


class WeekOut(Schema):
    """Hours of the hub in a week: all, those that answer requests, those that name an initiative."""

    monday: date
    total: float
    requests: float
    linked: float


class HubOut(Schema):
    """Whether a hub turns into a help desk: help_desk, rising, steady or cannot_tell."""

    unit: int
    name: str
    alarm: bool
    verdict: str
    say: str
    usual: float | None
    now: float | None
    linked_usual: float | None
    linked_now: float | None
    since: date | None
    rang: date | None
    weeks: list[WeekOut]


class PresetIn(Given):
    """Which need's screens are named first; empty for none."""

    unit: Number
    use_case: Word = ""
