"""The tree of units: accounts, activities, and how much of it has a line to a goal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.kit import clock
from socius.kit.errors import Invalid
from socius.measure.reports import asked, sighted
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import UnitRow, units_tree
from socius.strategy.reports import counted
from socius.web.pages import acting, day

WINDOW = timedelta(days=89)


@dataclass
class Branch:
    """A Unit with what it and all below it hold."""

    unit: UnitRow
    accounts: int = 0
    lineless: int = 0
    total: int = 0
    none: int = 0
    own: tuple[int, int] = (0, 0)  # activities of the Unit itself, and those without a line
    below: list[Branch] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """The share of activity with a line; None where nothing was counted."""
        return (self.total - self.none) / self.total if self.total else None


def tree(request: HttpRequest) -> HttpResponse:
    """The tree on a day, as a picture and as a table."""
    actor = acting(request)
    require_somewhere(actor, "account.view")
    today = actor.day
    on = day(request, "on") or today
    if on > today:
        raise Invalid(f"{on} lies in the future.", field="on", repair=f"Use {today} or earlier.")
    rows = units_tree(on, actor)
    branches = grown(rows, activity(actor, on), counted(actor)["unit"])
    page: dict[str, Any] = {
        "on": on,
        "past": on != today,
        "first": on - WINDOW,
        "branches": branches,
        "picture": [drawn(b) for b in branches if b.unit.depth == 0],
        "tab": "units",
    }
    return render(request, "units/tree.html", page)


def activity(actor: Actor, on: date) -> dict[int, tuple[int, int]]:
    """Activities of the 90 days up to the day, and those of them without a line, by Unit."""
    sight = sighted(actor, asked(clock.now(), None, on - WINDOW, on))
    return {row["key"]: (row["total"], row["none"]) for row in sight["by_unit"]}


def grown(
    rows: list[UnitRow],
    activity: dict[int, tuple[int, int]],
    accounts: dict[int, tuple[int, int]],
) -> list[Branch]:
    """Every Unit with the sums over what lies below it; parents come before children."""
    found = {row.id: Branch(row) for row in rows}
    for branch in reversed(found.values()):
        total, none = activity.get(branch.unit.id, (0, 0))
        have, lineless = accounts.get(branch.unit.id, (0, 0))
        branch.own = (total, none)
        branch.total += total
        branch.none += none
        branch.accounts += have
        branch.lineless += lineless
        parent = found.get(branch.unit.parent or 0)
        if parent:
            parent.below.insert(0, branch)
            parent.total += branch.total
            parent.none += branch.none
            parent.accounts += branch.accounts
            parent.lineless += branch.lineless
    return list(found.values())


def drawn(branch: Branch) -> dict[str, Any]:
    """A Unit of the picture: its area is its activity, its colour the share with a line."""
    leaf: dict[str, Any] = {
        "name": branch.unit.name,
        "value": branch.total,
        "share": branch.share,
        "id": branch.unit.id,
    }
    children = [drawn(child) for child in branch.below if child.total]
    total, none = branch.own
    if children and total:
        own = {
            "name": f"{branch.unit.name} itself",
            "value": total,
            "share": (total - none) / total,
            "id": branch.unit.id,
        }
        children.append(own)
    return {**leaf, "children": children} if children else leaf
