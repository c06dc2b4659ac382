"""What the daily refresh asks again: every pair of initiative and series that somebody asked about or registered, and every declared
account group with each outcome it was declared for. Nothing is written.

A pair that nobody named is not tried: each estimate is one more comparison in the family of all.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Sum

from socius.activity.models import Installation, Rollup
from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.models import AccountGroup, Design, Effect, Refresh, RefreshedPair
from socius.measure.reports.inputs import Question, Read, Subject, columns, question, rivals
from socius.measure.reports.trials import hidden
from socius.strategy.models import Series, SeriesValue

# Initiative and group (the one that it is not of: 0), series, first day.
Key = tuple[int, int, int, date]


@dataclass(frozen=True)
class Pair:
    """An initiative or a group, and a series, with the first day of the window; the estimate that stands, or the sheet that promised one."""

    subject: Subject
    series: Series
    start: date
    effect: Effect | None = None
    sheet: Design | None = None

    @property
    def key(self) -> Key:
        """What tells pairs apart."""
        named = columns(self.subject)
        first, second = named["initiative"], named["group"]
        return (first.pk if first else 0, second.pk if second else 0, self.series.pk, self.start)

    def controls(self) -> tuple[Series, ...]:
        """The controls of the sheet that waits for its estimate, else those of the estimate that stands."""
        named = self.sheet or self.effect
        return tuple(sorted(named.controls.all(), key=lambda one: one.key)) if named else ()


def key_of(row: RefreshedPair) -> Key:
    """The same of a row that says how a pair came out."""
    return row.initiative_id or 0, row.group_id or 0, row.series_id, row.start


def pairs(at: datetime) -> list[Pair]:
    """Every pair with an estimate that stands, a sheet whose window began, or a declaration whose first day has come, in a fixed order."""
    rows = Effect.objects.filter(known_until=None, by_hand=False, design__experiment=None, start__isnull=False)  # fmt: skip
    found: dict[Key, Pair] = {}
    # An answer holds its whole path: some 20 kB that nobody here reads.
    rows = rows.defer("answer").select_related("initiative", "group", "series")
    for effect in rows.prefetch_related("controls").order_by("pk"):
        gone = effect.group is not None and effect.group.known_until is not None
        if effect.subject is not None and effect.start is not None and not gone:
            pair = Pair(effect.subject, effect.series, effect.start, effect)
            found[pair.key] = pair
    day = Installation.objects.day(at)
    sheets = Design.objects.filter(kind="sheet", superseded_by=None, start__lte=day)
    for sheet in sheets.select_related("initiative", "group", "series").order_by("pk"):
        if sheet.subject is None or (
            sheet.group is not None and sheet.group.known_until is not None
        ):
            continue
        pair = Pair(sheet.subject, sheet.series, sheet.start, None, sheet)
        standing = found.setdefault(pair.key, pair).effect
        # What somebody estimated beside the sheet does not take its place: what was promised is still to come.
        if standing is not None and standing.design_id != sheet.pk:
            found[pair.key] = replace(pair, effect=standing)
    for group in AccountGroup.objects.filter(known_until=None, start__lte=day).prefetch_related("outcomes"):  # fmt: skip
        for series in group.outcomes.all():
            pair = Pair(group, series, group.start)
            found.setdefault(pair.key, pair)
    return [found[key] for key in sorted(found)]


class Marks:
    """What decides whether a pair has to be asked again, read for all series and initiatives at once."""

    def __init__(self, at: datetime) -> None:
        self.rivals: dict[Key, list[list[str]]] = {}
        known = SeriesValue.objects.filter(known_at__lte=micros(at)).values("series")
        self.values = {r["series"]: (r["n"], r["last"]) for r in known.annotate(n=Count("pk"), last=Max("known_at")).order_by()}  # fmt: skip
        counts = Rollup.objects.exclude(initiative=0).values("initiative").annotate(n=Sum("n"))
        self.activity: Counter[int] = Counter({r["initiative"]: r["n"] for r in counts.order_by()})
        of_accounts = Rollup.objects.exclude(account=0).values("account").annotate(n=Sum("n"))
        posted = {r["account"]: r["n"] for r in of_accounts.order_by()}
        members = AccountGroup.accounts.through.objects.values_list("accountgroup", "account")
        self.of_groups: Counter[int] = Counter()
        for group, account in members:
            self.of_groups[group] += posted.get(account, 0)

    def of(self, pair: Pair) -> str:
        """SHA-256 over what is known of outcome, controls and activity, and over the dates."""
        named = [pair.series, *pair.controls()]
        plain = [
            [self.values.get(one.pk, (0, 0)) for one in named],
            (self.of_groups if isinstance(pair.subject, AccountGroup) else self.activity)[
                pair.subject.pk
            ],
            [str(d) for d in (pair.subject.start, pair.subject.end, pair.start)],
            self.beside(pair),
            pair.effect.pk if pair.effect else 0,
            pair.sheet.pk if pair.sheet else 0,
        ]
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()

    def beside(self, pair: Pair) -> list[list[str]]:
        """Start and title of what else serves the same outcome; read once a pair."""
        if pair.key not in self.rivals:
            self.rivals[pair.key] = [[str(day), title] for day, title in rivals(pair.subject, pair.series)]  # fmt: skip
        return self.rivals[pair.key]


def asked_again(pair: Pair, at: datetime, read: Read | None = None) -> Question:
    """The question of a pair with the values known now. A window that ended with the values of its day goes on; one that somebody
    chose, or registered, stays. Raises Invalid with the reason why it cannot be asked.
    """
    running = hidden(pair.subject, pair.series, at)
    if running is not None:
        raise Invalid(f"An experiment on just this runs until {running.end}.", field="series", code="running_test")  # fmt: skip
    end = pair.sheet.end if pair.sheet else chosen_end(pair.effect) if pair.effect else None
    wanted: dict[str, Any] = {"start": pair.start, "controls": pair.controls()}
    if end is not None:
        wanted["end"] = end
    if pair.effect is not None:
        wanted["seed"] = pair.effect.seed or 0
    if read is not None:
        wanted["read"] = read
    return question(pair.subject, pair.series, at=at, **wanted)


def chosen_end(effect: Effect) -> date | None:
    """The last day of a window that somebody chose; None where it simply was the newest value then."""
    if effect.pre_registered or effect.made_at is None or effect.subject is None:
        return effect.end
    rows = SeriesValue.objects.filter(series=effect.series, known_at__lte=micros(effect.made_at), value__isnull=False)  # fmt: skip
    newest = rows.aggregate(m=Max("date"))["m"]
    open_end = min(filter(None, (newest, effect.subject.end)), default=None)
    return None if effect.end == open_end else effect.end


def due(run: Refresh, at: datetime) -> Iterator[Pair]:
    """The pairs that this pass has not come to yet."""
    done = {key_of(row) for row in RefreshedPair.objects.filter(refresh=run)}
    return (pair for pair in pairs(at) if pair.key not in done)


def with_sheet(asked: Question, sheet: Design | None) -> Question:
    """The question with the hash of the sheet that promised it."""
    return replace(asked, designed=sheet.sha256) if sheet else asked


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


OUTCOMES = {"estimated": "estimated anew", "refused": "refused anew", "unchanged": "unchanged", "skipped": "could not be asked"}  # fmt: skip


def in_short(found: Coverage) -> str:
    """How its pairs came out, in words."""
    return ", ".join(f"{found.counts.get(name, 0)} {words}" for name, words in OUTCOMES.items())


def last_refresh() -> Coverage | None:
    """The newest pass; None before the first."""
    run = Refresh.objects.order_by("-pk").first()
    return None if run is None else coverage_of(run)


def coverage_of(run: Refresh) -> Coverage:
    """How far a pass came."""
    rows = RefreshedPair.objects.filter(refresh=run)
    counts = {r["outcome"]: r["n"] for r in rows.values("outcome").annotate(n=Count("pk")).order_by()}  # fmt: skip
    skipped = (
        rows.filter(outcome="skipped")
        .select_related("initiative", "group", "series")
        .order_by("pk")
    )
    return Coverage(run, counts, list(skipped[:50]))
