"""Outcome series on screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import small_organisation
from small_organisation import Small

from socius.strategy.actions import load_values
from socius.strategy.actions.series import Point
from socius.strategy.models import Series, SeriesValue

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    return small_organisation.build()


def text(response) -> str:
    return response.content.decode()


def test_the_list_ends_with_vanity_and_says_how_old_each_series_is(small):
    page = text(small.client().get("/series/"))
    assert page.index("Qualified leads") < page.index("Followers")
    assert "0 days old" in page
    assert "no values" in page
    SeriesValue.objects.update(date=small.today - timedelta(days=47))
    assert "47 days old" in text(small.client().get("/series/"))


def test_a_revised_value_keeps_what_was_believed_before(small):
    later = replace(small.actor, at=small.actor.at + timedelta(seconds=5))
    load_values(small.series, points=[Point(small.today, Decimal(777))], actor=later)
    page = text(small.client().get(f"/series/{small.series.pk}/"))
    assert "777" in page
    assert "100 (since" in page
    assert "1 of them revised" in page
    lines = b"".join(small.client().get(f"/series/{small.series.pk}/values.csv").streaming_content)
    assert len(lines.splitlines()) == 1 + 6 + 1
    before = small.today - timedelta(days=1)
    assert "777" not in text(small.client().get(f"/series/{small.series.pk}/?as_of={before}"))


def test_a_series_is_described_and_its_class_follows(small):
    client = small.client()
    body = {"measure_unit": "people", "source": "us", "why": "We like them.", "stated": "outcome"}
    client.post(f"/series/{small.vanity.pk}/describe/", body)
    assert Series.objects.get(pk=small.vanity.pk).class_name == "vanity"
    refused = client.post(f"/series/{small.series.pk}/describe/", {**body, "measure_unit": "orders"})  # fmt: skip
    assert refused.status_code == 422
    assert "is in leads, not in orders" in text(refused)
