"""Rows of any origin: CSV, JSON lines, surveys, reviews, webhooks. A mapping says which column is which field."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from socius.connectors.calendar_order import Order, brought, order_in
from socius.connectors.streams.record import Record, Unreadable, moment, snowflake
from socius.kit.errors import Invalid

NAMES = {
    "remote_id": ("remote_id", "id", "tweet_id", "post_id", "message_id", "response_id", "review_id", "guid"),
    "created_at": ("created_at", "timestamp", "date", "time", "datetime", "published", "tweet_created"),
    "text": ("text", "content", "message", "body", "comment", "review"),
    "author_handle": ("author_handle", "author", "user", "username", "name"),
    "author_id": ("author_id", "user_id"),
    "network": ("network", "platform", "source"),
    "channel": ("channel",),
    "kind": ("kind",),
    "op": ("op",),
    "lang_declared": ("lang_declared", "lang", "language"),
    "reply_to": ("reply_to", "in_reply_to"),
    "answer": ("answer", "score", "rating"),
    "question": ("question",),
    "likes": ("likes",),
    "reposts": ("reposts", "shares"),
    "replies": ("replies", "comments"),
    "account": ("account",),
    "edited_at": ("edited_at", "updated_at"),
}  # fmt: skip
# `--map words=author` means the field whose usual name that is.
ALIASES = {name: field for field, names in NAMES.items() for name in names if name not in NAMES}
UTF_16 = {b"\xff\xfe", b"\xfe\xff"}
YEAR_LAST = re.compile(rb"\d{1,2}[-/.]\d{1,2}[-/.]\d\d")
NON_SOCIAL = {"survey", "store", "call"}


def mapping_of(
    columns: list[str], said: Mapping[str, str], place: str, *, table: bool
) -> dict[str, str]:
    """Field -> column: what was said, else columns by their usual names. Raises `Invalid` where a table has none for id or time."""
    said = {column: ALIASES.get(field, field) for column, field in said.items()}
    unknown = [c for c in said if c not in columns] or [f for f in said.values() if f not in NAMES]
    if unknown:
        raise Invalid(
            f"{place}: --map names {unknown[0]!r}, which is neither a column nor a field.",
            field="map",
            repair=f"Columns are {', '.join(columns)}; fields are {', '.join(NAMES)}.",
        )
    folded = {c.strip().casefold(): c for c in reversed(columns)}
    found = {f: folded[n] for f, names in NAMES.items() for n in reversed(names) if n in folded}
    found.update({field: column for column, field in said.items()})
    for field in ("remote_id", "created_at") if table else ():
        if field not in found:
            raise Invalid(
                f"{place}: no column holds `{field}`.",
                field=field,
                repair=f"Name it with --map COLUMN={field}. Columns are {', '.join(columns)}.",
            )
    return found


def number(value: Any) -> int | None:
    """A count, None where it is missing."""
    return int(float(value)) if value not in (None, "") else None


def written(value: Any, name: str) -> str:
    """A value as text; empty where it is missing. Raises `Unreadable` for what is neither a text nor a number."""
    if isinstance(value, bool | list | dict):
        raise Unreadable(f"`{name}` is {type(value).__name__}, not text.")
    return "" if value is None else str(value)


def row_record(
    row: Mapping[str, Any], columns: Mapping[str, str], scale: tuple[float, float], default: str,
    order: str = "",
) -> Record:  # fmt: skip
    """A row as an incoming record. `scale` is the lowest and highest answer, brought to 0..100; `order` which number of a date is the month."""

    def get(name: str) -> Any:
        return row.get(columns[name]) if name in columns else None

    def words(name: str) -> str:
        return written(get(name), name)

    network = (words("network") or default or "web").strip().casefold()
    made = Record(
        network=network, remote_id=words("remote_id").strip(), channel=words("channel") or network,
        op=words("op") or "create", kind=words("kind") or ("survey" if network in NON_SOCIAL else "post"),
        text=words("text"), author_handle=words("author_handle"),
        author_id=words("author_id") or words("author_handle"),
        lang_declared=words("lang_declared") or None, reply_to=words("reply_to") or None,
        question=words("question") or None, likes=number(get("likes")), reposts=number(get("reposts")),
        replies=number(get("replies")), account=words("account") or None,
    )  # fmt: skip
    if network == "x":
        # The id holds the exact time; columns of such files often lack their zone.
        made.created_at = snowflake(made.remote_id)
    if made.created_at is None and get("created_at") not in (None, ""):
        made.created_at = moment(dated(get("created_at"), order))
    if get("edited_at"):
        made.edited_at = moment(dated(get("edited_at"), order))
    if get("answer") not in (None, ""):
        made.answer = rescaled(float(get("answer")), scale)
    sound(made)
    return made


def dated(value: Any, order: str) -> Any:
    """A time with its year first."""
    return brought(value.strip(), order) if order and isinstance(value, str) else value


def rescaled(answer: float, scale: tuple[float, float]) -> float:
    """An answer on its scale as 0..100."""
    low, high = scale
    if not low <= answer <= high:
        raise Unreadable(f"The answer {answer:g} lies outside {low:g} to {high:g}.")
    return 100 * (answer - low) / (high - low)


def sound(made: Record) -> None:
    """Raises `Unreadable` for a row that says nothing."""
    if made.op not in {"create", "update", "delete"}:
        raise Unreadable(f"The op {made.op!r} is none of create, update, delete.")
    if not made.text and made.answer is None and made.op != "delete":
        raise Unreadable("It has neither text nor answer.")


def decoded(data: bytes, place: str) -> str:
    """The text of a table: UTF-8, UTF-16 by its mark, else Windows-1252. Raises `Invalid` for what is no text."""
    try:
        if data[:2] in UTF_16:
            return data.decode("utf-16")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise Invalid(f"{place} is no text in UTF-8.", repair="Save it as CSV in UTF-8.")
    return text


def table(data: bytes, place: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of a CSV with the line on which each ends; the delimiter is found in its first lines."""
    text = decoded(data, place)
    delimiter = max(",;\t|", key=text[:4096].split("\n", 1)[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    if not reader.fieldnames:
        raise Invalid(
            f"{place} is empty.", repair="It needs a header row and a row for each record."
        )
    twice = [name for name in reader.fieldnames if name and reader.fieldnames.count(name) > 1]
    if twice:
        raise Invalid(
            f"{place}: the column {twice[0]!r} stands there twice.", repair="Rename or remove one."
        )
    for row in reader:
        if None in row or None in row.values():
            yield reader.line_num, {}
        else:
            yield reader.line_num, {str(k): v for k, v in row.items()}


def with_dates(data: bytes, place: str, pairs: Mapping[str, str], said: str, skip: bool) -> Order:
    """How the times of a table are to be read. `pairs` is field -> column; `skip` where ids hold the time."""
    if skip or not YEAR_LAST.search(data if data[:2] not in UTF_16 else data.replace(b"\0", b"")):
        return Order()
    column = pairs["created_at"]
    cells = ((line, str(row.get(column) or "").strip()) for line, row in table(data, place))
    return order_in(place, column, cells, said)
