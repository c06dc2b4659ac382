"""The page of net value, its export, and the form that says what a unit is worth."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render

from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.actions import Amounts, state_worth
from socius.measure.models import UnitWorth
from socius.measure.reports.value import EXPORTED, Valued, cannot_tell, exported, together, valued
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy import reports
from socius.strategy.models import Series
from socius.web.downloads import as_csv
from socius.web.pages import acting, complain, dressed, say


class WorthForm(forms.Form):
    """What one unit of an outcome is worth."""

    series = forms.ModelChoiceField(
        Series.objects.none(), empty_label=None, label="Outcome", help_text="Outcomes only."
    )
    kind = forms.ChoiceField(
        choices=[("revenue", "a rise is worth it"), ("saving", "a fall is worth it")]
    )
    low = forms.DecimalField(max_digits=18, decimal_places=4)
    likely = forms.DecimalField(max_digits=18, decimal_places=4)
    high = forms.DecimalField(max_digits=18, decimal_places=4)
    currency = forms.CharField(max_length=3, initial="EUR")
    why = forms.CharField(max_length=500, label="Where the figure comes from")

    def __init__(self, *args: Any, series: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["series"].queryset = series.filter(class_name="outcome").order_by("name")
        dressed(self)


def rows_of(actor: Actor) -> list[Valued]:
    """Initiatives, the largest net first; what cannot be added up comes last."""
    found = valued(reports.initiatives(actor).exclude(status="rejected"), actor)
    return sorted(found, key=lambda one: (one.net is None, -(one.net.net if one.net else Decimal()), one.initiative.title))  # fmt: skip


def listing(request: HttpRequest) -> HttpResponse:
    """Every initiative with its value; unit values; what we cannot tell."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    rows = rows_of(actor)
    seen = Series.objects.filter(visible(actor, "analytics.view"))
    worths = UnitWorth.objects.known_at(micros(actor.at)).filter(series__in=seen)
    page = {
        "rows": [one for one in rows if one.net is not None],
        "blocked": [one for one in rows if one.net is None and (one.priced or one.unpriced)],
        "unknown": cannot_tell(rows),
        "worths": worths.select_related("series", "owner").order_by("series__name"),
        "sums": together(rows),
    }
    return render(request, "value/list.html", page)


def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every figure of every net value, one a line."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    return as_csv("net-value", EXPORTED, exported(rows_of(actor)))


def worth(request: HttpRequest) -> HttpResponse:
    """Says what a unit is worth."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    seen = Series.objects.filter(visible(actor, "analytics.view"))
    form = WorthForm(request.POST or None, initial={"series": request.GET.get("series")}, series=seen)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        amounts = Amounts(said["low"], said["likely"], said["high"], said["currency"], said["kind"])
        try:
            state_worth(said["series"], amounts=amounts, why=said["why"], actor=actor)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, "The unit value is stated, with your name and today's date.")
            return redirect("value")
    return render(request, "value/worth.html", {"form": form}, status=422 if form.errors else 200)
