"""Lists as files: CSV that no spreadsheet takes for formulas, Parquet with types."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from socius.kit.child import ask
from socius.kit.errors import Invalid
from socius.strategy.reports import spreadsheet

MOST_ROWS = 200_000  # of a Parquet file that is made while somebody waits
SECONDS = 60
# The first that fits: a truth is an int in Python, an instant a date.
KINDS: tuple[tuple[type, str], ...] = (
    (bool, "truth"),
    (int, "whole"),
    (float, "number"),
    (Decimal, "decimal"),
    (datetime, "instant"),
    (date, "day"),
    (list, "list"),
    (tuple, "list"),
)


def as_file(
    request: HttpRequest, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """The rows as CSV, or as Parquet where the query says `format=parquet`."""
    wanted = request.GET.get("format", "csv")
    if wanted == "parquet":
        return as_parquet(name, columns, rows)
    if wanted != "csv":
        raise Invalid(
            f"There is no format {wanted!r}.", field="format", repair="Use csv or parquet."
        )
    return as_csv(name, columns, rows)


def as_csv(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A download that is made while it goes out; no spreadsheet takes a cell of it for a formula."""
    response = StreamingHttpResponse(
        spreadsheet(columns, rows), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_parquet(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The same with the types of the cells. Raises Invalid beyond MOST_ROWS rows."""
    held = list(islice(rows, MOST_ROWS + 1))
    if len(held) > MOST_ROWS:
        raise Invalid(
            f"The list has more than {MOST_ROWS:,} rows, too many for a Parquet file made while you wait.",
            field="format",
            repair="Filter the list, or take the CSV, which has no such limit.",
        )
    kinds = [kind_of([row[at] for row in held]) for at in range(len(columns))]
    lines = [json.dumps([cell(v, k) for v, k in zip(row, kinds, strict=True)]) for row in held]
    found = ask(
        "socius.stores.parquet",
        {"columns": list(zip(columns, kinds, strict=True))},
        {"rows": "\n".join(lines).encode()},
        seconds=SECONDS,
    )
    response = HttpResponse(
        base64.b64decode(found["file"]), content_type="application/vnd.apache.parquet"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.parquet"'
    return response


def kind_of(values: Sequence[Any]) -> str:
    """The kind of a column: that of its cells where they are of one, else text."""
    kinds = {
        next((k for t, k in KINDS if isinstance(v, t)), "text") for v in values if v is not None
    }
    return kinds.pop() if len(kinds) == 1 else "text"


def cell(value: Any, kind: str) -> Any:
    """A cell as JSON carries it."""
    if value is None or kind in {"truth", "whole", "number"}:
        return value
    if kind == "list":
        return [str(one) for one in value]
    return value.isoformat() if kind in {"day", "instant"} else str(value)
