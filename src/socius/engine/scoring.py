"""Sentiment of a batch: the organisation's own model where it has one for the language, else the lexicon for English, else nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from socius.engine.query.marks import Marks, marks
from socius.engine.sentiment import LANGUAGES, card
from socius.engine.sentiment_model import Model
from socius.engine.weighing import lexicon_sums


def by_lexicon(held: Marks) -> Any:
    """Shares of the three classes by the lexicon: what `sentiment.judged` says of each text."""
    total, size = lexicon_sums(held)
    score = np.tanh(total / 3.0)
    spread = np.where(size > 0, (1.0 - np.abs(score)) * 0.2, 0.0)
    positive, negative = np.maximum(score, 0.0) + spread, np.maximum(-score, 0.0) + spread
    return np.column_stack((negative, 1.0 - positive - negative, positive))


def shares(texts: Sequence[str], langs: Sequence[str], model: Model | None = None) -> tuple[Any, Any]:  # fmt: skip
    """Shares of negative, neutral, positive (n x 3), and which texts have any: none in a language without a model."""
    known = scorable(langs, model)
    held = marks([text if known[n] else "" for n, text in enumerate(texts)])
    return shares_of(held, langs, model), known


def scorable(langs: Sequence[str], model: Model | None) -> Any:
    """Which texts are in a language that something scores."""
    scored = LANGUAGES | ({model.card["language"]} if model else set())
    return np.array([lang in scored for lang in langs], np.bool_)


def shares_of(held: Marks, langs: Sequence[str], model: Model | None) -> Any:
    """Shares of texts whose tokens were found already; 0 in a language without a model."""
    own = model.card["language"] if model else ""
    found = np.zeros((len(langs), 3))
    rest = np.array([lang in LANGUAGES and lang != own for lang in langs], np.bool_)
    if rest.any():
        found[rest] = by_lexicon(held)[rest]
    mine = np.array([lang == own for lang in langs] if model else [], np.bool_)
    if model and mine.any():
        found[mine] = model.shares_of(held)[mine]
    return found


def said(model: Model | None) -> str:
    """What scores, and how good it was found to be."""
    if model is None:
        return card()
    return model.said() if model.card["language"] in LANGUAGES else f"{model.said()} {card()}"
