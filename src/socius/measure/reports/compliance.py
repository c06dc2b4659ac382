"""How far an experiment is carried out as it was drawn: what ran in each cell, and what ran in none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from socius.accounts.models import Account
from socius.activity import reports as ledger
from socius.activity.models import Installation
from socius.measure.models import Design
from socius.measure.reports.trials import Carried
from socius.strategy.models import Cell
from socius.strategy.reports import places_of, units_above


@dataclass
class Kept:
    """A cell with what was assigned and how much of the initiative ran inside it so far."""

    cell: Cell
    activities: int
    state: str  # ahead, running, as assigned, not as assigned

    @property
    def ok(self) -> bool:
        """As assigned, or not yet to be judged."""
        return self.state != "not as assigned"


def compliance(design: Design, at: datetime) -> list[Kept]:
    """Each cell with the activities of the initiative that lie in it, as known at an instant."""
    assert design.experiment is not None  # noqa: S101 - only drawn designs have cells
    cells = list(design.experiment.cells.select_related("unit", "account").order_by("start", "pk"))
    day = Installation.objects.day(at)
    counts = served(design, cells, at)
    return [Kept(cell, counts[cell.pk], state_of(cell, counts[cell.pk], day)) for cell in cells]


# What stands for no cell in the counts of `served`.
NOWHERE = 0


def strays(design: Design, at: datetime) -> int:
    """Activities of the initiative on days of cells that lie in none of them: nobody knows which places they reached."""
    assert design.experiment is not None  # noqa: S101 - only drawn designs have cells
    return served(design, list(design.experiment.cells.all()), at)[NOWHERE]


def served(design: Design, cells: list[Cell], at: datetime) -> Counter[int]:
    """Activities of the initiative by cell, and those that lie in no cell (`NOWHERE`), as known at an instant."""
    last = min(design.end, Installation.objects.day(at))
    rows = [r for r in ledger.rollups(design.start, last, at) if r[4] == design.initiative_id]
    lies = {a.pk: (a, places_of(a), units_above(a)) for a in Account.objects.filter(pk__in={r[2] for r in rows})}  # fmt: skip
    counts: Counter[int] = Counter()
    for row in rows:
        bound = [cell for cell in cells if cell.start <= row[0] <= cell.until]
        inside = [cell.pk for cell in bound if lies_in(cell, lies.get(row[2]))]
        for pk in inside or [NOWHERE] * bool(bound):
            counts[pk] += row[8]
    return counts


def lies_in(cell: Cell, lies: tuple[Account, set[str], set[int]] | None) -> bool:
    """Whether an activity of an account (with its places and units) counts for a cell; one without a known account only for cells that
    hold everywhere.
    """
    if not (cell.unit_id or cell.region or cell.account_id):
        return True
    # Told apart from `forbids`: what has no region is no proof that a region was served.
    return lies is not None and bool(lies[1] or not cell.region) and cell.holds(*lies)


def state_of(cell: Cell, n: int, day: date) -> str:
    """How far a cell is. A cell without the initiative is broken by its first activity; one with it is judged at its end."""
    if day < cell.start:
        return "ahead"
    if cell.arm == "off" and n > 0:
        return "not as assigned"
    if day <= cell.until:
        return "running"
    return "as assigned" if (n > 0) == (cell.arm == "on") else "not as assigned"


def conduct(design: Design, at: datetime) -> Carried:
    """How it was carried out, at its end."""
    kept = compliance(design, at)
    stopped = design.experiment is not None and design.experiment.stopped_on is not None
    units = tuple(int(k.activities > 0) for k in kept) if design.kind != "time_holdout" and len(kept) == len(design.arms) else ()  # fmt: skip
    return Carried(sum(k.state == "as assigned" for k in kept), len(kept), design.looks, stopped, design.planned_looks, design.called_early, units)  # fmt: skip
