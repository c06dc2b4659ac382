"""The organisation's roadmap: its initiatives as the engine sees them, laid out, and against a what-if."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from socius.engine.roadmap import (
    Change,
    Flag,
    Frame,
    Item,
    Plan,
    Prerequisite,
    Range,
    Standing,
    compare,
    flags,
    horizon,
    planned,
    standings,
)
from socius.organisation.models import Actor
from socius.strategy import reports
from socius.strategy.models import Initiative, RoadmapFrame
from socius.strategy.reports import Work


@dataclass(frozen=True)
class Roadmap:
    """Everything that the page shows. `changes` is empty where no what-if was asked."""

    works: dict[str, Work]
    plan: Plan
    standings: dict[str, Standing]
    flags: list[Flag]
    horizon: date | None
    rejected: list[Work]
    ended: list[Work]
    stated: RoadmapFrame | None
    asked: Plan | None
    changes: dict[str, Change]


def roadmap(
    actor: Actor,
    today: date,
    *,
    capacity: float | None = None,
    effort: float = 1.0,
    hour_value: float | None = None,
) -> Roadmap:
    """The roadmap of what the actor may see; with another capacity, effort or value of an hour also what would change."""
    works = reports.works(reports.initiatives(actor), actor)
    items = items_of(works, actor)
    stated = reports.frame_at(actor)
    frame = frame_of(stated, today)
    plan = planned(items, frame)
    other = replace(
        frame,
        capacity=frame.capacity if capacity is None else capacity,
        effort_factor=effort,
        hour_value=frame.hour_value if hour_value is None else hour_value,
    )
    asked = planned(items, other) if other != frame else None
    return Roadmap(
        works={str(work.initiative.pk): work for work in works},
        plan=plan,
        standings=standings([item for item in items if item.live], frame),
        flags=flags(items, plan),
        horizon=horizon(plan),
        rejected=[w for w in works if w.initiative.status == "rejected"],
        ended=[w for w in works if w.initiative.status == "ended"],
        stated=stated,
        asked=asked,
        changes={c.item.id: c for c in compare(plan, asked)} if asked else {},
    )


def frame_of(stated: RoadmapFrame | None, today: date) -> Frame:
    """The frame as the engine takes it; without one everything begins as early as it can."""
    if stated is None:
        return Frame(today)
    worth = float(stated.hour_value) if stated.hour_value else None
    return Frame(today, float(stated.capacity_hours), worth)


def items_of(works: Iterable[Work], actor: Actor) -> list[Item]:
    """Initiatives as the engine sees them; two queries whatever their number."""
    rows = list(works)
    ids = [work.initiative.pk for work in rows]
    needs, first = reports.needs_of(ids, actor), reports.prerequisites_of(ids, actor)
    seen = set(ids)
    return [
        Item(
            id=str(one.pk),
            title=one.title,
            state=one.status,
            kind=one.kind,
            scope=one.scope,
            functions=functions_of(one),
            goals=tuple(str(goal) for goal in work.goals),
            value=three(one.value_low, one.value_likely, one.value_high),
            hours=three(one.hours_low, one.hours_likely, one.hours_high),
            cost=three(one.cost_low, one.cost_likely, one.cost_high),
            quarters=max(one.quarters, 1),
            done=done_of(work),
            start=one.start,
            end=one.end,
            needs=tuple(str(pk) for pk in needs.get(one.pk, ()) if pk in seen),
            ready=tuple(
                Prerequisite(p.say, p.met_on is not None, p.expected, p.item)
                for p in first.get(one.pk, ())
            ),
            sponsor=one.sponsor,
            review=one.review_due,
            reason=one.reason,
            place=one.place,
        )
        for work in rows
        for one in (work.initiative,)
    ]


def functions_of(initiative: Initiative) -> tuple[str, ...]:
    """The functions that it concerns, in lower case."""
    said = initiative.functions.casefold().split("|")
    return tuple(word.strip() for word in said if word.strip())


def three(low: Decimal | None, likely: Decimal | None, high: Decimal | None) -> Range | None:
    """A range of three columns; None where nothing was said."""
    middle = likely if likely is not None else high if high is not None else low
    if middle is None:
        return None
    ends = (middle if low is None else low, middle, middle if high is None else high)
    return Range(*sorted(float(part) for part in ends))


def done_of(work: Work) -> float:
    """The share of the effort that is behind a running initiative: hours noted of hours planned, at most 95 %."""
    likely = work.initiative.hours_likely
    if work.initiative.status != "running" or not likely:
        return 0.0
    return min(0.95, float(work.cost.hours / likely))
