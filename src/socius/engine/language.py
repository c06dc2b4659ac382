"""Which language a text is in. The detector stands behind `detect`, so that another can take its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import eldc

UNDETERMINED = "und"
NAME = "eldc 0.4, rule 1"
SHARE, LEAD = 0.55, 0.10  # an unsure answer counts from this score and this lead over the next one
NOISE = re.compile(r"(?:https?://|www\.)\S+|[@#$]\w+")


@cache
def detector() -> Any:
    """The detector with its two best scores."""
    eldc.init()
    made = eldc.instance()
    made.set_scores(2)
    return made


def one(text: str, declared: str | None, look: Any) -> tuple[str, float]:
    """Language and the detector's score of it. A sure answer stands; else what the author declared; else an unsure answer with a lead."""
    if "@" in text or "#" in text or "://" in text or "$" in text:
        bare = NOISE.sub(" ", text)
        text = bare if any(c.isalpha() for c in bare) else text
    found = look(text)
    scores = list(found.scores.values())
    top = scores[0] if scores else 0.0
    if found.reliable:
        return found.language, top
    if declared:
        return declared.replace("_", "-").partition("-")[0].casefold(), top
    if top >= SHARE and top - (scores[1] if len(scores) > 1 else 0.0) >= LEAD:
        return str(found.language), top
    return UNDETERMINED, top


def detect(
    texts: Sequence[str], declared: Sequence[str | None] | None = None
) -> tuple[list[str], list[float]]:
    """Languages (ISO 639-1, `und` where it cannot be told) and scores 0..1, which are no probabilities."""
    said = declared or [None] * len(texts)
    look = detector().detect_details
    pairs = [one(text, word, look) for text, word in zip(texts, said, strict=True)]
    return [code for code, _ in pairs], [score for _, score in pairs]
