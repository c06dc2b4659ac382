"""Any source by its name: bytes in, records out; what is malformed is kept with its place and never stops the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from socius.connectors.calendar_order import Order
from socius.connectors.streams import (
    activities,
    feeds,
    firehose,
    jetstream,
    mastodon,
    plainrows,
    tweets,
)
from socius.connectors.streams.record import Decoded, Record, Unreadable, checked
from socius.kit.errors import Invalid
from socius.kit.rest import resting

BLOCK = 12 << 20  # each is a commit in four tables
SOURCES = (
    "jetstream",
    "firehose",
    "mastodon",
    "x",
    "as2",
    "feed",
    "mail",
    "imap",
    "csv",
    "jsonl",
    "webhook",
)
BY_LINE = {"jetstream", "mastodon", "x", "imap", "jsonl", "webhook"}
FAULTS = (
    Unreadable,
    msgspec.MsgspecError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
    OverflowError,
)
MOST_MALFORMED = 0.2
FEW = 5  # records of a short file


@dataclass(frozen=True)
class Source:
    """How a source is read. `mapping` is column -> field; `scale` the lowest and highest answer."""

    name: str
    place: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    network: str = ""
    scale: tuple[float, float] = (0.0, 100.0)
    dates: str = ""  # which number of a date is the month: day-first, month-first


def reason(error: Exception) -> str:
    """A sentence out of what went wrong."""
    if isinstance(error, UnicodeDecodeError):
        return "It is no text in UTF-8."
    text = str(error).strip().rstrip(".") or type(error).__name__
    if isinstance(error, KeyError):
        text = f"the key {text} is missing"
    return f"{text[:1].upper()}{text[1:]}."


def keep(
    done: Decoded, records: Iterable[Record | None], line: int, raw: bytes, observed: int
) -> None:
    """Checks records; the first fault ends this piece only."""
    try:
        for made in records:
            if made is not None:
                done.records.append(checked(made, observed))
    except FAULTS as error:
        done.bad(line, reason(error), raw)


def of_line(name: str, raw: bytes, done: Decoded) -> Iterator[Record | None]:
    """Records of one line of a stream."""
    if name == "jetstream":
        yield jetstream.record_of(jetstream.events.decode(raw), done)
    elif name == "mastodon":
        if raw.startswith(b"["):
            for status in msgspec.json.decode(raw, type=list[msgspec.Raw]):
                yield mastodon.event_record(bytes(status), done)
        else:
            yield mastodon.event_record(raw, done)
    elif name == "imap":
        yield feeds.fetched_record(raw, done)
    else:
        yield from tweets.tweet_records(raw)


def lines_of(data: bytes, name: str) -> Iterator[bytes]:
    """Lines; the streaming API of Mastodon as server-sent events is brought to one JSON object a line."""
    event = b""
    for raw in data.split(b"\n"):
        line = raw.strip()
        if name == "mastodon" and line.startswith(b"event:"):
            event = line[6:].strip()
            yield b""
        elif name == "mastodon" and line.startswith(b"data:"):
            pair = {
                "event": event.decode("utf-8", "replace"),
                "payload": line[5:].strip().decode("utf-8", "replace"),
            }
            yield json.dumps(pair).encode()
        else:
            yield b"" if name == "mastodon" and line.startswith(b":") else line


def decode_lines(
    source: Source, pieces: Iterable[tuple[int, bytes]], observed: int
) -> tuple[Decoded, list[int]]:
    """Single lines of a stream with their numbers; and the line that each record came from."""
    done, lines = Decoded(), list[int]()
    for number, raw in pieces:
        line = raw.strip()
        if line:
            keep(done, of_line(source.name, line, done), number, line, observed)
            lines += [number] * (len(done.records) - len(lines))
    return done, lines


def rows(source: Source, data: bytes, done: Decoded, observed: int) -> None:
    """CSV, JSON lines and webhook bodies by their mapping."""
    pairs: Iterable[tuple[int, bytes, dict[str, Any]]]
    if source.name == "csv":
        pairs = ((n, repr(row).encode(), row) for n, row in plainrows.table(data, source.place))
    else:
        pairs = objects(data, done)
    columns: dict[str, str] | None = None
    order = Order()
    for line, raw, row in pairs:
        if not row:
            done.bad(line, "The row has more or fewer cells than the header.", raw)
            continue
        if columns is None or source.name != "csv":
            columns = plainrows.mapping_of(
                list(row),
                source.mapping if source.name == "csv" else present(source, row),
                source.place,
                table=source.name == "csv",
            )
            if source.name == "csv":
                order = plainrows.with_dates(data, source.place, columns, source.dates, source.network == "x")  # fmt: skip
                done.notes += [order.note] if order.note else []
        made = (plainrows.row_record(row, c, source.scale, source.network, order.first) for c in [columns])  # fmt: skip
        keep(done, made, line, raw, observed)


def present(source: Source, row: dict[str, Any]) -> dict[str, str]:
    """The part of a mapping that this object has; objects may leave keys out."""
    return {c: f for c, f in source.mapping.items() if c in row}


def parsed(data: bytes) -> Any:
    """JSON, or the reason why it is none."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Unreadable(reason(error))
    except RecursionError:
        return Unreadable("It is nested too deeply.")


def objects(data: bytes, done: Decoded) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    """Objects of JSON lines, or of one array."""
    whole = parsed(data) if data.lstrip()[:1] == b"[" else None
    if isinstance(whole, list):
        found = [(msgspec.json.encode(item), item) for item in whole]
    else:
        found = [(line, parsed(line) if line.strip() else None) for line in data.split(b"\n")]
    for number, (raw, item) in enumerate(found, 1):
        if isinstance(item, Unreadable):
            done.bad(number, str(item), raw)
        elif isinstance(item, dict) and item:
            yield number, raw, item
        elif raw.strip():
            done.bad(number, "It is no object.", raw)


def by_line(source: Source, data: bytes, done: Decoded, observed: int) -> None:
    """Streams of JSON lines."""
    for number, line in enumerate(lines_of(data, source.name), 1):
        if line:
            keep(done, of_line(source.name, line, done), number, line, observed)


def documents(source: Source, data: bytes, done: Decoded, observed: int) -> None:
    """Sources whose file is one document, or several behind one another."""
    if source.name == "firehose":
        keep(done, firehose.frame_records(data, done), 1, data, observed)
    elif source.name == "feed":
        keep(done, feeds.feed_records(data), 1, data, observed)
    elif source.name == "mail":
        for number, message in enumerate(feeds.mails(data), 1):
            keep(done, (feeds.mail_record(m) for m in [message]), number, message, observed)
    else:
        pieces = [data] if one_document(data) else data.split(b"\n")
        for number, piece in enumerate(pieces, 1):
            if piece.strip():
                keep(done, activities.activity_records(piece, done), number, piece, observed)


def one_document(data: bytes) -> bool:
    """Whether the bytes are one JSON document, or a broken one, rather than JSON lines."""
    first, _, rest = data.strip().partition(b"\n")
    return (
        not rest
        or isinstance(parsed(first), Unreadable)
        or not isinstance(parsed(data), Unreadable)
    )


def reader_of(name: str) -> Callable[[Source, bytes, Decoded, int], None]:
    """What reads a source. Raises `Invalid` for a name that is none."""
    if name not in SOURCES:
        raise Invalid(
            f"There is no source {name!r}.",
            field="source",
            repair=f"Sources are {', '.join(SOURCES)}.",
        )
    if name in {"csv", "jsonl", "webhook"}:
        return rows
    return by_line if name in BY_LINE else documents


def decode(source: Source, data: bytes, observed: int) -> Decoded:
    """Records of one block; `observed` is our clock in microseconds. The collector rests meanwhile: it would look at every record again and again."""
    done = Decoded()
    reader = reader_of(source.name)
    with resting():
        reader(source, data, done, observed)
    return done


def too_broken(records: int, done: Decoded) -> bool:
    """More than a fifth of a file malformed, or all of a short one: then the file is probably not what it was said to be."""
    broken = len(done.malformed)
    whole = records + broken + sum(done.other.values())
    return broken > MOST_MALFORMED * max(whole, 1) and (whole >= FEW or broken == whole)


def sniff(place: str, head: bytes) -> str:
    """The source of a file by its name and first bytes. Raises `Invalid` where it cannot be told."""
    suffix = Path(place.removesuffix(".gz")).suffix.casefold()
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    by_suffix = {".csv": "csv", ".tsv": "csv", ".eml": "mail", ".mbox": "mail", ".rss": "feed", ".atom": "feed",
                 ".xml": "feed", ".car": "firehose", ".cbor": "firehose"}  # fmt: skip
    if suffix in by_suffix:
        return by_suffix[suffix]
    marks = (
        (b'"time_us"', "jetstream"), (b"activitystreams", "as2"), (b'"id_str"', "x"), (b'"author_id":', "x"),
        (b'"spoiler_text"', "mastodon"), (b'"acct"', "mastodon"), (b"event: ", "mastodon"), (b'"payload"', "mastodon"),
    )  # fmt: skip
    for mark, name in marks:
        if mark in head:
            return name
    if start[:1] in {b"{", b"["}:
        return "jsonl"
    if head[:2] in plainrows.UTF_16:
        raise Invalid(f"{place} is written in UTF-16.", field="files", repair="Save it in UTF-8.")
    raise Invalid(
        f"{place}: its kind cannot be told.",
        field="source",
        repair=f"Say --source, one of {', '.join(s for s in SOURCES if s != 'imap')}.",
    )


def of_lines(data: bytes, name: str) -> bool:
    """Whether each line stands for itself."""
    whole = data[:1] == b"[" or b"\nevent:" in data[:4096] or data.startswith(b"event:")
    return name in BY_LINE and not whole


def split(data: bytes, name: str, size: int = BLOCK) -> Iterator[tuple[int, bytes]]:
    """Blocks of a file with the number of the line before each; only streams of lines can be cut."""
    if not of_lines(data, name):
        yield 0, data
        return
    at = line = 0
    while at < len(data):
        end = (
            len(data)
            if at + size >= len(data)
            else data.rfind(b"\n", at, at + size) + 1 or len(data)
        )
        yield line, data[at:end]
        line += data.count(b"\n", at, end)
        at = end
