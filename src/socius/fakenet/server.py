"""The server: one port, WebSocket and server-sent events, and `/control`. We own the socket, so a frame can be cut in its middle."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from urllib.parse import parse_qs, urlsplit

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from socius.fakenet.events import Stream, jetstream, mastodon
from socius.fakenet.faults import RUBBISH, Faults

TICK = 0.02
LONGEST_HEAD = 16 << 10
BEAT = 5.0  # seconds between the comment lines of server-sent events


class Gone(Exception):
    """The connection is over: a fault, or the other end left."""


@dataclass
class Fakenet:
    """State that connections share."""

    stream: Stream
    faults: Faults
    sent: int = 0
    connections: int = 0
    dead: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        """Listens until it dies. `ready` is told the port."""
        server = await asyncio.start_server(self.met, host, port)
        ready(int(server.sockets[0].getsockname()[1]))
        await self.dead.wait()
        server.close()

    async def met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first line to its end."""
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            if len(head) <= LONGEST_HEAD:
                await self.answered(head, reader, writer)
        except (Gone, OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
            writer.transport.abort()
        finally:
            writer.close()

    async def answered(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Chooses by address and by what was asked for."""
        words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        address = urlsplit(words[1] if len(words) > 1 else "/")
        asked = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if b"upgrade: websocket" in head.lower():
            await self.socket(head, address.path, asked, Door(reader, writer))
        elif address.path == "/control":
            self.faults.set(f"{name}={value}" for name, value in asked.items() if words[0] == "POST")  # fmt: skip
            await whole(writer, "200 OK", {"sent": self.sent, "connections": self.connections, "faults": self.faults.on})  # fmt: skip
            self.dying()
        elif address.path == "/api/v1/streaming/public":
            await self.events(writer)
        else:
            await whole(writer, "404 Not Found", {"error": "Record not found"})

    def dying(self) -> None:
        """Dies once it has told as many events as `die` says."""
        limit = self.faults.on.get("die", 0.0)
        if limit and self.sent >= limit:
            self.dead.set()
            raise Gone

    async def socket(self, head: bytes, path: str, asked: dict[str, str], door: Door) -> None:
        """A WebSocket: Jetstream's, or Mastodon's."""
        door.begin(head)
        await door.flush()
        tell: Callable[[int], str | None]
        if path == "/subscribe":
            wanted = asked.get("wantedCollections", "")
            tell = lambda n: self.of_jetstream(n, wanted)  # noqa: E731 - chosen here, called below
        else:
            tell = self.of_mastodon
        cursor = asked.get("cursor", "")
        first = self.stream.after(int(cursor)) if cursor.isdecimal() and path == "/subscribe" else None  # fmt: skip
        async for text in self.told(tell, first, door.cut):
            door.protocol.send_text(text.encode())
            await door.flush()

    def of_jetstream(self, number: int, wanted: str) -> str | None:
        """Event `number`, unless it is of a collection that nobody asked for."""
        if self.stream.lines:
            return self.stream.lines[number]
        event = self.stream.happening(number)
        return None if wanted and event.kind == "like" and "like" not in wanted else jetstream(event)  # fmt: skip

    def of_mastodon(self, number: int) -> str | None:
        """Event `number` as the WebSocket of Mastodon frames it."""
        if self.stream.lines:
            return self.stream.lines[number]
        made = mastodon(self.stream.happening(number))
        said = {"stream": ["public"], "event": made[0], "payload": made[1]} if made else None
        return json.dumps(said, ensure_ascii=False) if said else None

    async def events(self, writer: asyncio.StreamWriter) -> None:
        """Mastodon's server-sent events."""
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n:)\n")  # fmt: skip
        await writer.drain()

        def half(text: str) -> bytes:
            return f"event: update\ndata: {text[: len(text) // 2]}".encode()

        async for text in self.told(self.of_mastodon, None, lambda t: writer.write(half(t))):
            writer.write(framed(text))
            await writer.drain()

    async def told(
        self, tell: Callable[[int], str | None], first: int | None, cut: Callable[[str], None]
    ) -> AsyncIterator[str]:
        """Texts as they become due, with the faults that are on. Without a cursor a stream begins now."""
        self.connections += 1
        draw = Random(f"{self.stream.seed}/connection/{self.connections}")  # noqa: S311 - play, not secrets
        at = self.now() if first is None else first
        held: list[str] = []
        while not self.stream.length or at < self.stream.length:
            await self.due(at)
            text = tell(at)
            at += 1
            if text is None:
                continue
            if self.faults.happens("reorder", draw) and not held:
                held.append(text)
                continue
            for one in self.spoiled(text, draw, cut):
                self.sent += 1
                yield one
            while held:
                yield held.pop()
            self.dying()
        for text in held:
            yield text
        await self.dead.wait()

    def spoiled(self, text: str, draw: Random, cut: Callable[[str], None]) -> list[str]:
        """The text, with rubbish before it, twice, or cut off."""
        if self.faults.happens("cut", draw):
            cut(text)
            raise Gone
        if self.faults.happens("drop", draw):
            raise Gone
        before = [draw.choice(RUBBISH)] if self.faults.happens("rubbish", draw) else []
        return [*before, text, *([text] if self.faults.happens("repeat", draw) else [])]

    def now(self) -> int:
        """Number of the event that is due next; a file is played from its start."""
        return 0 if self.stream.lines else self.stream.after(time.time_ns() // 1000)

    async def due(self, number: int) -> None:
        """Waits until an event happens, and while the network is silent."""
        while self.faults.on.get("silent") or self.stream.time(number) > time.time_ns() // 1000:
            if self.dead.is_set():
                raise Gone
            await asyncio.sleep(TICK)
        await asyncio.sleep(0)  # a past that is told at once leaves room for the other end to speak


class Door:
    """A WebSocket on a socket of ours."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.protocol = ServerProtocol()
        self.listening: asyncio.Task[None] | None = None

    def begin(self, head: bytes) -> None:
        """Takes the handshake."""
        self.protocol.receive_data(head)
        for event in self.protocol.events_received():
            if isinstance(event, Request):
                self.protocol.send_response(self.protocol.accept(event))
        self.listening = asyncio.ensure_future(self.listen())

    async def listen(self) -> None:
        """Answers pings and the end; what else a client says is of no interest."""
        with suppress(OSError):
            while data := await self.reader.read(4096):
                self.protocol.receive_data(data)
                self.protocol.events_received()
                for out in self.protocol.data_to_send():
                    self.writer.write(out)
                if self.protocol.close_expected():
                    break  # a client that no longer reads would keep a full buffer waiting for ever
        self.writer.transport.abort()

    async def flush(self) -> None:
        """Sends what waits. Raises `Gone` once the other end has left."""
        for data in self.protocol.data_to_send():
            self.writer.write(data)
        if self.writer.transport.is_closing() or self.protocol.close_expected():
            raise Gone
        await self.writer.drain()

    def cut(self, text: str) -> None:
        """The first half of a frame."""
        frame = Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
        self.writer.write(frame[: len(frame) // 2])


def framed(text: str) -> bytes:
    """A WebSocket message of Mastodon as a server-sent event; what is no such message goes as it is."""
    try:
        message = json.loads(text)
        return f"event: {message['event']}\ndata: {message['payload']}\n\n".encode()
    except (ValueError, KeyError, TypeError):
        return f"event: update\ndata: {text}\n\n".encode()


async def whole(writer: asyncio.StreamWriter, status: str, data: object) -> None:
    """A complete answer."""
    body = json.dumps(data).encode()
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
