"""The last block that came from a file: queries look back over such blocks, while those of streams are matched as they come."""

from __future__ import annotations

from pathlib import Path


def note(folder: Path, number: int) -> None:
    """Remembers a block of a file that is in the tables."""
    (folder / "files").write_text(str(number))


def mark_of(folder: Path) -> int:
    """The last such block; 0 where none came."""
    place = folder / "files"
    return int(place.read_text() or 0) if place.exists() else 0
