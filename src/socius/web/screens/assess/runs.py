"""Running a wave: plan, open, links, close, notes, disputes, agreed actions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from socius.activity.models import Installation
from socius.assess.actions import (
    accept_dispute,
    add_note,
    agree_action,
    close_assessment,
    invite,
    open_assessment,
    plan_assessment,
)
from socius.assess.models import Assessment
from socius.assess.reports.evidence import backed, otherwise
from socius.assess.reports.waves import taken_part, wave
from socius.engine.assessment.coherence import RULES
from socius.engine.assessment.questionnaire import FORMS, questionnaire
from socius.kit.errors import Invalid
from socius.organisation.models import Person, Unit
from socius.web.pages import acting, complain, dressed, say
from socius.web.screens.assess.views import may_run

WEEKS = 3
SHARES = frozenset({"q04", "q19", "q29.score", "q31", "q41.in_time"})  # own values in per cent


class NewForm(forms.Form):
    """A wave to be."""

    name = forms.CharField(label="Name", max_length=200, help_text="Such as: Spring 2027")
    form = forms.ChoiceField(label="Questions", choices=())
    opens = forms.DateField(label="Opens on", widget=forms.DateInput(attrs={"type": "date"}))
    closes = forms.DateField(
        label="Last day for answers", widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = [questionnaire(version) for version in FORMS]
        self.fields["form"].choices = [  # type: ignore[attr-defined]
            (q.id, f"{q.name}: {len(q.items)} questions, about {q.minutes} minutes") for q in known
        ]
        dressed(self)


class ActionForm(forms.Form):
    """What was agreed about a gap."""

    item = forms.CharField(max_length=20)
    text = forms.CharField(max_length=500)
    owner = forms.ModelChoiceField(Person.objects.filter(disabled_at=None))
    due = forms.DateField()


def new(request: HttpRequest) -> HttpResponse:
    """Plans a wave."""
    actor = acting(request)
    today = actor.day
    first = {"opens": today, "closes": today + timedelta(weeks=WEEKS)}
    form = NewForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = plan_assessment(
                Unit.objects.get(kind="organisation"),
                name=said["name"],
                form=said["form"],
                opens=datetime.combine(said["opens"], time(), Installation.objects.zone()),
                closes=datetime.combine(
                    said["closes"] + timedelta(days=1), time(), Installation.objects.zone()
                ),
                actor=actor,
            )
        except Invalid as error:
            complain(form, error)
        else:
            return redirect("assess_run", pk=made.pk)
    status = 422 if form.errors else 200
    return render(request, "assess/new.html", {"form": form}, status=status)


def run(request: HttpRequest, pk: int, links_made: tuple[str, ...] = ()) -> HttpResponse:
    """State of a wave, its links, who took part."""
    actor = acting(request)
    found = wave(pk, actor)
    form = questionnaire(found.form)
    auto = found.frozen.get("auto", {})
    others = otherwise(found)
    people = Person.objects.filter(disabled_at=None).order_by("name")
    part = taken_part(found)
    page = {
        "wave": found,
        "part": part,
        "waiting": part.links - part.submitted,
        "form": form,
        "takes": found.takes_answers(actor.at),
        "links": links_made,
        "notes": found.notes.select_related("written_by").order_by("-written_at"),
        "auto": [
            {"key": key, "text": form.item(key.partition(".")[0]).text, "share": key in SHARES, **row, "accepted": found.accepted.get(key), "others": others[key]}
            for key, row in auto.items()
            if key.partition(".")[0] in {i.id for i in form.items}
        ],
        "may_run": may_run(actor, found),
        "waivable": [("q44", form.item("q44").text), *((r.id, r.question) for r in RULES)] if not found.short else [(r.id, r.question) for r in RULES],
        "waived": waived(found),
        "people": people[:300],
        "backed": backed(found),
    }  # fmt: skip
    return render(request, "assess/run.html", page)


def waived(found: Assessment) -> list[dict[str, Any]]:
    """What does not count in a wave; of one that was entered from a file the file says why."""
    rules = (found.frozen.get("platform") or {}).get("waived") or {}
    rows = {**found.not_applicable, **rules}
    return [
        {"what": what, **(row if isinstance(row, dict) else {"reason": row})}
        for what, row in rows.items()
    ]


def address(request: HttpRequest, token: str) -> str:
    """The link that is handed out."""
    return request.build_absolute_uri(reverse("rate", args=[token]))


@require_POST
def open_wave(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a wave; a shared link is shown this once."""
    actor = acting(request)
    shared = bool(request.POST.get("shared"))
    token = open_assessment(wave(pk, actor), actor=actor, shared_link=shared)
    say(request, "The wave is open." if token else "The wave is open. Make links and send them.")
    return run(request, pk, (address(request, token),)) if token else redirect("assess_run", pk=pk)


@require_POST
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes personal links and shows them this once."""
    actor = acting(request)
    number = request.POST.get("number", "")
    if not number.isdecimal():
        raise Invalid(f"{number!r} is no number of links.", field="number")
    tokens = invite(wave(pk, actor), int(number), actor=actor)
    return run(request, pk, tuple(address(request, token) for token in tokens))


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes a wave and shows its result."""
    actor = acting(request)
    close_assessment(wave(pk, actor), actor=actor)
    say(request, "The wave is closed. This is its result.")
    return redirect("assess_wave", pk=pk)


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """An interviewer's note."""
    actor = acting(request)
    post = request.POST
    # An address as it was copied, or the token alone.
    token = post.get("link", "").strip().rstrip("/").rpartition("/")[2]
    add_note(wave(pk, actor), post.get("item", ""), text=post.get("text", ""), token=token, actor=actor)  # fmt: skip
    say(request, "The note is kept, marked as a note.")
    return redirect("assess_run", pk=pk)


@require_POST
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets the raters' value go before the platform's."""
    actor = acting(request)
    key, reason = request.POST.get("key", ""), request.POST.get("reason", "")
    accept_dispute(wave(pk, actor), key, reason=reason, actor=actor)
    say(request, "The raters' value counts now; the platform's stays visible.")
    return redirect("assess_run", pk=pk)


@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """One action for a gap."""
    actor = acting(request)
    form = ActionForm(request.POST)
    if not form.is_valid():
        field, texts = next(iter(form.errors.items()))
        raise Invalid(f"{field}: {texts[0]}", field=field, repair="Say what, who and by when.")
    said = form.cleaned_data
    owner = get_object_or_404(Person, pk=said["owner"].pk)
    agree_action(wave(pk, actor), said["item"], text=said["text"], owner=owner, due=said["due"], actor=actor)  # fmt: skip
    say(request, "Agreed, with an owner and a date.")
    return redirect("assess_gaps", pk=pk)
