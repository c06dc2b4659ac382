"""Answering: the questions on one page, kept one by one, handed in at the end. The link is the only key."""

from __future__ import annotations

from functools import wraps
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from socius.assess.actions import Rater, Said, answer, introduce, rater_of, submit, take_part, unsay
from socius.assess.models import Assessment
from socius.assess.reports.waves import shared_wave
from socius.engine.assessment.questionnaire import LEVEL_MOST, questionnaire
from socius.kit import clock
from socius.kit.errors import Invalid, NotFound, Refused
from socius.organisation.models import Unit
from socius.web.screens.survey.questions import questions, said_in

SHOWN_FROM = 3


class View(Protocol):
    """A view of this screen."""

    def __call__(
        self, request: HttpRequest, token: str, *args: Any, **more: Any
    ) -> HttpResponse: ...


def for_raters(view: View) -> View:
    """Nothing of these pages is kept by a browser's cache or told to another site; what is closed says so."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **more: Any) -> HttpResponse:
        try:
            response = view(request, token, *args, **more)
        except Refused as refused:
            response = closed(request, token, str(refused))
        # Not stricter: a browser that hides the origin from ourselves could not hand in.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return guarded


def me(token: str) -> Rater:
    """The rater of a link."""
    return rater_of(token, origin="web", at=clock.now())


def closed(request: HttpRequest, token: str, say: str) -> HttpResponse:
    """The page of a wave that takes no answers; once it is closed, with what came out."""
    try:
        wave = me(token).rating.assessment
    except NotFound:
        wave = shared_wave(token)
    result = wave.result
    shown = result if result and result["raters"] >= SHOWN_FROM else None
    page = {"wave": wave, "say": say, "result": shown}
    return render(request, "survey/closed.html", page, status=403)


@for_raters
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The questions; a POST keeps all of them and hands in."""
    try:
        rater = me(token)
    except NotFound:
        return invited(request, token)
    if not rater.rating.assessment.takes_answers(rater.at):
        introduce(rater, role="", unit=None)  # refuses, and says when
    errors: list[str] = []
    if request.method == "POST":
        errors = take_all(request, rater)
        if not errors:
            return redirect("rate_done", token=token)
    return render(request, "survey/questions.html", page_of(rater, token, errors), status=422 if errors else 200)  # fmt: skip


def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link that is shared: it makes a rating of one's own."""
    wave: Assessment = shared_wave(token)
    if not wave.takes_answers(clock.now()):
        take_part(token, origin="web", at=clock.now())  # refuses, and says when
    return render(request, "survey/invited.html", {"wave": wave, "form": questionnaire(wave.form), "token": token})  # fmt: skip


@require_POST
@for_raters
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A rating of one's own from a shared link."""
    return redirect("rate", token=take_part(token, origin="web", at=clock.now()))


def page_of(rater: Rater, token: str, errors: list[str]) -> dict[str, Any]:
    """Everything that the page of questions shows."""
    rating = rater.rating
    rating.refresh_from_db()
    form = questionnaire(rating.assessment.form)
    own = rating.assessment.frozen.get("auto", {})
    asked = questions(form, rating.role, rating.answers.all(), own)
    return {
        "wave": rating.assessment,
        "rating": rating,
        "form": form,
        "token": token,
        "roles": form.roles,
        "units": Unit.objects.filter(valid_until=None).order_by("name"),
        "questions": asked,
        "answered": sum(one.answered for one in asked),
        "errors": errors,
        "most": LEVEL_MOST,
        "notes": rating.notes.order_by("written_at"),
    }


def take_all(request: HttpRequest, rater: Rater) -> list[str]:
    """Keeps everything that the form says, then hands in; the sentences of what could not be kept."""
    errors: list[str] = []
    try:
        presented(request, rater)
    except Invalid as error:
        return [str(error)]
    form = questionnaire(rater.rating.assessment.form)
    for item in form.asked(rater.rating.role):
        said = said_in(request.POST, item)
        try:
            said_or_taken_back(rater, item.id, said)
        except Invalid as error:
            errors.append(str(error))
    if not errors:
        works, fails = (request.POST.get(name, "").strip() for name in ("works", "fails"))
        try:
            submit(rater, works=works, fails=fails, next_wave=bool(request.POST.get("next_wave")))
        except Invalid as error:
            errors.append(str(error))
    return errors


def said_or_taken_back(rater: Rater, item: str, said: Said | None) -> None:
    """Keeps what the form says to an item; where it says nothing any more, nothing stays."""
    if said is None:
        unsay(rater, item)
    else:
        answer(rater, item, said)


def presented(request: HttpRequest, rater: Rater) -> None:
    """Role and unit, where the form gives them and they are new."""
    role = request.POST.get("role", "")
    number = request.POST.get("unit", "")
    unit = Unit.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    rating = rater.rating
    if (role, unit.pk if unit else None) != (rating.role, rating.unit_id):
        fresh = introduce(rater, role=role, unit=unit)
        rating.role, rating.unit = fresh.role, fresh.unit


@require_POST
@for_raters
def keep(request: HttpRequest, token: str, item: str) -> HttpResponse:
    """Keeps one answer as soon as it is given."""
    rater = me(token)
    form = questionnaire(rater.rating.assessment.form)
    try:
        presented(request, rater)
        if item != "role":
            said = said_in(request.POST, form.item(item))
            said_or_taken_back(rater, item, said)
    except KeyError:
        return HttpResponse("There is no such question.", status=404)
    except Invalid as error:
        return HttpResponse(str(error), status=422)
    n = rater.rating.answers.count()
    return HttpResponse(f"{n} of {len(form.asked(rater.rating.role))} kept")


@for_raters
def done(request: HttpRequest, token: str) -> HttpResponse:
    """Thank you, and how to change it."""
    rating = me(token).rating
    page = {"wave": rating.assessment, "token": token, "rating": rating}
    return render(request, "survey/done.html", page)
