"""What a roadmap is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LIVE = ("idea", "proposed", "accepted", "running")
STATES = (*LIVE, "ended", "rejected")
QUARTERS = 12  # three years
DRAWS = 400


@dataclass(frozen=True, slots=True)
class Range:
    """Low, likely and high of an estimate, in that order."""

    low: float
    likely: float
    high: float

    def scaled(self, factor: float) -> Range:
        """The same range times a factor of 0 or more."""
        return Range(self.low * factor, self.likely * factor, self.high * factor)

    def plus(self, other: Range) -> Range:
        """The sum when both go the same way."""
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """Something that has to stand before work can begin; `item` is a gate (`q30`) or a rule (`C4`) where it is one."""

    say: str
    met: bool = False
    expected: date | None = None
    item: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An initiative as a plan sees it. `value` in points from 0 to 100, `hours` and `cost` for all of it."""

    id: str
    title: str
    state: str = "idea"
    kind: str = "external"
    scope: str = "function"
    functions: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    value: Range | None = None
    hours: Range | None = None
    cost: Range | None = None
    quarters: int = 1  # it cannot be done in fewer
    done: float = 0.0  # share of the effort that is behind it
    start: date | None = None
    end: date | None = None
    needs: tuple[str, ...] = ()
    ready: tuple[Prerequisite, ...] = ()
    sponsor: str = ""
    review: date | None = None
    reason: str = ""  # why it was turned down
    place: int = 0  # a place in the order that a person chose; 0: none

    @property
    def live(self) -> bool:
        """It is still to be done, or being done."""
        return self.state in LIVE

    @property
    def lacking(self) -> tuple[Prerequisite, ...]:
        """The prerequisites that do not stand yet."""
        return tuple(one for one in self.ready if not one.met)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all of it has to fit into. `capacity` in hours a quarter; `hour_value` turns money into hours (None: it stays out)."""

    as_of: date
    capacity: float | None = None
    hour_value: float | None = None
    effort_factor: float = 1.0
    quarters: int = QUARTERS
    seed: int = 178

    @property
    def first(self) -> int:
        """The quarter in which the plan begins."""
        return quarter_of(self.as_of)

    @property
    def left_of_first(self) -> float:
        """The share of the first quarter that is still to come."""
        year, part = divmod(self.first, 4)
        begin = date(year, part * 3 + 1, 1)
        after = date(year + (part == 3), (part * 3 + 3) % 12 + 1, 1)
        return (after - self.as_of).days / (after - begin).days


def quarter_of(day: date) -> int:
    """Quarters since the year 0, so that they can be counted."""
    return day.year * 4 + (day.month - 1) // 3


def quarter_name(quarter: int) -> str:
    """`2027 Q1`"""
    return f"{quarter // 4} Q{quarter % 4 + 1}"
