"""Bluesky: events of Jetstream, one JSON object each, and the posts inside them."""

from __future__ import annotations

from typing import Any

import msgspec

from socius.connectors.streams.record import Decoded, Record, Unreadable, moment

POST = "app.bsky.feed.post"
COUNTED = {
    "app.bsky.feed.like": "like",
    "app.bsky.feed.repost": "repost",
    "app.bsky.graph.follow": "follow",
}


class Reference(msgspec.Struct, gc=False):
    """An address of another record."""

    uri: str = ""


class Reply(msgspec.Struct, gc=False):
    """What a post answers."""

    parent: Reference | None = None
    root: Reference | None = None


class Feature(msgspec.Struct, gc=False):
    """A link, a tag or a mention inside the text."""

    uri: str = ""
    tag: str = ""
    did: str = ""


class Facet(msgspec.Struct, gc=False):
    """Where features stand."""

    features: list[Feature] = []


class Embed(msgspec.Struct, gc=False):
    """What hangs on a post; only quotes and link cards are read."""

    record: dict[str, Any] | None = None
    external: Reference | None = None


class Post(msgspec.Struct, gc=False, rename={"created_at": "createdAt"}):
    """The wanted part of a post."""

    text: str = ""
    created_at: str = ""
    langs: list[str] | None = None
    reply: Reply | None = None
    facets: list[Facet] | None = None
    embed: Embed | None = None
    tags: list[str] | None = None


class Commit(msgspec.Struct, gc=False):
    """A change in a repository."""

    operation: str
    collection: str
    rkey: str
    record: msgspec.Raw = msgspec.Raw()


class Event(msgspec.Struct, gc=False):
    """One frame."""

    did: str
    time_us: int
    kind: str
    commit: Commit | None = None
    account: dict[str, Any] | None = None


events = msgspec.json.Decoder(Event)
posts = msgspec.json.Decoder(Post)


def quoted(embed: Embed | None) -> str | None:
    """Address of the quoted record, which may lie one level deeper beside media."""
    found = embed.record if embed and embed.record else {}
    inner = found.get("record", found)
    return str(inner["uri"]) if isinstance(inner, dict) and inner.get("uri") else None


def post_record(post: Post, uri: str, did: str, op: str, seen: int) -> Record:
    """A post as an incoming record. An edit carries no time of its own, so the event's is taken."""
    made = Record(
        network="bluesky", remote_id=uri, channel="social", op=op, text=post.text,
        author_id=did, cursor=str(seen), created_at=moment(post.created_at),
        lang_declared=post.langs[0] if post.langs else None,
    )  # fmt: skip
    if op == "update":
        made.edited_at = seen
    if post.reply is not None:
        made.kind = "reply"
        made.reply_to = post.reply.parent.uri if post.reply.parent else None
        made.root = post.reply.root.uri if post.reply.root else None
    if post.facets or post.tags:
        features = [x for f in post.facets or () for x in f.features]
        made.links = [x.uri for x in features if x.uri]
        made.tags = [*(x.tag for x in features if x.tag), *(post.tags or ())]
        made.mentioned = [x.did for x in features if x.did]
    if post.embed is not None:
        if post.embed.external is not None and post.embed.external.uri:
            made.links.append(post.embed.external.uri)
        made.quote_of = quoted(post.embed)
        if made.quote_of and made.kind == "post":
            made.kind = "quote"
    return made


def record_of(event: Event, done: Decoded) -> Record | None:
    """The mention of an event; None for what is only counted."""
    commit = event.commit
    if event.kind != "commit" or commit is None:
        gone = event.kind == "account" and (event.account or {}).get("status") == "deleted"
        done.other["account_deleted" if gone else event.kind] += 1
        return None
    if commit.collection != POST:
        done.other[COUNTED.get(commit.collection, "other_record")] += 1
        return None
    uri = f"at://{event.did}/{POST}/{commit.rkey}"
    if commit.operation == "delete":
        return Record(
            network="bluesky", remote_id=uri, channel="social", op="delete",
            author_id=event.did, cursor=str(event.time_us), edited_at=event.time_us,
        )  # fmt: skip
    if commit.operation not in {"create", "update"}:
        raise Unreadable(f"The operation {commit.operation!r} is unknown.")
    if not bytes(commit.record):
        raise Unreadable("It carries no record.")
    post = posts.decode(commit.record)
    return post_record(post, uri, event.did, commit.operation, event.time_us)
