"""Reads a roadmap from data (the file of `socius roadmap check`): every problem with its place and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from socius.engine.roadmap.order import cycle_in
from socius.engine.roadmap.plan import QUARTERS, STATES, Frame, Item, Prerequisite, Range

FORMAT = "socius-roadmap/1"
TOP = frozenset({"format", "as_of", "capacity_hours", "hour_value", "currency", "initiatives"})
FIELDS = frozenset(
    [
        "id",
        "title",
        "state",
        "kind",
        "scope",
        "functions",
        "goals",
        "value",
        "hours",
        "cost",
        "quarters",
        "done",
        "start",
        "end",
        "needs",
        "ready",
        "sponsor",
        "review",
        "reason",
        "place",
    ]
)
READY = frozenset({"what", "item", "met", "expected"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where in the file, and what to do."""

    place: str
    say: str
    remedy: str


class Reader:
    """Reads values one by one and keeps what is wrong with them; a wrong value reads as its default."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, place: str, say: str, remedy: str) -> None:
        """Notes a problem."""
        self.problems.append(Problem(place, say, remedy))

    def text(self, data: Mapping[str, Any], name: str, place: str, default: str = "") -> str:
        """A string."""
        value = data.get(name, default)
        if isinstance(value, str):
            return value.strip()
        self.wrong(f"{place}.{name}", f"{value!r} is no text.", "Write it in quotes.")
        return default

    def word(self, data: Mapping[str, Any], name: str, place: str, words: tuple[str, ...]) -> str:
        """One of some words; the first where it is left out."""
        value = data.get(name, words[0])
        if value in words:
            return str(value)
        remedy = f"Use one of {', '.join(words)}."
        self.wrong(f"{place}.{name}", f"{value!r} is no {name} of an initiative.", remedy)
        return words[0]

    def words(self, data: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
        """A list of strings."""
        value = data.get(name) or []
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(dict.fromkeys(value))
        self.wrong(f"{place}.{name}", f"{value!r} is no list of names.", 'Write ["one", "two"].')
        return ()

    def day(self, data: Mapping[str, Any], name: str, place: str) -> date | None:
        """A date; None where it is left out."""
        value = data.get(name)
        if value in (None, ""):
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.wrong(f"{place}.{name}", f"{value!r} is no date.", "Write it as 2027-03-31.")
            return None

    def number(
        self, data: Mapping[str, Any], name: str, place: str, most: float = 1e12
    ) -> float | None:
        """A number from 0 to `most`; None where it is left out."""
        value = data.get(name)
        if value is None:
            return None
        if is_number(value) and 0 <= value <= most:
            return float(value)
        limit = f"from 0 to {most:g}" if most < 1e12 else "of 0 or more"
        self.wrong(f"{place}.{name}", f"{value!r} is no number {limit}.", "Give one, or null.")
        return None

    def range(
        self, data: Mapping[str, Any], name: str, place: str, most: float = 1e12
    ) -> Range | None:
        """`[low, likely, high]` or one number; None where it is left out."""
        value = data.get(name)
        if value is None:
            return None
        three = [value] * 3 if is_number(value) else value
        here = f"{place}.{name}"
        if not (isinstance(three, list) and len(three) == 3 and all(map(is_number, three))):
            self.wrong(here, f"{value!r} is no range.", "Write [low, likely, high] or one number.")
            return None
        low, likely, high = map(float, three)
        if not 0 <= low <= likely <= high <= most:
            limit = (
                f" and stay within 0 and {most:g}" if most < 1e12 else " and start at 0 or above"
            )
            remedy = f"Low, likely and high have to rise in this order{limit}."
            self.wrong(here, f"{value!r} is no range that can be.", remedy)
            return None
        return Range(low, likely, high)

    def unknown(self, data: Mapping[str, Any], known: frozenset[str], place: str) -> None:
        """Notes keys that mean nothing here: a slip of the pen would otherwise be lost in silence."""
        for name in sorted(set(data) - known):
            remedy = f"Take it out or use one of {', '.join(sorted(known))}."
            self.wrong(f"{place}.{name}".lstrip("."), f"There is no key {name!r} here.", remedy)


def is_number(value: object) -> bool:
    """An int or a float that is finite; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def read_plan(data: object, today: date) -> tuple[list[Item], Frame, list[Problem]]:
    """The items, the frame and all problems. With a problem nothing else of the answer is to be relied on."""
    reader = Reader()
    frame = Frame(today)
    if not isinstance(data, dict):
        reader.wrong("file", "The file holds no JSON object.", 'Begin it with {"format": …}.')
        return [], frame, reader.problems
    if data.get("format") != FORMAT:
        say = f"{data.get('format')!r} is no format that is known."
        reader.wrong("format", say, f'Write "format": "{FORMAT}".')
    reader.unknown(data, TOP, "")
    frame = Frame(
        reader.day(data, "as_of", "file") or today,
        reader.number(data, "capacity_hours", "file"),
        reader.number(data, "hour_value", "file") or None,
        quarters=QUARTERS,
    )
    rows = data.get("initiatives")
    if not isinstance(rows, list):
        say = "There is no list of initiatives."
        reader.wrong("initiatives", say, 'Write "initiatives": [{"id": …, "title": …}].')
        return [], frame, reader.problems
    items = [_item(reader, row, f"initiatives[{at}]") for at, row in enumerate(rows)]
    read = [item for item in items if item is not None]
    _together(reader, items)
    return read, frame, reader.problems


def _item(reader: Reader, row: object, place: str) -> Item | None:
    if not isinstance(row, dict):
        reader.wrong(place, f"{row!r} is no initiative.", 'Write {"id": …, "title": …}.')
        return None
    reader.unknown(row, FIELDS, place)
    name = reader.text(row, "id", place)
    if not name:
        reader.wrong(f"{place}.id", "The initiative has no id.", "Give each a short name.")
    start, end = reader.day(row, "start", place), reader.day(row, "end", place)
    if start and end and end < start:
        say = f"It ends ({end}) before it starts ({start})."
        reader.wrong(f"{place}.end", say, "Swap or correct the dates.")
    return Item(
        id=name,
        title=reader.text(row, "title", place) or name,
        state=reader.word(row, "state", place, STATES),
        kind=reader.word(row, "kind", place, ("external", "internal")),
        scope=reader.word(row, "scope", place, ("function", "enterprise")),
        functions=reader.words(row, "functions", place),
        goals=reader.words(row, "goals", place),
        value=reader.range(row, "value", place, 100),
        hours=reader.range(row, "hours", place),
        cost=reader.range(row, "cost", place),
        quarters=_count(reader, row, "quarters", place) or 1,
        done=reader.number(row, "done", place, 1) or 0.0,
        start=start,
        end=end,
        needs=reader.words(row, "needs", place),
        ready=_ready(reader, row.get("ready") or [], f"{place}.ready"),
        sponsor=reader.text(row, "sponsor", place),
        review=reader.day(row, "review", place),
        reason=reader.text(row, "reason", place),
        place=_count(reader, row, "place", place),
    )


def _count(reader: Reader, row: Mapping[str, Any], name: str, place: str) -> int:
    value = row.get(name)
    if value is None:
        return 0
    if is_number(value) and value == int(value) and 1 <= value <= 1000:
        return int(value)
    reader.wrong(f"{place}.{name}", f"{value!r} is no whole number from 1.", "Correct it.")
    return 0


def _ready(reader: Reader, rows: object, place: str) -> tuple[Prerequisite, ...]:
    if not isinstance(rows, list):
        reader.wrong(place, f"{rows!r} is no list.", 'Write [{"what": …, "met": false}].')
        return ()
    out = []
    for at, row in enumerate(rows):
        here = f"{place}[{at}]"
        if not isinstance(row, dict):
            reader.wrong(here, f"{row!r} is no prerequisite.", 'Write {"what": …, "met": false}.')
            continue
        reader.unknown(row, READY, here)
        met = row.get("met", False)
        if not isinstance(met, bool):
            reader.wrong(f"{here}.met", f"{met!r} is neither true nor false.", "Write one of both.")
        item = reader.text(row, "item", here)
        what = reader.text(row, "what", here) or item
        if not what:
            reader.wrong(
                f"{here}.what", "It does not say what has to stand.", "Say it in a few words."
            )
        out.append(Prerequisite(what, met is True, reader.day(row, "expected", here), item))
    return tuple(out)


def _together(reader: Reader, items: list[Item | None]) -> None:
    """What only shows when all initiatives are seen: a name twice, a name that nothing has, a circle."""
    places: dict[str, int] = {}
    for at, item in enumerate(items):
        if item is None or not item.id:
            continue
        if item.id in places:
            say = f"{item.id!r} is the id of initiatives[{places[item.id]}] already."
            reader.wrong(f"initiatives[{at}].id", say, "Give one of both another id.")
        places.setdefault(item.id, at)
    for at, item in enumerate(items):
        for need in item.needs if item else ():
            if need not in places:
                say = f"It needs {need!r}, and no initiative has this id."
                reader.wrong(f"initiatives[{at}].needs", say, "Correct the id or take it out.")
    circle = cycle_in({item.id: item.needs for item in items if item})
    if circle:
        say = f"These need one another in a circle: {' → '.join(circle)}."
        where = f"initiatives[{places.get(circle[0], 0)}].needs"
        reader.wrong(where, say, "Take one of these needs out; none of them could ever begin.")
