"""What can be done to one account: each form calls one action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from socius.accounts.actions import correct, enter_status, merge, move, separate
from socius.accounts.models import Account, Placement
from socius.kit.clock import instant, micros
from socius.kit.errors import Invalid, NotFound
from socius.organisation.models import Actor, Person
from socius.organisation.reports import visible
from socius.strategy.actions import activate, decide, link, unlink, withdraw_decisions
from socius.strategy.models import Link, Proposal
from socius.strategy.reports import audit_of
from socius.web.pages import acting, complain, found, say, way_back
from socius.web.screens.accounts import forms
from socius.web.screens.accounts.panel import panel_page

Done = tuple[str, str]  # what is said, and where it is undone


@dataclass(frozen=True)
class Act:
    """A form and what it does."""

    form: type[forms.About]
    do: Callable[[Account, Actor, dict[str, Any]], Done]


def tie(account: Account, actor: Actor, said: dict[str, Any]) -> Done:
    """Ties it to a goal, an initiative or an experiment."""
    kind, what = said["to"]
    made = link(account, actor=actor, start=said["start"], until=said["until"], **{kind: what})
    title = getattr(what, "title", "") or str(what)
    return f"{account} now serves {title.rstrip('.')}.", reverse(
        "account_untie", args=[account.pk, made.pk]
    )


def own(account: Account, actor: Actor, said: dict[str, Any]) -> Done:
    """Names the owner; of an account that nobody had claimed this is the claim."""
    who = said["owner"]
    known = isinstance(who, Person)
    correct(
        account, actor=actor, owner=who if known else None, owner_email="" if known else str(who)
    )
    return f"{who} answers for {account} now.", ""


def make_active(account: Account, actor: Actor, said: dict[str, Any]) -> Done:
    """Activates it; the action asks for line and owner."""
    was = account.status
    now = activate(account, actor=actor, reason=said["reason"])
    return f"{account} is {now.status} now.", reverse("account_status", args=[account.pk, was])


def put_right(account: Account, actor: Actor, said: dict[str, Any]) -> Done:
    """Corrects what describes it."""
    changed = {name: value for name, value in said.items() if getattr(account, name) != value}
    if not changed:
        return "Nothing was different.", ""
    correct(account, actor=actor, **changed)
    return f"{account} is corrected; the history keeps what stood there.", ""


def hand_over(account: Account, actor: Actor, said: dict[str, Any]) -> Done:
    """Moves it to another Unit."""
    undo = reverse("account_moved_back", args=[account.pk, account.unit_id])
    move(account, to=said["to"], actor=actor)
    return f"{account} belongs to {said['to']} now.", undo


def join(account: Account, actor: Actor, said: dict[str, Any]) -> Done:
    """Makes it part of another account."""
    into = merge(account, into=said["into"], actor=actor, reason=said["reason"])
    return f"{account} is part of {into} now.", reverse("account_separate", args=[account.pk])


def settle(account: Account, actor: Actor, said: dict[str, Any]) -> Done:
    """Decides what becomes of it."""
    proposed = audit_of(account, actor, actor.day)
    decide(
        account,
        actor=actor,
        decision=said["decision"],
        reason=said["reason"],
        rule=proposed.proposal.rule if proposed else "",
        inputs=proposed.proposal.inputs if proposed else None,
    )
    return f"Decided: {said['decision']} {account}.", way_to_withdraw(actor)


def way_to_withdraw(actor: Actor) -> str:
    """Where everything is taken back that a person decided at one instant."""
    return reverse("accounts_withdraw", args=[micros(actor.at)])


ACTS = {
    "tie": Act(forms.Tie, tie),
    "owner": Act(forms.Owner, own),
    "activate": Act(forms.Activate, make_active),
    "correct": Act(forms.Correct, put_right),
    "move": Act(forms.Move, hand_over),
    "merge": Act(forms.Merge, join),
    "decide": Act(forms.Decide, settle),
}


def of(actor: Actor, pk: int) -> Account:
    """The account, if the actor may see it; one that became part of another too."""
    seen = visible(actor, "account.view", account="pk", own="account")
    return found(Account.objects.filter(seen, withdrawn=False), pk, "account")


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One form of the panel."""
    if name not in ACTS:
        raise Http404
    actor = acting(request)
    account = of(actor, pk)
    form = ACTS[name].form(request.POST, account=account, actor=actor)
    if form.is_valid():
        try:
            text, undo = ACTS[name].do(account, actor, form.cleaned_data)
        except Invalid as error:
            complain(form, error)
        else:
            say(request, text, undo)
            return redirect(way_back(request, reverse("account", args=[pk])))
    return panel_page(request, of(actor, pk), bound={name: form}, status=422)


@require_POST
def untie(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Takes a tie back as if it had never been made; history keeps it."""
    actor = acting(request)
    tie = get_object_or_404(Link, pk=link, account=of(actor, pk), known_until=None)
    unlink(tie, actor=actor)
    say(request, "The tie is taken back; the history keeps it.")
    return redirect(way_back(request, reverse("account", args=[pk])))


@require_POST
def separated(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a merge back."""
    actor = acting(request)
    account = separate(of(actor, pk), actor=actor)
    say(request, f"{account} is an account of its own again.")
    return redirect("account", pk=pk)


@require_POST
def withdraw(request: HttpRequest, at: int) -> HttpResponse:
    """Takes back what the person decided at one instant, about one account or about many."""
    actor = acting(request)
    mine = Proposal.objects.filter(decided_by=actor.person, decided_at=instant(at))
    rows = found_or_gone(mine)
    done = withdraw_decisions(rows, actor=actor)
    n = len(done)
    say(request, f"{n} decision{'' if n == 1 else 's'} taken back; the history keeps them.")
    return redirect(way_back(request, reverse("accounts_proposals")))


def found_or_gone(mine: QuerySet[Proposal]) -> list[Proposal]:
    """The decisions of an address; raises `NotFound` where nothing was decided then by this person."""
    rows = list(mine)
    if not rows:
        raise NotFound("You decided nothing at that instant.")
    return rows


@require_POST
def moved_back(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Gives an account back to the Unit from which it was just moved."""
    actor = acting(request)
    account = of(actor, pk)
    last = Placement.objects.filter(account=account).exclude(known_until=None).order_by("-known_until").first()  # fmt: skip
    if last is None or last.unit_id != unit:
        raise NotFound(f"{account} was not moved from there last.")
    move(account, to=last.unit, actor=actor)
    say(request, f"{account} belongs to {last.unit} again.")
    return redirect("account", pk=pk)


@require_POST
def put_back(request: HttpRequest, pk: int, status: str) -> HttpResponse:
    """Undoes a decision or an activation: the account gets the state back that it had."""
    actor = acting(request)
    account = of(actor, pk)
    if status not in {"found", "claimed", "experiment"} and account.status != "retiring":
        raise NotFound("Only a state that an account just had can be given back.")
    enter_status(account, status=status, actor=actor, reason="Taken back.")
    say(request, f"{account} is {status} again.")
    return redirect("account", pk=pk)
