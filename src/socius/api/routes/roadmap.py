"""The roadmap, what its initiatives wait for, the register of tools, the needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from socius.api.acting import actor_of
from socius.api.finding import known, maybe, shown, unit
from socius.api.paging import Page, Paging, list_page
from socius.api.rendering import as_it_is
from socius.api.shapes.assess import (
    DecisionIn,
    NeedIn,
    NeedsIn,
    NeedsOut,
    PlanIn,
    PlanOut,
    PrerequisitesIn,
    ReadinessOut,
    RoadmapAsked,
    ToolIn,
    ToolOut,
)
from socius.api.values import Number, Why
from socius.assess.actions import answer_need
from socius.assess.reports.needs import needs
from socius.assess.reports.roadmap import frame_of, items_of
from socius.engine.roadmap import answer, read_plan, what_if_of
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.strategy import actions, reports
from socius.strategy.actions.roadmap import First
from socius.strategy.models import Goal, Initiative, StrategyVersion, Tool

TAG = "roadmap"
SEEN, EDIT, POLICY = "analytics.view", "initiative.edit", "policy.edit"
router = Router()


@router.get("/roadmap", response=PlanOut)
def get_roadmap(request: HttpRequest, asked: Query[RoadmapAsked]) -> HttpResponse:
    """The organisation's roadmap: order with reasons, schedule over twelve quarters, flags."""
    actor = actor_of(request)
    require_somewhere(actor, SEEN)
    items = items_of(reports.works(reports.initiatives(actor), actor), actor)
    frame = frame_of(reports.frame_at(actor), actor.day)
    other = what_if_of(frame, asked.capacity, asked.effort)
    return as_it_is(answer(items, frame, what_if=other))


@router.post("/roadmap/check", response=PlanOut)
def check_roadmap(request: HttpRequest, asked: Query[RoadmapAsked], given: PlanIn) -> HttpResponse:
    """Reads a roadmap file and says in which order it brings most and what is wrong with it; writes nothing."""
    items, frame, problems = read_plan(given.root, actor_of(request).day)
    other = None if problems else what_if_of(frame, asked.capacity, asked.effort)
    return as_it_is(answer(items, frame, problems, what_if=other))


def waits(row: Initiative, actor: Actor) -> dict[str, Any]:
    """What an initiative waits for."""
    first = reports.prerequisites_of([row.pk], actor).get(row.pk, ())
    names = ("say", "item", "expected", "met_on")
    return {
        "needs": reports.needs_of([row.pk], actor).get(row.pk, []),
        "first": [{name: getattr(one, name) for name in names} for one in first],
    }


@router.get("/initiatives/{number}/prerequisites", response=ReadinessOut)
def get_prerequisites(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """What has to stand, and which initiatives have to end, before this one begins."""
    actor = actor_of(request)
    return waits(shown(reports.initiatives(actor), number), actor)


@router.post("/initiatives/{number}/prerequisites", response=ReadinessOut)
def set_prerequisites(
    request: HttpRequest, number: Path[Number], given: PrerequisitesIn
) -> dict[str, Any]:
    """Sets everything that has to stand first."""
    actor = actor_of(request)
    row = known(Initiative.objects.all(), number, actor, EDIT)
    first = [First(**one.model_dump()) for one in given.first]
    actions.set_prerequisites(row, first=first, actor=actor)
    return waits(row, actor)


@router.post("/initiatives/{number}/needs", response=ReadinessOut)
def set_needs(request: HttpRequest, number: Path[Number], given: NeedsIn) -> dict[str, Any]:
    """Sets which initiatives have to end first; a circle is refused."""
    actor = actor_of(request)
    row = known(Initiative.objects.all(), number, actor, EDIT)
    needed = [known(Initiative.objects.all(), pk, actor, EDIT) for pk in given.needs]
    actions.need_initiatives(row, needed=needed, actor=actor)
    return waits(row, actor)


def tool_shape(row: Tool) -> dict[str, Any]:
    """A tool."""
    names = ("name", "kind", "vendor", "purpose", "status", "asked_at", "decided_at", "decided_reason", "override_reason")  # fmt: skip
    ids = ("goal", "strategy", "unit", "override_by")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        **{name: getattr(row, f"{name}_id") for name in ids},
    }


@router.get("/tools", response=Page[ToolOut])
def list_tools(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """The register of tools, what is asked for first."""
    actor = actor_of(request)
    require_somewhere(actor, "policy.view")
    return list_page(list(reports.tools(actor)), asked, lambda row: row.pk, tool_shape)


@router.post("/tools", response=ToolOut)
def ask_for_tool(request: HttpRequest, given: ToolIn) -> dict[str, Any]:
    """Asks for a tool with a goal and a strategy version; with `exception` it goes in under the caller's name."""
    actor = actor_of(request)
    home = unit(given.unit, actor, POLICY)
    strategy = given.strategy
    wish = actions.Wish(
        given.name,
        given.purpose,
        given.kind,
        given.vendor,
        maybe(Goal.objects.all(), given.goal, actor, "goal.edit"),
        None if strategy is None else version(strategy, actor),
    )
    if given.exception.strip():
        return tool_shape(actions.override_tool(home, actor=actor, wish=wish, reason=given.exception))  # fmt: skip
    return tool_shape(actions.ask_for_tool(home, actor=actor, wish=wish))


def version(number: int, actor: Actor) -> StrategyVersion:
    """A version of the strategy by its number of an object."""
    return shown(reports.strategies(actor), number)


@router.post("/tools/{number}/decide", response=ToolOut)
def decide_tool(request: HttpRequest, number: Path[Number], given: DecisionIn) -> dict[str, Any]:
    """Grants or refuses a tool that was asked for."""
    actor = actor_of(request)
    row = known(Tool.objects.all(), number, actor, POLICY)
    done = actions.decide_tool(row, actor=actor, grant=given.grant, reason=given.reason)
    return tool_shape(done)


@router.post("/tools/{number}/retire", response=ToolOut)
def retire_tool(request: HttpRequest, number: Path[Number], given: Why) -> dict[str, Any]:
    """Takes a tool out of use."""
    actor = actor_of(request)
    row = known(Tool.objects.all(), number, actor, POLICY)
    return tool_shape(actions.retire_tool(row, actor=actor, reason=given.reason))


@router.get("/needs", response=NeedsOut)
def get_needs(request: HttpRequest) -> dict[str, Any]:
    """The five needs by data of the last 90 days and by word."""
    actor = actor_of(request)
    require_somewhere(actor, SEEN)
    found = needs(actor, actor.day)
    return {
        "first": found.first,
        "last": found.last,
        "preset": found.preset.key if found.preset else None,
        "needs": [
            {"use_case": one.case.key, "name": one.case.name, "differs": one.differs}
            | {name: getattr(one, name) for name in ("signal", "data", "said", "strength")}
            for one in found.rows
        ],
    }


@router.post("/needs", response=NeedsOut)
def say_need(request: HttpRequest, given: NeedIn) -> dict[str, Any]:
    """Says how strong a need is; what the data show stays beside it."""
    actor, said = actor_of(request), given.model_dump()
    home = unit(said.pop("unit"), actor, "assessment.run")
    answer_need(home, actor=actor, **said)
    return get_needs(request)
