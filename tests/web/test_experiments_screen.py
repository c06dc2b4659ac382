"""Experiments on screen: the planner draws only with its second button; before the end the page holds no outcome; a look is on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import small_organisation
from django.test import Client
from small_organisation import Small

from socius.activity.models import Entry
from socius.measure.models import Design, Effect
from socius.measure.reports import trials
from socius.organisation.actions import make_token
from socius.strategy.models import Experiment, Series, SeriesValue

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    made = small_organisation.build()
    Series.objects.filter(pk=made.series.pk).update(grain="day", class_name="outcome")
    SeriesValue.objects.bulk_create(
        SeriesValue(series=made.series, date=made.today - timedelta(days=n), geo=place, value=n % 5, known_at=0) for n in range(1, 30) for place in ("North", "South")
    )  # fmt: skip
    return made


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, small: Small) -> None:
    """What the engine gives back, made up."""

    def ask(_task: str, asked: dict[str, Any], **_how: Any) -> dict[str, Any]:
        first, last = asked["start"], (small.today + timedelta(days=14)).isoformat()
        return {
            "units": ["North", "South"], "kind": "complete", "assignments": 184_756, "smallest_p": 0.0001, "scheme_sha256": "ab" * 32, "seed": asked["seed"], "scheme": {}, "arms": [1, 0],
            "cells": [{"unit": u, "from": first, "until": last, "arm": a} for u, a in (("North", "on"), ("South", "off"))], "lifts": [{"lift": 0.05, "found": 0.9, "n": 200}],
            "mde": {"relative": 0.05, "absolute": 2.0}, "level": 40.0, "worth_acting_on": 0.05, "answer": "can_be_seen", "instead": [], "warnings": [], "assumption": "No spill-over.",
        }  # fmt: skip

    monkeypatch.setattr(trials, "ask", ask)


def text(response: Any) -> str:
    return str(response.content.decode())


def said(small: Small, **more: Any) -> dict[str, Any]:
    first = small.today + timedelta(days=1)
    return {"initiative": small.initiative.pk, "series": small.series.pk, "design": "geo_holdout", "start": first, "days": 14, "worth": 5, "block_days": 14, "burn_in": 0, "off_days": 14, **more}  # fmt: skip


def test_the_first_button_shows_power_and_keeps_nothing_the_second_draws(small, engine):
    client = small.client()
    assert "Nothing was registered yet" in text(client.get("/experiments/"))
    page = text(client.post("/experiments/plan/", said(small, act="preview")))
    assert "an effect of 5 % of the outcome or more" in page
    assert 'data-chart="power"' in page
    assert not Design.objects.exists()
    page = text(client.post("/experiments/plan/", said(small, act="draw"), follow=True))
    design = Design.objects.get()
    assert f"It starts on {design.start}; the draw stands" in page
    assert page.count("without it</span>") == 1
    assert "184,756" in page
    assert "hidden until the end" in text(client.get("/experiments/"))
    past = text(client.post("/experiments/plan/", said(small, act="draw", start=small.today)))
    assert "is not after today" in past
    twice = text(client.post("/experiments/plan/", said(small, act="draw")))
    assert "tries the same initiative" in twice
    assert Experiment.objects.filter(cells__isnull=False).distinct().count() == 1


def test_while_it_runs_no_outcome_is_shown_and_a_look_is_on_record(small, engine):
    client = small.client()
    client.post("/experiments/plan/", said(small, act="draw"))
    design = Design.objects.get()
    back = timedelta(days=5)
    Design.objects.update(start=design.start - back)
    Experiment.objects.filter(pk=design.experiment_id).update(start=design.start - back)
    where = f"/experiments/registered/{design.pk}/"
    page = text(client.get(where))
    assert "hidden until then" in page
    assert 'data-chart="arms"' not in page
    assert "needs a reason" in text(client.post(where + "look/", {"reason": "x"}, follow=True))
    assert Design.objects.get().looks == 0
    page = text(client.post(where + "look/", {"reason": "the board meets tomorrow"}, follow=True))
    assert "lost its grade A" in page
    assert "Looked at 1 time before the end" in page
    assert "409" in str(client.post(where + "analyse/").status_code)
    client.post(where + "learning/", {"learning": "Evenings work better"})
    client.post(where + "stop/", {"reason": "the shop closes"})
    page = text(client.get(where))
    assert "Evenings work better" in page
    assert Entry.objects.filter(verb="experiment_stopped").count() == 1
    assert not Effect.objects.exists()


def test_a_program_stops_one_that_has_not_begun(small, engine):
    small.client().post("/experiments/plan/", said(small, act="draw"))
    rights, until = frozenset({"experiment.edit", "analytics.view"}), small.actor.at + timedelta(days=9)  # fmt: skip
    _, clear = make_token("program", rights, until=until, actor=small.actor)
    where = f"/api/v1/designs/{Design.objects.get().pk}/stop"
    head = {"HTTP_AUTHORIZATION": f"Bearer {clear}", "content_type": "application/json"}
    found = Client().post(where, {"reason": "the shop closes"}, **head)
    assert (found.status_code, found.json()["state"]) == (200, "stopped")
    assert Client().post(where, {"reason": "again"}, **head).status_code == 409
