"""Mentions that another program hands over: checked at once, on the disk, stored once, with keys that no field names."""

from __future__ import annotations

import pytest
from django.conf import settings

from house import House
from socius.activity.models import Entry
from socius.kit import clock
from socius.kit.errors import Invalid
from socius.listen.actions import receive_mentions
from socius.listen.actions.received import INBOX, Way
from socius.listen.jobs import receiving
from socius.stores.turns import locked

ROWS = [
    {"ref": "1", "created_at": "2026-02-01T10:00:00Z", "text": "parcel late", "author": "ann", "shoe": {"size": 44}},
    {"ref": "2", "created_at": "soon", "text": "x"},
    {"ref": "3"},
    {"ref": "4", "created_at": "2026-02-01T11:00:00Z", "answer": 4},
]  # fmt: skip
WAY = Way({"ref": "remote_id"}, "store", (1.0, 5.0))


@pytest.fixture
def house(db: None, tmp_path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return House(clock.now())


def test_what_can_be_read_is_kept_and_the_rest_told(house: House) -> None:
    found = receive_mentions(ROWS, actor=house.actor(), way=WAY)
    assert found.accepted == 2
    assert found.malformed == [
        {"place": 1, "say": "The time 'soon' cannot be read."}, {"place": 2, "say": "It has neither text nor answer."}
    ]  # fmt: skip
    assert Entry.objects.filter(verb="mentions_received").count() == 1
    with pytest.raises(Invalid, match="cannot be read"):
        receive_mentions([ROWS[1]], actor=house.actor(), way=WAY)
    assert len(list((settings.HOME / "listen" / INBOX).iterdir())) == 1


@pytest.mark.slow
def test_they_are_stored_once_with_all_that_they_said(house: House) -> None:
    for _ in range(2):
        receive_mentions(ROWS, actor=house.actor(), way=WAY)
    receiving.receive({"home": str(settings.HOME), "quiet": True})
    assert not list((settings.HOME / "listen" / INBOX).iterdir())
    with locked(settings.HOME / "listen") as store:
        rows = store.current(["remote_id", "network", "answer", "author_handle"]).to_pylist()
        assert sorted(r["remote_id"] for r in rows) == ["1", "4"]
        assert {r["answer"] for r in rows} == {None, 75.0}
        assert len(store.quarantine.read().to_pylist()) == 4
        raw: list[bytes] = []
        store.queue.rewrite(lambda block: raw.append(block.data) or block.data)
    assert [b'"shoe":{"size":44}' in data for data in raw] == [True, True]
