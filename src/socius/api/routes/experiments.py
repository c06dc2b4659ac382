"""Dated trials."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from socius.api.acting import actor_of
from socius.api.finding import unit
from socius.api.paging import Page, Paging, list_page
from socius.api.shapes.strategy import ExperimentIn, ExperimentOut
from socius.organisation.actions import require_somewhere
from socius.strategy import actions, reports
from socius.strategy.models import Experiment

TAG = "experiments"
router = Router()


def shape(row: Experiment, accounts: int) -> dict[str, Any]:
    """A trial with the number of accounts under it."""
    return {
        "id": row.pk,
        "key": row.key,
        "title": row.title,
        "start": row.start,
        "end": row.end,
        "goal": row.goal_id,
        "unit": row.unit_id,
        "accounts": accounts,
    }


@router.get("/experiments", response=Page[ExperimentOut])
def list_experiments(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Trials, the last to end first."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = reports.experiments(actor)
    return list_page(rows, asked, lambda one: one[0].pk, lambda one: shape(*one))


@router.post("/experiments", response=ExperimentOut)
def set_experiment(request: HttpRequest, given: ExperimentIn) -> dict[str, Any]:
    """Plans the trial with this key, or re-dates it where there is one."""
    actor = actor_of(request)
    said = given.model_dump()
    home = unit(said.pop("unit"), actor, "experiment.edit")
    row = actions.set_experiment(home, actor=actor, **said)
    return shape(row, dict(reports.experiments(actor)).get(row, 0))
