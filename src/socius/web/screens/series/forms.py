"""What may be said of a series."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.web.pages import dressed


class DescribeForm(forms.Form):
    """The three things without which a series is no outcome, and the class that somebody wants it to have."""

    measure_unit = forms.CharField(
        label="Unit", max_length=40, required=False, help_text="Leads, EUR, points."
    )
    source = forms.CharField(
        label="Source system",
        max_length=200,
        required=False,
        help_text="Where the values are kept.",
    )
    why = forms.CharField(
        label="Why it is an outcome",
        max_length=500,
        required=False,
        help_text="One sentence; the goal's page shows it.",
    )
    stated = forms.ChoiceField(
        label="Class",
        choices=[(c, c) for c in ("outcome", "driver", "health", "vanity")],
        help_text="A known name, or a network's own export, decides whatever is said here.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)
