"""Every verb that writes asks exactly the Right that the reviewed table says: it is performed without it, and with nothing else.

A new action needs a line in expected.csv and a performer in performers/<package>.py.
"""

from __future__ import annotations

import csv
import inspect
import pkgutil
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import performers
import pytest
from django.db import connection

import socius
from socius.engine.roles import NAMES, RIGHTS, SEE
from socius.kit.errors import Refused
from socius.organisation import actions
from socius.organisation.actions.epoch import bump
from socius.organisation.models import Actor, Grant, Person, Unit

HERE = Path(__file__).parent
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVERYTHING = frozenset(RIGHTS)
# In the table, of a verb that takes an import back: it asks what that import asked. Its performer says which, as `asked`.
OF_THE_IMPORT = "of the import"


def modules():
    """Every module of every `actions` face."""
    for package in pkgutil.iter_modules(socius.__path__):
        if package.ispkg and find_spec(f"socius.{package.name}.actions"):
            face = import_module(f"socius.{package.name}.actions")
            yield package.name, face
            for part in pkgutil.iter_modules(getattr(face, "__path__", [])):
                yield package.name, import_module(f"{face.__name__}.{part.name}")


def verbs():
    """`package.verb` -> the function: public, defined there, with the keyword `actor`."""
    found = {}
    for package, module in modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            actor = inspect.signature(function).parameters.get("actor")
            if actor is not None and actor.kind is inspect.Parameter.KEYWORD_ONLY:
                found[f"{package}.{name}"] = function
    return found


with (HERE / "expected.csv").open() as lines:
    EXPECTED = {row["verb"]: row for row in csv.DictReader(lines)}
VERBS = verbs()
PERFORMERS = performers.all_performers()


def test_the_table_lists_every_verb_and_no_other():
    assert sorted(EXPECTED) == sorted(VERBS)


def test_every_verb_has_a_performer():
    assert sorted(PERFORMERS) == sorted(VERBS)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_verb_declares_the_right_of_the_table_and_none_to_look(verb):
    declared = getattr(VERBS[verb], "right", None)
    if EXPECTED[verb]["right"] == OF_THE_IMPORT:
        assert declared is None
        return
    assert declared == EXPECTED[verb]["right"]
    assert declared in EVERYTHING - SEE


@pytest.mark.django_db
def test_the_ready_roles_hold_the_rights_of_the_table():
    world = founded()
    for key in NAMES:
        if key == "plugin":
            continue
        holder = holding(f"{key}@example.org", role=key)
        for verb, row in EXPECTED.items():
            if row["right"] == OF_THE_IMPORT:
                continue
            held = actions.allowed(holder, row["right"], world.root)
            assert ("x" if held else "") == row[key], f"{verb} by {key}"


@pytest.mark.django_db
@pytest.mark.parametrize("verb", sorted(PERFORMERS))
def test_a_verb_is_refused_without_its_right_and_done_with_nothing_else(verb):
    world = founded()
    perform = PERFORMERS[verb](world)
    right = getattr(PERFORMERS[verb], "asked", EXPECTED[verb]["right"])
    lacking = holding("lacking@example.org", rights=EVERYTHING - {right})
    only = holding("only@example.org", rights=frozenset({right}))
    before = rows()
    with pytest.raises(Refused) as refused:
        perform(lacking)
    assert refused.value.right == right
    assert rows() == before
    perform(only)
    assert rows() != before


def founded() -> performers.World:
    """A small organisation."""
    founder = actions.found("Acme", zone="UTC", email="a@example.org", password=None, at=AT)
    actor = Actor(founder, "cli", AT)
    root = Unit.objects.get(kind="organisation")
    hub = actions.create_unit(actions.NewUnit("hub", kind="hub"), root, actor=actor)
    spoke = actions.create_unit(actions.NewUnit("spoke"), hub, actor=actor)
    somebody = actions.invite_person(actions.NewPerson("s@example.org", unit=hub), actor=actor)
    return performers.World(AT, actor, root, hub, spoke, somebody)


def holding(email: str, *, role: str = "", rights: frozenset[str] = frozenset()) -> Actor:
    """Somebody who holds just this at the root; what they may pass on does not count as held."""
    person = Person.objects.create(email=email, created_at=AT)
    Grant.objects.create(
        person=person,
        role=role,
        rights=rights,
        may_give=None if role else EVERYTHING,
        node_kind="unit",
        node_id=Unit.objects.get(kind="organisation").pk,
        starts=AT,
        reason="made by a test",
    )
    bump()
    return Actor(person, "web", AT)


def rows() -> dict[str, list[str]]:
    """Everything that every table holds."""
    content = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own names
            content[table] = sorted(map(repr, cursor.fetchall()))
    return content
