"""The page that an executive owner gets: one A4."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.assess.actions import note_opening
from socius.kit.errors import NotFound
from socius.measure.reports import asked
from socius.measure.reports.cases import Case, cases
from socius.measure.reports.value import together, valued
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Person
from socius.strategy import reports
from socius.web.pages import acting, day

# So many goals fit on one A4 at the smallest size that can be read; the others are counted.
MOST = 12


class Print(NamedTuple):
    """A size of print, and how much of each goal it has room for."""

    name: str
    statement: int  # characters
    name_length: int
    kpis: int
    unknowns: int


# The number of goals up to which each size is used.
SIZES = {
    2: Print("roomy", 400, 80, 4, 8),
    5: Print("normal", 170, 50, 2, 4),
    MOST: Print("dense", 120, 46, 1, 3),
}


def listing(request: HttpRequest) -> HttpResponse:
    """Every executive owner with the number of their goals."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    goals = list(reports.goals(actor))
    owners = Counter(goal.executive_owner for goal in goals if goal.executive_owner)
    names = names_of(list(owners))
    rows = [(owner, names.get(owner.casefold(), owner), n) for owner, n in sorted(owners.items())]
    page = {"rows": rows, "without": [goal for goal in goals if not goal.executive_owner]}
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
    size = next((size for n, size in SIZES.items() if len(made) <= n), SIZES[MOST])
    page: dict[str, Any] = {
        "owner": owner,
        "name": names_of([owner]).get(owner.casefold(), owner),
        "cases": [fitted(case, size) for case in made[:MOST]],
        "further": made[MOST:],
        "size": size,
        "window": question.window,
        "known": question.known,
        "sums": sums(made),
        "value": together(
            valued({w.initiative.pk: w.initiative for c in made for w in c.works}.values(), actor)
        ),
    }
    note_opening(actor, owner, "sponsor_page")
    return render(request, "sponsors/one.html", page)


def fitted(case: Case, size: Print) -> dict[str, Any]:
    """A case with as much of it as the size of print has room for; what is left out is counted."""
    return {
        "case": case,
        "kpis": case.outcomes[: size.kpis],
        "more_kpis": len(case.outcomes) - size.kpis,
        "unknown": case.unknown[: size.unknowns],
        "more_unknown": len(case.unknown) - size.unknowns,
    }


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
