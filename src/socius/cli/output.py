"""What commands print: JSON for programs, plain columns for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """How values that JSON lacks are written."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def say(text: str = "") -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")


def warn(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(text + "\n")


def dump(data: Any) -> None:
    """JSON on standard output."""
    say(json.dumps(data, default=plain, ensure_ascii=False, indent=2))


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Columns that line up; numbers to the right."""
    cells = [[("" if c is None else str(c)) for c in row] for row in rows]
    widths = [max([len(h), *(len(r[i]) for r in cells)]) for i, h in enumerate(head)]
    numeric = [
        bool(cells)
        and all(r[i].replace(".", "").replace("-", "").isdigit() or not r[i] for r in cells)
        for i in range(len(head))
    ]
    for row in [list(head), *cells]:
        parts = [
            c.rjust(w) if right else c.ljust(w)
            for c, w, right in zip(row, widths, numeric, strict=True)
        ]
        say("  ".join(parts).rstrip())
