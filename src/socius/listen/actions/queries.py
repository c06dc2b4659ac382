"""Queries: made, edited into a new version, archived, restored."""

from __future__ import annotations

from django.db import transaction

from socius.activity.actions import record
from socius.engine.query.parser import parse
from socius.kit.errors import Conflict, Invalid
from socius.listen.models import Query, QueryVersion
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit


def check(name: str, text: str) -> None:
    """Raises `Invalid` where a query has no name or cannot be read, with the place of the first error."""
    if not name.strip():
        raise Invalid("The query has no name.", field="name", repair="Say what it listens for.")
    wrong = parse(text).errors
    if wrong:
        first = wrong[0]
        raise Invalid(
            f"Line {first.line}, column {first.column}: {first.message}", field="text", repair="Correct it there."
        )  # fmt: skip


def versioned(query: Query, actor: Actor) -> None:
    """Keeps the text as a version."""
    QueryVersion.objects.create(
        query=query, version=query.version, text=query.text, made_at=actor.at, made_by=actor.person
    )


@asks("query.edit")
@transaction.atomic
def make_query(unit: Unit, *, actor: Actor, name: str, text: str) -> Query:
    """Makes a query; it matches what is collected from now on."""
    require(actor, "query.edit", unit)
    check(name, text)
    query = Query.objects.create(
        unit=unit, name=name.strip(), text=text, owner=actor.person, created_at=actor.at
    )
    versioned(query, actor)
    record(actor, "query_made", f"query:{query.pk}", unit=unit.pk, content={"text": text})
    return query


@asks("query.edit")
@transaction.atomic
def edit_query(query: Query, *, actor: Actor, name: str, text: str) -> Query:
    """Changes name or text. Another text is another version."""
    query = Query.objects.select_for_update().get(pk=query.pk)
    require(actor, "query.edit", query)
    check(name, text)
    if (query.name, query.text) == (name.strip(), text):
        return query
    before = {"name": query.name, "text": query.text}
    fresh = query.text != text
    query.name, query.text, query.version = name.strip(), text, query.version + fresh
    query.save()
    if fresh:
        versioned(query, actor)
    record(actor, "query_edited", f"query:{query.pk}", unit=query.unit_id, content={"before": before, "text": text})  # fmt: skip
    return query


@asks("query.edit")
@transaction.atomic
def archive_query(query: Query, *, actor: Actor) -> Query:
    """Ends a query; what it found stays."""
    query = Query.objects.select_for_update().get(pk=query.pk)
    require(actor, "query.edit", query)
    if query.archived_at:
        raise Conflict("This query is archived already.")
    query.archived_at = actor.at
    query.save(update_fields=["archived_at"])
    record(actor, "query_archived", f"query:{query.pk}", unit=query.unit_id)
    return query


@asks("query.edit")
@transaction.atomic
def restore_query(query: Query, *, actor: Actor) -> Query:
    """Lets an archived query listen again."""
    query = Query.objects.select_for_update().get(pk=query.pk)
    require(actor, "query.edit", query)
    if query.archived_at is None:
        raise Conflict("This query is not archived.")
    query.archived_at = None
    query.save(update_fields=["archived_at"])
    record(actor, "query_restored", f"query:{query.pk}", unit=query.unit_id)
    return query
