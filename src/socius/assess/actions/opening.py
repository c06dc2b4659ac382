"""That a sponsor opened the page made for them. Only their own signed-in visit counts; nothing is tracked by mail or pixel."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from socius.activity.actions import record
from socius.activity.models import Entry
from socius.kit.clock import micros
from socius.organisation.models import Actor, Person


def note_opening(reader: Actor, owner: str, what: str) -> bool:
    """Records that the owner of goals looked at a page about them, once in 24 hours. Whoever else looks leaves no trace.

    It asks no Right: whoever may see the page may be written down as having seen it, and only ever as themselves.
    """
    if reader.person.email.casefold() != owner.strip().casefold() or reader.origin not in (
        "web",
        "demo",
    ):
        return False
    with transaction.atomic():
        # Two tabs that open at once would otherwise both find no row.
        Person.objects.select_for_update().get(pk=reader.person.pk)
        since = micros(reader.at - timedelta(days=1))
        seen = Entry.objects.filter(actor=reader.ref, verb="page_opened", object=what, at__gt=since)
        if seen.exists():
            return False
        record(reader, "page_opened", what)
    return True
