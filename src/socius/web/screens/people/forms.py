"""Forms of people and rights."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from socius.engine.roles import RIGHTS, ROLES
from socius.organisation.models import Unit
from socius.organisation.reports import UnitRow

GIVEABLE = [(key, role.name) for key, role in ROLES.items() if key != "plugin"]


def unit_choices(tree: list[UnitRow]) -> list[tuple[str, str]]:
    """The tree as a list, deeper ones further in."""
    return [(str(u.id), "\u2003" * u.depth + u.name) for u in tree]


def unit_of(text: str) -> Unit | None:
    """The chosen unit; None for the organisation itself."""
    return Unit.objects.filter(pk=int(text)).first() if text else None


class InviteForm(forms.Form):
    """Who a person is."""

    email = forms.EmailField(label="E-mail address")
    name = forms.CharField(label="Name", max_length=200, required=False)
    unit = forms.ChoiceField(label="Unit", required=False)

    def __init__(self, *args: Any, tree: list[UnitRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices(tree)  # type: ignore[attr-defined]


class GrantForm(forms.Form):
    """What is given or kept back, where, from when to when, and why."""

    role = forms.ChoiceField(label="Role", required=False, choices=[("", "choose one"), *GIVEABLE])
    rights = forms.MultipleChoiceField(
        label="Or rights by name", required=False, choices=[(r, r) for r in RIGHTS]
    )
    unit = forms.ChoiceField(label="Where")
    deny = forms.BooleanField(label="Keep it from the person instead", required=False)
    starts = forms.DateField(label="From", required=False)
    until = forms.DateField(label="Until", required=False)
    reason = forms.CharField(label="Why", max_length=400)

    def __init__(self, *args: Any, tree: list[UnitRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices(tree)  # type: ignore[attr-defined]


def midnight(day: date | None, zone: str) -> datetime | None:
    """The beginning of a day in the organisation's zone."""
    return datetime.combine(day, time.min, ZoneInfo(zone)) if day else None
