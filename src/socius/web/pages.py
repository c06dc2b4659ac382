"""What several screens share: dates of the query, pages by cursor, lists as CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict, StreamingHttpResponse

from socius.kit.errors import Invalid

SIZE = 50
RISKY = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"^[+-]?\d+(?:\.\d+)?$")

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A stretch of a list. `total` is of the whole list; `later` the query of the next page, '' on the last."""

    rows: list[Row]
    total: int
    later: str
    first: bool


def day(request: HttpRequest, name: str) -> date | None:
    """A date of the query; None where it is left out."""
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(
            f"{text!r} is no date.", field=name, repair="Write it as 2026-11-30."
        ) from error


def query(request: HttpRequest, **changed: object) -> str:
    """The query of this page with some parts changed; None takes a part out, and the cursor goes whenever another part changes."""
    params: QueryDict = request.GET.copy()
    params.pop("after", None)
    for name, value in changed.items():
        params.pop(name, None)
        if value is not None:
            params[name] = str(value)
    return "?" + params.urlencode() if params else "?"


def page_of(
    request: HttpRequest, rows: QuerySet[Row], *, by: str = "-pk", size: int = SIZE
) -> Page[Row]:
    """The page behind the cursor `after`, in the order of one unique column (`-` before it: downwards)."""
    column, down = by.lstrip("-"), by.startswith("-")
    total = rows.count()
    after = request.GET.get("after", "")
    if after and not after.isdecimal():
        raise Invalid(f"{after!r} is no place in this list.", field="after")
    part = rows.filter(**{f"{column}__{'lt' if down else 'gt'}": int(after)}) if after else rows
    found = list(part.order_by(by)[: size + 1])
    last = found[size - 1] if len(found) > size else None
    later = query(request, after=getattr(last, column)) if last is not None else ""
    return Page(found[:size], total, later, not after)


def guarded(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return "'" + text if RISKY.match(text) and not NUMBER.match(text) else text


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def as_csv(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A download that is made while it goes out."""
    writer = csv.writer(Echo(), lineterminator="\r\n")

    def lines() -> Iterator[str]:
        yield writer.writerow(columns)
        for row in rows:
            yield writer.writerow([guarded(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
