"""Effects for screens and the worker: series as lists instead of files, answered together."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Any

from socius.engine.effect.building import case_of
from socius.engine.effect.case import Case
from socius.engine.effect.estimate import effects
from socius.engine.effect.tasks.shapes import effect_json
from socius.engine.tables import Table


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """`cases`: each with `series`, `day` (ISO dates), `outcome` and `controls` (lists, null where unknown), `start`, and any of `end`,
    `subject`, `klass`, `exclude`, `designed`; `seed`; `path` for the counterfactual. Gives `effects` in the same order,
    each with its `sd`.
    """
    cases = [case_from(asked) for asked in options["cases"]]
    found = effects(cases, seed=int(options["seed"]), path=bool(options.get("path")))
    return {"effects": [{**effect_json(f), "sd": f.sd} for f in found]}


def case_from(asked: Mapping[str, Any]) -> Case:
    """One case; the lists take the way of a file, so that a screen and a file have the same answer."""
    controls: Mapping[str, list[float | None]] = asked.get("controls") or {}
    columns = {"date": list(asked["day"]), "value": texts(asked["outcome"])}
    columns |= {name: texts(values) for name, values in controls.items()}
    table = Table(str(asked["series"]), columns, list(range(1, len(columns["date"]) + 1)), ",")
    return case_of(table, {**asked, "date_col": "date", "value_col": "value", "controls": list(controls)})  # fmt: skip


def texts(values: list[float | None]) -> list[str]:
    """Numbers as cells; they read back to the same bits."""
    return [repr(float(nan if v is None else v)) for v in values]
