"""The demonstration's leads as its sales system gives them back, paths to orders, and an initiative that was promised on a sheet."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import cos, pi
from typing import NamedTuple

HEAD = ("lead", "date", "source", "network", "account", "post", "initiative", "stage", "decided_on", "amount", "currency")  # fmt: skip
DAYS, MOST_A_DAY, DECIDED_AFTER = 210, 4, 18
# source, weight, share won. The last two are told apart by few leads only; an empty source is one that nobody wrote down.
SOURCES = (("studio visit", 26, 0.42), ("search", 34, 0.18), ("trade fair", 9, 0.30), ("social message", 22, 0.24), ("newsletter", 4, 0.25), ("", 5, 0.15))  # fmt: skip
SOCIAL = "social message"
INITIATIVES = ("trade-stories", "live-shopping", "")


def leads(seed: int, accounts: Sequence[tuple[str, str]], day: date) -> Iterator[tuple[str, ...]]:
    """Rows of leads.csv, `HEAD` not included. `accounts`: (network, address) of those through which leads come."""
    rng = random.Random(f"{seed}:leads")  # noqa: S311 - invented rows
    number = 0
    for back in range(DAYS, 0, -1):
        at = day - timedelta(days=back)
        for _ in range(rng.randint(0, MOST_A_DAY)):
            number += 1
            source, _, chance = rng.choices(SOURCES, weights=[s[1] for s in SOURCES])[0]
            tied = ("", "", "", "")
            if source == SOCIAL and accounts:
                network, address = accounts[min(int(rng.expovariate(0.5)), len(accounts) - 1)]
                tied = (network, address, f"p{rng.randint(1, 60)}", rng.choice(INITIATIVES))
            decided = at + timedelta(days=rng.randint(3, DECIDED_AFTER * 2))
            won = rng.random() < chance
            if decided >= day:
                yield (f"H-{number:05d}", at.isoformat(), source, *tied, "open", "", "", "")
                continue
            amount = (f"{rng.lognormvariate(7.2, 0.6):.2f}", "EUR") if won else ("", "")
            yield (f"H-{number:05d}", at.isoformat(), source, *tied, "won" if won else "lost", decided.isoformat(), *amount)  # fmt: skip


# Paths of consented visitors to an order, as an analytics tool gives them out; invented like everything here.
PATHS = """path,conversions,nulls
search,412,9120
newsletter,96,1210
social,61,2480
search > newsletter,118,640
social > search,143,1530
social > newsletter > search,57,310
search > social > search,64,420
films > search,71,890
films > social > search,38,300
social > films > newsletter,22,190
(not set),88,1900
partner,7,60
"""


class Sheet(NamedTuple):
    """An initiative whose estimate was promised before its start. Days count back from the report's."""

    initiative: str
    title: str
    series: str
    unit: str
    why: str
    control: str
    registered: int
    start: int
    days: int
    worth: float
    level: float
    lift: float


PROMISED = Sheet("care-letters", "Care letters to new owners", "Service plans sold", "plans", "Service plans that were paid; each brings its margin every year.", "Appliances delivered", 48, 40, 21, 0.04, 90.0, 8.0)  # fmt: skip
PAST = 420


def promised(day: date, last: int, seed: int = 1) -> Iterator[tuple[date, str, int]]:
    """(date, series, value) from 420 days before the start to `last` days before the report: the series and what drives it."""
    rng = random.Random(f"{PROMISED.initiative}{seed}")  # noqa: S311 - invented rows
    noise = drive = 0.0
    for back in range(PROMISED.start + PAST, last - 1, -1):
        at = day - timedelta(days=back)
        drive = 0.6 * drive + rng.gauss(0, 14)
        noise = 0.4 * noise + rng.gauss(0, 2.2)
        week = 6 * cos(2 * pi * at.weekday() / 7)
        delivered = 400 + drive + 3 * week
        inside = PROMISED.start - PROMISED.days < back <= PROMISED.start
        value = PROMISED.level + 0.15 * (delivered - 400) + week + noise + (PROMISED.lift if inside else 0.0)  # fmt: skip
        yield at, PROMISED.control, max(0, round(delivered))
        yield at, PROMISED.series, max(0, round(value))
