"""ActivityStreams 2.0: activities, objects and collections; everything may be one or a list, an address or an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from socius.connectors.streams.html import plain
from socius.connectors.streams.record import Decoded, Record, Unreadable, moment

TEXTS = {"Note", "Article", "Question", "Page", "Event", "Document", "Image", "Video", "Audio"}
OPERATIONS = {"Create": "create", "Update": "update", "Delete": "delete", "Announce": "create"}
COLLECTIONS = {"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}


def many(value: Any) -> list[Any]:
    """One or a list, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def address(value: Any) -> str:
    """The id of an object, or the address that stands for it."""
    found = many(value)
    first = found[0] if found else ""
    if isinstance(first, dict):
        return str(first.get("id") or first.get("@id") or first.get("href") or "")
    return str(first)


def types(found: dict[str, Any]) -> set[str]:
    """Its types."""
    return {str(t) for t in many(found.get("type") or found.get("@type"))}


def text_of(found: dict[str, Any]) -> tuple[str, list[str], str | None]:
    """Text, links and declared language: content, else the first of its language map, else summary or name."""
    for key in ("content", "summary", "name"):
        if isinstance(found.get(key), str):
            return (*plain(found[key]), None)
        named = found.get(f"{key}Map")
        if isinstance(named, dict) and named:
            language, text = next(iter(named.items()))
            return (*plain(str(text)), str(language))
    return "", [], None


def object_record(found: dict[str, Any], actor: Any, op: str, when: Any) -> Record:
    """An object as an incoming record."""
    text, links, language = text_of(found)
    author = found.get("attributedTo") or found.get("actor") or actor
    tags = [t for t in many(found.get("tag")) if isinstance(t, dict)]
    first = next((a for a in many(author) if isinstance(a, dict)), {})
    published = found.get("published") or when or found.get("updated")
    made = Record(
        network="as2", remote_id=address(found), channel="social", op=op, text=text, links=links,
        author_id=address(author), author_handle=str(first.get("preferredUsername") or first.get("name") or ""),
        lang_declared=language, created_at=moment(published) if published else None,
        reply_to=address(found.get("inReplyTo")) or None,
        tags=[str(t.get("name") or "").lstrip("#") for t in tags if "Hashtag" in types(t)],
        mentioned=[str(t.get("href") or "") for t in tags if "Mention" in types(t)],
    )  # fmt: skip
    if found.get("updated"):
        made.edited_at = moment(found["updated"])
    made.kind = "reply" if made.reply_to else "post"
    return made


def activity_record(found: dict[str, Any], done: Decoded) -> Record | None:
    """The mention of an activity or an object; None for what is only counted."""
    kinds = types(found)
    acts = [OPERATIONS[k] for k in OPERATIONS if k in kinds]
    if not acts:
        if kinds & TEXTS and (found.get("content") or found.get("contentMap")) and address(found):
            return object_record(found, None, "create", None)
        done.other[min(kinds, default="untyped")] += 1
        return None
    inner = next(iter(many(found.get("object"))), None)
    when = found.get("published") or found.get("updated")
    if "Announce" in kinds:
        body = inner if isinstance(inner, dict) else {}
        made = object_record({**body, "id": found.get("id")}, found.get("actor"), "create", when)
        made.kind, made.quote_of = "repost", address(inner) or None
        return made
    if acts[0] == "delete":
        return Record(network="as2", remote_id=address(inner), channel="social", op="delete",
                      edited_at=moment(when) if when else None)  # fmt: skip
    if not isinstance(inner, dict):
        done.other["object_by_address"] += 1  # its text would have to be fetched
        return None
    body = inner if inner.get("id") else {**inner, "id": found.get("id")}
    if not address(body):
        raise Unreadable("Neither the activity nor its object has an id.")
    return object_record(body, found.get("actor"), acts[0], when)


def activity_records(data: bytes, done: Decoded) -> Iterator[Record]:
    """Mentions of one document."""
    found = msgspec.json.decode(data)
    pending = many(found)
    while pending:
        item = pending.pop(0)
        if not isinstance(item, dict):
            done.other["object_by_address"] += 1
        elif types(item) & COLLECTIONS:
            inner = [p for p in many(item.get("first")) if isinstance(p, dict)]
            inner += [*many(item.get("items")), *many(item.get("orderedItems"))]
            pending[:0] = inner
            if not inner:
                done.other["empty_collection"] += 1  # its pages would have to be fetched
        else:
            made = activity_record(item, done)
            if made is not None:
                yield made
