"""What units promised against the hours they have, and which of them share an audience: the facts of rules C3 and C8."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from socius.accounts.models import Account
from socius.activity.reports import rollups
from socius.engine.assessment.cells import Aim, Spoken, cells
from socius.engine.assessment.facts import CapacityFacts, CellFacts
from socius.measure.reports.facts import Asked
from socius.organisation.models import Unit
from socius.strategy.models import KPI, Goal, HoursLine, InitiativeGoal, Link

# A judgement, and said wherever it is used: writing, picture, approval and sending of one post.
MINUTES_A_POST = 45
UNKNOWN_LANGUAGE = "und"


def capacity_of(question: Asked, live: Any) -> tuple[tuple[CapacityFacts, ...] | None, str]:
    """Units whose accounts promise posts and that record hours, in hours a week; or None and why."""
    promised = {
        row["unit"]: row["posts"]
        for row in live.exclude(posts_promised=None)
        .values("unit")
        .annotate(posts=Sum("posts_promised"))
    }
    if not promised:
        return None, "no evidence yet: no account states how many posts a week it promises"
    window = question.window
    lines = HoursLine.objects.known_at(question.known_us).filter(
        unit__in=promised, week__gt=window.first - timedelta(days=7), week__lte=window.as_of
    )
    per_unit = lines.values("unit").annotate(sum=Sum("hours"), weeks=Count("week", distinct=True))
    had = {row["unit"]: float(row["sum"]) / row["weeks"] for row in per_unit}
    if not had:
        return None, "no evidence yet: the units that promise posts record no hours"
    names = dict(Unit.objects.filter(pk__in=had).values_list("pk", "name"))
    rows = [
        CapacityFacts(names[unit], round(promised[unit] * MINUTES_A_POST / 60, 1), round(hours, 1))
        for unit, hours in had.items()
    ]
    silent = len(promised) - len(had)
    left = f"; {silent} {'unit' if silent == 1 else 'units'} without recorded hours left out" if silent else ""  # fmt: skip
    say = f"posts only, {MINUTES_A_POST} minutes each assumed; what has to be answered is not recorded{left}"
    return tuple(sorted(rows, key=lambda row: row.unit)), say


def cells_of(question: Asked, goals: list[Goal], live: Any) -> tuple[tuple[CellFacts, ...] | None, str]:  # fmt: skip
    """Weeks in which several units posted to one audience: country or region and language of their accounts; or None and why."""
    stated = live.exclude(language__in=("", UNKNOWN_LANGUAGE)).exclude(country="", region="")
    accounts = {row.pk: row for row in stated}
    if not accounts:
        return None, "no evidence yet: no active account states both a language and a country or region"  # fmt: skip
    posts = list(spoken(question, accounts, {goal.pk for goal in goals}))
    if not posts:
        return None, "no evidence yet: no post of the window is known of accounts whose audience is stated"  # fmt: skip
    say = "by the goals that posts serve and the country and language of accounts; what posts say is not compared"
    return cells(posts, aims_of(goals)), say


def aims_of(goals: list[Goal]) -> dict[int, Aim]:
    """What each goal is declared to conflict with, and which way it pushes its measures."""
    pushes: dict[int, dict[str, str]] = defaultdict(dict)
    kpis = KPI.objects.filter(goal__in=goals, known_until=None)
    for goal, measure, way in kpis.values_list("goal_id", "measure", "direction"):
        pushes[goal][measure] = way
    return {
        goal.pk: Aim(frozenset(other.pk for other in goal.conflicts_with.all()), pushes[goal.pk])
        for goal in goals
    }


def spoken(question: Asked, accounts: dict[int, Account], goals: set[int]) -> Iterator[Spoken]:
    """Posts by audience, network, language, week and unit, with the active goals that they serve."""
    window, us = question.window, question.known_us
    serves: dict[int, set[int]] = defaultdict(set)
    ties = InitiativeGoal.objects.known_at(us).filter(goal__in=goals)
    for initiative, goal in ties.values_list("initiative_id", "goal_id"):
        serves[initiative].add(goal)
    links = tied(us, window.first, set(accounts))
    units = dict(Unit.objects.values_list("pk", "name"))
    counts: Counter[tuple[Any, ...]] = Counter()
    for day, unit, account, _, initiative, goal, _, verb, n, _ in rollups(
        window.first, window.last, question.known
    ):
        if verb == "posted" and account in accounts and (unit or accounts[account].unit_id):
            counts[day, unit or accounts[account].unit_id, account, initiative, goal] += n
    for (day, unit, account, initiative, goal), n in counts.items():
        own = accounts[account]
        for_goals = served(day, initiative, goal, links[account], serves) & goals
        place = own.country or own.region
        year, week, _ = day.isocalendar()
        yield Spoken(place, own.network, own.language, f"{year}-W{week:02d}", units[unit], n, frozenset(for_goals))  # fmt: skip


def served(day: date, initiative: int | None, goal: int | None, links: list[Link], serves: dict[int, set[int]]) -> set[int]:  # fmt: skip
    """The goals of a post: its own initiative's, else its own, else those of its account's links on that day. Counts have 0 for none."""
    if initiative:
        return serves.get(initiative, set())
    if goal:
        return {goal}
    found: set[int] = set()
    for link in links:
        begun = link.valid_from is None or link.valid_from <= day
        if begun and (link.valid_until is None or day < link.valid_until):
            found |= {link.goal_id} if link.goal_id else serves.get(link.initiative_id or 0, set())
    return found


def tied(us: int, first: date, accounts: set[int]) -> dict[int, list[Link]]:
    """Account -> its links that reach into the window."""
    rows: dict[int, list[Link]] = defaultdict(list)
    open_ = Q(valid_until=None) | Q(valid_until__gt=first)
    for link in Link.objects.known_at(us).filter(open_):
        if link.account_id in accounts:
            rows[link.account_id].append(link)
    return rows
