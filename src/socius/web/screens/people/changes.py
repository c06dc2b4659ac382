"""Changes people and their rights: each view is one action."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.activity.reports import installation
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import (
    Gift,
    NewPerson,
    accept_proposal,
    decline_proposal,
    disable_person,
    enable_person,
    end_grant,
    give_grant,
    invite_person,
    require_somewhere,
    set_password,
)
from socius.organisation.models import Grant, Person, ProposedGrant
from socius.organisation.reports import units_tree
from socius.web import pages
from socius.web.pages import acting
from socius.web.screens.people import views
from socius.web.screens.people.forms import GrantForm, InviteForm, midnight, unit_of


def invite(request: HttpRequest) -> HttpResponse:
    """A new person."""
    actor = acting(request)
    require_somewhere(actor, "person.invite")
    form = InviteForm(request.POST or None, tree=units_tree(actor.day, actor))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            new = NewPerson(given["email"], given["name"], unit_of(given["unit"]))
            person = invite_person(new, actor=actor)
        except (Invalid, Conflict) as error:
            form.add_error("email", str(error))
        else:
            messages.success(
                request, f"{person} is invited. Give a role, and set a first password to hand over."
            )
            return redirect("person", person.pk)
    return render(request, "people/invite.html", {"form": form})


@require_POST
def give(request: HttpRequest, number: int) -> HttpResponse:
    """A role or rights, at a unit, for a while."""
    actor = acting(request)
    person = pages.found(views.seen(actor), number, "person")
    form = GrantForm(request.POST, tree=units_tree(actor.day, actor))
    if form.is_valid():
        try:
            grant = give_grant(gift_of(form, person, actor.day.isoformat()), actor=actor)
        except Invalid as error:
            pages.complain(form, error)
        else:
            messages.success(
                request, f"Given (grant {grant.pk}). It holds from {grant.starts:%Y-%m-%d}."
            )
            return redirect("person", number)
    return views.person(request, number, form)


def gift_of(form: GrantForm, person: Person, today: str) -> Gift:
    """What the form says. A grant that begins today begins now."""
    given, zone = form.cleaned_data, installation().zone
    later = given["starts"] and given["starts"].isoformat() > today
    return Gift(
        person,
        unit_of(given["unit"]),
        given["reason"],
        role=given["role"],
        rights=frozenset(given["rights"]),
        deny=given["deny"],
        starts=midnight(given["starts"], zone) if later else None,
        until=midnight(given["until"], zone),
    )


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Ends a grant now."""
    actor = acting(request)
    rows = Grant.objects.filter(person__in=views.seen(actor)).select_related("person")
    grant = pages.found(rows, number, "grant")
    end_grant(grant, reason=request.POST.get("reason", ""), actor=actor)
    messages.success(request, f"The grant has ended. {grant.person} no longer holds it.")
    return redirect("person", grant.person_id)


@require_POST
def state(request: HttpRequest, number: int) -> HttpResponse:
    """Disables a person, or lets them in again."""
    actor = acting(request)
    person = pages.found(views.seen(actor), number, "person")
    change = disable_person if person.is_active else enable_person
    changed = change(person, reason=request.POST.get("reason", ""), actor=actor)
    messages.success(
        request,
        f"{changed} may sign in again."
        if changed.is_active
        else f"{changed} is shut out, with every token.",
    )
    return redirect("person", number)


@require_POST
def password(request: HttpRequest, number: int) -> HttpResponse:
    """Sets a first or a new password, to be handed over."""
    actor = acting(request)
    person = pages.found(views.seen(actor), number, "person")
    try:
        set_password(person, request.POST.get("password", ""), actor=actor)
    except Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, f"The password is set. Hand it to {person} by another way than e-mail."
        )
    return redirect("person", number)


@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Gives a proposed role, or leaves the person without it."""
    actor = acting(request)
    proposal = pages.found(ProposedGrant.objects.select_related("person"), number, "proposal")
    accept = request.POST.get("decision") == "accept"
    reason = request.POST.get("reason", "") or "proposed by an import"
    (accept_proposal if accept else decline_proposal)(proposal, reason=reason, actor=actor)
    messages.success(
        request, f"{proposal.person} {'has the role now' if accept else 'stays without the role'}."
    )
    return redirect("proposals")
