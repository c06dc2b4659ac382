"""What the lexicon makes of negation, and which label a score gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from socius.engine.sentiment import judged, label
from socius.stores import models
from socius.web.context import current


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("No delivery, nobody answers, awful service", "negative"),
        ("no refund and a rude agent", "negative"),
        ("Nothing works, useless app", "negative"),
        ("not good", "negative"),
        ("not bad at all", "positive"),
        ("no problem", "positive"),
        ("The parcel came on Monday", "neutral"),
    ],
)
def test_a_denied_thing_excuses_no_later_complaint(text: str, wanted: str) -> None:
    assert judged(text).label == wanted


def test_a_page_labels_as_the_command_does() -> None:
    for text in ("not good", "not bad at all", "great", "came on Monday", "awful"):
        found = judged(text)
        assert label(found[:3], largest=False) == found.label
    assert label((0.3, 0.4, 0.3), largest=True) == "neutral"
    assert label((0.2, 0.5, 0.3), largest=False) == "positive"


def test_what_scores_says_so(tmp_path: Path) -> None:
    assert models.cards(tmp_path) == []
    card = models.Card("Sentiment: own model abc, language de.", frozenset({"de"}))
    models.keep(tmp_path, "abc", b"", card)
    models.use_plugin(tmp_path, "onnx:/m", "Sentiment: plug-in tiny.", {"en"})
    assert [c.languages for c in models.cards(tmp_path)] == [{"de"}, {"en"}]
    models.use_plugin(tmp_path, "")
    assert models.cards(tmp_path) == [card]


def test_a_page_without_an_entry_stands_under_the_one_it_is_reached_from() -> None:
    assert current("/listen/rings/") == "/listen/alerts/"
    assert current("/listen/rings/3/decide/") == "/listen/alerts/"
    assert current("/listen/") == "/listen/"
