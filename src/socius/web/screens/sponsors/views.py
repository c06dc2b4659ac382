"""The page that an executive owner gets: one A4."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.kit.errors import NotFound
from socius.measure.reports import asked
from socius.measure.reports.cases import Case, cases
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Person
from socius.strategy import reports
from socius.web.pages import acting, day

# So many goals fit on one A4 at the smallest size that can be read; the others are counted.
MOST = 12
# Goals up to which each size of print is used.
SIZES = ((2, "roomy"), (5, "normal"), (MOST, "dense"))


def listing(request: HttpRequest) -> HttpResponse:
    """Every executive owner with the number of their goals."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    goals = list(reports.goals(actor))
    owners = Counter(goal.executive_owner for goal in goals if goal.executive_owner)
    names = names_of(list(owners))
    rows = [(owner, names.get(owner.casefold(), owner), n) for owner, n in sorted(owners.items())]
    page = {"rows": rows, "without": sum(not goal.executive_owner for goal in goals)}
    return render(request, "sponsors/list.html", page)


def names_of(addresses: list[str]) -> dict[str, str]:
    """Names of people by address."""
    rows = Person.objects.filter(email__in=[a.casefold() for a in addresses])
    return {person.email: str(person) for person in rows}


def one(request: HttpRequest, owner: str) -> HttpResponse:
    """The case of each goal of one owner."""
    actor = acting(request)
    goals = reports.goals(actor, owner=owner)
    question = asked(actor.at, day(request, "as_of"))
    made = cases(actor, goals, question)
    if not made:
        raise NotFound(f"Nobody called {owner!r} owns a goal here that you may see.")
    made.sort(key=lambda case: -case.counts["total"])
    page: dict[str, Any] = {
        "owner": owner,
        "name": names_of([owner]).get(owner.casefold(), owner),
        "cases": made[:MOST],
        "further": made[MOST:],
        "size": next((word for n, word in SIZES if len(made) <= n), "dense"),
        "window": question.window,
        "known": question.known,
        "sums": sums(made),
    }
    return render(request, "sponsors/one.html", page)


def sums(made: list[Case]) -> dict[str, Any]:
    """What the head of the page says of all goals together; cost counts each initiative once."""
    works = {work.initiative.pk: work for case in made for work in case.works}
    money: Counter[str] = Counter()
    for work in works.values():
        for currency, amount in work.cost.money.items():
            money[currency] += amount  # type: ignore[assignment]
    return {
        "goals": len(made),
        "told": sum(case.best is not None and case.best.tells for case in made),
        "untold": sum(case.best is None or not case.best.tells for case in made),
        "money": dict(sorted(money.items())),
        "hours": sum(work.cost.hours for work in works.values()),
        "initiatives": len(works),
    }
