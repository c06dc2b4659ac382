"""Executives: informed, engaged, aligned, derived from what they did in Socius and from nothing else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from socius.activity.models import Entry
from socius.kit.clock import instant, micros
from socius.organisation.models import Actor, Person
from socius.strategy import reports
from socius.strategy.models import Goal, StrategyVersion

LAPSE = timedelta(days=100)
# What decides, and what takes part. Everything else that a person does is work, not sponsorship.
APPROVED = frozenset({"initiative_accepted", "strategy_adopted", "goal_created"})
TOOK_PART = APPROVED | frozenset(
    {"initiative_reviewed", "initiative_turned_down", "goal_updated", "goal_closed", "initiative_placed"}
)  # fmt: skip
READ = "page_opened"


@dataclass(frozen=True)
class Act:
    """One row of the ledger by an executive."""

    at: datetime
    verb: str
    about: str


@dataclass(frozen=True)
class Executive:
    """An owner of goals with the three states; None: cannot be told, and `unknown` says why."""

    owner: str
    name: str
    goals: tuple[Goal, ...]
    informed: Act | None
    engaged: Act | None
    aligned: Act | None
    unknown: tuple[str, ...]
    signs_in: bool


def executives_of(actor: Actor, today: date) -> dict[str, Any]:
    """Every executive owner of a running goal that the actor may see."""
    owned: dict[str, list[Goal]] = defaultdict(list)
    for goal in reports.goals(actor):
        if goal.executive_owner and (goal.period_end is None or goal.period_end >= today):
            owned[goal.executive_owner.casefold()].append(goal)
    people = {p.email.casefold(): p for p in Person.objects.filter(disabled_at=None)}
    version = reports.strategy_in_force()
    serving = serving_of(actor)
    rows = [
        one(owner, goals, people.get(owner), (actor, version, serving))
        for owner, goals in sorted(owned.items())
    ]
    return {
        "rows": rows,
        "version": version,
        "today": today,
        "all_three": sum(bool(r.informed and r.engaged and r.aligned) for r in rows),
        "unheld": Goal.objects.filter(executive_owner="", closed_at=None).count(),
    }


def serving_of(actor: Actor) -> dict[int, set[int]]:
    """Goal -> the initiatives that serve it."""
    found: dict[int, set[int]] = defaultdict(set)
    for initiative, goal in reports.serving(actor).values_list("initiative_id", "goal_id"):
        found[goal].add(initiative)
    return found


def one(
    owner: str,
    goals: list[Goal],
    person: Person | None,
    around: tuple[Actor, StrategyVersion | None, dict[int, set[int]]],
) -> Executive:
    """The states of one executive, each with the latest act that it rests on."""
    actor, version, serving = around
    if person is None:
        why = "No person of this address signs in here, so nothing they do can be seen."
        return Executive(owner, owner, tuple(goals), None, None, None, (why,), signs_in=False)
    mine = {goal.pk for goal in goals}
    through = {pk for goal in mine for pk in serving.get(goal, ())}
    acts = acts_of(person, mine, through, actor)
    since = actor.at - LAPSE
    fresh = [act for act in acts if act.at >= since]
    informed = next((a for a in fresh if a.verb == READ or a.verb in TOOK_PART), None)
    engaged = next((a for a in fresh if a.verb in TOOK_PART), None)
    aligned, unknown = None, []
    if version is None:
        unknown.append("No strategy has been adopted, so nobody can be aligned with one.")
    else:
        begun = version.adopted_on
        approvals = (a for a in acts if a.verb in APPROVED and a.at.date() >= begun)
        aligned = next(approvals, None)
    unknown.append("Talks, mails and decisions outside Socius are not seen.")
    return Executive(
        owner, str(person), tuple(goals), informed, engaged, aligned, tuple(unknown), signs_in=True
    )


def acts_of(person: Person, goals: set[int], initiatives: set[int], actor: Actor) -> list[Act]:
    """What the person did about these goals and initiatives, the latest first."""
    verbs = [*sorted(TOOK_PART), READ]
    rows = Entry.objects.filter(
        actor=f"person:{person.pk}", verb__in=verbs, result="done", at__lte=micros(actor.at)
    )
    found = []
    for row in rows.order_by("-at").only("at", "verb", "object", "goal", "initiative"):
        general = row.verb in ("strategy_adopted", READ)
        if general or row.goal in goals or row.initiative in initiatives:
            found.append(Act(instant(row.at), row.verb, row.object))
    return found
