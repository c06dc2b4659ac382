"""Queries, sources and alerts by program: what a screen can do, a token can do."""

from __future__ import annotations

from datetime import timedelta

from api_office import Program
from django.core.files.uploadedfile import SimpleUploadedFile

from socius.kit import clock
from socius.listen.actions.alerts import Rise, Watcher, raise_alert
from socius.listen.models import Query


def test_queries_and_sources_are_made_changed_and_ended(full) -> None:
    program = Program(full.clear)
    made = program("post", "/queries", {"unit": 1, "name": "Parcels", "text": "parcel"}).json()
    path = f"/queries/{made['id']}"
    assert (
        program("post", "/queries", {"unit": 1, "name": "x", "text": "(a"}).json()["field"]
        == "text"
    )
    assert program("patch", path, {"text": "parcel late"}).json()["version"] == 2
    assert program("put", f"{path}/limit", {"per_hour": 40}).json()["per_hour"] == 40
    assert program("post", f"{path}/archive").json()["archived"] is True
    assert program("get", "/queries").json()["total"] == 0
    assert program("get", "/queries", archived="true").json()["total"] == 1
    assert program("post", f"{path}/restore").json()["archived"] is False
    body = {
        "unit": 1,
        "name": "Open",
        "kind": "jetstream",
        "address": "wss://example.org/subscribe",
    }
    source = program("post", "/sources", body).json()
    path = f"/sources/{source['id']}"
    assert program("patch", path, {"name": "Wide open"}).json()["name"] == "Wide open"
    assert program("patch", path, {"address": "ws://127.0.0.1:1/"}).status_code == 422
    assert program("post", f"{path}/pause").json()["paused"] is True
    assert program("post", f"{path}/resume").json()["paused"] is False
    assert program("get", "/sources").json()["total"] == 1


def test_an_alert_is_taken_on_and_closed(full) -> None:
    program = Program(full.clear)
    number = program("post", "/queries", {"unit": 1, "name": "Parcels", "text": "parcel"}).json()[
        "id"
    ]
    at = clock.now()
    rise = Rise(
        2, "rise", at - timedelta(minutes=9), at, at, 1.0, 40, 1e-9, 20, 20, 0.8, {"buckets": []}
    )
    alert, _ = raise_alert(Query.objects.get(pk=number), rise, Watcher(at))
    path = f"/alerts/{alert.pk}"
    assert program("get", "/alerts", state="open", level=2).json()["total"] == 1
    settings = {"budget": 2, "minutes_1": 60, "minutes_2": 30, "minutes_3": 10}
    assert program("put", "/alerts/settings", settings).json()["minutes_2"] == 30
    taken = program("post", f"{path}/acknowledge").json()
    assert (taken["state"], taken["owner"]) == ("acknowledged", full.person.pk)
    assert program("post", f"{path}/acknowledge").status_code == 409
    program("post", f"{path}/notes", {"text": "Looked."})
    assert program("post", f"{path}/hand", {"to": full.person.pk}).status_code == 200
    assert program("get", path).json()["notes"][0]["text"] == "Looked."
    assert program("post", f"{path}/close", {"verdict": "real"}).json()["state"] == "closed"
    assert program("get", "/alerts", state="open").json()["total"] == 0


def test_the_question_its_links_and_its_answers_by_program(full) -> None:
    program = Program(full.clear)
    assert program("post", "/reputation/series").status_code == 409
    said = {"text": "How far do we meet your needs?", "mix": {"old": 1, "young": 3}}
    asked = program("post", "/reputation/questions", said).json()
    assert (asked["version"], asked["mix"]) == (1, {"old": 0.25, "young": 0.75})
    assert program("post", "/reputation/questions", {**said, "low": 9}).status_code == 422
    assert program("get", "/reputation/questions").json()["total"] == 1
    link = program("post", "/reputation/links", {"name": "Shop", "channel": "web"}).json()
    assert program("post", "/reputation/links", {"name": "x", "channel": "No name"}).status_code == 422  # fmt: skip
    path = f"/reputation/links/{link['id']}/close"
    assert program("post", path).json()["closed_at"]
    assert program("post", path).status_code == 409
    day = (clock.now() - timedelta(days=1)).date()
    text = f"date,score,segment,id\n{day},6,old,1\n{day},9,old,2\n"
    tried = answers(program, text)
    assert (tried["taken"], tried["rejected"], tried["applied"], tried["intake"]) == (1, 1, False, None)  # fmt: skip
    assert program("get", "/reputation/answers").json()["total"] == 0
    number = answers(program, text, apply="true")["intake"]
    assert program("get", "/reputation/answers").json()["items"][0]["taken"] == 1
    assert program("post", f"/reputation/answers/{number}/undo").json()["undone_at"]
    assert program("post", f"/reputation/answers/{number}/undo").status_code == 409
    assert program("post", "/reputation/series").json() == {"new": 0, "revised": 0}


def answers(program: Program, text: str, **said: str) -> dict:
    file = SimpleUploadedFile("calls.csv", text.encode())
    given = {"channel": "call-centre", "file": file, **said}
    return program.client.post("/api/v1/reputation/answers", given, headers=program.headers).json()


def test_a_program_hands_mentions_over(full) -> None:
    program = Program(full.clear)
    row = {"ref": "77", "created_at": "2026-02-01T10:00:00Z", "text": "Where is it?", "shop": 4}
    body = {"mentions": [row, {"ref": "78"}], "map": {"ref": "remote_id"}, "network": "web"}
    found = program("post", "/mentions", body).json()
    assert (found["accepted"], [m["place"] for m in found["malformed"]]) == (1, [1])
    assert program("post", "/mentions", {"mentions": [{"a": 1}]}).status_code == 422
    assert program("post", "/mentions", {**body, "low": 5, "high": 1}).json()["field"] == "low"
    assert program("post", "/mentions", {**body, "map": {"ref": "x"}}).status_code == 422
