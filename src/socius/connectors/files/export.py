"""Writes our kinds as CSV that our importer reads back exactly, and that a spreadsheet cannot run (formats, section on CSV)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TextIO

from socius.connectors.files.cells import GUARD
from socius.connectors.files.declare import Field, Kind
from socius.connectors.files.kinds import KINDS
from socius.connectors.files.numbers import canonical

RISKY = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
PLAIN_NUMBER = re.compile(r"^[+-]?\d+(?:\.\d+)?$")
DOUBTFUL = re.compile(r"^-?[1-9]\d{0,2}\.\d{3}$")  # could be read as a thousands separator


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula. Text that already looks guarded gets one more, so that import gives it back."""
    if (RISKY.match(text) and not PLAIN_NUMBER.match(text)) or GUARD.match(text):
        return "'" + text
    return text


def number_text(number: Decimal) -> str:
    """A number that can be read in one way only: `1.234` is written `1.2340`."""
    text = canonical(number)
    return text + "0" if DOUBTFUL.match(text) else text


def cell(value: Any) -> str:  # noqa: ANN401, RUF100 - values are of many types
    """A typed value as the file holds it; None is the empty cell."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "-".join(map(number_text, value))
    if isinstance(value, list):
        return guarded("|".join(value))
    return guarded(str(value))


def template(kind: str) -> str:
    """The empty file of a kind: its header line."""
    return ",".join(f.name for f in KINDS[kind].fields if f.template) + "\n"


def write(
    kind: Kind, rows: Iterable[Mapping[str, Any]], out: TextIO, *, extra: Iterable[str] = ()
) -> int:
    """Writes rows (values by field) below the header of the kind; `extra` are unknown columns to give back. Returns how many."""
    fields: list[Field] = [f for f in kind.fields if f.template]
    names = [f.name for f in fields]
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    more = list(extra)
    writer.writerow([*names, *more])
    count = 0
    for row in rows:
        kept = row.get("extra") or {}
        writer.writerow(
            [
                *(cell(row.get(name)) for name in names),
                *(guarded(kept.get(name, "")) for name in more),
            ]
        )
        count += 1
    return count
