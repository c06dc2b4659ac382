"""What may be said of an initiative on the roadmap, and what is asked of it."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.strategy.models import Initiative
from socius.web.pages import dressed

DATE = forms.DateInput(attrs={"type": "date"})
FUNCTIONS = (
    "marketing", "communication", "service", "sales", "product", "people", "finance", "IT", "legal", "operations",
)  # fmt: skip


class Dressed(forms.Form):
    """A form that looks like the others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)


def points(label: str, tip: str = "") -> forms.DecimalField:
    """A part of the range of value."""
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=tip,
    )


class WhatIf(Dressed):
    """Another capacity, another effort, another price of an hour."""

    capacity = forms.FloatField(label="Hours a quarter", required=False, min_value=0, max_value=1e7)
    effort = forms.FloatField(
        label="Effort, in % of the estimates", required=False, min_value=10, max_value=500
    )
    hour_value = forms.FloatField(
        label="What an hour costs", required=False, min_value=0.01, max_value=1e6
    )


class FrameForm(Dressed):
    """How much all of it has to fit into."""

    capacity_hours = forms.DecimalField(
        label="Hours a quarter", min_value=0, max_digits=10, decimal_places=2
    )
    hour_value = forms.DecimalField(
        label="What an hour costs",
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        help_text="With it money counts as effort; without it only hours do.",
    )
    currency = forms.CharField(max_length=3, required=False)


class PlanForm(Dressed):
    """Worth, functions, shortest time, next review."""

    value_low = points("Value, low", "Points from 0 to 100: how much of its goals it could bring.")
    value_likely = points("Value, likely")
    value_high = points("Value, high")
    quarters = forms.IntegerField(
        label="It takes at least so many quarters", min_value=1, max_value=40
    )
    review_due = forms.DateField(label="Next review", required=False, widget=DATE)
    functions = forms.MultipleChoiceField(
        label="Functions that it concerns",
        required=False,
        choices=[(name, name) for name in FUNCTIONS],
        widget=forms.CheckboxSelectMultiple,
    )

    def fields_of(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        said = dict(self.cleaned_data)
        said["functions"] = "|".join(said["functions"])
        return said


class NeedsForm(forms.Form):
    """Which initiatives have to end before."""

    needs = forms.ModelMultipleChoiceField(
        Initiative.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs"].queryset = rows  # type: ignore[attr-defined]


class FirstForm(Dressed):
    """One more thing that has to stand first."""

    say = forms.CharField(label="What has to stand first", max_length=300, required=False)
    item = forms.RegexField(
        r"^(q(0[1-9]|[123][0-9]|4[0-4])|C[1-8])$",
        label="Gate or rule",
        required=False,
        help_text="Such as q30 or C4; it links to the playbook.",
        error_messages={"invalid": "Write a gate as q01 to q44, a rule as C1 to C8."},
    )
    expected = forms.DateField(label="Expected", required=False, widget=DATE)


class DecideForm(Dressed):
    """What a sponsor or the owner of the roadmap does with it."""

    act = forms.ChoiceField(
        label="Decision",
        choices=(
            ("review", "review it"),
            ("accept", "accept it"),
            ("turn_down", "turn it down"),
            ("place", "choose its place in the order"),
        ),
    )
    reason = forms.CharField(
        label="Reason or finding",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due = forms.DateField(label="Next review (after a review)", required=False, widget=DATE)
    place = forms.IntegerField(
        label="Place (0: the computed one)", required=False, min_value=0, max_value=1000
    )
