"""Feeds (RSS 2.0, Atom 1.0) and mail (RFC 5322), as documents."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from socius.connectors.streams.html import plain
from socius.connectors.streams.record import Decoded, Record, Unreadable, moment


def local(element: Element) -> str:
    """Name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def parts(item: Element) -> dict[str, str]:
    """First text of each child; links by their address."""
    found: dict[str, str] = {}
    for child in item:
        name = local(child)
        text = (
            child.get("href") if name == "link" and child.get("href") else "".join(child.itertext())
        )
        if name == "link" and child.get("rel", "alternate") != "alternate":
            continue
        found.setdefault(name, str(text).strip())
    return found


def feed_records(data: bytes) -> Iterator[Record]:
    """Items of a feed. Entities and DTDs are refused."""
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException) as error:
        raise Unreadable(f"The feed is no well-formed XML ({error}).") from error
    for item in root.iter():
        if local(item) not in {"item", "entry"}:
            continue
        found = parts(item)
        body = (
            found.get("encoded")
            or found.get("content")
            or found.get("description")
            or found.get("summary")
            or ""
        )
        text, links = plain(body)
        title = plain(found.get("title", ""))[0]
        when = (
            found.get("pubDate")
            or found.get("published")
            or found.get("updated")
            or found.get("date")
        )
        link = found.get("link", "")
        made = Record(
            network="web", remote_id=found.get("guid") or found.get("id") or link, channel="web",
            text=f"{title}\n{text}".strip(), links=[x for x in (link, *links) if x],
            author_handle=found.get("creator") or found.get("author", ""),
            created_at=moment(when) if when else None,
        )  # fmt: skip
        if found.get("updated") and found["updated"] != when:
            made.edited_at = moment(found["updated"])
        yield made


def body_of(message: EmailMessage) -> str:
    """Its text: the plain part, else the HTML part without its markup."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, ValueError):  # an unknown or wrong encoding
        raw: Any = part.get_payload(decode=True)
        text = bytes(raw or b"").decode("utf-8", "replace")
    return plain(text)[0] if part.get_content_type() == "text/html" else text.strip()


def unnamed(data: bytes) -> str:
    """An id for a mail that carries none: the same bytes are the same mail."""
    return f"<{hashlib.blake2b(data, digest_size=16).hexdigest()}@without-id.invalid>"


def mail_record(data: bytes) -> Record:
    """One message of a mailbox."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not message.get("From"):
        raise Unreadable("It is no mail: a From header is missing.")
    sender = message["From"].addresses
    quoted = str(message.get("In-Reply-To") or "").strip()
    return Record(
        network="mail", remote_id=str(message.get("Message-ID") or "").strip() or unnamed(data), channel="mail",
        kind="message", text=f"{message.get('Subject') or ''}\n{body_of(message)}".strip(),
        created_at=moment(str(message.get("Date") or "")),
        author_id=sender[0].addr_spec if sender else "",
        author_handle=sender[0].display_name if sender else "", reply_to=quoted or None,
    )  # fmt: skip


def fetched_record(line: bytes, done: Decoded) -> Record | None:
    """A mail as it was fetched from a mailbox: a JSON object with `raw`, where bytes beyond UTF-8 stand as lone surrogates; without it only a look."""
    said = json.loads(line)
    if "raw" not in said:
        done.other["looked"] += 1
        return None
    made = mail_record(str(said["raw"]).encode("utf-8", "surrogateescape"))
    made.cursor = f"{said['validity']}:{said['uid']}"
    return made


def mails(data: bytes) -> list[bytes]:
    """Messages of a file: one, or an mbox."""
    if not data.startswith(b"From "):
        return [data]
    found = re.split(rb"(?:^|\r?\n\r?\n)From [^\n]*\n", data)
    return [re.sub(rb"(?m)^>(>*From )", rb"\1", m) for m in found if m.strip()]
