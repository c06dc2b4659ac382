"""`socius measure followers`: an interval for the authentic share of a sample of profiles."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Any

from socius.engine.effect.followers import (  # fmt: skip
    ALIASES,
    SENSITIVITY,
    SPECIFICITY,
    Profile,
    authentic,
    flagged,
)
from socius.engine.tables import EMPTY, Table, read
from socius.kit.errors import Invalid

NUMBERS = ("followers", "following", "ratio", "posts", "age", "likes")
FEWEST_COLUMNS = 2
TRUE = {"1", "true", "t", "yes", "y"}


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """How many are flagged and what that says of the authentic share; no profile is named."""
    name = options["file"]
    table = read(name, files[name])
    columns = found_in(table)
    # Followers and following make one sign between them.
    known = [key for key in columns if key not in {"joined", "following"}]
    if len(known) < FEWEST_COLUMNS:
        raise Invalid(
            f"{name}: of the public columns only {', '.join(known) or 'none'} was found; the columns are {', '.join(table.columns)}.",
            field="file", repair="At least two of followers with following, posts, age_days, likes, default_profile, bio are needed.",
        )  # fmt: skip
    profiles = profiles_of(table, columns)
    hits = flagged(profiles)
    sensitivity = tuple(options.get("sensitivity") or SENSITIVITY)
    share = authentic(len(profiles), sum(hits), sensitivity=(sensitivity[0], sensitivity[1]))
    interval = None if share.low is None else {"low": share.low, "high": share.high}
    return {
        "n": share.n, "flagged": share.flagged, "authentic": interval, "cannot_tell": share.cannot_tell,
        "rule": {"signs_needed": 2, "columns": columns},
        "assumed": {"specificity": list(SPECIFICITY), "sensitivity": list(sensitivity), "says": "assumed, not measured on these followers"},
    }  # fmt: skip


def found_in(table: Table) -> dict[str, str]:
    """Which of our columns the file has, and under which name."""
    folded = {key.strip().casefold().replace(" ", "_"): key for key in table.columns}
    found = {key: next((folded[a] for a in names if a in folded), "") for key, names in ALIASES.items()}  # fmt: skip
    return {key: name for key, name in found.items() if name and key != "label"}


def profiles_of(table: Table, columns: Mapping[str, str]) -> list[Profile]:
    """One profile a row."""
    rows = range(len(table))
    unknown = [nan] * len(table)
    number = {k: table.numbers(columns[k], "file") if k in columns else unknown for k in NUMBERS}
    texts = {k: table.columns[columns[k]] if k in columns else None for k in ("default", "bio", "joined")}  # fmt: skip
    default, bio, joined = texts["default"], texts["bio"], texts["joined"]
    return [
        Profile(
            **{k: number[k][i] for k in NUMBERS},
            default=None if default is None or default[i].strip().casefold() in EMPTY else default[i].strip().casefold() in TRUE,
            bio=None if bio is None else bio[i],
            joined=None if joined is None else joined[i].strip()[:10],
        )
        for i in rows
    ]  # fmt: skip
