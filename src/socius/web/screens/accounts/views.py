"""The lists of the inventory."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from socius.accounts.models import Account
from socius.engine.audit import RULES
from socius.kit.errors import Invalid
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor, Unit
from socius.strategy import reports
from socius.strategy.actions import decide_all
from socius.strategy.models import Experiment, Goal, Initiative
from socius.strategy.reports import Audited, Listed, Wanted
from socius.web.downloads import as_file
from socius.web.pages import (
    Chip,
    acting,
    columns,
    complain,
    found,
    number,
    query,
    say,
    stretch_of,
    way_back,
)
from socius.web.screens.accounts import forms
from socius.web.screens.accounts.acts import of, way_to_withdraw
from socius.web.screens.accounts.panel import panel, panel_page

HEADS = (
    ("handle", "Account", False),
    ("unit", "Unit", False),
    ("owner", "Owner", False),
    ("line", "Line to a goal", False),
    ("status", "State", False),
    ("last_activity", "Last activity", True),
    ("audience", "Audience", True),
)
STATES = ("found", "claimed", "experiment", "active", "retiring", "archived")
DECIDED = ("open", "decided", "all")


def wanted_of(request: HttpRequest) -> Wanted:
    """The filters of the address."""
    get = request.GET.get
    unit = number(request, "unit")
    return Wanted(
        unit=found(Unit.objects.all(), unit, "unit") if unit else None,
        only=get("only", "") == "yes",
        network=get("network", ""),
        status=get("status", ""),
        text=get("q", "").strip(),
        line=one_of(get("line", ""), ("yes", "no")),
        language=get("language", ""),
        absent=one_of(get("absent", ""), ("yes", "no")),
        owner=get("owner", ""),
        goal=number(request, "goal"),
        initiative=number(request, "initiative"),
        experiment=number(request, "experiment"),
    )


def one_of(text: str, words: tuple[str, ...]) -> str:
    """The text where it is one of the words; else nothing is filtered by it."""
    return text if text in words else ""


def named(model: Any, pk: int) -> str:
    """What an object of the address is called."""
    row = model.objects.filter(pk=pk).first()
    return str(getattr(row, "title", "") or row or pk)


def chips(request: HttpRequest, wanted: Wanted) -> list[Chip]:
    """The filters that are on, in words."""
    owner = "without owner" if wanted.owner == "none" else f"of {wanted.owner}"
    said = (
        (wanted.text, f"“{wanted.text}”", "q"),
        (wanted.unit, f"{wanted.unit}{' itself' if wanted.only else ' and below'}", "unit"),
        (wanted.network, wanted.network, "network"),
        (wanted.status, wanted.status, "status"),
        (wanted.line, "has a line" if wanted.line == "yes" else "no line", "line"),
        (wanted.language, f"language {wanted.language}", "language"),
        (wanted.absent, "absent" if wanted.absent == "yes" else "not absent", "absent"),
        (wanted.owner, owner, "owner"),
        (wanted.goal, wanted.goal and f"serves {named(Goal, wanted.goal)}", "goal"),
        (wanted.initiative, wanted.initiative and named(Initiative, wanted.initiative), "initiative"),
        (wanted.experiment, wanted.experiment and named(Experiment, wanted.experiment), "experiment"),
    )  # fmt: skip
    return [
        Chip(
            str(words), query(request, **{name: None, **({"only": None} if name == "unit" else {})})
        )
        for on, words, name in said
        if on
    ]


def table(request: HttpRequest, wanted: Wanted) -> dict[str, Any]:
    """A page of accounts with everything that the table shows."""
    actor = acting(request)
    order = request.GET.get("sort", "unit")
    today = actor.day
    rows = reports.inventory(actor, wanted)
    at = stretch_of(request, reports.ordered(rows, order, actor))
    by_pk = {a.pk: a for a in rows.filter(pk__in=at.ids)}
    shown = reports.listed([by_pk[pk] for pk in at.ids if pk in by_pk], actor)
    weeks = reports.weekly(at.ids, today)
    return {
        "at": at,
        "rows": [(row, reports.finding(row, today), weeks[row.account.pk]) for row in shown],
        "heads": columns(request, order, HEADS),
        "chips": chips(request, wanted),
        "wanted": wanted,
        "here": request.get_full_path(),
        "query": query(request),
        **choices(actor),
    }


def choices(actor: Actor) -> dict[str, Any]:
    """What the filters offer."""
    seen = reports.inventory(actor, Wanted()).order_by()
    return {
        "networks": sorted(set(seen.values_list("network", flat=True))),
        "languages": sorted(set(seen.values_list("language", flat=True))),
        "units": Unit.objects.filter(pk__in=seen.values("unit")).order_by("name"),
        "states": STATES,
    }


def everything(request: HttpRequest) -> HttpResponse:
    """All accounts; with `open` the panel of one beside them."""
    require_somewhere(acting(request), "account.view")
    page = table(request, wanted_of(request))
    opened = number(request, "open")
    if opened:
        page["open"] = panel(acting(request), of(acting(request), opened))
        page["open"]["back"] = page["here"]
    return render(request, "accounts/list.html", {**page, "tab": "all"})


def unclaimed(request: HttpRequest) -> HttpResponse:
    """Accounts that somebody found and nobody has claimed."""
    require_somewhere(acting(request), "account.view")
    wanted = wanted_of(request)
    page = table(request, Wanted(**{**wanted.__dict__, "status": "found"}))
    return render(request, "accounts/list.html", {**page, "tab": "unclaimed"})


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One account, at an address of its own."""
    return panel_page(request, of(acting(request), pk))


def export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file, with the filters and the order of the page."""
    actor = acting(request)
    require_somewhere(actor, "account.view")
    rows = reports.inventory(actor, wanted_of(request))
    ids = reports.ordered(rows, request.GET.get("sort", "unit"), actor)
    by_pk = {row.account.pk: row for row in reports.listed(rows, actor)}
    head = "id network handle name address unit owner goals initiatives experiments status language country last_activity activities audience custody absent_since finding"
    today = actor.day
    lines = ([*line(by_pk[pk]), reports.finding(by_pk[pk], today)] for pk in ids)
    return as_file(request, "accounts", head.split(), lines)


def line(row: Listed) -> list[object]:
    """A row of the file."""
    a = row.account
    return [
        a.pk, a.network, a.handle, a.display_name, a.url, a.unit.name, str(a.owner or a.owner_email),
        list(row.goals), list(row.initiatives), list(row.experiments), a.status, a.language, a.country,
        row.last_activity, row.activities, a.audience, a.custody, a.absent_since,
    ]  # fmt: skip


def proposals(request: HttpRequest) -> HttpResponse:
    """What the audit proposes, by rule; decisions about many at once."""
    actor = acting(request)
    rows = reports.audit(actor, today=actor.day)
    if request.method == "POST":
        return decided(request, actor, rows)
    return render(request, "accounts/proposals.html", proposed(request, rows))


def proposed(request: HttpRequest, rows: list[Audited]) -> dict[str, Any]:
    """The page of proposals."""
    shown = one_of(request.GET.get("show", ""), DECIDED) or "open"
    rule = request.GET.get("rule", "")
    inside = [row for row in rows if shown == "all" or row.open == (shown == "open")]
    counts = Counter(row.proposal.rule for row in inside)
    picked = [row for row in inside if not rule or row.proposal.rule == rule]
    at = stretch_of(request, [row.listed.account.pk for row in picked])
    here = set(at.ids)
    into = {row.proposal.into for row in picked if row.proposal.into}
    return {
        "tab": "proposals",
        "at": at,
        "rows": [row for row in picked if row.listed.account.pk in here],
        "rules": [
            (key, words, counts[key], query(request, rule=key), key == rule)
            for key, words in RULES.items()
            if counts[key]
        ],
        "shown": shown,
        "shows": [(name, query(request, show=name, rule=None)) for name in DECIDED],
        "all": (sum(counts.values()), query(request, rule=None), not rule),
        "twins": {a.pk: a for a in Account.objects.filter(pk__in=into)},
        "decisions": forms.DECISIONS,
        "here": request.get_full_path(),
    }


def decided(request: HttpRequest, actor: Actor, rows: list[Audited]) -> HttpResponse:
    """Writes one decision about every chosen account, or about none."""
    by_pk = {row.listed.account.pk: row for row in rows}
    form = forms.DecideMany(request.POST, list(by_pk))
    if form.is_valid():
        said = form.cleaned_data
        chosen = [by_pk[pk] for pk in said["pick"]]
        try:
            decide_all(
                [(row.listed.account, row.proposal.rule, row.proposal.inputs) for row in chosen],
                actor=actor,
                decision=said["decision"],
                reason=said["reason"],
            )
        except Invalid as error:
            complain(form, error)
        else:
            n = len(chosen)
            told = f"Decided to {said['decision']} {n} account{'' if n == 1 else 's'}."
            say(request, told, way_to_withdraw(actor))
            return redirect(way_back(request, request.path))
    page = proposed(request, rows)
    chosen_before = {int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal()}
    return render(
        request,
        "accounts/proposals.html",
        {**page, "form": form, "chosen": chosen_before},
        status=422,
    )


def duplicates(request: HttpRequest) -> HttpResponse:
    """Accounts that may be one, and those that were made one."""
    actor = acting(request)
    require_somewhere(actor, "account.view")
    page = {
        "tab": "duplicates",
        "groups": reports.duplicates(actor, actor.day),
        "merged": reports.merged(actor),
        "here": request.get_full_path(),
    }
    return render(request, "accounts/duplicates.html", page)
