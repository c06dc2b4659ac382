"""What a block of pairs is asked with, read for all of them at once: the same as each by itself, in a dozen queries. Nothing is written."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, Max, Sum

from socius.activity.models import Installation, Rollup
from socius.engine.effect.methods import VERSIONS
from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.models import AccountGroup, Design, Effect
from socius.measure.reports.inputs import (
    Points,
    Question,
    Reader,
    Subject,
    beside,
    columns,
    known_points,
    question,
    summed,
)
from socius.measure.reports.refresh import Pair
from socius.measure.reports.trials import hides, running
from socius.strategy.models import KPI, Initiative, InitiativeGoal, Series, SeriesValue


class Together(Reader):
    """What the pairs of a block rest on. The values are read by `fetch`, for those that will be asked."""

    def __init__(self, some: Sequence[Pair], at: datetime) -> None:
        self.at, self.day = at, Installation.objects.day(at)
        series = {pair.series.pk for pair in some}
        self.series_of_goals = self.goals_of(series)
        self.works = self.serving(self.series_of_goals)
        rows = AccountGroup.outcomes.through.objects.filter(series__in=series)
        named = list(rows.values_list("series", "accountgroup", "accountgroup__start", "accountgroup__name", "accountgroup__known_until"))  # fmt: skip
        self.outcomes = {(group, one) for one, group, *_ in named}
        self.groups: dict[int, list[tuple[int, date, str]]] = defaultdict(list)
        for one, group, start, name, until in named:
            if until is None:
                self.groups[one].append((group, start, name))
        self.running: dict[int, list[Design]] = defaultdict(list)
        for design in running(series, self.day).select_related("experiment"):
            self.running[design.series_id].append(design)
        self.sheets: dict[tuple[int | None, int | None, int, date, date], list[Design]] = defaultdict(list)  # fmt: skip
        sheets = Design.objects.filter(kind="sheet", series__in=series, superseded_by=None)
        for sheet in sheets.prefetch_related("controls").order_by("pk"):
            self.sheets[sheet.initiative_id, sheet.group_id, sheet.series_id, sheet.start, sheet.end].append(sheet)  # fmt: skip
        self.kept: dict[int, Points] = {}
        self.fetched: set[int] = set()
        # Of each series when which date was the newest that had a value: instants, and the newest date from each on.
        self.grown: dict[int, tuple[list[int], list[date]]] = {}

    @staticmethod
    def goals_of(series: Iterable[int]) -> dict[int, list[int]]:
        """The series of each goal that they measure."""
        found: dict[int, list[int]] = defaultdict(list)
        rows = KPI.objects.filter(series__in=series, known_until=None)
        for goal, one in rows.values_list("goal", "series").distinct():
            found[goal].append(one)
        return found

    @staticmethod
    def serving(goals: dict[int, list[int]]) -> dict[int, set[tuple[int, date, str]]]:
        """(number, start, title) of the initiatives that serve the goals, by the series that measure them."""
        found: dict[int, set[tuple[int, date, str]]] = defaultdict(set)
        rows = InitiativeGoal.objects.filter(goal__in=goals, known_until=None, initiative__start__isnull=False)  # fmt: skip
        for goal, work, start, title in rows.values_list("goal", "initiative", "initiative__start", "initiative__title"):  # fmt: skip
            if start is not None:
                for one in goals[goal]:
                    found[one].add((work, start, title))
        return found

    def fetch(self, some: Sequence[Pair]) -> None:
        """Reads the values of their series and controls as known now."""
        wanted = {one.pk for pair in some for one in (pair.series, *pair.controls)}
        self.fetched |= wanted
        rows = SeriesValue.objects.filter(series__in=wanted, known_at__lte=micros(self.at)).order_by("series", "known_at", "pk")  # fmt: skip
        named = ("series", "known_at", "date", "geo", "org_unit", "value")
        for one, told in groupby(rows.values_list(*named).iterator(), key=itemgetter(0)):
            stated = list(told)
            self.kept[one] = summed(row[2:] for row in stated)
            seen = [(known, day) for _, known, day, _, _, value in stated if value is not None]
            newest = accumulate((day for _, day in seen), max)
            self.grown[one] = [known for known, _ in seen], list(newest)

    def points(self, series: Series, known: datetime) -> Points:
        """As known at the instant of the block; at another, and of a series that was not fetched, read anew."""
        here = known == self.at and series.pk in self.fetched
        return self.kept.get(series.pk, {}) if here else known_points(series, known)

    def rivals(self, subject: Subject, series: Series) -> list[tuple[date, str]]:
        """What else serves the outcome."""
        own = columns(subject)
        works = [w for w in self.works[series.pk] if not own["initiative"] or w[0] != own["initiative"].pk]  # fmt: skip
        groups = [g for g in self.groups[series.pk] if not own["group"] or g[0] != own["group"].pk]
        return beside({w[1:] for w in works}, [g[1:] for g in groups])

    def declared(self, group: AccountGroup, series: Series) -> bool:
        """Whether the group was declared for the series."""
        return (group.pk, series.pk) in self.outcomes

    def hidden(self, pair: Pair) -> Design | None:
        """`trials.hidden`."""
        some = self.running[pair.series.pk]
        return next((d for d in some if hides(d, pair.subject, self.day)), None)

    def newest(self, series: Series, known: datetime) -> date | None:
        """The newest date of a series that had a value at an instant."""
        instants, days = self.grown.get(series.pk, ([], []))
        if known > self.at or series.pk not in self.fetched:
            rows = SeriesValue.objects.filter(series=series, known_at__lte=micros(known), value__isnull=False)  # fmt: skip
            last: date | None = rows.aggregate(m=Max("date"))["m"]
            return last
        place = bisect_right(instants, micros(known))
        return days[place - 1] if place else None

    def promised(self, asked: Question) -> Design | None:
        """`estimates.promised`."""
        work, group = (one and one.pk for one in columns(asked.subject).values())
        some = self.sheets[work, group, asked.series.pk, asked.start, asked.end]
        return next((s for s in some if {c.pk for c in s.controls.all()} == {c.pk for c in asked.controls}), None)  # fmt: skip


class Marks:
    """What decides whether a pair has to be asked again."""

    def __init__(self, some: Sequence[Pair], reader: Together) -> None:
        self.reader = reader
        named = {one.pk for pair in some for one in (pair.series, *pair.controls)}
        known = SeriesValue.objects.filter(series__in=named, known_at__lte=micros(reader.at))
        rows = known.values("series").annotate(n=Count("pk"), last=Max("known_at")).order_by()
        self.values = {r["series"]: (r["n"], r["last"]) for r in rows}
        subjects = [pair.subject for pair in some]
        works = {one.pk for one in subjects if isinstance(one, Initiative)}
        counts = Rollup.objects.filter(initiative__in=works).values_list("initiative")
        self.activity = Counter(dict(counts.annotate(n=Sum("n")).order_by()))
        groups = {one.pk for one in subjects if isinstance(one, AccountGroup)}
        self.of_groups = self.posted(groups) if groups else Counter()

    @staticmethod
    def posted(groups: Iterable[int]) -> Counter[int]:
        """Activities of the accounts of each group."""
        members = AccountGroup.accounts.through.objects.filter(accountgroup__in=groups)
        counts = Rollup.objects.filter(account__in=members.values("account")).values_list("account")
        posted = dict(counts.annotate(n=Sum("n")).order_by())
        found: Counter[int] = Counter()
        for group, account in members.values_list("accountgroup", "account"):
            found[group] += posted.get(account, 0)
        return found

    def of(self, pair: Pair) -> str:
        """SHA-256 over what is known of outcome, controls and activity, over the dates, and over the versions of the methods."""
        counted = self.of_groups if isinstance(pair.subject, AccountGroup) else self.activity
        plain = [
            [self.values.get(one.pk, (0, 0)) for one in (pair.series, *pair.controls)],
            counted[pair.subject.pk],
            [str(d) for d in (pair.subject.start, pair.subject.end, pair.start)],
            [[str(day), title] for day, title in self.reader.rivals(pair.subject, pair.series)],
            pair.effect.pk if pair.effect else 0,
            pair.sheet.pk if pair.sheet else 0,
            VERSIONS,
        ]
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def asked_again(pair: Pair, reader: Together) -> Question:
    """The question of a pair with the values known now. A window that ended with the values of its day goes on; one that somebody
    chose, or registered, stays. Raises Invalid with the reason why it cannot be asked.
    """
    running = reader.hidden(pair)
    if running is not None:
        raise Invalid(f"An experiment on just this runs until {running.end}.", field="series", code="running_test")  # fmt: skip
    wanted: dict[str, Any] = {"start": pair.start, "controls": pair.controls, "reader": reader}
    if pair.effect is not None:
        wanted |= {"end": chosen_end(pair.effect, reader), "seed": pair.effect.seed or 0}
    if pair.sheet is not None:
        wanted["end"] = pair.sheet.end
    return question(pair.subject, pair.series, at=reader.at, **wanted)


def chosen_end(effect: Effect, reader: Together) -> date | None:
    """The last day of a window that somebody chose; None where it simply was the newest value then."""
    if effect.pre_registered or effect.made_at is None or effect.subject is None:
        return effect.end
    newest = reader.newest(effect.series, effect.made_at)
    open_end = min(filter(None, (newest, effect.subject.end)), default=None)
    return None if effect.end == open_end else effect.end


def with_sheet(asked: Question, sheet: Design | None) -> Question:
    """The question with the hash of the sheet that promised it."""
    return replace(asked, designed=sheet.sha256) if sheet else asked
