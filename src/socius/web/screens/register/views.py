"""The register, a request, a decision; the strategy in force and its earlier versions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Unit
from socius.strategy import actions, reports
from socius.strategy.models import Tool
from socius.web.pages import acting, complain, found, say
from socius.web.screens.register.forms import ReasonForm, StrategyForm, WishForm


def listing(request: HttpRequest) -> HttpResponse:
    """All tools, what is asked for first, exceptions by name."""
    actor = acting(request)
    require_somewhere(actor, "policy.view")
    rows = list(reports.tools(actor))
    order = ("asked", "in_use", "refused", "retired")
    rows.sort(key=lambda tool: (order.index(tool.status), tool.name.casefold()))
    page = {
        "rows": rows,
        "in_use": sum(tool.status == "in_use" for tool in rows),
        "exceptions": [t for t in rows if t.override_by_id and t.status == "in_use"],
        "version": reports.strategies(actor).first(),
    }
    return render(request, "register/list.html", page)


def ask(request: HttpRequest) -> HttpResponse:
    """A request; with a reason for an exception it goes in at once under the actor's name."""
    actor = acting(request)
    require_somewhere(actor, "policy.view")
    versions = reports.strategies(actor)
    newest = versions.first()
    given = {"strategy": newest.pk if newest else None}
    form = WishForm(
        request.POST or None, goals=reports.running_goals(actor), versions=versions, initial=given
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if said["exception"]:
                tool = actions.override_tool(
                    said["unit"], actor=actor, wish=form.wish(), reason=said["exception"]
                )
            else:
                tool = actions.ask_for_tool(said["unit"], actor=actor, wish=form.wish())
        except Invalid as error:
            complain(form, error)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            state = "is in use as an exception" if tool.override_by_id else "is asked for"
            say(request, f"“{tool}” {state}.")
            return redirect("tools")
    return render(request, "register/ask.html", {"form": form}, status=422 if form.errors else 200)


def of(request: HttpRequest, pk: int) -> Tool:
    """The tool, if the actor may see it."""
    return found(reports.tools(acting(request)), pk, "tool")


def reason_of(request: HttpRequest) -> str:
    """The reason that was given; Invalid without one."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid("There is no reason.", field="reason", repair="Say why, in a few words.")
    return str(form.cleaned_data["reason"])


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grants or refuses what was asked for."""
    grant = request.POST.get("answer") == "grant"
    tool = actions.decide_tool(
        of(request, pk), actor=acting(request), grant=grant, reason=reason_of(request)
    )
    say(request, f"“{tool}” is {'granted' if grant else 'refused'}.")
    return redirect("tools")


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes it out of use."""
    tool = actions.retire_tool(of(request, pk), actor=acting(request), reason=reason_of(request))
    say(request, f"“{tool}” is retired; its row stays.")
    return redirect("tools")


def strategy(request: HttpRequest) -> HttpResponse:
    """The strategy in force, a further version, the earlier ones."""
    actor = acting(request)
    require_somewhere(actor, "policy.view")
    rows = list(reports.strategies(actor))
    newest = rows[0] if rows else None
    given = {}
    if newest:
        given = {n: getattr(newest, n) for n in ("vision", "plans", "resources")}
        given["goals"] = [goal.pk for goal in newest.goals.all()]
    form = StrategyForm(request.POST or None, goals=reports.running_goals(actor), initial=given)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        goals = said.pop("goals")
        root = Unit.objects.get(kind="organisation")
        try:
            made = actions.adopt_strategy(
                root, actor=actor, parts=actions.Parts(**said), goals=goals
            )
        except Invalid as error:
            complain(form, error)
        else:
            say(request, f"Version {made.number} is adopted.")
            return redirect("strategy")
    page = {"form": form, "rows": rows, "newest": newest}
    return render(request, "register/strategy.html", page, status=422 if form.errors else 200)
