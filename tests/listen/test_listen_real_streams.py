"""Recorded streams of others, where the development data are beside the repository: every record is stored, known, or shown with its reason."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from socius.connectors.streams.reading import Source, decode
from socius.connectors.streams.record import Decoded

DATA = Path(os.environ.get("SOCIUS_SHARED", Path(__file__).parents[3] / "shared")) / "data"
NOW = 1_790_000_000_000_000

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the development data of ../shared/data are not here"
    ),
]


def test_tweets_about_one_company_are_all_read() -> None:
    done = decode(
        Source("x"),
        gzip.decompress((DATA / "stocknet" / "tweets_raw_AAPL.jsonl.gz").read_bytes()),
        NOW,
    )
    assert (len(done.records), done.malformed) == (20_850, [])
    assert len({r.remote_id for r in done.records}) == 20_823
    assert len({r.author_id for r in done.records if r.kind != "repost"}) > 3_000
    assert Counter(r.kind for r in done.records)["repost"] == 6_962
    assert all(r.remote_id.isdecimal() for r in done.records)


def test_the_example_set_of_activitystreams_is_read_but_for_its_broken_document() -> None:
    whole = Decoded()
    broken = []
    for path in sorted((DATA / "activitystreams_tests").glob("*.json")):
        if path.name == "package.json":
            continue
        done = decode(Source("as2", path.name), path.read_bytes(), NOW)
        whole.records += done.records
        broken += [path.name for m in done.malformed if "JSON" in m.say]
        assert len(done.records) + len(done.malformed) + sum(done.other.values()) >= (
            path.name != "empty.json"
        )
    assert "vocabulary-ex196-jsonld.json" in broken
    assert len(whole.records) >= 6  # most show objects without a time or by address


def statuses(node: Any) -> list[dict[str, Any]]:
    """Every status in an answer of a server, at any depth."""
    if isinstance(node, list):
        return [s for part in node for s in statuses(part)]
    if not isinstance(node, dict):
        return []
    inner = [s for part in node.values() for s in statuses(part)]
    return [node, *inner] if {"uri", "content", "account", "created_at"} <= set(node) else inner


def bodies(text: str) -> list[Any]:
    """JSON bodies of a cassette, which stand as quoted strings or as base64."""
    found = []
    for match in re.finditer(r"string: !!binary \|\n((?:\s+[A-Za-z0-9+/=]+\n)+)", text):
        found.append(base64.b64decode("".join(match[1].split())))
    for match in re.finditer(r"string: '((?:[^']|'')*)'", text):
        # YAML folds long lines: a break with its indentation stands for one space.
        found.append(re.sub(r"\n\s+", " ", match[1].replace("''", "'")).encode())
    read = []
    for body in found:
        try:
            read.append(json.loads(body))
        except ValueError:
            continue
    return read


def test_statuses_of_recorded_servers_are_all_read() -> None:
    held: dict[str, dict[str, Any]] = {}
    for path in sorted((DATA / "mastodon_cassettes").rglob("*.yaml")):
        for body in bodies(path.read_text()):
            held.update({s["uri"]: s for s in statuses(body)})
    lines = "\n".join(json.dumps(s) for s in held.values()).encode()
    done = decode(Source("mastodon"), lines, NOW)
    assert len(held) > 50
    assert done.malformed == []
    assert {r.remote_id for r in done.records} >= {
        u for u, s in held.items() if not s.get("reblog")
    }


def test_conversations_of_care_become_messages_with_the_time_in_their_ids() -> None:
    talks = json.loads((DATA / "care_ibm" / "dev.json").read_text())
    rows = [
        {"id": str(turn["tweet_ID"]), "network": "x", "text": turn["message"], "author": "client" if "client" in turn else "agent",
         "created_at": ""}
        for talk in talks for turn in talk["dialogContent"] if turn.get("tweet_ID")
    ]  # fmt: skip
    done = decode(Source("jsonl"), "\n".join(map(json.dumps, rows)).encode(), NOW)
    assert len(rows) > 600
    assert done.malformed == []
    assert len({r.remote_id for r in done.records}) == len({r["id"] for r in rows})
    assert {r.when // 31_557_600_000_000 + 1970 for r in done.records} <= {2018, 2019, 2020}


def command(home: Path, *words: str) -> dict[str, Any]:
    """What `socius listen` prints as JSON, in a home of its own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("SOCIUS_")}
    env |= {"SOCIUS_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    line = [sys.executable, "-m", "socius.cli", "listen", *words, "--json"]
    done = subprocess.run(line, env=env, capture_output=True, check=True, timeout=300)
    return dict(json.loads(done.stdout))


def test_the_development_sets_go_through_the_commands(tmp_path: Path) -> None:
    talks = json.loads((DATA / "care_ibm" / "dev.json").read_text())
    care = [
        {"id": str(t["tweet_ID"]), "network": "x", "text": t["message"], "author": "client" if "client" in t else "agent", "created_at": ""}
        for talk in talks for t in talk["dialogContent"] if t.get("tweet_ID")
    ]  # fmt: skip
    held = {
        s["uri"]: s for path in sorted((DATA / "mastodon_cassettes").rglob("*.yaml"))
        for body in bodies(path.read_text()) for s in statuses(body)
    }  # fmt: skip
    for name, rows in (("care.jsonl", care), ("mastodon.jsonl", list(held.values()))):
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)))
    with gzip.open(DATA / "stocknet" / "tweets_raw_AAPL.jsonl.gz") as lines:
        part = b"".join(islice(lines, 2_000))  # all of them would take half a minute
    (tmp_path / "stock.jsonl.gz").write_bytes(gzip.compress(part))
    files = [
        DATA / "airline" / "Tweets_ids.csv", tmp_path / "stock.jsonl.gz",
        tmp_path / "care.jsonl", tmp_path / "mastodon.jsonl",
    ]  # fmt: skip
    found = command(tmp_path / "home", "ingest", "--network", "x", *map(str, files))
    assert found["malformed"] == 0
    assert found["records"] == 14_640 + 2_000 + len(care) + len(held)
    assert found["stored"] + found["duplicates"] == found["records"]
    documents = [str(p) for p in sorted((DATA / "activitystreams_tests").glob("*.json")) if p.name != "package.json"]  # fmt: skip
    whole = command(tmp_path / "home", "ingest", "--source", "as2", *documents)
    assert whole["stored"] >= 1
    assert whole["malformed_sample"][0]["say"]
    rises = command(tmp_path / "home", "spikes", "--input", str(DATA / "nab_tweets" / "Twitter_volume_AMZN.csv"))  # fmt: skip
    assert rises["bucket_seconds"] == 300
    assert 1 <= len(rises["alerts"]) <= 20
