"""Ninety days of answers to one question on three channels of the invented organisation, two of them with days that are missing."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from typing import NamedTuple

QUESTION = "How far does Halvern meet your needs, in a way that does right by people and nature?"
DAYS = 90
MIX = {"has an appliance of ours": 0.7, "thinks about one": 0.3}
OWNER, OTHER = MIX
WEIGHTS = {"call-centre": 0.25, "store": 0.3, "web": 0.3, "social": 0.15}


class Told(NamedTuple):
    """A channel: mean on 1 to 7, answers a day, share of owners, days before the end on which it was not asked."""

    mean: float
    a_day: int
    owners: float
    without: tuple[range, ...] = ()
    sundays: bool = True


CHANNELS = {
    "call-centre": Told(4.4, 45, 0.95, sundays=False),
    "store": Told(5.3, 30, 0.55, (range(31, 38),)),
    "web": Told(5.0, 60, 0.6, (range(12, 14),)),
}


def answers(seed: int, channel: str, last: date) -> str:
    """The channel's file up to the day before `last`: a calm, a dip of the call centre in the last month, few answers on some days."""
    told = CHANNELS[channel]
    dice = random.Random(f"{seed}/{channel}")  # noqa: S311 - play, not secrets
    lines = ["date,score,segment,id"]
    for back in range(DAYS, 0, -1):
        day = last - timedelta(days=back)
        if any(back in gap for gap in told.without) or (day.weekday() == 6 and not told.sundays):
            continue
        dip = -0.6 if channel == "call-centre" and back < 30 else 0.0
        level = told.mean + dip + 0.15 * math.sin(back / 11)
        count = max(3, round(dice.gauss(told.a_day, told.a_day / 6))) if dice.random() > 0.04 else 4
        for n in range(count):
            segment = OWNER if dice.random() < told.owners else OTHER
            mean = level + (0.15 if segment == OWNER else -0.35)
            score = min(7, max(1, round(dice.gauss(mean, 1.4))))
            lines.append(f"{day},{score},{segment},{channel}-{back}-{n}")
    return "\n".join(lines) + "\n"
