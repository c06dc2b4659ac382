"""Gate sets: which practice must be in place for which stage. A set is versioned data, so an old result can be replayed.

A test reads the answer of one part and says three things: met or not, met when every threshold moves by one step, and how far
the answer is from the threshold (0 at it or beyond, 1 at nothing). Yes/no tests know only 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from socius.engine.assessment.questionnaire import LEVEL_MOST, Item, Part, data, questionnaire
from socius.kit.errors import Invalid

SETS = {"gates@1": "gates-1"}
NEWEST = "gates@1"
SHARE_STEP = 10
SHARE_MOST = 100

Values = Mapping[str, Any]
Test = Callable[[Values], bool]
Measure = Callable[[Values], float]


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. `tests` are (as written, eased by one step, hardened by one step)."""

    stage: int
    item: Item
    keys: tuple[str, ...]
    needed: str
    tests: tuple[Test, Test, Test]
    deficit: Measure
    show: Callable[[Values], Any]


@dataclass(frozen=True, slots=True)
class GateSet:
    """A version of the gates, ordered by stage, and the thresholds of practices that stand in a profile without gating."""

    id: str
    gates: tuple[Gate, ...]
    practice_level: int
    practice_share: float


def gate_set(version: str) -> GateSet:
    """A gate set by its version; Invalid with the known ones where it is unknown."""
    if version not in SETS:
        raise Invalid(
            f"The gate set {version!r} is unknown.",
            field="version",
            repair=f"Name one of {', '.join(SETS)}.",
        )
    return _load(version)


@cache
def _load(version: str) -> GateSet:
    raw = data(SETS[version])
    form = questionnaire(raw["questionnaire"])
    gates = [_gate(one, form.item(one["item"])) for one in raw["gates"]]
    return GateSet(
        version,
        tuple(sorted(gates, key=lambda gate: gate.stage)),
        raw["practice"]["level"],
        raw["practice"]["share"],
    )


def _gate(raw: dict[str, Any], item: Item) -> Gate:
    names = raw.get("parts") or [raw.get("part", item.parts[0].id)]
    parts = [item.part(name) for name in names]
    keys, tests, deficit, needed = KINDS[raw["test"]](raw, item, parts)
    return Gate(raw["stage"], item, keys, needed, tests, deficit, _shower(keys))


def _shower(keys: tuple[str, ...]) -> Callable[[Values], Any]:
    """What the answers hold at a gate: a bare value, or one per part."""
    if len(keys) == 1:
        key = keys[0]
        return lambda values: values.get(key)
    return lambda values: {key.partition(".")[2]: values.get(key) for key in keys}


Made = tuple[tuple[str, ...], tuple[Test, Test, Test], Measure, str]


def _at_least(key: str, need: float) -> Test:
    return lambda values: values.get(key, -1) >= need


def _short_of(key: str, need: float) -> Measure:
    return lambda values: max(0.0, 1 - values.get(key, 0) / need)


def _level(raw: dict[str, Any], item: Item, parts: list[Part]) -> Made:
    need = raw["need"]
    key = parts[0].key
    tests = tuple(_at_least(key, n) for n in steps(need, 1, 1, LEVEL_MOST))
    return (key,), tests, _short_of(key, need), f"at least {need}"  # type: ignore[return-value]


def steps(need: float, step: float, least: float, most: float) -> tuple[float, float, float]:
    """A threshold as written, eased and hardened by one step, kept within its scale."""
    return need, max(least, need - step), min(most, need + step)


def _share(raw: dict[str, Any], item: Item, parts: list[Part]) -> Made:
    need = raw["need"]
    key = parts[0].key
    tests = tuple(_at_least(key, n) for n in steps(need, SHARE_STEP, 1, SHARE_MOST))
    return (key,), tests, _short_of(key, need), f"at least {need} %"  # type: ignore[return-value]


def _levels(raw: dict[str, Any], item: Item, parts: list[Part]) -> Made:
    need = raw["need"]
    keys = tuple(part.key for part in parts)

    def all_at(least: float) -> Test:
        return lambda values: all(values.get(key, -1) >= least for key in keys)

    tests = tuple(all_at(n) for n in steps(need, 1, 1, LEVEL_MOST))
    words = f"each of {', '.join(part.words for part in parts)} at least {need}"
    return (
        keys,
        tests,  # type: ignore[return-value]
        lambda values: max(0.0, 1 - min(values.get(key, 0) for key in keys) / need),
        words,
    )


def _count(raw: dict[str, Any], item: Item, parts: list[Part]) -> Made:
    need = raw["need"]
    key = parts[0].key
    none: frozenset[str] = frozenset()

    def held(least: float) -> Test:
        return lambda values: len(values.get(key, none)) >= least

    tests = tuple(held(n) for n in steps(need, 1, 1, len(parts[0].options)))
    return (
        (key,),
        tests,  # type: ignore[return-value]
        lambda values: max(0.0, 1 - len(values.get(key, none)) / need),
        f"at least {need} of {len(parts[0].options)}",
    )


def _yes_no(keys: tuple[str, ...], test: Test, needed: str) -> Made:
    return keys, (test, test, test), lambda values: 0.0 if test(values) else 1.0, needed


def _includes(raw: dict[str, Any], item: Item, parts: list[Part]) -> Made:
    part = parts[0]
    key = part.key
    wanted = frozenset(raw["options"])
    words = " and ".join(part.named(option) for option in raw["options"])
    return _yes_no((key,), lambda values: wanted <= values.get(key, frozenset()), words)


def _any(raw: dict[str, Any], item: Item, parts: list[Part]) -> Made:
    part = parts[0]
    key = part.key
    wanted = frozenset(raw["options"])
    words = " or ".join(part.named(option) for option in raw["options"])
    return _yes_no((key,), lambda values: bool(wanted & values.get(key, frozenset())), words)


def _not(raw: dict[str, Any], item: Item, parts: list[Part]) -> Made:
    part = parts[0]
    key = part.key
    passed = {option.id for option in part.options} - set(raw["options"])
    words = "anything but: " + " or ".join(part.named(option) for option in raw["options"])
    return _yes_no((key,), lambda values: values.get(key) in passed, words)


def _ranks(part: Part, least: str) -> dict[str, int]:
    return {option.id: part.rank(option.id) for option in part.options}


def _rank(raw: dict[str, Any], item: Item, parts: list[Part]) -> Made:
    part = parts[0]
    key = part.key
    ranks = _ranks(part, raw["options"][0])
    need = ranks[raw["options"][0]]

    def test(values: Values) -> bool:
        return ranks.get(values.get(key, ""), -1) >= need

    def deficit(values: Values) -> float:
        return max(0.0, 1 - ranks.get(values.get(key, ""), 0) / need)

    words = part.named(raw["options"][0]) + (", or more" if need < len(ranks) - 1 else "")
    return (key,), (test, test, test), deficit, words


def _rank_and_any(raw: dict[str, Any], item: Item, parts: list[Part]) -> Made:
    keys, (first, _, _), _, words = _rank(raw, item, parts)
    second = item.part(raw["second"])
    key = second.key
    wanted = frozenset(raw["any_of"])

    def test(values: Values) -> bool:
        return first(values) and bool(wanted & values.get(key, frozenset()))

    both = f"{words}, and in the budget of at least {second.named(raw['any_of'][0])}"
    return _yes_no((*keys, key), test, both)


KINDS: dict[str, Callable[[dict[str, Any], Item, list[Part]], Made]] = {
    "level": _level,
    "share": _share,
    "levels": _levels,
    "count": _count,
    "includes": _includes,
    "any": _any,
    "not": _not,
    "rank": _rank,
    "rank_and_any": _rank_and_any,
}
