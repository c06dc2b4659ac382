"""A record on which our own reader fails is put aside with its reason; its block goes on, and the queue behind it too."""

from __future__ import annotations

import json

import pytest

from socius.connectors.streams.reading import Source
from socius.listen.jobs import decoding
from socius.listen.jobs.decoding import taken

OBSERVED = 1_790_000_000_000_000


def lines(n: int) -> bytes:
    rows = (
        {"remote_id": str(i), "network": "x", "created_at": "2026-01-01T10:00:00Z", "author": "a", "text": f"text {i}"}
        for i in range(n)
    )  # fmt: skip
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.mark.parametrize("culprits", [[0], [6], [3, 4], [0, 1, 2, 3, 4, 5, 6]])
@pytest.mark.parametrize("place", ["decode", "of_records"])
def test_only_the_culprit_is_put_aside(monkeypatch, culprits: list[int], place: str) -> None:
    whole = getattr(decoding, place)
    marks = [f"text {i}" for i in culprits]

    def failing(given, *more):
        data = more[0].decode() if place == "decode" else repr(given)
        if any(f'"{m}"' in data or f"'{m}'" in data for m in marks):
            raise AttributeError("'int' object has no attribute 'strip'")
        return whole(given, *more)

    monkeypatch.setattr(decoding, place, failing)
    found = taken(Source("jsonl", "file.jsonl"), lines(7), (1, OBSERVED))
    assert found.records == 7 - len(culprits)
    assert len(found.done.malformed) == len(culprits)
    assert all("has no attribute" in m.say for m in found.done.malformed)
    for mark, bad in zip(marks, found.done.malformed, strict=True):
        assert mark.encode() in bad.sample
    if place == "decode":
        assert [m.line for m in found.done.malformed] == [i + 1 for i in culprits]


def test_what_is_no_fault_of_a_record_is_no_malformed_record(monkeypatch) -> None:
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(decoding, "decode", full)
    with pytest.raises(OSError, match="space"):
        taken(Source("jsonl", "file.jsonl"), lines(3), (1, OBSERVED))


def test_a_document_that_cannot_be_cut_is_put_aside_whole(monkeypatch) -> None:
    def failing(*_given):
        raise RuntimeError("too deep")

    monkeypatch.setattr(decoding, "decode", failing)
    found = taken(Source("feed", "feed.xml"), b"<rss>\n</rss>\n", (1, OBSERVED))
    assert (found.records, len(found.done.malformed)) == (0, 1)


def test_a_stream_goes_on_behind_frames_that_the_fast_reader_fails_on(monkeypatch) -> None:
    def failing(*_given):
        raise IndexError("out of bounds")

    frame = {
        "did": "did:plc:a", "time_us": OBSERVED - 1, "kind": "commit",
        "commit": {"rev": "3k", "operation": "create", "collection": "app.bsky.feed.post", "rkey": "r1", "cid": "c",
                   "record": {"$type": "app.bsky.feed.post", "createdAt": "2026-01-01T00:00:00Z", "text": "hello"}},
    }  # fmt: skip
    data = json.dumps(frame).encode() + b"\n"
    fast = taken(Source("jetstream", "stream"), data, (1, OBSERVED))
    monkeypatch.setattr(decoding, "frames", failing)
    slow = taken(Source("jetstream", "stream"), data, (1, OBSERVED))
    assert fast.records == slow.records == 1
    assert fast.batch is not None
    assert slow.batch is not None
    assert fast.batch.keys == slow.batch.keys
