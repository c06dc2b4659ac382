"""A year of activity: what was posted, answered, moderated and run, by whom, for what, and at which hour where they live."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from math import exp
from typing import NamedTuple
from zoneinfo import ZoneInfo

from socius.engine.demo.cast import ZONE, executive
from socius.engine.demo.inventory import Account
from socius.engine.demo.rows import ActivityRow
from socius.engine.demo.story import (
    IDLE,
    LIVE_SHOPPING_STARTS,
    SPRING_STARTS,
    THROUGH,
    TO_GOAL,
    TRIAL_STARTS,
    Dates,
    Fate,
)

# fmt: off
A_YEAR_OF_178 = 22_000
LINED_BEFORE, LINED_AT_THE_END, FALLS_FOR = 0.86, 0.53, 182  # the story of A17: the share falls for half a year while activity grows
UNKNOWN = 0.015
WEEKDAYS = (1.08, 1.16, 1.15, 1.13, 1.06, 0.74, 0.68)
HOLIDAYS = {(1, 1), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
AT_HOME = {
    "DE": {(10, 3)}, "FR": {(7, 14), (11, 11)}, "US": {(7, 4), (11, 26)}, "NL": {(4, 27)}, "JP": {(5, 3), (5, 4), (5, 5)}, "BR": {(9, 7), (11, 15)}, "ES": {(10, 12)},
    "MX": {(9, 16)}, "PL": {(11, 11), (5, 3)}, "SE": {(6, 6)}, "IT": {(6, 2), (8, 15)}, "CA": {(7, 1)}, "AU": {(1, 26)}, "GB": {(8, 31)},
}
HOURS = (0, 0, 0, 0, 0, 1, 3, 8, 14, 18, 20, 18, 14, 13, 14, 15, 15, 14, 12, 10, 8, 5, 2, 1)
MINUTES = {"posted": (15, 75), "replied": (2, 14), "moderated": (1, 6), "ran": (60, 300)}
ORIGIN = {"posted": "planner", "replied": "inbox", "moderated": "inbox", "ran": "campaign desk"}
TALK, SPEAK, MIXED = ((20, 70, 9, 1), (78, 14, 6, 2), (52, 36, 10, 2))  # posted, replied, moderated, ran
VERBS = ("posted", "replied", "moderated", "ran")


class Stream(NamedTuple):
    """Activity of one kind. `share` is of the last 90 days in per cent; `since` and `until` are days ago."""

    name: str
    lined: bool
    share: float
    pools: tuple[str, ...]
    verbs: tuple[int, int, int, int] = MIXED
    initiative: str = ""
    goal: str = ""
    since: int = 10**6
    until: int = 0


STREAMS = (
    Stream("champions", True, 8.2, ("champions",), TALK),
    Stream("ideas", True, 8.6, ("ideas",)),
    Stream("trial", True, 1.2, ("trial",), since=TRIAL_STARTS),
    Stream("heritage", True, 12.0, ("heritage",), SPEAK),
    Stream("how-to", True, 9.2, ("how-to",)),
    Stream("trade", True, 7.8, ("trade",), SPEAK),
    Stream("shop", True, 5.4, ("shop",)),
    Stream("care", True, 5.8, ("care",), TALK),
    Stream("guests", True, 0.6, ("brand",), SPEAK, initiative="live-shopping", since=LIVE_SHOPPING_STARTS),
    Stream("evenings", True, 0.2, (), (0, 0, 0, 1), initiative="live-shopping", since=LIVE_SHOPPING_STARTS),
    Stream("voices", True, 1.0, ("brand",), goal="recommendation"),
    Stream("ambassadors", True, 1.0, ("brand", "adrift"), initiative="ambassadors"),
    Stream("silent-goal", True, 6.0, ("dormant-goal",), until=IDLE + 4),
    Stream("brand", False, 20.5, ("brand",), SPEAK),
    Stream("adrift", False, 3.5, ("adrift",)),
    Stream("rogue", False, 3.5, ("rogue",)),
    Stream("repair", False, 6.0, ("repair",)),
    Stream("spring", False, 4.0, ("brand", "champions"), SPEAK, initiative="spring-clean", since=SPRING_STARTS),
    Stream("silent", False, 6.0, ("dormant",), until=IDLE + 4),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Deed:
    """A row of activity with what the plan says of it. `day` is the organisation's."""

    row: ActivityRow
    day: date
    unit: str
    fate: Fate
    csv_fate: Fate


class Crew:
    """The accounts that a stream draws from, by the day they were opened; the first of a pool are the busiest."""

    def __init__(self, accounts: list[Account]) -> None:
        busy = {id(a): 1 / (at + 1) ** 0.55 for at, a in enumerate(accounts)}
        self.accounts = sorted(accounts, key=lambda a: -a.opened)
        self.opened = [-a.opened for a in self.accounts]
        self.weights = list(accumulate(busy[id(a)] for a in self.accounts))

    def pick(self, rng: random.Random, ago: int) -> Account | None:
        """One that was open so many days ago."""
        there = bisect_left(self.opened, -ago + 1)
        if not there:
            return None
        return self.accounts[bisect_left(self.weights, rng.random() * self.weights[there - 1])]


def poisson(rng: random.Random, mean: float) -> int:
    """A Poisson number; the normal form where it is large."""
    if mean > 60:
        return max(round(rng.gauss(mean, mean**0.5)), 0)
    limit, n, product = exp(-mean), 0, rng.random()
    while product > limit:
        n += 1
        product *= rng.random()
    return n


def lined_share(ago: int) -> float:
    """The share of activity that was planned to have a line to a goal, so many days ago."""
    if ago >= FALLS_FOR:
        return LINED_BEFORE
    return LINED_AT_THE_END + (LINED_BEFORE - LINED_AT_THE_END) * ago / FALLS_FOR


def volume(ago: int, days: int, day: date) -> float:
    """How busy a day is, in proportion to the mean: slow growth, then fast; weekdays; holidays."""
    done = 1 - ago / days
    trend = 0.75 + 0.15 * done + max(done - 0.5, 0) * 1.2
    return trend * WEEKDAYS[day.weekday()] * (0.4 if (day.month, day.day) in HOLIDAYS else 1.0)


class Year:
    """Writes the activity of the plan, day by day."""

    def __init__(self, rng: random.Random, accounts: list[Account], on: Dates, days: int) -> None:
        self.rng, self.on, self.days = rng, on, days
        self.rate = A_YEAR_OF_178 / 365 * len(accounts) / 178
        self.crews = {s.name: Crew([a for a in accounts if a.pool in s.pools]) for s in STREAMS}
        self.zones = {a.place.zone: ZoneInfo(a.place.zone) for a in accounts} | {
            ZONE: ZoneInfo(ZONE)
        }
        self.strangers = [
            f"halvern_{word}_{n}"
            for n in range(max(len(accounts) // 90, 1))
            for word in ("lovers", "tips", "museum")
        ]
        self.first = on.ago(days - 1)
        self.number = 0

    def deeds(self) -> Iterator[Deed]:
        """All rows; one whose local hour falls outside the year of the organisation is left out."""
        for ago in range(self.days, -2, -1):
            day = self.on.ago(ago)
            mean = self.rate * volume(max(ago, 0), self.days, day)
            for stream, share in self._shares(max(ago, 0)):
                for _ in range(poisson(self.rng, mean * share)):
                    deed = self._deed(stream, day, ago)
                    if deed and self.first <= deed.day <= self.on.as_of:
                        yield deed

    def _shares(self, ago: int) -> list[tuple[Stream, float]]:
        open_now = [s for s in STREAMS if s.until <= ago <= s.since]
        weight = {
            lined: sum(s.share for s in open_now if s.lined is lined) for lined in (True, False)
        }
        lined = lined_share(ago)
        part = {True: lined / weight[True], False: (1 - lined - UNKNOWN) / weight[False]}
        stranger = Stream("unknown", False, 0, ())
        return [*((s, s.share * part[s.lined]) for s in open_now), (stranger, UNKNOWN)]

    def _deed(self, stream: Stream, day: date, ago: int) -> Deed | None:
        if stream.name == "unknown":
            return self._by_a_stranger(day)
        if not stream.pools:
            return self._evening(stream, day)
        account = self.crews[stream.name].pick(self.rng, ago)
        if account is None or self._at_home(account, day):
            return None
        verb = self.rng.choices(VERBS, stream.verbs)[0]
        at, org_day = self._when(day, account.place.zone)
        named = THROUGH.get(stream.initiative) or TO_GOAL.get(stream.goal)
        fate = named or self._fate(account.fates, org_day)
        csv_fate = named or (self._fate(account.csv_fates, org_day) if account.csv_fates else fate)
        if not self._begun(stream, org_day):
            return None
        row = self._row(
            at, verb, account.network, self._name(account), (stream.initiative, stream.goal)
        )
        account.posts += 1
        account.last_post = max(account.last_post, org_day.isoformat())
        return Deed(row._replace(actor=account.owner), org_day, account.place.unit, fate, csv_fate)

    def _begun(self, stream: Stream, day: date) -> bool:
        ago = (self.on.as_of - day).days
        return stream.until <= ago <= stream.since

    def _at_home(self, account: Account, day: date) -> bool:
        closed = (day.month, day.day) in AT_HOME.get(account.place.country, ())
        return closed and self.rng.random() < 0.7

    def _fate(self, fates: tuple[tuple[int, Fate], ...], day: date) -> Fate:
        ago = (self.on.as_of - day).days
        return next(fate for since, fate in reversed(fates) if ago <= since)

    def _name(self, account: Account) -> str:
        """Nearly always the handle; now and then shouted, or the address."""
        chance = self.rng.random()
        plain, shouted, address = account.names
        if chance < 0.97:
            return plain
        return shouted if chance < 0.99 else address

    def _when(self, day: date, zone: str) -> tuple[datetime, date]:
        hour = self.rng.choices(range(24), cum_weights=_HOURS)[0]
        second = int(self.rng.random() * 3600)
        start = datetime(
            day.year, day.month, day.day, hour, second // 60, second % 60, tzinfo=self.zones[zone]
        )
        at = start.astimezone(UTC)
        return at, at.astimezone(self.zones[ZONE]).date()

    def _row(
        self, at: datetime, verb: str, network: str, account: str, named: tuple[str, str]
    ) -> ActivityRow:
        self.number += 1
        low, high = MINUTES[verb]
        minutes = (
            ""
            if self.rng.random() < 0.12
            else str(int(low + (high - low) * self.rng.random() ** 2))
        )
        number = f"{network or 'desk'}-{at:%Y%m%d}-{self.number:06d}"
        text = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return ActivityRow(text, verb, number, "", network, account, *named, minutes, ORIGIN[verb])

    def _by_a_stranger(self, day: date) -> Deed:
        at, org_day = self._when(day, ZONE)
        name = self.rng.choice(self.strangers)
        network = ("x", "facebook", "instagram")[len(name) % 3]
        fate = Fate("none", "account_unknown", "account", f"{network}:{name}")
        return Deed(self._row(at, "posted", network, name, ("", "")), org_day, "", fate, fate)

    def _evening(self, stream: Stream, day: date) -> Deed | None:
        """A live evening is run by people, on no network and no account."""
        at, org_day = self._when(day, ZONE)
        if not self._begun(stream, org_day):
            return None
        row = self._row(at, "ran", "", "", (stream.initiative, ""))._replace(
            actor=executive("marketing")
        )
        fate = THROUGH[stream.initiative]
        return Deed(row, org_day, "", fate, fate)


_HOURS = list(accumulate(HOURS))


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())
