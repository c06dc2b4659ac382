"""The firehose's decoder against a real PDS on loopback: what was written through its API is what comes out of its frames.

`tests/parts.py` brings Node and the PDS and says where in SOCIUS_TEST_PDS and SOCIUS_TEST_NODE; without them the tests are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from socius.connectors.streams.reading import Source, decode

PLACE, NODE = os.environ.get("SOCIUS_TEST_PDS", ""), os.environ.get("SOCIUS_TEST_NODE", "node")
PASSWORD = "only-here"  # noqa: S105 - of a server that lives for this test
TEXTS = ["parcel arrived", "späte Lieferung 😀", "快递很慢", "พัสดุช้า", "will be deleted"]


def call(client: httpx.Client, name: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/xrpc/{name}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()) if answer.content else {}


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def write(client: httpx.Client) -> tuple[str, dict[str, str]]:
    """Posts, an edit, a reply, a like and a delete; the author, and what is left by address."""
    who = call(
        client,
        "com.atproto.server.createAccount",
        handle="ann.test",
        email="ann@example.org",
        password=PASSWORD,
    )
    client.headers["Authorization"] = f"Bearer {who['accessJwt']}"
    repo, post = who["did"], "app.bsky.feed.post"

    def create(collection: str, record: dict[str, Any]) -> dict[str, Any]:
        return call(
            client,
            "com.atproto.repo.createRecord",
            repo=repo,
            collection=collection,
            record={"$type": collection, "createdAt": now(), **record},
        )

    made = [create(post, {"text": text, "langs": ["en"]}) for text in TEXTS]
    parent = {"uri": made[0]["uri"], "cid": made[0]["cid"]}
    reply = create(post, {"text": "an answer", "reply": {"root": parent, "parent": parent}})
    create("app.bsky.feed.like", {"subject": parent})
    key = made[1]["uri"].rpartition("/")[2]
    call(
        client,
        "com.atproto.repo.putRecord",
        repo=repo,
        collection=post,
        rkey=key,
        record={"$type": post, "createdAt": now(), "text": "edited"},
    )
    call(
        client,
        "com.atproto.repo.deleteRecord",
        repo=repo,
        collection=post,
        rkey=made[4]["uri"].rpartition("/")[2],
    )
    left = {m["uri"]: t for m, t in zip(made[:4], TEXTS, strict=False)} | {
        made[1]["uri"]: "edited",
        reply["uri"]: "an answer",
    }
    return repo, left


def frames(address: str, least: int) -> list[bytes]:
    """Every frame from the beginning, until so many came and then nothing for two seconds."""
    found: list[bytes] = []
    way = address.replace("http://", "ws://") + "/xrpc/com.atproto.sync.subscribeRepos?cursor=0"
    with connect(way, max_size=5 << 20) as door:
        while True:
            try:
                frame = door.recv(timeout=2 if len(found) >= least else 20)
            except TimeoutError:
                return found
            found.append(frame if isinstance(frame, bytes) else frame.encode())


@pytest.mark.slow
@pytest.mark.skipif(not PLACE, reason="there is no PDS; `make test` installs it (tests/parts.py)")
def test_what_was_written_to_a_real_pds_comes_out_of_its_firehose() -> None:
    words = [NODE, str(Path(__file__).parent / "pds" / "serve.mjs"), PLACE]
    server = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=PLACE
    )
    try:
        assert server.stdout
        line = b""
        while not line.startswith(b'{"address"'):
            line = server.stdout.readline()
            assert line, "the server ended"
        address = json.loads(line)["address"]
        with httpx.Client(base_url=address, timeout=60) as client:
            repo, left = write(client)
        came = frames(address, 9)
    finally:
        server.kill()
        server.wait()
        for pipe in (server.stdin, server.stdout):
            if pipe:
                pipe.close()
    observed = (int(time.time()) + 60) * 1_000_000
    state: dict[str, str] = {}
    done = decode(Source("firehose"), b"".join(came), observed)
    for record in done.records:
        assert record.author_id == repo
        if record.op == "delete":
            state.pop(record.remote_id)
        else:
            state[record.remote_id] = record.text
    assert done.malformed == []
    assert state == left
    assert [r.op for r in done.records].count("update") == 1
    assert [r.kind for r in done.records].count("reply") == 1
    assert done.other["like"] == 1
    one_by_one = [
        r.remote_id for f in came for r in decode(Source("firehose"), f, observed).records
    ]
    assert one_by_one == [r.remote_id for r in done.records]
