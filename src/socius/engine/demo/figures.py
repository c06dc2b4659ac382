"""Outcome series with planted effects, money and hours.

Two years of outcomes, so that an estimate has something to compare with. Freshness is planned: every series but one is
known up to its last full period; "Reputation index" ends half a year before the day of the report.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import cos, pi
from typing import NamedTuple

from socius.engine.demo.inventory import Account
from socius.engine.demo.rows import HoursRow, OutcomeRow, SpendRow
from socius.engine.demo.story import (
    PLANTED_EFFECTS,
    STALE_SINCE_MONTHS,
    THROUGH,
    TO_GOAL,
    Dates,
    Fate,
)

HISTORY = 730
REVISED_AFTER = 10
WEEK = timedelta(days=7)


class SeriesPlan(NamedTuple):
    """A series: level, drift a year, yearly swing and noise are shares of the level; `memory` is of the noise from one value to the next."""

    name: str
    grain: str
    unit: str
    class_: str
    source: str
    why: str
    level: float
    drift: float
    swing: float
    noise: float
    memory: float
    digits: int = 0
    currency: str = ""


# fmt: off
SERIES = (
    SeriesPlan("Online orders", "day", "orders", "outcome", "shop system", "Orders paid in our own shop; they are the revenue the goal names.", 820, 0.03, 0.10, 0.06, 0.5),
    SeriesPlan("Cost per contact", "week", "EUR", "outcome", "contact centre ledger", "What a care contact costs, wages and tools included, as finance books it.", 6.4, -0.01, 0.03, 0.03, 0.6, 2, "EUR"),
    SeriesPlan("Net promoter score", "month", "points", "outcome", "survey institute", "Owners asked in their second year whether they would recommend us.", 38, 0.02, 0.02, 0.04, 0.3, 1),
    SeriesPlan("Qualified leads", "week", "leads", "outcome", "customer system", "Studios and housing companies that sales accepted as leads.", 112, 0.04, 0.08, 0.09, 0.4),
    SeriesPlan("Reputation index", "month", "points", "outcome", "survey institute", "Trust among the public in eight markets, by representative survey.", 64, 0.01, 0.01, 0.02, 0.5, 1),
    SeriesPlan("Spare parts sold", "week", "parts", "outcome", "parts system", "Parts that left the store to be fitted, returns taken off.", 4300, 0.02, 0.06, 0.05, 0.5),
    SeriesPlan("Engagement rate", "week", "per cent", "driver", "network exports", "", 3.4, 0.05, 0.05, 0.08, 0.6, 2),
    SeriesPlan("Site sessions", "day", "sessions", "driver", "web analytics", "", 41_000, 0.06, 0.12, 0.08, 0.6),
    SeriesPlan("Community size", "day", "people", "vanity", "network exports", "", 612_000, 0.08, 0.0, 0.0004, 0.9),
    SeriesPlan("Category demand", "week", "index", "", "trade association", "", 100, 0.02, 0.10, 0.03, 0.7, 1),
)
# fmt: on
BOUGHT, BOUGHT_AGO = 100_000, 75
WEEKLY_PATTERN = (1.02, 0.98, 0.96, 0.98, 1.04, 1.06, 0.96)


def periods(grain: str, on: Dates, ends: date) -> Iterator[tuple[date, date]]:
    """(first day, day on which its value is known) of each full period that was known by `ends`."""
    day = on.ago(HISTORY)
    if grain == "month":
        day = day.replace(day=1)
    elif grain == "week":
        day -= timedelta(days=day.weekday())
    while True:
        after = day + timedelta(days=1) if grain == "day" else day + WEEK
        if grain == "month":
            after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        if after > ends:
            return
        yield day, after
        day = after


def months_before(day: date, months: int) -> date:
    """The first of the month so many months before."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def outcomes(rng: random.Random, on: Dates) -> list[OutcomeRow]:
    """outcomes.csv, with a few revisions of orders that were cancelled late."""
    out: list[OutcomeRow] = []
    for plan in SERIES:
        ends = (
            months_before(on.as_of, STALE_SINCE_MONTHS)
            if plan.name == "Reputation index"
            else on.as_of
        )
        out += _values(rng, plan, on, ends)
    orders = [row for row in out if row.series == "Online orders"]
    for row in rng.sample(orders[:-20], 12):
        known = date.fromisoformat(row.date) + timedelta(days=REVISED_AFTER)
        out.append(
            row._replace(value=str(int(row.value) - rng.randint(2, 30)), known_at=_known(known))
        )
    return out


def _known(day: date) -> str:
    return f"{day.isoformat()}T05:00:00Z"


def _values(rng: random.Random, plan: SeriesPlan, on: Dates, ends: date) -> Iterator[OutcomeRow]:
    lift = lifts(plan.name, on)
    noise = 0.0
    for day, known in periods(plan.grain, on, ends):
        noise = plan.memory * noise + rng.gauss(0, plan.noise * (1 - plan.memory**2) ** 0.5)
        years = (day - on.as_of).days / 365.25
        season = plan.swing * cos(2 * pi * (day.timetuple().tm_yday - 340) / 365.25)
        value = plan.level * (1 + plan.drift * (years + 2)) * (1 + season + noise + lift(day))
        if plan.grain == "day" and plan.swing:
            value *= WEEKLY_PATTERN[day.weekday()]
        if plan.name == "Community size" and (on.as_of - day).days <= BOUGHT_AGO:
            value += BOUGHT
        text = f"{value:.{plan.digits}f}"
        yield OutcomeRow(
            day.isoformat(), plan.name, text, plan.unit, plan.currency, "", "", plan.class_, plan.source, plan.why, _known(known)
        )  # fmt: skip


def lifts(series: str, on: Dates) -> Callable[[date], float]:
    """The planted lift of a series on a day, as a share."""
    planted = [
        (on.ago(start), relative) for _, name, start, relative in PLANTED_EFFECTS if name == series
    ]
    return lambda day: sum(relative for start, relative in planted if day >= start)


Sum = tuple[Decimal, Fate]
NOWHERE = Fate("none")


def spend(
    rng: random.Random, on: Dates, days: int
) -> tuple[list[SpendRow], list[tuple[date, Decimal, Fate]]]:
    """spend.csv: about three lines a week; a fifth of them on nothing that anybody named. And what the plan says of each."""
    rows, said = [], []
    begun = (
        "answer-in-the-hour",
        "how-to",
        "trade-stories",
        "sixty-years",
        "champions",
        "repair-cafe",
        "spring-clean",
    )
    for ago in range(min(days, 280) - 1, -1, -1):
        for _ in range(rng.choice((0, 0, 1, 1))):
            day, amount = on.ago(ago), Decimal(int(rng.lognormvariate(7.3, 0.7) * 100)) / 100
            initiative, goal, fate = "", "", NOWHERE
            chance = rng.random()
            if chance < 0.62:
                initiative = rng.choice(begun)
                fate = THROUGH[initiative]
            elif chance < 0.8:
                goal = rng.choice(("direct-orders", "reputation", "ideas-shipped"))
                fate = TO_GOAL[goal]
            unit = rng.choice(("europe", "overseas", "brand", "care"))
            kind = rng.choice(("external", "external", "internal"))
            rows.append(
                SpendRow(day.isoformat(), f"{amount:.2f}", "EUR", kind, unit, goal, initiative)
            )
            said.append((day, amount, fate))
    return rows, said


TEAMS = (
    ("care-north", "care desk north", "answer-in-the-hour", 46),
    ("care-south", "care desk south", "answer-in-the-hour", 31),
    ("kitchen", "film team", "how-to", 18),
    ("germany", "community team", "champions", 14),
    ("brand", "editorial", "sixty-years", 22),
    ("brand", "brand studio", "", 38),
    ("repair", "workshop", "repair-cafe", 9),
    ("halvern", "central team", "", 24),
    ("europe", "campaign desk", "spring-clean", 6),
    ("halvern", "product dialogue", "idea-workshop", 11),
)


def hours(
    rng: random.Random, accounts: list[Account], on: Dates, days: int
) -> tuple[list[HoursRow], list[tuple[date, Decimal, Fate]]]:
    """hours.csv: a line a team and week, and one a week on an account that has a goal all year. And what the plan says of each."""
    rows, said = [], []
    steady = [a for a in accounts if a.pool in ("champions", "heritage")]
    monday = on.ago(min(days, 280) - 1)
    monday += timedelta(days=-monday.weekday() % 7)
    first = monday
    while monday + timedelta(days=6) <= on.as_of:
        for unit, team, initiative, usual in TEAMS:
            day = (monday - first).days
            worked = Decimal(max(round(rng.gauss(usual, usual / 8) * _keeps(team, day) * 4), 4)) / 4
            kind = "programme" if initiative else rng.choice(("request", "enablement", "other"))
            fate = THROUGH.get(initiative, NOWHERE)
            for part, what in _parts(rng, team, worked, kind, day):
                rows.append(
                    HoursRow(_iso_week(monday), unit, f"{part:.2f}", team, what, initiative, "")
                )
                said.append((monday, part, fate))
        account = rng.choice(steady)
        worked = Decimal(rng.randint(4, 24)) / 4
        rows.append(
            HoursRow(
                _iso_week(monday),
                account.place.unit,
                f"{worked:.2f}",
                "local team",
                "request",
                "",
                account.url,
            )
        )
        said.append((monday, worked, account.fates[-1][1]))
        monday += WEEK
    return rows, said


def _slide(day: int) -> float:
    """How far the centre has slid into answering requests by a day of the year of hours: 0 to 1."""
    return min(max(day - 120, 0) / 140, 1.0)


def _keeps(team: str, day: int) -> float:
    """The part of its usual hours that a team still has: the product dialogue gives its time up to the requests."""
    return 1 - 0.6 * _slide(day) if team == "product dialogue" else 1.0


def _parts(
    rng: random.Random, team: str, worked: Decimal, kind: str, day: int
) -> list[tuple[Decimal, str]]:
    """Hours of a team by type. The central team slides from a third of requests to four fifths: a help desk in the making."""
    if team != "central team":
        return [(worked, kind)]
    share = 0.32 + 0.5 * _slide(day) + rng.uniform(-0.06, 0.06)
    requests = Decimal(round(float(worked) * share * 4)) / 4
    return [(requests, "request"), (worked - requests, "enablement")]


def _iso_week(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"
