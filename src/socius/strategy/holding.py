"""Which account lies in which cell of an experiment, and what holds one back that lies in none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from socius.accounts.models import Account
from socius.organisation.models import Unit, fold

if TYPE_CHECKING:
    from socius.strategy.models import Cell


def places_of(account: Account, aimed: Collection[str] = ()) -> set[str]:
    """The folded regions and countries that a post of an account goes to."""
    return {fold(name) for name in (aimed or (account.region, account.country)) if name.strip()}


def units_above(account: Account) -> set[int]:
    """The numbers of the account's unit and of all above it."""
    rows = Unit.objects.filter(pk=account.unit_id).values_list("ancestors__ancestor", flat=True)
    return set(rows)


def first_holding(
    cells: Iterable[Cell], account: Account, aimed: Collection[str] = ()
) -> Cell | None:
    """The first of the cells that bind on a day that keeps posts of the account back, experiment by experiment."""
    found: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.experiment_id].append(cell)
    if not found:
        return None
    places, units = places_of(account, aimed), units_above(account)
    holding = (holds_back(some, account, places, units) for some in found.values())
    return next((cell for cell in holding if cell is not None), None)


def holds_back(
    cells: Sequence[Cell], account: Account, places: Collection[str], units: Collection[int]
) -> Cell | None:
    """The cell of one experiment that keeps posts of the account back on a day on which these cells bind."""
    off = [cell for cell in cells if cell.arm == "off"]
    inside = [cell for cell in cells if cell.holds(account, places, units)]
    held = [cell for cell in inside if cell.arm == "off"]
    if held or not off:
        return held[0] if held else None
    return None if inside else off[0]
