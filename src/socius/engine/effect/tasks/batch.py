"""`socius measure batch`: every series of a folder, judged together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socius.engine.effect.building import case_of
from socius.engine.effect.case import Answer, Case
from socius.engine.effect.estimate import effects
from socius.engine.effect.multiplicity import benjamini_hochberg
from socius.engine.effect.tasks.shapes import effect_json
from socius.engine.tables import Table, read
from socius.kit.errors import Invalid

LIST = "batch.csv"
Q = 0.1
FIELDS = ("series", "subject", "date_col", "value_col", "start", "end", "class")


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Every effect, and how many of the family are called at a false discovery rate of 10 %."""
    asked = wanted(options, files)
    tables = {name: read(name, files[name]) for name in dict.fromkeys(a["file"] for a in asked)}
    cases = [one(tables[a["file"]], a) for a in asked]
    found = effects(cases, seed=int(options["seed"]))
    family = benjamini_hochberg([f.p for f in found], Q)
    rows = [{**effect_json(f), "q": q, "called": bool(q is not None and q <= Q and called(f))} for f, q in zip(found, family, strict=True)]  # fmt: skip
    return {
        "effects": rows,
        "family": {"comparisons": len(rows), "q": Q, "called": sum(r["called"] for r in rows), "refused": sum(r["refused"] is not None for r in rows)},
    }  # fmt: skip


def called(found: Answer) -> bool:
    """Whether an effect may be called at all."""
    return found.verdict in {"up", "down"}


def one(table: Table, asked: Mapping[str, Any]) -> Case:
    """A series; those of one class name, grain and column lend each other their noise and their fake starts."""
    case = case_of(table, asked)
    return case


def wanted(options: Mapping[str, Any], files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """What is asked of each file: by `batch.csv` where the folder holds one, else by the options for all alike."""
    same = {key: options.get(key) for key in ("date_col", "value_col", "controls", "start", "end", "exclude")}  # fmt: skip
    if LIST not in files:
        names = sorted(files)
        return [{**same, "file": n, "series": n.rsplit(".", 1)[0], "klass": options.get("class") or "all"} for n in names]  # fmt: skip
    table = read(LIST, files[LIST])
    names = table.column("file", "file")
    found = []
    for row, name in enumerate(names):
        if name not in files:
            raise table.wrong(row, "file", f"there is no file {name!r} in the folder.", f"The files are {', '.join(sorted(set(files) - {LIST})[:5])}.")  # fmt: skip
        own = {f: table.columns[f][row].strip() for f in FIELDS if f in table.columns and table.columns[f][row].strip()}  # fmt: skip
        asked = {**same, **own, "file": name, "klass": own.get("class") or options.get("class") or "all"}  # fmt: skip
        if "controls" in table.columns:
            asked["controls"] = [c for c in table.columns["controls"][row].split("|") if c.strip()]
        asked.setdefault("series", name.rsplit(".", 1)[0])
        found.append(asked)
    if not found:
        raise Invalid(f"{LIST} lists no file.", field="file")
    return found
