"""Assessments, roadmap, tools and needs through the API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from socius.assess import actions
from socius.kit import clock

PLANS = Path(__file__).parents[2] / "docs/reference/examples/roadmap"


def planned(program) -> int:
    body = {
        "unit": 1,
        "name": "Spring",
        "opens": "2020-01-01T00:00:00Z",
        "closes": "2090-01-01T00:00:00Z",
    }
    return program("post", "/assessments", body).json()["id"]


@pytest.fixture
def closed(full, program) -> int:
    number = planned(program)
    token = program("post", f"/assessments/{number}/open", {"shared_link": True}).json()["tokens"]
    assert len(token) == 1
    (mine,) = program("post", f"/assessments/{number}/links", {"links": 1}).json()["tokens"]
    rater = actions.rater_of(mine, origin="api", at=clock.now())
    actions.introduce(rater, role="strategist", unit=None)
    actions.answer(rater, "q02", actions.Said(3))
    actions.submit(rater)
    assert program("post", f"/assessments/{number}/close").json()["stage"] == 1
    return number


def test_a_wave_from_its_plan_to_an_action_that_is_done(program, closed) -> None:
    assert program("get", "/assessments", state="closed").json()["total"] == 1
    result = program("get", f"/assessments/{closed}/result").json()
    assert (result["stage"], len(result["coherence"]["rules"])) == (1, 8)
    assert program("get", f"/assessments/{closed}/gaps").json()["judged"] is False
    assert program("get", f"/assessments/{closed}/export").status_code == 404
    waiver = {"what": "C5", "sponsor": 1, "reason": "none runs"}
    assert program("post", f"/assessments/{closed}/waivers", waiver).status_code == 200
    rules = program("get", f"/assessments/{closed}/result").json()["coherence"]["rules"]
    assert [r["id"] for r in rules if r["waived"]] == ["C5"]
    agreed = {"item": "q02", "text": "talk", "owner": 1, "due": "2030-01-01"}
    row = program("post", f"/assessments/{closed}/actions", agreed).json()
    path = f"/assessments/{closed}/actions/{row['id']}/finish"
    assert program("post", path, {}).json()["done_by"] == 1
    assert program("post", path, {}).status_code == 409
    assert len(program("get", f"/assessments/{closed}/actions").json()) == 1


def test_a_wave_that_is_open_has_no_result(full, program) -> None:
    number = planned(program)
    said = program("get", f"/assessments/{number}/result")
    assert (said.status_code, said["Content-Type"]) == (404, "application/problem+json")
    assert program("post", f"/assessments/{number}/close").status_code == 409
    wrong = {"unit": 1, "name": "x", "opens": "2026-01-02T00:00:00Z", "closes": "2026-01-01T00:00:00Z"}  # fmt: skip
    assert program("post", "/assessments", wrong).json()["field"] == "closes"


def test_a_roadmap_is_checked_and_that_of_the_organisation_is_laid_out(full, program) -> None:
    given = json.loads((PLANS / "three-years.json").read_text())
    found = program("post", "/roadmap/check?capacity=450", given).json()
    assert [one["place"] for one in found["order"]] == [1, 2, 3, 4]
    assert found["what_if"]["changes"]
    circle = json.loads((PLANS / "circle.json").read_text())
    assert program("post", "/roadmap/check", circle).json()["sound"] is False
    own = program("get", "/roadmap").json()
    assert {one["id"] for one in own["order"]} == {"1", "2"}


def test_what_an_initiative_waits_for_is_set_and_a_circle_refused(full, program) -> None:
    assert program("post", "/initiatives/1/needs", {"needs": [2]}).json()["needs"] == [2]
    assert program("post", "/initiatives/2/needs", {"needs": [1]}).status_code == 422
    first = {"first": [{"say": "rules stand", "item": "q21"}]}
    said = program("post", "/initiatives/1/prerequisites", first).json()
    assert said["first"][0]["say"] == "rules stand"
    assert program("get", "/initiatives/1/prerequisites").json() == said


def test_a_tool_needs_a_goal_and_a_strategy_or_a_name(full, program) -> None:
    wish = {"unit": 1, "name": "Board", "purpose": "plan posts"}
    assert program("post", "/tools", wish).status_code == 422
    tool = program("post", "/tools", {**wish, "exception": "a trial of a month"}).json()
    assert tool["override_by"] == 1
    path = f"/tools/{tool['id']}/retire"
    assert program("post", path, {"reason": "over"}).json()["status"] == "retired"
    assert program("get", "/tools").json()["total"] == 1


def test_a_need_is_said_beside_what_the_data_show(full, program) -> None:
    case = program("get", "/needs").json()["needs"][0]["use_case"]
    said = program("post", "/needs", {"unit": 1, "use_case": case, "level": 4}).json()
    assert {n["use_case"]: n["said"] for n in said["needs"]}[case] == 4
    assert program("post", "/needs", {"unit": 1, "use_case": "x", "level": 1}).status_code == 422


def test_an_initiative_is_planned_and_decided_about(full, program) -> None:
    worth = {"value_low": 10, "value_likely": 20.5, "value_high": 40, "functions": "Care|Sales", "review_due": "2090-01-01"}  # fmt: skip
    said = program("patch", "/initiatives/1/plan", worth).json()
    assert (said["value_likely"], said["functions"], said["quarters"]) == (20.5, "Care|Sales", 1)
    assert program("patch", "/initiatives/1/plan", {"quarters": 3}).json()["value_high"] == 40
    assert program("patch", "/initiatives/1/plan", {"value_low": 50, "value_likely": 1, "value_high": 2}).status_code == 422  # fmt: skip
    decide = "/initiatives/1/decisions"
    found = program("post", decide, {"decision": "review", "reason": "carry on", "review_due": "2091-01-01"}).json()  # fmt: skip
    assert found["review_due"] == "2091-01-01"
    assert program("post", decide, {"decision": "place", "place": 1, "reason": "a promise"}).json()["place"] == 1  # fmt: skip
    assert program("post", decide, {"decision": "turn_down"}).status_code == 422
    assert program("post", decide, {"decision": "turn_down", "reason": "dear"}).json()["status"] == "rejected"  # fmt: skip
    assert program("post", decide, {"decision": "accept"}).json()["status"] == "accepted"
    assert program("get", "/initiatives/1/plan").json()["status"] == "accepted"


def test_a_tool_follows_a_strategy_that_was_adopted(full, program) -> None:
    strategy = program("post", "/strategies", {"unit": 1, "vision": "Be trusted", "goals": [1]}).json()  # fmt: skip
    assert program("get", "/strategies").json()["items"] == [strategy]
    wish = {"unit": 1, "name": "Board", "purpose": "plan posts", "goal": 1, "strategy": strategy["id"]}  # fmt: skip
    assert program("post", "/tools", wish).json()["status"] == "asked"
    frame = {"unit": 1, "capacity_hours": 900, "hour_value": 60, "currency": "EUR"}
    assert program("post", "/roadmap/frame", frame).json() == frame


def test_executives_the_hub_and_the_preset(full, program) -> None:
    (one,) = program("get", "/executives").json()
    assert (one["owner"], one["goals"], one["informed"], one["signs_in"]) == ("cmo@example.org", [1], None, False)  # fmt: skip
    assert program("get", "/hub").json() == []
    full.take("hours", "week,unit,hours,type\n2026-05-04,Acme,4,request\n")
    (hub,) = program("get", "/hub").json()
    assert (hub["name"], hub["verdict"], hub["weeks"][0]["requests"]) == ("Acme", "cannot_tell", 4)
    assert program("get", f"/hub/{hub['unit']}").json() == hub
    assert program("get", "/hub/999").status_code == 404
    case = program("get", "/needs").json()["needs"][0]["use_case"]
    assert program("post", "/needs/preset", {"unit": 1, "use_case": case}).json()["preset"] == case
    assert program("post", "/needs/preset", {"unit": 1, "use_case": ""}).json()["preset"] is None
