"""Takes an import back: asks what the import asked, and leaves each kind to the package that owns it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from socius.activity.actions import undo_run
from socius.activity.models import ImportRun
from socius.kit.errors import NotFound
from socius.measure.actions.leads import take_back_leads
from socius.measure.models import Effect
from socius.organisation.actions import asks, require, undo_people, undo_units
from socius.organisation.models import Actor
from socius.strategy.actions import (
    take_back_accounts,
    take_back_goals,
    take_back_initiatives,
    take_back_said,
    take_back_values,
)

Restore = Callable[..., int]

# kind -> (the Right that the import asked, what restores it; None: rows of the ledger, retracted by `activity`)
UNDO: dict[str, tuple[str, Restore | None]] = {
    "units": ("unit.edit", undo_units),
    "people": ("person.invite", undo_people),
    "goals": ("goal.edit", take_back_goals),
    "outcomes": ("outcome.import", take_back_values),
    "kpis": ("goal.edit", take_back_goals),
    "accounts": ("account.edit", take_back_accounts),
    "initiatives": ("initiative.edit", take_back_initiatives),
    "spend": ("goal.edit", take_back_goals),
    "hours": ("initiative.edit", take_back_initiatives),
    "activity": ("activity.import", None),
}


@asks("effect.record")
def take_back_effects(run: ImportRun, *, actor: Actor) -> int:
    """Effects of an import lend their grade to nothing any more."""
    require(actor, "effect.record", None)
    return take_back_said(run, actor, (Effect,))


def undo_import(number: int, *, actor: Actor, apply: bool) -> dict[str, Any]:
    """Undoes an import, or, without `apply`, says what that would do. Asks the Right that the import asked."""
    run = ImportRun.objects.filter(pk=number).first()
    if run is None:
        raise NotFound(f"There is no import {number}.")
    own = {"effects": ("effect.record", take_back_effects), "leads": ("outcome.import", take_back_leads)}  # fmt: skip
    right, restore = {**UNDO, **own}.get(run.kind, ("", None))
    if not right:
        raise NotFound(
            f"Import {number} is itself an undo and is not taken back; import the file again."
        )
    require(actor, right, None)
    if restore is None and not apply:
        return {
            "import": number,
            "applied": False,
            "rows": int(run.report.get("rows", {}).get("created", 0)),
            "state": "ok",
            "findings": [],
        }
    with transaction.atomic():
        report = undo_run(
            number, who=actor, restore=(lambda r: restore(r, actor=actor)) if restore else None
        )
        transaction.set_rollback(not apply)
    return {
        "import": number,
        "applied": apply and report.state == "ok",
        "rows": report.outcomes["updated"],
        "state": report.state,
        "findings": report.findings,
    }
