"""What Socius computes itself: estimates and their replay, experiments and sheets, net value, insights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from socius.api.acting import actor_of
from socius.api.finding import known, person, shown, unit
from socius.api.paging import Page, Paging, list_page, rows_page
from socius.api.shapes.measured import (
    CellsOut,
    CloseInsightIn,
    ComputedOut,
    DesignOut,
    DesignsAsked,
    EstimateIn,
    ExperimentPlanIn,
    InsightIn,
    InsightOut,
    NetValuesOut,
    ReplayOut,
    SheetIn,
)
from socius.api.values import Number, Why
from socius.kit.errors import Invalid
from socius.measure import actions
from socius.measure.models import AccountGroup, Design, Effect, Insight
from socius.measure.reports.compliance import compliance
from socius.measure.reports.effects import in_words, seen_effects
from socius.measure.reports.inputs import Subject
from socius.measure.reports.replaying import Replayed, replay
from socius.measure.reports.trials import Wish, registered, stage
from socius.measure.reports.value import Valued, insights, valued
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy import reports
from socius.strategy.actions import stop_experiment as end_experiment
from socius.strategy.models import Experiment, Initiative, Series

TAG = "measured"
ESTIMATES, PLANS = "effect.record", "experiment.edit"
router = Router()


def effect_shape(row: Effect) -> dict[str, Any]:
    """A computed effect with the engine's answer."""
    names = ("grade", "grade_reason", "verdict", "refused", "by_hand", "pre_registered", "answer")
    keys = {"id": row.pk, "initiative": row.initiative_id, "group": row.group_id, "series": row.series_id, "design": row.design_id, "superseded_by": row.superseded_by_id}  # fmt: skip
    hashes = {"data_sha256": row.data_hash, "answer_sha256": row.answer_hash}
    say = row.method if row.by_hand else in_words(row)
    return {**keys, **hashes, "say": say, **{name: getattr(row, name) for name in names}}


def named(said: dict[str, Any], actor: Actor, right: str) -> tuple[Initiative, Series, tuple[Series, ...]]:  # fmt: skip
    """Initiative, series and controls of a body, taken out of it."""
    initiative = known(Initiative.objects.all(), said.pop("initiative"), actor, right)
    series = known(Series.objects.all(), said.pop("series"), actor, right)
    controls: Iterable[int] = dict.fromkeys(said.pop("controls"))
    return initiative, series, tuple(known(Series.objects.all(), pk, actor, right) for pk in controls)  # fmt: skip


def subject_of(said: dict[str, Any], actor: Actor) -> tuple[Subject, Series, tuple[Series, ...]]:
    """Initiative or group, series and controls of a body, taken out of it. Raises Invalid where it names both or neither."""
    initiative, group = said.pop("initiative"), said.pop("group")
    if (initiative is None) == (group is None):
        raise Invalid("It is of one initiative or of one group.", field="initiative", repair="Name just one of the two.")  # fmt: skip
    numbers = dict.fromkeys(said.pop("controls"))
    subject: Subject = known(AccountGroup.objects.all(), group, actor, ESTIMATES) if group else known(Initiative.objects.all(), initiative, actor, ESTIMATES)  # fmt: skip
    series = known(Series.objects.all(), said.pop("series"), actor, ESTIMATES)
    return subject, series, tuple(known(Series.objects.all(), pk, actor, ESTIMATES) for pk in numbers)  # fmt: skip


@router.post("/effects/estimate", response=ComputedOut)
def estimate_effect(request: HttpRequest, given: EstimateIn) -> dict[str, Any]:
    """Estimates what an initiative or a declared account group did to a series and keeps the answer, a refusal too."""
    actor = actor_of(request)
    said = given.model_dump()
    subject, series, controls = subject_of(said, actor)
    return effect_shape(actions.estimate_effect(subject, series, actor=actor, controls=controls, **said))  # fmt: skip


@router.get("/effects/{number}", response=ComputedOut)
def effect(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One effect with everything that it rests on, the superseded ones too."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    return effect_shape(shown(seen_effects(actor), number))


@router.get("/effects/{number}/replay", response=ReplayOut)
def replay_effect(request: HttpRequest, number: Path[Number]) -> Replayed:
    """Computes an effect again from the values as they were known, and compares the bytes."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    return replay(shown(seen_effects(actor), number))


def design_shape(row: Design, actor: Actor) -> dict[str, Any]:
    """A design with how far it is."""
    names = ("kind", "start", "end", "worth", "mde", "sha256", "scheme_sha256", "looks", "made_at", "concluded_at", "sheet")  # fmt: skip
    keys = {"id": row.pk, "initiative": row.initiative_id, "group": row.group_id, "series": row.series_id, "experiment": row.experiment_id, "superseded_by": row.superseded_by_id}  # fmt: skip
    return {**keys, "state": stage(row, actor.day), **{n: getattr(row, n) for n in names}}


@router.get("/designs", response=Page[DesignOut])
def list_designs(request: HttpRequest, asked: Query[DesignsAsked]) -> dict[str, Any]:
    """Experiments and sheets that were registered before their start."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = registered(actor)
    for name in ("initiative", "group"):
        if getattr(asked, name):
            rows = rows.filter(**{name: getattr(asked, name)})
    return rows_page(rows, asked, lambda found: (design_shape(one, actor) for one in found))


@router.post("/designs/experiment", response=DesignOut)
def plan_experiment(request: HttpRequest, given: ExperimentPlanIn) -> dict[str, Any]:
    """Draws the assignment of an experiment, lays down its cells, and logs the hash of scheme and seed."""
    actor = actor_of(request)
    said = given.model_dump()
    initiative, series, controls = named(said, actor, PLANS)
    about = actions.About(said.pop("title"), said.pop("hypothesis"), said.pop("risk"))
    wish = Wish(**said, controls=controls)
    return design_shape(actions.plan_experiment(initiative, series, wish=wish, actor=actor, about=about), actor)  # fmt: skip


@router.post("/designs/sheet", response=DesignOut)
def register_design(request: HttpRequest, given: SheetIn) -> dict[str, Any]:
    """Registers what will be estimated, with what could be seen; only an estimate of just this may reach grade B."""
    actor = actor_of(request)
    said = given.model_dump()
    subject, series, controls = subject_of(said, actor)
    terms = actions.Terms(**said, controls=controls)
    return design_shape(actions.register_design(subject, series, terms=terms, actor=actor), actor)


def initiative_trial(row: Design) -> Experiment:
    """The experiment of a design that has one."""
    return Experiment.objects.get(pk=int(row.experiment_id or 0))


@router.get("/designs/{number}/cells", response=CellsOut)
def cells(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Who carries what out, and how far it is."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    row = shown(registered(actor).filter(experiment__isnull=False), number)
    return {
        "cells": [
            {"place": k.cell.place, "start": k.cell.start, "until": k.cell.until, "arm": k.cell.arm, "activities": k.activities, "state": k.state}
            for k in compliance(row, actor.at)
        ]
    }  # fmt: skip


@router.post("/designs/{number}/stop", response=DesignOut)
def stop_experiment(request: HttpRequest, number: Path[Number], given: Why) -> dict[str, Any]:
    """Ends an experiment early: from tomorrow on nobody is bound, and its result will say so."""
    actor = actor_of(request)
    row = shown(registered(actor).filter(experiment__isnull=False), number)
    end_experiment(initiative_trial(row), actor=actor, reason=given.reason)
    return design_shape(shown(registered(actor), number), actor)


@router.post("/designs/{number}/analyse", response=ComputedOut)
def conclude_experiment(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Analyses an experiment that is over, once and as registered."""
    actor = actor_of(request)
    row = shown(registered(actor), number)
    return effect_shape(actions.conclude_experiment(row, actor=actor))


def value_shape(one: Valued) -> dict[str, Any]:
    """A net value; amounts as text, so that no reader rounds them."""
    names = ("value", "cost", "net", "low", "high")
    amounts = {n: None if one.net is None else str(getattr(one.net, n)) for n in names}
    return {"initiative": one.initiative.pk, "currency": one.currency, **amounts, "why_not": one.why_not, "effects": [p.effect.pk for p in one.priced]}  # fmt: skip


@router.get("/value", response=NetValuesOut)
def net_value(request: HttpRequest) -> dict[str, Any]:
    """What initiatives brought, less what they cost; only effects of grade A and B are in it."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    return {"items": [value_shape(one) for one in valued(reports.initiatives(actor), actor)]}


def insight_shape(row: Insight) -> dict[str, Any]:
    """An insight."""
    names = ("say", "act", "due", "evidence", "outcome", "result", "made_at", "closed_at")
    return {"id": row.pk, "owner": row.owner_id, "initiative": row.initiative_id, "unit": row.unit_id, **{n: getattr(row, n) for n in names}}  # fmt: skip


@router.get("/insights", response=Page[InsightOut])
def list_insights(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Insights, open ones by their day first."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    return list_page(insights(actor), asked, lambda one: one.pk, insight_shape)


@router.post("/insights", response=InsightOut)
def note_insight(request: HttpRequest, given: InsightIn) -> dict[str, Any]:
    """Keeps an insight; without an act, an owner and a date none is kept."""
    actor = actor_of(request)
    said = given.model_dump()
    home = unit(said.pop("unit"), actor, ESTIMATES)
    initiative = said.pop("initiative")
    about = known(Initiative.objects.all(), initiative, actor, ESTIMATES) if initiative else None
    noticed = actions.Noticed(**{**said, "owner": person(said["owner"], actor, ESTIMATES), "initiative": about})  # fmt: skip
    return insight_shape(actions.note_insight(home, noticed=noticed, actor=actor))


@router.post("/insights/{number}/close", response=InsightOut)
def close_insight(
    request: HttpRequest, number: Path[Number], given: CloseInsightIn
) -> dict[str, Any]:
    """Says what came of an insight."""
    actor = actor_of(request)
    row = shown(Insight.objects.filter(visible(actor, "analytics.view")), number)
    return insight_shape(actions.close_insight(row, actor=actor, **given.model_dump()))
