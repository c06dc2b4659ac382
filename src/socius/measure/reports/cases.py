"""The case of a goal: how far its line gets, what was found, what it costs, and what we do not know."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from socius.engine.grades import GRADES
from socius.engine.sight import Facts
from socius.engine.sight.walk import (
    EFFECT_DAYS,
    LEVELS,
    MEASURED,
    NONE,
    Line,
    Walker,
    runs,
    telling,
)
from socius.kit.clock import micros
from socius.measure.models import Effect
from socius.measure.reports.facts import Asked, facts
from socius.measure.reports.sight import sighted
from socius.organisation.models import Actor
from socius.strategy.models import Goal, Initiative, SeriesValue
from socius.strategy.reports import (
    Cost,
    Stated,
    Work,
    accounts_of,
    kpis_of,
    serving,
    spent_on,
    works,
)

BEST_FIRST = "ABCDE"


@dataclass(frozen=True)
class Found:
    """An effect with what one must know to judge it. `n`: values of its series inside its window."""

    effect: Effect
    n: int
    old: bool

    @property
    def tells(self) -> bool:
        """Its interval is stated and leaves zero outside."""
        low, high = self.effect.low, self.effect.high
        return low is not None and high is not None and not low <= 0 <= high

    @property
    def grade_words(self) -> str:
        """What the letter stands for."""
        if self.effect.by_hand and self.effect.grade == "C":
            return "named study with its interval"
        return GRADES[self.effect.grade]


@dataclass(frozen=True)
class Case:
    """A goal with everything that its page and its sponsor's page show."""

    goal: Goal
    kpis: list[Stated]
    works: list[Work]
    effects: list[Found]
    level: str
    grade: str
    counts: dict[str, Any]
    share: float | None
    accounts: int
    cost: Cost
    unknown: list[str]

    @property
    def best(self) -> Found | None:
        """The effect that speaks for the goal: on a series of its own, not too old, of the best grade."""
        own = {k.kpi.series_id for k in self.kpis if k.class_name == "outcome"}
        fit = [f for f in self.effects if f.effect.series_id in own and not f.old]
        return min(
            fit, key=lambda f: (BEST_FIRST.index(f.effect.grade), f.effect.by_hand), default=None
        )

    @property
    def outcomes(self) -> list[Stated]:
        """Its KPIs of class outcome."""
        return [k for k in self.kpis if k.class_name == "outcome"]


def cases(actor: Actor, goals: Iterable[Goal], question: Asked) -> list[Case]:
    """The same goals with their cases; some thirty queries whatever the number."""
    rows = list(goals)
    today = question.window.as_of
    serves: dict[int, list[Initiative]] = defaultdict(list)
    for tie in serving(actor).filter(goal__in=rows).select_related("initiative"):
        serves[tie.goal_id].append(tie.initiative)
    worked = {
        work.initiative.pk: work
        for work in works({i.pk: i for some in serves.values() for i in some}.values(), actor)
    }
    sight = sighted(actor, question)
    by_goal = {row["id"]: row for row in sight["by_goal"]}
    kpis, tied = kpis_of([goal.pk for goal in rows], today), accounts_of(actor)
    direct, known = spent_on([goal.pk for goal in rows], actor), facts(question)
    walker = Walker(known, today)
    effects = found_of(actor, question)
    total = sight["activity"]["total"]
    made = []
    for goal in rows:
        mine = [worked[i.pk] for i in serves[goal.pk]]
        told = [
            f
            for f in effects
            if f.effect.goal_id == goal.pk
            or f.effect.initiative_id in {w.initiative.pk for w in mine}
        ]
        level, grade = reached(goal, [w.initiative.pk for w in mine], walker, known)
        counts = by_goal.get(goal.pk, dict.fromkeys(("total", *LEVELS), 0))
        case = Case(
            goal,
            kpis.get(goal.pk, []),
            mine,
            told,
            level,
            grade,
            counts,
            counts["total"] / total if total else None,
            tied.get(goal.pk, 0),
            summed(mine, direct.get(goal.pk, {})),
            [],
        )
        case.unknown.extend(unknown(case))
        made.append(case)
    return made


def reached(goal: Goal, initiatives: list[int], walker: Walker, known: Facts) -> tuple[str, str]:
    """The level (and grade) that activity for this goal reaches at best on the as-of day."""
    stated = known.goals.get(goal.pk)
    if stated is None or not runs(stated, walker.as_of):
        return LEVELS[NONE], ""
    lines = [Line(goal=goal.pk), *(Line(initiative=i, goal=goal.pk) for i in initiatives)]
    at = max((walker.beyond(line, stated) for line in lines), key=telling)
    return LEVELS[min(at.level, MEASURED)], at.grade


def summed(mine: list[Work], direct: dict[str, Decimal]) -> Cost:
    """Money and hours of the initiatives, and money that names the goal itself."""
    money: Counter[str] = Counter()
    for amounts in (direct, *(w.cost.money for w in mine)):
        for currency, amount in amounts.items():
            money[currency] += amount  # type: ignore[assignment]
    hours = sum((w.cost.hours for w in mine), Decimal())
    return Cost({key: Decimal(value) for key, value in sorted(money.items())}, hours)


def found_of(actor: Actor, question: Asked, initiative: Initiative | None = None) -> list[Found]:
    """Effects that stand, of one initiative or of all; the best grade first, and of one grade those that were computed."""
    rows = Effect.objects.known_at(micros(actor.at)).filter(refused=False)
    if initiative is not None:
        rows = rows.filter(initiative=initiative)
    effects = list(rows.select_related("series", "initiative"))
    dates: dict[int, set[Any]] = defaultdict(set)
    for series, day in SeriesValue.objects.filter(
        series__in={e.series_id for e in effects}
    ).values_list("series_id", "date"):
        dates[series].add(day)
    day = question.window.as_of
    return sorted(
        (
            Found(e, inside(e, dates[e.series_id]), (day - e.dated).days > EFFECT_DAYS)
            for e in effects
        ),
        key=lambda f: (f.effect.grade, f.effect.by_hand, f.effect.pk),
    )


def inside(effect: Effect, dates: set[Any]) -> int:
    """How many values of its series an effect can rest on."""
    return sum(
        (effect.start is None or effect.start <= d) and (effect.end is None or d <= effect.end)
        for d in dates
    )


def unknown(case: Case) -> list[str]:
    """What we do not know of a goal, in sentences; the gravest first."""
    said = []
    if not case.goal.executive_owner.strip():
        said.append("Nobody on the executive floor owns it.")
    if not case.outcomes:
        said.append("It has no outcome KPI: whether the business gains cannot be said.")
    for stated in case.outcomes:
        said += of_kpi(stated)
    said += of_effects(case)
    if case.works and not case.cost.money:
        said.append("No spend of its initiatives was written down.")
    if case.works and not case.cost.hours:
        said.append("No hours of its initiatives were written down.")
    if not case.counts["total"]:
        said.append("No activity of this period serves it.")
    return said


def of_kpi(stated: Stated) -> list[str]:
    """What is not known of an outcome KPI."""
    name = stated.kpi.measure
    if stated.now is None:
        return [f"{name} has no data."]
    said = []
    if stated.now.age is None:
        said.append(f"{name} has no value yet.")
    elif not stated.now.fresh:
        said.append(f"{name} is {stated.now.age} days old.")
    if stated.kpi.target is None:
        said.append(f"{name} has no target.")
    return said


def of_effects(case: Case) -> list[str]:
    """What is not known of the effect."""
    best = case.best
    if best is None:
        older = any(f.old for f in case.effects)
        return [
            "No effect was measured in the last 12 months." if older else "No effect was measured."
        ]
    said = []
    if best.effect.low is None or best.effect.high is None:
        said.append("The effect has no interval.")
    elif not best.tells:
        said.append("Whether there is an effect cannot be told: its interval holds zero.")
    if best.effect.by_hand:
        said.append("The effect was entered by hand; Socius has not computed it.")
    return said
