"""X: posts in the shape of its API version 2, with what they include, and the older shape of version 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from socius.connectors.streams.html import plain
from socius.connectors.streams.record import Record, Unreadable, moment, snowflake

REFERENCES = {"replied_to": "reply", "quoted": "quote", "retweeted": "repost"}


def entities(made: Record, found: dict[str, Any]) -> None:
    """Links, tags and mentions of either shape."""
    urls = [u.get("expanded_url") or u.get("url") or "" for u in found.get("urls") or ()]
    made.links = [u for u in urls if u]
    made.tags = [
        str(t.get("tag") or t.get("text") or "")
        for name in ("hashtags", "cashtags", "symbols")
        for t in found.get(name) or ()
    ]
    people = found.get("mentions") or found.get("user_mentions") or ()
    made.mentioned = [
        str(m.get("id_str") or m.get("id") or m.get("username") or "") for m in people
    ]


def second(post: dict[str, Any], users: dict[str, Any], texts: dict[str, Any]) -> Record:
    """A post of version 2. Long text and the texts of others stand in objects of their own."""
    author = str(post.get("author_id") or "")
    user = users.get(author, {})
    note, counts = post.get("note_tweet") or {}, post.get("public_metrics") or {}
    made = Record(
        network="x", remote_id=str(post["id"]), channel="social",
        text=note.get("text") or post.get("text") or "",
        lang_declared=post.get("lang"), author_id=author,
        author_handle=str(user.get("username") or ""),
        author_followers=(user.get("public_metrics") or {}).get("followers_count"),
        likes=counts.get("like_count"), reposts=counts.get("retweet_count"),
        replies=counts.get("reply_count"), root=post.get("conversation_id"),
    )  # fmt: skip
    when = post.get("created_at")
    made.created_at = moment(when) if when else snowflake(made.remote_id)
    entities(made, {**(post.get("entities") or {}), **(note.get("entities") or {})})
    for other in post.get("referenced_tweets") or ():
        made.kind = REFERENCES.get(other.get("type"), made.kind)
        if other.get("type") == "replied_to":
            made.reply_to = str(other.get("id"))
        else:
            made.quote_of = str(other.get("id"))
        if other.get("type") == "retweeted" and str(other.get("id")) in texts:
            made.text = texts[str(other["id"])].get("text") or made.text
    return made


def first(post: dict[str, Any]) -> Record:
    """A post of version 1.1."""
    user = post.get("user") or {}
    inner = post.get("retweeted_status") or {}
    body = inner or post
    text = (
        body.get("full_text")
        or (body.get("extended_tweet") or {}).get("full_text")
        or body.get("text")
        or ""
    )
    made = Record(
        network="x", remote_id=str(post.get("id_str") or post.get("id") or ""), channel="social",
        text=plain(text)[0], created_at=moment(post.get("created_at")), lang_declared=post.get("lang"),
        author_id=str(user.get("id_str") or user.get("id") or ""),
        author_handle=str(user.get("screen_name") or ""),
        author_followers=user.get("followers_count"), likes=post.get("favorite_count"),
        reposts=post.get("retweet_count"), reply_to=post.get("in_reply_to_status_id_str"),
        quote_of=inner.get("id_str") or post.get("quoted_status_id_str"),
    )  # fmt: skip
    if user.get("created_at"):
        made.author_created_at = moment(user["created_at"])
    if inner:
        made.kind = "repost"
    elif made.reply_to:
        made.kind = "reply"
    elif made.quote_of:
        made.kind = "quote"
    entities(made, body.get("entities") or {})
    return made


def tweet_records(data: bytes) -> Iterator[Record]:
    """Posts of one JSON document: a response or a stream line of version 2, or a post of either version."""
    found = msgspec.json.decode(data)
    if not isinstance(found, dict):
        raise Unreadable("It is no object.")
    if found.get("delete"):
        status = (found["delete"] or {}).get("status") or found["delete"]
        gone = str(status.get("id_str") or status.get("id") or "")
        yield Record(network="x", remote_id=gone, channel="social", op="delete")
        return
    if "user" in found or "id_str" in found:
        yield first(found)
        return
    included = found.get("includes") or {}
    users = {str(u.get("id")): u for u in included.get("users") or ()}
    texts = {str(t.get("id")): t for t in included.get("tweets") or ()}
    posts = found.get("data", found)
    for post in posts if isinstance(posts, list) else [posts]:
        if not isinstance(post, dict) or not post.get("id"):
            raise Unreadable("It holds no post with an id.")
        if not isinstance(post["id"], str):
            raise Unreadable(
                "Its id is a number; ids of X must be text, or their last digits are lost."
            )
        yield second(post, users, texts)
