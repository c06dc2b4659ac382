"""Units as a dated tree, people, grants, tokens."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from socius.activity.models import Installation

LONGEST_NAME = 300


@lru_cache(10_000)  # files say the same few names over and over
def fold(name: str) -> str:
    """A name as it is compared: NFC, spaces collapsed, case folded."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@dataclass(frozen=True)
class Actor:
    """Who acts, through which door, when. Every action takes one."""

    person: Person
    origin: str  # web, api, cli, console, worker, import, demo
    at: datetime
    # The Rights that a token carries; None: all that the person holds.
    token_rights: frozenset[str] | None = None

    @property
    def ref(self) -> str:
        """How the ledger names the actor."""
        return f"person:{self.person.pk}"

    @cached_property
    def day(self) -> date:
        """The day of the instant where the organisation is."""
        return Installation.objects.day(self.at)


class People(BaseUserManager["Person"]):
    """Finds people by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").casefold())


class Units(models.QuerySet["Unit"]):
    """Sentences about many Units."""

    def named(self, name: str) -> Units:
        """The Unit of this key, alias or external id; none, or exactly one."""
        by_alias = self.filter(names__folded=fold(name)[:LONGEST_NAME])
        return by_alias if by_alias.exists() else self.filter(external_id=name.strip())

    def index(self) -> dict[str, Unit]:
        """Every name a file may use, folded -> its Unit: keys and aliases first, then external ids."""
        units = {unit.pk: unit for unit in self.select_related(None).order_by()}
        found = {fold(unit.external_id): unit for unit in units.values() if unit.external_id}
        names = UnitName.objects.values_list("folded", "unit_id")
        found.update({folded: units[key] for folded, key in names if key in units})
        return found

    def within(self, unit: Unit) -> Units:
        """The Unit and all below it, today."""
        return self.filter(ancestors__ancestor=unit)


class Unit(models.Model):
    """A hub or spoke of the organisation; the root is the organisation itself."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, default="spoke")  # organisation, hub, spoke
    external_id = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - unique where known
    language = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    # Half-open: `valid_until` is the first day on which the Unit is no more.
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    # Columns of an imported file that nothing here understands.
    extra = models.JSONField(default=dict)
    # The import run whose undo ended this Unit; a later file that names it opens it again.
    undone_run = models.BigIntegerField(null=True)

    objects = Units.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            # One installation serves one organisation, so the tree has one root.
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind="organisation"), name="one_root"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit_id(self) -> int:
        """The Unit that owns this object: itself."""
        return int(self.pk)


class UnitName(models.Model):
    """A name by which files and people call a Unit: its key, or an alias. One name means one Unit."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField(max_length=LONGEST_NAME)
    folded = models.CharField(max_length=LONGEST_NAME, unique=True)
    is_key = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class UnitPlacement(models.Model):
    """Below which parent a Unit stood from one day to another, so that yesterday's tree can be asked; null: open."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    placed_from = models.DateField(null=True)
    placed_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(placed_until=None), name="one_open_placement"
            )
        ]


class UnitClosure(models.Model):
    """Today's tree as pairs (ancestor, Unit), each Unit its own ancestor: a list filter is one indexed predicate."""

    ancestor = models.ForeignKey(Unit, models.CASCADE, related_name="descendants")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="ancestors")
    depth = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "unit"], name="one_closure_a_pair")
        ]


class Person(AbstractBaseUser):
    """A human who may act; two logins of one human are linked to one person."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="people")
    disabled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    linked_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="logins")
    extra = models.JSONField(default=dict)
    # The import run whose undo disabled this person; a later file that names them lets them in again.
    undone_run = models.BigIntegerField(null=True)

    USERNAME_FIELD = "email"
    objects = People()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's word for: not disabled."""
        return self.disabled_at is None

    @property
    def human(self) -> int:
        """The person whom all linked logins share."""
        return int(self.linked_to_id or self.pk)


if TYPE_CHECKING:
    TextOfAny = models.TextField[Any, Any]
else:
    TextOfAny = models.TextField  # Django's fields take no type arguments at run time


class RightsText(TextOfAny):
    """A set of Rights as text, each between commas, so that SQL can ask for one of them on both databases."""

    # For the type checker alone: what may be assigned.
    _pyi_private_set_type: Any

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        # A migration must not import our code.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", list(args), kwargs

    def from_db_value(self, value: str | None, *_: object) -> frozenset[str] | None:
        return None if value is None else frozenset(filter(None, value.split(",")))

    def get_prep_value(self, value: Iterable[str] | str | None) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return f",{','.join(sorted(value))},"


def running(at: datetime) -> models.Q:
    """Rows that have begun and not ended; half-open."""
    return models.Q(starts__lte=at) & (models.Q(until=None) | models.Q(until__gt=at))


class Grants(models.QuerySet["Grant"]):
    """Sentences about many grants."""

    def active(self, at: datetime) -> Grants:
        """Begun and not ended."""
        return self.filter(running(at))


class Shares(models.QuerySet["NodeShare"]):
    """Sentences about many shares."""

    def active(self, at: datetime) -> Shares:
        """Begun and not ended."""
        return self.filter(running(at))


class Grant(models.Model):
    """Rights given to, or kept from, a person at a node. Never edited: it ends, and another begins.

    The node is a pair without foreign key: what a grant may name lies in packages above this one.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    # A ready role by reference, or the Rights themselves.
    role = models.CharField(max_length=40, blank=True)
    rights = RightsText()
    node_kind = models.CharField(max_length=20)
    node_id = models.BigIntegerField()
    deny = models.BooleanField(default=False)
    conditions = models.JSONField(default=dict)
    starts = models.DateTimeField()
    until = models.DateTimeField(null=True)
    # Null: what the holder effectively holds, or what the role names.
    may_give = RightsText(null=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500)
    origin = models.CharField(max_length=20, default="manual")
    run = models.BigIntegerField(null=True)

    objects = Grants.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="grant_by_person"),
            models.Index(fields=["node_kind", "node_id"], name="grant_by_node"),
        ]


class ProposedGrant(models.Model):
    """A role that a file names for a person and that its importer may not give; somebody who may decides."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="proposals")
    role = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)
    run = models.BigIntegerField(null=True)
    line = models.BigIntegerField(null=True)
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    # Null once decided: declined, or taken back with its import.
    grant = models.ForeignKey(Grant, models.PROTECT, null=True, related_name="+")


class NodeShare(models.Model):
    """An account (or another node) opened to a second Unit: exactly these Rights, for those who hold them there."""

    node_kind = models.CharField(max_length=20)
    node_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shares")
    rights = RightsText()
    starts = models.DateTimeField()
    until = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)

    objects = Shares.as_manager()

    class Meta:
        indexes = [models.Index(fields=["node_kind", "node_id"], name="share_by_node")]


class Token(models.Model):
    """What a program shows instead of a password; only its SHA-256 is kept."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    # The first characters, so that a person can tell two tokens apart.
    prefix = models.CharField(max_length=20)
    sha256 = models.BinaryField(max_length=32, unique=True)
    rights = RightsText()
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    def valid(self, at: datetime) -> bool:
        """Neither revoked nor past its end."""
        return self.revoked_at is None and self.made_at <= at < self.until


class RightsEpoch(models.Model):
    """One row that changes in the same transaction as any grant, Unit or person: compiled Rights of another stamp are void.

    The stamp is random beside the count, so that one taken back by a rollback never comes again with other content.
    """

    count = models.BigIntegerField(default=0)
    stamp = models.CharField(max_length=32)


def within_dates(on: date, begin: date | None, end: date | None) -> bool:
    """Half-open; null is open."""
    return (begin is None or begin <= on) and (end is None or on < end)
