"""Writers of the daily refresh: one pass over all pairs, a block at a time, so that a killed pass goes on where it was."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, transaction

from socius.activity.actions import Doer
from socius.activity.models import Installation
from socius.kit.child import Kept
from socius.kit.errors import Conflict, Invalid
from socius.measure.actions.estimates import MUST_REPLAY, Answered, standing, written
from socius.measure.models import Design, Effect, Refresh, RefreshedPair
from socius.measure.reports.asking import Marks, Together, asked_again, with_sheet
from socius.measure.reports.inputs import MOST_SECONDS, TASK, Question, columns, fingerprint
from socius.measure.reports.refresh import Pair, due, keys_done, named
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor

log = logging.getLogger(__name__)
# A case takes some 25 ms, and a kill loses at most these. They are written in one transaction of a tenth of a second: nobody who wants to
# write meanwhile waits for longer.
BLOCK = 100
# A pass that did not move for so long was killed: whoever comes next goes on with it.
SILENT = timedelta(minutes=10)
# What is wrong with one answer alone; a database that is locked, full or gone ends the pass instead.
UNWRITABLE = (DataError, IntegrityError, LookupError, TypeError, ValueError)
MEANWHILE = "Somebody estimated it or took it back while it was asked; it is asked again next time."


class Nightly(NamedTuple):
    """The worker, for the ledger."""

    at: datetime
    ref: str = "system:measure"
    origin: str = "worker"


class Children:
    """Those who calculate in a pass: one answers, another answers again what has to come out the same. Each starts with its first case."""

    def __init__(self) -> None:
        self.first, self.again = Kept(), Kept()

    def end(self) -> None:
        """Ends both."""
        self.first.end()
        self.again.end()


class Ready(NamedTuple):
    """A pair that will be asked."""

    pair: Pair
    asked: Question
    sheet: Design | None
    mark: str


class Noted(NamedTuple):
    """How a pair came out."""

    pair: Pair
    mark: str
    outcome: str
    say: str = ""


class Came(NamedTuple):
    """What is to be kept of a pair, if it is another answer than stands."""

    one: Ready
    answer: Answered


@asks("effect.record")
def refresh_effects(*, actor: Actor, tell: Callable[[Refresh, int], None] | None = None) -> Refresh:
    """Estimates every pair again whose data or activity changed, or goes on with a pass that was killed; `tell` hears of each block.

    Raises Conflict while another process is at it.
    """
    require(actor, "effect.record", None)
    run = opened(actor.at)
    if run is None:
        raise Conflict("A refresh is running; it is followed on the page of effects.")
    children = Children()
    try:
        while done := step(run, actor, children):
            if tell is not None:
                tell(run, done)
    finally:
        children.end()
    return run


@transaction.atomic
def opened(at: datetime) -> Refresh | None:
    """The pass to work on: a new one, or the one that was killed. None where one is being worked on now."""
    run = Refresh.objects.select_for_update().filter(ended_at=None).order_by("pk").first()
    if run is None:
        return Refresh.objects.create(day=Installation.objects.day(at), began_at=at, beat_at=at, pairs=len(named(at)))  # fmt: skip
    if at - run.beat_at < SILENT and run.beat_at <= at:
        return None
    run.beat_at = at
    run.save(update_fields=["beat_at"])
    return run


def step(run: Refresh, who: Doer, children: Children) -> int:
    """One block of pairs; returns how many. At the end closes the pass and returns 0."""
    block = due(run, who.at, BLOCK)
    if not block:
        Refresh.objects.filter(pk=run.pk).update(ended_at=who.at, pairs=run.refreshed.count())
        run.refresh_from_db()
        return 0
    reader = Together(block, who.at)
    marks = Marks(block, reader)
    notes, ready = sorted_out(block, marks, reader)
    told = answered(ready, reader, children)
    notes += [one for one in told if isinstance(one, Noted)]
    keep(run, notes, [one for one in told if isinstance(one, Came)], marks, who)
    return len(block)


def sorted_out(block: Sequence[Pair], marks: Marks, reader: Together) -> tuple[list[Noted], list[Ready]]:  # fmt: skip
    """Pairs that need no estimate, with the reason, and those that will be asked."""
    rows = RefreshedPair.objects.filter(series__in={p.series.pk for p in block})
    known = {row.key: row for row in rows}
    notes: list[Noted] = []
    changed: list[tuple[Pair, str]] = []
    for pair in block:
        mark, former = marks.of(pair), known.get(pair.key)
        if former is not None and former.mark == mark and former.outcome != "failed":
            same = "skipped" if former.outcome == "skipped" else "unchanged"
            notes.append(Noted(pair, mark, same, former.say))
        else:
            changed.append((pair, mark))
    reader.fetch([pair for pair, _ in changed])
    ready: list[Ready] = []
    for pair, mark in changed:
        try:
            asked = asked_again(pair, reader)
        except Invalid as error:
            notes.append(Noted(pair, mark, "skipped", str(error)))
            continue
        sheet = reader.promised(asked)
        ready.append(Ready(pair, with_sheet(asked, sheet), sheet, mark))
    return notes, ready


def answered(ready: Sequence[Ready], reader: Together, children: Children) -> list[Came | Noted]:
    """What came of each; grades that lend weight are computed a second time by another child."""
    by_seed: dict[int, list[Ready]] = defaultdict(list)
    for one in ready:
        by_seed[one.asked.seed].append(one)
    made: list[Came | Noted] = []
    for seed in sorted(by_seed):
        mine = by_seed[seed]
        found = computed(mine, seed, reader, children.first)
        heavy = [i for i, f in enumerate(found) if "error" not in f and f["refused"] is None and f["grade"] in MUST_REPLAY]  # fmt: skip
        again = dict(zip(heavy, computed([mine[i] for i in heavy], seed, reader, children.again), strict=True))  # fmt: skip
        made += [judged(one, found[i], again.get(i)) for i, one in enumerate(mine)]
    return made


def computed(some: Sequence[Ready], seed: int, reader: Together, child: Kept) -> list[dict[str, Any]]:  # fmt: skip
    """Every case by one child, each judged alone, so that its replay needs nothing of the others. What cases share is told once."""
    if not some:
        return []
    places: dict[tuple[Any, ...], int] = {}
    tables: list[dict[str, Any]] = []
    cases: list[dict[str, Any]] = []
    for one in some:
        asked = one.asked
        shared = asked.series.pk, asked.end, tuple(c.pk for c in asked.controls)
        if shared not in places:
            places[shared] = len(tables)
            tables.append({"series": asked.series.key, **asked.values(reader.at, reader)})
        place = places[shared]
        cases.append({"table": place, **asked.case(tables[place])})
    options = {"tables": tables, "cases": cases, "seed": seed, "path": True, "apart": True}
    found: list[dict[str, Any]] = child.ask(TASK, options, seconds=3 * MOST_SECONDS)["effects"]
    return found


def judged(one: Ready, found: Mapping[str, Any], again: Mapping[str, Any] | None) -> Came | Noted:
    """An answer with its fingerprint; a case without one is noted with the reason."""
    error = found.get("error")
    if error is not None:
        outcome = "failed" if error["code"] == "broken" else "skipped"
        return Noted(one.pair, one.mark, outcome, error["say"])
    digest = fingerprint(found)
    replays = None if again is None else "error" not in again and fingerprint(again) == digest
    return Came(one, Answered(one.asked, found, digest, replays, one.sheet))


def keep(run: Refresh, notes: Sequence[Noted], came: Sequence[Came], marks: Marks, who: Doer) -> None:  # fmt: skip
    """Writes a block in one transaction; where an answer cannot be written, each by itself, and that one is noted as failed."""
    try:
        settled(run, notes, came, marks, who)
    except UNWRITABLE:
        log.warning("A block of the refresh could not be written as one; its answers are written one by one.")  # fmt: skip
        settled(run, notes, [], marks, who)
        for one in came:
            with noting(run, one, marks, who):
                settled(run, [], [one], marks, who)


@contextmanager
def noting(run: Refresh, one: Came, marks: Marks, who: Doer) -> Iterator[None]:
    """What goes wrong in writing an answer stands beside its pair."""
    try:
        yield
    except UNWRITABLE as error:
        log.exception("The answer to %s on %s could not be kept.", one.one.pair.subject, one.one.pair.series)  # fmt: skip
        say = f"The answer could not be kept: {type(error).__name__}: {error}"
        settled(run, [Noted(one.one.pair, one.one.mark, "failed", say)], [], marks, who)


@transaction.atomic
def settled(run: Refresh, notes: Sequence[Noted], came: Sequence[Came], marks: Marks, who: Doer) -> None:  # fmt: skip
    """Keeps every answer that is another one than stands; a pair is marked as done with it or not at all.

    Pairs that another process came to, because it held this pass for killed, stay as they are.
    """
    Refresh.objects.select_for_update().get(pk=run.pk)
    done = keys_done(RefreshedPair.objects.filter(refresh=run))
    left = [one for one in came if one.one.pair.key not in done]
    made = [note for note in notes if note.pair.key not in done]
    stands = standing([one.answer for one in left])
    fresh: list[Came] = []
    for one in left:
        known = compared(one, stands.get(one.one.pair.key, []))
        if known is None:
            fresh.append(one)
        else:
            made.append(known)
    effects = written([one.answer for one in fresh], stands, who)
    made += [fresh_one(one.one.pair, effect, marks) for one, effect in zip(fresh, effects, strict=True)]  # fmt: skip
    note(run, made)
    Refresh.objects.filter(pk=run.pk).update(beat_at=who.at)


def compared(came: Came, stands: Sequence[Effect]) -> Noted | None:
    """How a pair came out whose answer is not kept: it stands already, or something else was decided since it was asked."""
    pair = came.one.pair
    now = stands[-1] if stands else None
    if (now.pk if now else None) != (pair.effect.pk if pair.effect else None):
        return Noted(pair, "", "skipped", MEANWHILE)
    if now is not None and now.answer_hash == came.answer.digest:
        return Noted(pair, came.one.mark, "unchanged")
    return None


def fresh_one(pair: Pair, effect: Effect, marks: Marks) -> Noted:
    """The note of a pair with its new answer."""
    # What was known when the answer was asked for: values and activity that came since then are seen by the next pass.
    mark = marks.of(replace(pair, effect=effect, sheet=None))
    return Noted(pair, mark, "refused" if effect.refused else "estimated")


def note(run: Refresh, made: Sequence[Noted]) -> None:
    """How pairs came out in a pass; one row a pair, whatever the number of passes."""
    told = ["refresh", "mark", "outcome", "say"]
    rows: dict[str, list[RefreshedPair]] = {"initiative": [], "group": []}
    for one in made:
        named = columns(one.pair.subject)
        row = RefreshedPair(**named, series=one.pair.series, start=one.pair.start, refresh=run, mark=one.mark, outcome=one.outcome, say=one.say[:500])  # fmt: skip
        rows["group" if named["group"] else "initiative"].append(row)
    for subject, some in rows.items():
        RefreshedPair.objects.bulk_create(some, update_conflicts=True, update_fields=told, unique_fields=[subject, "series", "start"])  # fmt: skip
