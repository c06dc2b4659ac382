"""What coherence is computed from: facts of the platform, frozen. A block that is None means "no evidence", never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OUTCOME = "outcome"
DECIDED, OPENED = "decided", "opened"


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Who answers for a goal; `active` is False once the person has left."""

    id: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class SponsorAct:
    """The last thing a sponsor did about a goal: decided (approved, reviewed, commented) or only opened."""

    kind: str
    days_ago: int


@dataclass(frozen=True, slots=True)
class GoalKpi:
    """A KPI of a goal. `grains_old`: age of its newest value in periods of the series; None without data."""

    measure: str
    class_: str
    direction: str
    grains_old: float | None


@dataclass(frozen=True, slots=True)
class GoalEffect:
    """The best graded evidence about a goal, by the letter A to E."""

    grade: str
    days_old: int


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """One goal. `running_power`: planned power of a test that runs now, None without one."""

    id: str
    name: str
    weight: float
    active: bool
    sponsor: Sponsor | None
    sponsor_act: SponsorAct | None
    kpis: tuple[GoalKpi, ...]
    effect: GoalEffect | None
    running_power: float | None
    conflicts_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The largest piece of work that serves no goal; amount in the reporting currency or in hours."""

    item: str
    unit: str
    amount: float


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """Spend in the reporting currency, hours, and standard minutes where hours are unknown. None: unknown."""

    spend_total: float | None = None
    spend_linked: float | None = None
    hours_total: float | None = None
    hours_linked: float | None = None
    minutes_total: float | None = None
    minutes_linked: float | None = None
    largest_unlinked: Unlinked | None = None


@dataclass(frozen=True, slots=True)
class CapacityFacts:
    """Hours a week that a unit promised and has; service level met and promised as shares, None where unknown."""

    unit: str
    need_hours: float
    hours: float
    sla_met: float | None = None
    sla_target: float | None = None


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Who holds one of the eight decisions in a unit, and how long it waits against its deadline, in hours."""

    unit: str
    decision: str
    holders: int
    exclusive_holders: int
    median_wait_h: float | None = None
    deadline_h: float | None = None


@dataclass(frozen=True, slots=True)
class InitiativeFacts:
    """An active initiative, inside or outside, and whether it has a line to an active goal."""

    id: str
    kind: str
    linked: bool


@dataclass(frozen=True, slots=True)
class CellFacts:
    """Posts of several units to the same audience on one network, language and week."""

    audience: str
    network: str
    language: str
    week: str
    units: tuple[str, ...]
    posts: int
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A rule switched off by a sponsor with a reason."""

    sponsor: str
    reason: str
    date: str


@dataclass(frozen=True, slots=True)
class CoherenceFacts:
    """Everything that coherence sees. `reasons` says for a None block why it is None, for another what of it is left out."""

    date: str
    window_days: int = 90
    goals: tuple[GoalFacts, ...] | None = None
    work: WorkFacts | None = None
    capacity: tuple[CapacityFacts, ...] | None = None
    decisions: tuple[DecisionFacts, ...] | None = None
    initiatives: tuple[InitiativeFacts, ...] | None = None
    no_initiative_reason: Mapping[str, int | None] = field(default_factory=dict)
    cells: tuple[CellFacts, ...] | None = None
    waived: Mapping[str, Waiver] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
