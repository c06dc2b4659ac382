"""Which language a text is in. The detector stands behind `detect`, so that another can take its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import repeat
from typing import Any

import eldc

UNDETERMINED = "und"
NAME = "eldc 0.4, rule 1"
SHARE, LEAD = 0.55, 0.10  # an unsure answer counts from this score and this lead over the next one
NOISE = re.compile(r"(?:https?://|www\.)\S+|[@#$]\w+")
TAGS = re.compile(r"[@#$]\w+")  # the same where there is no link, in a fraction of the time


@cache
def detector(scores: int = 2) -> Any:
    """The detector with its best scores, one or two."""
    eldc.init()
    made = eldc.instance()
    made.set_scores(scores)
    return made


def unsure(text: str, declared: str | None) -> str:
    """Where the detector is not sure: what the author declared, else its answer if that has a lead."""
    if declared:
        return declared.replace("_", "-").partition("-")[0].casefold()
    found = detector().detect_details(text)
    top, second = [*found.scores.values(), 0.0, 0.0][:2]
    return str(found.language) if top >= SHARE and top - second >= LEAD else UNDETERMINED


def bare(text: str) -> str:
    """A text without links, tags and names, unless nothing is left then."""
    kept = (NOISE if "://" in text or "www." in text else TAGS).sub(" ", text)
    return kept if any(map(str.isalpha, kept)) else text


def detect(
    texts: Sequence[str], declared: Sequence[str | None] | None = None
) -> tuple[list[str], list[float]]:
    """Languages (ISO 639-1, `und` where it cannot be told) and scores 0..1, which are no probabilities. A sure answer stands."""
    look = detector(1).detect_details  # one score: the second is asked for where it decides
    codes: list[str] = []
    scores: list[float] = []
    for text, said in zip(texts, declared or repeat(None, len(texts)), strict=True):
        plain = bare(text) if "@" in text or "#" in text or "$" in text or "://" in text else text
        found = look(plain)
        codes.append(found.language if found.reliable else unsure(plain, said))
        scores.extend(found.scores.values() or (0.0,))
    return codes, scores
