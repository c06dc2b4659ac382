"""Trained models of this home: each under the hash of its content, and the name of the one in use."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Card(NamedTuple):
    """What a scorer says of itself, and the languages that it scores."""

    said: str
    languages: frozenset[str]


def keep(home: Path, version: str, data: bytes, card: Card | None = None) -> Path:
    """Keeps a model with its card and puts it to use; where it lies."""
    folder = home / "listen" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"sentiment-{version}.npz"
    target.write_bytes(data)
    if card is not None:
        told(target.with_suffix(".json"), card)
    fresh = folder / "sentiment.new"
    fresh.write_text(version)
    fresh.replace(folder / "sentiment")
    return target


def in_use(home: Path) -> Path | None:
    """The model in use; None where none was trained."""
    name = home / "listen" / "models" / "sentiment"
    return name.with_name(f"sentiment-{name.read_text().strip()}.npz") if name.exists() else None


def told(place: Path, card: Card) -> None:
    """Writes a card."""
    place.write_text(json.dumps({"said": card.said, "languages": sorted(card.languages)}), "utf-8")


def card_at(place: Path) -> Card | None:
    """The card of a file; None where none was written."""
    if not place.exists():
        return None
    found = json.loads(place.read_text("utf-8"))
    return Card(found["said"], frozenset(found["languages"]))


def cards(home: Path) -> list[Card]:
    """Cards of the trained model and the plug-in in use; the lexicon has none."""
    place, found = in_use(home), list[Card | None]()
    if place is not None:
        bare = Card(f"Sentiment: own model {place.stem.removeprefix('sentiment-')}.", frozenset())
        found.append(card_at(place.with_suffix(".json")) or bare)
    if plugin_in_use(home):
        found.append(card_at(home / "listen" / "models" / "plugin.json"))
    return [c for c in found if c is not None]


def use_plugin(home: Path, name: str, said: str = "", languages: Iterable[str] = ()) -> None:
    """Remembers a plug-in by its name, with its card; an empty one: none."""
    folder = home / "listen" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    told(folder / "plugin.json", Card(said, frozenset(languages)))
    fresh = folder / "plugin.new"
    fresh.write_text(name, "utf-8")
    fresh.replace(folder / "plugin")


def plugin_in_use(home: Path) -> str:
    """The plug-in's name; empty where none is used."""
    place = home / "listen" / "models" / "plugin"
    return place.read_text("utf-8") if place.exists() else ""
