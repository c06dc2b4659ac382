"""Effects that Socius computes. The numbers run in a child before the transaction opens; the row is written after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple, Unpack

from django.db import transaction
from django.db.models import Q

from socius.activity.actions import Doer, Draft, append, drafted
from socius.kit.child import ask
from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.models import AccountGroup, Design, Effect
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
from socius.measure.reports.refresh import Key, key_of
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
    replays, digest = None, fingerprint(found)
    if found["refused"] is None and found["grade"] in MUST_REPLAY:
        replays = recomputed(asked, actor.at)[0] == digest
    return kept(Answered(asked, found, digest, replays, sheet), actor)


def promised(asked: Question) -> Design | None:
    """The sheet that promised just this estimate before the start: series, window and controls. Another one is none."""
    rows = Design.objects.filter(kind="sheet", **columns(asked.subject), series=asked.series, superseded_by=None, start=asked.start, end=asked.end)  # fmt: skip
    for sheet in rows:
        if set(sheet.controls.values_list("pk", flat=True)) == {c.pk for c in asked.controls}:
            return sheet
    return None


class Answered(NamedTuple):
    """An answer that will be kept: to which question, whether it came out the same twice (where that was tried), what promised it."""

    asked: Question
    found: Mapping[str, Any]
    # Its fingerprint.
    digest: str
    replays: bool | None = None
    sheet: Design | None = None

    @property
    def key(self) -> Key:
        """Subject, series and first day: what a later answer of supersedes."""
        return key_of(self.asked.subject, self.asked.series, self.asked.start)


@transaction.atomic
def kept(one: Answered, who: Actor) -> Effect:
    """Asks for the Right again, and writes the answer down."""
    require(who, "effect.record", one.asked.subject)
    return written([one], standing([one]), who)[0]


def standing(some: Sequence[Answered]) -> dict[Key, list[Effect]]:
    """The answers of Socius that stand, by what they answer, the newest last; locked until the end of the caller's transaction."""
    works = {one.asked.subject.pk for one in some if isinstance(one.asked.subject, Initiative)}
    groups = {one.asked.subject.pk for one in some if isinstance(one.asked.subject, AccountGroup)}
    rows = Effect.objects.select_for_update(of=("self",)).filter(
        Q(initiative__in=works, group=None) | Q(initiative=None, group__in=groups),
        known_until=None, by_hand=False, design__experiment=None,
        series__in={one.asked.series.pk for one in some}, start__in={one.asked.start for one in some},
    )  # fmt: skip
    found: dict[Key, list[Effect]] = defaultdict(list)
    # Of the answer itself, some 20 kB, nobody here reads more than its hash.
    for row in rows.only("initiative", "group", "series", "start", "answer_hash").order_by("pk"):
        if row.start is not None:
            found[row.initiative_id or 0, row.group_id or 0, row.series_id, row.start].append(row)
    return found


def written(some: Sequence[Answered], former: Mapping[Key, list[Effect]], who: Doer) -> list[Effect]:  # fmt: skip
    """Writes answers down, closes those that stood before, and says so in the ledger; in the caller's transaction. The number of
    statements does not grow with the number of answers, but for what a database takes in one.
    """
    effects = Effect.objects.bulk_create([row_of(one, who) for one in some])
    through = Effect.controls.through
    through.objects.bulk_create(
        through(effect=effect, series=control)
        for one, effect in zip(some, effects, strict=True)
        for control in one.asked.controls
    )
    closed: list[Effect] = []
    drafts: list[Draft] = []
    for one, effect in zip(some, effects, strict=True):
        before = former.get(one.key, [])
        for row in before:
            row.superseded_by = effect
        closed += before
        drafts.append(said_of(one, effect, [row.pk for row in before], who))
    Effect.objects.filter(pk__in=[row.pk for row in closed]).update(known_until=micros(who.at))
    Effect.objects.bulk_update(closed, ["superseded_by"])
    append(drafts)
    return effects


def row_of(one: Answered, who: Doer) -> Effect:
    """The row of an answer."""
    asked = one.asked
    return Effect(
        **columns(asked.subject),
        **of_answer(one.found, one.digest),
        series=asked.series,
        start=asked.start,
        end=asked.end,
        excluded=[day.isoformat() for day in asked.excluded],
        replays=one.replays,
        code_version=program(),
        made_at=who.at,
        known_from=micros(who.at),
        dated=asked.end,
        design=one.sheet,
        design_hash=asked.designed,
        pre_registered=one.sheet is not None,
    )


def said_of(one: Answered, effect: Effect, former: list[int], who: Doer) -> Draft:
    """What the ledger says of it."""
    subject = one.asked.subject
    said = {name: getattr(effect, name) for name in ("grade", "verdict", "method", "data_hash", "answer_hash")}  # fmt: skip
    return drafted(
        who,
        "effect_estimated",
        f"effect:{effect.pk}",
        unit=subject.unit_id,
        initiative=subject.pk if isinstance(subject, Initiative) else None,
        content={**said, "of": subject.key, "supersedes": former},
    )


def of_answer(found: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """The columns of an effect that follow from the engine's answer alone; `digest` is its fingerprint."""
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
        "answer_hash": digest,
        "seed": found["seed"],
        "by_hand": False,
    }


@cache
def program() -> str:
    """The version of this program."""
    try:
        return f"socius {version('socius')}"
    except PackageNotFoundError:
        return "socius, not installed"


__all__ = ["Wanted", "estimate_effect"]
