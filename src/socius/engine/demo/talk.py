"""What people say about the invented organisation in the open: three calm weeks, two bursts, one stretch that nobody collected."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

DAY = 86_400
DAYS = 21
PER_HOUR = 4.5
AUTHORS = 300
GAP = (
    2 * DAY + 9 * 3600,
    2 * DAY + 4 * 3600,
)  # seconds before the end: five hours that nobody collected
WASHER_BURST = (55, 30, 45)  # began and ended so many minutes before the end, mentions
DELIVERY_BURST = (24, 6, 60)

THINGS = ("washer", "dishwasher", "fridge", "oven", "kettle", "vacuum")
GOOD = (
    "My Halvern {} still runs like on the first day, great work",
    "Love the new Halvern {}, so quiet",
    "Halvern sent a spare part for my {} the next morning, excellent service",
    "Repaired my Halvern {} with their video, easy and fun",
    "Very happy with the Halvern {} so far",
)
PLAIN = (
    "Does anybody know whether the Halvern {} fits under a worktop?",
    "Halvern or another make for a {}?",
    "Looking at a Halvern {} this weekend",
    "The Halvern {} is on display in the showroom in Utrecht",
    "How long is the guarantee of a Halvern {}?",
    "How much water does the Halvern {} use?",
    "Waiting for the delivery of my Halvern {}",
)
BAD = (
    "My Halvern {} broke again, terrible",
    "Two weeks without a {} because Halvern lost the order, awful",
    "The Halvern {} is far too loud, disappointed",
    "Waited an hour on the phone with Halvern about my {}, bad service",
)
OTHER = (
    ("de", "Mein Halvern {} läuft seit zehn Jahren"),
    ("nl", "Mijn Halvern {} doet het nog steeds prima"),
    ("fr", "Mon {} Halvern marche très bien"),
)
WASHER = (
    "My Halvern washer just leaked all over the kitchen, terrible",
    "Halvern washer flooded the floor, this is awful and dangerous",
    "Another Halvern washer that leaks. Angry and disappointed",
    "Halvern, my washer leaks since the update, horrible",
    "Water everywhere, worst washer ever, Halvern",
)
DELIVERY = (
    "Halvern delivery cancelled for the third time, terrible",
    "No Halvern delivery, nobody answers, awful service",
    "Halvern delivery van never came. Very angry",
    "Where is my Halvern delivery? Bad, bad, bad",
    "Halvern lost my delivery, worst experience",
)


class Post(NamedTuple):
    """One post: seconds since 1970, author, language, text."""

    at: float
    author: int
    language: str
    text: str


def calm(dice: random.Random, end: float) -> list[Post]:
    """Three weeks of posts, more by day than by night."""
    out = []
    at = end - DAYS * DAY
    while at < end - 60:
        hour = at % DAY / 3600
        rate = PER_HOUR * (1 + 0.4 * math.sin((hour - 9) / 24 * 2 * math.pi))
        at += dice.expovariate(rate) * 3600
        if end - GAP[0] < at < end - GAP[1]:
            continue
        out.append(said(dice, at))
    return [p for p in out if p.at < end - 60]


def said(dice: random.Random, at: float) -> Post:
    """One ordinary post."""
    author, thing = dice.randrange(AUTHORS), dice.choice(THINGS)
    if dice.random() < 0.18:
        language, words = dice.choice(OTHER)
        return Post(at, author, language, words.format(thing))
    kind = dice.choices((GOOD, PLAIN, BAD), (40, 38, 22))[0]
    return Post(at, author, "en", dice.choice(kind).format(thing))


def burst(dice: random.Random, end: float, plan: tuple[int, int, int], words: tuple[str, ...]) -> list[Post]:  # fmt: skip
    """Complaints that come at once."""
    first, last, count = plan
    times = sorted(end - 60 * dice.uniform(last, first) for _ in range(count))
    return [Post(t, AUTHORS + dice.randrange(3 * count), "en", dice.choice(words)) for t in times]  # fmt: skip


def talk(seed: int, end: float) -> list[Post]:
    """Everything that was said until `end` (seconds since 1970), in order."""
    dice = random.Random(f"{seed}/talk")  # noqa: S311 - play, not secrets
    posts = calm(dice, end)
    posts += burst(dice, end, WASHER_BURST, WASHER) + burst(dice, end, DELIVERY_BURST, DELIVERY)
    return sorted(posts)
