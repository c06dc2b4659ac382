"""`socius measure followers`: an interval for the authentic share of a sample of profiles."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, nan
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
    read_in = profiles_of(table, columns)
    # A profile of which next to nothing is known shows no sign, bought or not: it is judged neither way.
    profiles = [p for p in read_in if told_of(p) >= FEWEST_COLUMNS]
    hits = flagged(profiles)
    sensitivity = tuple(options.get("sensitivity") or SENSITIVITY)
    share = authentic(len(profiles), sum(hits), sensitivity=(sensitivity[0], sensitivity[1]))
    interval = None if share.low is None else {"low": share.low, "high": share.high}
    return {
        "n": share.n, "not_judged": len(read_in) - len(profiles), "flagged": share.flagged, "authentic": interval, "cannot_tell": share.cannot_tell,
        "rule": {"signs_needed": 2, "columns": columns},
        "assumed": {"specificity": list(SPECIFICITY), "sensitivity": list(sensitivity), "says": "assumed, not measured on these followers"},
    }  # fmt: skip


def told_of(profile: Profile) -> int:
    """How many of the signs can be judged."""
    pair = not isnan(profile.ratio) or not (isnan(profile.followers) or isnan(profile.following))
    numbers = sum(not isnan(n) for n in (profile.posts, profile.age, profile.likes))
    return pair + numbers + (profile.default is not None) + (profile.bio is not None)


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
    for key, values in number.items():
        low = next((row for row, v in enumerate(values) if v < 0), None)
        if low is not None:
            raise table.wrong(low, columns[key], f"{values[low]:g} is below nought.", "Correct it, or leave the cell empty where it is unknown.")  # fmt: skip
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
