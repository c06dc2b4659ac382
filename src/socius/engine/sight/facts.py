"""What was known at the as-of instant: the inputs of the walk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class GoalFacts(NamedTuple):
    """A goal; `start` and `end` are both inside the period, None is open."""

    key: str
    name: str
    has_owner: bool
    start: date | None = None
    end: date | None = None
    closed: bool = False


class KPIFacts(NamedTuple):
    """A KPI of a goal; `series` None: not tied yet."""

    class_name: str
    series: int | None


class SeriesFacts(NamedTuple):
    """A series with the date of its newest value known at as-of."""

    name: str
    grain: str
    newest: date | None


class EffectFacts(NamedTuple):
    """An effect of an initiative or of all that serves a goal, on a series."""

    initiative: int | None
    goal: int | None
    series: int
    grade: str
    dated: date
    by_hand: bool
    refused: bool


class ExperimentFacts(NamedTuple):
    """A dated trial; both ends are inside."""

    name: str
    start: date
    end: date
    goal: int | None


class LinkFacts(NamedTuple):
    """An account serves something from `start` until the day before `until`."""

    start: date | None
    until: date | None
    goal: int | None = None
    initiative: int | None = None
    experiment: int | None = None


class AccountFacts(NamedTuple):
    """Where an account's activity is counted; `merged_into` where it became part of another."""

    name: str
    unit: int
    network: str
    merged_into: int | None = None


@dataclass(frozen=True)
class Facts:
    """All that the walk needs, by id."""

    goals: Mapping[int, GoalFacts] = field(default_factory=dict)
    kpis: Mapping[int, Sequence[KPIFacts]] = field(default_factory=dict)
    series: Mapping[int, SeriesFacts] = field(default_factory=dict)
    effects: Sequence[EffectFacts] = ()
    initiatives: Mapping[int, str] = field(default_factory=dict)
    initiative_goals: Mapping[int, Sequence[int]] = field(default_factory=dict)
    experiments: Mapping[int, ExperimentFacts] = field(default_factory=dict)
    links: Mapping[int, Sequence[LinkFacts]] = field(default_factory=dict)
    accounts: Mapping[int, AccountFacts] = field(default_factory=dict)
    # Accounts that activity named before the inventory knew them.
    references: Mapping[int, int] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
