"""Around a wave: the list of all, one entered from a file, links once more, waivers, actions that are done."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from socius.activity.models import Installation
from socius.assess import actions
from socius.assess.models import AgreedAction
from socius.assess.reports.waves import wave, waves
from socius.kit.errors import Invalid, SociusError
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Person, Unit
from socius.web.pages import acting, complain, dressed, say
from socius.web.screens.assess.runs import address, run
from socius.web.screens.assess.views import may_run

LARGEST = 4 << 20
DAYS = 21


class FileForm(forms.Form):
    """A wave that was answered elsewhere."""

    name = forms.CharField(label="Name", max_length=200, help_text="Such as: Spring 2025, on paper")
    opens = forms.DateField(
        label="First day of answers", widget=forms.DateInput(attrs={"type": "date"})
    )
    closes = forms.DateField(
        label="Last day of answers", widget=forms.DateInput(attrs={"type": "date"})
    )
    file = forms.FileField(
        label="File", help_text="JSON, as socius assess score reads it. Names of raters are not kept."
    )  # fmt: skip
    live = forms.BooleanField(
        label="Take coherence from Socius's own data of today, instead of the file's platform block",
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        dressed(self)
        self.fields["live"].widget.attrs["class"] = "form-check-input"


def listing(request: HttpRequest) -> HttpResponse:
    """Every wave, whatever its state."""
    actor = acting(request)
    require_somewhere(actor, "analytics.view")
    page = {"waves": list(waves(actor)), "may_run": may_run(actor), "at": actor.at}
    return render(request, "assess/all.html", page)


def enter(request: HttpRequest) -> HttpResponse:
    """A closed wave from a file."""
    actor = acting(request)
    require_somewhere(actor, "assessment.run")
    today = actor.day
    first = {"opens": today - timedelta(days=DAYS), "closes": today - timedelta(days=1)}
    form = FileForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        dates = actions.Dates(said["name"], start(said["opens"]), start(said["closes"], 1))
        try:
            root = Unit.objects.get(kind="organisation")
            made = actions.enter_assessment(root, dates, text=text_of(said["file"]), actor=actor, live=said["live"])  # fmt: skip
        except Invalid as error:
            complain(form, error)
        except SociusError as error:
            form.add_error("file", str(error))
        else:
            say(request, "The wave is entered. This is its result.")
            return redirect("assess_wave", pk=made.pk)
    status = 422 if form.errors else 200
    return render(request, "assess/enter.html", {"form": form}, status=status)


def start(day: date, later: int = 0) -> datetime:
    """The first instant of a day in the organisation's zone."""
    return datetime.combine(day + timedelta(days=later), time(), Installation.objects.zone())


def text_of(file: Any) -> str:
    """What the file says; Invalid where it is too large or no text."""
    if file.size > LARGEST:
        raise Invalid(f"{file.name} is larger than {LARGEST >> 20} MiB.", field="file")
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid(f"{file.name} is no text in UTF-8.", field="file") from error


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new shared link, shown this once."""
    actor = acting(request)
    token = actions.renew_link(wave(pk, actor), actor=actor)
    say(request, "This is the new shared link. The one before takes nobody in any more; ratings that were begun with it go on.")  # fmt: skip
    return run(request, pk, (address(request, token),))


@require_POST
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the gate of the internal network or a rule out, with a name and a reason."""
    actor, post = acting(request), request.POST
    found = wave(pk, actor)
    if post.get("end"):
        actions.end_waiver(found, post["end"], actor=actor)
        say(request, f"{post['end']} counts again.")
    else:
        sponsor = person(post.get("sponsor", ""), "sponsor")
        actions.waive(found, post.get("what", ""), sponsor=sponsor, reason=post.get("reason", ""), actor=actor)  # fmt: skip
        say(request, f"{post.get('what')} does not count in this wave. It stays visible with name, day and reason.")  # fmt: skip
    return redirect("assess_run", pk=pk)


def person(number: str, field: str) -> Person:
    """The person of a form."""
    if not number.isdecimal():
        raise Invalid("Say who it is.", field=field)
    return get_object_or_404(Person, pk=int(number))


@require_POST
def finish(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    """Marks an agreed action as done, with its day and who did it."""
    actor, post = acting(request), request.POST
    row = get_object_or_404(AgreedAction, pk=action, assessment=wave(pk, actor))
    try:
        day = date.fromisoformat(post.get("done_on", ""))
    except ValueError as error:
        raise Invalid("Say on which day it was done.", field="done_on") from error
    actions.finish_action(row, on=day, by=person(post.get("done_by", ""), "done_by"), actor=actor)
    say(request, "Done, with its day.")
    return redirect(reverse("assess_gaps", args=[pk]) + "#agreed")
