"""Sentiment of English texts by a lexicon: the words found, their weights, and negation. It says what it scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from socius.engine.lexicon import CLAUSE, NEGATORS, SHORT, STRONGER, WEIGHTS
from socius.engine.text.tokens import tokenise

NAME, VERSION = "English lexicon", "2"
LANGUAGES = frozenset({"en"})
SCOPE = 3  # tokens after a negator in which it turns praise round
# Complaint is turned less far and less far off: "no delivery, nobody answers, awful service" is none of it praise. Chosen on training rows.
SCOPE_COMPLAINT, SCOPE_BESIDE = 2, 1  # after a negator of a clause; after another
TURNED, TURNED_COMPLAINT = -0.7, -0.3
RAISED = 1.4
NEUTRAL = 0.05  # scores within this of 0 are neutral; chosen on validation rows
LABELS = ("negative", "neutral", "positive")


# Macro-recall on the fixed test part of a public set of English tweets, scored once; how: docs/reference/listening.md.
MEASURED: tuple[float, int] | None = (0.563, 9783)


class Sentiment(NamedTuple):
    """Shares of the three classes; they sum to 1. `found` are the words that made them."""

    negative: float
    neutral: float
    positive: float
    found: tuple[tuple[str, float], ...] = ()

    @property
    def score(self) -> float:
        """P(positive) - P(negative), -1 to 1."""
        return self.positive - self.negative

    @property
    def label(self) -> str:
        """The class that is shown."""
        if abs(self.score) < NEUTRAL:
            return "neutral"
        return "positive" if self.score > 0 else "negative"


def label(share: Sequence[float], *, largest: bool) -> str:
    """The class shown: the largest share for models that were measured so; where the lexicon scored, neutral near 0."""
    if largest:
        return LABELS[share.index(max(share))]
    return Sentiment(share[0], share[1], share[2]).label


def weighed(words: Sequence[str]) -> list[tuple[str, float]]:
    """Words of the lexicon with their weights as they stand: turned round after a negator, raised by an intensifier."""
    found: list[tuple[str, float]] = []
    turned = excused = 0
    for at, word in enumerate(words):
        follows = words[at + 1] if at + 1 < len(words) else ""
        if word in NEGATORS and (word not in SHORT or follows == "t"):
            turned = SCOPE + (word in SHORT)
            excused = (SCOPE_COMPLAINT if word in CLAUSE else SCOPE_BESIDE) + (word in SHORT)
            continue
        weight = float(WEIGHTS.get(word, 0))
        if weight:
            weight *= RAISED if at and words[at - 1] in STRONGER else 1.0
            if weight > 0:
                weight *= TURNED if turned else 1.0
            else:
                weight *= TURNED_COMPLAINT if excused else 1.0
            found.append((word, weight))
        turned, excused = max(0, turned - 1), max(0, excused - 1)
    return found


def judged(text: str) -> Sentiment:
    """One text."""
    found = weighed(tokenise(text).words)
    total = sum(weight for _, weight in found)
    mixed = sum(abs(weight) for _, weight in found)
    if not mixed:
        return Sentiment(0.0, 1.0, 0.0)
    # Saturates: two strong words say nearly as much as five.
    score = math.tanh(total / 3.0)
    spread = (1.0 - abs(score)) * 0.5
    positive = max(score, 0.0) + spread * 0.4
    negative = max(-score, 0.0) + spread * 0.4
    return Sentiment(negative, 1.0 - positive - negative, positive, tuple(found))


def score(texts: Sequence[str], langs: Sequence[str]) -> list[Sentiment | None]:
    """Sentiment of each text; None for a language without a model, never a guess."""
    return [
        judged(text) if lang in LANGUAGES else None for text, lang in zip(texts, langs, strict=True)
    ]


def card() -> str:
    """What the model is and how good it was found to be: printed wherever its scores are."""
    said = f"Sentiment: {NAME} {VERSION}, English only, words and negation."
    if MEASURED is None:
        return f"{said} Its quality has not been measured."
    return f"{said} Macro-recall {MEASURED[0]:.3f} on {MEASURED[1]:,} English tweets (0.333 is chance)."
