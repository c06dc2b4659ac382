"""Estimates, designs, value and insights through the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socius.kit import clock
from socius.measure.models import Insight


def test_an_effect_is_read_with_what_it_rests_on_and_one_typed_in_is_not_replayed(full, program) -> None:  # fmt: skip
    listed = program("get", "/effects").json()["items"][0]
    one = program("get", f"/effects/{listed['id']}").json()
    assert (one["by_hand"], one["answer"], one["grade"]) == (True, None, listed["grade"])
    said = program("get", f"/effects/{listed['id']}/replay")
    assert said.status_code == 422
    assert "entered by hand" in said.json()["detail"]
    assert program("get", "/effects/999/replay").status_code == 404


def test_what_cannot_be_asked_or_planned_says_why(full, program) -> None:
    body = {"initiative": 1, "series": 1}
    refused = program("post", "/effects/estimate", body).json()
    assert refused["status"] == 422
    today = clock.now().date()
    plan = {**body, "design": "geo_holdout", "start": str(today), "days": 14}
    assert "not after today" in program("post", "/designs/experiment", plan).json()["detail"]
    sheet = {**body, "start": str(today), "end": str(today), "worth": 0.05}
    assert "does not count" in program("post", "/designs/sheet", sheet).json()["detail"]
    assert program("get", "/designs").json()["total"] == 0
    assert program("post", "/designs/1/stop", {"reason": "the shop closes"}).status_code == 404


def test_an_insight_needs_act_owner_and_day(full, program) -> None:
    due = str(clock.now().date() + timedelta(days=9))
    body = {"unit": 1, "say": "Films are passed on", "act": "Make two more", "owner": 1, "due": due}
    for missing in ("act", "owner", "due"):
        assert program("post", "/insights", {k: v for k, v in body.items() if k != missing}).status_code == 422  # fmt: skip
    made = program("post", "/insights", body).json()
    assert program("get", "/insights").json()["total"] == 1
    closed = program("post", f"/insights/{made['id']}/close", {"outcome": "done", "result": "Two films"})  # fmt: skip
    assert closed.json()["outcome"] == "done"
    assert Insight.objects.get().closed_at is not None


@pytest.mark.parametrize("path", ["/value", "/designs", "/insights"])
def test_a_stranger_learns_nothing(full, path) -> None:
    from api_office import Program

    call = Program(full.token(full.person, "account.view"))
    assert call("get", path).status_code == 403
