"""What passes between a door, a reader of files and the action that writes: uploads and rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Upload:
    """A file as a person handed it over, with what they said about it."""

    source: Path | bytes
    name: str
    apply: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)  # column as written -> field
    answers: Mapping[str, str] = field(default_factory=dict)  # question id or field -> value
    expect_sha256: str = ""
    complete: bool = False  # the source claims to be complete: rows that it lacks are absent
    confirm_shrink: bool = False
    reason: str = ""
    zone: str = "UTC"  # of times that carry none
    sheet: str = ""  # of a workbook; empty: the first one
    progress: Callable[[int], None] | None = field(
        default=None, compare=False
    )  # told now and then how many rows were read


class Row(NamedTuple):
    """One good row: typed values by field name (None: empty or column absent), and what was not understood.

    A tuple and not a dataclass: a million of them are made per import.
    """

    line: int  # of the physical file, from 1
    values: dict[str, Any]
    extra: dict[str, str]
    row_hash: bytes  # SHA-256 over the sorted canonical field=value pairs

    def text(self, name: str) -> str:
        """A text field, '' where empty."""
        return self.values.get(name) or ""
