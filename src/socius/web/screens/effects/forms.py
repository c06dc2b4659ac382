"""The question that an estimate answers."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.strategy.models import Initiative, Series
from socius.web.pages import dressed


class EstimateForm(forms.Form):
    """Which initiative, which series, which window."""

    initiative = forms.ModelChoiceField(Initiative.objects.none(), empty_label=None)
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
        help_text="Left empty: the initiative's own start.",
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

    def __init__(self, *args: Any, initiatives: Any, series: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fit = series.exclude(class_name="vanity").filter(grain__in=("day", "week"))
        fields: dict[str, Any] = self.fields
        fields["initiative"].queryset = initiatives
        fields["series"].queryset = fields["controls"].queryset = fit.order_by("name")
        dressed(self)
