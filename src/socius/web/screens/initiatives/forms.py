"""Forms of initiatives, effects found elsewhere, and experiments."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.organisation.models import Unit
from socius.strategy.models import Goal, Series
from socius.web.pages import dressed

DATE = forms.DateInput(attrs={"type": "date"})


def money(label: str) -> forms.DecimalField:
    """A field for a part of a range."""
    return forms.DecimalField(
        label=label, required=False, max_digits=18, decimal_places=2, min_value=0
    )


class Dressed(forms.Form):
    """A form that looks like the others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)


class InitiativeForm(Dressed):
    """What may be said of an initiative."""

    title = forms.CharField(max_length=300)
    kind = forms.ChoiceField(choices=(("external", "external"), ("internal", "internal")))
    scope = forms.ChoiceField(
        choices=(("function", "one function"), ("enterprise", "the enterprise"))
    )
    status = forms.ChoiceField(
        label="State",
        choices=[
            (word, word)
            for word in ("idea", "proposed", "accepted", "running", "ended", "rejected")
        ],
    )
    sponsor = forms.CharField(
        max_length=254, required=False, widget=forms.TextInput(attrs={"list": "people"})
    )
    start = forms.DateField(label="From", required=False, widget=DATE)
    end = forms.DateField(label="Until", required=False, widget=DATE)
    cost_low = money("Cost, low")
    cost_likely = money("Cost, likely")
    cost_high = money("Cost, high")
    currency = forms.CharField(
        max_length=3, required=False, help_text="Three letters, such as EUR."
    )
    hours_low = money("Hours, low")
    hours_likely = money("Hours, likely")
    hours_high = money("Hours, high")


class NewInitiativeForm(InitiativeForm):
    """An initiative has a home from the beginning."""

    unit = forms.ModelChoiceField(Unit.objects.order_by("name"), empty_label=None)


class GoalsForm(forms.Form):
    """Which goals it serves."""

    goals = forms.ModelMultipleChoiceField(
        Goal.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, goals: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goals"].queryset = goals  # type: ignore[attr-defined]


class EffectForm(Dressed):
    """An effect that somebody found outside Socius."""

    series = forms.ModelChoiceField(
        Series.objects.exclude(class_name__in=("vanity", "unclassed")).order_by("name"),
        empty_label=None,
    )
    method = forms.CharField(
        max_length=80, help_text="Before and after, correlation, external study, told."
    )
    estimate = forms.FloatField(help_text="In the unit of the series; a fall is negative.")
    low = forms.FloatField(required=False)
    high = forms.FloatField(required=False)
    start = forms.DateField(label="From", required=False, widget=DATE)
    end = forms.DateField(label="Until", required=False, widget=DATE)
    source = forms.CharField(
        max_length=500, required=False, help_text="Who found it, where it can be read."
    )


class TrialForm(Dressed):
    """A dated trial."""

    title = forms.CharField(max_length=300)
    start = forms.DateField(label="From", widget=DATE)
    end = forms.DateField(
        label="Until",
        widget=DATE,
        help_text="The last day. After it, what runs under it needs a goal.",
    )


class NewTrialForm(TrialForm):
    """A trial has a home from the beginning."""

    unit = forms.ModelChoiceField(Unit.objects.order_by("name"), empty_label=None)
