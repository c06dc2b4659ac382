"""`socius measure effect`: one series, one start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socius.engine.effect.building import case_of
from socius.engine.effect.case import not_itself
from socius.engine.effect.estimate import effects
from socius.engine.effect.sheets import hash_of_sheet
from socius.engine.effect.tasks.shapes import effect_json
from socius.engine.tables import read


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """The effect on the series of the one file; `path` in the options adds the counterfactual row by row."""
    name = options["outcome"]
    designed = hash_of_sheet(options["design"], files[options["design"]], options) if options.get("design") else ""  # fmt: skip
    case = not_itself(case_of(read(name, files[name]), {**options, "designed": designed}))
    found = effects([case], seed=int(options["seed"]), path=bool(options.get("path")))
    return effect_json(found[0])
