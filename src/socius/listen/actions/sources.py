"""Sources: added, paused, resumed. An address leads out of the house, so it takes the Right that connects accounts."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from socius.activity.actions import record
from socius.connectors.streams.live import checked_address
from socius.kit.errors import Conflict, Invalid
from socius.listen.models import KINDS, PAUSED, WAITING, Source
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit


@asks("account.connect")
@transaction.atomic
def add_source(unit: Unit, *, actor: Actor, name: str, kind: str, address: str) -> Source:
    """Adds a stream; the worker begins to collect it."""
    require(actor, "account.connect", unit)
    if kind not in KINDS:
        raise Invalid(f"{kind!r} is no kind of stream.", field="kind", repair=f"Use one of {', '.join(KINDS)}.")  # fmt: skip
    checked_address(address, loopback=settings.LISTEN_LOOPBACK)
    source = Source.objects.create(
        unit=unit, name=name.strip() or kind, kind=kind, address=address, created_at=actor.at
    )
    record(actor, "source_added", f"source:{source.pk}", unit=unit.pk, content={"address": address})
    return source


@asks("account.connect")
@transaction.atomic
def pause_source(source: Source, *, actor: Actor) -> Source:
    """Stops collecting; the time until it is resumed is a gap unless the network can tell it again."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    require(actor, "account.connect", source)
    if source.paused:
        raise Conflict("This source is paused already.")
    source.paused, source.state = True, PAUSED
    source.save(update_fields=["paused", "state"])
    record(actor, "source_paused", f"source:{source.pk}", unit=source.unit_id)
    return source


@asks("account.connect")
@transaction.atomic
def resume_source(source: Source, *, actor: Actor) -> Source:
    """Collects again, from where it stopped if the network can tell that."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    require(actor, "account.connect", source)
    if not source.paused:
        raise Conflict("This source is not paused.")
    source.paused, source.state = False, WAITING
    source.save(update_fields=["paused", "state"])
    record(actor, "source_resumed", f"source:{source.pk}", unit=source.unit_id)
    return source


@asks("account.connect")
@transaction.atomic
def edit_source(source: Source, *, actor: Actor, name: str, address: str) -> Source:
    """Changes name or address. Another address is another stream: it is read from its present on."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    require(actor, "account.connect", source)
    if not name.strip():
        raise Invalid("The source has no name.", field="name", repair="Give it one.")
    if address != source.address:
        checked_address(address, loopback=settings.LISTEN_LOOPBACK)
        source.cursor = ""
    before = {"name": source.name, "address": source.address}
    source.name, source.address = name.strip(), address
    source.save(update_fields=["name", "address", "cursor"])
    record(actor, "source_edited", f"source:{source.pk}", unit=source.unit_id, content={"before": before})  # fmt: skip
    return source
