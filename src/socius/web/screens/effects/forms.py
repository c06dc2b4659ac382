"""The question that an estimate answers, and the declaration of an account group."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.accounts.models import Account
from socius.measure.models import AccountGroup
from socius.organisation.models import Unit
from socius.strategy.models import Initiative, Series
from socius.web.pages import dressed
from socius.web.templatetags.lists import network_name


class EstimateForm(forms.Form):
    """Which initiative (or, where one is given, which group), which series, which window."""

    initiative = forms.ModelChoiceField(Initiative.objects.none(), empty_label=None)
    group = forms.ModelChoiceField(
        AccountGroup.objects.none(), empty_label=None, label="Account group"
    )
    series = forms.ModelChoiceField(
        Series.objects.none(),
        empty_label=None,
        label="Outcome series",
        help_text="Daily or weekly. Vanity is not offered.",
    )
    start = forms.DateField(
        label="From",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Left empty: its own first day.",
    )
    end = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Left empty: its end, or the last value. A short window leaves room for more fake starts; ten are needed to call an effect.",
    )
    controls = forms.ModelMultipleChoiceField(
        Series.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only what the initiative cannot have moved: the market, the weather. One that moves at the start is dropped and named.",
    )

    def __init__(
        self, *args: Any, initiatives: Any, series: Any, group: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fit = series.exclude(class_name="vanity").filter(grain__in=("day", "week"))
        fields: dict[str, Any] = self.fields
        fields["controls"].queryset = fields["series"].queryset = fit.order_by("name")
        if group is None:
            del fields["group"]
            fields["initiative"].queryset = initiatives
        else:
            del fields["initiative"]
            fields["group"].queryset = AccountGroup.objects.filter(pk=group.pk)
            fields["series"].queryset = fit.filter(pk__in=group.outcomes.values("pk"))
        dressed(self)


class GroupForm(forms.Form):
    """Which accounts do what in common from when on, and on which outcomes that is to be seen."""

    name = forms.CharField(max_length=200, label="Name")
    key = forms.SlugField(
        max_length=200, help_text="Short, for files and commands; never used twice."
    )
    why = forms.CharField(
        max_length=500,
        label="What they do in common, and why just these",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    start = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Left empty: it goes on.",
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), empty_label=None, label="Whose group")
    outcomes = forms.ModelMultipleChoiceField(
        Series.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Each is estimated every night from the first day on; no other one will be.",
    )
    accounts = forms.ModelMultipleChoiceField(
        Account.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="At least two. A separate effect of one account is not claimed.",
    )

    def __init__(self, *args: Any, accounts: Any, series: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fit = series.exclude(class_name="vanity").filter(grain__in=("day", "week"))
        fields["outcomes"].queryset = fit.order_by("name")
        fields["accounts"].queryset = accounts
        fields["accounts"].label_from_instance = lambda one: f"{one} · {network_name(one.network)}"
        fields["unit"].queryset = units
        dressed(self)
