"""What the forms of the wizard say about a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.http import QueryDict

from socius.measure.actions import Said


class Column(Protocol):
    """A header of the file with what it is read as."""

    @property
    def header(self) -> str: ...
    @property
    def field(self) -> str: ...


def said(before: Mapping[str, Any], form: QueryDict, columns: Sequence[Column]) -> Said:
    """What was said before, with what this form changes: each form of the page holds one part."""
    now = Said(**before)
    part = form.get("part", "")
    mapping, answers = dict(now.mapping), dict(now.answers)
    complete, confirm, reason = now.complete, now.confirm_shrink, now.reason
    if part == "kind":
        mapping, answers, confirm = {}, {}, False
    elif part == "mapping":
        mapping = mapped(form, columns, mapping)
    elif part == "answers":
        answers |= {
            name.removeprefix("answer:"): str(value)
            for name, value in form.items()
            if name.startswith("answer:") and value
        }
    elif part == "complete":
        complete, confirm = form.get("complete") == "yes", False
    elif part == "shrink":
        confirm, reason = True, form.get("reason", "")
    return Said(mapping, answers, complete, confirm, reason)


def mapped(form: QueryDict, columns: Sequence[Column], before: Mapping[str, str]) -> dict[str, str]:
    """Header -> field for every column that the form reads otherwise than we did, and those mapped before."""
    found = {}
    for place, column in enumerate(columns):
        chosen = form.get(f"map:{place}", column.field)
        if chosen != column.field or column.header in before:
            found[column.header] = chosen
    return found
