"""An assessment that was made elsewhere, on paper or before Socius: a file of raters and answers becomes a closed wave."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from socius.activity.actions import record
from socius.assess.actions.ratings import digest, fresh_token
from socius.assess.models import CLOSED, Answer, Assessment, Rating
from socius.assess.reports.platform import own_values, platform_facts
from socius.assess.reports.waves import computed
from socius.engine.assessment.aggregate import Rating as Given
from socius.engine.assessment.answers import written
from socius.engine.assessment.facts_reading import as_block
from socius.engine.assessment.reading import Case, read_case
from socius.kit.errors import Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit


class Dates(NamedTuple):
    """What a file does not say: the name of the wave and between which instants people answered."""

    name: str
    opens: datetime
    closes: datetime


@asks("assessment.run")
def enter_assessment(
    unit: Unit, dates: Dates, *, text: str, actor: Actor, live: bool = False
) -> Assessment:
    """A closed wave from a file of the form that `socius assess score` reads. `live`: with the platform's facts as of now.

    Names of raters in the file are not kept.
    """
    with transaction.atomic():
        require(actor, "assessment.run", unit)
        case = read_case(text)
        if not dates.opens < dates.closes <= actor.at:
            raise Invalid("A wave that is entered has ended.", field="closes", repair="Give a past end after its beginning.")  # fmt: skip
        wave = Assessment.objects.create(
            name=dates.name,
            form=case.form.id,
            gates=case.gates,
            opens=dates.opens,
            closes=dates.closes,
            state=CLOSED,
            closed_at=dates.closes,
            accepted=dict.fromkeys(case.rules.accepted, "in the file"),
            not_applicable=dict.fromkeys(case.waived, "in the file"),
            frozen=frozen(case, unit, actor, live=live),
            unit=unit,
            created_at=actor.at,
        )
        for given in case.ratings:
            keep(wave, given, case)
        wave.result = computed(wave)
        wave.save(update_fields=["result"])
        content = {"name": wave.name, "stage": wave.result["stage"], "raters": len(case.ratings)}
        record(actor, "assessment_entered", f"assessment:{wave.pk}", unit=unit.pk, content=content)
    return wave


def frozen(case: Case, unit: Unit, actor: Actor, *, live: bool) -> dict[str, Any]:
    """Own values and facts: of the platform now, or those of the file."""
    if live:
        return {"auto": own_values(actor, unit), "platform": as_block(platform_facts(actor, unit))}
    auto = {key: {"value": value, "as_of": ""} for key, value in case.rules.auto.items()}
    return {"auto": auto, "platform": as_block(case.facts) if case.facts else None}


def keep(wave: Assessment, given: Given, case: Case) -> None:
    """One rater's answers, under no name."""
    works, fails = case.words.get(given.rater, ("", ""))
    rating = Rating.objects.create(
        assessment=wave,
        token_sha256=digest(fresh_token()),
        role=given.role,
        unit=Unit.objects.filter(name=given.unit).first() if given.unit else None,
        submitted_at=wave.closes,
        edited_at=wave.closes,
        works=works,
        fails=fails,
    )
    Answer.objects.bulk_create(answers_of(rating, given, case))


def answers_of(rating: Rating, given: Given, case: Case) -> list[Answer]:
    """The rows of what one rater said."""
    rows = []
    for item in case.form.items:
        value = written(item, dict(given.values))
        missing = given.missing.get(item.id, "")
        if value is not None or missing:
            shown = case.evidence.get((given.rater, item.id), "")
            rows.append(
                Answer(rating=rating, item=item.id, value=value, missing=missing, evidence=shown)
            )
    return rows
