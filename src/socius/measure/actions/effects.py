"""Effects entered by hand. Their grade follows from the method and is capped: nobody types an A or a B."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction

from socius.activity.actions import Run, record, run_import
from socius.connectors.files import Report, Row, Upload
from socius.engine.grades import grade_by_hand
from socius.kit.clock import micros
from socius.kit.errors import Conflict, Invalid, SociusError
from socius.measure.models import Effect
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor
from socius.strategy.actions import Names, Unknown, reject_unknown
from socius.strategy.models import Initiative, Series


class EffectFields(TypedDict, total=False):
    """What may be said of an effect beside its estimate."""

    low: float | None
    high: float | None
    start: date | None
    end: date | None
    source: str
    stated_grade: str


@asks("effect.record")
@transaction.atomic
def record_effect(
    initiative: Initiative,
    *,
    series: Series,
    actor: Actor,
    method: str,
    estimate: float,
    **fields: Unpack[EffectFields],
) -> tuple[Effect, str]:
    """Writes down an effect that somebody found outside Socius: grade D, or C with a named study and its interval."""
    require(actor, "effect.record", initiative)
    stated = fields.pop("stated_grade", "")
    low, high = fields.get("low"), fields.get("high")
    if low is not None and high is not None and not low <= estimate <= high:
        raise Invalid(
            f"The estimate {estimate:g} lies outside its interval {low:g} to {high:g}.",
            field="estimate",
            repair="Check the three numbers.",
        )
    grade = grade_by_hand(
        method,
        stated=stated,
        source=fields.get("source", ""),
        has_interval=low is not None and high is not None,
    )
    identity = {
        "initiative": initiative,
        "series": series,
        "method": method,
        "start": fields.get("start"),
        "end": fields.get("end"),
    }
    known = Effect.objects.filter(known_until=None, by_hand=True, **identity).first()
    values = {
        "grade": grade,
        "estimate": estimate,
        "low": low,
        "high": high,
        "source": fields.get("source", ""),
    }
    if known and all(getattr(known, name) == value for name, value in values.items()):
        return known, "unchanged"
    if known:
        Effect.objects.filter(pk=known.pk).update(known_until=micros(actor.at))
    effect = Effect.objects.create(
        **identity,
        **values,
        known_from=micros(actor.at),
        dated=fields.get("end") or actor.day,
        by_hand=True,
    )
    outcome = "updated" if known else "created"
    record(
        actor,
        "effect_recorded",
        f"effect:{effect.pk}",
        initiative=initiative.pk,
        content={"grade": grade, "method": method},
    )
    return effect, outcome


@asks("effect.record")
@transaction.atomic
def withdraw_effect(effect: Effect, *, actor: Actor, reason: str) -> None:
    """Takes an effect back: from now on it lends its grade to nothing."""
    require(actor, "effect.record", effect.subject or effect.goal)
    if not Effect.objects.filter(pk=effect.pk, known_until=None).update(
        known_until=micros(actor.at)
    ):
        raise Conflict("This effect was taken back already.")
    record(
        actor,
        "effect_withdrawn",
        f"effect:{effect.pk}",
        initiative=effect.initiative_id,
        content={"reason": reason},
    )


@asks("effect.record")
def import_effects(upload: Upload, *, actor: Actor) -> Report:
    """Reads effects found outside Socius from a file (docs/reference/import.md)."""
    require(actor, "effect.record", None)

    def apply(rows: Iterable[Row], run: Run) -> None:
        for row in rows:
            take(row, run, actor)

    return run_import(upload, kind="effects", who=actor, apply=apply)


def take(row: Row, run: Run, actor: Actor) -> None:
    """One row: names are looked up, the grade is capped with a finding."""
    try:
        names = Names()
        initiative, series = (
            names.initiative(row.text("initiative")),
            names.series(row.text("series")),
        )
    except Unknown as unknown:
        reject_unknown(row, run, unknown)
        return
    values = row.values
    numbers = {
        name: None if values.get(name) is None else float(values[name]) for name in ("low", "high")
    }
    try:
        effect, outcome = record_effect(
            initiative,
            series=series,
            actor=actor,
            method=row.text("method"),
            estimate=float(values["estimate"]),
            start=values.get("from"),
            end=values.get("until"),
            source=row.text("source"),
            stated_grade=row.text("grade"),
            **numbers,
        )
    except SociusError as error:
        run.reject(
            row, getattr(error, "code", "invalid"), str(error), column=getattr(error, "field", "")
        )
        return
    if row.text("grade") and row.text("grade") != effect.grade:
        run.note(
            row,
            "grade_capped",
            f"Grade {row.text('grade')} was said; an effect entered by hand of this method is {effect.grade}.",
            column="grade",
        )
    run.done(row, outcome, f"effect:{effect.pk}")
