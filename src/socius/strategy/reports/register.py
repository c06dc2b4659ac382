"""The register of tools, the strategy in force, and what the roadmap knows of initiatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from socius.kit.clock import micros
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy.models import (
    Dependency,
    HoursLine,
    Prerequisite,
    RoadmapFrame,
    StrategyVersion,
    Tool,
)


def tools(actor: Actor) -> QuerySet[Tool]:
    """The tools of the register that the actor may see, what is asked for first."""
    rows = Tool.objects.filter(visible(actor, "policy.view", own="tool"))
    people = ("asked_by", "decided_by", "override_by")
    return rows.select_related("goal", "strategy", "unit", *people).order_by("status", "name")


def strategies(actor: Actor) -> QuerySet[StrategyVersion]:
    """The versions of the strategy that the actor may see, the newest first."""
    rows = StrategyVersion.objects.filter(visible(actor, "policy.view", own="strategyversion"))
    return rows.select_related("adopted_by").prefetch_related("goals").order_by("-number")


def strategy_in_force() -> StrategyVersion | None:
    """The newest version."""
    return StrategyVersion.objects.order_by("-number").first()


def needs_of(ids: Iterable[int], actor: Actor) -> dict[int, list[int]]:
    """What each initiative needs, as known to the actor's instant."""
    rows = Dependency.objects.known_at(micros(actor.at)).filter(initiative__in=list(ids))
    found: dict[int, list[int]] = defaultdict(list)
    for one, needed in rows.order_by("pk").values_list("initiative_id", "needed_id"):
        found[one].append(needed)
    return found


def prerequisites_of(ids: Iterable[int], actor: Actor) -> dict[int, list[Prerequisite]]:
    """What has to stand before each initiative."""
    rows = Prerequisite.objects.known_at(micros(actor.at)).filter(initiative__in=list(ids))
    found: dict[int, list[Prerequisite]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.initiative_id].append(row)
    return found


def frame_at(actor: Actor) -> RoadmapFrame | None:
    """The frame that stood at the actor's instant; the one stated last where units stated several."""
    rows = RoadmapFrame.objects.known_at(micros(actor.at))
    return rows.order_by("-known_from").first()


def typed_hours(actor: Actor) -> QuerySet[HoursLine]:
    """The hours of hubs (the root is one) that carry a type and that the actor may see."""
    rows = HoursLine.objects.known_at(micros(actor.at)).filter(visible(actor, "analytics.view"))
    return rows.filter(unit__kind__in=("hub", "organisation")).exclude(type="")


def hubs_with_hours(actor: Actor) -> list[tuple[int, str]]:
    """The hubs that have such hours, the root first."""
    rows = typed_hours(actor).values_list("unit_id", "unit__name", "unit__kind").distinct()
    found = sorted(rows, key=lambda row: (row[2] != "organisation", row[1]))
    return [(pk, name) for pk, name, _ in found]


def hub_hours(actor: Actor, hub: int) -> list[tuple[date, str, bool, Decimal]]:
    """(Monday, type, whether it names an initiative, hours) of one hub."""
    rows = typed_hours(actor).filter(unit=hub)
    grouped = rows.values_list("week", "type", "initiative_id").annotate(s=Sum("hours"))
    return [
        (week, kind, initiative is not None, hours or Decimal())
        for week, kind, initiative, hours in grouped.order_by("week")
    ]
