"""Takes back what an import of this package's kinds said: what it opened is closed, what it closed is said again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from socius.accounts.actions import withdraw_import
from socius.activity.models import ImportedRow, ImportRun
from socius.kit.clock import micros
from socius.kit.errors import Conflict
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Person
from socius.strategy.actions.goals import restate_term
from socius.strategy.models import (
    KPI,
    Goal,
    GoalTerm,
    HoursLine,
    Initiative,
    InitiativeGoal,
    Known,
    Link,
    Proposal,
    SeriesValue,
    SpendLine,
)

# What an import of each kind may have opened or closed, all at its own instant.
# Several kinds may be imported at one instant (a folder is): what each may say of links is told apart.
SAID: dict[str, tuple[tuple[type[Known], dict[str, Any]], ...]] = {
    "goals": ((GoalTerm, {}),),
    "kpis": ((KPI, {}),),
    "initiatives": ((InitiativeGoal, {}), (Link, {"initiative__isnull": False})),
    "spend": ((SpendLine, {}),),
    "hours": ((HoursLine, {}),),
    "accounts": ((Link, {"goal__isnull": False}),),
    "outcomes": (),
}


@asks("goal.edit")
def take_back_goals(run: ImportRun, *, actor: Actor) -> int:
    """Goals, KPIs and spend of an import; in the transaction of the undo."""
    require(actor, "goal.edit", None)
    return take_back_said(run, actor) + restore_fields(run, Goal, actor)


@asks("initiative.edit")
def take_back_initiatives(run: ImportRun, *, actor: Actor) -> int:
    """Initiatives and hours of an import."""
    require(actor, "initiative.edit", None)
    return take_back_said(run, actor) + restore_fields(run, Initiative, actor)


@asks("account.edit")
def take_back_accounts(run: ImportRun, *, actor: Actor) -> int:
    """Accounts of an import: made ones leave the inventory, changed ones get their earlier fields back."""
    require(actor, "account.edit", None)
    touched = withdraw_import(run, actor)
    # What it proposed and nobody decided yet is off the table.
    Proposal.objects.filter(run=run.pk, decided="").delete()
    return touched + take_back_said(run, actor)


@asks("outcome.import")
def take_back_values(run: ImportRun, *, actor: Actor) -> int:
    """Values of an import: each date gets the value back that was known before, or none."""
    require(actor, "outcome.import", None)
    mine = list(SeriesValue.objects.filter(run=run.pk))
    earlier: dict[tuple[Any, ...], Decimal | None] = {}
    rows = (
        SeriesValue.objects.filter(series__in={v.series_id for v in mine})
        .exclude(run=run.pk)
        .order_by("known_at", "pk")
    )
    for series, day, geo, org, value in rows.values_list(
        "series_id", "date", "geo", "org_unit", "value"
    ):
        earlier[series, day, geo, org] = value
    SeriesValue.objects.bulk_create(
        SeriesValue(
            series_id=v.series_id,
            date=v.date,
            geo=v.geo,
            org_unit=v.org_unit,
            value=earlier.get((v.series_id, v.date, v.geo, v.org_unit)),
            known_at=micros(actor.at),
        )
        for v in mine
    )
    return len(mine)


def take_back_said(run: ImportRun, actor: Actor, also: tuple[type[Known], ...] = ()) -> int:
    """Closes what was opened at the run's instant and opens again what was closed then.

    Conflict where something that replaced an earlier statement was itself replaced since: which of the three is meant
    nobody can tell but a person.
    """
    if run.applied_at is None:
        raise Conflict(f"Import {run.pk} was never applied.")
    then, now = micros(run.applied_at), micros(actor.at)
    touched = 0
    for model, narrow in (*SAID.get(run.kind, ()), *((model, {}) for model in also)):
        rows = model._default_manager.filter(**narrow)
        closed = list(rows.filter(known_until=then).exclude(known_from=then))
        touched += rows.filter(known_from=then, known_until=None).update(known_until=now)
        for row in rows.filter(known_from=then, known_until__gt=then).exclude(known_until=now):
            again = rows.filter(known_until=None, **said_by(row))
            if not again.update(known_until=now) and closed:
                raise Conflict(
                    f"What import {run.pk} said of some {model._meta.verbose_name_plural} was changed later, not by an import. "
                    "Change it back by hand, then take the import back."
                )
        for row in closed:
            row.pk, row.known_from, row.known_until = None, now, None
            row.save(force_insert=True)
        touched += len(closed)
    return touched


def said_by(row: Known) -> dict[str, Any]:
    """What a row says: the undo of a later import may have said it again, in a row of its own."""
    apart = {"id", "known_from", "known_until"}
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in apart}  # fmt: skip


def restore_fields(run: ImportRun, model: type[Model], actor: Actor) -> int:
    """Puts earlier values back into the rows that the import changed in place."""
    kind = model.__name__.casefold()
    touched = 0
    for line in ImportedRow.objects.filter(
        run=run, outcome="updated", object__startswith=f"{kind}:"
    ).exclude(before=None):
        row = model._default_manager.filter(pk=int(line.object.rpartition(":")[2])).first()
        if row is None:
            continue
        for name, value in (line.before or {}).items():
            setattr(row, name, typed(model, name, value))
        if isinstance(row, Goal):
            row.owner = Person.objects.filter(email=row.executive_owner.casefold() or "-").first()
        row.save()
        if isinstance(row, Goal):
            restate_term(row, actor)
        touched += 1
    return touched


def typed(model: type[Model], name: str, value: Any) -> Any:
    """A value of `before`, which is JSON, as the field wants it."""
    field = (
        model._meta.get_field(name.removesuffix("_id"))
        if name.endswith("_id")
        else model._meta.get_field(name)
    )
    if value is None or name.endswith("_id"):
        return value
    made: date | Decimal | Any = field.to_python(value)  # type: ignore[union-attr]
    return made
