"""`socius measure attribution`: channels on paths, by several rules side by side."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from math import isnan
from typing import Any

from socius.engine.effect.attribution import METHODS, Count, Credit, Path, credited
from socius.engine.effect.outcomes import won_of
from socius.engine.effect.proportion import RANKED_FROM, TOO_FEW
from socius.engine.tables import Table, read
from socius.kit.errors import Invalid

ARROW = ">"
ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?$")
UNTRACKED = {"", "(not set)", "unknown", "none", "(none)", "n/a", "null"}
SAYS = "describes paths; does not measure what would have happened without the channel"
Blank = dict[Path, list[float]]


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Conversions by channel, the range over the rules, and the share that no channel is known of."""
    name = options["paths"]
    table = read(name, files[name])
    folded = {key.casefold() for key in table.columns}
    if "path" in folded:
        rows = whole_paths(table)
    elif {"path_id", "at", "channel", "converted"} <= folded:
        rows = touches(table)
    else:
        raise Invalid(
            f"{name}: the columns are {', '.join(table.columns)}.", field="paths",
            repair="Either path,conversions,nulls or path_id,at,channel,converted is needed.",
        )  # fmt: skip
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    counts: Blank = defaultdict(lambda: [0.0, 0.0])
    for path, won, lost in rows:
        kept = tuple(c for c in path if c.casefold() not in UNTRACKED)
        for channel in kept:
            spelt[channel.casefold()][channel] += 1
        counts[tuple(c.casefold() for c in kept)][0] += won
        counts[tuple(c.casefold() for c in kept)][1] += lost
    names = {key: said.most_common(1)[0][0] for key, said in spelt.items()}
    total = sum(w + n for w, n in counts.values())
    if not names or total <= 0:
        raise Invalid(f"{name} holds no path with a channel.", field="paths", repair="Check the column of channels.")  # fmt: skip
    found = credited({path: Count(w, n) for path, (w, n) in sorted(counts.items())})
    return {
        "paths": plain(total), "conversions": plain(sum(w for w, _ in counts.values())), "untracked_share": sum(counts.get((), [0, 0])) / total,
        "descriptive": True, "says": SAYS, "channels": ranked(found, names),
        "merged": {names[k]: sorted(s) for k, s in spelt.items() if len(s) > 1},
    }  # fmt: skip


def plain(value: float) -> float | int:
    """A whole number without its point."""
    return int(value) if value == int(value) else value


def ranked(found: Credit, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Channels by the middle of their range. A place only from 30 paths on and where the range is apart from its neighbours'."""
    rows: list[dict[str, Any]] = []
    for i, channel in enumerate(found.channels):
        credit = {m: found.shares[m][i] for m in METHODS}
        rows.append({"channel": names[channel], "n": plain(found.touched[i]), **credit, "low": min(credit.values()), "high": max(credit.values())})  # fmt: skip
    rows.sort(key=lambda r: (-(r["low"] + r["high"]), r["channel"].casefold()))
    large = [r for r in rows if r["n"] >= RANKED_FROM]
    for row in rows:
        if row["n"] < RANKED_FROM:
            row["verdict"] = "too_few" if row["n"] < TOO_FEW else "no_rank"
            continue
        at = large.index(row)
        beside = large[max(0, at - 1) : at] + large[at + 1 : at + 2]
        apart = all(row["low"] > o["high"] or row["high"] < o["low"] for o in beside)
        row["verdict"] = "ranked" if apart else "cannot_tell"
    return rows


def whole_paths(table: Table) -> list[tuple[Path, float, float]]:
    """Rows such as `mail > search,12,340`."""
    cells = table.column("path", "paths")
    won = table.numbers("conversions", "paths")
    lost = table.numbers("nulls", "paths") if "nulls" in {k.casefold() for k in table.columns} else [0.0] * len(cells)  # fmt: skip
    found = []
    for row, (cell, w, n) in enumerate(zip(cells, won, lost, strict=True)):
        if isnan(w) or isnan(n) or w < 0 or n < 0:
            raise table.wrong(row, "conversions", "a count is missing or negative.", "Write how often the path was seen.")  # fmt: skip
        found.append((tuple(" ".join(c.split()) for c in cell.split(ARROW)), w, n))
    return found


def touches(table: Table) -> list[tuple[Path, float, float]]:
    """Rows of one touch each, put in order by `at`; a path is won when one of its rows says so."""
    ids, channels = table.column("path_id", "paths"), table.column("channel", "paths")
    at = table.column("at", "paths")
    for row, when in enumerate(at):
        if not (ISO.match(when.strip()) or when.strip().isdecimal()):
            raise table.wrong(row, "at", f"{when!r} says no place in the order.", "Write 2026-11-30T14:05:00, or 1, 2, 3.")  # fmt: skip
    won = won_of(
        table, "converted", table.column("converted", "paths"), None, called=("converted", "")
    )
    paths: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    wins: dict[str, bool] = defaultdict(bool)
    for row, (key, channel, when, yes) in enumerate(zip(ids, channels, at, won, strict=True)):
        paths[key].append(
            (
                when.strip().zfill(30) if when.strip().isdecimal() else when.strip(),
                row,
                " ".join(channel.split()),
            )
        )
        wins[key] |= yes
    return [(tuple(c for _, _, c in sorted(steps)), float(wins[k]), float(not wins[k])) for k, steps in paths.items()]  # fmt: skip
