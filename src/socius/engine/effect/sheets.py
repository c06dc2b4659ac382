"""Design sheets: what was promised before the start, hashed so that a later change shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from socius.kit.errors import Invalid

KEYS = (
    "series",
    "value_col",
    "controls",
    "start",
    "window_days",
    "worth",
    "mde",
    "method",
    "made_on",
)


def digest(sheet: Mapping[str, Any]) -> str:
    """SHA-256 over everything but the hash itself, keys sorted."""
    plain = {key: value for key, value in sheet.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def signed(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """The sheet with its hash."""
    return {**sheet, "sha256": digest(sheet)}


def hash_of_sheet(name: str, data: bytes, options: Mapping[str, Any]) -> str:
    """The hash of a sheet that speaks of this run. Raises Invalid where it was changed, made too late, or is of something else."""
    try:
        sheet = json.loads(data)
        made, start = date.fromisoformat(sheet["made_on"]), date.fromisoformat(sheet["start"])
        hashed = str(sheet["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(f"{name} is no design sheet.", field="design", repair="Make one with `socius measure power --sheet FILE`.") from error  # fmt: skip
    if digest(sheet) != hashed:
        raise Invalid(f"{name} was changed after it was hashed.", field="design", repair="Use the sheet as it was written, or none.")  # fmt: skip
    if made >= start:
        raise Invalid(f"{name} was made on {made}, not before its start on {start}.", field="design", repair="A sheet made later does not count.")  # fmt: skip
    differs = [key for key, now in (("start", options.get("start")), ("value_col", options.get("value_col"))) if now and sheet.get(key) != now]  # fmt: skip
    if differs or sorted(sheet.get("controls") or []) != sorted(options.get("controls") or []):
        raise Invalid(f"{name} speaks of another {', '.join(differs) or 'choice of controls'}.", field="design", repair="Run what the sheet says.")  # fmt: skip
    return hashed
