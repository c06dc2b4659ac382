"""Forms of goals and KPIs."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.organisation.models import Unit
from socius.strategy.models import OBJECTIVES, Series
from socius.web.pages import dressed

DATE = forms.DateInput(attrs={"type": "date"})


class GoalForm(forms.Form):
    """What may be said of a goal."""

    statement = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        help_text="What should be different for the business, and by how much.",
    )
    executive_owner = forms.CharField(
        label="Executive owner",
        max_length=254,
        required=False,
        help_text="Address or name. Without one the line of every activity ends before this goal.",
        widget=forms.TextInput(attrs={"list": "people"}),
    )
    objective = forms.ChoiceField(
        required=False, choices=[("", "not said"), *OBJECTIVES.items()], label="Business objective"
    )
    period_start = forms.DateField(label="From", required=False, widget=DATE)
    period_end = forms.DateField(label="Until", required=False, widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)


class NewGoalForm(GoalForm):
    """A goal has a home from the beginning."""

    unit = forms.ModelChoiceField(Unit.objects.order_by("name"), empty_label=None)


class KPIForm(forms.Form):
    """What a goal is measured by. Vanity is not on offer."""

    measure = forms.CharField(
        max_length=200, help_text="What is counted: qualified leads, cost per contact."
    )
    series = forms.ModelChoiceField(
        Series.objects.filter(class_name__in=("outcome", "driver", "health")).order_by("name"),
        required=False,
        empty_label="no data yet",
        help_text="Vanity series are not offered: they cannot say whether a goal is reached.",
    )
    stated = forms.ChoiceField(
        label="Class, while there is no data",
        required=False,
        choices=(("outcome", "outcome"), ("driver", "driver"), ("health", "health")),
        help_text="A known name decides for itself, whatever is said here.",
    )
    direction = forms.ChoiceField(
        required=False,
        choices=(("", "not said"), ("up", "up"), ("down", "down"), ("hold", "hold")),
    )
    target = forms.DecimalField(required=False, max_digits=24, decimal_places=6)
    target_date = forms.DateField(label="By", required=False, widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)


class CloseForm(forms.Form):
    """Why a goal ends before its period."""

    reason = forms.CharField(max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)
