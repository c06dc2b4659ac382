"""The first page after sign-in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.kit import clock
from socius.kit.errors import Invalid
from socius.measure.reports import asked, sighted
from socius.strategy.reports import counted

LEVELS = (
    ("none", "No line to a goal"),
    ("goal", "Reaches a goal"),
    ("outcome", "Has an outcome KPI"),
    ("fresh", "Has fresh outcome data"),
    ("measured", "Has a measured effect"),
)
BREAKS = {
    "account_without_goal": ("no goal", "Give it a line"),
    "initiative_without_goal": ("serves no goal", "Name its goals"),
    "goal_without_owner": ("has no executive owner", "Name the owner"),
    "goal_without_outcome_kpi": ("has no outcome KPI", "Add an outcome"),
    "kpi_without_series": ("has an outcome KPI without data", "Import its series"),
    "series_stale": ("is out of date", "Import new values"),
    "no_effect": ("has no effect measured", "Record or plan one"),
    "account_unknown": ("are not in the inventory", "Import accounts"),
}


def day(request: HttpRequest, name: str) -> date | None:
    """A date of the query; None where it is left out."""
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(
            f"{text!r} is no date.", field=name, repair="Write it as 2026-11-30."
        ) from error


def home(request: HttpRequest) -> HttpResponse:
    """The flow picture, the three figures, what would mend most, the trend."""
    question = asked(clock.now(), day(request, "as_of"), day(request, "from"), day(request, "to"))
    sight = sighted(request.actor, question)  # type: ignore[attr-defined]
    page: dict[str, Any] = {
        "sight": sight,
        "accounts": counted(request.actor),  # type: ignore[attr-defined]
        "levels": [(key, label, level_count(sight, key)) for key, label in LEVELS],
        "worklist": [
            {**one, "words": words(one), "act": BREAKS[one["kind"]][1]}
            for one in sight["worklist"][:9]
        ],
    }
    return render(request, "line_of_sight/home.html", page)


def level_count(sight: dict[str, Any], key: str) -> int:
    """Activities of a level; `measured` over all grades."""
    found = sight["activity"][key]
    return int(sum(found.values()) if isinstance(found, dict) else found)


def words(one: dict[str, Any]) -> str:
    """What is wrong, to be read after the name of where."""
    if one["accounts"]:
        return f"has {one['accounts']} {'account' if one['accounts'] == 1 else 'accounts'} without a goal"
    return BREAKS[one["kind"]][0]
