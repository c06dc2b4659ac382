"""`listen train-sentiment`: a model of the organisation's own labels, kept in its home."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from socius.connectors.tablefile import Rows, needed, rows_of
from socius.engine.sentiment_model import LABELS, packed
from socius.engine.sentiment_training import Labelled, train
from socius.kit.errors import Invalid
from socius.stores import models

FIELDS = {"text": ("text", "content", "message", "tweet"), "label": ("label", "sentiment", "class"), "id": ("id", "remote_id", "tweet_id")}  # fmt: skip
SPELLED = {"neg": "negative", "-1": "negative", "neu": "neutral", "0": "neutral", "pos": "positive", "1": "positive", **{k: k for k in LABELS}}  # fmt: skip


def labelled(rows: Rows) -> Iterator[Labelled]:
    """Rows with a text and a label; without a column of ids the text's own hash decides the part."""
    texts = needed(rows, "text", "message=text")
    labels = needed(rows, "label", "sentiment=label")
    names = rows.column("id") or [""] * len(texts)
    for (line, _), name, text, label in zip(rows.rows, names, texts, labels, strict=True):
        if not text or not label:
            continue
        if label.casefold() not in SPELLED:
            raise Invalid(
                f"{rows.place}, line {line}: the label {label!r} is none of negative, neutral, positive.",
                field="label", repair="Rename the labels, or choose another column with --label.",
            )  # fmt: skip
        known = name or hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()
        yield Labelled(known, text, SPELLED[label.casefold()])


def told(step: Mapping[str, Any]) -> None:
    """What was tried, as it is tried."""
    sys.stderr.write(json.dumps(step) + "\n")


def train_sentiment(request: Mapping[str, Any]) -> None:
    """Trains, keeps the model (in the home, or in --out only) and prints its card."""
    place = request["file"]
    try:
        data = Path(place).read_bytes()
    except OSError as error:
        raise Invalid(f"{place} cannot be read: {error.strerror}.", repair="Check the name and its rights.") from error  # fmt: skip
    said = {request[f]: f for f in ("text", "label") if request.get(f)}
    rows = rows_of(place, data, FIELDS, said)
    model = train(labelled(rows), told)
    made = packed(model)
    if request.get("out"):
        target = Path(request["out"])
        target.write_bytes(made)
    else:
        target = models.keep(Path(request["home"]), model.version, made, models.Card(model.said(), frozenset({str(model.card["language"])})))  # fmt: skip
    if request.get("json"):
        found = {"version": model.version, "file": str(target), **model.card}
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    sys.stdout.write(f"{model.said()}\nTrained on {model.card['n_train']:,} rows; kept in {target}.\n")  # fmt: skip
