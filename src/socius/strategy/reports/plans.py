"""Goals with their KPIs, initiatives with what they serve and what they cost, experiments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from socius.kit.clock import micros
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy.models import (
    KPI,
    Experiment,
    Goal,
    HoursLine,
    Initiative,
    InitiativeGoal,
    SpendLine,
)
from socius.strategy.reports.inventory import Wanted, holding, inventory, known_links, serving
from socius.strategy.reports.outcomes import Now, now_of


@dataclass(frozen=True)
class Stated:
    """A KPI with the newest of its series. `class_name` is the series' own where that was lowered."""

    kpi: KPI
    class_name: str
    now: Now | None


@dataclass(frozen=True)
class Cost:
    """Money and hours that were written down."""

    money: dict[str, Decimal] = field(default_factory=dict)
    hours: Decimal = Decimal()


@dataclass(frozen=True)
class Work:
    """An initiative with what a list shows of it."""

    initiative: Initiative
    goals: tuple[Goal, ...]
    accounts: int
    cost: Cost


def goals(actor: Actor, *, owner: str = "", closed: bool = False) -> QuerySet[Goal]:
    """The goals that the actor may see; those of an import that was taken back are none."""
    rows = Goal.objects.filter(visible(actor, "analytics.view", own="goal"))
    rows = rows.filter(pk__in=Goal.objects.filter(terms__known_until=None).values("pk"))
    if not closed:
        rows = rows.filter(closed_at=None)
    if owner:
        rows = rows.filter(executive_owner__iexact=owner)
    return rows.select_related("owner", "unit").order_by("period_end", "statement", "key")


def kpis_of(ids: Iterable[int], today: date) -> dict[int, list[Stated]]:
    """The KPIs of goals, outcomes first; four queries whatever the number."""
    rows = list(
        KPI.objects.filter(goal__in=list(ids), known_until=None)
        .select_related("series")
        .order_by("measure", "pk")
    )
    series = {row.series.pk: row.series for row in rows if row.series}
    now = {one.series.pk: one for one in now_of(series.values(), today)}
    found: dict[int, list[Stated]] = defaultdict(list)
    for row in rows:
        lowered = (
            row.series.class_name
            if row.series and row.series.class_name != "outcome"
            else row.class_name
        )
        found[row.goal_id].append(Stated(row, lowered, now.get(row.series_id or 0)))
    for stated in found.values():
        stated.sort(key=lambda one: (one.class_name != "outcome", one.now is None))
    return found


def initiatives(actor: Actor) -> QuerySet[Initiative]:
    """The initiatives that the actor may see."""
    rows = Initiative.objects.filter(visible(actor, "analytics.view", own="initiative"))
    return rows.select_related("unit").order_by("status", "title")


def works(rows: Iterable[Initiative], actor: Actor) -> list[Work]:
    """The same initiatives with goals, accounts and cost; five queries whatever the number."""
    found = list(rows)
    ids = [one.pk for one in found]
    serves: dict[int, list[Goal]] = defaultdict(list)
    for tie in (
        InitiativeGoal.objects.known_at(micros(actor.at))
        .filter(initiative__in=ids)
        .select_related("goal")
        .order_by("goal__key")
    ):
        serves[tie.initiative_id].append(tie.goal)
    tied = tied_accounts(actor, "initiative")
    cost = cost_of(ids, actor)
    return [
        Work(one, tuple(serves[one.pk]), tied.get(one.pk, 0), cost.get(one.pk, Cost()))
        for one in found
    ]


def cost_of(
    ids: list[int], actor: Actor, window: tuple[date, date] | None = None
) -> dict[int, Cost]:
    """Money and hours written down for each initiative."""
    known = micros(actor.at)
    spend = SpendLine.objects.known_at(known).filter(initiative__in=ids)
    hours = HoursLine.objects.known_at(known).filter(initiative__in=ids)
    if window:
        spend, hours = spend.filter(date__range=window), hours.filter(week__range=window)
    money: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for pk, currency, amount in (
        spend.values_list("initiative_id", "currency")
        .annotate(s=Sum("amount"))
        .order_by("currency")
    ):
        money[pk or 0][currency] = amount
    worked = dict(hours.values_list("initiative_id").annotate(s=Sum("hours")))
    return {pk: Cost(money[pk], worked.get(pk, Decimal())) for pk in ids}


def experiments(actor: Actor) -> list[tuple[Experiment, int]]:
    """Trials that the actor may see, the last to end first, each with the number of accounts under it."""
    rows = (
        Experiment.objects.known_at(micros(actor.at))
        .filter(visible(actor, "analytics.view", own="experiment"))
        .select_related("goal", "unit")
        .order_by("-end", "title")
    )
    tied = tied_accounts(actor, "experiment")
    return [(one, tied.get(one.pk, 0)) for one in rows]


def tied_accounts(actor: Actor, what: str) -> dict[int, int]:
    """How many accounts are tied to each initiative or experiment: as many as the list of accounts shows."""
    seen = inventory(actor, Wanted()).order_by().values("pk")
    rows = known_links(actor).filter(holder__in=seen, **{f"{what}__isnull": False})
    return dict(rows.values_list(f"{what}_id").annotate(n=Count("holder", distinct=True)))


def accounts_of(actor: Actor) -> dict[int, int]:
    """How many accounts serve each goal today: as many as the list of accounts shows."""
    seen = set(inventory(actor, Wanted()).order_by().values_list("pk", flat=True))
    through: dict[int, list[int]] = defaultdict(list)
    for initiative, goal in serving(actor).values_list("initiative_id", "goal_id"):
        through[initiative].append(goal)
    found: dict[int, set[int]] = defaultdict(set)
    for holder, goal, initiative, trial in holding(actor).values_list(
        "holder", "goal_id", "initiative_id", "experiment__goal_id"
    ):
        if holder in seen:
            for pk in (goal, trial, *through.get(initiative, ())):
                found[pk or 0].add(holder)
    return {goal: len(holders) for goal, holders in found.items() if goal}


def spent_on(goals: Iterable[int], actor: Actor) -> dict[int, dict[str, Decimal]]:
    """Money that names a goal and no initiative."""
    rows = SpendLine.objects.known_at(micros(actor.at)).filter(
        goal__in=list(goals), initiative=None
    )
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for goal, currency, amount in (
        rows.values_list("goal_id", "currency").annotate(s=Sum("amount")).order_by("currency")
    ):
        found[goal or 0][currency] = amount
    return found
