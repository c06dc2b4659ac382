"""Reads over accounts together with what they serve and when they were last used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q, QuerySet, Sum

from socius.accounts.models import Account
from socius.activity.models import Rollup
from socius.engine.audit import AccountFacts, Proposal, propose
from socius.kit.clock import micros
from socius.organisation.actions import require
from socius.organisation.models import Actor, Unit
from socius.organisation.reports import visible
from socius.strategy.models import InitiativeGoal, Link


@dataclass(frozen=True)
class Listed:
    """An account of the inventory with what a list shows of it."""

    account: Account
    goals: tuple[str, ...]
    initiatives: tuple[str, ...]
    experiments: tuple[str, ...]
    last_activity: date | None
    activities: int

    @property
    def has_line(self) -> bool:
        """It serves something today."""
        return bool(self.goals or self.initiatives or self.experiments)


@dataclass(frozen=True)
class Audited:
    """An account with what the audit proposes for it."""

    listed: Listed
    proposal: Proposal


def accounts(
    actor: Actor, *, unit: Unit | None = None, network: str = "", status: str = "", text: str = ""
) -> QuerySet[Account]:
    """The accounts that the actor may see, narrowed down; a QuerySet, so that a page takes only its slice."""
    found = Account.objects.current().filter(
        visible(actor, "account.view", account="pk", own="account")
    )
    if unit is not None:
        found = found.filter(unit__in=Unit.objects.within(unit))
    if network:
        found = found.filter(network=network)
    if status:
        found = found.filter(status=status)
    if text:
        found = found.filter(
            Q(handle__icontains=text)
            | Q(display_name__icontains=text)
            | Q(url__icontains=text)
            | Q(unit__name__icontains=text)
        )
    return found.select_related("unit", "owner").order_by("unit__name", "network", "handle", "pk")


def listed(rows: Iterable[Account], actor: Actor) -> list[Listed]:
    """The same accounts with what they serve today and when they were last used; four queries whatever the number."""
    found = list(rows)
    ids = [account.pk for account in found]
    whole = len(ids) > 1000
    serves = served(None if whole else ids, actor)
    used = {pk: (last, n) for pk, last, n in activity_of(None if whole else ids)}
    return [
        Listed(
            a,
            *serves.get(a.pk, ((), (), ())),
            max(filter(None, (used.get(a.pk, (None, 0))[0], a.last_post_at)), default=None),
            used.get(a.pk, (None, 0))[1],
        )
        for a in found
    ]


def activity_of(ids: list[int] | None) -> Iterable[tuple[int, date, int]]:
    """(account, its last day with activity, activities ever) from the daily counts."""
    rows = Rollup.objects.exclude(account=0)
    if ids is not None:
        rows = rows.filter(account__in=ids)
    return (
        rows.values_list("account")
        .annotate(last=Max("day"), total=Sum("n"))
        .values_list("account", "last", "total")
    )


def served(
    ids: list[int] | None, actor: Actor
) -> dict[int, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Goals, initiatives and experiments that each account serves on the actor's day."""
    today = actor.at.date()
    rows = Link.objects.known_at(micros(actor.at))
    rows = rows.filter(Q(valid_from=None) | Q(valid_from__lte=today)).filter(
        Q(valid_until=None) | Q(valid_until__gt=today)
    )
    if ids is not None:
        rows = rows.filter(account__in=ids)
    serving = set(
        InitiativeGoal.objects.known_at(micros(actor.at)).values_list("initiative_id", flat=True)
    )
    found: dict[int, tuple[list[str], list[str], list[str]]] = defaultdict(lambda: ([], [], []))
    columns = (
        "account_id",
        "goal__statement",
        "goal__key",
        "initiative_id",
        "initiative__title",
        "experiment__title",
        "experiment__end",
    )
    for account, statement, goal, initiative, title, trial, end in rows.values_list(*columns):
        if goal:
            found[account][0].append(statement or goal)
        elif initiative in serving:
            found[account][1].append(title)
        elif trial and end >= today:
            found[account][2].append(trial)
    return {account: (tuple(g), tuple(i), tuple(e)) for account, (g, i, e) in found.items()}


def audit(actor: Actor, *, today: date, unit: Unit | None = None) -> list[Audited]:
    """What the six rules propose for each account that the actor may see (capabilities G1 to G3)."""
    require(actor, "account.view", unit)
    rows = {row.account.pk: row for row in listed(accounts(actor, unit=unit), actor)}
    since = Rollup.objects.filter(n__gt=0).aggregate(first=Min("day"))["first"]
    proposals = propose((facts_of(row, since) for row in rows.values()), today=today)
    return [Audited(rows[p.account], p) for p in proposals]


def facts_of(row: Listed, since: date | None) -> AccountFacts:
    """What the audit looks at."""
    a = row.account
    return AccountFacts(
        id=a.pk,
        state=a.status,
        owner_known=bool(a.owner_id or a.owner_email),
        custody=a.custody,
        contradicts=a.network_contradicts_host,
        has_goal=row.has_line,
        last_activity=row.last_activity,
        # A date of the last post is as good as activity of one's own: somebody looked.
        activity_ever_imported=row.activities > 0 or a.last_post_at is not None,
        watched_since=since,
        network=a.network,
        purpose=a.purpose,
        language=a.language,
        region=a.region or a.country,
        audience_size=a.audience,
    )
