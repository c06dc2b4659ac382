"""How a kind and a format are declared: data only, so that adding one touches nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

# text -> str, id -> str (never a number), list -> list[str], date -> date, time -> aware datetime, number -> Decimal,
# integer -> int, range -> (low, likely, high) as Decimals, week -> its Monday, choice -> one of `choices`, network -> its code.
TYPES = (
    "text",
    "id",
    "list",
    "date",
    "time",
    "number",
    "integer",
    "range",
    "week",
    "choice",
    "network",
)


@dataclass(frozen=True)
class Field:
    """One field of a kind."""

    name: str
    type: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 0  # characters of a text, or of each part of a list; 0: as many as there are
    personal: bool = False  # R16: masked wherever a report shows a value of it
    template: bool = True  # a column of our own file; False: understood where another source has it


@dataclass(frozen=True)
class Kind:
    """A noun that can be imported."""

    name: str
    fields: tuple[Field, ...]
    identity: tuple[str, ...]
    one_of: tuple[
        tuple[str, ...], ...
    ] = ()  # at least one of these groups of fields must be complete
    large: bool = False  # applied in blocks
    duplicates: str = "merge"  # of rows in one file: merge identical ones, also reject contradicting ones, or keep all
    sums: tuple[str, ...] = ()  # number fields whose total a file may state
    inventory: bool = False  # rows are accounts: network, address and language are normalised
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def field(self, name: str) -> Field | None:
        """The declaration of a field, None where the kind has none of that name."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True)
class Format:
    """A layout in which a kind comes: which header means which field."""

    name: str
    kind: Kind
    headers: Mapping[str, tuple[str, ...]]  # field -> headers it goes by, the exact one first
    required: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    prefixes: tuple[str, ...] = ()  # words before a colon that some versions put in front of values
    bilingual: str = ""  # what `Bilingual` means in this source


def plain(header: str) -> str:
    """A header reduced to what is compared: trimmed, spaces collapsed, underscores as spaces, case-folded, NFC."""
    text = unicodedata.normalize("NFC", header).replace("_", " ").replace("﻿", "")
    return " ".join(text.split()).casefold()
