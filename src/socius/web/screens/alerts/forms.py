"""What is asked when an alert is handed on, noted or closed, and how often one may be false."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from socius.listen.actions.alerts import VERDICTS
from socius.listen.models import Alerting, Query
from socius.organisation.models import Person
from socius.web.pages import dressed


class NoteForm(forms.Form):
    """A note."""

    text = forms.CharField(label="Note", max_length=4000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)


class CloseForm(forms.Form):
    """What it was."""

    verdict = forms.ChoiceField(label="It was", choices=[(v, v) for v in VERDICTS])
    text = forms.CharField(label="In a sentence", max_length=4000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)


class HandForm(forms.Form):
    """Who goes on with it."""

    to = forms.ModelChoiceField(
        label="Hand it to", queryset=Person.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
        dressed(self)


class AlertingForm(forms.Form):
    """The budget of false alarms and the response times."""

    budget = forms.FloatField(label="False alarms a month that we accept", min_value=0.01, max_value=100, help_text="Over all queries. A smaller number means later and rarer alarms.")  # fmt: skip
    minutes_3 = forms.IntegerField(label="Level 3: minutes to respond", min_value=1, max_value=10080)  # fmt: skip
    minutes_2 = forms.IntegerField(label="Level 2: minutes to respond", min_value=1, max_value=10080)  # fmt: skip
    minutes_1 = forms.IntegerField(label="Level 1: minutes to respond", min_value=1, max_value=10080)  # fmt: skip

    def __init__(self, *args: Any, row: Alerting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({name: getattr(row, name) for name in self.fields})
        dressed(self)


class ThresholdForm(forms.Form):
    """A limit of one's own."""

    query = forms.ModelChoiceField(label="Query", queryset=Query.objects.none(), empty_label=None)
    per_hour = forms.IntegerField(label="Alarm at so many mentions in an hour", min_value=1, required=False, help_text="Whatever is usual; works from the first hour on. Empty takes the limit away.")  # fmt: skip

    def __init__(self, *args: Any, queries: QuerySet[Query], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["query"].queryset = queries  # type: ignore[attr-defined]
        dressed(self)
