"""Declared account groups: the list, one with its outcomes, the declaration, and taking one back."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.accounts.models import Account
from socius.kit.errors import Conflict, Invalid
from socius.measure.actions import Declared, declare_group, withdraw_group
from socius.measure.models import AccountGroup
from socius.measure.reports.effects import portfolio
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Unit
from socius.organisation.reports import visible
from socius.strategy.models import Series
from socius.web.pages import acting, complain, found, say
from socius.web.screens.effects.forms import GroupForm


def listing(request: HttpRequest) -> HttpResponse:
    """Every group, the newest first day first; those that were taken back too."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    rows = AccountGroup.objects.filter(visible(actor, "analytics.view"))
    shown = rows.annotate(size=Count("accounts", distinct=True)).select_related("unit").prefetch_related("outcomes")  # fmt: skip
    return render(request, "effects/groups.html", {"rows": shown.order_by("-start", "pk")})


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: who declared it when and why, its accounts, and what is known of each outcome."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    rows = AccountGroup.objects.filter(visible(actor, "analytics.view"))
    group = found(rows.select_related("unit", "declared_by"), pk, "account group")
    sheets = list(group.sheets.select_related("series", "made_by").defer("sheet").order_by("-pk"))
    family = portfolio(actor)
    told = {t.effect.series_id: t for t in [*family.shown, *family.refused] if t.effect.group_id == group.pk}  # fmt: skip
    page = {
        "group": group,
        "accounts": group.accounts.filter(visible(actor, "account.view")).order_by("network", "handle"),
        "size": group.accounts.count(),
        "outcomes": [(series, told.get(series.pk)) for series in group.outcomes.order_by("name")],
        "begun": group.start <= actor.day,
        "sheet": next((s for s in sheets if s.superseded_by_id is None), None),
        "earlier": [s for s in sheets if s.superseded_by_id is not None],
    }  # fmt: skip
    return render(request, "effects/group.html", page)


def declare(request: HttpRequest) -> HttpResponse:
    """Declares a group."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    accounts = Account.objects.current().filter(visible(actor, "account.view"))
    form = GroupForm(
        request.POST or None,
        accounts=accounts.order_by("handle", "display_name", "pk"),
        series=Series.objects.filter(visible(actor, "analytics.view")),
        units=Unit.objects.order_by("name"),
        initial={"unit": Unit.objects.filter(kind="organisation").first()},
    )
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        unit, key = said.pop("unit"), said.pop("key")
        said |= {name: tuple(said[name]) for name in ("accounts", "outcomes")}
        try:
            group = declare_group(unit, key=key, declared=Declared(**said), actor=actor)
        except Invalid as error:
            complain(form, error)
        except Conflict as error:
            form.add_error("key", str(error))
        else:
            say(request, f"{group} is declared, with your name and today's date.")
            return redirect("group", pk=group.pk)
    return render(request, "effects/group_form.html", {"form": form}, status=422 if form.errors else 200)  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a group back."""
    actor = acting(request)
    group = found(AccountGroup.objects.filter(visible(actor, "analytics.view")), pk, "account group")  # fmt: skip
    try:
        withdraw_group(group, actor=actor, reason=request.POST.get("reason", ""))
    except Invalid as error:
        say(request, str(error))
    else:
        say(request, f"{group} is taken back; what was estimated stays.")
    return redirect("group", pk=group.pk)
