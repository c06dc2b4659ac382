"""`socius measure batch`: every series of a folder, judged together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from socius.engine.effect.building import case_of
from socius.engine.effect.case import Answer, Case, not_itself
from socius.engine.effect.estimate import effects
from socius.engine.effect.multiplicity import benjamini_hochberg
from socius.engine.effect.tasks.shapes import effect_json
from socius.engine.tables import read
from socius.kit.errors import Invalid

LIST = "batch.csv"
Q = 0.1
FIELDS = ("series", "subject", "date_col", "value_col", "start", "end", "class")


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Every effect, and how many of the family are called at a false discovery rate of 10 %. A file of which nothing can be asked takes
    no other one along: it stands in `failed` with its sentence, as do those in `unread` of the options.
    """
    unread = {one["file"]: one["say"] for one in options.get("unread") or []}
    asked = wanted(options, files, unread)
    cases, named, failed = built(asked, files, unread)
    found = effects(cases, seed=int(options["seed"])) if cases else []
    family = benjamini_hochberg([f.p for f in found], Q)
    rows = [
        # The child's time is that of all of them together.
        {**effect_json(f), "file": n, "q": q, "called": bool(q is not None and q <= Q and called(f)), "cpu_seconds": None}
        for f, n, q in zip(found, named, family, strict=True)
    ]  # fmt: skip
    heard = {a["file"] for a in asked}
    return {
        "effects": rows,
        "family": {"comparisons": len(rows), "q": Q, "called": sum(r["called"] for r in rows), "refused": sum(r["refused"] is not None for r in rows)},
        "failed": failed, "ignored": sorted({*(options.get("ignored") or []), *files} - heard - {LIST}),
    }  # fmt: skip


def built(
    asked: list[dict[str, Any]], files: Mapping[str, bytes], unread: Mapping[str, str]
) -> tuple[list[Case], list[str], list[dict[str, str]]]:
    """The cases, the file of each, and those that cannot be asked with the reason."""
    cases, named, failed = [], [], []
    for one in asked:
        name, say = one["file"], unread.get(one["file"])
        try:
            if say is None:
                cases.append(not_itself(case_of(read(name, files[name]), one)))
                named.append(name)
        except Invalid as error:
            say = str(error)
        if say is not None:
            failed.append({"file": name, "series": one["series"], "say": say})
    return cases, named, failed


def called(found: Answer) -> bool:
    """Whether an effect may be called at all."""
    return found.verdict in {"up", "down"}


def wanted(options: Mapping[str, Any], files: Mapping[str, bytes], unread: dict[str, str]) -> list[dict[str, Any]]:  # fmt: skip
    """What is asked of each file: by `batch.csv` where the folder holds one, else by the options for all alike. A file that is listed and
    not there joins `unread`.
    """
    same = {key: options.get(key) for key in ("date_col", "value_col", "controls", "start", "end", "exclude")}  # fmt: skip
    if LIST in unread:
        raise Invalid(unread[LIST], field="dir")
    if LIST not in files:
        names = sorted({*files, *unread})
        return called_apart([{**same, "file": n, "klass": options.get("class") or "all"} for n in names])  # fmt: skip
    table = read(LIST, files[LIST])
    names = table.column("file", "file")
    found = []
    for row, name in enumerate(names):
        if name not in files and name not in unread:
            unread[name] = str(table.wrong(row, "file", f"there is no file {name!r} in the folder.", f"The files are {', '.join(sorted({*files, *unread} - {LIST})[:5])}."))  # fmt: skip
        own = {f: table.columns[f][row].strip() for f in FIELDS if f in table.columns and table.columns[f][row].strip()}  # fmt: skip
        asked = {**same, **own, "file": name, "klass": own.get("class") or options.get("class") or "all"}  # fmt: skip
        if "controls" in table.columns:
            asked["controls"] = [c for c in table.columns["controls"][row].split("|") if c.strip()]
        found.append(asked)
    return called_apart(found)


def called_apart(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with a name for its series: as `batch.csv` says, else the file's without its ending, with it where two files would be called
    the same, and with the column where one file is asked twice.
    """
    stems = Counter(file.rsplit(".", 1)[0] for file in {a["file"] for a in asked})
    times = Counter(a["file"] for a in asked)
    for one in asked:
        file = one["file"]
        stem = file.rsplit(".", 1)[0]
        name = stem if stems[stem] == 1 else file
        column = one.get("value_col") if times[file] > 1 else None
        one.setdefault("series", f"{name}: {column}" if column else name)
    return asked
