"""The shrink guard (R10): a source that comes back much smaller is more often broken than right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SHARE = 0.05  # of all rows that the source owns
UNIT_SHARE = 0.5
SMALLEST_UNIT = 2  # one account that goes is turnover, not a group
UNIT_SIZE = 10  # units that own fewer may lose half without a question
DIMENSIONS = ("unit", "network", "language", "country")


@dataclass(frozen=True)
class Shrink:
    """What a sync would do. `asks`: a person has to confirm it."""

    owned: int
    would_mark_absent: int
    limit: int
    groups_vanished: tuple[str, ...]
    groups_renamed: tuple[str, ...]
    units_halved: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether nothing may be written without confirmation."""
        return self.would_mark_absent > self.limit or bool(
            self.groups_vanished or self.units_halved
        )

    def as_json(self) -> dict[str, Any]:
        """The block of the report."""
        return {
            "owned": self.owned,
            "would_mark_absent": self.would_mark_absent,
            "limit": self.limit,
            "groups_vanished": list(self.groups_vanished),
            "groups_renamed": list(self.groups_renamed),
            "units_halved": list(self.units_halved),
        }


def shrink(
    owned: Mapping[Any, Mapping[str, str]], present: Mapping[Any, Mapping[str, str]]
) -> Shrink:
    """Compares the rows that the source owned with those it brings now.

    Both map a member (the id of the account) to its normalised values of `unit`, `network`, `language`, `country`; '' says nothing.
    A group whose members come back under another value is renamed, not vanished.
    """
    absent = [member for member in owned if member not in present]
    vanished: list[str] = []
    renamed: list[str] = []
    halved: list[str] = []
    for dimension in DIMENSIONS:
        before = _groups(owned, dimension)
        now = _groups(present, dimension)
        for value, members in before.items():
            missing = sum(member not in present for member in members)
            if value not in now and (dimension != "unit" or len(members) >= SMALLEST_UNIT):
                _vanished(members, present, dimension, (f"{dimension}:{value}", vanished, renamed))
            if (
                dimension == "unit"
                and len(members) >= UNIT_SIZE
                and missing > UNIT_SHARE * len(members)
            ):
                halved.append(f"unit:{value}")
    return Shrink(
        len(owned),
        len(absent),
        int(len(owned) * SHARE),
        tuple(vanished),
        tuple(renamed),
        tuple(halved),
    )


def _groups(
    rows: Mapping[Hashable, Mapping[str, str]], dimension: str
) -> dict[str, list[Hashable]]:
    groups: dict[str, list[Hashable]] = defaultdict(list)
    for member, values in rows.items():
        if value := values.get(dimension):
            groups[value].append(member)
    return groups


def _vanished(
    members: Iterable[Hashable],
    present: Mapping[Hashable, Mapping[str, str]],
    dimension: str,
    into: tuple[str, list[str], list[str]],
) -> None:
    name, vanished, renamed = into
    back = [present[m].get(dimension, "") for m in members if m in present]
    if not back:
        vanished.append(name)
    else:
        renamed.append(f"{name} -> {max(set(back), key=back.count) or '(empty)'}")
