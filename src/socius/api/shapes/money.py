"""Spend, hours and effects."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from socius.api.paging import Paging
from socius.api.shapes.strategy import Outcome
from socius.api.values import (
    Day,
    Estimate,
    Given,
    Hours,
    Money,
    Name,
    Note,
    Number,
)


class MoneyAsked(Paging):
    """Which lines: the days are those of the spend, or the Mondays of the weeks."""

    unit: Number | None = None
    goal: Number | None = None
    initiative: Number | None = None
    first: Day | None = None
    last: Day | None = None


class SpendOut(Schema):
    """A line of spend."""

    id: int
    date: date
    amount: float
    currency: str
    kind: str
    unit: int | None
    goal: int | None
    initiative: int | None


class SpendIn(Given):
    """Money spent on a day; two equal lines are two lines."""

    unit: Number
    date: Day
    amount: Money
    currency: Annotated[str, Field(pattern=r"^[A-Za-z]{3}$")]
    kind: Annotated[str, Field(max_length=8, pattern=r"^[^\x00]*$")] = ""
    goal: Number | None = None
    initiative: Number | None = None


class HoursOut(Schema):
    """A line of hours."""

    id: int
    week: date
    hours: float
    unit: int
    person_or_team: str
    type: str
    initiative: int | None
    account: int | None


class HoursIn(Given):
    """Hours of a week (its Monday); another number for the same line replaces it."""

    unit: Number
    week: Day
    hours: Hours
    person_or_team: Name = ""
    type: Annotated[str, Field(max_length=12, pattern=r"^[^\x00]*$")] = ""
    initiative: Number | None = None
    account: Number | None = None


class SetHoursOut(Schema):
    """What became of it, and how it stands now."""

    outcome: Outcome
    hours: HoursOut


class EffectOut(Schema):
    """An effect; its grade follows from the method and is capped."""

    id: int
    initiative: int | None
    goal: int | None
    group: int | None
    series: int
    method: str
    grade: str
    estimate: float | None
    low: float | None
    high: float | None
    start: date | None
    end: date | None
    source: str
    by_hand: bool
    refused: bool
    dated: date


class EffectsAsked(Paging):
    """Which effects."""

    initiative: Number | None = None
    series: Number | None = None


class EffectIn(Given):
    """An effect that somebody found outside Socius."""

    initiative: Number
    series: Number
    method: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
    estimate: Estimate
    low: Estimate | None = None
    high: Estimate | None = None
    start: Day | None = None
    end: Day | None = None
    source: Note = ""
    stated_grade: Literal["", "A", "B", "C", "D", "E"] = ""


class SetEffectOut(Schema):
    """What became of it, and how it stands now."""

    outcome: Outcome
    effect: EffectOut
