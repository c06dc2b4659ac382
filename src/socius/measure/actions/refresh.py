"""Writers of the daily refresh: one pass over all pairs, a pair at a time, so that a killed pass goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from socius.activity.actions import Doer
from socius.activity.models import Installation
from socius.kit.child import ask
from socius.kit.errors import Conflict, Invalid
from socius.measure.actions.estimates import MUST_REPLAY, promised, written
from socius.measure.models import Design, Effect, Refresh, RefreshedPair
from socius.measure.reports.inputs import MOST_SECONDS, TASK, Once, Question, columns, fingerprint
from socius.measure.reports.refresh import (
    Marks,
    Pair,
    asked_again,
    due,
    key_of,
    pairs,
    with_sheet,
)
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor

# Cases of one child: its start costs about a second and a case some 30 ms, and a kill loses at most these.
BLOCK = 250
# A pass that did not move for so long was killed: whoever comes next goes on with it.
SILENT = timedelta(minutes=10)


class Nightly(NamedTuple):
    """The worker, for the ledger."""

    at: datetime
    ref: str = "system:measure"
    origin: str = "worker"


class Ready(NamedTuple):
    """A pair that will be asked."""

    pair: Pair
    asked: Question
    sheet: Design | None
    mark: str
    # What the child is asked.
    case: Mapping[str, Any]


class Came(NamedTuple):
    """How it came out; whether it came out the same twice, where that was tried."""

    one: Ready
    found: Mapping[str, Any]
    replays: bool | None


@asks("effect.record")
def refresh_effects(*, actor: Actor, tell: Callable[[Refresh, int], None] | None = None) -> Refresh:
    """Estimates every pair again whose data or activity changed, or goes on with a pass that was killed; `tell` hears of each block.

    Raises Conflict while another process is at it.
    """
    require(actor, "effect.record", None)
    run = opened(actor.at)
    if run is None:
        raise Conflict("A refresh is running; it is followed on the page of effects.")
    while done := step(run, actor):
        if tell is not None:
            tell(run, done)
    return run


@transaction.atomic
def opened(at: datetime) -> Refresh | None:
    """The pass to work on: a new one, or the one that was killed. None where one is being worked on now."""
    run = Refresh.objects.select_for_update().filter(ended_at=None).order_by("pk").first()
    if run is None:
        return Refresh.objects.create(day=Installation.objects.day(at), began_at=at, beat_at=at, pairs=len(pairs(at)))  # fmt: skip
    if at - run.beat_at < SILENT and run.beat_at <= at:
        return None
    run.beat_at = at
    run.save(update_fields=["beat_at"])
    return run


def step(run: Refresh, who: Doer) -> int:
    """One block of pairs; returns how many. At the end closes the pass and returns 0."""
    block = [pair for pair, _ in zip(due(run, who.at), range(BLOCK), strict=False)]
    if not block:
        Refresh.objects.filter(pk=run.pk).update(ended_at=who.at, pairs=run.refreshed.count())
        run.refresh_from_db()
        return 0
    marks, read = Marks(who.at), Once()
    known = {key_of(p): p for p in RefreshedPair.objects.filter(series__in={p.series.pk for p in block})}  # fmt: skip
    ready: list[Ready] = []
    for pair in block:
        mark, former = marks.of(pair), known.get(pair.key)
        if former is not None and former.mark == mark and former.outcome != "failed":
            noted(run, pair, mark, "skipped" if former.outcome == "skipped" else "unchanged", former.say)  # fmt: skip
            continue
        try:
            asked = asked_again(pair, who.at, read)
        except Invalid as error:
            noted(run, pair, mark, "skipped", str(error))
            continue
        sheet = promised(asked)
        asked = with_sheet(asked, sheet)
        ready.append(Ready(pair, asked, sheet, mark, asked.options(who.at, read)["cases"][0]))
    for came in answered(ready, who.at):
        settled(run, came, marks, who)
    Refresh.objects.filter(pk=run.pk).update(beat_at=who.at)
    return len(block)


def answered(ready: Sequence[Ready], at: datetime) -> list[Came]:
    """Answers of one child for all; grades that lend weight are computed a second time by another one."""
    made: list[Came] = []
    for seed in sorted({one.asked.seed for one in ready}):
        mine = [one for one in ready if one.asked.seed == seed]
        found = computed(mine, seed, at)
        heavy = [i for i, f in enumerate(found) if f["refused"] is None and f["grade"] in MUST_REPLAY]  # fmt: skip
        again = dict(zip(heavy, computed([mine[i] for i in heavy], seed, at), strict=True))
        for i, one in enumerate(mine):
            same = fingerprint(again[i]) == fingerprint(found[i]) if i in again else None
            made.append(Came(one, found[i], same))
    return made


def computed(some: Sequence[Ready], seed: int, at: datetime) -> list[dict[str, Any]]:
    """Every case in one child, each judged alone, so that its replay needs nothing of the others."""
    if not some:
        return []
    options = {"cases": [one.case for one in some], "seed": seed, "path": True}
    found: list[dict[str, Any]] = ask(TASK, options, seconds=3 * MOST_SECONDS)["effects"]
    return found


@transaction.atomic
def settled(run: Refresh, came: Came, marks: Marks, who: Doer) -> None:
    """Keeps the answer where it is another one than stands; the pair is marked as done with it or not at all."""
    one, found = came.one, came.found
    standing = Effect.objects.select_for_update(of=("self",)).filter(
        known_until=None, by_hand=False, design__experiment=None,
        **columns(one.pair.subject), series=one.pair.series, start=one.pair.start,
    ).defer("answer").first()  # fmt: skip
    if standing is not None and standing.answer_hash == fingerprint(found):
        noted(run, one.pair, one.mark, "unchanged", "")
        return
    effect = written(one.asked, found, came.replays, who, one.sheet)
    # What was known when the answer was asked for: values and activity that came since then are seen by the next pass.
    mark = marks.of(Pair(one.pair.subject, one.pair.series, one.pair.start, effect))
    noted(run, one.pair, mark, "refused" if effect.refused else "estimated", "")


def noted(run: Refresh, pair: Pair, mark: str, outcome: str, say: str) -> None:
    """How a pair came out in a pass; one row a pair, whatever the number of passes."""
    RefreshedPair.objects.update_or_create(
        **columns(pair.subject), series=pair.series, start=pair.start,
        defaults={"refresh": run, "mark": mark, "outcome": outcome, "say": say[:500]},
    )  # fmt: skip
