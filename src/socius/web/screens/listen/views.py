"""The stream of mentions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.kit.errors import Invalid
from socius.listen import reports
from socius.listen.models import Query, Source
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.web.pages import acting, day, found, number, query

LIMIT = 50


def stream(request: HttpRequest) -> HttpResponse:
    """Mentions, the newest first; facets narrow them."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    on = day(request, "day")
    chosen = {
        "network": request.GET.get("network", ""),
        "lang": request.GET.get("lang", ""),
        "day": on.isoformat() if on else "",
    }
    page = of_query(request, actor, chosen) if request.GET.get("query") else of_all(request, chosen)
    queries = Query.objects.filter(visible(actor, "analytics.view"), archived_at=None)
    page |= {
        "queries": [(q, query(request, query=q.pk)) for q in queries],
        "any_query": query(request, query=None),
        "facets": [(name, facet(request, name, page["facets"].get(name, []))) for name in chosen],
        "scored_by": reports.scored_by(),
        "sources": Source.objects.filter(visible(actor, "analytics.view")),
        "chosen": {k: v for k, v in chosen.items() if v},
    }
    return render(request, "listen/stream.html", page)


def facet(
    request: HttpRequest, name: str, sums: list[tuple[str, int]]
) -> list[tuple[str, int, str, bool]]:
    """Values of a facet: name, count, address, whether it is on."""
    on = request.GET.get(name, "")
    return [
        (value, n, query(request, **{name: None if value == on else value}), value == on)
        for value, n in sums
    ]


def of_all(request: HttpRequest, chosen: dict[str, str]) -> dict[str, Any]:
    """A page of the store."""
    words = request.GET.get("after", "").split("~")
    if words != [""] and len(words) != 2:
        raise Invalid("That is no place in this list.", field="after")
    after = words if len(words) == 2 else None
    found_ = reports.looked("page", limit=LIMIT, after=after, **chosen)
    later = query(request, after="~".join(found_["after"])) if found_["after"] else ""
    return {"rows": found_["rows"], "later": later, "facets": found_["facets"], "query": None}


def of_query(request: HttpRequest, actor: Actor, chosen: dict[str, str]) -> dict[str, Any]:
    """A page of what one query found."""
    pk = number(request, "query")
    one = found(Query.objects.filter(visible(actor, "analytics.view")), pk, "query")
    hits = reports.hits_of(one, LIMIT + 1, number(request, "after"), chosen["day"])
    rows, facets = reports.mentions_of(hits[:LIMIT])
    kept = [r for r in rows if all(r[c] == chosen[c] for c in ("network", "lang") if chosen[c])]
    later = query(request, after=hits[LIMIT - 1].pk) if len(hits) > LIMIT else ""
    return {"rows": kept, "later": later, "facets": facets, "query": one}
