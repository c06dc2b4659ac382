"""The strategy as it was adopted, and the tools that may only come after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from socius.activity.actions import record
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit
from socius.strategy.models import Goal, StrategyVersion, Tool

KINDS = ("tool", "connector")


@dataclass(frozen=True)
class Wish:
    """A tool or connector that somebody wants, and what it is for."""

    name: str
    purpose: str
    kind: str = "tool"
    vendor: str = ""
    goal: Goal | None = None
    strategy: StrategyVersion | None = None


@dataclass(frozen=True)
class Parts:
    """The parts of a strategy. Channel plans belong to `plans`; without a goal they are tactics only."""

    vision: str
    plans: str = ""
    resources: str = ""


@asks("goal.edit")
@transaction.atomic
def adopt_strategy(
    unit: Unit, *, actor: Actor, parts: Parts, goals: Iterable[Goal], adopted_on: date | None = None
) -> StrategyVersion:
    """Keeps the strategy as it was adopted; a change later is a further version."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(actor, "goal.edit", unit)
    served = list(goals)
    if not parts.vision.strip():
        raise Invalid("There is no vision.", field="vision", repair="Say where you want to be.")
    if not served:
        raise Invalid(
            "Without a goal this is tactics only.",
            field="goals",
            repair="Choose the goals that the strategy serves.",
        )
    newest = StrategyVersion.objects.order_by("-number").first()
    made = StrategyVersion.objects.create(
        number=newest.number + 1 if newest else 1,
        adopted_on=adopted_on or actor.day,
        adopted_by=actor.person,
        vision=parts.vision.strip(),
        plans=parts.plans.strip(),
        resources=parts.resources.strip(),
        unit=unit,
        created_at=actor.at,
    )
    made.goals.set(served)
    content = {"number": made.number, "goals": [goal.pk for goal in served]}
    record(actor, "strategy_adopted", f"strategyversion:{made.pk}", unit=unit.pk, content=content)
    return made


@asks("policy.edit")
@transaction.atomic
def ask_for_tool(unit: Unit, *, actor: Actor, wish: Wish) -> Tool:
    """Asks for a tool. Refused (Invalid) without a goal that runs and the strategy version, in force, that holds it."""
    require(actor, "policy.edit", unit)
    check_wish(wish)
    lack = lacking(wish)
    if lack:
        field, say, repair = lack
        raise Invalid(say, field=field, code="technology_first", repair=repair)
    tool = entered(unit, actor, wish)
    content = {"name": tool.name, "strategy": wish.strategy.number if wish.strategy else None}
    record(actor, "tool_asked", f"tool:{tool.pk}", unit=unit.pk, goal=tool.goal_id, content=content)
    return tool


@asks("policy.edit")
@transaction.atomic
def override_tool(unit: Unit, *, actor: Actor, wish: Wish, reason: str) -> Tool:
    """Lets a tool in that names no goal or no strategy. Who did it and why stays on the register."""
    require(actor, "policy.edit", unit)
    check_wish(wish)
    if len(reason.strip()) < 10:
        raise Invalid(
            "An exception needs a reason that somebody else can judge.",
            field="reason",
            repair="Say in a sentence why it cannot wait for a goal and a strategy.",
        )
    lack = lacking(wish)
    if lack is None:
        raise Conflict("It has a goal and a strategy: ask for it, no exception is needed.")
    tool = entered(unit, actor, wish)
    tool.status, tool.override_by, tool.override_reason = "in_use", actor.person, reason.strip()
    tool.decided_by, tool.decided_at = actor.person, actor.at
    tool.save()
    content = {"name": tool.name, "lacks": lack[0], "reason": tool.override_reason}
    record(
        actor,
        "tool_overridden",
        f"tool:{tool.pk}",
        unit=unit.pk,
        goal=tool.goal_id,
        content=content,
    )
    return tool


@asks("policy.edit")
@transaction.atomic
def decide_tool(tool: Tool, *, actor: Actor, grant: bool, reason: str) -> Tool:
    """Grants or refuses what was asked for; not by the person who asked."""
    row = Tool.objects.select_for_update().get(pk=tool.pk)
    require(actor, "policy.edit", row)
    if row.status != "asked":
        raise Conflict(f"“{row}” is {row.status.replace('_', ' ')}; there is nothing to decide.")
    if row.asked_by_id == actor.person.pk:
        raise Conflict("You asked for it yourself; somebody else decides.")
    if not reason.strip():
        raise Invalid("There is no reason.", field="reason", repair="Say why.")
    row.status = "in_use" if grant else "refused"
    row.decided_by, row.decided_at, row.decided_reason = actor.person, actor.at, reason.strip()
    row.save()
    verb = "tool_granted" if grant else "tool_refused"
    content = {"name": row.name, "reason": row.decided_reason}
    record(actor, verb, f"tool:{row.pk}", unit=row.unit_id, goal=row.goal_id, content=content)
    return row


@asks("policy.edit")
@transaction.atomic
def retire_tool(tool: Tool, *, actor: Actor, reason: str) -> Tool:
    """Takes a tool out of use; its row stays."""
    row = Tool.objects.select_for_update().get(pk=tool.pk)
    require(actor, "policy.edit", row)
    if row.status == "retired":
        raise Conflict(f"“{row}” is retired already.")
    row.status, row.decided_reason = "retired", reason.strip()[:500]
    row.save()
    content = {"name": row.name, "reason": row.decided_reason}
    record(actor, "tool_retired", f"tool:{row.pk}", unit=row.unit_id, content=content)
    return row


def check_wish(wish: Wish) -> None:
    """Raises Invalid on a wish without a name or a purpose, or of a kind that is none."""
    if not wish.name.strip():
        raise Invalid("It has no name.", field="name", repair="Name the tool.")
    if not wish.purpose.strip():
        raise Invalid(
            "It has no purpose.", field="purpose", repair="Say what people will do with it."
        )
    if wish.kind not in KINDS:
        raise Invalid(f"{wish.kind!r} is no kind.", field="kind", repair="Use tool or connector.")


def lacking(wish: Wish) -> tuple[str, str, str] | None:
    """What stands between a wish and the register: field, sentence, way out; None when nothing does."""
    newest = StrategyVersion.objects.order_by("-number").first()
    if wish.goal is None:
        return (
            "goal",
            f"“{wish.name}” names no goal, and technology comes after goals and strategy.",
            "Choose the goal it serves, or have somebody answer for an exception.",
        )
    if wish.goal.closed_at is not None:
        return "goal", f"“{wish.goal}” is closed.", "Choose a goal that runs."
    if newest is None:
        return "strategy", "No strategy has been adopted yet.", "Adopt one first: /tools/strategy/."
    if wish.strategy is None or wish.strategy.pk != newest.pk:
        return (
            "strategy",
            "It does not name the strategy in force.",
            f"Read version {newest.number} of {newest.adopted_on} and name it.",
        )
    if not newest.goals.filter(pk=wish.goal.pk).exists():
        return (
            "goal",
            f"“{wish.goal}” is no goal of strategy {newest.number}.",
            "Choose one that is, or adopt a new version.",
        )
    return None


def entered(unit: Unit, actor: Actor, wish: Wish) -> Tool:
    """A row of the register as asked for; Conflict when that name is there already."""
    name = wish.name.strip()[:200]
    if Tool.objects.filter(name__iexact=name, status__in=("asked", "in_use")).exists():
        raise Conflict(f"“{name}” stands in the register already.")
    return Tool.objects.create(
        name=name,
        kind=wish.kind,
        vendor=wish.vendor.strip()[:200],
        purpose=wish.purpose.strip()[:500],
        goal=wish.goal,
        strategy=wish.strategy,
        asked_by=actor.person,
        asked_at=actor.at,
        unit=unit,
    )
