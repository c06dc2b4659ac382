"""Sentiment by a plug-in: what it must be, and where it is asked. How one is written: docs/how-to/sentiment-model.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from socius.kit.errors import Invalid

GROUP = (
    "socius.sentiment"  # of entry points: each makes a scorer when it is called without arguments
)


class Scorer(Protocol):
    """Three classes for texts in the languages that it was made for. It is asked about mentions that a query found, never about a whole stream."""

    name: str
    version: str
    licence: str
    languages: frozenset[str]  # ISO 639-1
    card: Mapping[
        str, Any
    ]  # data, metric, date: what it was made of and how good it was found to be

    def predict(self, texts: Sequence[str], langs: Sequence[str]) -> Any:
        """Shares of negative, neutral, positive: n x 3, rows that sum to 1."""


def said(scorer: Scorer) -> str:
    """What it is, printed wherever its scores are."""
    card = "; ".join(
        f"{k} {scorer.card[k]}" for k in ("metric", "data", "date") if scorer.card.get(k)
    )
    about = card or "its card names no measured quality"
    langs = ", ".join(sorted(scorer.languages))
    return (
        f"Sentiment: plug-in {scorer.name} {scorer.version} ({scorer.licence}), {langs}; {about}."
    )


def asked(scorer: Scorer, texts: Sequence[str], langs: Sequence[str], rows: Any, found: Any, known: Any) -> None:  # fmt: skip
    """Puts the scorer's shares in the place of others', for some rows, where they are in a language of its own. Raises `Invalid` for shares that are none."""
    chosen = [n for n in np.unique(rows).tolist() if langs[n] in scorer.languages]
    if not chosen:
        return
    shares = np.asarray(
        scorer.predict([texts[n] for n in chosen], [langs[n] for n in chosen]), np.float64
    )
    sound = shares.shape == (len(chosen), 3) and bool((shares >= 0).all())
    if not sound or not np.allclose(shares.sum(axis=1), 1.0, atol=1e-3):
        raise Invalid(
            f"The plug-in {scorer.name} {scorer.version} gave no three shares that sum to 1.",
            repair="Mend it, or go back: socius listen use-sentiment none.",
        )
    found[chosen] = shares
    known[chosen] = True
