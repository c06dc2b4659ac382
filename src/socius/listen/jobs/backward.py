"""Queries look back: what a query finds among mentions that were stored before it was made, changed, or restored, or that came in a file.

A child of the worker, day by day from the newest; killed, it begins its round again, and a hit that is there stays one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from socius.engine.query.parser import parse
from socius.engine.query.plan import Filed
from socius.engine.stream import StreamPlan, found_again, plan_for
from socius.kit import clock
from socius.listen.actions import backward
from socius.listen.models import Hit, LookBack
from socius.stores.back import days_since, living
from socius.stores.current import deleted
from socius.stores.reached import mark_of
from socius.stores.schema import MENTIONS
from socius.stores.tables import Stored


def look_back(request: Mapping[str, Any]) -> None:
    """Until every query has looked through everything."""
    folder = Path(request["home"]) / "listen"
    while due := backward.due(mark_of(folder)):
        round_of(folder, due)


def round_of(folder: Path, due: list[LookBack]) -> None:
    """All queries that are due, in one pass over the days."""
    mark = mark_of(folder)
    plans: dict[int, list[Filed]] = {}
    for row in due:
        tree = parse(row.query.text).tree
        # What is new to a query: everything for a new version, else the files behind the last one it saw.
        first = row.block + 1 if row.version == row.query.version else 0
        if tree is not None:
            plans.setdefault(first, []).append(Filed(row.query_id, tree, row.query.text, row.query.version))  # fmt: skip
    table = Stored(folder / "mentions", MENTIONS)
    work = [(plan_for(filed), first, days_since(table, first)) for first, filed in plans.items()]
    gone = deleted(table)
    backward.begin(due, max((len(days) for _, _, days in work), default=0), clock.now())
    for plan, first, days in work:
        for day in days:
            rows = living(table, day, first, gone)
            backward.keep(hits_of(found_again(rows, plan)), plan_queries(plan))
    backward.finish(due, mark, clock.now())


def plan_queries(plan: StreamPlan) -> list[int]:
    """Numbers of the queries of a plan."""
    return [int(q.id) for q in plan.queries.queries]


def hits_of(found: list[dict[str, Any]]) -> list[Hit]:
    """Rows of what was found."""
    return [
        Hit(
            query_id=h["query"], version=h["query_version"], key=h["key"].hex(), day=h["day"],
            at=h["created_at"], observed_at=h["observed_at"], block=h["block"],
        )
        for h in found
    ]  # fmt: skip
