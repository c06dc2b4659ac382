"""A person's word about what was collected goes before what the collector noted, with name and reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from socius.activity.actions import record
from socius.kit.errors import Conflict, Invalid
from socius.listen.models import CoverageWord, Source
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor


@asks("query.edit")
@transaction.atomic
def declare_coverage(source: Source, *, actor: Actor, since: datetime, until: datetime, full: bool, reason: str) -> CoverageWord:  # fmt: skip
    """Declares a stretch as wholly collected, or as not collected; alerts and the index go by it from now on."""
    require(actor, "query.edit", source)
    if not since < until <= actor.at:
        raise Invalid("The stretch ends before it begins, or in the future.", field="until", repair="Give a stretch of the past.")  # fmt: skip
    if not reason.strip():
        raise Invalid("There is no reason.", field="reason", repair="Say how you know.")
    word = CoverageWord.objects.create(source=source, since=since, until=until, full=full, reason=reason.strip(), by=actor.person, at=actor.at)  # fmt: skip
    about = {"since": since.isoformat(), "until": until.isoformat(), "full": full, "reason": word.reason}  # fmt: skip
    record(actor, "coverage_declared", f"source:{source.pk}", unit=source.unit_id, content=about)
    return word


@asks("query.edit")
@transaction.atomic
def withdraw_coverage(word: CoverageWord, *, actor: Actor) -> CoverageWord:
    """Takes a declaration back. Raises Conflict where that happened already."""
    word = CoverageWord.objects.select_for_update().get(pk=word.pk)
    require(actor, "query.edit", word.source)
    if word.withdrawn_at:
        raise Conflict("This declaration is withdrawn already.")
    word.withdrawn_at = actor.at
    word.save(update_fields=["withdrawn_at"])
    record(actor, "coverage_withdrawn", f"source:{word.source_id}", unit=word.source.unit_id)
    return word
