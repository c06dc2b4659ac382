"""What is asked of somebody who plans an experiment, registers a sheet, or looks early."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.kit.errors import Invalid
from socius.measure.models import AccountGroup
from socius.measure.reports.trials import KINDS, WORDS, pairs_from
from socius.strategy.models import Initiative, Series
from socius.web.pages import dressed

DATE = {"type": "date"}


class Asked(forms.Form):
    """Initiative, series, controls."""

    initiative = forms.ModelChoiceField(Initiative.objects.none(), empty_label=None)
    series = forms.ModelChoiceField(
        Series.objects.none(),
        empty_label=None,
        label="Outcome series",
        help_text="Daily or weekly. Vanity is not offered.",
    )
    worth = forms.FloatField(
        label="Smallest effect worth acting on, in per cent",
        min_value=0.1,
        max_value=100,
        initial=5,
        help_text="What is smaller would change no decision.",
    )
    controls = forms.ModelMultipleChoiceField(
        Series.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only what the initiative cannot move. A time holdout and grade B need one.",
    )

    def __init__(self, *args: Any, initiatives: Any, series: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fit = series.exclude(class_name="vanity").filter(grain__in=("day", "week"))
        fields: dict[str, Any] = self.fields
        fields["initiative"].queryset = initiatives.exclude(status="rejected")
        fields["series"].queryset = fields["controls"].queryset = fit.order_by("name")
        dressed(self)


class PlanForm(Asked):
    """How the initiative is told apart from its absence."""

    design = forms.ChoiceField(
        choices=[(kind, WORDS[kind]) for kind in KINDS],
        help_text="Regions and units need a series with values by region or unit.",
    )
    start = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs=DATE),
        help_text="After today: the draw stands before the start.",
    )
    days = forms.IntegerField(label="Days", min_value=1, max_value=730, initial=28)
    block_days = forms.IntegerField(
        label="Days of a block",
        min_value=1,
        max_value=90,
        initial=14,
        help_text="Blocks on and off: long enough for an effect to fade. At least 12 blocks.",
    )
    burn_in = forms.IntegerField(
        label="Days left out at the beginning of a block", min_value=0, max_value=60, initial=0
    )
    off_days = forms.IntegerField(
        label="Days of the stretch without it", min_value=1, max_value=180, initial=14
    )
    looks = forms.IntegerField(
        label="Looks before the end",
        required=False,
        min_value=0,
        max_value=4,
        initial=0,
        help_text="Promised now, a look keeps grade A, calls only at p 0.001, and costs the last test as much. Any other look costs grade A.",
    )
    neighbours = forms.CharField(
        max_length=4000,
        required=False,
        label="Neighbouring places",
        help_text="Pairs such as Lyon ~ Turin, one a line: places of which one may feel what the other gets. The result says whether any did.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    title = forms.CharField(max_length=300, required=False, help_text="Left empty: one is made.")
    hypothesis = forms.CharField(max_length=500, required=False, label="What you expect, and why")
    risk = forms.CharField(
        max_length=500, required=False, label="What the public could hold against it"
    )
    field_order = ("initiative", "series", "design", "start", "days", "worth", "block_days", "burn_in", "off_days", "looks", "neighbours", "title", "hypothesis", "risk", "controls")  # fmt: skip

    def clean_looks(self) -> int:
        """None, where nothing is said."""
        return self.cleaned_data["looks"] or 0

    def clean_neighbours(self) -> tuple[tuple[str, str], ...]:
        """Pairs of places."""
        return pairs_of(self.cleaned_data["neighbours"].replace("\n", ","))


class SheetForm(Asked):
    """The window that will be estimated: of an initiative or, where one is given, of a declared group, from its first day on."""

    group = forms.ModelChoiceField(
        AccountGroup.objects.none(), empty_label=None, label="Account group"
    )
    start = forms.DateField(label="First day", widget=forms.DateInput(attrs=DATE))
    end = forms.DateField(
        label="Last day",
        widget=forms.DateInput(attrs=DATE),
        help_text="Short windows leave room for the ten fake starts that grade B needs.",
    )
    field_order = ("initiative", "group", "series", "start", "end", "worth", "controls")

    def __init__(self, *args: Any, group: AccountGroup | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if group is None:
            del fields["group"]
            return
        del fields["initiative"], fields["start"]
        fields["group"].queryset = AccountGroup.objects.filter(pk=group.pk)
        fields["series"].queryset = fields["series"].queryset.filter(
            pk__in=group.outcomes.values("pk")
        )
        fields["series"].help_text = "One of those that it was declared for."
        fields["end"].help_text += f" The first day is {group.start}."


def pairs_of(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of places, or the form's error."""
    try:
        return pairs_from(text)
    except Invalid as error:
        raise forms.ValidationError(str(error)) from error


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        max_length=500,
        required=False,
        label="Why it cannot wait",
        help_text="A look that the plan promised and that is due needs none.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)
