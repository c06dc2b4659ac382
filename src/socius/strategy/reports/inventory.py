"""Reads over accounts together with what they serve and when they were last used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from socius.accounts.models import Account, Claim, Placement, Share
from socius.activity.models import ImportRun, Rollup
from socius.engine.audit import IDLE_DAYS
from socius.kit.clock import micros
from socius.organisation.models import Actor, Unit
from socius.organisation.reports import visible
from socius.strategy.models import Goal, GoalTerm, InitiativeGoal, Link

SPARK_WEEKS = 12


@dataclass(frozen=True)
class Serves:
    """Something that an account serves today."""

    kind: str  # goal, initiative, experiment
    id: int
    name: str


@dataclass(frozen=True)
class Listed:
    """An account of the inventory with what a list shows of it."""

    account: Account
    lines: tuple[Serves, ...]
    last_activity: date | None
    activities: int

    @property
    def goals(self) -> tuple[str, ...]:
        """Names of the goals that it serves directly."""
        return tuple(one.name for one in self.lines if one.kind == "goal")

    @property
    def initiatives(self) -> tuple[str, ...]:
        """Names of the initiatives through which it serves goals."""
        return tuple(one.name for one in self.lines if one.kind == "initiative")

    @property
    def experiments(self) -> tuple[str, ...]:
        """Names of the running trials that it is part of."""
        return tuple(one.name for one in self.lines if one.kind == "experiment")

    @property
    def has_line(self) -> bool:
        """It serves something today."""
        return bool(self.lines)


@dataclass(frozen=True)
class Wanted:
    """What a list of accounts is narrowed down to; empty means: all."""

    unit: Unit | None = None
    only: bool = False  # the Unit itself, without those below it
    network: str = ""
    status: str = ""
    text: str = ""
    line: str = ""  # yes, no
    language: str = ""
    absent: str = ""  # yes, no
    owner: str = ""  # none, or an address
    goal: int = 0
    initiative: int = 0
    experiment: int = 0


def accounts(
    actor: Actor, *, unit: Unit | None = None, network: str = "", status: str = "", text: str = ""
) -> QuerySet[Account]:
    """The accounts that the actor may see, narrowed down; a QuerySet, so that a page takes only its slice."""
    return inventory(actor, Wanted(unit=unit, network=network, status=status, text=text))


def inventory(actor: Actor, wanted: Wanted) -> QuerySet[Account]:
    """The accounts that the actor may see and that are wanted."""
    found: QuerySet[Account] = Account.objects.current().filter(
        visible(actor, "account.view", account="pk", own="account")
    )
    if wanted.unit is not None:
        units = [wanted.unit] if wanted.only else Unit.objects.within(wanted.unit)
        found = found.filter(unit__in=units)
    same = {
        name: getattr(wanted, name)
        for name in ("network", "status", "language")
        if getattr(wanted, name)
    }
    found = found.filter(**same)
    if wanted.text:
        found = found.filter(spoken_of(wanted.text))
    found = of_owner(found, wanted.owner)
    if wanted.absent:
        found = found.filter(absent_since__isnull=wanted.absent == "no")
    return (
        tied(found, actor, wanted)
        .select_related("unit", "owner")
        .order_by("unit__name", "network", "handle", "pk")
    )


def spoken_of(text: str) -> Q:
    """Accounts that a person may mean by this text."""
    names = ("handle", "display_name", "url", "purpose", "unit__name", "owner__name")
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": text})
    return found


def of_owner(rows: QuerySet[Account], owner: str) -> QuerySet[Account]:
    """Those of an owner, by address; `none`: those that nobody answers for."""
    if owner == "none":
        return rows.filter(owner=None, owner_email="")
    if owner:
        return rows.filter(Q(owner__email__iexact=owner) | Q(owner_email__iexact=owner))
    return rows


def tied(rows: QuerySet[Account], actor: Actor, wanted: Wanted) -> QuerySet[Account]:
    """Those with or without a line, and those that serve one thing."""
    lines = holding(actor)
    if wanted.line:
        holders = lines.values("holder")
        rows = rows.filter(pk__in=holders) if wanted.line == "yes" else rows.exclude(pk__in=holders)
    if wanted.goal:
        through = serving(actor).filter(goal=wanted.goal).values("initiative")
        by = Q(goal=wanted.goal) | Q(initiative__in=through) | Q(experiment__goal=wanted.goal)
        rows = rows.filter(pk__in=lines.filter(by).values("holder"))
    for name in ("initiative", "experiment"):
        if getattr(wanted, name):
            of = known_links(actor).filter(**{name: getattr(wanted, name)})
            rows = rows.filter(pk__in=of.values("holder"))
    return rows


def known_links(actor: Actor) -> QuerySet[Any]:
    """The ties of today, whether or not they lead on. `holder`: the account, or the one that it became part of."""
    today = actor.day
    return (
        Link.objects.known_at(micros(actor.at))
        .filter(Q(valid_from=None) | Q(valid_from__lte=today))
        .filter(Q(valid_until=None) | Q(valid_until__gt=today))
        .annotate(holder=Coalesce("account__merged_into_id", "account_id"))
    )


def running_goals(actor: Actor) -> QuerySet[Goal]:
    """Goals whose period covers today and that nobody has closed."""
    today = actor.day
    terms = (
        GoalTerm.objects.known_at(micros(actor.at))
        .filter(closed=False)
        .filter(Q(period_start=None) | Q(period_start__lte=today))
        .filter(Q(period_end=None) | Q(period_end__gte=today))
    )
    return Goal.objects.filter(pk__in=terms.values("goal"))


def serving(actor: Actor) -> QuerySet[InitiativeGoal]:
    """Which initiative serves which goal that runs today."""
    return InitiativeGoal.objects.known_at(micros(actor.at)).filter(goal__in=running_goals(actor))


def holding(actor: Actor) -> QuerySet[Any]:
    """The ties of today that lead to a goal or to a trial that runs; the line of sight counts the same ones."""
    today = actor.day
    return known_links(actor).filter(
        Q(goal__in=running_goals(actor))
        | Q(initiative__in=serving(actor).values("initiative"))
        | Q(experiment__start__lte=today, experiment__end__gte=today)
    )


def served(ids: list[int] | None, actor: Actor) -> dict[int, tuple[Serves, ...]]:
    """What each account serves on the actor's day."""
    rows = holding(actor)
    if ids is not None:
        rows = rows.filter(holder__in=ids)
    found: dict[int, dict[tuple[str, int], Serves]] = defaultdict(dict)
    columns = (
        "holder",
        "goal_id",
        "goal__statement",
        "goal__key",
        "initiative_id",
        "initiative__title",
        "experiment_id",
        "experiment__title",
    )
    for account, goal, statement, key, initiative, title, trial, question in rows.values_list(
        *columns
    ):
        one = (
            Serves("goal", goal, statement or key)
            if goal
            else Serves("initiative", initiative, title)
            if initiative
            else Serves("experiment", trial, question)
        )
        found[account][one.kind, one.id] = one
    return {account: tuple(lines.values()) for account, lines in found.items()}


def listed(rows: Iterable[Account], actor: Actor) -> list[Listed]:
    """The same accounts with what they serve today and when they were last used; four queries whatever the number."""
    found = list(rows)
    ids = [account.pk for account in found]
    some = None if len(ids) > 1000 else ids
    lines = served(some, actor)
    used = {pk: (last, n) for pk, last, n in activity_of(some)}
    return [
        Listed(
            a,
            lines.get(a.pk, ()),
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


def weekly(ids: list[int], today: date) -> dict[int, list[int]]:
    """Activities of each account in each of the last twelve weeks, the oldest first."""
    first = today - timedelta(days=7 * SPARK_WEEKS - 1)
    found: dict[int, list[int]] = {pk: [0] * SPARK_WEEKS for pk in ids}
    rows = Rollup.objects.within(first, today).filter(account__in=ids)
    for account, day, n in rows.values_list("account", "day").annotate(s=Sum("n")):
        found[account][(day - first).days // 7] += n
    return found


def finding(row: Listed, today: date) -> str:
    """The one thing that is wrong with an account, worst first; '' where nothing is. The audit says what to do about it."""
    account = row.account
    idle = (today - row.last_activity).days if row.last_activity else None
    found = (
        (account.absent_since is not None, f"absent since {account.absent_since}"),
        (account.network_contradicts_host, "network contradicts its address"),
        (account.status == "found", "nobody has claimed it"),
        (not (account.owner_id or account.owner_email), "no owner"),
        (not row.has_line, "no line to a goal"),
        (idle is not None and idle >= IDLE_DAYS, f"silent for {idle} days"),
    )
    return next((words for true, words in found if true), "")


ORDERS = ("unit", "handle", "network", "owner", "status", "last_activity", "audience", "line")


def ordered(rows: QuerySet[Account], order: str, actor: Actor) -> list[int]:
    """The numbers of the accounts in the order that a list shows; `-` before a name turns it round.

    Accounts of which the ordering value is not known come last in both directions.
    """
    name = order.lstrip("-")
    down = order.startswith("-")
    if name not in ORDERS or name == "unit":
        ids = list(rows.values_list("pk", flat=True))
        return ids[::-1] if down and name == "unit" else ids
    columns = {
        "owner": F("owner__name"),
        "handle": F("handle"),
        "network": F("network"),
        "status": F("status"),
        "audience": F("audience"),
    }
    if name in columns:
        by = columns[name]
        key = by.desc(nulls_last=True) if down else by.asc(nulls_last=True)
        return list(rows.order_by(key, "handle", "pk").values_list("pk", flat=True))
    values: dict[int, Any] = {}
    if name == "line":
        values = {pk: lines[0].name for pk, lines in served(None, actor).items()}
    else:
        values = dict(rows.exclude(last_post_at=None).values_list("pk", "last_post_at"))
        for pk, last, _ in activity_of(None):
            values[pk] = max(last, values.get(pk, last))
    ids = list(rows.values_list("pk", flat=True))
    known = sorted((pk for pk in ids if pk in values), key=lambda pk: values[pk], reverse=down)
    return [*known, *(pk for pk in ids if pk not in values)]


@dataclass(frozen=True)
class Said:
    """A value that a file stated and that is not the account's own."""

    field: str
    value: str
    has: str
    where: str


def claims(account: Account) -> list[Said]:
    """What files state otherwise than the inventory, each with its file and line."""
    rows = list(Claim.objects.filter(account=account).order_by("field", "pk"))
    files = dict(
        ImportRun.objects.filter(pk__in={row.run for row in rows}).values_list("pk", "file_name")
    )
    return [
        Said(
            row.field.replace("_", " "),
            row.value,
            str(getattr(account, row.field, "") or ""),
            f"{files.get(row.run or 0, 'a file')}, line {row.line}" if row.line else "",
        )
        for row in rows
    ]


def listed_with(account: Account) -> list[Unit]:
    """Further Units that a file named beside the owning one."""
    return [row.unit for row in Share.objects.filter(account=account).select_related("unit")]


def homes(account: Account) -> list[Placement]:
    """Which Units owned the account, the present one first."""
    return list(
        Placement.objects.filter(account=account).select_related("unit").order_by("-known_from")
    )


def counted(actor: Actor) -> dict[str, dict[Any, tuple[int, int]]]:
    """(accounts, those without a line) by Unit and by network, of the accounts that the actor may see."""
    found: dict[str, dict[Any, tuple[int, int]]] = {"unit": {}, "network": {}}
    lines = set(holding(actor).values_list("holder", flat=True))
    rows = inventory(actor, Wanted()).order_by().select_related(None)
    for pk, unit, network in rows.values_list("pk", "unit_id", "network"):
        for name, key in (("unit", unit), ("network", network)):
            n, none = found[name].get(key, (0, 0))
            found[name][key] = (n + 1, none + (pk not in lines))
    return found
