"""Effects for screens and the worker: series as lists instead of files, answered together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any

from socius.engine.effect.building import case_of
from socius.engine.effect.case import Case
from socius.engine.effect.estimate import Tools, effects
from socius.engine.effect.tasks.shapes import effect_json
from socius.engine.tables import Table
from socius.kit.errors import Invalid


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """`cases`: each with `series`, `day` (ISO dates), `outcome` and `controls` (lists, null where unknown), `start`, and any of `end`,
    `subject`, `klass`, `exclude`, `designed`; `seed`; `path` for the counterfactual. Gives `effects` in the same order,
    each with its `sd`.

    Many cases of one series may give `table` instead of the lists: the place in `tables` where `series`, `day`, `outcome` and `controls`
    are told once. With `apart` each case is judged alone, and one that cannot be answered has in its place `error` with `say`, and
    `code` `broken` where the calculation itself failed, instead of ending all.
    """
    tables = [told(one) for one in options.get("tables") or []]
    asked, seed, path = options["cases"], int(options["seed"]), bool(options.get("path"))
    if options.get("apart"):
        tools = Tools()
        return {"effects": [one_alone(one, tables, seed, path, tools) for one in asked]}
    found = effects([case_from(one, tables) for one in asked], seed=seed, path=path)
    return {"effects": [{**effect_json(f), "sd": f.sd} for f in found]}


def one_alone(asked: Mapping[str, Any], tables: Sequence[Told], seed: int, path: bool, tools: Tools) -> dict[str, Any]:  # fmt: skip
    """The answer of a case, or why there is none."""
    try:
        found = effects([case_from(asked, tables)], seed=seed, path=path, tools=tools)[0]
    except Invalid as error:
        return {"error": {"say": str(error), "code": "invalid"}}
    except Exception as error:  # noqa: BLE001 - whatever it is, the cases beside it are answered
        return {"error": {"say": f"The calculation failed: {type(error).__name__}: {error}", "code": "broken"}}  # fmt: skip
    return {**effect_json(found), "sd": found.sd}


@dataclass(frozen=True, slots=True)
class Told(Table):
    """Lists in the shape of a file; each column is read once, however many cases rest on it, and a control may be called like the outcome."""

    beside: dict[str, list[str]] = field(default_factory=dict)
    read: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    dated: list[int] = field(default_factory=list)

    def column(self, name: str, option: str) -> list[str]:
        """A control by its own name; date and value by theirs."""
        return self.beside[name] if option == "controls" else Table.column(self, name, option)

    def numbers(self, name: str, option: str) -> list[float]:
        """As of a file."""
        if (name, option) not in self.read:
            self.read[name, option] = Table.numbers(self, name, option)
        return self.read[name, option]

    def days(self, name: str, option: str) -> list[int]:
        """As of a file."""
        if not self.dated:
            self.dated.extend(Table.days(self, name, option))
        return self.dated


def told(values: Mapping[str, Any]) -> Told:
    """`series`, `day`, `outcome` and `controls` as a table."""
    columns = {"date": list(values["day"]), "value": texts(values["outcome"])}
    controls: Mapping[str, list[float | None]] = values.get("controls") or {}
    lines = list(range(1, len(columns["date"]) + 1))
    beside = {name.strip(): texts(cells) for name, cells in controls.items()}
    return Told(str(values["series"]), columns, lines, ",", beside)


def case_from(asked: Mapping[str, Any], tables: Sequence[Told] = ()) -> Case:
    """One case; the lists take the way of a file, so that a screen and a file have the same answer."""
    table = tables[asked["table"]] if "table" in asked else told(asked)
    return case_of(table, {**asked, "date_col": "date", "value_col": "value", "controls": list(table.beside)})  # fmt: skip


def texts(values: list[float | None]) -> list[str]:
    """Numbers as cells; they read back to the same bits."""
    return [repr(float(nan if v is None else v)) for v in values]
