"""What the roadmap is made of: plans and decisions of initiatives, the frame, the strategy; executives, the hub's hours, the preset."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from socius.api.acting import actor_of
from socius.api.finding import known, shown, unit
from socius.api.paging import Page, Paging, list_page
from socius.api.routes.roadmap import get_needs
from socius.api.shapes.assess import NeedsOut
from socius.api.shapes.plans import (
    ExecutiveOut,
    FrameIn,
    FrameOut,
    HubOut,
    PlanFieldsIn,
    PlannedOut,
    PresetIn,
    SayIn,
    StrategyIn,
    StrategyOut,
)
from socius.api.values import Number
from socius.assess.actions import choose_preset
from socius.assess.reports.executives import executives_of
from socius.assess.reports.needs import centre_watch
from socius.kit.errors import NotFound
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.strategy import actions, reports
from socius.strategy.models import Goal, Initiative, RoadmapFrame, StrategyVersion

TAG = "roadmap"
SEEN, EDIT = "analytics.view", "initiative.edit"
PLANNED = (
    "key", "title", "status", "sponsor", "functions", "value_low", "value_likely", "value_high", "quarters", "review_due",
    "reason", "place",
)  # fmt: skip
router = Router()


def shape(row: Initiative) -> dict[str, Any]:
    """An initiative as the roadmap knows it."""
    return {"id": row.pk, **{name: getattr(row, name) for name in PLANNED}}


def initiative(number: int, actor: Actor) -> Initiative:
    """The initiative that a change names."""
    return known(Initiative.objects.all(), number, actor, EDIT)


@router.get("/initiatives/{number}/plan", response=PlannedOut)
def get_plan(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """What the roadmap knows of an initiative."""
    actor = actor_of(request)
    require_somewhere(actor, SEEN)
    return shape(shown(reports.initiatives(actor), number))


@router.patch("/initiatives/{number}/plan", response=PlannedOut)
def set_plan(request: HttpRequest, number: Path[Number], given: PlanFieldsIn) -> dict[str, Any]:
    """Says what it is worth, whom it concerns, its shortest time, its next review; what is left out stays."""
    actor = actor_of(request)
    said: Any = given.model_dump(exclude_unset=True)
    return shape(actions.plan_initiative(initiative(number, actor), actor=actor, **said))


@router.post("/initiatives/{number}/decisions", response=PlannedOut)
def decide(request: HttpRequest, number: Path[Number], given: SayIn) -> dict[str, Any]:
    """Accepts it, turns it down, reviews it, or chooses its place in the order; with the reason."""
    actor = actor_of(request)
    row, why = initiative(number, actor), given.reason
    if given.decision == "accept":
        return shape(actions.accept_initiative(row, actor=actor, reason=why))
    if given.decision == "turn_down":
        return shape(actions.turn_down(row, actor=actor, reason=why))
    if given.decision == "review":
        return shape(actions.review_initiative(row, actor=actor, reason=why, due=given.review_due))
    return shape(actions.place_initiative(row, actor=actor, place=given.place, reason=why))


@router.post("/roadmap/frame", response=FrameOut)
def set_frame(request: HttpRequest, given: FrameIn) -> dict[str, Any]:
    """Says how many hours a quarter there are, and what one costs."""
    actor, said = actor_of(request), given.model_dump()
    row: RoadmapFrame = actions.set_frame(unit(said.pop("unit"), actor, EDIT), actor=actor, **said)
    names = ("capacity_hours", "hour_value", "currency")
    return {"unit": row.unit_id, **{name: getattr(row, name) for name in names}}


def strategy_shape(row: StrategyVersion) -> dict[str, Any]:
    """A version of the strategy."""
    names = ("number", "adopted_on", "vision", "plans", "resources")
    goals = [goal.pk for goal in row.goals.all()]
    return {"id": row.pk, **{name: getattr(row, name) for name in names}, "goals": goals, "unit": row.unit_id}  # fmt: skip


@router.get("/strategies", response=Page[StrategyOut])
def list_strategies(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Versions of the strategy, the newest first."""
    actor = actor_of(request)
    require_somewhere(actor, "policy.view")
    return list_page(list(reports.strategies(actor)), asked, lambda row: row.pk, strategy_shape)


@router.post("/strategies", response=StrategyOut)
def adopt_strategy(request: HttpRequest, given: StrategyIn) -> dict[str, Any]:
    """Keeps a strategy as it was adopted; tools are asked for with its id."""
    actor = actor_of(request)
    home = unit(given.unit, actor, "goal.edit")
    goals = [known(Goal.objects.all(), pk, actor, "goal.edit") for pk in dict.fromkeys(given.goals)]
    parts = actions.Parts(given.vision, given.plans, given.resources)
    made = actions.adopt_strategy(home, actor=actor, parts=parts, goals=goals, adopted_on=given.adopted_on)  # fmt: skip
    return strategy_shape(made)


@router.get("/executives", response=list[ExecutiveOut])
def list_executives(request: HttpRequest) -> list[dict[str, Any]]:
    """Owners of running goals: informed, engaged, aligned, by what they did here."""
    actor = actor_of(request)
    require_somewhere(actor, SEEN)
    states = ("informed", "engaged", "aligned")
    return [
        {
            "owner": row.owner,
            "name": row.name,
            "goals": [goal.pk for goal in row.goals],
            **{name: getattr(row, name) for name in states},
            "unknown": list(row.unknown),
            "signs_in": row.signs_in,
        }
        for row in executives_of(actor, actor.day)["rows"]
    ]


def hub_shape(number: int, name: str, actor: Actor) -> dict[str, Any]:
    """The watch over one hub."""
    watch = centre_watch(actor, number)
    held = ("alarm", "verdict", "say", "usual", "now", "linked_usual", "linked_now", "since", "rang", "weeks")  # fmt: skip
    return {"unit": number, "name": name, **{name: getattr(watch, name) for name in held}}


@router.get("/hub", response=list[HubOut])
def list_hubs(request: HttpRequest) -> list[dict[str, Any]]:
    """Hubs whose hours carry a type: whether one turns into a help desk."""
    actor = actor_of(request)
    require_somewhere(actor, SEEN)
    return [hub_shape(pk, name, actor) for pk, name in reports.hubs_with_hours(actor)]


@router.get("/hub/{number}", response=HubOut)
def get_hub(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """The watch over one hub."""
    actor = actor_of(request)
    require_somewhere(actor, SEEN)
    name = dict(reports.hubs_with_hours(actor)).get(number)
    if name is None:
        raise NotFound("There is no such hub here with hours of a type.")
    return hub_shape(number, name, actor)


@router.post("/needs/preset", response=NeedsOut)
def set_preset(request: HttpRequest, given: PresetIn) -> dict[str, Any]:
    """Which need's screens are named first; nothing is hidden by it."""
    actor = actor_of(request)
    home = unit(given.unit, actor, "assessment.run")
    choose_preset(home, actor=actor, use_case=given.use_case)
    return get_needs(request)
