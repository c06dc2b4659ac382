"""The document names every operation with its problems; what is no request of ours is answered with a problem."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from api_office import Program
from django.test import Client

from socius.api.problems import DOCUMENTED

PAGE = Path(__file__).parents[2] / "docs/reference/api.md"
HUGE = str(10**30)


@pytest.fixture(scope="module")
def document() -> dict:
    return Client().get("/api/v1/openapi.json").json()


def operations(document: dict):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_has_a_summary_and_the_problems_that_it_may_answer(document) -> None:
    assert document["openapi"] == "3.1.0"
    for name, operation in operations(document):
        assert operation["summary"].strip(), name
        for status in DOCUMENTED:
            content = operation["responses"][str(status)]["content"]
            assert set(content) == {"application/problem+json"}, name
        good = [s for s in operation["responses"] if s < "300"]
        assert good, name
    assert {"token", "session"} == set(document["components"]["securitySchemes"])


def test_every_noun_of_the_api_is_named_in_the_docs(document) -> None:
    text = PAGE.read_text()
    nouns = {path.split("/")[3] for path in document["paths"]}
    assert {noun for noun in nouns if f"`/{noun}" not in text} == set()


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/goals"])
def test_an_address_that_is_none_is_a_problem(db, path) -> None:
    response = Client().get(path)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_a_method_that_an_address_lacks_is_a_problem(full, program) -> None:
    response = program("delete", "/goals/1")
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
    assert set(response["Allow"].split(", ")) == {"GET", "PATCH"}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/goals/x", "number"), ("/goals/0", "number"), ("/goals/-1", "number"), (f"/goals/{HUGE}", "number"), ("/goals/1.0", "number"),
        ("/goals/%00", "number"), ("/goals/١", "number"), ("/people?q=%00", "q"), ("/people?unit=" + HUGE, "unit"), ("/units?on=2026-02-30", "on"),
        ("/units?on=1700000000", "on"), ("/units?on=0001-01-01", "on"), ("/units?on=9999-12-31", "on"), ("/line-of-sight?from=2026-13-01", "from"),
        ("/line-of-sight?as_of=2099-01-01", "as_of"), ("/series/1/values?as_of=2026-05-01", "as_of"), ("/series/1/values?as_of=2026-05-01T00:00:00", "as_of"),
        ("/accounts?sort=;drop", "sort"), ("/ledger/verify?head=1:zz", "head"), ("/ledger/verify?from=" + HUGE, "from"), ("/rights/holders?right=none", "right"),
    ],
)  # fmt: skip
def test_malformed_values_are_told_by_their_place(full, program, path, field) -> None:
    response = program.client.get(f"/api/v1{path}", headers=program.headers)
    assert response.status_code == 422, response.content
    assert response.json()["field"] == field


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"1", b'"x"', b'{"key": "a"', b"\xff\xfe", b'{"unit": NaN, "key": "a"}', b'{"unit": 1, "key": "\\u0000"}',
        b'{"unit": 1, "key": "\\ud800"}', b'{"unit": 1.0, "key": "a"}', b'{"unit": true, "key": "a"}', b'{"unit": ' + HUGE.encode() + b', "key": "a"}',
        b'{"unit": ' + b"9" * 5000 + b', "key": "a"}', b'{"unit": 1, "key": "' + b"a" * 300 + b'"}', b'{"unit": 1, "key": "a", "nonsense": 1}',
        b'{"unit": 1, "key": "  "}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_body_that_is_none_is_refused_in_words(full, program, body) -> None:
    response = program.client.post(
        "/api/v1/goals", body, "application/json", headers=program.headers
    )
    assert response.status_code in {400, 422}, response.content
    said = response.json()
    assert "Traceback" not in said["detail"]
    assert "pydantic" not in json.dumps(said)


def test_money_and_estimates_stay_within_their_columns(full, program) -> None:
    spend = {"unit": 1, "date": "2026-05-01", "currency": "EUR"}
    for amount in (1e300, -1e300, 0.001, "x", None):
        assert program("post", "/spend", {**spend, "amount": amount}).status_code == 422
    assert program("post", "/spend", {**spend, "amount": 0.01}).status_code == 201
    effect = {"initiative": 1, "series": 1, "method": "m"}
    for raw in ("Infinity", "NaN", "1e400"):
        text = json.dumps({**effect, "estimate": 0}).replace('"estimate": 0', f'"estimate": {raw}')
        done = program.client.post(
            "/api/v1/effects", text, "application/json", headers=program.headers
        )
        assert done.status_code == 422


def test_a_form_that_is_cut_off_is_a_problem(full, program) -> None:
    response = program.client.generic(
        "POST",
        "/api/v1/imports",
        b"--x\r\nContent-",
        "multipart/form-data; boundary=",
        headers=program.headers,
    )
    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"


def test_a_body_that_is_too_large_is_a_problem(full, program) -> None:
    body = b'{"unit": 1, "key": "' + b"a" * (6 << 20) + b'"}'
    response = program.client.post(
        "/api/v1/goals", body, "application/json", headers=program.headers
    )
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_an_error_of_ours_is_told_without_its_inside(full, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret at /srv/place.py")

    monkeypatch.setattr("socius.api.routes.ledger.reports.head", broken)
    response = Program(full.clear)("get", "/ledger/head")
    assert response.status_code == 500
    assert "secret" not in response.content.decode()
