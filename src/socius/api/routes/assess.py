"""Assessments: waves with their links, results, gaps and what was agreed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from socius.api.acting import actor_of
from socius.api.finding import known, person, shown, unit
from socius.api.paging import Page, list_page
from socius.api.rendering import as_it_is
from socius.api.shapes.assess import (
    ActionIn,
    ActionOut,
    AssessmentIn,
    AssessmentOut,
    DisputeIn,
    FinishIn,
    GapsOut,
    LinksIn,
    LinksOut,
    OpenIn,
    ResultOut,
    WaiverIn,
    Waves,
)
from socius.api.shapes.records import Open
from socius.api.values import Number
from socius.assess import actions
from socius.assess.models import AgreedAction, Assessment
from socius.assess.reports.waves import aggregate_export, waves
from socius.kit.errors import NotFound
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor

TAG = "assessments"
RUN = "assessment.run"
router = Router()


def run(number: int, actor: Actor) -> Assessment:
    """The wave that a change names."""
    return known(Assessment.objects.select_related("unit"), number, actor, RUN)


def shape(row: Assessment) -> dict[str, Any]:
    """A wave."""
    names = ("name", "form", "state", "opens", "closes", "closed_at")
    result = row.result or {}
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "unit": row.unit_id,
        "submitted": row.ratings.exclude(submitted_at=None).count(),
        "stage": result.get("stage"),
        "coherence": result.get("coherence", {}).get("score"),
    }


def action_shape(row: AgreedAction) -> dict[str, Any]:
    """An agreed action."""
    names = ("item", "text", "due", "agreed_at", "done_on")
    held = {name: getattr(row, name) for name in names}
    return {"id": row.pk, **held, "owner": row.owner_id, "done_by": row.done_by_id}


def seen(number: int, actor: Actor) -> Assessment:
    """A wave that the actor may see."""
    require_somewhere(actor, "analytics.view")
    return shown(waves(actor), number)


def result_of(number: int, actor: Actor) -> dict[str, Any]:
    """The result of a closed wave."""
    row = seen(number, actor)
    if row.result is None:
        raise NotFound(f"{row.name} has no result yet: it is {row.state}.")
    return dict(row.result)


@router.get("/assessments", response=Page[AssessmentOut])
def list_assessments(request: HttpRequest, asked: Query[Waves]) -> dict[str, Any]:
    """Waves, the newest first."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows: Iterable[Assessment] = waves(actor)
    found = [row for row in rows if asked.state in ("", row.state)]
    return list_page(found, asked, lambda row: row.pk, shape)


@router.post("/assessments", response=AssessmentOut)
def plan_assessment(request: HttpRequest, given: AssessmentIn) -> dict[str, Any]:
    """Plans a wave; nobody can answer before it is opened."""
    actor, said = actor_of(request), given.model_dump()
    home = unit(said.pop("unit"), actor, RUN)
    return shape(actions.plan_assessment(home, actor=actor, **said))


@router.get("/assessments/{number}", response=AssessmentOut)
def get_assessment(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One wave."""
    return shape(seen(number, actor_of(request)))


@router.post("/assessments/{number}/open", response=LinksOut)
def open_assessment(request: HttpRequest, number: Path[Number], given: OpenIn) -> dict[str, Any]:
    """Opens a wave; with a shared link its token is told this once."""
    actor = actor_of(request)
    token = actions.open_assessment(run(number, actor), actor=actor, shared_link=given.shared_link)
    return {"tokens": [token] if token else []}


@router.post("/assessments/{number}/links", response=LinksOut)
def invite_raters(request: HttpRequest, number: Path[Number], given: LinksIn) -> dict[str, Any]:
    """Makes personal links; nothing is mailed."""
    actor = actor_of(request)
    return {"tokens": actions.invite(run(number, actor), given.links, actor=actor)}


@router.post("/assessments/{number}/close", response=AssessmentOut)
def close_assessment(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Closes a wave and computes its result."""
    actor = actor_of(request)
    return shape(actions.close_assessment(run(number, actor), actor=actor))


@router.get("/assessments/{number}/result", response=ResultOut)
def get_result(request: HttpRequest, number: Path[Number]) -> HttpResponse:
    """Stage, gates, factors, criteria, coherence, sensitivity, doubts."""
    return as_it_is(result_of(number, actor_of(request)))


@router.get("/assessments/{number}/gaps", response=GapsOut)
def get_gaps(request: HttpRequest, number: Path[Number]) -> HttpResponse:
    """Where groups see the same practice differently."""
    return as_it_is(result_of(number, actor_of(request))["gaps"])


@router.get("/assessments/{number}/export", response=Open)
def export_aggregate(request: HttpRequest, number: Path[Number]) -> HttpResponse:
    """One's own anonymised aggregate with the questionnaire; from three raters on."""
    actor = actor_of(request)
    return as_it_is(aggregate_export(run(number, actor), actor))


@router.post("/assessments/{number}/disputes", response=AssessmentOut)
def accept_dispute(request: HttpRequest, number: Path[Number], given: DisputeIn) -> dict[str, Any]:
    """Lets the raters' value go before the platform's."""
    actor, said = actor_of(request), given.model_dump()
    return shape(actions.accept_dispute(run(number, actor), actor=actor, **said))


@router.post("/assessments/{number}/waivers", response=AssessmentOut)
def waive_part(request: HttpRequest, number: Path[Number], given: WaiverIn) -> dict[str, Any]:
    """Takes q44 or a rule out of a closed wave, with a name and a reason."""
    actor = actor_of(request)
    row, sponsor = run(number, actor), person(given.sponsor, actor, RUN)
    done = actions.waive(row, given.what, sponsor=sponsor, reason=given.reason, actor=actor)
    return shape(done)


@router.get("/assessments/{number}/actions", response=list[ActionOut])
def list_actions(request: HttpRequest, number: Path[Number]) -> list[dict[str, Any]]:
    """What was agreed about gaps."""
    row = seen(number, actor_of(request))
    return [action_shape(one) for one in row.agreed.order_by("due", "pk")]


@router.post("/assessments/{number}/actions", response=ActionOut)
def agree_action(request: HttpRequest, number: Path[Number], given: ActionIn) -> dict[str, Any]:
    """Agrees on one action for a gap; another one for the same gap replaces it."""
    actor, said = actor_of(request), given.model_dump()
    row, owner = run(number, actor), person(said.pop("owner"), actor, RUN)
    return action_shape(actions.agree_action(row, actor=actor, owner=owner, **said))


@router.post("/assessments/{number}/actions/{action}/finish", response=ActionOut)
def finish_action(
    request: HttpRequest, number: Path[Number], action: Path[Number], given: FinishIn
) -> dict[str, Any]:
    """Marks an agreed action as done."""
    actor = actor_of(request)
    row = shown(run(number, actor).agreed.all(), action)
    by = person(given.by, actor, RUN) if given.by is not None else None
    return action_shape(actions.finish_action(row, on=given.on, by=by, actor=actor))
