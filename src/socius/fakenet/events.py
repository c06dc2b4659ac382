"""What happens on the network: event number n is a function of seed, start and rate, so the same stream can be had twice."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from socius.fakenet.words import post
from socius.kit.errors import Invalid

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
POST, LIKE = "app.bsky.feed.post", "app.bsky.feed.like"
MICRO = 1_000_000
AUTHORS = 400
LOOK_BACK = 20  # an edit or a delete is of a post among so many events before it


@dataclass(frozen=True)
class Happening:
    """One event, before any protocol has words for it."""

    number: int
    at: int  # microseconds since 1970
    kind: str  # create, update, delete, like, identity, account
    author: int
    post: int  # number of the event that made the post
    posted: int  # when that was
    language: str = ""
    text: str = ""


@dataclass(frozen=True)
class Stream:
    """An endless generated stream, or a file of `lines` that is played once. Rate in events a second."""

    seed: int = 1
    start: int = 0
    rate: float = 10.0
    lines: tuple[str, ...] = ()
    limit: int = 0

    @property
    def length(self) -> int:
        """How many events there will be; 0: no end."""
        return len(self.lines) or self.limit

    def time(self, number: int) -> int:
        """When event `number` happens."""
        return self.start + int(number * MICRO / self.rate)

    def after(self, cursor: int) -> int:
        """Number of the first event at or after this time."""
        found = max(0, int((cursor - self.start) * self.rate / MICRO))
        while found and self.time(found - 1) >= cursor:
            found -= 1
        while self.time(found) < cursor:
            found += 1
        return found

    def drawn(self, number: int) -> tuple[str, Random]:
        """The kind of an event and what is left of its dice."""
        draw = Random(f"{self.seed}/{number}")  # noqa: S311 - play, not secrets
        kinds = ("create", "update", "delete", "like", "identity", "account")
        return draw.choices(kinds, (80, 3, 3, 10, 2, 2))[0], draw

    def happening(self, number: int) -> Happening:
        """Event `number`. An edit or a delete finds a post before it; where there is none it is a new post."""
        kind, draw = self.drawn(number)
        target = number
        if kind in {"update", "delete"}:
            before = range(number - 1, max(-1, number - LOOK_BACK), -1)
            target = next((n for n in before if self.drawn(n)[0] == "create"), number)
            kind = "create" if target == number else kind
        author = Random(f"{self.seed}/author/{target}").randrange(AUTHORS)  # noqa: S311 - play, not secrets
        language, text = post(draw)
        return Happening(number, self.time(number), kind, author, target, self.time(target), language, text)  # fmt: skip


def tid(micros: int) -> str:
    """A record key as the AT protocol makes it: the time in base 32, sortable."""
    value, out = micros << 10, ""
    for _ in range(13):
        out, value = LETTERS[value & 31] + out, value >> 5
    return out


def stamp(micros: int) -> str:
    """A time as ISO 8601."""
    moment = datetime.fromtimestamp(micros / MICRO, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def did(author: int) -> str:
    """The id of an author on the fake network."""
    return f"did:plc:fake{author:020d}"


def jetstream(event: Happening) -> str:
    """The event as Jetstream tells it."""
    said: dict[str, Any] = {"did": did(event.author), "time_us": event.at}
    if event.kind in {"identity", "account"}:
        inner: dict[str, Any] = {"did": said["did"], "seq": event.number, "time": stamp(event.at)}
        inner |= {"handle": f"author{event.author}.example"} if event.kind == "identity" else {"active": True}  # fmt: skip
        return json.dumps({**said, "kind": event.kind, event.kind: inner})
    collection = LIKE if event.kind == "like" else POST
    commit: dict[str, Any] = {
        "rev": tid(event.at), "operation": "create" if event.kind == "like" else event.kind,
        "collection": collection, "rkey": tid(event.at if event.kind == "like" else event.posted),
    }  # fmt: skip
    if event.kind == "like":
        subject = {"uri": f"at://{did(0)}/{POST}/{tid(event.at)}", "cid": "bafyfake"}
        commit["record"] = {"$type": LIKE, "subject": subject, "createdAt": stamp(event.at)}
    elif event.kind != "delete":
        commit["record"] = {
            "$type": POST, "text": event.text, "langs": [event.language], "createdAt": stamp(event.posted),
        }  # fmt: skip
        commit["cid"] = f"bafyfake{event.number}"
    return json.dumps({**said, "kind": "commit", "commit": commit}, ensure_ascii=False)


def mastodon(event: Happening) -> tuple[str, str] | None:
    """Name and payload of the event in Mastodon's streaming API; None for what it does not tell."""
    if event.kind == "delete":
        return "delete", str(event.post)
    if event.kind not in {"create", "update"}:
        return None
    name = f"author{event.author}"
    status: dict[str, Any] = {
        "id": str(event.post), "uri": f"https://fake.example/users/{name}/statuses/{event.post}",
        "created_at": stamp(event.posted), "content": f"<p>{html.escape(event.text)}</p>",
        "language": event.language, "spoiler_text": "", "favourites_count": 0, "reblogs_count": 0,
        "account": {"id": str(event.author), "acct": name, "uri": f"https://fake.example/users/{name}", "followers_count": event.author},
    }  # fmt: skip
    if event.kind == "update":
        status["edited_at"] = stamp(event.at)
    return ("update" if event.kind == "create" else "status.update"), json.dumps(status, ensure_ascii=False)  # fmt: skip


def replayed(place: str) -> tuple[str, ...]:
    """Lines of a JSONL file. Raises `Invalid` where there are none."""
    try:
        lines = tuple(x for x in Path(place).read_text("utf-8").splitlines() if x.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            f"{place} cannot be read: {error}.", field="replay", repair="Give a file of JSON lines."
        ) from error
    if not lines:
        raise Invalid(f"{place} is empty.", field="replay", repair="Give a file of JSON lines.")
    return lines
