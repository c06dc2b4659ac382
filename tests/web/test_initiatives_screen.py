"""Initiatives and experiments on screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
import small_organisation
from small_organisation import Small

from socius.measure.models import Effect
from socius.strategy.models import Experiment, Initiative, InitiativeGoal

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    return small_organisation.build()


def text(response) -> str:
    return response.content.decode()


def test_the_list_counts_accounts_as_the_list_of_accounts_does(small):
    page = text(small.client().get("/initiatives/"))
    assert f'/accounts/?initiative={small.initiative.pk}" data-count="1"' in page
    assert "Live shop" in page


def test_an_initiative_is_made_and_its_goals_are_named(small):
    client = small.client()
    body = {"title": "A show", "kind": "external", "scope": "function", "status": "running", "unit": small.root.pk}  # fmt: skip
    client.post("/initiatives/new/", body)
    made = Initiative.objects.get(key="a-show")
    assert "serves no goal" in text(client.get(f"/initiatives/{made.pk}/"))
    client.post(f"/initiatives/{made.pk}/goals/", {"goals": [small.goal.pk]})
    assert InitiativeGoal.objects.filter(initiative=made, known_until=None).count() == 1
    client.post(f"/initiatives/{made.pk}/edit/", {**body, "title": "Another show"})
    assert Initiative.objects.get(pk=made.pk).title == "Another show"


def test_an_effect_typed_in_is_badged_by_hand_with_its_capped_grade(small):
    client, pk = small.client(), small.initiative.pk
    wrong = {"series": small.series.pk, "method": "correlation", "estimate": "9", "low": "10", "high": "20"}  # fmt: skip
    assert client.post(f"/initiatives/{pk}/effect/", wrong).status_code == 422
    right = {**wrong, "low": "-3"}
    page = text(client.post(f"/initiatives/{pk}/effect/", right, follow=True))
    assert Effect.objects.get().grade == "D"
    assert "by hand" in page
    assert "cannot tell" in page
    assert "by hand" in text(client.get("/initiatives/"))
    # Of one grade the computed one speaks, in the list as on the goal.
    Effect.objects.create(initiative=small.initiative, series=small.series, grade="D", estimate=4, low=1, high=7, dated=small.today, answer={}, known_from=0, by_hand=False)  # fmt: skip
    assert "by hand" not in text(client.get("/initiatives/"))


def test_an_experiment_is_planned_and_dated_anew(small):
    client = small.client()
    first, last = small.today, small.today + timedelta(days=30)
    client.post("/experiments/new/", {"title": "A try", "start": first, "end": last, "unit": small.root.pk})  # fmt: skip
    trial = Experiment.objects.get()
    assert "running" in text(client.get("/initiatives/"))
    refused = client.post(f"/experiments/{trial.pk}/", {"title": "A try", "start": last, "end": first})  # fmt: skip
    assert refused.status_code == 422
    client.post(f"/experiments/{trial.pk}/", {"title": "A try", "start": first, "end": first})
    assert Experiment.objects.get(pk=trial.pk).end == first
