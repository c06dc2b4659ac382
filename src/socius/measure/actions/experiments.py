"""Experiments: drawn before the start, looked at only on record, analysed once as registered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from socius.activity.actions import record
from socius.engine.effect.sheets import digest
from socius.kit.clock import micros
from socius.kit.errors import Conflict, Invalid
from socius.measure.actions.estimates import of_answer, program
from socius.measure.models import Design, Effect
from socius.measure.reports.compliance import conduct
from socius.measure.reports.inputs import fingerprint
from socius.measure.reports.trials import (
    KINDS,
    SHEET_KEYS,
    WORDS,
    Carried,
    Wish,
    analysed,
    by_place,
    looked,
    planned_look,
    proposal,
    so_far,
)
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit
from socius.strategy.actions import Laid, lay_cells, set_experiment
from socius.strategy.models import Experiment, Initiative, Series

SEED_BITS = 48


@dataclass(frozen=True)
class About:
    """What an experiment is for. `seed`: only where the draw has to be repeatable from outside; left out, nobody chooses it."""

    title: str = ""
    hypothesis: str = ""
    risk: str = ""
    seed: int | None = None


@asks("experiment.edit")
def plan_experiment(
    initiative: Initiative, series: Series, *, wish: Wish, actor: Actor, about: About | None = None
) -> Design:
    """Draws the assignment of an experiment that starts later, lays down its cells, and writes scheme, seed and hash to the ledger.

    Raises Invalid where the design cannot be carried out or never be called, Conflict where another one tries the initiative then.
    """
    require(actor, "experiment.edit", initiative)
    said = about or About()
    seed = secrets.randbits(SEED_BITS) if said.seed is None else said.seed
    found = proposal(initiative, series, wish, at=actor.at, seed=seed)
    return drawn(initiative, series, wish, found, said, actor)


@transaction.atomic
def drawn(
    initiative: Initiative,
    series: Series,
    wish: Wish,
    found: dict[str, Any],
    said: About,
    actor: Actor,
) -> Design:
    """Keeps experiment, cells and sheet, and logs the draw. How often this pair was drawn before stands beside it."""
    title = said.title.strip() or f"{initiative}: {WORDS[wish.design].lower()}"
    stem = slugify(title)[:60].strip("-") or "experiment"
    taken = Experiment.objects.filter(key__startswith=stem).count()
    key = f"{stem}-{taken + 1}" if taken else stem
    trial = set_experiment(
        initiative.unit, actor=actor, key=key, title=title[:300], start=wish.start, end=wish.end
    )
    lay_cells(trial, initiative=initiative, cells=laid(wish, found), actor=actor, risk=said.risk)
    sheet = sheet_of(initiative, series, wish, found, said, actor)
    former = Design.objects.filter(
        initiative=initiative, series=series, experiment__isnull=False
    ).count()
    design = Design.objects.create(
        kind=wish.design,
        initiative=initiative,
        series=series,
        experiment=trial,
        start=wish.start,
        end=wish.end,
        worth=wish.worth,
        mde=(found["mde"] or {}).get("relative"),
        sheet=sheet,
        sha256=digest(sheet),
        scheme=found["scheme"],
        scheme_sha256=found["scheme_sha256"],
        seed=found["seed"],
        arms=found["arms"],
        made_at=actor.at,
        made_by=actor.person,
    )
    design.controls.set(wish.controls)
    content = {"scheme_sha256": design.scheme_sha256, "sheet_sha256": design.sha256, "seed": design.seed, "kind": wish.design, "former_draws": former}  # fmt: skip
    record(actor, "experiment_drawn", f"experiment:{trial.pk}", unit=trial.unit_id, initiative=initiative.pk, content=content)  # fmt: skip
    return design


def sheet_of(
    initiative: Initiative,
    series: Series,
    wish: Wish,
    found: dict[str, Any],
    said: About,
    actor: Actor,
) -> dict[str, Any]:
    """What is promised, in full."""
    kept = ("units", "kind", "assignments", "smallest_p", "scheme_sha256", "lifts", "mde", "level", "answer", "assumption", "warnings", "look_days", "levels", "windows", "explained")  # fmt: skip
    return {
        "design": wish.design,
        "initiative": initiative.key,
        "series": series.key,
        "start": wish.start.isoformat(),
        "end": wish.end.isoformat(),
        "days": wish.days,
        **{name: getattr(wish, name) for name in SHEET_KEYS},
        "controls": sorted(c.key for c in wish.controls),
        "worth": wish.worth,
        "hypothesis": said.hypothesis.strip(),
        "risk": said.risk.strip(),
        "seed_chosen": said.seed is not None,
        "made_on": actor.day.isoformat(),
        "analysis": "By assignment, once, after the last day: mean on less mean off, p and 95 % interval by drawing again from the scheme.",
        **{name: found[name] for name in kept if name in found},
    }


def laid(wish: Wish, found: dict[str, Any]) -> list[Laid]:
    """The drawn cells as `strategy` keeps them. Raises Invalid for a unit that nobody knows."""
    column = KINDS[wish.design][2]
    cells = []
    for cell in found["cells"]:
        first, last = (wish.start.fromisoformat(cell[name]) for name in ("from", "until"))
        unit = Unit.objects.named(cell["unit"]).first() if column == "org_unit" else None
        if column == "org_unit" and unit is None:
            raise Invalid(
                f"The series has values of {cell['unit']!r}, which is no unit of the organisation.",
                field="series",
                repair="Give a unit this name as an alias, or correct the series.",
            )
        region = cell["unit"] if column == "geo" else ""
        cells.append(Laid(first, last, cell["arm"], unit=unit, region=region))
    return cells


@asks("experiment.edit")
def look_at_experiment(design: Design, *, actor: Actor, reason: str = "") -> dict[str, Any]:
    """The means of both arms so far. Who looked and why is logged. A look that the sheet promised is due once after its day, shows the
    contrast up to that day with its p, and keeps the grade; any other needs a reason and costs grade A.
    """
    row = Design.objects.select_related("experiment").get(pk=design.pk)
    require(actor, "experiment.edit", row.experiment)
    day = actor.day
    if row.experiment is None or row.concluded_at is not None or day > row.end:
        raise Conflict("There is nothing to look at early: it has no draw, or it is over.")
    if day < row.start:
        raise Conflict(f"It starts on {row.start}; there is nothing to see yet.")
    due = planned_look(row, day)
    if due is None and len(reason.strip()) < 10:
        raise Invalid("A look needs a reason that others can judge.", field="reason", repair="Say in a sentence why it cannot wait.")  # fmt: skip
    found = so_far(row, actor.at) if due is None else looked(row, actor.at, due)
    return look_noted(row, {"planned": due is not None, **found}, reason, actor)


@transaction.atomic
def look_noted(design: Design, found: dict[str, Any], reason: str, who: Actor) -> dict[str, Any]:
    """Counts the look and writes it to the ledger, before anybody sees what it found."""
    row = Design.objects.select_for_update(of=("self",)).select_related("experiment").get(pk=design.pk)  # fmt: skip
    require(who, "experiment.edit", row.experiment)
    if found["planned"] and planned_look(row, who.day) is None:
        raise Conflict("Somebody made this planned look meanwhile; what it found stands in the ledger.")  # fmt: skip
    if found["planned"]:
        row.planned_looks += 1
        row.called_early = row.called_early or bool(found["called"])
    else:
        row.looks += 1
    row.save(update_fields=["looks", "planned_looks", "called_early"])
    content = {"reason": reason.strip(), "looks": row.looks, "planned_looks": row.planned_looks, "seen": found}  # fmt: skip
    unit = row.experiment.unit_id if row.experiment else None
    record(who, "experiment_looked", f"experiment:{row.experiment_id}", unit=unit, initiative=row.initiative_id, content=content)  # fmt: skip
    return found


@asks("effect.record")
def conclude_experiment(design: Design, *, actor: Actor) -> Effect:
    """Analyses an experiment that is over, once and as registered, and keeps the effect (or why none is shown).

    Raises Conflict before its last day or a second time, Invalid where values of the window are still to come or the seed is gone.
    """
    require(actor, "effect.record", design.initiative)
    ready(design, actor)
    carried = conduct(design, actor.at)
    found = analysed(design, actor.at, carried)
    replays: bool | None = None
    if found["refused"] is None:
        replays = fingerprint(analysed(design, actor.at, carried)) == fingerprint(found)
    return concluded(design, found, carried, replays, actor)


def ready(design: Design, actor: Actor) -> None:
    """Raises where it is too early, or too late."""
    if design.experiment is None:
        raise Invalid("This sheet has no draw.", field="design", repair="Estimate its effect.")
    if design.concluded_at is not None:
        raise Conflict(f"It was analysed on {design.concluded_at:%Y-%m-%d}; it is analysed once.")
    if actor.day <= design.end:
        raise Conflict(f"It runs until {design.end}: arms are compared after that.")
    grain = {"week": 7}.get(design.series.grain, 1)
    values = by_place(design.series, actor.at, KINDS[design.kind][2])
    newest = max((max(points) for points in values.values() if points), default="")
    if not newest or (design.end - design.end.fromisoformat(newest)).days >= grain:
        raise Invalid(
            f"The values of {design.series} end on {newest or 'no day'}; the experiment ended on {design.end}.",
            field="series",
            repair="Import the rest first.",
        )


@transaction.atomic
def concluded(
    design: Design, found: dict[str, Any], carried: Carried, replays: bool | None, who: Actor
) -> Effect:
    """Writes the effect down and closes the experiment."""
    row = Design.objects.select_for_update().get(pk=design.pk)
    require(who, "effect.record", row.initiative)
    if row.concluded_at is not None:
        raise Conflict("It was analysed meanwhile; it is analysed once.")
    effect = Effect.objects.create(
        initiative=row.initiative,
        series=row.series,
        start=row.start,
        end=row.end,
        **of_answer(found, fingerprint(found)),
        replays=replays,
        code_version=program(),
        made_at=who.at,
        known_from=micros(who.at),
        dated=row.end,
        design=row,
        design_hash=row.sha256,
        pre_registered=True,
    )
    effect.controls.set(row.controls.all())
    row.concluded_at = who.at
    row.save(update_fields=["concluded_at"])
    content = {"effect": effect.pk, "grade": effect.grade, "verdict": effect.verdict, **carried.as_json()}  # fmt: skip
    record(who, "experiment_concluded", f"experiment:{row.experiment_id}", initiative=row.initiative_id, content=content)  # fmt: skip
    return effect
