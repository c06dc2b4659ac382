"""The reputation question: its wording, where it is asked, and answers from files."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Path, Query, Router, UploadedFile

from socius.api.acting import actor_of
from socius.api.finding import known, maybe
from socius.api.paging import Page, Paging, rows_page
from socius.api.shapes.listening import (
    AnswersIn,
    AnswersOut,
    IntakeOut,
    KeptOut,
    QuestionIn,
    QuestionOut,
    SurveyLinkIn,
    SurveyLinkOut,
)
from socius.api.uploads import LARGEST
from socius.api.values import Number
from socius.kit.errors import Conflict, Invalid
from socius.listen import actions
from socius.listen.actions.reputation import Wording, current_question
from socius.listen.jobs.intake import take_file
from socius.listen.models import Intake, SurveyLink
from socius.listen.models import Query as Listened
from socius.listen.models import Question as Asked
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible

TAG = "alerts"
EDIT, TAKE = "query.edit", "outcome.import"
router = Router()


def question_shape(row: Asked) -> dict[str, Any]:
    """A wording."""
    names = ("version", "text", "low", "high", "low_words", "high_words", "mix", "weights", "made_at")  # fmt: skip
    return {**{n: getattr(row, n) for n in names}, "query": row.query_id}


def link_shape(row: SurveyLink) -> dict[str, Any]:
    """Where it is asked."""
    names = ("name", "channel", "token", "hosts", "made_at", "closed_at")
    return {"id": row.pk, **{n: getattr(row, n) for n in names}}


def intake_shape(row: Intake) -> dict[str, Any]:
    """A file of answers."""
    names = ("source", "rows", "taken", "rejected", "made_at", "undone_at")
    return {"id": row.pk, "question": row.question.version, **{n: getattr(row, n) for n in names}}


def intakes() -> Any:
    """Files of answers with what their shape needs."""
    return Intake.objects.select_related("question")


@router.get("/reputation/questions", response=Page[QuestionOut])
def list_questions(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Every wording, the newest first; the first is the one that is asked."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = Asked.objects.filter(visible(actor, "analytics.view"))
    return rows_page(rows, asked, lambda found: map(question_shape, found), by="-pk")


@router.post("/reputation/questions", response=QuestionOut)
def adopt_question(request: HttpRequest, given: QuestionIn) -> dict[str, Any]:
    """Asks another wording from now on; it begins a series of its own."""
    actor = actor_of(request)
    query = maybe(Listened.objects.all(), given.query, actor, EDIT)
    wording = Wording(**{**given.dict(), "query": query})
    return question_shape(actions.adopt_question(actor=actor, wording=wording))


@router.get("/reputation/links", response=Page[SurveyLinkOut])
def list_survey_links(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Where the question can be answered without signing in, at /ask/TOKEN/."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = SurveyLink.objects.filter(visible(actor, "analytics.view"))
    return rows_page(rows, asked, lambda found: map(link_shape, found))


@router.post("/reputation/links", response=SurveyLinkOut)
def make_survey_link(request: HttpRequest, given: SurveyLinkIn) -> dict[str, Any]:
    """Makes an address at which the question can be answered on a channel."""
    row = actions.make_survey_link(actor=actor_of(request), name=given.name, channel=given.channel, hosts=given.hosts)  # fmt: skip
    return link_shape(row)


@router.post("/reputation/links/{number}/close", response=SurveyLinkOut)
def close_survey_link(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Ends a link; its answers stay."""
    actor = actor_of(request)
    row = known(SurveyLink.objects.all(), number, actor, EDIT)
    return link_shape(actions.close_survey_link(row, actor=actor))


@router.get("/reputation/answers", response=Page[IntakeOut])
def list_answer_files(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Files of answers that were taken in, the newest first."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    rows = intakes().filter(visible(actor, "analytics.view"))
    return rows_page(rows, asked, lambda found: map(intake_shape, found), by="-pk")


@router.post("/reputation/answers", response=AnswersOut)
def take_answers(
    request: HttpRequest, said: Form[AnswersIn], file: File[UploadedFile]
) -> dict[str, Any]:
    """Tries a CSV of answers out, or with `apply` takes it in; `intake` is its number then."""
    actor = actor_of(request)
    if (file.size or 0) > LARGEST:
        raise Invalid(f"The file is larger than {LARGEST >> 20} MiB.", field="file", repair="Take it in with `socius listen answers`.")  # fmt: skip
    name = (file.name or "file")[:300]
    found = take_file(name, file.read(), actor=actor, channel=said.channel, dry=not said.apply)
    return {**asdict(found), "applied": said.apply}


@router.post("/reputation/answers/{number}/undo", response=IntakeOut)
def undo_answers(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Takes the answers of a file back; it can be taken in again."""
    actor = actor_of(request)
    row = known(intakes(), number, actor, TAKE)
    actions.undo_responses(row, actor=actor)
    return intake_shape(intakes().get(pk=row.pk))


@router.post("/reputation/series", response=KeptOut)
def keep_as_series(request: HttpRequest) -> dict[str, int]:
    """Keeps the index over all channels as an outcome series that goals and effects can use."""
    actor = actor_of(request)
    new, revised = actions.keep_as_series(asked_now(actor), actor=actor)
    return {"new": new, "revised": revised}


def asked_now(actor: Actor) -> Asked:
    """The question that is asked. Raises Conflict where none is."""
    require_somewhere(actor, TAKE)
    row = current_question()
    if row is None:
        raise Conflict("No question is asked yet. Adopt one first.")
    return row
