"""One account: its line to a goal, what the audit says, what files claim, its history, and what can be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.accounts.models import Account
from socius.engine.audit import RULES
from socius.organisation.models import Actor, Person
from socius.strategy.models import Cell, Goal, Link
from socius.strategy.reports import (
    audit_of,
    claims,
    decided_before,
    finding,
    history,
    homes,
    known_links,
    listed,
    listed_with,
    proposed_by_files,
    serving,
    weekly,
)
from socius.web.pages import acting
from socius.web.screens.accounts import forms

Bound = dict[str, forms.About]


def lines_of(account: Account, actor: Actor) -> list[dict[str, Any]]:
    """The ties of an account, each with the goals that it leads to."""
    ties = list(
        known_links(actor)
        .filter(holder=account.pk)
        .select_related("goal", "initiative", "experiment", "experiment__goal")
        .order_by("pk")
    )
    through: dict[int, list[Goal]] = {}
    for row in (
        serving(actor)
        .filter(initiative__in=[t.initiative_id for t in ties if t.initiative_id])
        .select_related("goal")
    ):
        through.setdefault(row.initiative_id, []).append(row.goal)
    return [{"tie": tie, "goals": goals_of(tie, through)} for tie in ties]


def goals_of(tie: Link, through: dict[int, list[Goal]]) -> list[Goal]:
    """The goals at the end of one tie."""
    if tie.goal:
        return [tie.goal]
    if tie.experiment and tie.experiment.goal:
        return [tie.experiment.goal]
    return through.get(tie.initiative_id or 0, [])


def first_values(account: Account) -> dict[str, dict[str, Any]]:
    """What the forms show before anybody has typed."""
    return {
        "owner": {"owner": account.owner.email if account.owner else account.owner_email},
        "correct": {name: getattr(account, name) for name in forms.Correct.base_fields},
        "move": {"to": account.unit_id},
    }


def all_forms(account: Account, actor: Actor, bound: Bound) -> Bound:
    """Every form of the panel; one that came back with an error keeps what was typed."""
    kinds: dict[str, type[forms.About]] = {
        "tie": forms.Tie,
        "decide": forms.Decide,
        "activate": forms.Activate,
        "owner": forms.Owner,
        "correct": forms.Correct,
        "move": forms.Move,
        "merge": forms.Merge,
    }
    start = first_values(account)
    return {
        name: bound.get(name)
        or kind(account=account, actor=actor, initial=start.get(name), auto_id=f"{name}_%s")
        for name, kind in kinds.items()
    }


TITLES = {
    "tie": "Tie it to a goal",
    "decide": "Decide",
    "activate": "Activate",
    "owner": "Name the owner",
    "correct": "Correct",
    "move": "Move to another unit",
    "merge": "It is the same as another account",
}


def panel_page(
    request: HttpRequest, account: Account, *, bound: Bound | None = None, status: int = 200
) -> HttpResponse:
    """The page of an account; asked by htmx only its part, for the side of the list."""
    part = bool(request.headers.get("HX-Request")) and request.method == "GET"
    name = "accounts/panel.html" if part else "accounts/one.html"
    page = panel(acting(request), account, bound or {})
    page["back"] = request.GET.get("back") or request.POST.get("back") or ""
    return render(request, name, page, status=status)


def panel(actor: Actor, account: Account, bound: Bound | None = None) -> dict[str, Any]:
    """All that the panel shows."""
    today = actor.day
    row = listed([account], actor)[0]
    audited = audit_of(account, actor, today)
    every = all_forms(account, actor, bound or {})
    return {
        "account": account,
        "row": row,
        "lines": lines_of(account, actor),
        "finding": finding(row, today),
        "audited": audited,
        "rule": RULES.get(audited.proposal.rule, "") if audited else "",
        "inputs": spelt(audited.proposal.inputs) if audited else [],
        "into": Account.objects.filter(pk=audited.proposal.into).first()
        if audited and audited.proposal.into
        else None,
        "decided": decided_before(account),
        "from_files": proposed_by_files(account),
        "claims": claims(account),
        "shared": listed_with(account),
        "homes": homes(account),
        "weeks": weekly([account.pk], today)[account.pk],
        "history": history("account", account.pk),
        "held": Cell.objects.forbids(account, actor.at),
        "acts": [(name, TITLES[name], form, bool(form.errors)) for name, form in every.items()],
        "people": Person.objects.filter(disabled_at=None).order_by("email")[:300],
    }


def spelt(inputs: dict[str, Any]) -> list[tuple[str, str]]:
    """What the rule looked at, in words."""
    words = {None: "unknown", "": "not stated", True: "yes", False: "no"}
    return [
        (
            key.replace("_", " "),
            ", ".join(map(str, value))
            if isinstance(value, list)
            else "none"
            if key == "goal" and value is None
            else words[value]
            if value is None or isinstance(value, bool) or value == ""
            else str(value),
        )
        for key, value in inputs.items()
    ]
