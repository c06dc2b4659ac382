"""The questionnaire as data: items with their parts, the roles that are asked, the short form.

Ids of items are stable for ever; wording and options are versioned (`full@1`). A part is what one control of the form holds;
its key is the item's id, with `.part` behind it where the item has several.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from socius.kit.errors import Invalid

FACTORS = ("1", "2", "3", "4", "5a", "5b", "6", "7")
FACTOR_NAMES = {
    "1": "Goals of the business come first",
    "2": "A long-term vision",
    "3": "Executives stand behind it",
    "4": "A roadmap of initiatives",
    "5a": "Governance and process",
    "5b": "Education",
    "6": "People, resources, funding",
    "7": "Technology comes last",
}
STAGE_NAMES = (
    "Not started",
    "Planning",
    "Presence",
    "Engagement",
    "Formalized",
    "Strategic",
    "Converged",
)
MISSING = ("dont_know", "not_applicable")
LEVEL_MOST = 4
FORMS = {"full@1": "full-1", "short@1": "short-1"}


def data(name: str) -> dict[str, Any]:
    """One shipped data file of rules."""
    text = files("socius.engine.assessment").joinpath("data", f"{name}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its id in files and its words on the form."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to answer. Kinds: level 0-4, scale 1-4, share in per cent, number, money, one of options, many of options."""

    key: str
    id: str
    kind: str
    words: str
    options: tuple[Option, ...]
    ordered: bool
    auto: str  # how Socius computes it from its own data; "" where people answer

    def rank(self, option: str) -> int:
        """The place of an option in its order, from 0."""
        return [o.id for o in self.options].index(option)

    def named(self, option: str) -> str:
        """The words of an option."""
        return next(o.words for o in self.options if o.id == option)


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `profile` lists the stages in whose profile it stands, `criterion` is A, O or None."""

    id: str
    dimension: str
    text: str
    parts: tuple[Part, ...]
    factors: tuple[str, ...]
    profile: tuple[int, ...]
    criterion: str | None
    benchmark: tuple[str, ...]
    benchmark_status: str  # P published, ~ published with other wording or base, none
    name: str  # the practice in a few words

    def part(self, name: str) -> Part:
        """A part by its id; KeyError where there is none."""
        for part in self.parts:
            if part.id == name:
                return part
        raise KeyError(name)


@dataclass(frozen=True, slots=True, eq=False)
class Questionnaire:
    """A form: its items in order, who is asked what, the highest stage that it can show. There is one object per version."""

    id: str
    name: str
    minutes: int
    levels: tuple[str, ...]
    items: tuple[Item, ...]
    not_asked: Mapping[str, frozenset[str]]
    highest_stage: int
    short: bool

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that a rater can have."""
        return tuple(self.not_asked)

    def item(self, name: str) -> Item:
        """An item by its id; KeyError where this form lacks it."""
        for item in self.items:
            if item.id == name:
                return item
        raise KeyError(name)

    def asked(self, role: str) -> tuple[Item, ...]:
        """The items for one role. The short form asks every role everything."""
        if self.short:
            return self.items
        return tuple(item for item in self.items if item.id not in self.not_asked[role])


def questionnaire(version: str) -> Questionnaire:
    """A form by its version, such as `full@1`; Invalid with the known ones where it is unknown."""
    if version not in FORMS:
        raise Invalid(
            f"questionnaire is {version!r}, which this Socius does not know.",
            field="questionnaire",
            repair=f"Write one of {', '.join(FORMS)}.",
        )
    return _load(version)


@cache
def _load(version: str) -> Questionnaire:
    raw = data(FORMS[version])
    if "of" not in raw:
        return _whole(raw)
    whole = _load(raw["of"])
    items = [_narrowed(whole.item(name), raw["parts"].get(name)) for name in raw["items"]]
    return Questionnaire(
        version,
        raw["name"],
        raw["minutes"],
        whole.levels,
        tuple(items),
        dict.fromkeys(whole.roles, frozenset()),
        raw["highest_stage"],
        True,
    )


def _whole(raw: dict[str, Any]) -> Questionnaire:
    return Questionnaire(
        raw["id"],
        raw["name"],
        raw["minutes"],
        tuple(raw["levels"]),
        tuple(_item(one) for one in raw["items"]),
        {role["id"]: frozenset(role["not_asked"]) for role in raw["roles"]},
        6,
        False,
    )


def _item(raw: dict[str, Any]) -> Item:
    return Item(
        raw["id"],
        raw["dimension"],
        raw["text"],
        tuple(_part(raw["id"], part) for part in raw["parts"]),
        tuple(raw["factors"]),
        tuple(raw["profile"]),
        raw["criterion"],
        tuple(raw["benchmark"]),
        raw["benchmark_status"],
        raw["name"] or raw["text"],
    )


def _part(item: str, raw: dict[str, Any]) -> Part:
    return Part(
        f"{item}.{raw['id']}" if raw["id"] else item,
        raw["id"],
        raw["kind"],
        raw.get("words", ""),
        tuple(Option(**option) for option in raw.get("options", ())),
        bool(raw.get("ordered", False)),
        raw.get("auto", ""),
    )


def _narrowed(item: Item, names: list[str] | None) -> Item:
    """The short form may ask only some parts of an item."""
    if names is None:
        return item
    kept = tuple(part for part in item.parts if part.id in names)
    return Item(
        item.id,
        item.dimension,
        item.text,
        kept,
        item.factors,
        item.profile,
        item.criterion,
        item.benchmark,
        item.benchmark_status,
        item.name,
    )
