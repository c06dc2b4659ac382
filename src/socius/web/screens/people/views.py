"""Reads people and their rights."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socius.activity.models import Entry
from socius.engine.roles import AREAS, RIGHTS, ROLES
from socius.kit.errors import Invalid
from socius.organisation.actions import allowed, explain, require_somewhere
from socius.organisation.models import Actor, Grant, Person, ProposedGrant, Unit
from socius.organisation.reports import units_tree, visible, visible_units, what_can, who_can
from socius.web import pages
from socius.web.pages import acting
from socius.web.screens.people.forms import GrantForm, unit_of


def seen(actor: Actor) -> QuerySet[Person]:
    """People of the units that the actor may look into."""
    require_somewhere(actor, "account.view")
    return Person.objects.filter(visible(actor, "account.view"))


def people(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by the query."""
    actor = acting(request)
    rows = narrowed(request, seen(actor), actor)
    page = pages.page_of(request, rows.select_related("unit"), by="pk")
    held: dict[int, list[Grant]] = {}
    for grant in Grant.objects.active(actor.at).filter(person__in=page.rows).order_by("pk"):
        held.setdefault(grant.person_id, []).append(grant)
    names = dict(Unit.objects.values_list("pk", "name"))
    return render(
        request,
        "people/people.html",
        {
            "page": page,
            "rows": [(p, [worded(g, names) for g in held.get(p.pk, [])]) for p in page.rows],
            "roles": [(k, r.name) for k, r in ROLES.items() if k != "plugin"],
            "units": units_tree(actor.day, actor),
            "waiting": waiting(actor).count(),
            "may_invite": visible_units(actor, "person.invite").exists(),
            "filtered": any(request.GET.get(n) for n in ("q", "role", "unit", "state")),
        },
    )


def narrowed(request: HttpRequest, rows: QuerySet[Person], actor: Actor) -> QuerySet[Person]:
    """By words, role, unit and state."""
    for word in request.GET.get("q", "").split():
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    now = Grant.objects.active(actor.at).filter(deny=False)
    if role := request.GET.get("role"):
        rows = rows.filter(pk__in=now.filter(role=role).values("person"))
    if unit := pages.number(request, "unit"):
        rows = rows.filter(unit__ancestors__ancestor=unit)
    state = request.GET.get("state")
    if state == "disabled":
        rows = rows.exclude(disabled_at=None)
    elif state == "active":
        rows = rows.filter(disabled_at=None)
    elif state == "without":
        rows = rows.filter(disabled_at=None).exclude(pk__in=now.values("person"))
    return rows


def worded(grant: Grant, names: dict[int, str]) -> dict[str, object]:
    """A grant in words."""
    role = ROLES.get(grant.role)
    where = (
        names.get(grant.node_id, "")
        if grant.node_kind == "unit"
        else f"{grant.node_kind} {grant.node_id}"
    )
    return {
        "grant": grant,
        "what": role.name if role else ", ".join(sorted(grant.rights or ())),
        "where": where,
    }


def waiting(actor: Actor) -> QuerySet[ProposedGrant]:
    """Roles that files proposed, at units where the actor may give."""
    return ProposedGrant.objects.filter(
        decided_at=None, unit__in=visible_units(actor, "grant.give")
    )


def proposals(request: HttpRequest) -> HttpResponse:
    """Roles that files named and that somebody has to give."""
    rows = waiting(acting(request)).select_related("person", "unit")
    names = {key: role.name for key, role in ROLES.items()}
    page = pages.page_of(request, rows, by="pk")
    return render(request, "people/proposals.html", {"page": page, "rows": [(r, names.get(r.role, r.role)) for r in page.rows]})  # fmt: skip


def person(request: HttpRequest, number: int, form: GrantForm | None = None) -> HttpResponse:
    """One person: what they hold and held, what they can do, what they did last."""
    actor = acting(request)
    row = pages.found(seen(actor).select_related("unit", "linked_to"), number, "person")
    names = dict(Unit.objects.values_list("pk", "name"))
    grants = Grant.objects.filter(person=row).select_related("given_by").order_by("-pk")
    tree = units_tree(actor.day, actor)
    running = set(Grant.objects.active(actor.at).filter(person=row).values_list("pk", flat=True))
    return render(
        request,
        "people/person.html",
        {
            "person": row,
            "now": [worded(g, names) for g in grants if g.pk in running],
            "later": [worded(g, names) for g in grants if g.starts > actor.at],
            "before": [worded(g, names) for g in grants if g.pk not in running and g.starts <= actor.at],
            "can": by_area(what_can(row, row.unit, actor)),
            "form": form or GrantForm(tree=tree, initial={"unit": str(row.unit_id or "")}),
            "may_give": allowed(actor, "grant.give", row.unit) and row.human != actor.person.human,
            "may_invite": allowed(actor, "person.invite", row),
            "proposed": waiting(actor).filter(person=row).select_related("unit"),
            "did": Entry.objects.filter(actor=f"person:{row.pk}").count() if allowed(actor, "audit.view", None) else None,
        },
    )  # fmt: skip


def by_area(rights: frozenset[str]) -> list[tuple[str, list[str]]]:
    """Rights in the groups of the table."""
    found = [(area, [r for r in members if r in rights]) for area, members in AREAS.items()]
    return [(area, members) for area, members in found if members]


def rights(request: HttpRequest) -> HttpResponse:
    """Who can do this here, and for a chosen person why or why not."""
    actor = acting(request)
    people_seen = seen(actor)
    right, unit = request.GET.get("right", ""), unit_of(str(pages.number(request, "unit") or ""))
    if right and right not in RIGHTS:
        raise Invalid(f"{right!r} is no Right.", field="right")
    chosen = people_seen.filter(pk=pages.number(request, "person")).first()
    known = set(people_seen.values_list("pk", flat=True)) if right else set()
    able = [p for p in who_can(right, unit, actor) if p.pk in known] if right else []
    page = {
        "areas": AREAS.items(),
        "units": units_tree(actor.day, actor),
        "people": people_seen.order_by("name", "email")[:500],
        "right": right,
        "unit": unit,
        "chosen": chosen,
        "able": [(p, explain(Actor(p, "web", actor.at), right, unit)) for p in able],
        "why": explain(Actor(chosen, "web", actor.at), right, unit) if chosen and right else None,
        "can": by_area(what_can(chosen, unit, actor)) if chosen else [],
    }
    return render(request, "people/rights.html", page)
