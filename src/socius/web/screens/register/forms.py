"""What is asked of who wants a tool, and the parts of a strategy."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.organisation.models import Unit
from socius.strategy.actions import Wish
from socius.strategy.models import Goal, StrategyVersion
from socius.web.pages import dressed


class WishForm(forms.Form):
    """A tool, what it is for, and what it comes after."""

    name = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=(("tool", "tool"), ("connector", "connector to a network")))
    vendor = forms.CharField(max_length=200, required=False)
    unit = forms.ModelChoiceField(Unit.objects.order_by("name"), empty_label=None)
    purpose = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What people will do with it that they cannot do now.",
    )
    goal = forms.ModelChoiceField(
        Goal.objects.none(), required=False, empty_label="none", label="Goal that it serves"
    )
    strategy = forms.ModelChoiceField(
        StrategyVersion.objects.none(), required=False, empty_label="none", label="Under strategy"
    )
    exception = forms.CharField(
        max_length=500,
        required=False,
        label="Reason for an exception",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only where there is no goal or no strategy. It goes in at once, with your name beside it for everybody to see.",
    )

    def __init__(self, *args: Any, goals: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = goals  # type: ignore[attr-defined]
        self.fields["strategy"].queryset = versions  # type: ignore[attr-defined]
        dressed(self)

    def wish(self) -> Wish:
        """What was asked for."""
        said = self.cleaned_data
        names = ("name", "purpose", "kind", "vendor", "goal", "strategy")
        return Wish(**{name: said[name] for name in names})


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(max_length=500)
    grant = forms.BooleanField(required=False)


class StrategyForm(forms.Form):
    """Vision, goals, plans, resources."""

    vision = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What customers, staff and partners will say of you in three years.",
    )
    plans = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="How. Channel plans belong here, below the goals.",
    )
    resources = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="People, money, abilities.",
    )
    goals = forms.ModelMultipleChoiceField(
        Goal.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, goals: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goals"].queryset = goals  # type: ignore[attr-defined]
        dressed(self)
