"""The library and one playbook of it."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.assess.reports.playbooks import ISSUES, STAGES, library, playbook_of, search
from socius.kit.errors import NotFound
from socius.organisation.actions import require_somewhere
from socius.web.pages import acting


def listing(request: HttpRequest) -> HttpResponse:
    """All playbooks, or those that hold some words."""
    require_somewhere(acting(request), "analytics.view")
    text, issue, stage = (request.GET.get(name, "").strip() for name in ("q", "issue", "stage"))
    found = search(text, issue, stage)
    groups = [(where, list(rows)) for where, rows in groupby(found, key=lambda one: one.where)]
    page = {
        "groups": groups,
        "total": len(found),
        "of": len(library()),
        "issues": ISSUES,
        "stages": STAGES,
        "text": text,
        "issue": issue,
        "stage": stage,
    }
    return render(request, "playbooks/list.html", page)


def one(request: HttpRequest, key: str) -> HttpResponse:
    """One playbook, to be printed."""
    require_somewhere(acting(request), "analytics.view")
    book = playbook_of(key)
    if book is None:
        raise NotFound(f"There is no playbook {key!r}. The library is at /assess/playbooks/.")
    same = [b for b in library().values() if b.issue == book.issue and b.id != book.id]
    near = sorted(same, key=lambda b: abs(b.stage - book.stage))[:4]
    page = {"book": book, "issue": ISSUES[book.issue], "near": near}
    return render(request, "playbooks/one.html", page)
