"""What several screens share: who acts, dates and numbers of the query, pages by cursor, messages with an undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import CheckboxSelectMultiple, ChoiceField, Form
from django.http import HttpRequest, QueryDict
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from socius.kit.errors import Invalid, NotFound
from socius.organisation.models import Actor, Person

SIZE = 50

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


def names(actors: Iterable[str]) -> dict[str, str]:
    """Who acted, in words: a person by name; a process as the ledger writes it."""
    kept = set(actors)
    people = Person.objects.in_bulk(
        [int(one[7:]) for one in kept if one.startswith("person:") and one[7:].isdecimal()]
    )
    said = {f"person:{number}": str(person) for number, person in people.items()}
    return {one: said.get(one, one) for one in kept}


def query(request: HttpRequest, **changed: object) -> str:
    """The query of this page with some parts changed; None takes a part out, and the cursor goes whenever another part changes."""
    params: QueryDict = request.GET.copy()
    for gone in ("after", "open"):
        params.pop(gone, None)
    for name, value in changed.items():
        params.pop(name, None)
        if value not in (None, ""):
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


def acting(request: HttpRequest) -> Actor:
    """Who acts; the middleware has seen to it that there is somebody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def number(request: HttpRequest, name: str) -> int:
    """A number of the query; 0 where it is left out."""
    text = request.GET.get(name, "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Invalid(f"{text!r} is no number of an object.", field=name)
    return int(text or 0)


def found(rows: QuerySet[Row], pk: int, what: str) -> Row:
    """The row of this number, or NotFound: none is there, or none that the actor may know of."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound(f"There is no {what} {pk} here that you may see.")
    return row


@dataclass(frozen=True)
class Stretch:
    """A page of a list whose order no column holds: the numbers of its rows, and where the neighbours start."""

    ids: list[int]
    total: int
    first: int
    last: int
    previous: str
    following: str


def stretch_of(request: HttpRequest, ids: Sequence[int], *, size: int = SIZE) -> Stretch:
    """The rows behind the cursor `after`, the number of the last row of the page before."""
    after = number(request, "after")
    start = ids.index(after) + 1 if after in ids else 0
    shown = list(ids[start : start + size])
    end = start + len(shown)
    before = start - size
    return Stretch(
        shown,
        len(ids),
        start + 1 if shown else 0,
        end,
        (query(request, after=ids[before - 1]) if before > 0 else query(request)) if start else "",
        query(request, after=shown[-1]) if end < len(ids) else "",
    )


@dataclass(frozen=True)
class Chip:
    """A filter that is on, in words, with the address without it."""

    say: str
    href: str


@dataclass(frozen=True)
class Column:
    """A column's head: sorts when it is clicked."""

    name: str
    label: str
    href: str
    state: str  # ascending, descending, none
    numeric: bool = False


def columns(
    request: HttpRequest, order: str, heads: Iterable[tuple[str, str, bool]]
) -> list[Column]:
    """Heads of a sortable table; the one that is sorted by turns round."""
    made = []
    for name, label, numeric in heads:
        state = {name: "ascending", f"-{name}": "descending"}.get(order, "none")
        first = f"-{name}" if numeric else name
        turned = name if order == f"-{name}" else f"-{name}"
        href = query(request, sort=first if state == "none" else turned)
        made.append(Column(name, label, href, state, numeric))
    return made


def say(request: HttpRequest, text: str, undo: str = "") -> None:
    """Tells what was done; `undo` is the address that takes it back with a POST."""
    if not undo:
        messages.success(request, text)
        return
    form = '{} <form method="post" action="{}" class="undo"><input type="hidden" name="csrfmiddlewaretoken" value="{}"><button class="btn btn-sm" type="submit">Undo</button></form>'
    messages.success(request, format_html(form, text, undo, get_token(request)))


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where a form came from, when that is a page of ours."""
    back = request.POST.get("back") or request.GET.get("back") or ""
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return back if ours and back.startswith("/") else otherwise


def complain(form: Form, error: Invalid) -> None:
    """Puts an error beside the field that it is about."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def dressed(form: Form) -> None:
    """Gives the fields of a form the look of the others."""
    for field in form.fields.values():
        if isinstance(field.widget, CheckboxSelectMultiple):
            continue
        kind = "form-select" if isinstance(field, ChoiceField) else "form-control"
        field.widget.attrs.setdefault("class", kind)
