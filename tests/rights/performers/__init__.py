"""How each verb is performed in the test of expected.csv: one module a package, `PERFORMERS` in each.

A performer takes the world, prepares with the founder's Rights what the verb needs, and returns a function that performs
the verb as the given actor. The verb must succeed for somebody who holds nothing but the Right that it declares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path

from socius.organisation.models import Actor, Person, Unit


@dataclass
class World:
    """A founded organisation: the root, a hub, a spoke below it, the founder and somebody who holds nothing."""

    at: datetime
    founder: Actor
    root: Unit
    hub: Unit
    spoke: Unit
    somebody: Person


Performer = Callable[[World], Callable[[Actor], object]]


def all_performers() -> dict[str, Performer]:
    """`package.verb` -> its performer."""
    found: dict[str, Performer] = {}
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        module = import_module(f"performers.{path.stem}")
        found |= {f"{path.stem}.{verb}": one for verb, one in module.PERFORMERS.items()}
    return found
