"""Goals on screen."""

from __future__ import annotations

import pytest
import small_organisation
from small_organisation import OWNER, Small

from socius.strategy.models import KPI, Goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    return small_organisation.build()


def text(response) -> str:
    return response.content.decode()


def test_the_list_says_how_far_the_line_to_each_goal_gets(small):
    page = text(small.client().get("/goals/"))
    assert 'data-total="2"' in page
    assert "fresh outcome" in page
    assert "no owner" in page
    assert f'/accounts/?goal={small.goal.pk}" data-count="1"' in page
    assert 'data-total="1"' in text(small.client().get(f"/goals/?owner={OWNER}"))


def test_the_page_of_a_goal_says_what_we_do_not_know(small):
    page = text(small.client().get(f"/goals/{small.goal.pk}/"))
    for said in ("No effect was measured.", "Sales accepted them.", "customer system", "Live shop"):
        assert said in page
    bare = text(small.client().get(f"/goals/{small.bare.pk}/"))
    assert "Nobody on the executive floor owns it." in bare
    assert "It has no outcome KPI" in bare


def test_a_goal_is_set_changed_closed_and_reopened(small):
    client = small.client()
    body = {"statement": "Answer faster.", "executive_owner": OWNER, "unit": small.root.pk}
    client.post("/goals/new/", body)
    goal = Goal.objects.get(key="answer-faster")
    wrong = {**body, "period_start": "2026-02-01", "period_end": "2026-01-01"}
    refused = client.post(f"/goals/{goal.pk}/edit/", wrong)
    assert refused.status_code == 422
    assert "before it starts" in text(refused)
    client.post(f"/goals/{goal.pk}/close/", {"reason": "Reached."})
    assert "closed" in text(client.get(f"/goals/{goal.pk}/"))
    assert "Answer faster." not in text(client.get("/goals/"))
    assert "Answer faster." in text(client.get("/goals/?closed=yes"))
    client.post(f"/goals/{goal.pk}/reopen/")
    assert Goal.objects.get(pk=goal.pk).closed_at is None


def test_vanity_is_neither_offered_nor_taken_as_a_kpi(small):
    client = small.client()
    page = text(client.get(f"/goals/{small.bare.pk}/kpi/"))
    assert "Qualified leads" in page
    assert f'value="{small.vanity.pk}">Followers' not in page
    refused = client.post(f"/goals/{small.bare.pk}/kpi/", {"measure": "Followers"})
    assert refused.status_code == 422
    assert "vanity measure" in text(refused)
    assert not KPI.objects.filter(goal=small.bare).exists()


def test_a_kpi_is_added_and_ended(small):
    client = small.client()
    client.post(f"/goals/{small.bare.pk}/kpi/", {"measure": "Qualified leads", "series": small.series.pk, "target": "9"})  # fmt: skip
    kpi = KPI.objects.get(goal=small.bare, known_until=None)
    assert kpi.class_name == "outcome"
    client.post(f"/goals/{small.bare.pk}/kpi/{kpi.pk}/end/")
    assert not KPI.objects.filter(goal=small.bare, known_until=None).exists()


def test_a_stranger_learns_of_no_goal(small):
    client = small.client(small.stranger)
    assert client.get("/goals/").status_code in {403, 404}
    assert client.get(f"/goals/{small.goal.pk}/").status_code == 404
