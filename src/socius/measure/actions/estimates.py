"""Effects that Socius computes. The numbers run in a child before the transaction opens; the row is written after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Unpack

from django.db import transaction

from socius.activity.actions import Doer, record
from socius.kit.child import ask
from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.models import Design, Effect
from socius.measure.reports.inputs import (
    MOST_SECONDS,
    TASK,
    Question,
    Subject,
    Wanted,
    columns,
    fingerprint,
    question,
)
from socius.measure.reports.replaying import recomputed
from socius.measure.reports.trials import hidden
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor
from socius.strategy.models import Initiative, Series

# Grades that lend weight: only what came out the same twice may carry one.
MUST_REPLAY = "ABC"


@asks("effect.record")
def estimate_effect(
    subject: Subject, series: Series, *, actor: Actor, **wanted: Unpack[Wanted]
) -> Effect:
    """Estimates what an initiative or a declared group did to a series from the values known now, and keeps the answer, a refusal included.

    The former estimate of the same subject, series and first day is kept and marked as superseded. Raises Invalid where the
    question cannot be asked at all, and Broken where the calculation takes longer than 20 seconds.
    """
    require(actor, "effect.record", subject)
    running = hidden(subject, series, actor.at)
    if running is not None:
        raise Invalid(
            f"An experiment on just this runs until {running.end}; an estimate now would look at it.",
            field="series",
            repair="Wait for its end and have it analysed.",
            code="running_test",
        )
    asked = question(subject, series, at=actor.at, **wanted)
    sheet = promised(asked)
    asked = replace(asked, designed=sheet.sha256 if sheet else "")
    found = ask(TASK, asked.options(actor.at), seconds=MOST_SECONDS)["effects"][0]
    replays: bool | None = None
    if found["refused"] is None and found["grade"] in MUST_REPLAY:
        replays = recomputed(asked, actor.at)[0] == fingerprint(found)
    return kept(asked, found, replays, actor, sheet)


def promised(asked: Question) -> Design | None:
    """The sheet that promised just this estimate before the start: series, window and controls. Another one is none."""
    rows = Design.objects.filter(kind="sheet", **columns(asked.subject), series=asked.series, superseded_by=None, start=asked.start, end=asked.end)  # fmt: skip
    for sheet in rows:
        if set(sheet.controls.values_list("pk", flat=True)) == {c.pk for c in asked.controls}:
            return sheet
    return None


@transaction.atomic
def kept(
    asked: Question,
    found: Mapping[str, Any],
    replays: bool | None,
    who: Actor,
    sheet: Design | None = None,
) -> Effect:
    """Asks for the Right again, and writes the answer down."""
    require(who, "effect.record", asked.subject)
    return written(asked, found, replays, who, sheet)


def written(
    asked: Question,
    found: Mapping[str, Any],
    replays: bool | None,
    who: Doer,
    sheet: Design | None = None,
) -> Effect:
    """Writes the answer down, closes the former one, and says so in the ledger; in the caller's transaction."""
    identity = {**columns(asked.subject), "series": asked.series, "start": asked.start}
    former = list(
        Effect.objects.select_for_update(of=("self",)).filter(
            known_until=None, by_hand=False, design__experiment=None, **identity
        )
    )
    effect = Effect.objects.create(
        **identity,
        **of_answer(found),
        end=asked.end,
        excluded=[day.isoformat() for day in asked.excluded],
        replays=replays,
        code_version=program(),
        made_at=who.at,
        known_from=micros(who.at),
        dated=asked.end,
        design=sheet,
        design_hash=asked.designed,
        pre_registered=sheet is not None,
    )
    effect.controls.set(asked.controls)
    Effect.objects.filter(pk__in=[f.pk for f in former]).update(
        known_until=micros(who.at), superseded_by=effect
    )
    said = {name: getattr(effect, name) for name in ("grade", "verdict", "method", "data_hash", "answer_hash")}  # fmt: skip
    record(
        who,
        "effect_estimated",
        f"effect:{effect.pk}",
        unit=asked.subject.unit_id,
        initiative=asked.subject.pk if isinstance(asked.subject, Initiative) else None,
        content={**said, "of": asked.subject.key, "supersedes": [f.pk for f in former]},
    )
    return effect


def of_answer(found: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an effect that follow from the engine's answer alone."""
    placebo, second = found["placebo"], found["second"] or {}
    pre = [date.fromisoformat(day) for day in found["window"]["pre"]]
    return {
        "method": found["method"],
        "version": found["version"],
        "grade": found["grade"],
        "grade_reason": found["grade_reason"][:400],
        "estimate": found["effect_mean"],
        "low": found["low"],
        "high": found["high"],
        "sd": found["sd"],
        "p": found["p"],
        "pre_start": pre[0],
        "pre_end": pre[1],
        "factor": placebo["factor"],
        "placebo_n": placebo["n"],
        "placebo_hits": placebo["hits"],
        "verdict": found["verdict"],
        "refused": found["refused"] is not None,
        "refusal": found["refused"] or "",
        "second_method": second.get("method", ""),
        "second_estimate": second.get("effect"),
        "agrees": second.get("agree"),
        "data_hash": found["data_sha256"],
        "answer": {key: value for key, value in found.items() if key != "cpu_seconds"},
        "answer_hash": fingerprint(found),
        "seed": found["seed"],
        "by_hand": False,
    }


def program() -> str:
    """The version of this program."""
    try:
        return f"socius {version('socius')}"
    except PackageNotFoundError:
        return "socius, not installed"


__all__ = ["Wanted", "estimate_effect"]
