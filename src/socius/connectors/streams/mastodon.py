"""Mastodon: statuses, and the events of its streaming API."""

from __future__ import annotations

from typing import Any

import msgspec

from socius.connectors.streams.html import plain
from socius.connectors.streams.record import Decoded, Record, Unreadable, moment


class Account(msgspec.Struct, gc=False):
    """Who wrote."""

    acct: str = ""
    uri: str | None = None
    url: str | None = None
    id: str = ""
    followers_count: int | None = None
    created_at: str | None = None


class Named(msgspec.Struct, gc=False):
    """A tag or a mention."""

    name: str = ""
    url: str | None = None
    id: str = ""


class Status(msgspec.Struct, gc=False):
    """The wanted part of a status."""

    id: str
    uri: str
    created_at: str
    account: Account
    content: str = ""
    spoiler_text: str = ""
    edited_at: str | None = None
    language: str | None = None
    in_reply_to_id: str | None = None
    favourites_count: int | None = None
    reblogs_count: int | None = None
    replies_count: int | None = None
    tags: list[Named] = []
    mentions: list[Named] = []
    reblog: dict[str, Any] | None = None
    quote: dict[str, Any] | None = None


class Streamed(msgspec.Struct, gc=False):
    """One message of the streaming API; its payload is JSON in a string, or an id."""

    event: str
    payload: str | msgspec.Raw | None = None


statuses = msgspec.json.Decoder(Status, strict=False)


def status_record(status: Status, op: str) -> Record:
    """A status as an incoming record; the same status seen through two servers has one `uri`."""
    text, links = plain(status.content)
    if status.spoiler_text:
        text = f"{status.spoiler_text}\n{text}"
    made = Record(
        network="mastodon", remote_id=status.uri, channel="social", op=op, text=text, links=links,
        created_at=moment(status.created_at), lang_declared=status.language,
        author_id=status.account.uri or status.account.url or status.account.id,
        author_handle=status.account.acct, author_followers=status.account.followers_count,
        tags=[t.name for t in status.tags], mentioned=[m.url or m.id for m in status.mentions],
        likes=status.favourites_count, reposts=status.reblogs_count, replies=status.replies_count,
        reply_to=status.in_reply_to_id, cursor=status.id,
    )  # fmt: skip
    if status.account.created_at:
        made.author_created_at = moment(status.account.created_at)
    if status.edited_at:
        made.edited_at = moment(status.edited_at)
    if status.in_reply_to_id:
        made.kind = "reply"
    elif status.quote:
        made.kind, made.quote_of = "quote", status.quote.get("uri")
    return made


def reblogged(status: Status) -> Record:
    """A boost: its text is that of what was boosted, its id its own."""
    inner = msgspec.convert(status.reblog, Status, strict=False)
    made = status_record(inner, "create")
    made.remote_id, made.kind, made.quote_of = status.uri, "repost", inner.uri
    made.created_at, made.cursor = moment(status.created_at), status.id
    made.author_id = status.account.uri or status.account.url or status.account.id
    made.author_handle = status.account.acct
    return made


def event_record(data: bytes, done: Decoded) -> Record | None:
    """The mention of a status or a streaming message; None for what is only counted."""
    if b'"event"' not in data[:200] and b'"payload"' not in data:
        status = statuses.decode(data)
        return reblogged(status) if status.reblog else status_record(status, "create")
    message = msgspec.json.decode(data, type=Streamed)
    payload = (
        message.payload
        if isinstance(message.payload, str)
        else bytes(message.payload or b"").decode()
    )
    if message.event in {"update", "status.update"}:
        status = statuses.decode(payload)
        if status.reblog:
            return reblogged(status)
        return status_record(status, "create" if message.event == "update" else "update")
    if message.event == "delete":
        if not payload:
            raise Unreadable("The delete names no status.")
        # The local id only: the store knows under which address this status was seen.
        return Record(
            network="mastodon", remote_id=f"local:{payload}", channel="social", op="delete"
        )
    done.other[message.event] += 1
    return None
