"""Sentiment by a plug-in: asked about hits in its own languages only; a tiny ONNX model made here; a language without a model stays null."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from socius.connectors.streams.reading import Source, decode
from socius.engine.query.parser import parse
from socius.engine.query.plan import Filed
from socius.engine.stream import plan_for, process
from socius.kit.errors import Invalid
from socius.stores.batches import of_records

pytestmark = pytest.mark.slow
NOW = 1_770_000_000_000_000
TEXTS = {
    "en hit": ("parcel is good", "en"), "en no hit": ("tea is good", "en"), "de hit": ("parcel ist schlecht", "de"),
    "fi hit": ("parcel on hyvä", "fi"),
}  # fmt: skip
WORDS = {"[PAD]": 0, "[UNK]": 1, "parcel": 2, "is": 3, "good": 4, "bad": 5, "ist": 6, "schlecht": 7}


class Fixed:
    name, version, licence, card = "fixed", "1", "none", {"metric": "made up"}
    languages = frozenset({"de"})

    def __init__(self, share: Sequence[float] = (0.75, 0.25, 0.0)) -> None:
        self.share, self.seen = share, list[str]()

    def predict(self, texts: Sequence[str], langs: Sequence[str]) -> Any:
        assert set(langs) <= self.languages
        self.seen += texts
        return np.array([self.share] * len(texts), np.float32)


def processed(plugin: Any) -> dict[str, Any]:
    rows = [{"id": name, "created_at": "2026-01-01", "text": text, "lang": lang} for name, (text, lang) in TEXTS.items()]  # fmt: skip
    records = decode(Source("jsonl", "f"), "\n".join(map(json.dumps, rows)).encode(), NOW).records
    for record, row in zip(records, rows, strict=True):
        record.lang_declared = row["lang"]
    batch = of_records(records, range(len(records)), "jsonl", 1, NOW).table()
    plan = plan_for([Filed(1, parse("parcel").tree, "parcel")], plugin=plugin)
    mentions = process(batch, plan)[0].to_pylist()
    return {m["remote_id"]: (m["lang"], m["sent"], m["plan"]) for m in mentions}


def test_a_plugin_is_asked_about_hits_in_its_languages_and_named_in_every_row() -> None:
    plugin = Fixed()
    found, plain = processed(plugin), processed(None)
    assert [lang for lang, _, _ in found.values()] == ["en", "en", "de", "fi"]
    assert plugin.seen == ["parcel ist schlecht"]
    assert found["de hit"][1] == [0.75, 0.25, 0.0]
    assert plain["de hit"][1] is None
    assert found["fi hit"][1] is None  # no model: null, never a guess
    assert found["en hit"][1] == plain["en hit"][1]
    assert found["en hit"][2] != plain["en hit"][2]


def test_shares_that_are_none_are_refused() -> None:
    with pytest.raises(Invalid, match=r"gave no three shares that sum to 1\. Mend it, or go back"):
        processed(Fixed((0.5, 0.1, 0.1)))


def model(folder: Path) -> None:
    """A transformer in name only: the sum of a vector for each token."""
    onnx = pytest.importorskip("onnx", reason="requirements/onnx.txt is not installed")
    pytest.importorskip("onnxruntime", reason="requirements/onnx.txt is not installed")
    tokenizers = pytest.importorskip("tokenizers", reason="requirements/onnx.txt is not installed")
    helper, kind = onnx.helper, onnx.TensorProto
    table = np.zeros((len(WORDS), 3), np.float32)
    table[[WORDS["good"], WORDS["bad"], WORDS["schlecht"]]] = [[3, 0, 0], [0, 0, 3], [0, 0, 3]]
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["vectors"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=kind.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "two"], ["wide"]),
        helper.make_node("Mul", ["vectors", "wide"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "one"], ["logits"], keepdims=0),
    ]
    inputs = [helper.make_tensor_value_info(n, kind.INT64, ["n", "t"]) for n in ("input_ids", "attention_mask")]  # fmt: skip
    output = helper.make_tensor_value_info("logits", kind.FLOAT, ["n", 3])
    held = [
        onnx.numpy_helper.from_array(table, "table"),
        *(
            onnx.numpy_helper.from_array(np.array([n], np.int64), name)
            for name, n in (("one", 1), ("two", 2))
        ),
    ]
    graph = helper.make_graph(nodes, "tiny", inputs, [output], held)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    folder.mkdir()
    onnx.save(made, str(folder / "model.onnx"))
    tokens = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="[UNK]"))  # noqa: S106
    tokens.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokens.save(str(folder / "tokenizer.json"))
    card = {"name": "tiny", "version": "1", "licence": "CC0", "languages": ["de", "en"], "labels": ["positive", "neutral", "negative"]}  # fmt: skip
    (folder / "card.json").write_text(json.dumps(card))


def said(home: Path, *words: str, **how: Any) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "SOCIUS_HOME": str(home)}
    return subprocess.run([sys.executable, "-m", "socius.cli", "listen", *words], capture_output=True, text=True, check=False, env=env, **how)  # fmt: skip


def test_a_model_in_onnx_scores_from_the_command_line(tmp_path: Path) -> None:
    folder, home = tmp_path / "model", tmp_path / "home"
    model(folder)
    lines = [{"id": n, "text": t, "lang": lang} for n, (t, lang) in enumerate((("parcel is good", "en"), ("parcel ist schlecht", "de"), ("parcel is", "en"), ("hyvä", "fi"), ("", "de")))]  # fmt: skip
    asked = tmp_path / "in.jsonl"
    asked.write_text("\n".join(map(json.dumps, lines)))
    used = said(home, "use-sentiment", f"onnx:{folder}", "--json")
    assert json.loads(used.stdout)["languages"] == ["de", "en"], used.stderr
    done = said(home, "sentiment", "--input", str(asked), "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["label"] for r in rows] == ["positive", "negative", "negative", None, "negative"]
    assert rows[0]["score"] == pytest.approx((np.exp(3) - 1) / (np.exp(3) + 2), abs=1e-4)
    assert rows[2]["score"] == 0
    assert "plug-in tiny 1 (CC0), de, en; its card names no measured quality" in done.stderr
    assert said(home, "use-sentiment", "none").returncode == 0
    assert json.loads(said(home, "sentiment", "--input", str(asked), "--json").stdout.splitlines()[1])["label"] is None  # fmt: skip


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("none-such", "There is no sentiment plug-in 'none-such'. Installed: none."),
        ("onnx:nowhere", "card.json cannot be read"),
    ],
)
def test_a_plugin_that_is_none_is_a_sentence(tmp_path: Path, name: str, sentence: str) -> None:
    if name.startswith("onnx:"):
        pytest.importorskip("onnxruntime", reason="requirements/onnx.txt is not installed")
    done = said(tmp_path, "use-sentiment", name)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert not (tmp_path / "listen" / "models" / "plugin").exists()
