"""Decoders: invented records of each source in, the incoming record out; what is malformed is kept and stops nothing."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from socius.connectors.streams.reading import Source, decode, sniff, split
from socius.connectors.streams.record import Decoded, moment
from socius.kit.errors import Invalid

NOW = moment("2026-03-01T00:00:00Z")
DATA = Path(__file__).parents[3] / "shared" / "data"
STATUS = {
    "id": "77", "uri": "https://one.example/users/ann/statuses/77", "created_at": "2026-02-01T10:00:00Z",
    "account": {"acct": "ann@one.example", "uri": "https://one.example/users/ann", "followers_count": 5},
    "content": '<p>Late <span class="invisible">https://</span>again</p><p>A&amp;B<br>x <a href="https://b.example/p">b</a></p>',
    "language": "en", "tags": [{"name": "late"}], "favourites_count": 0, "unknown": {"kept": 1},
}  # fmt: skip


def post(**more: Any) -> dict[str, Any]:
    record = {
        "$type": "app.bsky.feed.post",
        "text": "Hello",
        "createdAt": "2026-02-01T10:00:00Z",
        "langs": ["en"],
    }
    return {**record, **more}


def frame(rkey: str = "abc", operation: str = "create", **more: Any) -> dict[str, Any]:
    commit = {"operation": operation, "collection": "app.bsky.feed.post", "rkey": rkey}
    if operation != "delete":
        commit["record"] = post(**more)
    return {"did": "did:plc:ann", "time_us": NOW - 10**9, "kind": "commit", "commit": commit}


def lines(*rows: Any) -> bytes:
    return b"\n".join(r if isinstance(r, bytes) else json.dumps(r).encode() for r in rows)


def read(name: str, data: bytes, **said: Any) -> Decoded:
    return decode(Source(name, "file", **said), data, NOW)


def test_jetstream_frames_become_records_and_the_rest_is_counted() -> None:
    like = {
        **frame(),
        "commit": {
            "operation": "create",
            "collection": "app.bsky.feed.like",
            "rkey": "l",
            "record": {},
        },
    }
    reply = frame("r", reply={"parent": {"uri": "at://p"}, "root": {"uri": "at://q"}})
    done = read(
        "jetstream",
        lines(
            frame(),
            reply,
            frame("d", "delete"),
            like,
            {"did": "d", "time_us": 1, "kind": "identity"},
        ),
    )
    assert [(r.remote_id, r.op, r.kind) for r in done.records] == [
        ("at://did:plc:ann/app.bsky.feed.post/abc", "create", "post"),
        ("at://did:plc:ann/app.bsky.feed.post/r", "create", "reply"),
        ("at://did:plc:ann/app.bsky.feed.post/d", "delete", "post"),
    ]
    assert dict(done.other) == {"like": 1, "identity": 1}
    assert done.records[1].root == "at://q"


def test_a_broken_line_is_kept_with_its_place_and_stops_nothing() -> None:
    done = read(
        "jetstream",
        lines(frame("a"), b'{"did": "d", "time', frame("b"), frame("c", createdAt="soon")),
    )
    assert [r.remote_id[-1] for r in done.records] == ["a", "b"]
    assert [(m.line, m.say) for m in done.malformed][1] == (4, "The time 'soon' cannot be read.")
    assert done.malformed[0].line == 2
    assert done.malformed[0].sample.startswith(b'{"did"')


def test_a_status_is_plain_text_and_known_by_its_address() -> None:
    record = read("mastodon", lines(STATUS)).records[0]
    assert record.text == "Late again\nA&B\nx b"
    assert (record.remote_id, record.links, record.likes, record.reposts) == (
        STATUS["uri"],
        ["https://b.example/p"],
        0,
        None,
    )


def test_streaming_events_update_edit_and_delete() -> None:
    body = json.dumps(STATUS)
    stream = f"event: update\ndata: {body}\n\n:thump\nevent: status.update\ndata: {body}\n\nevent: delete\ndata: 77\n\nevent: filters_changed\ndata: x\n"
    done = read("mastodon", stream.encode())
    assert [(r.op, r.remote_id) for r in done.records] == [
        ("create", STATUS["uri"]), ("update", STATUS["uri"]), ("delete", "local:77"),
    ]  # fmt: skip
    assert dict(done.other) == {"filters_changed": 1}


def test_ids_of_x_are_text_and_carry_the_time() -> None:
    page = {
        "data": [{"id": "1500000000000000001", "text": "short", "author_id": "9", "note_tweet": {"text": "the long text"},
                  "referenced_tweets": [{"type": "replied_to", "id": "1400000000000000000"}]}],
        "includes": {"users": [{"id": "9", "username": "ann", "public_metrics": {"followers_count": 3}}]},
    }  # fmt: skip
    record = read("x", lines(page)).records[0]
    assert (record.text, record.author_handle, record.kind) == ("the long text", "ann", "reply")
    assert record.created_at == ((1500000000000000001 >> 22) + 1288834974657) * 1000
    assert "must be text" in read("x", lines({"data": {"id": 15, "text": "x"}})).malformed[0].say


def test_an_id_that_a_spreadsheet_rounded_refuses_the_file() -> None:
    data = b"id,text,created_at\n5.70306E+17,hello,2026-01-01\n"
    with pytest.raises(Invalid, match="rounded by a spreadsheet"):
        read("csv", data)


def test_activities_in_all_their_shapes() -> None:
    note = {
        "type": "Note",
        "id": "https://e.example/1",
        "contentMap": {"fr": "<p>Bonjour</p>"},
        "published": "2026-01-01T00:00:00Z",
    }
    create = {
        "type": ["Create"],
        "actor": {"id": "https://e.example/ann", "name": "Ann"},
        "object": [note],
    }
    gone = {"type": "Delete", "object": "https://e.example/1"}
    edit = {
        "type": "Update",
        "object": {**note, "content": "Salut", "updated": "2026-01-02T00:00:00Z"},
    }
    page = {
        "type": "OrderedCollection",
        "orderedItems": [create, edit, gone, "https://e.example/far"],
    }
    done = read("as2", json.dumps(page, indent=1).encode())
    assert [(r.op, r.text, r.lang_declared) for r in done.records] == [
        ("create", "Bonjour", "fr"), ("update", "Salut", None), ("delete", "", None),
    ]  # fmt: skip
    assert done.records[0].author_handle == "Ann"
    assert read("as2", b'{"type": "Note",\n broken}').malformed[0].line == 1


def test_feeds_and_mail() -> None:
    rss = b"<rss><channel><item><guid>g1</guid><title>Late</title><description>&lt;p&gt;A parcel&lt;/p&gt;</description><link>https://n.example/1</link><pubDate>Sun, 01 Feb 2026 10:00:00 GMT</pubDate></item></channel></rss>"
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a1</id><title>T</title><link href="https://n.example/2"/><updated>2026-02-01T10:00:00Z</updated><content>Body</content></entry></feed>'
    assert [(r.remote_id, r.text) for d in (rss, atom) for r in read("feed", d).records] == [
        ("g1", "Late\nA parcel"),
        ("a1", "T\nBody"),
    ]
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>'
    assert "no well-formed" in read("feed", bomb).malformed[0].say
    mail = b"From: Ann <ann@e.example>\nMessage-ID: <1@e>\nDate: Sun, 01 Feb 2026 10:00:00 +0000\nSubject: =?utf-8?q?Caf=C3=A9?=\nContent-Type: text/html\n\n<p>No parcel</p>\n"
    record = read("mail", mail).records[0]
    assert (record.text, record.author_id, record.kind) == (
        "Café\nNo parcel",
        "ann@e.example",
        "message",
    )
    mbox = b"From x\n" + mail + b"\nFrom y\n" + mail.replace(b"<1@e>", b"<2@e>")
    assert [r.remote_id for r in read("mail", mbox).records] == ["<1@e>", "<2@e>"]


def test_rows_with_a_mapping_and_answers_on_their_scale() -> None:
    data = b"nr;wann;urteil;wo\n1;2026-02-01;5;store\n2;2026-02-01;9;store\n3;2026-02-01\n"
    mapping = {"nr": "remote_id", "wann": "created_at", "urteil": "answer", "wo": "network"}
    done = read("csv", data, mapping=mapping, scale=(1.0, 5.0))
    assert [(r.answer, r.kind, r.network) for r in done.records] == [(100.0, "survey", "store")]
    assert [(m.line, m.say[:14]) for m in done.malformed] == [
        (3, "The answer 9 l"),
        (4, "The row has mo"),
    ]
    with pytest.raises(Invalid, match="no column holds `remote_id`"):
        read("csv", b"when,text\n2026-01-01,x\n")


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def cbor(value: Any) -> bytes:
    def head(major: int, n: int) -> bytes:
        return (
            bytes([major << 5 | n]) if n < 24 else bytes([major << 5 | 26]) + struct.pack(">I", n)
        )

    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, tuple):  # an address
        return b"\xd8\x2a" + cbor(b"\0" + value[0])
    return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


def test_firehose_frames_are_cut_from_cbor_and_car() -> None:
    body, address = cbor(post(text="Grüße")), b"\x01\x71\x12\x20" + b"\x07" * 32
    opened = cbor({"version": 1, "roots": []})
    car = varint(len(opened)) + opened + varint(len(address) + len(body)) + address + body
    ops = [
        {"action": "create", "path": "app.bsky.feed.post/abc", "cid": (address,)},
        {"action": "delete", "path": "app.bsky.feed.post/old"},
        {"action": "create", "path": "app.bsky.feed.like/x", "cid": (address,)},
    ]
    commit = {
        "repo": "did:plc:ann",
        "time": "2026-02-01T10:00:01Z",
        "seq": 5,
        "blocks": car,
        "ops": ops,
    }
    data = (
        cbor({"op": 1, "t": "#commit"})
        + cbor(commit)
        + cbor({"op": 1, "t": "#identity"})
        + cbor({"seq": 6})
    )
    done = read("firehose", data)
    assert [(r.op, r.text, r.cursor) for r in done.records] == [
        ("create", "Grüße", "5"),
        ("delete", "", "5"),
    ]
    assert dict(done.other) == {"like": 1, "identity": 1}
    assert "ends in the middle" in read("firehose", data[:-3]).malformed[0].say
    assert "nested too deeply" in read("firehose", b"\x81" * 500).malformed[0].say


def test_sources_are_told_by_their_looks_and_cut_between_lines() -> None:
    assert sniff("x.jsonl", lines(frame())) == "jetstream"
    assert sniff("x.jsonl", lines(STATUS)) in {"mastodon", "jsonl"}
    assert sniff("x.csv", b"") == "csv"
    with pytest.raises(Invalid, match="kind cannot be told"):
        sniff("x", b"hello")
    data = lines(*[frame(str(n)) for n in range(50)])
    pieces = list(split(data, "jetstream", 1000))
    assert b"".join(p for _, p in pieces) == data
    assert [line for line, _ in pieces] == [data[: data.find(p)].count(b"\n") for _, p in pieces]


@pytest.mark.skipif(not DATA.is_dir(), reason="the development data of ../shared/data are not here")
def test_the_example_documents_of_the_w3c_are_read_or_rejected_cleanly() -> None:
    bad = []
    for path in sorted((DATA / "activitystreams_tests").glob("*.json")):
        done = decode(Source("as2", path.name), path.read_bytes(), NOW)
        bad += [path.name for m in done.malformed if "JSON is malformed" in m.say]
    assert bad == ["vocabulary-ex196-jsonld.json"]


@pytest.mark.parametrize(
    ("field", "value", "say"),
    [
        ("likes", 10**30, "The number 1e+30 is too large."),
        ("edited_at", 10**25, "is too large"),
        ("text", {"a": 1}, "`text` is dict, not text."),
        ("reply_to", [8], "`reply_to` is list, not text."),
        ("likes", "many", "could not convert"),
    ],
)
def test_a_value_that_no_column_holds_is_malformed(field: str, value: Any, say: str) -> None:
    row = {"id": "1", "created_at": "2026-02-01", "text": "x", field: value}
    done = decode(Source("jsonl"), json.dumps(row).encode(), NOW)
    assert not done.records
    assert say.casefold() in done.malformed[0].say.casefold()


def test_numbers_stand_for_names_and_a_line_without_a_time_stops_no_other() -> None:
    rows = [{"id": 7, "text": "x"}, {"id": 8, "created_at": "2026-02-01", "text": "y", "reply_to": 7, "question": 3}]  # fmt: skip
    done = decode(Source("jsonl"), "\n".join(map(json.dumps, rows)).encode(), NOW)
    assert [(r.remote_id, r.reply_to, r.question) for r in done.records] == [("8", "7", "3")]
    assert [m.line for m in done.malformed] == [1]
