"""What whoever runs an assessment does: plan, open, invite, close, and what is agreed afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from socius.activity.actions import record
from socius.assess.actions.ratings import digest, fresh_token
from socius.assess.models import (
    CLOSED,
    DRAFT,
    OPEN,
    AgreedAction,
    Assessment,
    InterviewNote,
    Rating,
)
from socius.assess.reports.platform import own_values, platform_facts
from socius.assess.reports.waves import computed
from socius.engine.assessment.coherence import RULES
from socius.engine.assessment.facts_reading import as_block
from socius.engine.assessment.gates import NEWEST
from socius.engine.assessment.questionnaire import questionnaire
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Person, Unit

MOST_LINKS = 500
STAGE_GAP = "stage"
DAY = timedelta(days=1)  # zones differ from UTC by less


def node(wave: Assessment) -> str:
    """How the ledger names a wave."""
    return f"assessment:{wave.pk}"


def locked(wave: Assessment, *states: str) -> Assessment:
    """The wave, locked, if it is in one of the states."""
    row = Assessment.objects.select_for_update(of=("self",)).select_related("unit").get(pk=wave.pk)
    if row.state not in states:
        raise Conflict(f"{row.name} is {row.state}; this needs it {' or '.join(states)}.")
    return row


@asks("assessment.run")
def plan_assessment(
    unit: Unit, *, name: str, form: str, opens: datetime, closes: datetime, actor: Actor
) -> Assessment:
    """A wave with its dates; nobody can answer before it is opened."""
    with transaction.atomic():
        require(actor, "assessment.run", unit)
        if not name.strip():
            raise Invalid("Give the wave a name.", field="name")
        if closes <= opens:
            raise Invalid("It closes before it opens.", field="closes", repair="Give a later end.")
        wave = Assessment.objects.create(
            name=name.strip(),
            form=questionnaire(form).id,
            gates=NEWEST,
            opens=opens,
            closes=closes,
            unit=unit,
            created_at=actor.at,
        )
        record(actor, "assessment_planned", node(wave), unit=unit.pk, content={"name": wave.name, "form": form})  # fmt: skip
    return wave


@asks("assessment.run")
def open_assessment(wave: Assessment, *, actor: Actor, shared_link: bool = False) -> str:
    """Opens a wave. With a shared link everybody who gets it takes a rating of their own; returns its token, once."""
    with transaction.atomic():
        wave = locked(wave, DRAFT)
        require(actor, "assessment.run", wave.unit)
        token = fresh_token() if shared_link else ""
        wave.state = OPEN
        wave.open_sha256 = digest(token) if token else None
        # Shown to raters with their date; closing takes them again.
        wave.frozen = {"auto": own_values(actor, wave.unit)}
        wave.save(update_fields=["state", "open_sha256", "frozen"])
        record(actor, "assessment_opened", node(wave), unit=wave.unit_id)
    return token


@asks("assessment.run")
def renew_link(wave: Assessment, *, actor: Actor) -> str:
    """A new shared link, whose token is returned this once; the one before takes nobody in any more, ratings made with it stay."""
    with transaction.atomic():
        wave = locked(wave, OPEN)
        require(actor, "assessment.run", wave.unit)
        token = fresh_token()
        wave.open_sha256 = digest(token)
        wave.save(update_fields=["open_sha256"])
        record(actor, "shared_link_renewed", node(wave), unit=wave.unit_id)
    return token


@asks("assessment.run")
def invite(wave: Assessment, number: int, *, actor: Actor) -> list[str]:
    """So many personal links; their tokens are returned this once and only their hashes are kept."""
    with transaction.atomic():
        wave = locked(wave, DRAFT, OPEN)
        require(actor, "assessment.run", wave.unit)
        if not 1 <= number <= MOST_LINKS:
            raise Invalid(f"{number} links cannot be made at once.", field="number", repair=f"Ask for 1 to {MOST_LINKS}.")  # fmt: skip
        tokens = [fresh_token() for _ in range(number)]
        Rating.objects.bulk_create(
            Rating(assessment=wave, token_sha256=digest(token)) for token in tokens
        )
        record(actor, "raters_invited", node(wave), unit=wave.unit_id, content={"links": number})
    return tokens


@asks("assessment.run")
def close_assessment(wave: Assessment, *, actor: Actor) -> Assessment:
    """Closes a wave and computes its result from what the platform holds at this instant."""
    with transaction.atomic():
        wave = locked(wave, OPEN)
        require(actor, "assessment.run", wave.unit)
        if not wave.ratings.exclude(submitted_at=None).exists():
            raise Conflict(f"Nobody has handed in an answer to {wave.name}. Invite people first.")
        wave.state, wave.closed_at = CLOSED, actor.at
        wave.frozen = {
            "auto": own_values(actor, wave.unit),
            "platform": as_block(platform_facts(actor, wave.unit)),
        }
        wave.result = computed(wave)
        wave.save(update_fields=["state", "closed_at", "frozen", "result"])
        content = {"stage": wave.result["stage"], "raters": wave.result["raters"]}
        record(actor, "assessment_closed", node(wave), unit=wave.unit_id, content=content)
    return wave


@asks("assessment.run")
def accept_dispute(wave: Assessment, key: str, *, reason: str, actor: Actor) -> Assessment:
    """Lets the raters' value of an item go before the platform's; the platform's stays visible."""
    with transaction.atomic():
        wave = locked(wave, CLOSED)
        require(actor, "assessment.run", wave.unit)
        if key not in wave.frozen.get("auto", {}):
            raise Invalid(f"{key} has no value of the platform's own.", field="key")
        if not reason.strip():
            raise Invalid("Say why the platform's value is wrong.", field="reason")
        wave.accepted = {**wave.accepted, key: reason.strip()}
        wave.result = computed(wave)
        wave.save(update_fields=["accepted", "result"])
        record(actor, "dispute_accepted", node(wave), unit=wave.unit_id, content={"key": key, "reason": reason})  # fmt: skip
    return wave


@asks("assessment.run")
def add_note(
    wave: Assessment, item: str, *, text: str, actor: Actor, token: str = ""
) -> InterviewNote:
    """An interviewer's note beside an item; with the token of a rater's link beside that rater's answer."""
    with transaction.atomic():
        wave = locked(wave, DRAFT, OPEN, CLOSED)
        require(actor, "assessment.run", wave.unit)
        known(wave, item)
        if not text.strip():
            raise Invalid("The note is empty.", field="text")
        note = InterviewNote.objects.create(
            assessment=wave,
            rating=rated(wave, token),
            item=item,
            text=text.strip(),
            written_by=actor.person,
            written_at=actor.at,
        )
        record(actor, "interview_noted", node(wave), unit=wave.unit_id, content={"item": item})
    return note


def rated(wave: Assessment, token: str) -> Rating | None:
    """The rating of this wave that a link opens; None without one. Whoever interviews has the link from the person."""
    if not token:
        return None
    found = wave.ratings.filter(token_sha256=digest(token)).first()
    if found is None:
        raise Invalid(f"This link opens no rating of {wave.name}.", field="link", repair="Copy the address from the rater's browser, or leave it out.")  # fmt: skip
    return found


def known(wave: Assessment, item: str) -> Any:
    """The item; Invalid where the form lacks it."""
    try:
        return questionnaire(wave.form).item(item.partition(".")[0])
    except KeyError as error:
        raise Invalid(f"{item} is no item of {wave.form}.", field="item") from error


@asks("assessment.run")
def agree_action(
    wave: Assessment, item: str, *, text: str, owner: Person, due: date, actor: Actor
) -> AgreedAction:
    """One action with an owner and a date for a gap; another one for the same gap replaces it.

    `item`: on which groups differ or whose gate is unmet; `stage`, what is computed against what people say; a rule, C1 to C8.
    """
    with transaction.atomic():
        wave = locked(wave, CLOSED)
        require(actor, "assessment.run", wave.unit)
        if item != STAGE_GAP and item not in {rule.id for rule in RULES}:
            known(wave, item)
        if not text.strip():
            raise Invalid("Say what will be done.", field="text")
        AgreedAction.objects.filter(assessment=wave, item=item, done_on=None).delete()
        row = AgreedAction.objects.create(
            assessment=wave, item=item, text=text.strip(), owner=owner, due=due, agreed_at=actor.at
        )
        content = {"item": item, "text": text, "owner": owner.pk, "due": due.isoformat()}
        record(actor, "action_agreed", node(wave), unit=wave.unit_id, content=content)
    return row


@asks("assessment.run")
def finish_action(
    row: AgreedAction, *, actor: Actor, on: date | None = None, by: Person | None = None
) -> AgreedAction:
    """Marks an agreed action as done: on which day (the actor's, where none is given), by whom (its owner)."""
    with transaction.atomic():
        wave = locked(row.assessment, CLOSED)
        require(actor, "assessment.run", wave.unit)
        row = AgreedAction.objects.select_for_update(of=("self",)).get(pk=row.pk)
        day = on or actor.day
        if row.done_on is not None:
            raise Conflict(f"This action was finished on {row.done_on:%Y-%m-%d}.")
        # A wave on paper is entered late, and what was agreed in it may have been done before that.
        first = min(row.agreed_at, wave.closes).date() - DAY
        if not first <= day <= actor.day + DAY:
            raise Invalid("The day lies before the agreement or in the future.", field="done_on")
        row.done_on, row.done_by = day, by or row.owner
        row.save(update_fields=["done_on", "done_by"])
        content = {"item": row.item, "on": day.isoformat(), "by": row.done_by.pk}
        record(actor, "action_done", node(wave), unit=wave.unit_id, content=content)
    return row
