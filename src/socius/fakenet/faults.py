"""How the network misbehaves: each fault by its name and how often, or from when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from socius.kit.errors import Invalid

# Chance at each event, 0 to 1; `silent`: 1 is on; `die`: after so many events, 0 is never.
NAMES = ("repeat", "reorder", "cut", "rubbish", "drop", "silent", "die")
RUBBISH = ("{", "\x00\x01\x02", '{"did": 5}', "not json at all", "[]", '{"kind":"commit","time_us":"x"}')  # fmt: skip


@dataclass
class Faults:
    """What is on. Changed while the server runs."""

    on: dict[str, float] = field(default_factory=dict)

    def set(self, words: Iterable[str]) -> None:
        """Takes `NAME=VALUE` words. Raises `Invalid` where one is no fault."""
        for word in words:
            name, _, value = word.partition("=")
            try:
                number = float(value or 1)
            except ValueError:
                number = -1.0
            if name not in NAMES or number < 0:
                raise Invalid(
                    f"{word!r} is no fault.", field="faults", repair=f"Write NAME=VALUE with one of {', '.join(NAMES)}."
                )  # fmt: skip
            self.on[name] = number

    def happens(self, name: str, draw: Random) -> bool:
        """Whether a fault strikes now."""
        return draw.random() < self.on.get(name, 0.0)
