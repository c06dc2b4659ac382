"""The verbs of socius.listen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from performers import Performer, World
from socius.listen import actions
from socius.listen.actions.alerts import Rise, Watcher, raise_alert
from socius.listen.actions.received import Way
from socius.listen.actions.reputation import Given, Wording
from socius.listen.actions.rings import suspect_rings
from socius.listen.models import Alert, Intake, Query, Ring, Source

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


def edit_source(world: World):
    source = source_of(world)
    return lambda actor: actions.edit_source(source, name="Other", address=ADDRESS, actor=actor)


def pause_source(world: World):
    source = source_of(world)
    return lambda actor: actions.pause_source(source, actor=actor)


def resume_source(world: World):
    source = actions.pause_source(source_of(world), actor=world.founder)
    return lambda actor: actions.resume_source(source, actor=actor)


def alert_of(world: World) -> Alert:
    at = world.founder.at
    rise = Rise(1, "rise", at, at, at, 1.0, 9, 0.0001, 5, 0, None, {})
    return raise_alert(query_of(world), rise, Watcher(at))[0]


def acknowledge_alert(world: World):
    alert = alert_of(world)
    return lambda actor: actions.acknowledge_alert(alert, actor=actor)


def hand_alert(world: World):
    alert = actions.acknowledge_alert(alert_of(world), actor=world.founder)
    return lambda actor: actions.hand_alert(alert, actor=actor, to=world.founder.person)


def note_alert(world: World):
    alert = alert_of(world)
    return lambda actor: actions.note_alert(alert, actor=actor, text="Looked at it.")


def close_alert(world: World):
    alert = alert_of(world)
    return lambda actor: actions.close_alert(alert, actor=actor, verdict="real")


def set_alerting(world: World):
    return lambda actor: actions.set_alerting(actor=actor, budget=2.0, minutes=(60, 30, 10))


def set_threshold(world: World):
    query = query_of(world)
    return lambda actor: actions.set_threshold(query, actor=actor, per_hour=20)


WORDING = Wording("How far do we meet your needs?")


def adopt_question(world: World):
    return lambda actor: actions.adopt_question(actor=actor, wording=WORDING)


def make_survey_link(world: World):
    return lambda actor: actions.make_survey_link(actor=actor, name="Shop", channel="shop")


def close_survey_link(world: World):
    link = actions.make_survey_link(actor=world.founder, name="Shop", channel="shop")
    return lambda actor: actions.close_survey_link(link, actor=actor)


def take_responses(world: World):
    actions.adopt_question(actor=world.founder, wording=WORDING)
    rows = [(2, Given(world.at, "call", 5.0))]
    return lambda actor: actions.take_responses(rows, actor=actor, source="calls.csv", dry=False)


def undo_responses(world: World):
    actions.adopt_question(actor=world.founder, wording=WORDING)
    rows = [(2, Given(world.at, "call", 5.0))]
    actions.take_responses(rows, actor=world.founder, source="calls.csv", dry=False)
    intake = Intake.objects.get()
    return lambda actor: actions.undo_responses(intake, actor=actor)


def keep_as_series(world: World):
    question = actions.adopt_question(actor=world.founder, wording=WORDING)
    return lambda actor: actions.keep_as_series(question, actor=actor)


def stretch(world: World) -> dict[str, Any]:
    day = timedelta(days=1)
    return {"since": world.at - day, "until": world.at, "full": True, "reason": "Told so"}


def declare_coverage(world: World):
    source = source_of(world)
    return lambda actor: actions.declare_coverage(source, actor=actor, **stretch(world))


def withdraw_coverage(world: World):
    word = actions.declare_coverage(source_of(world), actor=world.founder, **stretch(world))
    return lambda actor: actions.withdraw_coverage(word, actor=actor)


def decide_ring(world: World):
    told = {"members": ["a", "b"], "moments": 9, "texts": 3, "needed": 3}
    suspect_rings([told], Watcher(world.at))
    ring = Ring.objects.get()
    return lambda actor: actions.decide_ring(ring, actor=actor, state="cleared", reason="A choir")


def receive_mentions(world: World):
    row = {"id": "1", "created_at": "2026-02-01T10:00:00Z", "text": "Hello"}
    return lambda actor: actions.receive_mentions([row], actor=actor, way=Way())


PERFORMERS: dict[str, Performer] = {
    "make_query": make_query,
    "edit_query": edit_query,
    "archive_query": archive_query,
    "restore_query": restore_query,
    "add_source": add_source,
    "edit_source": edit_source,
    "pause_source": pause_source,
    "resume_source": resume_source,
    "receive_mentions": receive_mentions,
    "acknowledge_alert": acknowledge_alert,
    "hand_alert": hand_alert,
    "note_alert": note_alert,
    "close_alert": close_alert,
    "set_alerting": set_alerting,
    "set_threshold": set_threshold,
    "adopt_question": adopt_question,
    "make_survey_link": make_survey_link,
    "close_survey_link": close_survey_link,
    "take_responses": take_responses,
    "undo_responses": undo_responses,
    "decide_ring": decide_ring,
    "declare_coverage": declare_coverage,
    "withdraw_coverage": withdraw_coverage,
    "keep_as_series": keep_as_series,
}
