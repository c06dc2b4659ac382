"""Effects on screen: the family, one effect, the form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import small_organisation
from small_organisation import Small

from socius.kit.child import Broken
from socius.measure.actions import estimates
from socius.measure.models import Effect
from socius.strategy.models import Series, SeriesValue

pytestmark = pytest.mark.django_db
PATH = {
    "day": ["2026-01-01"], "seen": [9.0], "expected": [5.0], "low": [4.0], "high": [6.0], "total": [4.0], "total_low": [3.0], "total_high": [5.0],
}  # fmt: skip


@pytest.fixture
def small() -> Small:
    made = small_organisation.build()
    Series.objects.filter(pk=made.series.pk).update(grain="day", class_name="outcome")
    SeriesValue.objects.bulk_create(
        SeriesValue(series=made.series, date=made.today - timedelta(days=n), value=n % 5, known_at=0) for n in range(40, 120)
    )  # fmt: skip
    return made


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, small: Small) -> dict[str, Any]:
    """What the engine gives back, made up."""
    found = {
        "effect_mean": 4.0, "low": 3.0, "high": 5.0, "sd": 0.5, "effect_total": 4.0, "total": {"low": 3.0, "high": 5.0}, "p": 0.001, "refused": None, "say": "",
        "verdict": "up", "grade": "D", "grade_reason": "no control", "placebo": {"n": 60, "hits": 3, "rate": 0.05, "low": 0.017, "high": 0.137, "factor": 1.1},
        "second": {"method": "window_difference", "effect": 3.8, "agree": True}, "window": {"pre": ["2025-09-01", "2025-12-31"], "post": ["2026-01-01", "2026-01-01"]},
        "n": {"pre": 120, "post": 1}, "method": "gsr", "version": "1", "data_sha256": "ab", "seed": 0, "grain": "day", "path": PATH, "notes": [],
        "assumptions": ["Nothing else began."], "placebos": [{"from": "2025-10-01", "estimate": 0.1, "low": -1.0, "high": 1.0}],
    }  # fmt: skip
    monkeypatch.setattr(estimates, "ask", lambda *_a, **_k: {"effects": [found]})
    return found


def text(response: Any) -> str:
    return str(response.content.decode())


def asked(small: Small) -> dict[str, Any]:
    day = small.today - timedelta(days=60)
    return {"initiative": small.initiative.pk, "series": small.series.pk, "start": day, "end": day + timedelta(days=10)}  # fmt: skip


def test_an_estimate_is_asked_for_and_shown_with_what_one_needs_to_doubt_it(small, answer):
    client = small.client()
    assert "takes a few seconds" in text(client.get(f"/effects/estimate/?series={small.series.pk}"))
    page = text(client.post("/effects/estimate/", asked(small), follow=True))
    effect = Effect.objects.get()
    assert "3 of 60, 5.0 % (1.7–13.7)" in page
    assert "moved together" in page
    assert "caused" not in page
    for part in ("Nothing else began.", f"socius measure replay {effect.pk}", "agrees", "no control", 'data-chart="counterfactual"', 'data-chart="placebos"'):  # fmt: skip
        assert part in page
    family = text(client.get("/effects/"))
    assert "of <strong>1</strong> comparison made" in family
    assert f'href="/effects/{effect.pk}/"' in text(client.get(f"/initiatives/{small.initiative.pk}/"))  # fmt: skip


def test_the_family_is_searched_sorted_and_taken_along(small, answer):
    client = small.client()
    client.post("/effects/estimate/", asked(small))
    Effect.objects.update(pre_registered=True)
    page = text(client.get("/effects/"))
    assert "tested at 5 %: 1 called" in page
    assert '<div class="big">0</div><div>called at a false discovery rate' in page
    name = str(small.initiative)
    for words, there in (
        (name.upper(), True),
        (f"{small.series} {name}", True),
        ("zeppelin", False),
    ):
        found = text(client.get("/effects/", {"words": words, "sort": "-effect"}))
        assert (f'href="/effects/{Effect.objects.get().pk}/"' in found) is there
        assert ("Nothing with these words." in found) is not there
        lines = text_of_file(client.get("/effects/rows.csv", {"words": words}))
        assert len(lines) == (2 if there else 1)
    assert 'aria-sort="descending"' in text(client.get("/effects/", {"sort": "-effect"}))
    assert "aria-sort" not in text(client.get("/effects/", {"sort": "nonsense"}))
    head, row = text_of_file(client.get("/effects/rows.csv"))
    assert head.startswith("id,of,on,from,until,effect,low,high,unit,verdict,called,q,registered")
    assert f",{name}," in row.replace('"', "")


def text_of_file(response: Any) -> list[str]:
    return b"".join(response.streaming_content).decode("utf-8-sig").strip().splitlines()


def test_with_few_fake_starts_nothing_is_called(small, answer):
    answer["placebo"] |= {"n": 1, "hits": 0, "rate": 0.0}
    page = text(small.client().post("/effects/estimate/", asked(small), follow=True))
    assert "it is not called an effect" in page
    assert "no effect may be called yet" in text(small.client().get("/effects/"))


def test_a_refusal_shows_its_reason_and_no_number(small, answer):
    answer.update(dict.fromkeys(("effect_mean", "low", "high", "sd", "effect_total", "total", "p", "second", "path")))  # fmt: skip
    answer.update(refused="pre_fit", say="It changed by itself.", verdict="refused", placebos=[])
    page = text(small.client().post("/effects/estimate/", asked(small), follow=True))
    assert "It changed by itself." in page
    assert "What would answer the question" in page
    assert "in the whole window" not in page
    assert "It changed by itself." in text(small.client().get("/effects/"))


def test_what_cannot_be_asked_or_takes_too_long_is_said_in_the_form(small, monkeypatch):
    def late(*_a: Any, **_k: Any) -> None:
        raise Broken("The calculation took longer than 20 seconds and was stopped.")

    body = asked(small)
    page = small.client().post("/effects/estimate/", {**body, "end": small.today + timedelta(days=9)})  # fmt: skip
    assert page.status_code == 422
    assert "does not lie within the values" in text(page)
    monkeypatch.setattr(estimates, "ask", late)
    assert "Nothing was kept" in text(small.client().post("/effects/estimate/", body))
    assert not Effect.objects.exists()
