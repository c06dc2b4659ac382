"""Effects found outside Socius."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from socius.api.acting import actor_of
from socius.api.finding import known, shown
from socius.api.paging import Page, rows_page
from socius.api.shapes.money import EffectIn, EffectOut, EffectsAsked, SetEffectOut
from socius.api.values import Number, Why
from socius.kit.clock import micros
from socius.measure import actions
from socius.measure.models import AccountGroup, Effect
from socius.organisation.actions import require_somewhere
from socius.organisation.reports import visible
from socius.strategy import reports
from socius.strategy.models import Goal, Initiative, Series

TAG = "effects"
ASKED = "effect.record"
COLUMNS = ("method", "grade", "estimate", "low", "high", "start", "end", "source", "by_hand", "refused", "dated")  # fmt: skip
router = Router()


def shape(row: Effect) -> dict[str, Any]:
    """An effect."""
    keys = {"id": row.pk, "initiative": row.initiative_id, "goal": row.goal_id, "group": row.group_id, "series": row.series_id}  # fmt: skip
    return {**keys, **{name: getattr(row, name) for name in COLUMNS}}


@router.get("/effects", response=Page[EffectOut])
def list_effects(request: HttpRequest, asked: Query[EffectsAsked]) -> dict[str, Any]:
    """Effects of the initiatives, groups and goals that one may see, as they are known now."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    of = Q(initiative__in=reports.initiatives(actor).order_by().values("pk")) | Q(
        goal__in=reports.goals(actor, closed=True).order_by().values("pk")
    )
    of |= Q(group__in=AccountGroup.objects.filter(visible(actor, "analytics.view")).values("pk"))
    rows = Effect.objects.known_at(micros(actor.at)).filter(of)
    for name in ("initiative", "series"):
        if getattr(asked, name):
            rows = rows.filter(**{name: getattr(asked, name)})
    return rows_page(rows, asked, lambda found: map(shape, found))


@router.post("/effects", response=SetEffectOut)
def record_effect(request: HttpRequest, given: EffectIn) -> dict[str, Any]:
    """Writes down an effect: grade D at most, or C with a named study and its interval."""
    actor = actor_of(request)
    said = given.model_dump()
    initiative = known(Initiative.objects.all(), said.pop("initiative"), actor, ASKED)
    series = known(Series.objects.all(), said.pop("series"), actor, ASKED)
    row, outcome = actions.record_effect(initiative, series=series, actor=actor, **said)
    return {"outcome": outcome, "effect": shape(row)}


@router.post("/effects/{number}/withdraw", response={204: None})
def withdraw_effect(request: HttpRequest, number: Path[Number], given: Why) -> Status[None]:
    """Takes an effect back: from now on it lends its grade to nothing."""
    actor = actor_of(request)
    row = shown(Effect.objects.all(), number)
    if row.initiative_id:
        known(Initiative.objects.all(), row.initiative_id, actor, ASKED)
    elif row.group_id:
        known(AccountGroup.objects.all(), row.group_id, actor, ASKED)
    elif row.goal_id:
        known(Goal.objects.all(), row.goal_id, actor, ASKED)
    actions.withdraw_effect(row, actor=actor, reason=given.reason)
    return Status(204, None)
