"""Trained models of this home: each under the hash of its content, and the name of the one in use."""

from __future__ import annotations

from pathlib import Path


def keep(home: Path, version: str, data: bytes) -> Path:
    """Keeps a model and puts it to use; where it lies."""
    folder = home / "listen" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"sentiment-{version}.npz"
    target.write_bytes(data)
    fresh = folder / "sentiment.new"
    fresh.write_text(version)
    fresh.replace(folder / "sentiment")
    return target


def in_use(home: Path) -> Path | None:
    """The model in use; None where none was trained."""
    name = home / "listen" / "models" / "sentiment"
    return name.with_name(f"sentiment-{name.read_text().strip()}.npz") if name.exists() else None


def use_plugin(home: Path, name: str) -> None:
    """Remembers a plug-in by its name; an empty one: none."""
    folder = home / "listen" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / "plugin.new"
    fresh.write_text(name, "utf-8")
    fresh.replace(folder / "plugin")


def plugin_in_use(home: Path) -> str:
    """The plug-in's name; empty where none is used."""
    place = home / "listen" / "models" / "plugin"
    return place.read_text("utf-8") if place.exists() else ""
