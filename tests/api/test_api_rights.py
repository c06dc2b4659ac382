"""Whoever calls the API holds what the token's person holds, and no more than the token carries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from api_office import Program
from django.test import Client

from socius.activity.models import Entry
from socius.kit import clock
from socius.organisation.actions import disable_person, move_unit, revoke_token
from socius.organisation.models import Actor, Token, Unit
from socius.strategy.actions import set_experiment
from socius.strategy.models import Goal


def problem(response, status: int) -> dict:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == status
    assert {"type", "title", "detail", "field", "repair"} <= set(said)
    return said


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer é\x80"])
def test_without_a_good_token_nothing_is_told(full, header) -> None:
    client = Client()
    headers = {"Authorization": header} if header else {}
    for path in ("/me", "/goals", "/goals/1", "/goals/999"):
        response = client.get(f"/api/v1{path}", headers=headers)
        problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"
    assert (
        client.post("/api/v1/goals", "{}", "application/json", headers=headers).status_code == 401
    )


def test_a_viewer_reads_and_does_not_write(full) -> None:
    call = Program(full.narrow(full.somebody("v@example.org", full.root, "viewer")))
    assert call("get", "/goals").json()["total"] == 2
    before = Goal.objects.get(pk=1).statement
    said = problem(call("patch", "/goals/1", {"statement": "Mine"}), 403)
    assert "goal.edit" in said["detail"]
    problem(call("post", "/units", {"parent": 1, "key": "new"}), 403)
    problem(call("post", "/accounts/1/status", {"status": "archived", "reason": "x"}), 403)
    assert call.upload("goals", "goal,statement\na,b\n", apply="true").status_code == 403
    assert Goal.objects.get(pk=1).statement == before
    refused = Entry.objects.filter(verb="refused", origin="api").order_by("recorded_at").first()
    assert (refused.object, refused.result) == ("goal:1", "refused")


def test_a_token_is_narrower_than_its_person(full) -> None:
    call = Program(full.token(full.person, "account.view", "analytics.view"))
    assert call("get", "/accounts").status_code == 200
    said = problem(call("patch", "/goals/1", {"statement": "Mine"}), 403)
    assert "token does not carry it" in said["detail"]
    problem(call("get", "/ledger"), 403)
    problem(call("post", "/tokens", {"name": "wider", "rights": ["goal.edit"]}), 403)


def test_a_token_that_only_writes_may_write_what_it_cannot_list(full) -> None:
    call = Program(full.token(full.person, "goal.edit"))
    problem(call("get", "/goals"), 403)
    assert call("patch", "/goals/1", {"statement": "More"}).json()["outcome"] == "updated"


def test_a_token_ends_when_it_is_revoked_past_its_day_or_its_person_disabled(full) -> None:
    person = full.somebody("v@example.org", full.root, "viewer")
    tokens = [full.narrow(person, *rights) for rights in (("account.view",), ("analytics.view",))]
    assert [Program(t)("get", "/me").status_code for t in tokens] == [200, 200]
    revoke_token(
        Token.objects.get(rights__contains="account.view", person=person), actor=full.actor()
    )
    assert [Program(t)("get", "/me").status_code for t in tokens] == [401, 200]
    past = clock.now() - timedelta(seconds=1)
    Token.objects.filter(person=person).update(until=past)
    assert Program(tokens[1])("get", "/me").status_code == 401
    other = full.narrow(full.somebody("w@example.org", full.root, "viewer"))
    assert Program(other)("get", "/me").status_code == 200
    gone = Token.objects.latest("pk").person
    disable_person(gone, reason="left", actor=full.actor())
    assert Program(other)("get", "/me").status_code == 401


def test_what_belongs_to_another_unit_is_not_there(full) -> None:
    """The same answer for an object of another unit and for none at all, and the asking is on record."""
    care = Unit.objects.get(key="Care")
    call = Program(full.narrow(full.somebody("c@example.org", care, "hub_lead")))
    accounts = {a["unit"]["key"] for a in call("get", "/accounts").json()["items"]}
    assert accounts == {"Care"}
    for method, path, body in (
        ("get", "/accounts/{}", None),
        ("patch", "/accounts/{}", {"purpose": "mine"}),
        ("post", "/accounts/{}/merge", {"into": 2, "reason": "x"}),
        ("post", "/accounts/{}/links", {"goal": 1}),
        ("patch", "/goals/{}", {"statement": "mine"}),
        ("post", "/units/{}/rename", {"name": "mine"}),
    ):
        foreign = call(method, path.format(1), body)
        nothing = call(method, path.format(4711), body)
        assert problem(foreign, 404) == problem(nothing, 404), path
    refused = Entry.objects.filter(verb="refused", origin="api").values_list("object", flat=True)
    assert {"account:1", "goal:1", "unit:1"} <= set(refused)
    # What a body names is looked for in the same way.
    marketing = Unit.objects.get(key="Marketing").pk
    problem(call("post", "/accounts/2/move", {"to": marketing}), 404)
    problem(call("post", "/units", {"parent": marketing, "key": "new"}), 404)


def test_an_experiment_of_another_unit_is_not_re_dated_by_its_key(full) -> None:
    day = datetime(2026, 5, 1, tzinfo=UTC).date()
    set_experiment(full.root, actor=full.actor(), key="trial", title="Trial", start=day, end=day)
    care = Unit.objects.get(key="Care")
    call = Program(full.narrow(full.somebody("c@example.org", care, "hub_lead")))
    mine = {
        "unit": care.pk,
        "key": "trial",
        "title": "Mine",
        "start": "2026-01-01",
        "end": "2026-12-31",
    }
    problem(call("post", "/experiments", mine), 404)
    assert call("post", "/experiments", {**mine, "key": "own"}).json()["title"] == "Mine"


def test_a_session_reads_and_writes_only_with_its_csrf_token(full) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(full.person)
    assert client.get("/api/v1/me").json()["token_rights"] is None
    body = {"statement": "More"}
    problem(client.patch("/api/v1/goals/1", body, "application/json"), 403)
    client.cookies["csrftoken"] = "a" * 32
    headers = {"X-CSRFToken": "a" * 32}
    done = client.patch("/api/v1/goals/1", body, "application/json", headers=headers)
    assert done.json()["outcome"] == "updated"
    assert Entry.objects.filter(verb="goal_updated").latest("recorded_at").origin == "api"
    # A token that is no good does not fall back to the session.
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer no"}).status_code == 401


def test_a_move_of_a_unit_takes_its_accounts_out_of_sight(full) -> None:
    care, marketing = Unit.objects.get(key="Care"), Unit.objects.get(key="Marketing")
    call = Program(full.narrow(full.somebody("m@example.org", marketing, "viewer")))
    assert call("get", "/accounts/2").status_code == 404
    move_unit(care, marketing, actor=Actor(full.person, "web", clock.now()))
    assert call("get", "/accounts/2").status_code == 200
