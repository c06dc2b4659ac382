"""Leads and attribution on screen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import small_organisation
from django.core.files.uploadedfile import SimpleUploadedFile
from small_organisation import Small

from socius.measure.models import Lead
from socius.measure.reports import leads as reports
from socius.strategy.models import Series

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    return small_organisation.build()


def text(response: Any) -> str:
    return str(response.content.decode())


def test_leads_are_shown_by_the_way_they_came_and_counted(small, monkeypatch):
    ranked = {"sources": [{"source": "social", "n": 4, "won": 3, "rate": 0.75, "low": 0.3, "high": 0.95, "rank": None, "verdict": "too_few"}], "untracked": {"n": 1, "share": 0.2}}  # fmt: skip
    monkeypatch.setattr(reports, "ask", lambda *_a, **_k: ranked)
    client = small.client()
    assert "No leads yet" in text(client.get("/leads/"))
    assert "Nothing was counted" in text(client.post("/leads/count/", follow=True))
    for n in range(5):
        Lead.objects.create(key=f"L{n}", date=date(2026, 5, 1), initiative=small.initiative, stage="won" if n < 3 else "lost", amount=10, currency="EUR")  # fmt: skip
    page = text(client.get("/leads/"))
    assert "too few to tell" in page
    assert "EUR 30.00" in page
    client.post("/leads/count/")
    assert Series.objects.filter(key__startswith="Leads from social", class_name="outcome").count() == 2  # fmt: skip


def test_attribution_describes_and_keeps_nothing(small, monkeypatch):
    rules = dict.fromkeys(reports.METHODS, 2.0)
    found = {"paths": 9, "conversions": 4, "untracked_share": 0.1, "channels": [{"channel": "mail", "n": 9, **rules, "low": 1.0, "high": 3.0, "verdict": "too_few"}]}  # fmt: skip
    monkeypatch.setattr(reports, "ask", lambda *_a, **_k: found)
    client = small.client()
    assert "does not measure" in text(client.get("/attribution/"))
    page = text(client.post("/attribution/", {"paths": SimpleUploadedFile("p.csv", b"path\nmail\n")}))  # fmt: skip
    assert "1.0 to 3.0" in page
    assert "never an effect" in page
    assert client.post("/attribution/", {}).status_code == 422
