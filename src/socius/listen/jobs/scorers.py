"""What scores sentiment in this home."""

from __future__ import annotations

from pathlib import Path

from socius.engine.sentiment_model import Model, unpacked
from socius.kit.errors import Invalid
from socius.stores import models


def current(home: Path) -> Model | None:
    """The model of this home; None where none was trained. Raises `Invalid` where its file is damaged or gone."""
    place = models.in_use(home)
    if place is None:
        return None
    if not place.exists():
        raise Invalid(f"{place} is gone.", repair="Train it again: socius listen train-sentiment.")
    return unpacked(place.read_bytes(), str(place))
