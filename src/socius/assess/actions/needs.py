"""What the organisation says of its needs, and which preset it works with."""

from __future__ import annotations

from django.db import transaction

from socius.activity.actions import record
from socius.assess.models import NeedAnswer, Preset
from socius.engine.needs import BY_KEY, LEVELS
from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit


def known(use_case: str) -> str:
    """The use case as it was given; Invalid where it is none."""
    if use_case not in BY_KEY:
        raise Invalid(
            f"{use_case!r} is none of the five needs.",
            field="use_case",
            repair=f"Use one of {', '.join(BY_KEY)}.",
        )
    return use_case


@asks("assessment.run")
@transaction.atomic
def answer_need(
    unit: Unit, *, actor: Actor, use_case: str, level: int, note: str = ""
) -> NeedAnswer:
    """Says how strong a need is, from 0 to 4; what the data show stays beside it."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(actor, "assessment.run", unit)
    if not 0 <= level < len(LEVELS):
        raise Invalid(f"{level} is no level.", field="level", repair="Give 0 to 4.")
    rows = NeedAnswer.objects.filter(unit=unit, use_case=known(use_case), known_until=None)
    standing = rows.first()
    if standing and (standing.level, standing.note) == (level, note):
        return standing
    rows.update(known_until=micros(actor.at))
    made = NeedAnswer(
        known_from=micros(actor.at), unit=unit, use_case=use_case, level=level, note=note[:500]
    )
    made.save(force_insert=True)
    content = {"need": use_case, "level": level}
    record(actor, "need_answered", f"unit:{unit.pk}", unit=unit.pk, content=content)
    return made


@asks("assessment.run")
@transaction.atomic
def choose_preset(unit: Unit, *, actor: Actor, use_case: str) -> Preset | None:
    """Names the screens of one need first ('' for none). Nothing is hidden by it."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(actor, "assessment.run", unit)
    Preset.objects.filter(unit=unit, known_until=None).update(known_until=micros(actor.at))
    made = None
    if use_case:
        made = Preset(known_from=micros(actor.at), unit=unit, use_case=known(use_case))
        made.save(force_insert=True)
    record(
        actor,
        "preset_chosen",
        f"unit:{unit.pk}",
        unit=unit.pk,
        content={"need": use_case or "none"},
    )
    return made
