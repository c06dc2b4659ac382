"""Counts activities by day and reference: the one definition that the daily rollups and the live end of the ledger share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from socius.engine.verbs import RETRACT

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = EPOCH.date().toordinal()
MICROS_A_DAY = 86_400_000_000
QUARTER_HOUR = 900_000_000
# Since 1980 every zone differs from UTC by whole quarters of an hour, so one look-up serves a quarter.
QUARTERS_SINCE = (datetime(1980, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=QUARTER_HOUR)
MEMORY = 200_000
REFERENCE = "reference:"


class Fact(NamedTuple):
    """What counting needs of a row of the ledger; the names are those of its fields."""

    at: int
    recorded_at: int
    verb: str
    object: str
    unit: int | None
    account: int | None
    initiative: int | None
    goal: int | None
    network: str | None
    minutes: int | None
    run: int | None
    retracts: bytes | None


class Key(NamedTuple):
    """What one count is of; 0 and '' stand for null."""

    day: date
    known_on: date
    run: int
    unit: int
    account: int
    reference: int
    initiative: int
    goal: int
    network: str
    verb: str


class Days(dict[int, date]):
    """Quarter of an hour since 1970 -> day in a zone."""

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone = ZoneInfo(zone)

    def __missing__(self, quarter: int) -> date:
        if len(self) >= MEMORY:
            self.clear()
        made = self[quarter] = self.exact(quarter * QUARTER_HOUR)
        return made

    def exact(self, us: int) -> date:
        return (EPOCH + timedelta(microseconds=us)).astimezone(self.zone).date()

    def of(self, us: int) -> date:
        """The day in the zone of UTC microseconds."""
        quarter = us // QUARTER_HOUR
        return self[quarter] if quarter >= QUARTERS_SINCE else self.exact(us)


def reference_of(name: str) -> int:
    """The id in `reference:<id>`, the object of an activity whose account is not known yet; else 0."""
    number = name.removeprefix(REFERENCE)
    return int(number) if number != name and number.isdecimal() else 0


class Tally:
    """Counts under construction: `counts[key]` is [n, minutes]."""

    def __init__(self, zone: str) -> None:
        self.days = Days(zone)
        self.counts: dict[Key, list[int]] = {}

    def add(
        self, facts: Iterable[tuple[Any, ...]], retracted: Mapping[bytes, tuple[Any, ...]]
    ) -> None:
        """Adds rows of the counted verbs, and takes off what `retract` rows take back.

        A retraction counts under its own run and knowledge, on the day and references of the row that it takes back;
        where that row was not a counted one it is not in `retracted`, and nothing happens.
        """
        day_of, counts, as_key = self.days.of, self.counts, key_maker()
        for fact in facts:
            sign, subject = 1, fact
            if fact[2] == RETRACT:
                taken = retracted.get(fact[11] or b"")
                if taken is None:
                    continue
                sign, subject = -1, taken
            key = as_key(day_of(subject[0]), fact, subject)
            cell = counts.get(key)
            if cell is None:
                cell = counts[key] = [0, 0]
            cell[0] += sign
            if subject[9]:
                cell[1] += sign * subject[9]


def key_maker() -> Callable[[date, tuple[Any, ...], tuple[Any, ...]], Key]:
    """Makes keys; knowledge and run come from the row itself, the rest from the row that it counts."""
    known: dict[int, date] = {}

    def make(day: date, fact: tuple[Any, ...], subject: tuple[Any, ...]) -> Key:
        number = fact[1] // MICROS_A_DAY
        known_on = known.get(number)
        if known_on is None:
            known_on = known[number] = date.fromordinal(FIRST_DAY + number)
        _, _, verb, name, unit, account, initiative, goal, network, *_ = subject
        reference = 0 if account else reference_of(name)
        own = (unit or 0, account or 0, reference, initiative or 0, goal or 0, network or "", verb)
        return Key(day, known_on, fact[10] or 0, *own)

    return make
