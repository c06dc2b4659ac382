"""Needs, presets that hide nothing, and the hub's time on screen."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import small_organisation
from small_organisation import Small

from socius.assess.models import NeedAnswer, Preset
from socius.strategy.actions import set_hours

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    return small_organisation.build()


def text(response) -> str:
    return response.content.decode()


def menu(page: str) -> list[str]:
    nav = page[page.index('<nav id="nav"') : page.index("</nav>")]
    return re.findall(r'href="([^"]+)"', nav)


def test_an_answer_stands_beside_the_data_and_a_preset_removes_no_entry(small):
    client = small.client()
    before = menu(text(client.get("/needs/")))
    client.post("/needs/answer/", {"need": "service", "level": "4", "note": "Half of all calls"})
    client.post("/needs/preset/", {"need": "service"})
    page = text(client.get("/needs/"))
    assert "“Half of all calls”" in page
    assert "Preset: Tailored service" in page
    assert menu(page) == before
    assert page.index("<h2>Tailored service</h2>") < page.index("<h2>Social broadcasting</h2>")
    client.post("/needs/preset/", {"need": ""})
    assert not Preset.objects.filter(known_until=None).exists()
    client.post("/needs/answer/", {"need": "service", "level": "1"})
    assert NeedAnswer.objects.get(known_until=None).level == 1
    assert client.post("/needs/answer/", {"need": "fame", "level": "1"}).status_code == 422
    assert client.post("/needs/answer/", {"need": "service", "level": "9"}).status_code == 422


def test_the_hub_rings_from_hours_by_type_alone(small):
    client = small.client()
    assert "Cannot tell yet" in text(client.get("/hub/"))
    monday = small.today - timedelta(days=small.today.weekday())
    for at in range(30):
        share = Decimal("0.3") if at < 20 else Decimal("0.85")
        week, wobble = monday - timedelta(weeks=30 - at), Decimal(at % 3)
        set_hours(
            small.hub, week=week, hours=100 * share + wobble, type="request", actor=small.actor
        )
        rest = {"hours": 100 - 100 * share, "type": "programme", "initiative": small.initiative}
        set_hours(small.hub, week=week, actor=small.actor, **rest)
    page = text(client.get("/hub/"))
    assert "a help desk in the making" in page
    assert "What to say, and to whom" in page
