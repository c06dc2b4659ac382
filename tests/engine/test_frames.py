"""Posts straight to columns: the same rows, faults and counts as record by record, whatever stands in a line."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from socius.connectors.streams.reading import Source, decode_lines
from socius.listen.jobs.decoding import taken
from socius.stores.batches import of_records

pytestmark = pytest.mark.slow  # the reader is compiled

NOW = 1_770_000_000_000_000
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
TEXTS = (
    "plain",
    "",
    'zwei\nZeilen "quoted" \\ /',
    "快递 很慢 😀",
    "พัสดุ",
    "\u0000\u001f é",
    "x" * 300,
    "\u2028 ﷽",
    "\t",
)
TIMES = (
    "2026-01-01T10:00:00Z", "2026-01-01T10:00:00.5Z", "2026-01-01T10:00:00.123456+05:30", "2024-02-29T23:59:59.999-11:00",
    "2026-02-29T10:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01", "soon", "2026-01-01T10:00:00.1234567Z", "2026-01-01T10:00:00",
    "0001-01-01T00:00:00Z", "2026-13-01T10:00:00Z", "2026-01-01 10:00:00Z", "2026-01-01T10:00:60Z", "",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None,
    3,
    3.5,
    -1,
    True,
    "x",
    [],
    {},
    [1],
    {"uri": "at://odd"},
    {"a": {"b": [1, 2]}},
    "",
)


def tid(us: int) -> str:
    number = us << 10
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(60, -1, -5))


def made(dice: random.Random) -> dict[str, Any]:
    """A post with parts of all kinds, mostly sound."""
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "createdAt": dice.choice(TIMES[:4] if dice.random() < 0.8 else TIMES), "text": dice.choice(TEXTS)}  # fmt: skip
    uri = {"uri": f"at://did:plc:p/{dice.randrange(9)}", "cid": "c"}
    features = [{"uri": "https://a.example"}, {"tag": "late"}, {"did": "did:plc:x"}, {"uri": ""}, {"tag": "zwei\\", "$type": "y"}]  # fmt: skip
    more: dict[str, Any] = {
        "langs": [["en"], [], None, ["pt-BR", "en"]], "tags": [["t", ""], [], None],
        "reply": [{"parent": uri, "root": uri}, {"parent": uri}, {}, None, {"root": {}}],
        "facets": [[{"features": dice.sample(features, 2), "index": {"byteEnd": 1}}], [{"features": []}, {"features": dice.sample(features, 3)}], [], None, [{}]],
        "embed": [{"external": {"uri": "https://b.example", "title": "t"}}, {"record": uri}, {"record": {"record": uri}, "media": {"images": [1]}},
                  {"record": {"uri": "", "x": 1}}, {"record": None, "external": None}, {"record": {"record": None, "uri": "at://q"}}, None],
    }  # fmt: skip
    for name, kinds in more.items():
        if dice.random() < 0.4:
            record[name] = dice.choice(kinds)
    if dice.random() < 0.5:
        items = list(record.items())
        dice.shuffle(items)
        record = dict(items)
    commit = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": tid(NOW - dice.randrange(10**12)), "record": record}  # fmt: skip
    event = {
        "did": f"did:plc:{dice.randrange(99)}",
        "time_us": NOW - dice.randrange(10**9),
        "kind": "commit",
        "commit": commit,
    }
    return event


def bent(dice: random.Random, event: dict[str, Any]) -> dict[str, Any]:
    """The same with one part changed, or gone."""
    nodes: list[Any] = [event]
    for node in nodes:
        nodes += [v for v in (node.values() if isinstance(node, dict) else node) if isinstance(v, dict | list) and v]  # fmt: skip
    node = dice.choice(nodes)
    key = dice.choice(list(node)) if isinstance(node, dict) else dice.randrange(len(node))
    kind = dice.random()
    if kind < 0.3 and isinstance(node, dict):
        del node[key]
    elif kind < 0.4 and isinstance(node, dict):
        node[dice.choice(("operation", "kind", "account", "collection", "rkey"))] = dice.choice(("update", "delete", "identity", {}, "abc"))  # fmt: skip
    else:
        node[key] = dice.choice(ODD)
    return event


def line(dice: random.Random) -> bytes:
    """One line: sound, bent, with a changed byte, with a key twice, cut, or empty."""
    event = made(dice)
    if dice.random() < 0.4:
        event = bent(dice, event)
    separators = dice.choice(((",", ":"), (", ", ": ")))
    raw = json.dumps(event, ensure_ascii=dice.random() < 0.3, separators=separators).encode()
    kind = dice.random()
    if kind < 0.15:
        at = dice.randrange(len(raw))
        raw = raw[:at] + bytes([dice.choice((dice.randrange(256), 34, 92, 44, 123, 125, 93, 48, 0xC3))]) + raw[at + dice.randrange(2) :]  # fmt: skip
    elif kind < 0.2:
        at = raw.rfind(b"}", 0, len(raw) - dice.randrange(4))
        raw = raw[:at] + b',"text":"again","uri":"u","tag":"t","features":[]' + raw[at:]
    elif kind < 0.23:
        raw = raw[: dice.randrange(len(raw))]
    return raw.replace(b"\n", b" ") if dice.random() < 0.97 else b" "


def slowly(data: bytes) -> tuple[list[dict[str, Any]], list[tuple[int, str]], dict[str, int]]:
    done, lines = decode_lines(Source("jetstream", "f"), list(enumerate(data.split(b"\n"), 1)), NOW)
    batch = of_records(done.records, lines, "jetstream", 1, NOW)
    return batch.table().to_pylist(), [(m.line, m.say) for m in done.malformed], dict(done.other)


def test_the_fast_way_says_what_the_slow_way_says() -> None:
    dice, fast = random.Random(20261122), 0
    for _ in range(30):
        data = b"\n".join(line(dice) for _ in range(250))
        rows, faults, others = slowly(data)
        found = taken(Source("jetstream", "f"), data, (1, NOW))
        assert found.batch is not None
        assert found.batch.table().to_pylist() == rows
        assert ([(m.line, m.say) for m in found.done.malformed], dict(found.done.other)) == (
            faults,
            others,
        )
        assert found.batch.keys == [r["key"] for r in rows]
        fast += len(rows) - len(found.done.records)
    assert fast > 3_000  # of 7,500 lines; else this shows nothing
