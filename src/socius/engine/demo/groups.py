"""The demonstration's declared account group: its words, and the series on which it is looked at."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import cos, pi
from typing import NamedTuple


class Grouped(NamedTuple):
    """A group to be declared. `start`: days before the report's; `lift`: what its accounts add a day from then on."""

    key: str
    name: str
    why: str
    accounts: int
    series: str
    unit: str
    outcome: str
    start: int
    past: int
    level: float
    lift: float


STORES = Grouped(
    "open-saturdays", "Accounts that announce open Saturdays", "From one day on they announce every Friday which stores open on Saturday; chosen because their stores open.",
    12, "Store visits booked online", "visits", "A booked visit ends in a sale in four of ten cases, as the till shows.", 63, 1000, 410.0, 24.0,
)  # fmt: skip


def visits(day: date, last: int, seed: int = 1) -> Iterator[tuple[date, Decimal]]:
    """(date, value) from long before the start to `last` days before the report. Its noise remembers a little."""
    rng, noise = random.Random(f"{STORES.key}{seed}"), 0.0  # noqa: S311 - invented rows
    for back in range(STORES.start + STORES.past, last - 1, -1):
        at = day - timedelta(days=back)
        noise = 0.5 * noise + rng.gauss(0, 14)
        week = 1 + 0.15 * cos(2 * pi * at.weekday() / 7)
        value = STORES.level * week + noise + (STORES.lift if back <= STORES.start else 0.0)
        yield at, Decimal(max(0, round(value)))
