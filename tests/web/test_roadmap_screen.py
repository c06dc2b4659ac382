"""The roadmap on screen: order, what-if, decisions, cases, and what executives are seen to do."""

from __future__ import annotations

import pytest
import small_organisation
from small_organisation import OWNER, Small

from socius.activity.models import Entry
from socius.organisation.actions import Gift, NewPerson, give_grant, invite_person
from socius.strategy.actions import serve_goals, set_goal, set_initiative
from socius.strategy.models import Initiative, RoadmapFrame

pytestmark = pytest.mark.django_db
WORTH = {"value_low": "10", "value_likely": "20", "value_high": "40", "quarters": "2"}


@pytest.fixture
def small() -> Small:
    return small_organisation.build()


def text(response) -> str:
    return response.content.decode()


def idea(small: Small, title: str = "A loop of ideas") -> Initiative:
    return set_initiative(
        small.root, key=title, title=title, status="idea", hours_likely=300, actor=small.actor
    )[0]


def test_the_page_says_what_is_wrong_and_a_frame_lays_it_out(small):
    client = small.client()
    assert "Nobody said how many hours a quarter there are" in text(client.get("/roadmap/"))
    client.post("/roadmap/frame/", {"capacity_hours": "300", "hour_value": "", "currency": "EUR"})
    assert RoadmapFrame.objects.get().capacity_hours == 300
    page = text(client.get("/roadmap/"))
    assert "Nobody said how many hours" not in page
    assert 'class="timeline"' in page


def test_a_what_if_tells_the_change_and_saves_nothing(small):
    client, one = small.client(), idea(small)
    client.post("/roadmap/frame/", {"capacity_hours": "300", "currency": "EUR"})
    client.post(f"/roadmap/{one.pk}/plan/", {**WORTH, "functions": ["product"]})
    before = Entry.objects.count()
    page = text(client.get("/roadmap/?capacity=75"))
    assert "quarters later, in" in page
    assert "tl-ghost" in page
    assert Entry.objects.count() == before
    assert client.get("/roadmap/?capacity=many").status_code == 422


def test_a_circle_is_told_beside_the_field(small):
    client, one = small.client(), idea(small)
    other = idea(small, "A second loop")
    assert client.post(f"/roadmap/{one.pk}/needs/", {"needs": [other.pk]}).status_code == 302
    wrong = client.post(f"/roadmap/{other.pk}/needs/", {"needs": [one.pk]})
    assert wrong.status_code == 422
    assert "in a circle" in text(wrong)


def test_prerequisites_are_added_met_and_dropped(small):
    client, one = small.client(), idea(small)
    client.post(f"/roadmap/{one.pk}/first/", {"say": "Rules signed", "item": "q27"})
    page = text(client.get(f"/roadmap/{one.pk}/"))
    assert "/assess/playbooks/q27/" in page
    row = one.prerequisites.get(known_until=None)
    client.post(f"/roadmap/{one.pk}/first/", {"met": [row.pk]})
    row = one.prerequisites.get(known_until=None)
    assert row.met_on == small.today
    client.post(f"/roadmap/{one.pk}/first/", {"drop": [row.pk]})
    assert not one.prerequisites.filter(known_until=None).exists()
    assert client.post(f"/roadmap/{one.pk}/first/", {"item": "q99"}).status_code == 422


def test_what_is_turned_down_stands_on_its_list_with_the_reason(small):
    client, one = small.client(), idea(small)
    url = f"/roadmap/{one.pk}/decide/"
    assert client.post(url, {"act": "turn_down"}).status_code == 422
    client.post(url, {"act": "turn_down", "reason": "No goal needs it"})
    assert "“No goal needs it”" in text(client.get("/roadmap/"))


def test_an_initiative_is_no_case_for_a_sponsor_whose_goals_it_does_not_touch(small):
    client, one = small.client(), idea(small)
    other, _ = set_goal(
        small.root, key="theirs", statement="Their own aim", executive_owner="cfo@example.org", actor=small.actor
    )  # fmt: skip
    serve_goals(one, goals=[small.goal, other], actor=small.actor)
    page = text(client.get(f"/roadmap/{one.pk}/case/{OWNER}/"))
    assert str(small.goal)[:60] in page
    assert "Their own aim" not in page
    assert "1 goal of other owners" in page
    refused = client.get(f"/roadmap/{one.pk}/case/nobody@example.org/")
    assert refused.status_code == 422
    assert "touches no goal of nobody@example.org" in text(refused)


def test_an_executive_is_informed_by_a_visit_and_engaged_by_a_review(small):
    client, one = small.client(), idea(small)
    serve_goals(one, goals=[small.goal], actor=small.actor)
    chief = invite_person(NewPerson(OWNER, unit=small.root), actor=small.actor)
    for rights in ({"analytics.view"}, {"initiative.edit"}):
        give_grant(Gift(chief, None, "owns goals", rights=frozenset(rights)), actor=small.actor)
    client.get(f"/sponsors/{OWNER}/")
    assert not Entry.objects.filter(verb="page_opened").exists()
    theirs = small.client(chief)
    theirs.get(f"/sponsors/{OWNER}/")
    theirs.get(f"/sponsors/{OWNER}/")
    assert Entry.objects.filter(verb="page_opened", actor=f"person:{chief.pk}").count() == 1
    page = text(client.get("/roadmap/executives/"))
    assert page.count("state-yes") == 1
    assert "No strategy has been adopted" in page
    theirs.post(f"/roadmap/{one.pk}/decide/", {"act": "review", "reason": "On its way"})
    assert text(client.get("/roadmap/executives/")).count("state-yes") == 2
