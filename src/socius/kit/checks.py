"""What is checked of many fields, said in the same words everywhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from socius.kit.errors import Invalid


def one_of(value: str, words: Collection[str], *, field: str, what: str) -> None:
    """Raises `Invalid` where a word is none of its list."""
    if value not in words:
        repair = f"Use one of {', '.join(words)}."
        raise Invalid(f"{value!r} is no {what}.", field=field, repair=repair)


def in_order(start: date | None, end: date | None, *, field: str, what: str) -> None:
    """Raises `Invalid` where something ends before it starts; an open end or start is in order."""
    if start and end and end < start:
        say = f"{what} ends ({end}) before it starts ({start})."
        raise Invalid(say, field=field, repair="Swap or correct the dates.")
