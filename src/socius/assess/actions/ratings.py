"""What a rater does: the token of the link is the capability, and it opens one rating. The ledger gets no name and no answer."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from socius.activity.actions import record
from socius.assess.models import Answer, Assessment, Rating
from socius.engine.assessment.answers import item_at, read_item, written
from socius.engine.assessment.place import Place
from socius.engine.assessment.questionnaire import MISSING, questionnaire
from socius.kit.errors import Invalid, NotFound, Refused
from socius.organisation.models import Unit

LONGEST_TEXT = 4000
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Rater:
    """Who acts: the rating itself. `origin` is the door."""

    rating: Rating
    origin: str
    at: datetime

    @property
    def ref(self) -> str:
        """How the ledger names the actor."""
        return self.rating.ref


@dataclass(frozen=True)
class Said:
    """What was said to one item; `value` as files hold it, `missing` where there is none."""

    value: Any = None
    missing: str = ""
    evidence: str = ""
    note: str = ""


def digest(token: str) -> bytes:
    """What is kept of a link; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def fresh_token() -> str:
    """The secret part of a link."""
    return secrets.token_urlsafe(32)


def rater_of(token: str, *, origin: str, at: datetime) -> Rater:
    """The rating that a link opens; NotFound for every other token, whatever it opens elsewhere."""
    row = (
        Rating.objects.select_related("assessment", "unit")
        .filter(token_sha256=digest(token))
        .first()
    )
    if row is None:
        raise NotFound("This link opens nothing here. Ask whoever sent it for another.")
    return Rater(row, origin, at)


def take_part(token: str, *, origin: str, at: datetime) -> str:
    """The token of a rating of one's own, made from the open link of a wave."""
    with transaction.atomic():
        wave = Assessment.objects.filter(open_sha256=digest(token)).first()
        if wave is None:
            raise NotFound("This link opens nothing here. Ask whoever sent it for another.")
        ensure_open(wave, at)
        made = fresh_token()
        Rating.objects.create(assessment=wave, token_sha256=digest(made))
    return made


def ensure_open(wave: Assessment, at: datetime) -> None:
    """Raises `Refused` outside the dates of the wave, by the clock of the server."""
    if wave.takes_answers(at):
        return
    when = (
        f"It opens on {wave.opens:%Y-%m-%d}."
        if at < wave.opens
        else f"It closed on {min(wave.closes, wave.closed_at or wave.closes):%Y-%m-%d}."
    )
    raise Refused(
        f"{wave.name} takes no answers now. {when}", right="answer", node=f"assessment:{wave.pk}"
    )


def held(rater: Rater) -> Rating:
    """The rating, locked, if its wave takes answers."""
    row = Rating.objects.select_for_update(of=("self",)).select_related("assessment")
    rating = row.get(pk=rater.rating.pk)
    ensure_open(rating.assessment, rater.at)
    return rating


def introduce(rater: Rater, *, role: str, unit: Unit | None) -> Rating:
    """Role and unit of the rater; needed before anything is answered."""
    with transaction.atomic():
        rating = held(rater)
        form = questionnaire(rating.assessment.form)
        if role not in form.roles:
            raise Invalid("Say in which role you answer.", field="role", repair=f"One of {', '.join(form.roles)}.")  # fmt: skip
        first = rating.edited_at is None
        rating.role, rating.unit, rating.edited_at = role, unit, rater.at
        rating.save(update_fields=["role", "unit", "edited_at"])
        if first:
            record(rater, "rating_begun", f"assessment:{rating.assessment_id}")
    return rating


def answer(rater: Rater, item: str, said: Said) -> Answer:
    """Keeps what was said to one item; the same item again replaces it."""
    with transaction.atomic():
        rating = held(rater)
        if not rating.role:
            raise Invalid("Say first in which role you answer.", field="role")
        form = questionnaire(rating.assessment.form)
        found = item_at(form, item, Place(None, item))
        if said.missing and said.missing not in MISSING:
            raise Invalid(f"{said.missing!r} is no reason.", field=item)
        if len(said.note) > LONGEST_NOTE:
            raise Invalid(f"The note is longer than {LONGEST_NOTE} characters.", field=item)
        if said.evidence and not said.evidence.startswith(("https://", "http://")):
            raise Invalid("Evidence is the address of a page.", field=item, repair="It begins with https://.")  # fmt: skip
        values: dict[str, Any] = {}
        if not said.missing:
            read_item(found, Place(said.value, item), values, {})
        row, _ = Answer.objects.update_or_create(
            rating=rating,
            item=item,
            defaults={
                "value": written(found, values),
                "missing": said.missing,
                "evidence": said.evidence,
                "note": said.note,
            },
        )
        rating.edited_at = rater.at
        rating.save(update_fields=["edited_at"])
    return row


def unsay(rater: Rater, item: str) -> bool:
    """Takes back what was said to one item; whether there was anything."""
    with transaction.atomic():
        rating = held(rater)
        gone, _ = rating.answers.filter(item=item).delete()
        if gone:
            rating.edited_at = rater.at
            rating.save(update_fields=["edited_at"])
    return bool(gone)


def submit(rater: Rater, *, works: str = "", fails: str = "", next_wave: bool = False) -> Rating:
    """Hands the rating in; until the wave closes it can be changed and handed in again."""
    with transaction.atomic():
        rating = held(rater)
        if not rating.role:
            raise Invalid("Say first in which role you answer.", field="role")
        if not rating.answers.exists():
            raise Invalid("Nothing is answered yet.", repair="Answer at least one question.")
        if max(len(works), len(fails)) > LONGEST_TEXT:
            raise Invalid(f"A text is longer than {LONGEST_TEXT} characters.", field="works")
        again = rating.submitted_at is not None
        rating.works, rating.fails, rating.next_wave = works, fails, next_wave
        rating.submitted_at = rating.edited_at = rater.at
        rating.save(update_fields=["works", "fails", "next_wave", "submitted_at", "edited_at"])
        verb = "rating_changed" if again else "rating_submitted"
        record(rater, verb, f"assessment:{rating.assessment_id}")
    return rating
