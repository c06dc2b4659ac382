"""Loads what was known at an instant, for the walk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from socius.accounts.models import Account, Identity, Placement, Reference
from socius.activity import reports as ledger
from socius.activity.models import Installation
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
from socius.engine.sight.counts import Activity, Amount
from socius.kit.clock import instant, micros
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


def zone() -> ZoneInfo:
    """The organisation's time zone."""
    return ZoneInfo(Installation.objects.values_list("zone", flat=True).get())


def asked(
    now: datetime, as_of: date | None = None, first: date | None = None, last: date | None = None
) -> Asked:
    """Fills in what was left out: as-of now, and the 90 days that end at as-of, in the organisation's zone."""
    here = zone()
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
    """What was known, by id. Ten queries whatever the size."""
    us = question.known_us
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
        links=link_facts(us),
        accounts=account_facts(us),
        references=reference_facts(us),
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
    """KPIs by goal; the class is the series' own where there is one, because a series can be lowered later."""
    found: dict[int, list[KPIFacts]] = defaultdict(list)
    rows = KPI.objects.known_at(us).values_list(
        "goal_id", "class_name", "series_id", "series__class_name"
    )
    for goal, stated, series, of_series in rows:
        lowered = of_series if series and of_series != "outcome" else stated
        found[goal].append(KPIFacts(lowered, series))
    return found


def series_facts(us: int) -> dict[int, SeriesFacts]:
    """Series with the newest date that had a value at `us`."""
    newest = dict(
        SeriesValue.objects.filter(known_at__lte=us)
        .exclude(value=None)
        .values_list("series_id")
        .annotate(Max("date"))
    )
    return {
        pk: SeriesFacts(name, grain, newest.get(pk))
        for pk, name, grain in Series.objects.values_list("pk", "name", "grain")
    }


def effect_facts(us: int) -> list[EffectFacts]:
    """Effects as recorded by `us`."""
    rows = Effect.objects.known_at(us).values_list(
        "initiative_id", "goal_id", "series_id", "grade", "dated", "by_hand", "refused"
    )
    return [EffectFacts(*row) for row in rows]


def link_facts(us: int) -> dict[int, list[LinkFacts]]:
    """What each account serves, as known at `us`."""
    found: dict[int, list[LinkFacts]] = defaultdict(list)
    rows = Link.objects.known_at(us).values_list(
        "account_id", "valid_from", "valid_until", "goal_id", "initiative_id", "experiment_id"
    )
    for account, start, until, goal, initiative, trial in rows:
        found[account].append(LinkFacts(start, until, goal, initiative, trial))
    # A merged account brings what it served to the one that it became part of.
    merged = Account.objects.filter(merged_at__lte=instant(us)).values_list("pk", "merged_into_id")
    for part, whole in merged:
        found[whole].extend(found.get(part, ()))
    return found


def account_facts(us: int) -> dict[int, AccountFacts]:
    """Each account under the Unit that owned it, as known at `us`."""
    homes = dict(
        Placement.objects.filter(known_from__lte=us)
        .filter(Q(known_until=None) | Q(known_until__gt=us))
        .values_list("account_id", "unit_id")
    )
    known = instant(us)
    rows = Account.objects.filter(created_at__lte=known).values_list(
        "pk", "handle", "unit_id", "network", "merged_into_id", "merged_at"
    )
    return {
        pk: AccountFacts(
            handle, homes.get(pk, unit), network, whole if whole and at and at <= known else None
        )
        for pk, handle, unit, network, whole, at in rows
    }


def reference_facts(us: int) -> dict[int, int]:
    """References to accounts that the inventory had learnt of by `us`."""
    by_key = Identity.objects.filter(
        account__created_at__lte=instant(us), key__in=Reference.objects.values("key")
    ).values_list("network", "key", "account_id")
    known = {(network, key): account for network, key, account in by_key}
    rows = Reference.objects.values_list("pk", "network", "key")
    return {pk: known[network, key] for pk, network, key in rows if (network, key) in known}


def activity(
    question: Asked, scope: frozenset[int] | None, of_account: dict[int, AccountFacts]
) -> Iterator[Activity]:
    """Rollups of the window; with a scope only those of accounts that Units in it own."""
    rows = ledger.rollups(question.window.first, question.window.last, question.known)
    if scope is None:
        yield from rows
        return
    inside = {pk for pk, account in of_account.items() if account.unit in scope}
    yield from (row for row in rows if row[2] in inside)


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
