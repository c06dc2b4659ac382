"""The fake network over real sockets: both protocols, and each way to misbehave."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from socius.connectors.streams.reading import Source, decode
from socius.fakenet.events import Stream, tid
from socius.fakenet.faults import Faults
from socius.fakenet.server import Fakenet
from socius.kit.errors import Invalid

LONG_AGO = 1_700_000_000_000_000


@dataclass
class Running:
    port: int
    net: Fakenet

    def frames(self, count: int, path: str = f"/subscribe?cursor={LONG_AGO}") -> list[str]:
        with connect(f"ws://127.0.0.1:{self.port}{path}", close_timeout=0.1) as door:
            return [str(door.recv(timeout=5)) for _ in range(count)]


@contextmanager
def running(*faults: str, **said: object) -> Iterator[Running]:
    stream = Stream(**{"seed": 7, "start": LONG_AGO, "rate": 100.0, **said})
    net = Fakenet(stream, Faults())
    net.faults.set(faults)
    ports: list[int] = []
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(net.serve("127.0.0.1", 0, ports.append)))  # fmt: skip
    thread.start()
    while not ports:
        time.sleep(0.01)
    try:
        yield Running(ports[0], net)
    finally:
        loop.call_soon_threadsafe(net.dead.set)
        thread.join(5)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.02))
        loop.close()


def test_jetstream_begins_at_the_cursor_and_the_decoder_takes_every_frame() -> None:
    with running() as server:
        whole = server.frames(300)
        later = server.frames(5, f"/subscribe?cursor={json.loads(whole[100])['time_us']}")
    assert later == whole[100:105]
    done = decode(Source("jetstream"), "\n".join(whole).encode(), time.time_ns() // 1000)
    assert not done.malformed
    assert {r.op for r in done.records} == {"create", "update", "delete"}
    assert {r.lang_declared for r in done.records} >= {"en", "de", "fr", "es", "ja", "ar"}
    assert {"like", "identity", "account"} <= set(done.other)


def test_only_wanted_collections_are_told() -> None:
    path = f"/subscribe?wantedCollections=app.bsky.feed.post&cursor={LONG_AGO}"
    with running() as server:
        kinds = {
            json.loads(f).get("commit", {}).get("collection") for f in server.frames(100, path)
        }
    assert kinds == {None, "app.bsky.feed.post"}


def test_mastodon_over_a_websocket_and_as_server_sent_events() -> None:
    with running(limit=0, start=time.time_ns() // 1000) as server:
        frames = server.frames(10, "/api/v1/streaming?stream=public")
        with urlopen(f"http://127.0.0.1:{server.port}/api/v1/streaming/public", timeout=5) as told:
            lines = b"".join(told.readline() for _ in range(30))
    for data in ("\n".join(frames).encode(), lines[: lines.rindex(b"\n\n")]):
        done = decode(Source("mastodon"), data, time.time_ns() // 1000)
        assert done.records
        assert not done.malformed


def test_a_second_server_tells_the_same() -> None:
    with running() as one:
        first = one.frames(50)
    with running() as other:
        assert other.frames(50) == first


def test_a_file_is_played(tmp_path) -> None:
    with running(lines=("one", "two", "three")) as server:
        assert server.frames(3) == ["one", "two", "three"]


def test_it_repeats_and_reorders() -> None:
    with running() as server:
        honest = server.frames(100)
        server.net.faults.set(["repeat=0.3"])
        repeated = server.frames(100)
        server.net.faults.set(["repeat=0", "reorder=0.3"])
        shuffled = server.frames(100)
    assert len(set(repeated)) < 100
    assert list(dict.fromkeys(repeated)) == honest[: len(set(repeated))]
    assert shuffled != honest
    assert len(set(shuffled) & set(honest)) >= 99


def test_rubbish_is_quarantined_and_the_rest_is_read() -> None:
    with running("rubbish=0.2") as server:
        frames = server.frames(100)
    done = decode(Source("jetstream"), "\n".join(frames).encode(), time.time_ns() // 1000)
    assert done.malformed
    assert len(done.records) > 50


def test_a_cut_frame_ends_the_connection() -> None:
    with running("cut=1") as server, pytest.raises(ConnectionClosed):
        server.frames(1)


def test_it_drops_connections() -> None:
    with running("drop=0.1") as server, pytest.raises(ConnectionClosed):
        server.frames(500)


def test_it_goes_silent_and_speaks_again_on_command() -> None:
    with (
        running("silent=1") as server,
        connect(f"ws://127.0.0.1:{server.port}/subscribe?cursor={LONG_AGO}") as door,
    ):
        with pytest.raises(TimeoutError):
            door.recv(timeout=0.2)
        urlopen(Request(f"http://127.0.0.1:{server.port}/control?silent=0", method="POST"), timeout=5).close()  # fmt: skip
        assert door.recv(timeout=5)


def test_it_dies_after_so_many_events() -> None:
    with running("die=20") as server:
        with pytest.raises(ConnectionClosed):
            server.frames(50)
        time.sleep(0.1)
        with closing(socket.socket()) as probe:
            assert probe.connect_ex(("127.0.0.1", server.port))


def test_a_fault_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match="no fault"):
        Faults().set(["sleepy=1"])


def test_keys_of_records_sort_by_time() -> None:
    assert tid(LONG_AGO) < tid(LONG_AGO + 1)
    assert len(tid(LONG_AGO)) == 13
