"""Outcome series and their values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from socius.api.paging import Paging
from socius.api.shapes.strategy import Outcome
from socius.api.values import (
    Currency,
    Day,
    Given,
    Instant,
    Key,
    Label,
    Name,
    Note,
    Number,
    Value,
    Word,
)


class SeriesOut(Schema):
    """An outcome series with what is newest in it; its class follows from names and source."""

    id: int
    key: str
    name: str
    measure_unit: str
    currency: str
    grain: str
    class_name: str
    class_reason: str
    source: str
    why: str
    simulated: bool
    unit: int
    newest: date | None
    value: float | None
    dates: int
    fresh: bool
    goals: list[str]


class SetSeriesOut(Schema):
    """What became of it, and how it stands now."""

    outcome: Outcome
    series: SeriesOut


class SeriesIn(Given):
    """A series by its key: made, or described where there is one."""

    unit: Number
    key: Key
    name: Label = ""
    measure_unit: Word = ""
    currency: Currency = ""
    source: Name = ""
    why: Note = ""
    stated: Word = ""
    simulated: bool = False
    network_export: bool = False


class BeforeOut(Schema):
    """What was believed before, since when."""

    value: float | None
    known: datetime


class ValueOut(Schema):
    """A value on a date; `value` null: taken back."""

    date: date
    place: str
    value: float | None
    known: datetime
    before: list[BeforeOut]


class ValuesAsked(Paging):
    """As known at which instant."""

    as_of: Instant | None = None


class PointIn(Given):
    """A value on a date."""

    date: Day
    value: Value
    geo: Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")] = ""
    org_unit: Name = ""


class PointsIn(Given):
    """Values to be loaded; another value for a known date is a revision."""

    points: Annotated[list[PointIn], Field(min_length=1, max_length=5000)]


class LoadedOut(Schema):
    """What became of each point, in the order in which they came."""

    outcomes: list[Outcome]
