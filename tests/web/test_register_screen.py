"""The register of tools on screen: technology comes last, or with a name beside it."""

from __future__ import annotations

import pytest
import small_organisation
from small_organisation import Small

from socius.strategy.models import StrategyVersion, Tool

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    return small_organisation.build()


def text(response) -> str:
    return response.content.decode()


def asked(small: Small, **said: object) -> dict[str, object]:
    return {"name": "Inbox", "kind": "tool", "purpose": "Answer in one place", "unit": small.root.pk, **said}  # fmt: skip


def test_a_request_without_a_goal_is_refused_beside_the_field(small):
    client = small.client()
    page = client.post("/tools/ask/", asked(small))
    assert page.status_code == 422
    assert "technology comes after goals and strategy" in text(page)
    page = client.post("/tools/ask/", asked(small, goal=small.goal.pk))
    assert "No strategy has been adopted yet" in text(page)
    assert not Tool.objects.exists()


def test_a_strategy_a_request_and_an_exception(small):
    client = small.client()
    assert "tactics only" in text(client.post("/tools/strategy/", {"vision": "Five channels"}))
    client.post("/tools/strategy/", {"vision": "Nobody asks twice", "goals": [small.goal.pk]})
    version = StrategyVersion.objects.get()
    client.post("/tools/ask/", asked(small, goal=small.goal.pk, strategy=version.pk))
    tool = Tool.objects.get()
    own = client.post(f"/tools/{tool.pk}/decide/", {"answer": "grant", "reason": "It fits"})
    assert own.status_code == 409
    client.post("/tools/ask/", asked(small, name="Radar", exception="The old one closes on Friday"))
    page = text(client.get("/tools/"))
    assert "1 came in by exception" in page
    assert "without a goal" in page
    assert str(small.actor.person) in page
    radar = Tool.objects.get(name="Radar")
    client.post(f"/tools/{radar.pk}/retire/", {"reason": "Nobody uses it"})
    assert "came in by exception" not in text(client.get("/tools/"))
