"""Lists in pages: `next` is opaque and leads behind the last row, so that no row comes twice or is left out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import Field, StringConstraints

from socius.kit.errors import Invalid

MOST = 200
PLACE = re.compile(r"([0-9]{1,19}):([0-9]{1,12})")

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)


class Paging(Schema):
    """Which page of a list, and how long."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="Rows of a page.")] = 50
    cursor: Annotated[
        str,
        StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_-]*$"),
        Field(description="The `next` of the page before; empty: the first page."),
    ] = ""


class Page(Schema, Generic[Item]):
    """A stretch of a list. `next` is null on the last page; `total` is of the whole list."""

    items: list[Item]
    next: str | None
    total: int


def cursor_of(last: int, position: int) -> str:
    """The place behind a row."""
    return base64.urlsafe_b64encode(f"{last}:{position}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> tuple[int, int] | None:
    """The row and position that a cursor names; None at the beginning."""
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    found = PLACE.fullmatch(text)
    if found is None or int(found[1]) >= 2**63:
        raise Invalid(
            "This is no cursor of ours.",
            field="cursor",
            repair="Send the `next` of a page as it came.",
        )
    return int(found[1]), int(found[2])


def rows_page(
    rows: QuerySet[Row],
    paging: Paging,
    shape: Callable[[list[Row]], Iterable[Any]],
    *,
    by: str = "pk",
) -> dict[str, Any]:
    """A page in the order of one unique column (`-` before it: downwards)."""
    column, down = by.lstrip("-"), by.startswith("-")
    at = place_of(paging.cursor)
    part = rows.filter(**{f"{column}__{'lt' if down else 'gt'}": at[0]}) if at else rows
    found = list(part.order_by(by)[: paging.limit + 1])
    here = found[: paging.limit]
    more = len(found) > len(here)
    return {
        "items": list(shape(here)),
        "next": cursor_of(getattr(here[-1], column), 0) if more else None,
        "total": rows.count(),
    }


def ids_page(
    ids: Sequence[int], paging: Paging, shape: Callable[[list[int]], Iterable[Any]]
) -> dict[str, Any]:
    """A page of a list whose order no column holds. Where the last row is gone, the page starts at its position."""
    at = place_of(paging.cursor)
    start = 0
    if at:
        start = ids.index(at[0]) + 1 if at[0] in ids else at[1]
    here = list(ids[start : start + paging.limit])
    end = start + len(here)
    return {
        "items": list(shape(here)),
        "next": cursor_of(here[-1], end - 1) if here and end < len(ids) else None,
        "total": len(ids),
    }


def list_page(
    rows: Sequence[Item], paging: Paging, key: Callable[[Item], int], shape: Callable[[Item], Any]
) -> dict[str, Any]:
    """A page of rows that a report has brought whole."""
    by_key = {key(row): row for row in rows}
    return ids_page(list(by_key), paging, lambda keys: (shape(by_key[k]) for k in keys))
