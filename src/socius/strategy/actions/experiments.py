"""Experiments with cells: which unit carries an initiative when, laid down before the start and never changed after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction

from socius.accounts.models import Account
from socius.activity.actions import record
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit
from socius.strategy.models import Cell, Experiment, Initiative

ARMS = ("on", "off")


class Laid(NamedTuple):
    """A cell to be. Without unit, region and account it holds everywhere."""

    start: date
    until: date
    arm: str
    unit: Unit | None = None
    region: str = ""
    account: Account | None = None


@asks("experiment.edit")
@transaction.atomic
def lay_cells(
    experiment: Experiment,
    *,
    initiative: Initiative,
    cells: Iterable[Laid],
    actor: Actor,
    risk: str = "",
) -> list[Cell]:
    """Binds posts of an initiative to cells. Once, and before the start; else Conflict. Invalid where a cell lies outside the dates."""
    trial = Experiment.objects.select_for_update().get(pk=experiment.pk)
    require(actor, "experiment.edit", trial)
    given = list(cells)
    if trial.start <= actor.day:
        raise Conflict(
            f"“{trial.title}” starts on {trial.start}: what is laid down now is no draw before the start. Choose a later start."
        )
    if trial.cells.exists():
        raise Conflict(f"“{trial.title}” has its cells; they are never changed. Plan another one.")
    fits(trial, given)
    other = busy(trial, initiative)
    if other is not None:
        raise Conflict(
            f"“{other.title}” tries the same initiative from {other.start} to {other.end}; two draws at once cannot be told apart."
        )
    trial.initiative, trial.risk = initiative, risk.strip()[:500]
    trial.save(update_fields=["initiative", "risk"])
    made = Cell.objects.bulk_create([Cell(experiment=trial, **one._asdict()) for one in given])
    content = {"initiative": initiative.key, "cells": [str(cell) for cell in made]}
    about = {"unit": trial.unit_id, "initiative": initiative.pk, "goal": trial.goal_id}
    record(actor, "cells_laid", f"experiment:{trial.pk}", content=content, **about)  # type: ignore[arg-type]
    return made


def fits(trial: Experiment, cells: list[Laid]) -> None:
    """Raises Invalid for no cells, an unknown arm, or days outside the experiment's."""
    if not cells:
        raise Invalid("There are no cells.", field="cells", repair="Draw an assignment first.")
    for one in cells:
        if one.arm not in ARMS:
            raise Invalid(f"{one.arm!r} is no arm.", field="arm", repair="Arms are on and off.")
        if not trial.start <= one.start <= one.until <= trial.end:
            raise Invalid(
                f"A cell from {one.start} to {one.until} lies outside the experiment, {trial.start} to {trial.end}.",
                field="cells",
                repair="Correct the dates.",
            )


def busy(trial: Experiment, initiative: Initiative) -> Experiment | None:
    """Another experiment that tries the initiative on shared days."""
    rows = Experiment.objects.filter(
        initiative=initiative, known_until=None, stopped_on=None, cells__isnull=False
    ).exclude(pk=trial.pk)
    return rows.filter(start__lte=trial.end, end__gte=trial.start).first()


@asks("experiment.edit")
@transaction.atomic
def stop_experiment(experiment: Experiment, *, actor: Actor, reason: str) -> Experiment:
    """Ends an experiment before its end: from tomorrow on its cells bind nobody. Its result says that it was stopped."""
    trial = Experiment.objects.select_for_update().get(pk=experiment.pk)
    require(actor, "experiment.edit", trial)
    now = actor.day
    if not reason.strip():
        raise Invalid("There is no reason.", field="reason", repair="Say why it ends early.")
    if trial.stopped_on is not None:
        raise Conflict(f"“{trial.title}” was stopped on {trial.stopped_on} already.")
    if now > trial.end:
        raise Conflict(f"“{trial.title}” ended on {trial.end} by itself.")
    # Nothing of a trial that has not begun may bind any day of it.
    trial.stopped_on = now if now >= trial.start else trial.start - timedelta(days=1)
    trial.save(update_fields=["stopped_on"])
    content = {"reason": reason.strip(), "stopped_on": str(trial.stopped_on)}
    record(actor, "experiment_stopped", f"experiment:{trial.pk}", unit=trial.unit_id, content=content)  # fmt: skip
    return trial


@asks("experiment.edit")
@transaction.atomic
def note_learning(experiment: Experiment, *, actor: Actor, text: str) -> Experiment:
    """What was learned, for whoever plans the next one."""
    trial = Experiment.objects.select_for_update().get(pk=experiment.pk)
    require(actor, "experiment.edit", trial)
    if not text.strip():
        raise Invalid("There is no note.", field="learning", repair="Say what was learned.")
    before, trial.learning = trial.learning, text.strip()
    trial.save(update_fields=["learning"])
    content = {"learning": trial.learning, "before": before}
    record(actor, "experiment_learned", f"experiment:{trial.pk}", unit=trial.unit_id, content=content)  # fmt: skip
    return trial


@asks("experiment.edit")
@transaction.atomic
def override_cell(cell: Cell, *, account: Account, actor: Actor, reason: str) -> None:
    """Writes down that something went out in spite of a cell, as a crisis may demand; the delivered share will tell."""
    require(actor, "experiment.edit", cell.experiment)
    if not reason.strip():
        raise Invalid("There is no reason.", field="reason", repair="Say what could not wait.")
    content = {"cell": str(cell), "reason": reason.strip()}
    about = {"account": account.pk, "unit": cell.experiment.unit_id}
    record(actor, "cell_overridden", f"experiment:{cell.experiment_id}", content=content, **about)  # type: ignore[arg-type]
