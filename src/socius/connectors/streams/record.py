"""The incoming record, and what a decoder gives back."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from socius.kit.errors import Invalid

LONGEST_TEXT = 65_536
LARGEST = (1 << 63) - 1  # what a column of numbers can hold
SAMPLE = 2048
TRUNCATED, BACKDATED, EDITED, SAMPLED, QUARANTINED = 1, 2, 4, 8, 16
EARLIEST = 1_072_915_200_000_000  # 2004-01-01: no network here is older
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SNOWFLAKE_EPOCH = 1_288_834_974_657
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
# To the digits that `int` reads in base 32; what is none of ours becomes one that it refuses.
BASE_32 = dict.fromkeys(range(128), "~") | {
    ord(digit): "0123456789abcdefghijklmnopqrstuv"[n] for n, digit in enumerate(DIGITS)
}
TID_LENGTH = 13
SCIENTIFIC = re.compile(r"\d+(\.\d+)?[eE]\+?\d+")


class Record(msgspec.Struct, gc=False, kw_only=True):
    """One mention as it came. Times are microseconds since 1970 UTC; a count that was not given is None, not 0."""

    network: str
    remote_id: str
    channel: str = ""
    op: str = "create"  # create, update, delete
    kind: str = "post"  # post, reply, quote, repost, review, message, survey
    created_at: int | None = None
    edited_at: int | None = None
    text: str = ""
    lang_declared: str | None = None
    author_id: str = ""
    author_handle: str = ""
    author_followers: int | None = None
    author_created_at: int | None = None
    account: str | None = None
    from_account: str | None = None
    reply_to: str | None = None
    root: str | None = None
    quote_of: str | None = None
    links: list[str] = msgspec.field(default_factory=list)
    tags: list[str] = msgspec.field(default_factory=list)
    mentioned: list[str] = msgspec.field(default_factory=list)
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    answer: float | None = None  # 0..100
    question: str | None = None
    cursor: str = ""
    flags: int = 0
    when: int = 0  # the time that decides its day, once it was checked


@dataclass
class Malformed:
    """What could not be read: where, why, and its first 2 kB."""

    line: int
    say: str
    sample: bytes


@dataclass
class Decoded:
    """Result of one block. `other` counts what is known but is no mention (likes, follows, heartbeats)."""

    records: list[Record] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)  # what a reader should know of the whole file

    def bad(self, line: int, say: str, raw: bytes) -> None:
        """Keeps what could not be read."""
        self.malformed.append(Malformed(line, say, raw[:SAMPLE]))


class Unreadable(ValueError):
    """A record that does not hold together; its text is a sentence."""


def micros(moment: datetime) -> int:
    """Microseconds since 1970; a time without zone is taken as UTC."""
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(value: Any) -> int:
    """A time as networks write it: ISO 8601, RFC 2822, `Wed Jan 01 03:59:03 +0000 2014`, or seconds since 1970."""
    if isinstance(value, str) and len(value) > 18 and value[4] == "-":  # nearly all
        try:
            return micros(datetime.fromisoformat(value))
        except ValueError:
            pass
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value * (1 if value > 1e14 else 1000 if value > 1e11 else 1_000_000))
    text = str(value or "").strip()
    try:
        return micros(datetime.fromisoformat(text))
    except ValueError:
        pass
    if re.fullmatch(r"\d{10,16}(\.\d+)?", text):
        return moment(float(text) if "." in text else int(text))
    try:
        return micros(datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y"))
    except ValueError:
        pass
    try:
        return micros(parsedate_to_datetime(text))
    except (ValueError, TypeError) as error:
        raise Unreadable(f"The time {text[:40]!r} cannot be read.") from error


def snowflake(remote_id: str) -> int | None:
    """Time inside an id of X: milliseconds above its 22 lower bits (ids since November 2010)."""
    if not remote_id.isdecimal() or int(remote_id) < 1 << 34:
        return None
    return ((int(remote_id) >> 22) + SNOWFLAKE_EPOCH) * 1000


def tid(remote_id: str) -> int | None:
    """Time inside a record key of the AT protocol, where it is one: 53 bits of microseconds."""
    key = remote_id[-TID_LENGTH:] if remote_id[-TID_LENGTH - 1 : -TID_LENGTH] in {"/", ""} else ""
    if len(key) != TID_LENGTH or not key.isascii() or key[0] > "j":
        return None
    try:
        return int(key.translate(BASE_32), 32) >> 10
    except ValueError:
        return None


def time_of(record: Record, observed: int) -> int:
    """The time that decides the day: a function of the record alone. A delete without any takes when we saw it."""
    inside = None
    if record.network == "x":
        inside = snowflake(record.remote_id)
    elif record.network == "bluesky":
        inside = tid(record.remote_id)
    latest = observed + 15 * 60_000_000
    if inside is not None and EARLIEST <= inside <= latest:
        return inside
    if record.created_at is not None:
        return record.created_at
    if record.op == "delete":
        return observed
    raise Unreadable("It carries no time.")


def bounded(record: Record) -> None:
    """Raises `Unreadable` where a number is larger than a column can hold."""
    for number in (record.likes, record.reposts, record.replies, record.author_followers, record.edited_at):  # fmt: skip
        if number is not None and abs(number) > LARGEST:
            raise Unreadable(f"The number {number:.3g} is too large.")


def checked(record: Record, observed: int) -> Record:
    """A record with its rules: an id, a time that can be, a text of bounded length."""
    if not record.remote_id:
        raise Unreadable("It carries no id.")
    if record.remote_id[0].isdigit() and SCIENTIFIC.fullmatch(record.remote_id):
        # Its last digits are gone: every such row would collide with others.
        raise Invalid(
            f"The id {record.remote_id} was rounded by a spreadsheet; the file cannot be used.",
            field="remote_id",
            repair="Export it again with ids as text.",
        )
    when = time_of(record, observed)
    if not EARLIEST <= when <= observed + 15 * 60_000_000:
        raise Unreadable(
            f"Its time {EPOCH + when * MICROSECOND:%Y-%m-%d} lies outside 2004 to now."
        )
    bounded(record)
    record.when = when
    if record.created_at is None and record.op != "delete":
        record.created_at = when
    if len(record.text) > LONGEST_TEXT:
        record.text, record.flags = record.text[:LONGEST_TEXT], record.flags | TRUNCATED
    if record.op == "update":
        record.flags |= EDITED
    return record
