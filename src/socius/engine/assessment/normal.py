"""Every item on one scale from 0 to 1, as section 4 of docs/reference/assessment.md says. Items about size have no such value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from socius.engine.assessment.questionnaire import Item, Part

Values = Mapping[str, Any]
Normal = Callable[[Values], float | None]

# q10 is compared, the others depend on the size of the firm.
WITHOUT = {"q10", "q16", "q17", "q23", "q24", "q34"}
METHOD_WORTH = {
    "testing": 1.0,
    "integrated": 0.8,
    "tagging": 0.6,
    "commerce": 0.6,
    "correlation": 0.4,
    "anecdote": 0.2,
}
BUSINESS_MEASURES = frozenset({"process_improved", "financial_result"})
ENOUGH_DEPARTMENTS = 5
# A centre that answers requests 30 % of its time or less is at 1, at 80 % or more at 0.
BUSY_AT_MOST, BUSY_RANGE = 80, 50


def normal(item: Item) -> Normal | None:
    """The function from answers to 0..1 (None: not answered), or None where the item has no such value."""
    if item.id in WITHOUT:
        return None
    made = OWN.get(item.id)
    return made(item) if made else plain(item.parts[0])


def plain(part: Part) -> Normal:
    """By the kind of the part alone."""
    key = part.key
    if part.kind == "level":
        return lambda values: None if (v := values.get(key)) is None else v / 4
    if part.kind == "share":
        return lambda values: None if (v := values.get(key)) is None else v / 100
    if part.kind == "many":
        n = len(part.options)
        return lambda values: None if (v := values.get(key)) is None else len(v) / n
    return looked_up(part, {o.id: i / (len(part.options) - 1) for i, o in enumerate(part.options)})


def looked_up(part: Part, worth: dict[str, float], other: float | None = None) -> Normal:
    """By a table of options; `other` for what the table lacks."""
    key = part.key
    table = {o.id: worth.get(o.id, other) for o in part.options}
    return lambda values: table.get(values.get(key, ""))


def _executives(item: Item) -> Normal:
    keys = [part.key for part in item.parts]

    def value(values: Values) -> float | None:
        known = [values[key] for key in keys if key in values]
        return min(known) / 4 if len(known) == len(keys) else None

    return value


def _departments(item: Item) -> Normal:
    key = item.part("departments").key
    return lambda values: (
        None if (v := values.get(key)) is None else min(1.0, len(v) / ENOUGH_DEPARTMENTS)
    )


def _requests(item: Item) -> Normal:
    key = item.parts[0].key
    return lambda values: (
        None
        if (v := values.get(key)) is None
        else min(1.0, max(0.0, (BUSY_AT_MOST - v) / BUSY_RANGE))
    )


def _planned(item: Item) -> Normal:
    planned, with_goal = (part.key for part in item.parts)

    def value(values: Values) -> float | None:
        total = values.get(planned)
        return min(1.0, values.get(with_goal, 0) / total) if total else None

    return value


def _methods(item: Item) -> Normal:
    key = item.part("methods").key
    return lambda values: (
        None if (v := values.get(key)) is None else max((METHOD_WORTH[m] for m in v), default=0.0)
    )


def _triage(item: Item) -> Normal:
    level, share = (part.key for part in item.parts)

    def value(values: Values) -> float | None:
        known = [
            v / top
            for v, top in ((values.get(level), 4), (values.get(share), 100))
            if v is not None
        ]
        return sum(known) / len(known) if known else None

    return value


def _network(item: Item) -> Normal:
    measures = item.part("measures").key
    well = plain(item.part("how_well"))

    def value(values: Values) -> float | None:
        how_well = well(values)
        held = values.get(measures)
        if held is None or how_well is None:
            return None
        return (float(bool(held & BUSINESS_MEASURES)) + how_well) / 2

    return value


OWN: dict[str, Callable[[Item], Normal]] = {
    "q12": _executives,
    "q13": lambda item: looked_up(item.parts[0], {"decentralised": 0.0}, 1.0),
    "q14": lambda item: plain(item.part("dated")),
    "q15": lambda item: looked_up(item.parts[0], {"none": 0.0}, 1.0),
    "q18": _departments,
    "q19": _requests,
    "q25": _planned,
    "q38": _methods,
    "q39": lambda item: looked_up(item.parts[0], {"followers": 0.0, "engagement": 1 / 3}, 1.0),
    "q41": _triage,
    "q44": _network,
}
