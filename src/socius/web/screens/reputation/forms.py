"""What is asked about the question, its links and files of answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from socius.kit.errors import Invalid
from socius.listen.models import Query
from socius.web.pages import dressed


def pairs(text: str, field: str) -> dict[str, float]:
    """Lines of `name share`. Raises Invalid where a line is none."""
    found = {}
    for line in filter(None, (part.strip() for part in text.splitlines())):
        name, _, number = line.rpartition(" ")
        try:
            found[name.strip(" :=") or line] = float(number.rstrip("%").replace(",", "."))
        except ValueError as error:
            raise Invalid(f"{line!r} has no number.", field=field, repair="Write a name, a space and a share.") from error  # fmt: skip
    return found


class QuestionForm(forms.Form):
    """The wording, its scale, and how answers are weighed."""

    text = forms.CharField(label="Question", max_length=300, help_text="The same words on every channel. Other words begin another series.")  # fmt: skip
    low = forms.IntegerField(label="Lowest", initial=1)
    high = forms.IntegerField(label="Highest", initial=7)
    low_words = forms.CharField(label="The lowest means", max_length=60, initial="not at all")
    high_words = forms.CharField(label="The highest means", max_length=60, initial="fully")
    weights = forms.CharField(label="Weights of channels", required=False, widget=forms.Textarea({"rows": 3}), help_text="One a line: call-centre 40. Empty: all alike.")  # fmt: skip
    mix = forms.CharField(label="Target mix of segments", required=False, widget=forms.Textarea({"rows": 3}), help_text="One a line: existing customers 60. Empty: unadjusted.")  # fmt: skip
    query = forms.ModelChoiceField(label="Social channels: mentions of", queryset=Query.objects.none(), required=False, empty_label="no query: social is left out")  # fmt: skip

    def __init__(self, *args: Any, queries: QuerySet[Query], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["query"].queryset = queries  # type: ignore[attr-defined]
        dressed(self)


class LinkForm(forms.Form):
    """Where the question is asked."""

    name = forms.CharField(label="Name", max_length=120)
    channel = forms.CharField(label="Channel", max_length=40, help_text="Small letters: web, shop, newsletter.")  # fmt: skip
    hosts = forms.CharField(label="Sites that may embed it", required=False, widget=forms.Textarea({"rows": 2}), help_text="One a line: https://shop.example.org. Empty: none.")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)


class AnswersForm(forms.Form):
    """A file of the call centre or the store."""

    file = forms.FileField(label="CSV with date and score")
    channel = forms.CharField(label="Channel", max_length=40, required=False, help_text="Where the file has no column for it: call-centre, store.")  # fmt: skip
    apply = forms.BooleanField(label="Take the answers in (otherwise only try)", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("file", "channel"):
            self.fields[name].widget.attrs["class"] = "form-control"
        self.fields["apply"].widget.attrs["class"] = "form-check-input"
