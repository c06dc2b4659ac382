"""What the daily refresh asks again: every pair of initiative and series that somebody asked about or registered, and every declared
account group with each outcome it was declared for. Nothing is written.

A pair that nobody named is not tried: each estimate is one more comparison in the family of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from socius.activity.models import Installation
from socius.measure.models import AccountGroup, Design, Effect, Refresh, RefreshedPair
from socius.measure.reports.inputs import Subject
from socius.strategy.models import Series

# Initiative and group (the one that it is not of: 0), series, first day; and the columns that hold them.
Key = tuple[int, int, int, date]
KEY = ("initiative", "group", "series", "start")


@dataclass(frozen=True)
class Pair:
    """An initiative or a group, and a series, with the first day of the window; the estimate that stands, or the sheet that promised one."""

    subject: Subject
    series: Series
    start: date
    effect: Effect | None = None
    sheet: Design | None = None
    # Those of the sheet that waits for its estimate, else of the estimate that stands, by key.
    controls: tuple[Series, ...] = ()

    @property
    def key(self) -> Key:
        """What tells pairs apart."""
        return key_of(self.subject, self.series, self.start)


def keyed(row: Sequence[Any]) -> Key:
    """The key of a row's columns `KEY`."""
    initiative, group, series, start = row
    return initiative or 0, 0 if initiative else group, series, start


class Source(NamedTuple):
    """Numbers of the estimate and of the sheet from which a pair comes; 0: none, and then it is declared of a group."""

    effect: int = 0
    sheet: int = 0


def key_of(subject: Subject, series: Series, start: date) -> Key:
    """The key of what is asked about a subject."""
    group = isinstance(subject, AccountGroup)
    return (0, subject.pk, series.pk, start) if group else (subject.pk, 0, series.pk, start)


def named(at: datetime) -> dict[Key, Source]:
    """Every pair with an estimate that stands, a sheet whose window began, or a declaration whose first day has come, in a fixed order:
    those of one series beside one another, so that a block needs the values of few.
    """
    rows = Effect.objects.filter(known_until=None, by_hand=False, design__experiment=None, start__isnull=False)  # fmt: skip
    # Effects of a goal as a whole have no subject, and a group that was taken back is asked no more.
    rows = rows.filter(Q(initiative__isnull=False) | Q(group__known_until=None, group__isnull=False))  # fmt: skip
    found: dict[Key, Source] = {}
    follows: dict[int, int | None] = {0: None}
    for effect, design, *key in rows.order_by("pk").values_list("pk", "design", *KEY):
        found[keyed(key)], follows[effect] = Source(effect), design
    day = Installation.objects.day(at)
    sheets = Design.objects.filter(kind="sheet", superseded_by=None, start__lte=day, group__known_until=None)  # fmt: skip
    for sheet, *key in sheets.order_by("pk").values_list("pk", *KEY):
        stands = found.setdefault(keyed(key), Source(0, sheet)).effect
        # What somebody estimated beside the sheet does not take its place: what was promised is still to come.
        if stands and follows[stands] != sheet:
            found[keyed(key)] = Source(stands, sheet)
    declared = AccountGroup.outcomes.through.objects.filter(accountgroup__known_until=None, accountgroup__start__lte=day)  # fmt: skip
    for group, series, start in declared.values_list("accountgroup", "series", "accountgroup__start"):  # fmt: skip
        found.setdefault((0, group, series, start), Source())
    return {key: found[key] for key in sorted(found, key=lambda key: (key[2], key))}


def loaded(some: Mapping[Key, Source]) -> list[Pair]:
    """The pairs with their rows."""
    # An answer holds its whole path: some 20 kB that nobody here reads.
    rows = Effect.objects.defer("answer").select_related("initiative", "group", "series")
    effects = rows.prefetch_related("controls").in_bulk({one.effect for one in some.values()} - {0})
    drawn = Design.objects.select_related("initiative", "group", "series").prefetch_related("controls")  # fmt: skip
    sheets = drawn.in_bulk({one.sheet for one in some.values()} - {0})
    bare = [key for key, one in some.items() if one == Source()]
    groups = AccountGroup.objects.in_bulk({key[1] for key in bare})
    series = Series.objects.in_bulk({key[2] for key in bare})
    found: list[Pair] = []
    for key, one in some.items():
        effect, sheet = effects.get(one.effect), sheets.get(one.sheet)
        row = sheet or effect
        if row is None or row.subject is None:
            found.append(Pair(groups[key[1]], series[key[2]], key[3]))
            continue
        controls = tuple(sorted(row.controls.all(), key=lambda control: control.key))
        found.append(Pair(row.subject, row.series, key[3], effect, sheet, controls))
    return found


def pairs(at: datetime) -> list[Pair]:
    """All of `named`, with their rows."""
    return loaded(named(at))


def due(run: Refresh, at: datetime, most: int) -> list[Pair]:
    """The next pairs, at most so many, that this pass has not come to yet."""
    done = keys_done(RefreshedPair.objects.filter(refresh=run))
    left = ((key, one) for key, one in named(at).items() if key not in done)
    return loaded(dict(islice(left, most)))


def keys_done(rows: QuerySet[RefreshedPair]) -> set[Key]:
    """The keys of rows that say how pairs came out."""
    return {keyed(row) for row in rows.values_list(*KEY)}


@dataclass(frozen=True)
class Coverage:
    """A pass over all pairs, and how far it came."""

    run: Refresh
    counts: dict[str, int]
    skipped: list[RefreshedPair]

    @property
    def done(self) -> int:
        """Pairs that it came to."""
        return sum(self.counts.values())


OUTCOMES = {"estimated": "estimated anew", "refused": "refused anew", "unchanged": "unchanged", "skipped": "could not be asked", "failed": "failed"}  # fmt: skip


def in_short(found: Coverage) -> str:
    """How its pairs came out, in words."""
    told = [name for name in OUTCOMES if name != "failed" or found.counts.get(name)]
    return ", ".join(f"{found.counts.get(name, 0)} {OUTCOMES[name]}" for name in told)


def last_refresh() -> Coverage | None:
    """The newest pass; None before the first."""
    run = Refresh.objects.order_by("-pk").first()
    return None if run is None else coverage_of(run)


def coverage_of(run: Refresh) -> Coverage:
    """How far a pass came."""
    rows = RefreshedPair.objects.filter(refresh=run)
    counts = {r["outcome"]: r["n"] for r in rows.values("outcome").annotate(n=Count("pk")).order_by()}  # fmt: skip
    skipped = (
        rows.filter(outcome__in=("skipped", "failed"))
        .select_related("initiative", "group", "series")
        .order_by("pk")
    )
    return Coverage(run, counts, list(skipped[:50]))
