"""Sentiment in compiled code: the same tokens and sums as written plainly; a model learns, says how well, and comes back from its file."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest

from socius.engine import scoring
from socius.engine.lexicon import NEGATORS, STRONGER, WEIGHTS
from socius.engine.query.marks import mark_of, marks
from socius.engine.sentiment import judged
from socius.engine.sentiment_model import packed, unpacked
from socius.engine.sentiment_training import Labelled, cleaned, train
from socius.engine.text.tokens import tokenise
from socius.kit.errors import Invalid

sys.path.insert(0, str(Path(__file__).parent / "query"))
from writing_queries import text_of

pytestmark = pytest.mark.slow
LEXICON = [*WEIGHTS, *NEGATORS, *STRONGER, "can't", "won't", "didn't", "t", "the", "parcel"]


def test_tokens_are_those_of_the_reference() -> None:
    dice = random.Random(4)
    texts = [text_of(dice) for _ in range(1500)]
    held = marks(texts)
    for n, text in enumerate(texts):
        mine = held.values[held.starts[n] : held.starts[n + 1]].tolist()
        assert mine == [mark_of(w) for w in tokenise(text).words], repr(text)


def test_the_lexicon_says_what_it_says_of_one_text() -> None:
    dice = random.Random(5)
    texts = ["", *(" ".join(dice.choices(LEXICON, k=dice.randrange(15))) for _ in range(3000))]
    for share, text in zip(scoring.by_lexicon(marks(texts)), texts, strict=True):
        assert share == pytest.approx(judged(text)[:3], abs=1e-12), text


def rows(count: int) -> list[Labelled]:
    dice, made = random.Random(6), []
    for n in range(count):
        label = ("negative", "neutral", "positive")[n % 3]
        word = {"negative": "zorp", "neutral": "plim", "positive": "quax"}[label]
        words = [
            *dice.choices(["the", "parcel", "came", "on", "a", "day", "in", "may"], k=6),
            word,
            str(n),
        ]
        made.append(Labelled(f"r{n}", " ".join(words), label))
    return made


def test_a_model_learns_words_no_lexicon_has_and_survives_its_file() -> None:
    model = train(rows(1500))
    assert model.card["macro_recall"] > 0.95
    assert model.card["n_train"] + model.card["n_validation"] + model.card["n_test"] == 1500
    again = unpacked(packed(model), "f")
    assert again.version == model.version
    texts = ["the quax came", "a zorp day"]
    assert np.array_equal(again.shares(texts), model.shares(texts))
    assert model.shares(texts).argmax(axis=1).tolist() == [2, 0]
    own = model._replace(card={**model.card, "language": "de"})
    found, known = scoring.shares([*texts, "great"], ["de", "fr", "en"], own)
    assert known.tolist() == [True, False, True]
    assert found[2] == pytest.approx(judged("great")[:3])
    with pytest.raises(Invalid, match="no sentiment model"):
        unpacked(b"x", "f")


def test_parts_do_not_share_a_text_and_contradictions_go() -> None:
    kept, dropped = cleaned([Labelled("a", "One text", "positive"), Labelled("b", "one  TEXT", "positive"), Labelled("c", "two", "positive"), Labelled("d", "Two", "negative")])  # fmt: skip
    assert ([r.id for r, _ in kept], dropped) == (["a"], 2)
    with pytest.raises(Invalid, match="Too few rows"):
        train(rows(90))
