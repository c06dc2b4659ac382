"""Loads what was known at an instant, for the walk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q

from socius.accounts.models import Identity, Merger, Placement, Reference
from socius.accounts.reports import Finder, spellings
from socius.activity import reports as ledger
from socius.activity.models import Installation
from socius.engine.drift import PERIOD
from socius.engine.sight import (
    AccountFacts,
    EffectFacts,
    ExperimentFacts,
    Facts,
    GoalFacts,
    KPIFacts,
    LinkFacts,
    SeriesFacts,
    Window,
)
from socius.engine.sight.counts import Activity, Amount, place
from socius.engine.sight.segments import segments
from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.models import Effect
from socius.organisation.models import Unit
from socius.strategy.models import (
    KPI,
    Experiment,
    GoalTerm,
    HoursLine,
    Initiative,
    InitiativeGoal,
    Link,
    Series,
    SeriesTerm,
    SeriesValue,
    SpendLine,
)

WINDOW_DAYS = 90


@dataclass(frozen=True)
class Asked:
    """A window of days, and the instant as of which things were known."""

    window: Window
    known: datetime

    @property
    def known_us(self) -> int:
        """The instant in UTC microseconds."""
        return micros(self.known)


def asked(
    now: datetime, as_of: date | None = None, first: date | None = None, last: date | None = None
) -> Asked:
    """Fills in what was left out: as-of now, and the 90 days that end at as-of, in the organisation's zone."""
    here = Installation.objects.zone()
    today = now.astimezone(here).date()
    day = as_of or today
    if day > today:
        raise Invalid(
            f"As-of {day} lies in the future.",
            field="as_of",
            repair=f"Use {today} or an earlier day.",
        )
    end_of_day = datetime.combine(day + timedelta(days=1), time(), here)
    last = last or day
    first = first or last - timedelta(days=WINDOW_DAYS - 1)
    if last < first:
        raise Invalid(
            f"The window ends ({last}) before it starts ({first}).",
            field="to",
            repair="Swap or correct the dates.",
        )
    return Asked(Window(first, last, day), min(now, end_of_day - timedelta(microseconds=1)))


def facts(question: Asked) -> Facts:
    """What was known, by id. As many queries whatever the size."""
    us = question.known_us
    accounts = account_facts(us)
    return Facts(
        goals=goal_facts(us),
        kpis=kpi_facts(us),
        series=series_facts(us),
        effects=effect_facts(us),
        initiatives=dict(Initiative.objects.values_list("pk", "title")),
        initiative_goals=grouped(
            InitiativeGoal.objects.known_at(us).values_list("initiative_id", "goal_id")
        ),
        experiments={
            pk: ExperimentFacts(title, start, end, goal)
            for pk, title, start, end, goal in Experiment.objects.known_at(us).values_list(
                "pk", "title", "start", "end", "goal_id"
            )
        },
        links=link_facts(us, accounts),
        accounts=accounts,
        references=reference_facts(us, accounts),
        units=dict(Unit.objects.values_list("pk", "name")),
    )


def grouped(pairs: Any) -> dict[int, list[int]]:
    """Second members by the first."""
    found: dict[int, list[int]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def goal_facts(us: int) -> dict[int, GoalFacts]:
    """Goals with owner and period as known at `us`."""
    rows = GoalTerm.objects.known_at(us).values_list(
        "goal_id",
        "goal__key",
        "goal__statement",
        "executive_owner",
        "period_start",
        "period_end",
        "closed",
    )
    return {
        pk: GoalFacts(key, statement or key, bool(owner.strip()), start, end, closed)
        for pk, key, statement, owner, start, end, closed in rows
    }


def kpi_facts(us: int) -> dict[int, list[KPIFacts]]:
    """KPIs by goal; the class is what the series' own was at `us` where there is one, because a series can be lowered later."""
    found: dict[int, list[KPIFacts]] = defaultdict(list)
    classes = dict(SeriesTerm.objects.known_at(us).values_list("series_id", "class_name"))
    rows = KPI.objects.known_at(us).values_list("goal_id", "class_name", "series_id")
    for goal, stated, series in rows:
        of_series = classes.get(series, stated)
        found[goal].append(KPIFacts(stated if of_series == "outcome" else of_series, series))
    return found


def series_facts(us: int) -> dict[int, SeriesFacts]:
    """Series with the newest date that had a value at `us`."""
    known = SeriesValue.objects.filter(known_at__lte=us)
    # A value that was taken back is followed by an empty one for the same date and place.
    taken_back = known.filter(
        value=None,
        series=OuterRef("series"),
        date=OuterRef("date"),
        geo=OuterRef("geo"),
        org_unit=OuterRef("org_unit"),
    ).filter(
        Q(known_at__gt=OuterRef("known_at"))
        | Q(known_at=OuterRef("known_at"), pk__gt=OuterRef("pk"))
    )
    standing = known.exclude(value=None)
    if known.filter(value=None).exists():
        standing = standing.exclude(Exists(taken_back))
    newest = dict(standing.values_list("series_id").annotate(Max("date")))
    return {
        pk: SeriesFacts(name, grain, newest.get(pk))
        for pk, name, grain in Series.objects.values_list("pk", "name", "grain")
    }


def effect_facts(us: int) -> list[EffectFacts]:
    """Effects as recorded by `us`. A computed one of grade A to C that does not come out the same again lends its grade to nothing; one of
    an account group lends it to no line, because a line runs to an initiative or a goal.
    """
    unproven = Q(by_hand=False, grade__in="ABC") & ~Q(replays=True)
    rows = (
        Effect.objects.known_at(us)
        .filter(group=None)
        .exclude(unproven)
        .values_list(
            "initiative_id", "goal_id", "series_id", "grade", "dated", "by_hand", "refused"
        )
    )
    return [EffectFacts(*row) for row in rows]


def link_facts(us: int, accounts: dict[int, AccountFacts]) -> dict[int, list[LinkFacts]]:
    """What each account serves, as known at `us`."""
    found: dict[int, list[LinkFacts]] = defaultdict(list)
    rows = Link.objects.known_at(us).values_list(
        "account_id", "valid_from", "valid_until", "goal_id", "initiative_id", "experiment_id"
    )
    for account, start, until, goal, initiative, trial in rows:
        found[account].append(LinkFacts(start, until, goal, initiative, trial))
    # A merged account brings what it served to the one that it became part of.
    for part, known in accounts.items():
        if known.merged_into and part in found:
            found[root(part, accounts)].extend(found[part])
    return found


def mergers(us: int) -> dict[int, int]:
    """Accounts that were part of another, and of which."""
    rows = Merger.objects.filter(known_from__lte=us).filter(
        Q(known_until=None) | Q(known_until__gt=us)
    )
    return dict(rows.values_list("account_id", "into_id"))


def account_facts(us: int) -> dict[int, AccountFacts]:
    """Each account under the Unit that owned it, as known at `us`."""
    merged = mergers(us)
    rows = Placement.objects.filter(known_from__lte=us).filter(
        Q(known_until=None) | Q(known_until__gt=us)
    )
    columns = ("account_id", "unit_id", "account__network", "account__handle")
    names = ("account__display_name", "account__url")
    return {
        pk: AccountFacts(handle or shown or url, unit, network, merged.get(pk))
        for pk, unit, network, handle, shown, url in rows.values_list(*columns, *names)
    }


def reference_facts(us: int, accounts: dict[int, AccountFacts]) -> dict[int, int]:
    """References to accounts that the inventory had learnt of by `us`: what an import of the same cell would find now."""
    waiting = list(Reference.objects.values_list("pk", "network", "named"))
    if not waiting:
        return {}
    wanted = {key for _, _, named in waiting for key in spellings(named)[1]}
    identities = [
        row
        for row in Identity.objects.filter(known_from__lte=us)
        .values_list("network", "kind", "key", "account_id")
        .iterator()
        if row[3] in accounts and (row[2] in wanted or row[2].partition("@")[0] in wanted)
    ]
    finder = Finder(identities, {pk: root(pk, accounts) for _, _, _, pk in identities})
    found = {pk: finder.find(network, named) for pk, network, named in waiting}
    return {pk: account for pk, account in found.items() if account is not None}


def root(account: int, accounts: dict[int, AccountFacts]) -> int:
    """The account that this one is part of, or itself."""
    while (known := accounts.get(account)) and known.merged_into:
        account = known.merged_into
    return account


def activity(question: Asked, scope: frozenset[int] | None, known: Facts) -> Iterator[Activity]:
    """Activity of the window and of what the drift alarm looks back on; with a scope only what is counted under its Units."""
    first, last, _ = question.window
    cuts = segments(known, min(first, last - timedelta(weeks=PERIOD)), last, first)
    rows = ledger.counted(cuts, last, question.known)
    if scope is None:
        yield from rows
        return
    units: dict[tuple[int, int], int] = {}
    for row in rows:
        key = (row[1], row[4])
        if key not in units:
            units[key] = place(known, *key)[1]
        if (units[key] or row[2]) in scope:
            yield row


def hours(question: Asked, scope: frozenset[int] | None) -> list[Amount]:
    """Hours whose week starts in the window."""
    rows = HoursLine.objects.known_at(question.known_us).filter(week__range=question.window[:2])
    if scope is not None:
        rows = rows.filter(unit__in=scope)
    return [
        Amount(day, a, i, None, amount)
        for day, a, i, amount in rows.values_list("week", "account_id", "initiative_id", "hours")
    ]


def spend(question: Asked, scope: frozenset[int] | None) -> list[Amount]:
    """Money spent in the window."""
    rows = SpendLine.objects.known_at(question.known_us).filter(date__range=question.window[:2])
    if scope is not None:
        rows = rows.filter(unit__in=scope)
    values = rows.values_list("date", "initiative_id", "goal_id", "amount", "currency")
    return [Amount(day, None, i, g, amount, currency) for day, i, g, amount, currency in values]
