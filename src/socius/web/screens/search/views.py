"""What a few letters lead to, of what the person may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.accounts.models import Account
from socius.organisation.models import Actor, Person
from socius.organisation.reports import visible, visible_units
from socius.strategy.models import Goal, Initiative, Series
from socius.web.context import NAVIGATION, there_is

MOST = 6
SHORTEST = 2
COMMANDS = (
    ("Import accounts", "/import/?kind=accounts"),
    ("Import goals", "/import/?kind=goals"),
    ("Import outcome series", "/import/?kind=outcomes"),
    ("Import activity", "/import/?kind=activity"),
    ("Invite a person", "/people/invite/"),
    ("Verify the ledger", "/ledger/?verify=yes"),
    ("Make a token", "/settings/tokens/"),
    ("Change my password", "/me/password/"),
)


class Found(NamedTuple):
    """One thing that was found."""

    name: str
    note: str
    href: str


class Group(NamedTuple):
    """Things of one sort."""

    name: str
    icon: str
    found: list[Found]


def search(request: HttpRequest) -> HttpResponse:
    """As a page; for the box in the top bar only its list."""
    text = " ".join(request.GET.get("q", "").split())[:100]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    groups = [g for g in groups_of(text, actor) if g.found] if len(text) >= SHORTEST else []
    whole = not getattr(request, "htmx", False)
    page = {"q": text, "groups": groups, "short": len(text) < SHORTEST}
    return render(request, "search/page.html" if whole else "search/found.html", page)


def groups_of(text: str, actor: Actor) -> Iterator[Group]:
    """Pages and commands, then things, those that are named most often first."""
    words = text.casefold().split()
    pages = [(e.name, e.href) for part in NAVIGATION for e in part.entries if there_is(e.href)]
    yield Group("Pages", "layout-dashboard", [Found(n, "", h) for n, h in fitting(pages, words)])
    yield Group("Commands", "arrow-right", [Found(n, "", h) for n, h in fitting(COMMANDS, words)])
    accounts = Account.objects.current().filter(
        visible(actor, "account.view", account="pk", own="account"),
        every(words, "handle", "display_name", "url"),
    )
    yield Group(
        "Accounts",
        "list-details",
        [
            Found(str(a), f"{a.network}, {a.unit}", f"/accounts/{a.pk}/")
            for a in accounts.select_related("unit").order_by("handle", "pk")[:MOST]
        ],
    )
    yield from strategy(words, actor)
    yield Group(
        "Units",
        "sitemap",
        [
            Found(u.name, u.kind, f"/accounts/?unit={u.pk}")
            for u in visible_units(actor, "account.view").filter(every(words, "name", "key")).order_by("name")[:MOST]
        ],
    )  # fmt: skip
    people = Person.objects.filter(visible(actor, "account.view"), every(words, "name", "email"))
    yield Group(
        "People",
        "users",
        [Found(str(p), p.email, f"/people/{p.pk}/") for p in people.order_by("name", "pk")[:MOST]],
    )


def strategy(words: list[str], actor: Actor) -> Iterator[Group]:
    """Goals, initiatives and series."""
    seen = visible(actor, "analytics.view")
    goals = Goal.objects.filter(seen, every(words, "statement", "key")).order_by("key")[:MOST]
    yield Group("Goals", "target", [Found(str(g), g.key, f"/goals/{g.pk}/") for g in goals])
    work = Initiative.objects.filter(seen, every(words, "title", "key")).order_by("key")[:MOST]
    yield Group("Initiatives", "rocket", [Found(i.title, i.status, f"/initiatives/{i.pk}/") for i in work])  # fmt: skip
    series = Series.objects.filter(seen, every(words, "name", "key")).order_by("key")[:MOST]
    yield Group("Series", "chart-line", [Found(s.name, s.class_name, f"/series/{s.pk}/") for s in series])  # fmt: skip


def fitting(named: Iterable[tuple[str, str]], words: list[str]) -> list[tuple[str, str]]:
    """Those whose name holds every word."""
    return [(n, h) for n, h in named if all(w in n.casefold() for w in words)]


def every(words: list[str], *fields: str) -> Q:
    """Each word stands in one of the fields."""
    found = Q()
    for word in words:
        part = Q(pk__in=[])
        for field in fields:
            part |= Q(**{f"{field}__icontains": word})
        found &= part
    return found
