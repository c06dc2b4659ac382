"""Forms of one's own settings."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

LONGEST = 90


class TokenForm(forms.Form):
    """A token: what uses it, what it may do, how long."""

    name = forms.CharField(label="What will use it", max_length=100)
    days = forms.IntegerField(
        label="Days until it ends", min_value=1, max_value=LONGEST, initial=30
    )
    rights = forms.MultipleChoiceField(label="What it may do", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: object, rights: Iterable[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["rights"].choices = [(r, r) for r in rights]  # type: ignore[attr-defined]
