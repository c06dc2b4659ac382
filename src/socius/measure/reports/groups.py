"""Declared account groups as programs read them: one shape for the API and for the command line."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from socius.measure.models import AccountGroup, Design
from socius.organisation.models import Actor
from socius.organisation.reports import visible

NAMES = ("key", "name", "why", "start", "end", "declared_on", "late")


def groups(actor: Actor) -> QuerySet[AccountGroup]:
    """The groups that the actor may see, those that were taken back too, with all that `group_shape` reads."""
    rows = AccountGroup.objects.filter(visible(actor, "analytics.view"))
    return rows.prefetch_related("accounts", "outcomes", "sheets")


def standing_sheet(group: AccountGroup) -> Design | None:
    """The sheet that stands, where one was registered."""
    return next((one for one in group.sheets.all() if one.superseded_by_id is None), None)


def group_shape(group: AccountGroup) -> dict[str, Any]:
    """A group with its accounts, its outcomes (numbers, and keys in the same order), and the number of its sheet."""
    outcomes = sorted(group.outcomes.all(), key=lambda one: one.pk)
    sheet = standing_sheet(group)
    return {
        "id": group.pk, "unit": group.unit_id, **{name: getattr(group, name) for name in NAMES},
        "withdrawn": group.known_until is not None, "accounts": sorted(one.pk for one in group.accounts.all()),
        "outcomes": [one.pk for one in outcomes], "outcome_keys": [one.key for one in outcomes], "sheet": sheet.pk if sheet else None,
    }  # fmt: skip
