"""A value of a JSON file together with its place, so that every refusal says where."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from socius.kit.errors import Invalid

KINDS: dict[type, str] = {dict: "an object", list: "a list", str: "a text", bool: "true or false", float: "a number", int: "a whole number"}  # fmt: skip
LONGEST_QUOTE = 40


def shown(value: Any) -> str:
    """A value for a sentence, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


class Place:
    """A value and the path to it. Reading methods return plain values or refuse with a sentence."""

    __slots__ = ("path", "value")

    def __init__(self, value: Any, path: str = "") -> None:
        self.value = value
        self.path = path

    def wrong(self, say: str, repair: str) -> NoReturn:
        """Refuses this place."""
        raise Invalid(f"{self.path or 'The file'} {say}.", field=self.path, repair=repair)

    def at(self, name: str) -> Place:
        """A member of an object; its value is None where the object lacks it."""
        return Place(_held(self, dict).get(name), f"{self.path}.{name}" if self.path else name)

    def members(self) -> Iterator[tuple[str, Place]]:
        """The members of an object."""
        for name in _held(self, dict):
            yield name, self.at(name)

    def rows(self) -> list[Place]:
        """The members of a list."""
        return [Place(one, f"{self.path}[{i}]") for i, one in enumerate(_held(self, list))]

    def keys(self, needed: Sequence[str], allowed: Sequence[str] = ()) -> Place:
        """Refuses an object that lacks a needed key or has one that is neither."""
        held = _held(self, dict)
        for name in needed:
            if name not in held:
                self.wrong(f"lacks {name!r}", f"Add {name!r}; needed are {', '.join(needed)}.")
        known = [*needed, *allowed]
        for name in held:
            if name not in known:
                self.wrong(f"has an unknown key {name!r}", f"Known are {', '.join(known)}.")
        return self

    def text(self) -> str:
        """A text that is not empty."""
        if not _held(self, str).strip():
            self.wrong("is empty", "Write a text.")
        return str(self.value)

    def number(self, least: float = 0, most: float = float("inf")) -> float:
        """A number within its range."""
        if not least <= _held(self, float) <= most:
            upto = f" to {most:g}" if most != float("inf") else " or more"
            self.wrong(f"is {shown(self.value)}", f"Write a number of {least:g}{upto}.")
        return float(self.value)

    def whole(self, least: int = 0, most: int | None = None) -> int:
        """A whole number within its range."""
        if _held(self, int) < least or (most is not None and self.value > most):
            upto = f" to {most}" if most is not None else " or more"
            self.wrong(f"is {shown(self.value)}", f"Write a whole number of {least}{upto}.")
        return int(self.value)

    def truth(self) -> bool:
        """True or false."""
        return bool(_held(self, bool))

    def choice(self, options: Sequence[str]) -> str:
        """One of several words."""
        if not isinstance(self.value, str) or self.value not in options:
            self.wrong(f"is {shown(self.value)}", f"Write one of {', '.join(options)}.")
        return self.value

    @property
    def empty(self) -> bool:
        """Null or left out."""
        return self.value is None


def _held(place: Place, kind: type) -> Any:
    """The value, where it is of that kind."""
    number = kind in {float, int}
    fits = isinstance(place.value, int | float if kind is float else kind)
    if not fits or (number and isinstance(place.value, bool)):
        place.wrong(f"is {shown(place.value)}", f"Write {KINDS[kind]}.")
    return place.value


def day_at(place: Place) -> str:
    """A date such as 2026-11-30."""
    try:
        return datetime.date.fromisoformat(place.text()).isoformat()
    except ValueError:
        place.wrong(f"is {shown(place.value)}", "Write a date such as 2026-11-30.")


def parsed(text: str) -> Place:
    """The root of a JSON document; Invalid where it is none, names a key twice or holds a number that JSON lacks."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise Invalid(f"The key {name!r} stands twice in one object.", repair="Keep one.")
            found[name] = value
        return found

    def none(word: str) -> NoReturn:
        raise Invalid(f"The file holds {word}, which is no number of JSON.", repair="Write null.")

    try:
        return Place(json.loads(text, object_pairs_hook=once, parse_constant=none))
    except json.JSONDecodeError as error:
        raise Invalid(
            f"The file is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.",
            repair="Correct that place; docs/reference/assessment.md shows the form.",
        ) from error
    except RecursionError as error:
        raise Invalid(
            "The file nests too deeply.", repair="See docs/reference/assessment.md."
        ) from error
