"""Net value and insights on screen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import small_organisation
from small_organisation import Small

from socius.measure.models import Effect, Insight
from socius.organisation.models import Person
from socius.strategy.models import Series

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    made = small_organisation.build()
    Series.objects.filter(pk=made.series.pk).update(grain="day", class_name="outcome")
    return made


def text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode())


def test_a_unit_value_turns_an_effect_into_a_sum_that_can_be_taken_away_and_checked(small):
    client = small.client()
    assert "Nothing can be added up yet" in text(client.get("/value/"))
    answer = {"effect_total": 100.5, "total": {"low": 80.0, "high": 121.0}}
    Effect.objects.create(
        initiative=small.initiative, series=small.series, grade="A", method="randomisation", verdict="up", by_hand=False, replays=True, dated=date(2026, 1, 1), answer=answer,
        known_from=0, estimate=1.0, low=0.8, high=1.2,
    )  # fmt: skip
    assert "state its unit value" in text(client.get("/value/"))
    said = {"series": small.series.pk, "kind": "revenue", "low": "3", "likely": "2", "high": "4", "currency": "EUR", "why": "finance"}  # fmt: skip
    assert "do not rise" in text(client.post("/value/worth/", said))
    page = text(client.post("/value/worth/", {**said, "low": "1"}, follow=True))
    assert "201.00" in page
    lines = text(client.get("/value/lines.csv"))
    assert lines.splitlines()[1].endswith(",EUR,201")
    assert "net (" in text(client.get(f"/initiatives/{small.initiative.pk}/"))


def test_a_card_has_an_act_an_owner_and_a_day_or_is_not_kept(small):
    client = small.client()
    assert "No insight yet" in text(client.get("/insights/"))
    due = small.today + timedelta(days=7)
    said = {"say": "Films are passed on", "act": "Make two more", "owner": "nobody@example.org", "due": due}  # fmt: skip
    for missing in ("act", "owner", "due"):
        assert client.post("/insights/", {**said, missing: ""}).status_code == 422
    assert "Nobody here has the address" in text(client.post("/insights/", said))
    assert not Insight.objects.exists()
    said["owner"] = str(Person.objects.order_by("pk")[0].email)
    assert "Make two more" in text(client.post("/insights/", said, follow=True))
    one = Insight.objects.get()
    client.post(f"/insights/{one.pk}/close/", {"outcome": "done", "result": " "})
    assert Insight.objects.get().closed_at is None
    assert "100\u00a0%" in text(client.post(f"/insights/{one.pk}/close/", {"outcome": "done", "result": "Two films"}, follow=True))  # fmt: skip
    client.post(f"/insights/{one.pk}/reopen/", {})
    assert Insight.objects.get().closed_at is None
