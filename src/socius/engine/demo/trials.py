"""The demonstration's experiments: what was drawn, the values that came of it, and the lift that was planted. Days count back from the report's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import cos, pi
from typing import NamedTuple

FOUNDED = 330


class Trial(NamedTuple):
    """An experiment as it is planned. `start` and `planned` are days before the day of the report."""

    initiative: str
    title: str
    series: str
    unit: str
    why: str
    design: str
    planned: int
    start: int
    days: int
    level: float
    block: int
    lift: float
    hypothesis: str
    risk: str
    learning: str = ""


FINISHED = Trial(
    "repair-by-post", "Repair bookings straight from a post", "Repair bookings", "bookings", "Booked visits of a technician; each is paid.", "switchback",
    225, 215, 112, 140.0, 7, 11.0, "Owners who can book from the post call less and book more.", "Those who see no offer in a week without it may feel left out.",
    "It works in every kind of week; the next one should try the evening hours.",
)  # fmt: skip
RUNNING = Trial(
    "neighbours", "Neighbours help neighbours", "Spare part enquiries", "enquiries", "Enquiries that the parts store answers with an offer.", "geo_holdout",
    24, 12, 35, 36.0, 7, 0.0, "Where owners see a neighbour repair, more ask for parts.", "Advice from neighbours may be wrong.",
)  # fmt: skip


class Noticed(NamedTuple):
    """An insight. `due`: days after the report's; `outcome` '' while it is open."""

    say: str
    act: str
    owner: str
    due: int
    evidence: str = ""
    initiative: str = ""
    outcome: str = ""
    result: str = ""


INSIGHTS = (
    Noticed("Films that show one repair from start to end are passed on three times as often as those that show three.", "Cut the next six films to one repair each", "customers", 21, "reshares of the last quarter", "how-to"),
    Noticed("Questions about spare parts come in on Sunday evenings, when nobody answers.", "Try a Sunday shift in two regions for a month", "operations", 35, "replies by hour", "answer-in-the-hour"),
    Noticed("Booking from the post works in every kind of week.", "Carry the button over to all repair posts", "operations", 10, "the finished experiment", "repair-by-post", "done", "The button stands on all repair posts."),
    Noticed("Posts with the anniversary badge are liked more.", "Put the badge on all posts", "communication", 10, "likes, which can be bought", "sixty-years", "dropped", "Likes are no outcome; nothing else moved."),
)  # fmt: skip
REGIONS = (
    "Aarhus", "Antwerp", "Bergen", "Bologna", "Brno", "Cork", "Gdansk", "Ghent", "Graz", "Groningen", "Leipzig", "Lille", "Lyon", "Malmö", "Porto",
    "Tampere", "Tartu", "Turin", "Utrecht", "Valencia",
)  # fmt: skip


def history(trial: Trial, day: date, last: int, treated: frozenset[date] = frozenset(), seed: int = 1) -> Iterator[tuple[date, str, Decimal]]:  # fmt: skip
    """(date, region, value) from 150 days before the start to `last` days before the report; '' where there are no regions."""
    places = REGIONS if trial.design == "geo_holdout" else ("",)
    rng = random.Random(f"{trial.initiative}{seed}")  # noqa: S311 - invented rows
    for place in places:
        own, noise = rng.uniform(0.7, 1.4) if place else 1.0, 0.0
        for back in range(trial.start + 150, last - 1, -1):
            at = day - timedelta(days=back)
            noise = 0.4 * noise + rng.gauss(0, 0.05)
            week = 1 + 0.12 * cos(2 * pi * at.weekday() / 7)
            value = trial.level * own * week * (1 + noise)
            value += trial.lift if at in treated else 0.0
            yield at, place, Decimal(max(0, round(value)))
