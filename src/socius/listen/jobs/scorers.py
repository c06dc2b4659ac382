"""What scores sentiment in this home."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from socius.engine.plugins import GROUP, Scorer, said
from socius.engine.sentiment_model import Model, unpacked
from socius.kit.errors import Invalid
from socius.stores import models

ONNX = "onnx:"


def current(home: Path) -> Model | None:
    """The model of this home; None where none was trained. Raises `Invalid` where its file is damaged or gone."""
    place = models.in_use(home)
    if place is None:
        return None
    if not place.exists():
        raise Invalid(f"{place} is gone.", repair="Train it again: socius listen train-sentiment.")
    return unpacked(place.read_bytes(), str(place))


def plugin(home: Path) -> Scorer | None:
    """The plug-in in use; None where none is. Raises `Invalid` where it cannot be loaded."""
    name = models.plugin_in_use(home)
    return loaded(name) if name else None


@lru_cache(maxsize=2)
def loaded(name: str) -> Scorer:
    """A plug-in by its name: `onnx:FOLDER`, else an entry point of the group `socius.sentiment`. Raises `Invalid` where there is none."""
    if name.startswith(ONNX):
        try:
            room = importlib.import_module("socius.stores.onnx_scorer")
        except ModuleNotFoundError as error:
            raise Invalid(f"{error.name} is not installed.", repair="Install it: pip install --require-hashes -r requirements/onnx.txt.") from error  # fmt: skip
        made: Scorer = room.OnnxScorer(Path(name.removeprefix(ONNX)))
        return made
    found = list(entry_points(group=GROUP, name=name))
    if not found:
        known = ", ".join(sorted(e.name for e in entry_points(group=GROUP))) or "none"
        raise Invalid(f"There is no sentiment plug-in {name!r}.", field="name", repair=f"Installed: {known}. A model in a folder is onnx:FOLDER.")  # fmt: skip
    scorer: Scorer = found[0].load()()
    return scorer


def use_sentiment(request: Mapping[str, Any]) -> None:
    """`listen use-sentiment NAME`: a plug-in for what queries find from now on; `none` goes back."""
    home, name = Path(request["home"]), request["name"]
    if name.startswith(ONNX):
        name = f"{ONNX}{Path(name.removeprefix(ONNX)).absolute()}"
    scorer = None if name == "none" else loaded(name)
    if scorer is None:
        models.use_plugin(home, "")
    else:
        models.use_plugin(home, name, said(scorer), scorer.languages)
    if request.get("json"):
        card = {} if scorer is None else {"version": scorer.version, "licence": scorer.licence, "languages": sorted(scorer.languages), "card": dict(scorer.card)}  # fmt: skip
        sys.stdout.write(json.dumps({"plugin": scorer.name if scorer else None, **card}, indent=2, ensure_ascii=False) + "\n")  # fmt: skip
    else:
        sys.stdout.write((said(scorer) if scorer else "No plug-in scores sentiment.") + "\n")
