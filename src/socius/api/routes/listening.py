"""Queries and sources: what is listened for, and where."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from socius.api.acting import actor_of
from socius.api.finding import known, unit
from socius.api.paging import Page, Paging, rows_page
from socius.api.shapes.listening import (
    LimitIn,
    MentionsIn,
    MentionsOut,
    QueriesAsked,
    QueryChange,
    QueryIn,
    QueryOut,
    SourceChange,
    SourceIn,
    SourceOut,
)
from socius.api.values import Number
from socius.kit.errors import Invalid
from socius.listen import actions, reports
from socius.listen.actions.received import Way
from socius.listen.models import Query as Listened
from socius.listen.models import Source
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible

TAG = "listening"
EDIT, CONNECT = "query.edit", "account.connect"
COLUMNS = ("name", "kind", "address", "state", "paused", "last_error", "last_at", "received", "stored", "duplicates", "malformed")  # fmt: skip
router = Router()


def query_shapes(rows: list[Listened]) -> list[dict[str, Any]]:
    """Queries with what they found."""
    found = dict(reports.counted(Listened.objects.filter(pk__in=[r.pk for r in rows])))
    return [
        {
            "id": r.pk, "name": r.name, "text": r.text, "version": r.version, "unit": r.unit_id, "owner": r.owner_id,
            "archived": r.archived_at is not None, "found": found.get(r, 0),
            "per_hour": r.threshold.per_hour if hasattr(r, "threshold") else None,
        }
        for r in rows
    ]  # fmt: skip


def source_shape(row: Source) -> dict[str, Any]:
    """A source."""
    return {"id": row.pk, "unit": row.unit_id, **{name: getattr(row, name) for name in COLUMNS}}


def query_of(number: int, actor: Actor) -> Listened:
    """The query that a change names."""
    return known(Listened.objects.all(), number, actor, EDIT)


def source_of(number: int, actor: Actor) -> Source:
    """The source that a change names."""
    return known(Source.objects.all(), number, actor, CONNECT)


@router.get("/queries", response=Page[QueryOut])
def list_queries(request: HttpRequest, asked: Query[QueriesAsked]) -> dict[str, Any]:
    """Queries that listen; with `archived` those that no longer do."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = Listened.objects.filter(visible(actor, "analytics.view"), archived_at__isnull=not asked.archived)  # fmt: skip
    return rows_page(rows, asked, query_shapes)


@router.post("/queries", response=QueryOut)
def make_query(request: HttpRequest, given: QueryIn) -> dict[str, Any]:
    """Makes a query; it finds what is collected from now on."""
    actor = actor_of(request)
    place = unit(given.unit, actor, EDIT)
    row = actions.make_query(place, actor=actor, name=given.name, text=given.text)
    return query_shapes([row])[0]


@router.patch("/queries/{number}", response=QueryOut)
def edit_query(request: HttpRequest, number: Path[Number], given: QueryChange) -> dict[str, Any]:
    """Changes name or text; another text is another version."""
    actor = actor_of(request)
    row = query_of(number, actor)
    name = row.name if given.name is None else given.name
    text = row.text if given.text is None else given.text
    return query_shapes([actions.edit_query(row, actor=actor, name=name, text=text)])[0]


@router.post("/queries/{number}/archive", response=QueryOut)
def archive_query(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Ends a query; what it found stays."""
    actor = actor_of(request)
    return query_shapes([actions.archive_query(query_of(number, actor), actor=actor)])[0]


@router.post("/queries/{number}/restore", response=QueryOut)
def restore_query(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Lets an archived query listen again."""
    actor = actor_of(request)
    return query_shapes([actions.restore_query(query_of(number, actor), actor=actor)])[0]


@router.put("/queries/{number}/limit", response=QueryOut)
def set_query_limit(request: HttpRequest, number: Path[Number], given: LimitIn) -> dict[str, Any]:
    """Sets the mentions in an hour at which a query alarms whatever is usual."""
    actor = actor_of(request)
    row = actions.set_threshold(query_of(number, actor), actor=actor, per_hour=given.per_hour)
    return query_shapes([row])[0]


@router.get("/sources", response=Page[SourceOut])
def list_sources(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Sources and how they stand."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = Source.objects.filter(visible(actor, "analytics.view"))
    return rows_page(rows, asked, lambda found: map(source_shape, found))


@router.post("/sources", response=SourceOut)
def add_source(request: HttpRequest, given: SourceIn) -> dict[str, Any]:
    """Adds a stream; the worker begins to collect it."""
    actor = actor_of(request)
    place = unit(given.unit, actor, CONNECT)
    row = actions.add_source(place, actor=actor, name=given.name, kind=given.kind, address=given.address)  # fmt: skip
    return source_shape(row)


@router.patch("/sources/{number}", response=SourceOut)
def edit_source(request: HttpRequest, number: Path[Number], given: SourceChange) -> dict[str, Any]:
    """Changes name or address; another address is read from its present on."""
    actor = actor_of(request)
    row = source_of(number, actor)
    name = row.name if given.name is None else given.name
    address = row.address if given.address is None else given.address
    return source_shape(actions.edit_source(row, actor=actor, name=name, address=address))


@router.post("/sources/{number}/pause", response=SourceOut)
def pause_source(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Stops collecting a source."""
    actor = actor_of(request)
    return source_shape(actions.pause_source(source_of(number, actor), actor=actor))


@router.post("/sources/{number}/resume", response=SourceOut)
def resume_source(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Collects a source again."""
    actor = actor_of(request)
    return source_shape(actions.resume_source(source_of(number, actor), actor=actor))


@router.post("/mentions", response=MentionsOut)
def receive_mentions(request: HttpRequest, given: MentionsIn) -> dict[str, Any]:
    """Takes mentions of a system of one's own (a webhook); what comes twice is stored once."""
    actor = actor_of(request)
    if not given.low < given.high:
        raise Invalid("`low` is not below `high`.", field="low", repair="Give the lowest and the highest answer, such as 1 and 5.")  # fmt: skip
    way = Way(given.map, given.network, (given.low, given.high))
    return actions.receive_mentions(given.mentions, actor=actor, way=way)._asdict()
