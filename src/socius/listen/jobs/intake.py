"""Answers from a file of the call centre or the store: CSV with a date and a score, or the columns that somebody names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from socius.connectors.tablefile import Rows, needed, numbers, rows_of, times
from socius.kit.errors import Invalid
from socius.listen.actions.reputation import Given, Taken, channel_of, take_responses
from socius.organisation.models import Actor

FIELDS = {
    "date": ("date", "day", "created_at", "timestamp", "time", "at"),
    "score": ("score", "answer", "rating", "value"),
    "channel": ("channel", "medium"),
    "segment": ("segment",),
    "author": ("author", "respondent", "customer", "author_id"),
    "id": ("id", "response_id", "number"),
}


def mapped(request: Mapping[str, Any]) -> dict[str, str]:
    """--map COLUMN=FIELD as a mapping."""
    out = {}
    for pair in request.get("map") or ():
        column, equals, name = pair.rpartition("=")
        if not equals or not column:
            raise Invalid(f"--map {pair!r} has no `=`.", field="map", repair="Write --map COLUMN=FIELD.")  # fmt: skip
        out[column] = name
    return out


def take_file(name: str, data: bytes, *, actor: Actor, channel: str = "", said: Mapping[str, str] | None = None, dry: bool = True) -> Taken:  # fmt: skip
    """Takes the answers of a file in. `channel` names it where the file has no such column. Raises Invalid where a column is missing."""
    rows = rows_of(name, data, FIELDS, said or {})
    if not channel and "channel" not in rows.names:
        raise Invalid(f"{name} has no column channel.", field="channel", repair="Say the channel, such as call-centre.")  # fmt: skip
    fixed = channel_of(channel) if channel else ""
    return take_responses(given(rows, fixed), actor=actor, source=f"file:{name}", dry=dry)


def given(rows: Rows, channel: str) -> Iterator[tuple[int, Given | str]]:
    """Each row as an answer, or why it is none."""
    try:
        stamps, scores = times(rows, "date", "when=date"), numbers(rows, "score")
    except Invalid as error:
        # Nobody can be asked here which number is the month.
        raise Invalid(error.say, field=error.field, repair="Write dates as 2026-11-30 and scores as numbers.") from error  # fmt: skip
    needed(rows, "score", "mark=score")
    empty = [""] * len(stamps)
    parts = (rows.column(f) or empty for f in ("channel", "segment", "author", "id"))
    for (line, _), stamp, score, place, segment, author, number in zip(rows.rows, stamps, scores, *parts, strict=True):  # fmt: skip
        if score is None:
            yield line, "It has no score."
            continue
        at = datetime.fromtimestamp(stamp, UTC)
        yield line, Given(at, channel or place.casefold(), score, segment, author, number)
