"""What does not count in a wave, because somebody stands for it with a dated reason: the gate of the internal network, a rule of coherence."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from socius.activity.actions import record
from socius.assess.actions.waves import locked, node
from socius.assess.models import CLOSED, Assessment
from socius.assess.reports.waves import computed
from socius.engine.assessment.coherence import RULES
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Person

ITEM = "q44"
RULE_IDS = tuple(rule.id for rule in RULES)


@asks("assessment.run")
def waive(wave: Assessment, what: str, *, sponsor: Person, reason: str, actor: Actor) -> Assessment:
    """Takes q44 or a rule (C1 to C8) out of a closed wave. It stays visible with sponsor, reason and the day."""
    with transaction.atomic():
        wave = locked(wave, CLOSED)
        require(actor, "assessment.run", wave.unit)
        if not reason.strip():
            raise Invalid("Say why it does not count.", field="reason")
        if not sponsor.is_active:
            raise Invalid(f"{sponsor} is no longer here to stand for it.", field="sponsor")
        row = {"sponsor": str(sponsor), "date": actor.day.isoformat(), "reason": reason.strip()}  # fmt: skip
        put(wave, what, row)
        content = {"what": what, "sponsor": sponsor.pk, "reason": row["reason"]}
        record(actor, "assessment_waived", node(wave), unit=wave.unit_id, content=content)
    return wave


@asks("assessment.run")
def end_waiver(wave: Assessment, what: str, *, actor: Actor) -> Assessment:
    """Lets count again what was waived."""
    with transaction.atomic():
        wave = locked(wave, CLOSED)
        require(actor, "assessment.run", wave.unit)
        put(wave, what, None)
        record(actor, "waiver_ended", node(wave), unit=wave.unit_id, content={"what": what})
    return wave


def put(wave: Assessment, what: str, row: dict[str, Any] | None) -> None:
    """Writes a waiver (None: takes it away) and computes the result again."""
    if what == ITEM:
        if wave.short:
            raise Invalid(f"{wave.name} was asked with the short form, which has no {ITEM}.", field="what")  # fmt: skip
        wave.not_applicable = changed(wave.not_applicable, what, row)
    elif what in RULE_IDS:
        facts = wave.frozen.get("platform")
        if facts is None:
            raise Conflict(f"{wave.name} has no facts of the platform, so no rule counts in it.")
        waived = changed(facts.get("waived") or {}, what, row)
        wave.frozen = {**wave.frozen, "platform": {**facts, "waived": waived}}
    else:
        raise Invalid(f"{what!r} cannot be waived.", field="what", repair=f"{ITEM} or one of {', '.join(RULE_IDS)}.")  # fmt: skip
    wave.result = computed(wave)
    wave.save(update_fields=["not_applicable", "frozen", "result"])


def changed(held: dict[str, Any], what: str, row: dict[str, Any] | None) -> dict[str, Any]:
    """The waivers with one more or one less."""
    if row is None and what not in held:
        raise Conflict(f"{what} is not waived.")
    rest = {key: value for key, value in held.items() if key != what}
    return rest if row is None else {**rest, what: row}
