"""What is asked of a query and of a source."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.listen.models import KINDS
from socius.web.pages import dressed

NAMES = {"imap": "Mailbox (IMAP)"}


class QueryForm(forms.Form):
    """Name and text; the text is checked while it is typed."""

    name = forms.CharField(label="Name", max_length=120)
    text = forms.CharField(label="Query", max_length=8192, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, check: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)
        self.fields["text"].widget.attrs |= {
            "spellcheck": "false", "hx-post": check, "hx-trigger": "load, input changed delay:400ms",
            "hx-target": "#checked", "hx-swap": "innerHTML", "aria-describedby": "checked",
        }  # fmt: skip


class SourceForm(forms.Form):
    """A stream to collect."""

    name = forms.CharField(label="Name", max_length=120)
    kind = forms.ChoiceField(
        label="Kind", choices=[(k, NAMES.get(k, k.capitalize())) for k in KINDS]
    )
    address = forms.CharField(
        label="Address",
        max_length=500,
        help_text="wss://host/subscribe for Jetstream, wss://host/api/v1/streaming?stream=public for Mastodon, imaps://name@host/INBOX for a mailbox (its password lies in a file: SOCIUS_LISTEN_SECRETS).",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)
