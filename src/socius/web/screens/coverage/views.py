"""Coverage of a stretch, and a person's word against it."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.kit.errors import Invalid
from socius.listen import reports
from socius.listen.actions import declare_coverage, withdraw_coverage
from socius.listen.models import CoverageWord, Query, Source
from socius.organisation.actions import allowed, require_somewhere
from socius.organisation.reports import visible
from socius.web.pages import acting, complain, dressed, found, number, query, say

PERIODS = (1, 7, 30, 90)
SAYS = (("full", "all of it was collected"), ("none", "nothing of it was collected"))


class WordForm(forms.Form):
    """A stretch and what somebody knows of it."""

    source = forms.ModelChoiceField(label="Source", queryset=Source.objects.none(), empty_label=None)  # fmt: skip
    since = forms.DateTimeField(label="From (UTC)", widget=forms.DateTimeInput({"type": "datetime-local"}))  # fmt: skip
    until = forms.DateTimeField(label="To (UTC)", widget=forms.DateTimeInput({"type": "datetime-local"}))  # fmt: skip
    says = forms.ChoiceField(label="Of it", choices=SAYS)
    reason = forms.CharField(label="How do you know?", max_length=400)

    def __init__(self, *args: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
        dressed(self)


def home(request: HttpRequest) -> HttpResponse:
    """Strips of sources and queries; the form that overrules."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    seen = visible(actor, "analytics.view")
    sources, queries = Source.objects.filter(seen), Query.objects.filter(seen, archived_at=None)
    form = WordForm(request.POST or None, sources=sources)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            since, until = (data[n].replace(tzinfo=UTC) for n in ("since", "until"))
            declare_coverage(data["source"], actor=actor, since=since, until=until, full=data["says"] == "full", reason=data["reason"])  # fmt: skip
        except Invalid as error:
            complain(form, error)
        else:
            say(request, "Your word goes before what was noted.")
            return redirect("coverage")
    days = min(number(request, "days") or 7, 365)
    since = actor.at - timedelta(days=days)
    by_source, by_query = reports.coverage_of(sources, queries, since, actor.at)
    page = {
        "sources": by_source, "queries": by_query, "form": form, "since": since, "until": actor.at,
        "periods": [(n, query(request, days=n), n == days) for n in PERIODS], "may": allowed(actor, "query.edit", None),
        "words": CoverageWord.objects.filter(source__in=sources, withdrawn_at=None).select_related("source", "by"),
    }  # fmt: skip
    return render(request, "coverage/home.html", page)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a word back."""
    actor = acting(request)
    sources = Source.objects.filter(visible(actor, "analytics.view"))
    word = found(CoverageWord.objects.filter(source__in=sources), pk, "declaration")
    withdraw_coverage(word, actor=actor)
    say(request, "What was noted counts again.")
    return redirect("coverage")
