"""Insight cards with act, owner and date; a form that takes none without; closing with words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.kit.errors import Invalid
from socius.measure.actions import Noticed, close_insight, note_insight, reopen_insight
from socius.measure.models import Insight
from socius.measure.reports.value import closure, insights
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Person, Unit
from socius.organisation.reports import visible
from socius.strategy import reports
from socius.strategy.models import Initiative
from socius.web.pages import acting, complain, dressed, found, say


class InsightForm(forms.Form):
    """What was noticed and what follows."""

    say = forms.CharField(max_length=500, label="What was noticed")
    act = forms.CharField(max_length=500, label="What is done about it")
    owner = forms.CharField(
        max_length=254,
        label="Who does it",
        widget=forms.TextInput(attrs={"list": "people"}),
        help_text="The address of a person.",
    )
    due = forms.DateField(label="Until", widget=forms.DateInput(attrs={"type": "date"}))
    evidence = forms.CharField(
        max_length=500,
        required=False,
        help_text="What it rests on, such as what was passed on most. Evidence is no goal.",
    )
    initiative = forms.ModelChoiceField(Initiative.objects.none(), required=False)

    def __init__(self, *args: Any, initiatives: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["initiative"].queryset = initiatives
        dressed(self)

    def clean_owner(self) -> Person:
        """The person of this address."""
        address = str(self.cleaned_data["owner"]).strip().casefold()
        person = Person.objects.filter(email=address, disabled_at=None).first()
        if person is None:
            raise forms.ValidationError(f"Nobody here has the address {address!r}. Invite the person first.")  # fmt: skip
        return person


def listing(request: HttpRequest) -> HttpResponse:
    """All insights; a POST adds one."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    form = InsightForm(request.POST or None, initiatives=reports.initiatives(actor))
    if request.method == "POST" and form.is_valid():
        root = Unit.objects.get(kind="organisation")
        said = dict(form.cleaned_data)
        home = said["initiative"].unit if said["initiative"] else root
        try:
            note_insight(home, noticed=Noticed(**said), actor=actor)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, "The insight is kept; its owner and day stand on the card.")
            return redirect("insights")
    page = {
        "form": form,
        "cards": insights(actor),
        "closure": closure(actor),
        "today": actor.day,
        "people": Person.objects.filter(disabled_at=None).order_by("email")[:300],
    }
    return render(request, "insights/list.html", page, status=422 if form.errors else 200)


def of(request: HttpRequest, pk: int) -> Insight:
    """The insight, if the actor may see it."""
    rows = Insight.objects.filter(visible(acting(request), "analytics.view"))
    return found(rows, pk, "insight")


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, or dropped, with words."""
    outcome, result = request.POST.get("outcome", ""), request.POST.get("result", "")
    try:
        close_insight(of(request, pk), outcome=outcome, result=result, actor=acting(request))
    except Invalid as error:
        say(request, f"It stays open. {error}")
    else:
        say(request, "The insight is closed.")
    return redirect("insights")


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open again, until the day that is given."""
    actor = acting(request)
    due = forms.DateField().clean(request.POST.get("due") or str(actor.day))
    try:
        reopen_insight(of(request, pk), due=due, actor=actor)
    except Invalid as error:
        say(request, f"It stays closed. {error}")
    else:
        say(request, "The insight is open again.")
    return redirect("insights")
