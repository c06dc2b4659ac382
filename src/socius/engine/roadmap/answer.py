"""The answer of a check as plain data: one form for the command line, the API and whoever reads the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from socius.engine.roadmap.audit import flags, horizon
from socius.engine.roadmap.order import standings
from socius.engine.roadmap.plan import Frame, Item, Range, quarter_name
from socius.engine.roadmap.reading import FORMAT, Problem
from socius.engine.roadmap.schedule import Change, Plan, Slot, compare, planned


def answer(
    items: Sequence[Item],
    frame: Frame,
    problems: Sequence[Problem] = (),
    *,
    what_if: Frame | None = None,
) -> dict[str, Any]:
    """The order with its reasons, the schedule, the flags; with `what_if` also what another frame would change."""
    if problems:
        faults = [{"place": p.place, "say": p.say, "remedy": p.remedy} for p in problems]
        return {"format": FORMAT, "sound": False, "problems": faults}
    plan, places = planned(items, frame), standings([i for i in items if i.live], frame)
    last = horizon(plan)
    refused = [item for item in items if item.state == "rejected"]
    said = {
        "format": FORMAT,
        "sound": True,
        "problems": [],
        "as_of": frame.as_of.isoformat(),
        "quarters": [quarter_name(frame.first + q) for q in range(frame.quarters)],
        "capacity_hours": frame.capacity,
        "load_hours": [round(hours, 1) for hours in plan.load()],
        "horizon": last.isoformat() if last else None,
        "value_by_year": [round(value, 2) for value in plan.value_by_year()],
        "order": [
            {"place": at, **slot_data(slot), "standing": standing_data(places[slot.item.id])}
            for at, slot in enumerate(plan.slots, 1)
        ],
        "wont_do": [{"id": i.id, "title": i.title, "reason": i.reason} for i in refused],
        "flags": [{"kind": f.kind, "say": f.say, "items": list(f.items)} for f in flags(items, plan)],
    }  # fmt: skip
    if what_if is not None:
        said["what_if"] = change_data(plan, planned(items, what_if))
    return said


def what_if_of(frame: Frame, capacity: float | None, effort: float) -> Frame | None:
    """The same frame with other hours or efforts; None where nothing differs."""
    other = replace(
        frame,
        capacity=frame.capacity if capacity is None else capacity,
        effort_factor=frame.effort_factor * effort,
    )
    return None if other == frame else other


def slot_data(slot: Slot) -> dict[str, Any]:
    """When one item is worked on."""
    return {
        "id": slot.item.id,
        "title": slot.item.title,
        "state": slot.item.state,
        "why": slot.why,
        "first": None if slot.first is None else quarter_name(slot.first),
        "last": None if slot.last is None else quarter_name(slot.last),
        "ends_inside": slot.last is not None and not slot.over,
        "waits": slot.waits,
        "fits": None if slot.fits is None else round(slot.fits, 3),
        "needs": list(slot.item.needs),
        "hours": [round(hours, 1) for hours in slot.hours],
    }


def standing_data(one: Any) -> dict[str, Any]:
    """Where one item stands when the estimates vary."""
    ratio: Range | None = one.ratio
    return {
        "points_per_100_hours": None
        if ratio is None
        else [round(part, 2) for part in (ratio.low, ratio.likely, ratio.high)],
        "median_place": one.place or None,
        "places_90": [one.low, one.high] if one.place else None,
        "first_share": round(one.first, 3),
        "tied_with": list(one.tied),
    }


def change_data(before: Plan, after: Plan) -> dict[str, Any]:
    """What another frame changes."""

    def one(change: Change) -> dict[str, Any]:
        return {"id": change.item.id, "quarters": change.quarters, "say": change.say}

    return {
        "capacity_hours": after.frame.capacity,
        "effort_factor": after.frame.effort_factor,
        "value_by_year": [round(value, 2) for value in after.value_by_year()],
        "changes": [one(change) for change in compare(before, after)],
    }
