"""`socius measure ab`: two groups that were told apart at random."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import isfinite, isnan
from typing import Any

from socius.engine.effect.outcomes import won_of
from socius.engine.effect.proportion import TOO_FEW, Group, average, difference, share
from socius.engine.tables import Table, read
from socius.kit.errors import Invalid
from socius.kit.figures import counted

BASELINES = ("control", "holdout", "baseline", "off", "untreated")


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Groups with intervals, and the second minus the baseline."""
    name = options["file"]
    groups = groups_of(read(name, files[name]), options)
    if len(groups) != 2:
        raise Invalid(
            f"{name}, column {options['group']!r}: {counted(len(groups), 'group')} ({', '.join(g.name for g in groups[:6])}).",
            field="group", repair="A comparison needs two: keep the rows of two groups, or name them with --compare A,B.",
        )  # fmt: skip
    first, second = groups
    few = min(first.n, second.n) < TOO_FEW
    # Without spread inside the groups no interval stands on anything: none is shown.
    flat = first.won is None and first.variance + second.variance <= 0
    found = difference(first, second)
    if not isfinite(found.high - found.low):
        raise Invalid(f"{name}, column {options['outcome']!r}: the numbers are too large to be squared.", field="outcome", repair="Give them in a larger unit.")  # fmt: skip
    verdict = "cannot_tell" if flat else "up" if found.low > 0 else "down" if found.high < 0 else "cannot_tell"  # fmt: skip
    shown = dict.fromkeys(("low", "high", "p")) if flat else {"low": found.low, "high": found.high, "p": found.p}  # fmt: skip
    return {
        "groups": [{"group": g.name, "n": g.n, "mean": g.mean, **edges(g)} for g in groups], "effect": found.effect, **shown, "verdict": "too_few" if few else verdict,
        "baseline": first.name, "kind": "share" if first.won is not None else "mean",
        "says": "caused, if the groups were drawn at random and logged before the start; else only different",
    }  # fmt: skip


def edges(group: Group) -> dict[str, float | None]:
    """The interval of a group; none of a mean of one value."""
    alone = group.won is None and group.n < 2
    return {"low": None if alone else group.low, "high": None if alone else group.high}


def groups_of(table: Table, options: Mapping[str, Any]) -> list[Group]:
    """The groups, baseline first: the one named, else one called control, else the first in the alphabet."""
    names = [cell.strip() for cell in table.column(options["group"], "group")]
    cells = table.column(options["outcome"], "outcome")
    yes = won_of(table, options["outcome"], cells, options.get("won"), strict=False)
    values = [float(v) for v in yes] if yes else table.numbers(options["outcome"], "outcome")
    wanted = [n.strip() for n in options.get("compare") or [] if n.strip()]
    found: dict[str, list[float]] = defaultdict(list)
    for name, value in zip(names, values, strict=True):
        if name and not isnan(value) and (not wanted or name in wanted):
            found[name].append(value)
    order = sorted(found, key=lambda n: (n.casefold() not in BASELINES, n))
    base = options.get("baseline") or (wanted[0] if wanted else None)
    if base is not None:
        if base not in found:
            raise Invalid(f"There is no group {base!r}.", field="baseline", repair=f"The groups are {', '.join(order)}.")  # fmt: skip
        order.sort(key=lambda n: n != base)
    return [share(n, int(sum(found[n])), len(found[n])) if yes else average(n, found[n]) for n in order]  # fmt: skip
