"""A sentiment model of the organisation's own labels, as it is kept and as it scores. How it is made: `sentiment_training`."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from socius.engine.query.marks import Marks, marks
from socius.engine.weighing import BITS, EXTRA, features, linear, words
from socius.kit.errors import Invalid

LABELS = ("negative", "neutral", "positive")
FORMAT = "socius sentiment 1"


class Model(NamedTuple):
    """Weights and what was found when it was made. `version` is a hash of both."""

    weights: Any  # float32, 2^BITS x 3
    tail: Any  # float64, EXTRA x 3
    card: dict[str, Any]
    version: str

    def shares(self, texts: Sequence[str]) -> Any:
        """Shares of negative, neutral and positive of each text; rows sum to 1."""
        return self.shares_of(marks(texts))

    def shares_of(self, held: Marks) -> Any:
        """The same for texts whose tokens were found already."""
        found, ends, extra = features(held.values, held.starts, words())
        raw = linear(found, ends, extra, self.weights, self.tail)
        return softmax(raw)

    def said(self) -> str:
        """What it is and how good it was on rows it never saw."""
        card = self.card
        return (
            f"Sentiment: own model {self.version}, language {card['language']}, macro-recall {card['macro_recall']:.3f}"
            f" on {card['n_test']:,} held-out rows (0.333 is chance)."
        )


def softmax(raw: Any) -> Any:
    """Rows as shares."""
    raised = np.exp(raw - raw.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def named(weights: Any, tail: Any, card: dict[str, Any]) -> Model:
    """A model with the version its content has."""
    held = np.ascontiguousarray(weights, np.float32)
    ends = np.ascontiguousarray(tail, np.float64)
    said = json.dumps(card, sort_keys=True).encode()
    digest = hashlib.blake2b(held.tobytes() + ends.tobytes() + said, digest_size=8).hexdigest()
    return Model(held, ends, card, digest)


def packed(model: Model) -> bytes:
    """A model as a file: only weights that are not 0."""
    used = np.flatnonzero(model.weights.any(axis=1)).astype(np.int32)
    out = io.BytesIO()
    np.savez_compressed(out, used=used, weights=model.weights[used], tail=model.tail, card=np.frombuffer(json.dumps({"format": FORMAT, **model.card}).encode(), np.uint8))  # fmt: skip
    return out.getvalue()


def read(data: bytes) -> Model:
    """The model of a file's bytes. Raises ValueError, KeyError, IndexError, OSError or EOFError where it is none."""
    held = np.load(io.BytesIO(data), allow_pickle=False)
    card = json.loads(held["card"].tobytes())
    if card.pop("format") != FORMAT or held["tail"].shape != (EXTRA, 3):
        raise ValueError(FORMAT)
    weights = np.zeros((1 << BITS, 3), np.float32)
    weights[held["used"]] = held["weights"]
    return named(weights, held["tail"], card)


def unpacked(data: bytes, place: str) -> Model:
    """The model of a file. Raises `Invalid` where it is none."""
    try:
        return read(data)
    except (ValueError, KeyError, OSError, IndexError, EOFError) as error:
        raise Invalid(f"{place} is no sentiment model of this version.", repair="Train it again: socius listen train-sentiment.") from error  # fmt: skip
