"""Answers that are handed on as a report made them, so that they equal what the command line prints."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse


def plain(value: Any) -> Any:
    """How values that JSON lacks are written."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def as_it_is(data: Any) -> HttpResponse:
    """The JSON of a report."""
    text = json.dumps(data, default=plain, ensure_ascii=False)
    return HttpResponse(text, content_type="application/json; charset=utf-8")
