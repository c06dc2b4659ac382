"""The verbs of socius.listen."""

from __future__ import annotations

from performers import Performer, World
from socius.listen import actions
from socius.listen.models import Query, Source

ADDRESS = "wss://stream.example.org/subscribe"


def query_of(world: World) -> Query:
    return actions.make_query(world.hub, name="Parcels", text="parcel", actor=world.founder)


def source_of(world: World) -> Source:
    return actions.add_source(
        world.hub, name="Stream", kind="jetstream", address=ADDRESS, actor=world.founder
    )


def make_query(world: World):
    return lambda actor: actions.make_query(world.hub, name="New", text="tea", actor=actor)


def edit_query(world: World):
    query = query_of(world)
    return lambda actor: actions.edit_query(query, name="Parcels", text="parcel late", actor=actor)


def archive_query(world: World):
    query = query_of(world)
    return lambda actor: actions.archive_query(query, actor=actor)


def restore_query(world: World):
    query = actions.archive_query(query_of(world), actor=world.founder)
    return lambda actor: actions.restore_query(query, actor=actor)


def add_source(world: World):
    return lambda actor: actions.add_source(
        world.hub, name="Stream", kind="mastodon", address=ADDRESS, actor=actor
    )


def pause_source(world: World):
    source = source_of(world)
    return lambda actor: actions.pause_source(source, actor=actor)


def resume_source(world: World):
    source = actions.pause_source(source_of(world), actor=world.founder)
    return lambda actor: actions.resume_source(source, actor=actor)


PERFORMERS: dict[str, Performer] = {
    "make_query": make_query,
    "edit_query": edit_query,
    "archive_query": archive_query,
    "restore_query": restore_query,
    "add_source": add_source,
    "pause_source": pause_source,
    "resume_source": resume_source,
}
