"""`Idempotency-Key`: a request that is sent again is answered again and done once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from api_office import Office, Program
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from socius.activity.models import Answered, Entry
from socius.organisation.actions import keep_answer
from socius.organisation.models import Token, Unit

KEY = "7d0f5c1e-0c1f-4f0e-9f57-2f3f1cf2a001"


def send(program: Program, path: str, body: Any, key: str = KEY, **more: str) -> Any:
    return program.client.post(
        f"/api/v1{path}",
        body if isinstance(body, str) else json.dumps(body),
        content_type="application/json",
        headers={**program.headers, "Idempotency-Key": key, **more},
    )


def spend(full: Office, amount: str = "120.00") -> dict[str, Any]:
    unit = Unit.objects.earliest("pk").pk
    return {"date": "2026-02-02", "amount": amount, "currency": "EUR", "unit": unit}


def test_what_is_sent_again_is_done_once_and_answered_twice(full: Office, program: Program) -> None:
    before = Entry.objects.count()
    first = send(program, "/spend", spend(full))
    assert first.status_code == 201, first.content
    written = Entry.objects.count()
    assert written > before
    again = send(program, "/spend", json.dumps(dict(reversed(spend(full).items())), indent=2))
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert Entry.objects.count() == written


def test_another_body_address_or_token_is_another_request(full: Office, program: Program) -> None:
    assert send(program, "/spend", spend(full)).status_code == 201
    other = send(program, "/spend", spend(full, "121.00"))
    assert other.status_code == 422
    assert other.json()["field"] == "Idempotency-Key"
    assert send(program, "/spend?x=1", spend(full, "122.00")).status_code == 201
    more = send(program, "/tokens", {"name": "second", "rights": ["goal.edit"], "days": 5}, "k")
    assert more.status_code == 201, more.content
    second = Program(more.json()["token"])
    other = send(second, "/spend", spend(full))
    assert other.status_code == 201
    assert "Idempotent-Replayed" not in other.headers


def test_an_error_frees_its_key(full: Office, program: Program) -> None:
    assert send(program, "/spend", spend(full, "much")).status_code == 422
    assert not Answered.objects.exists()
    assert send(program, "/spend", spend(full)).status_code == 201


def test_a_request_that_was_cut_off_is_not_done_again(full: Office, program: Program) -> None:
    assert send(program, "/spend", spend(full)).status_code == 201
    Answered.objects.update(status=0, body=None)
    before = Entry.objects.count()
    cut = send(program, "/spend", spend(full))
    assert cut.status_code == 409
    assert "cut off" in cut.json()["detail"]
    assert Entry.objects.count() == before


def test_what_is_told_once_is_not_kept(full: Office, program: Program) -> None:
    asked = {"name": "robot", "rights": ["goal.edit"], "days": 5}
    clear = send(program, "/tokens", asked).json()["token"]
    assert all(clear.encode() not in bytes(row.body or b"") for row in Answered.objects.all())
    held = Token.objects.count()
    assert send(program, "/tokens", asked).status_code == 409
    assert Token.objects.count() == held


def test_files_are_the_same_whatever_stands_between_the_parts(full: Office, program: Program) -> None:  # fmt: skip
    def upload(text: str) -> Any:
        file = SimpleUploadedFile("spend.csv", text.encode())
        headers = {**program.headers, "Idempotency-Key": KEY}
        return program.client.post("/api/v1/imports", {"kind": "spend", "file": file}, headers=headers)  # fmt: skip

    table = "date,amount,currency,unit\n2026-02-02,12.00,EUR,\n"
    first = upload(table)
    assert first.status_code == 200, first.content
    assert upload(table).content == first.content
    assert upload(table + "2026-02-03,13.00,EUR,\n").status_code == 422


@pytest.mark.parametrize("key", ["", " ", "a b", "ü", "x" * 256])
def test_a_key_that_is_none_is_told(full: Office, program: Program, key: str) -> None:
    answer = send(program, "/spend", spend(full), key)
    assert answer.status_code == 422
    assert answer.json()["field"] == "Idempotency-Key"


def test_reading_takes_no_key_and_nobody_keeps_nothing(full: Office, program: Program) -> None:
    headers = {**program.headers, "Idempotency-Key": KEY}
    assert program.client.get("/api/v1/me", headers=headers).status_code == 200
    assert send(Program(""), "/spend", spend(full)).status_code == 401
    assert not Answered.objects.exists()


def test_answers_are_kept_for_72_hours(full: Office, program: Program) -> None:
    assert send(program, "/spend", spend(full)).status_code == 201
    row = Answered.objects.get()
    Answered.objects.update(began_at=row.began_at - timedelta(hours=73))
    assert send(program, "/spend", spend(full), "another").status_code == 201
    assert Answered.objects.count() == 1
    keep_answer("not there", 200, "", b"")
    assert Answered.objects.count() == 1


def test_a_body_leaves_no_plain_digest(full: Office, program: Program) -> None:
    send(program, "/spend", spend(full))
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope, fingerprint FROM activity_answered")
        assert all(len(part) == 64 and KEY not in part for part in cursor.fetchone())
