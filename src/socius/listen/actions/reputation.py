"""The reputation question: asked in one wording everywhere, answered by link or taken in from files, and kept as a series."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db import transaction

from socius.activity.actions import record
from socius.kit.errors import Conflict, Invalid, NotFound
from socius.listen.models import Intake, Query, Question, Reckoning, Response, Standing, SurveyLink
from socius.listen.names import keyed
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit
from socius.strategy.actions import load_values, set_series
from socius.strategy.actions.series import Point

CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,39}")
SERIES = "reputation-all-channels"
MOST_FINDINGS = 50


class Wording(NamedTuple):
    """What is asked and how its answers are weighed."""

    text: str
    low: int = 1
    high: int = 7
    low_words: str = "not at all"
    high_words: str = "fully"
    mix: Mapping[str, float] = {}
    weights: Mapping[str, float] = {}
    query: Query | None = None


class Given(NamedTuple):
    """One answer on the scale of the question."""

    at: datetime
    channel: str
    value: float
    segment: str = ""
    author: str = ""
    number: str = ""  # its id where it came from


@dataclass
class Taken:
    """What became of a file of answers."""

    rows: int = 0
    taken: int = 0
    known: int = 0
    rejected: int = 0
    intake: int | None = None  # its number, by which it can be taken back
    findings: list[dict[str, Any]] = field(default_factory=list)

    def reject(self, line: int, say: str) -> None:
        """Counts a row that cannot be taken."""
        self.rejected += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append({"line": line, "say": say})


def current_question() -> Question | None:
    """The newest version."""
    return Question.objects.select_related("query").first()


def shares(name: str, given: Mapping[str, float]) -> dict[str, float]:
    """Shares brought to sum to 1. Raises Invalid where they cannot be."""
    total = sum(given.values())
    if given and (min(given.values()) < 0 or total <= 0):
        raise Invalid("The shares do not sum to anything.", field=name, repair="Give numbers of 0 or more.")  # fmt: skip
    return {key: value / total for key, value in given.items()}


@asks("query.edit")
@transaction.atomic
def adopt_question(*, actor: Actor, wording: Wording) -> Question:
    """Makes a wording the one that is asked from now on; it begins a series of its own."""
    require(actor, "query.edit", None)
    if not wording.text.strip():
        raise Invalid("The question has no words.", field="text", repair="Write what is asked.")
    if not wording.low < wording.high or wording.high - wording.low > 10:
        raise Invalid(f"A scale from {wording.low} to {wording.high} cannot be shown.", field="high", repair="Use 2 to 11 steps, such as 1 to 7.")  # fmt: skip
    mix, weights = shares("mix", wording.mix), shares("weights", wording.weights)
    for name in weights:
        channel_of(name)
    last = Question.objects.select_for_update().first()
    root = Unit.objects.get(kind="organisation")
    said = wording._asdict() | {"mix": mix, "weights": weights, "text": wording.text.strip()}
    row = Question.objects.create(version=last.version + 1 if last else 1, unit=root, made_at=actor.at, made_by=actor.person, **said)  # fmt: skip
    record(actor, "question_adopted", f"question:{row.pk}", unit=root.pk, content={"text": row.text, "mix": mix, "weights": weights})  # fmt: skip
    return row


def channel_of(text: str) -> str:
    """A channel's name. Raises Invalid where it is none."""
    name = text.strip().casefold()
    if not CHANNEL.fullmatch(name):
        raise Invalid(f"{text!r} is no name of a channel.", field="channel", repair="Use small letters, digits and dashes, such as call-centre.")  # fmt: skip
    return name


def origin_of(text: str) -> str:
    """An origin that may frame the question. Raises Invalid where it is none."""
    parts = urlsplit(text.strip())
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.path.strip("/") or parts.query or not re.fullmatch(r"[a-z0-9.:-]+", parts.netloc):  # fmt: skip
        raise Invalid(f"{text!r} is no origin.", field="hosts", repair="Write https://shop.example.org.")  # fmt: skip
    return f"{parts.scheme}://{parts.netloc}"


@asks("query.edit")
@transaction.atomic
def make_survey_link(*, actor: Actor, name: str, channel: str, hosts: Iterable[str] = ()) -> SurveyLink:  # fmt: skip
    """Makes an address at which the question can be answered on a channel; `hosts` may show it within their pages."""
    require(actor, "query.edit", None)
    root = Unit.objects.get(kind="organisation")
    row = SurveyLink.objects.create(
        name=name.strip() or channel, channel=channel_of(channel), token=secrets.token_urlsafe(16),
        hosts=sorted({origin_of(h) for h in hosts}), unit=root, made_at=actor.at,
    )  # fmt: skip
    record(actor, "survey_link_made", f"survey_link:{row.pk}", unit=root.pk, content={"channel": row.channel, "hosts": row.hosts})  # fmt: skip
    return row


@asks("query.edit")
@transaction.atomic
def close_survey_link(link: SurveyLink, *, actor: Actor) -> SurveyLink:
    """Ends a link; its answers stay. Raises Conflict where it is closed already."""
    link = SurveyLink.objects.select_for_update().get(pk=link.pk)
    require(actor, "query.edit", link)
    if link.closed_at:
        raise Conflict("This link is closed already.")
    link.closed_at = actor.at
    link.save(update_fields=["closed_at"])
    record(actor, "survey_link_closed", f"survey_link:{link.pk}", unit=link.unit_id)
    return link


def link_of(token: str) -> tuple[SurveyLink, Question]:
    """The link of a token and what it asks. Raises NotFound where it opens nothing (any more)."""
    link = SurveyLink.objects.filter(token=token, closed_at=None).first()
    question = current_question()
    if link is None or question is None:
        raise NotFound("This question is not asked (any more).")
    return link, question


def respond(token: str, *, value: int, segment: str, respondent: str, at: datetime) -> Response:
    """Keeps an answer that was given by link. Somebody with a code of their own answers once a day; a later answer takes its place."""
    link, question = link_of(token)
    if not question.low <= value <= question.high:
        raise Invalid(f"{value} is not on the scale.", field="value", repair=f"Choose {question.low} to {question.high}.")  # fmt: skip
    if question.mix and segment not in question.mix:
        raise Invalid("Say which of these you are.", field="segment", repair="Choose one.")
    author = keyed(f"{link.pk}/{respondent}") if respondent else ""
    key = keyed(f"{link.pk}/{author}/{at.date()}") if author else secrets.token_hex(16)
    made = {
        "channel": link.channel, "at": at, "day": at.date(), "value": scaled(question, value),
        "segment": segment, "author": author, "source": f"link:{link.pk}",
    }  # fmt: skip
    return Response.objects.update_or_create(question=question, key=key, defaults=made)[0]


def scaled(question: Question, value: float) -> float:
    """A value of the scale as 0 to 100."""
    return 100.0 * (value - question.low) / (question.high - question.low)


@asks("outcome.import")
@transaction.atomic
def take_responses(rows: Iterable[tuple[int, Given | str]], *, actor: Actor, source: str, dry: bool) -> Taken:  # fmt: skip
    """Takes answers of a file: (line, answer or why it is none). One that is known is left; a dry run takes nothing and counts the same."""
    require(actor, "outcome.import", None)
    question = current_question()
    if question is None:
        raise Conflict("No question is asked yet. Adopt one first.")
    found, made = Taken(), dict[str, Response]()
    for line, one in rows:
        found.rows += 1
        say = one if isinstance(one, str) else wrong(question, one)
        if say or isinstance(one, str):
            found.reject(line, say)
            continue
        row = response_of(question, one, source)
        made.setdefault(row.key, row)
    held = set(Response.objects.filter(question=question).values_list("key", flat=True))
    fresh = [row for key, row in made.items() if key not in held]
    found.taken, found.known = len(fresh), found.rows - found.rejected - len(fresh)
    if not dry:
        found.intake = kept(question, fresh, found, source, actor)
        about = {"source": source, "rows": found.rows, "taken": found.taken, "rejected": found.rejected}  # fmt: skip
        record(actor, "responses_taken", f"question:{question.pk}", unit=question.unit_id, content=about)  # fmt: skip
    return found


def kept(question: Question, fresh: list[Response], found: Taken, source: str, actor: Actor) -> int | None:  # fmt: skip
    """Writes the new answers of a file under a number; None where none is new."""
    if not fresh:
        return None
    row = Intake.objects.create(
        question=question, unit=question.unit, source=source[:40], rows=found.rows, taken=len(fresh),
        rejected=found.rejected, made_at=actor.at, made_by=actor.person,
    )  # fmt: skip
    for one in fresh:
        one.intake = row
    Response.objects.bulk_create(fresh, batch_size=1000)
    return row.pk


@asks("outcome.import")
@transaction.atomic
def undo_responses(intake: Intake, *, actor: Actor) -> int:
    """Takes the answers of a file back; how many went. The file can be taken in again. Raises Conflict where that was done already."""
    intake = Intake.objects.select_for_update().get(pk=intake.pk)
    require(actor, "outcome.import", intake)
    if intake.undone_at:
        raise Conflict("These answers were taken back already.")
    gone = Response.objects.filter(intake=intake).delete()[0]
    intake.undone_at, intake.undone_by = actor.at, actor.person
    intake.save(update_fields=["undone_at", "undone_by"])
    record(actor, "responses_undone", f"intake:{intake.pk}", unit=intake.unit_id, content={"source": intake.source, "removed": gone})  # fmt: skip
    return gone


def wrong(question: Question, one: Given) -> str:
    """Why an answer cannot be taken; empty where it can."""
    if not question.low <= one.value <= question.high:
        return f"{one.value:g} is not between {question.low} and {question.high}."
    if not CHANNEL.fullmatch(one.channel):
        return f"{one.channel!r} is no name of a channel."
    if question.mix and one.segment not in question.mix:
        return f"The segment {one.segment!r} has no share in the mix."
    return ""


def response_of(question: Question, one: Given, source: str) -> Response:
    """An answer as a row. Without an id of its own it is named by all that it says."""
    author = keyed(one.author) if one.author else ""
    name = one.number or f"{one.at.isoformat()}/{one.value}/{one.segment}/{one.author}"
    return Response(
        question=question, channel=one.channel, at=one.at, day=one.at.date(), value=scaled(question, one.value),
        segment=one.segment, author=author, source=source[:40], key=keyed(f"{one.channel}/{name}"),
    )  # fmt: skip


@transaction.atomic
def keep_standings(question: Question, rows: Iterable[Standing], *, said: Mapping[str, Any], mark: str, at: datetime) -> int:  # fmt: skip
    """What the worker worked out takes the place of what stood before."""
    Standing.objects.filter(question=question).delete()
    made = Standing.objects.bulk_create(rows, batch_size=1000)
    Reckoning.objects.update_or_create(question=question, defaults={"made_at": at, "mark": mark, "said": dict(said)})  # fmt: skip
    return len(made)


@asks("outcome.import")
@transaction.atomic
def keep_as_series(question: Question, *, actor: Actor) -> tuple[int, int]:
    """Writes the index over all channels as values of an outcome series, which goals and effects can use; (new, revised)."""
    require(actor, "outcome.import", question)
    series, _ = set_series(
        question.unit, actor=actor, key=f"{SERIES}-{question.version}", name=f"Reputation, all channels (question {question.version})",
        measure_unit="points of 100", source="Socius survey of all channels",
        why="People say how far we meet their needs; it is asked daily on every channel.", stated="outcome",
    )  # fmt: skip
    days = question.standings.filter(channel="", index__isnull=False).order_by("day")
    points = [Point(s.day, Decimal(str(round(s.index or 0.0, 3)))) for s in days]
    done = load_values(series, points=points, actor=actor) if points else []
    return done.count("created"), done.count("updated")
