"""A transformer of three classes in a folder: `model.onnx`, `tokenizer.json`, `card.json`. Needs requirements/onnx.txt.

The model takes `input_ids` and `attention_mask` (int64, texts x tokens), `token_type_ids` where it has such an input, and its first output are
raw scores, texts x 3. `card.json` names `name`, `version`, `licence`, `languages`, and in `labels` the order of the classes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from socius.kit.errors import Invalid

LABELS = ("negative", "neutral", "positive")
NEEDED = ("name", "version", "licence", "languages", "labels")
LONGEST = 128  # tokens; what follows is not looked at
BATCH = 32


def card_of(folder: Path) -> dict[str, Any]:
    """The card of a model. Raises `Invalid` where it is missing or leaves something out."""
    place = folder / "card.json"
    try:
        card = json.loads(place.read_text("utf-8"))
        missing = [name for name in NEEDED if not card.get(name)]
        sound = not missing and sorted(card["labels"]) == sorted(LABELS)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise Invalid(f"{place} cannot be read: {error}.", repair="A model folder needs a card.json.") from error  # fmt: skip
    if not sound:
        say = f"it lacks {', '.join(missing)}" if missing else f"labels are {card['labels']}"
        raise Invalid(f"{place}: {say}.", repair=f"Name {', '.join(NEEDED)}; labels are {', '.join(LABELS)} in the model's order.")  # fmt: skip
    return dict(card)


class OnnxScorer:
    """One model. One thread, so that its sums keep their order and the other work of the house its core."""

    def __init__(self, folder: Path) -> None:
        self.card = card_of(folder)
        self.name, self.version, self.licence = (str(self.card[k]) for k in NEEDED[:3])
        self.languages = frozenset(map(str, self.card["languages"]))
        self.order = [list(self.card["labels"]).index(label) for label in LABELS]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self.tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self.session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the two libraries raise bare exceptions of their own
            raise Invalid(f"{folder} holds no model that can be read: {error}.", repair="It needs model.onnx and tokenizer.json.") from error  # fmt: skip
        self.tokens.enable_truncation(LONGEST)
        self.tokens.enable_padding()
        self.inputs = {i.name for i in self.session.get_inputs()}

    def predict(self, texts: Sequence[str], langs: Sequence[str]) -> Any:
        """Shares of negative, neutral, positive: float32, n x 3."""
        found = np.zeros((len(texts), len(LABELS)), np.float32)
        for at in range(0, len(texts), BATCH):
            raw = self.scores(texts[at : at + BATCH])[:, self.order]
            raised = np.exp(raw - raw.max(axis=1, keepdims=True))
            found[at : at + BATCH] = raised / raised.sum(axis=1, keepdims=True)
        return found

    def scores(self, texts: Sequence[str]) -> Any:
        """Raw scores of a few texts."""
        made = self.tokens.encode_batch(list(texts))
        given = {
            "input_ids": np.array([m.ids for m in made], np.int64),
            "attention_mask": np.array([m.attention_mask for m in made], np.int64),
            "token_type_ids": np.array([m.type_ids for m in made], np.int64),
        }
        return self.session.run(None, {k: v for k, v in given.items() if k in self.inputs})[0]
