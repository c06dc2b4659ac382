"""The demonstration's roadmap, its register of tools, and what its executives did about both."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from socius.assess.actions import note_opening
from socius.engine.demo import roadmap as told
from socius.engine.demo.cast import executive
from socius.organisation.actions import Gift, give_grant
from socius.organisation.models import Actor, Person, Unit
from socius.strategy import actions
from socius.strategy.models import Goal, Initiative, StrategyVersion

NAMES = ("low", "likely", "high")


def plan(actor: Actor, day: date) -> None:
    """Values and needs first, then tools, then what executives decide. Everything becomes known now."""
    root = Unit.objects.get(kind="organisation")
    goals = {goal.key: goal for goal in Goal.objects.all()}
    for one in told.PLANNED:
        enter(one, goals, actor, day)
    for said in told.WORTH:
        initiative = Initiative.objects.get(key=said.key)
        worth = ranged("value", said.value)
        due = day - timedelta(days=said.review)
        actions.plan_initiative(
            initiative, actor=actor, functions=said.functions, review_due=due, **worth
        )
    showroom = Initiative.objects.get(key="virtual-showroom")
    actions.turn_down(showroom, actor=actor, reason=told.WHY_NO_SHOWROOM)
    for one in told.PLANNED:
        needed = Initiative.objects.filter(key__in=one.needs)
        mine = Initiative.objects.get(key=one.key)
        actions.need_initiatives(mine, needed=needed, actor=actor)
    frame = {"capacity_hours": Decimal(told.CAPACITY), "hour_value": Decimal(told.HOUR)}
    actions.set_frame(root, actor=actor, currency=told.CURRENCY, **frame)
    # The exception stands from before the strategy; every other tool comes after it.
    register([t for t in told.TOOLS if not t.goal], goals, None, actor)
    parts = actions.Parts(told.VISION, told.PLANS, told.RESOURCES)
    version = actions.adopt_strategy(
        root, actor=actor, parts=parts, goals=[goals[key] for key in told.STRATEGY_GOALS]
    )
    register([t for t in told.TOOLS if t.goal], goals, version, actor)
    executives(actor)


def ranged(name: str, three: told.Three) -> Any:
    """The three fields of a range."""
    return {f"{name}_{part}": Decimal(n) for part, n in zip(NAMES, three, strict=True)}


def enter(one: told.Planned, goals: dict[str, Goal], actor: Actor, day: date) -> None:
    """One initiative that is to come."""
    made, _ = actions.set_initiative(
        Unit.objects.get(kind="organisation"),
        actor=actor,
        key=one.key,
        title=one.title,
        kind=one.kind,
        scope=one.scope,
        status="idea" if one.status == "rejected" else one.status,
        sponsor=executive(one.sponsor) if one.sponsor else "",
        end=day - timedelta(days=one.ends) if one.ends is not None else None,
        currency=told.CURRENCY,
        **ranged("hours", one.hours),
        **ranged("cost", one.cost),
    )
    actions.serve_goals(made, goals=[goals[key] for key in one.goals], actor=actor)
    due = day + timedelta(days=60) if one.status == "accepted" else None
    worth = ranged("value", one.value)
    actions.plan_initiative(
        made,
        actor=actor,
        functions=one.functions,
        quarters=one.quarters,
        review_due=due,
        **worth,
    )
    first = [actions.First(say, item, *standing(days, day)) for say, item, days in one.first]
    actions.set_prerequisites(made, first=first, actor=actor)
    if one.reason:
        actions.turn_down(made, actor=actor, reason=one.reason)


def standing(days: int | None, day: date) -> tuple[date | None, date | None]:
    """(expected, met on): days back it was met, days forth it is expected, None has no date."""
    if days is None:
        return None, None
    when = day - timedelta(days=days)
    return (None, when) if days > 0 else (when, None)


def register(
    tools: list[told.Tooled],
    goals: dict[str, Goal],
    version: StrategyVersion | None,
    actor: Actor,
) -> None:
    """Tools as somebody asked for them; the founder decides."""
    asker = Person.objects.get(email=executive("communication"))
    gift = Gift(asker, None, "asks for tools on behalf of all", rights=frozenset({"policy.edit"}))
    if version is None:
        give_grant(gift, actor=actor)
    asking = Actor(asker, actor.origin, actor.at)
    for tool in tools:
        unit = Unit.objects.get(key=tool.unit)
        goal = goals.get(tool.goal)
        wish = actions.Wish(tool.name, tool.purpose, tool.kind, tool.vendor, goal, version)
        if goal is None:
            actions.override_tool(unit, actor=asking, wish=wish, reason=tool.reason)
            continue
        asked = actions.ask_for_tool(unit, actor=asking, wish=wish)
        if tool.decided:
            granted = tool.decided == "granted"
            actions.decide_tool(asked, actor=actor, grant=granted, reason=tool.reason)


def executives(actor: Actor) -> None:
    """One accepts, one reviews, one reads, and one does nothing."""
    head = actor.person
    for part, does in (("operations", "review"), ("customers", "read")):
        person = Person.objects.get(email=executive(part))
        theirs = Actor(person, actor.origin, actor.at)
        note_opening(theirs, person.email, "sponsor_page")
        if does == "review":
            initiative = Initiative.objects.get(key="answer-in-the-hour")
            gift = Gift(person, initiative, "its sponsor", rights=frozenset({"initiative.edit"}))
            give_grant(gift, actor=actor)
            actions.review_initiative(
                initiative,
                actor=theirs,
                reason="The saving is believed once the regions have been compared; carry on until then.",
                due=actor.at.date() + timedelta(days=30),
            )
    note_opening(actor, head.email, "sponsor_page")
    actions.accept_initiative(
        Initiative.objects.get(key="installers"), actor=actor, reason="On condition of the test"
    )
