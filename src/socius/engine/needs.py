"""Five needs that bring organisations to software like this, each from 0 to 4: by what the data show, and by what is said.

The two are shown side by side and never hidden in one another. Thresholds are our own choice and stand in `STEPS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEVELS = ("none", "slight", "some", "strong", "what we are here for")


@dataclass(frozen=True, slots=True)
class Case:
    """A use case: what it is, which signal shows it, what its steps are, where to begin."""

    key: str
    name: str
    about: str
    signal: str
    unit: str
    steps: tuple[float, float, float, float]  # from which value on the level is 1, 2, 3, 4
    first: tuple[tuple[str, str], ...]  # screens that a preset names first: (name, address)
    improve: tuple[str, ...]  # gates and rules whose playbooks help


CASES = (
    Case("response", "Intense response", "many people ask, complain and wait", "replies_a_day", "replies a day", (2, 15, 60, 200), (("Accounts", "/accounts/"), ("Initiatives", "/initiatives/"), ("Line of sight", "/")), ("q41", "C3", "q28")),
    Case("broadcasting", "Social broadcasting", "one voice over many accounts", "posts_a_week", "posts a week over all accounts", (10, 60, 200, 600), (("Accounts", "/accounts/"), ("Goals", "/goals/"), ("Roadmap", "/roadmap/")), ("q05", "C1", "C8")),
    Case("campaigns", "Campaign marketing", "work with a first and a last day", "campaigns_a_year", "external initiatives with both days a year", (1, 4, 10, 25), (("Initiatives", "/initiatives/"), ("Roadmap", "/roadmap/"), ("Outcome series", "/series/")), ("q36", "C7", "q08")),
    Case("distributed", "Distributed presence", "many places speak for themselves", "units_with_accounts", "units that run accounts of their own", (3, 8, 20, 50), (("Units", "/units/"), ("Accounts", "/accounts/"), ("People and rights", "/people/")), ("q20", "q31", "C4")),
    Case("service", "Tailored service", "knowing the single customer", "linked_cases", "share of cases tied to a customer record, in %", (5, 20, 50, 80), (("People and rights", "/people/"), ("Tools", "/tools/"), ("Needs", "/needs/")), ("q42", "q35", "q43")),
)  # fmt: skip
BY_KEY = {case.key: case for case in CASES}


@dataclass(frozen=True, slots=True)
class Need:
    """A use case of one organisation. `data` is None where nothing shows it yet; `said` where nobody answered."""

    case: Case
    signal: float | None
    data: int | None
    said: int | None
    strength: float

    @property
    def differs(self) -> bool:
        """Data and word lie two steps or more apart: worth a talk."""
        return self.data is not None and self.said is not None and abs(self.data - self.said) >= 2


def level(case: Case, value: float | None) -> int | None:
    """The level that a value of the case's signal stands for; None for no value."""
    return None if value is None else sum(value >= step for step in case.steps)


def profile(signals: Mapping[str, float | None], said: Mapping[str, int]) -> list[Need]:
    """The five needs, the strongest first: the mean of data and word, or the one that there is; equal ones by data."""
    found = []
    for case in CASES:
        value = signals.get(case.signal)
        data, word = level(case, value), said.get(case.key)
        known = [part for part in (data, word) if part is not None]
        strength = sum(known) / len(known) if known else 0.0
        found.append(Need(case, value, data, word, strength))
    # Within one level the signal that lies further up its own scale goes first.
    return sorted(
        found, key=lambda n: (-n.strength, -(n.data or 0), -_reach(n), CASES.index(n.case))
    )


def _reach(need: Need) -> float:
    return (need.signal or 0.0) / need.case.steps[-1]
