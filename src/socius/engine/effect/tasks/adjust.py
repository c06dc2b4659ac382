"""`socius measure adjust`: groups that chose themselves, naive and adjusted side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from socius.engine.effect.adjust import Comparison, adjusted
from socius.engine.effect.grid import Floats
from socius.engine.effect.outcomes import won_of
from socius.engine.tables import EMPTY, Table, read
from socius.kit.errors import Invalid

FEWEST = 20
MOST_LEVELS = 20
DIFFERENT = 0.1
NAIVE = "not an effect: groups differ"
ALIKE = "not an effect: nobody drew the groups, though they look alike in these columns"


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """The naive difference, the adjusted one, and how alike the groups are before and after."""
    name = options["file"]
    table = read(name, files[name])
    treated = np.array(won_of(table, options["treatment"], table.column(options["treatment"], "treatment"), options.get("treated_value"), called=("treated", "treated-value")))  # fmt: skip
    cells = table.column(options["outcome"], "outcome")
    won = won_of(table, options["outcome"], cells, None, strict=False)
    outcome = np.array([float(w) for w in won] if won else table.numbers(options["outcome"], "outcome"))  # fmt: skip
    own = {options[n].strip().casefold(): n for n in ("treatment", "outcome")}
    same = next((c for c in options["covariates"] if c.strip().casefold() in own), None)
    if same is not None:
        raise Invalid(f"{same!r} is the {own[same.strip().casefold()]} itself.", field="covariates", repair="Name what was known before the treatment.")  # fmt: skip
    names, columns = covariates(table, options["covariates"])
    known = ~np.isnan(outcome)
    if min((known & treated).sum(), (known & ~treated).sum()) < FEWEST:
        raise Invalid(f"{name}: {int((known & treated).sum())} treated and {int((known & ~treated).sum())} other cases.", field="treatment", repair=f"At least {FEWEST} of each are needed.")  # fmt: skip
    found = adjusted(outcome[known], treated[known], columns[known])
    differ = bool((np.abs(found.before) > DIFFERENT).any())
    return {
        "naive": {**asdict(found.naive), "says": NAIVE if differ else ALIKE},
        "adjusted": told(found.adjusted),
        "balance": [{"covariate": n, "before": float(b), "after": float(a)} for n, b, a in zip(names, found.before, found.after, strict=True)],
        "dropped": found.dropped, "unknown_outcome": int((~known).sum()), "n": {"treated": int((known & treated).sum()), "others": int((known & ~treated).sum())},
        "refused": None if found.adjusted else "overlap", "grade": "D", "grade_reason": "no design: nothing adjusts for what is not in the columns",
    }  # fmt: skip


def told(found: Comparison | None) -> dict[str, Any]:
    """The adjusted difference in words."""
    if found is None:
        return {"effect": None, "low": None, "high": None, "says": "refused: the groups hardly overlap, so nobody comparable stands on the other side"}  # fmt: skip
    verdict = "up" if found.low > 0 else "down" if found.high < 0 else "cannot tell"
    if verdict == "cannot tell":
        return {**asdict(found), "says": verdict}
    return {**asdict(found), "says": f"{verdict}, if nothing but these columns told the groups apart"}  # fmt: skip


def covariates(table: Table, asked: list[str]) -> tuple[list[str], Floats]:
    """Numbers as they are, texts as one column a value; an unknown number is the mean, with a column that says so."""
    if not asked:
        raise Invalid("No covariate was named.", field="covariates", repair="Say --covariates A,B.")
    names: list[str] = []
    found: list[Floats] = []
    for name in dict.fromkeys(n.strip() for n in asked):
        cells = table.column(name, "covariates")
        for label, column in number_columns(name, cells) or level_columns(table, name, cells):
            names.append(label)
            found.append(column)
    if not found:
        raise Invalid(f"{table.name}: {', '.join(asked)} {'is' if len(asked) == 1 else 'are'} empty or the same in every row, so nothing can be adjusted for.", field="covariates", repair="Name columns that differ between cases.")  # fmt: skip
    return names, np.column_stack(found)


def number_columns(name: str, cells: list[str]) -> list[tuple[str, Floats]]:
    """A numeric covariate; nothing where a cell is a text."""
    try:
        values = np.array([np.nan if c.strip().casefold() in EMPTY else float(c) for c in cells])
    except ValueError:
        return []
    if np.isinf(values).any():
        raise Invalid(f"Covariate {name!r} holds an infinite number.", field="covariates", repair="Correct it, or leave the cell empty where it is unknown.")  # fmt: skip
    gone = np.isnan(values)
    if gone.all():
        return []
    filled = np.where(gone, float(np.nanmean(values)), values)
    return [(name, filled), (f"{name} unknown", gone.astype(float))] if gone.any() else [(name, filled)]  # fmt: skip


def level_columns(table: Table, name: str, cells: list[str]) -> list[tuple[str, Floats]]:
    """A column a value of a text, the commonest left out."""
    folded = [" ".join(c.split()).casefold() for c in cells]
    levels = sorted(set(folded), key=lambda v: (-folded.count(v), v))
    if len(levels) > MOST_LEVELS:
        raise table.wrong(0, name, f"{len(levels)} different texts.", f"A covariate has numbers or at most {MOST_LEVELS} values.")  # fmt: skip
    return [(f"{name}={v or 'empty'}", np.array([float(c == v) for c in folded])) for v in levels[1:]]  # fmt: skip
