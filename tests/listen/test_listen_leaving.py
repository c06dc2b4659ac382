"""Somebody whose account is deleted or taken down leaves every table, also where the erasure was cut off; others stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from house import House
from socius.connectors.streams.reading import Source as Read
from socius.engine.stream import plan_for
from socius.listen.actions import adopt_question, make_query
from socius.listen.actions.reputation import Wording
from socius.listen.jobs import departing, keeping, leaving
from socius.listen.jobs.ingest import Report, drained
from socius.listen.jobs.intake import take_file
from socius.listen.models import Hit, Query, Response
from socius.stores.turns import locked

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
US = int(AT.timestamp()) * 1_000_000


def post(did: str, n: int) -> str:
    record = {"text": f"secret {n}", "createdAt": AT.isoformat(), "langs": ["en"]}
    commit = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": f"post{n}", "record": record}  # fmt: skip
    return json.dumps({"did": did, "time_us": US + n, "kind": "commit", "commit": commit})


def account(did: str, status: str, **more: object) -> str:
    return json.dumps({"did": did, "time_us": US + 99, "kind": "account", "account": {"active": False, "did": did, "status": status}, **more})  # fmt: skip


def test_only_who_is_gone_for_good_is_named() -> None:
    lines = [
        post("did:plc:a", 1), account("did:plc:b", "deleted"), account("did:plc:c", "takendown"),
        account("did:plc:d", "deactivated"), account("did:plc:e", "suspended"), '{"kind": "account", "did": 1}', "{",
        json.dumps({"did": "did:plc:f", "time_us": 1, "kind": "account", "account": {"active": True, "did": "did:plc:f"}}),
    ]  # fmt: skip
    assert leaving.departed("\n".join(lines).encode()) == {"did:plc:b", "did:plc:c"}
    assert leaving.departed(post("did:plc:a", 1).encode()) == set()


@pytest.mark.slow
def test_who_left_is_erased_everywhere(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    folder = tmp_path / "listen"
    lines = [post("did:plc:goes", 1), post("did:plc:stays", 2), account("did:plc:goes", "deleted")]
    said = {"source": {"name": "jetstream", "place": "x", "mapping": {}, "network": "", "scale": [0, 100]}, "observed": US + 100, "line": 0}  # fmt: skip
    assert Read(**said["source"]).name == "jetstream"
    with locked(folder) as store:
        store.queue.append("\n".join(lines).encode(), said)
        drained(store, plan_for([]), Report())
        keys = {r["author_id"]: r["key"].hex() for r in store.mentions.read(["key", "author_id"]).to_pylist()}  # fmt: skip
    assert leaving.waiting(folder)
    house = House(AT)
    adopt_question(actor=house.actor(), wording=Wording("How well?"))
    answers = b"date,score,author\n2026-05-30,7,did:plc:goes\n2026-05-30,1,did:plc:stays\n"
    assert take_file("a.csv", answers, actor=house.actor(), channel="call", dry=False).taken == 2
    query = make_query(house.root, name="Q", text="secret", actor=house.actor())
    Hit.objects.bulk_create(
        Hit(query=query, version=1, key=k, day=AT.date(), at=AT, observed_at=AT, block=1) for k in keys.values()
    )  # fmt: skip

    def cut(_keys: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(departing, "forget", cut)
        with pytest.raises(KeyboardInterrupt):
            departing.leave({"home": str(tmp_path), "quiet": True})
    assert leaving.waiting(folder)
    keeping.maintain({"home": str(tmp_path), "json": True})
    assert json.loads(capsys.readouterr().out)["erased"] == 2  # a mention and an answer
    assert list(Response.objects.values_list("value", flat=True)) == [0.0]
    assert not leaving.waiting(folder)
    with locked(folder) as store:
        rows = store.mentions.read(["author_id"]).to_pylist()
        blocks = b"".join(b.data for b in store.queue.pending())
    assert [r["author_id"] for r in rows] == ["did:plc:stays"]
    assert b"did:plc:goes" not in blocks
    assert list(Hit.objects.values_list("key", flat=True)) == [keys["did:plc:stays"]]
    assert Query.objects.count() == 1
