"""What the audit proposes, and what people have decided so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from socius.accounts.models import Account, Identity
from socius.activity.models import Rollup
from socius.engine.audit import AccountFacts, propose
from socius.engine.audit import Proposal as Proposed
from socius.organisation.actions import require
from socius.organisation.models import Actor, Unit
from socius.organisation.reports import visible
from socius.strategy.models import Proposal
from socius.strategy.reports.inventory import Listed, Wanted, accounts, inventory, listed

# A decision that rests on none of the audit's rules stands, whatever the audit finds.
WITHOUT_RULE = frozenset({"imported", "by_hand"})


@dataclass(frozen=True)
class Audited:
    """An account with what the audit proposes for it."""

    listed: Listed
    proposal: Proposed
    decided: Proposal | None = None

    @property
    def open(self) -> bool:
        """Nobody has decided about it since this rule speaks."""
        return self.decided is None


def audit(actor: Actor, *, today: date, unit: Unit | None = None) -> list[Audited]:
    """What the six rules propose for each account that the actor may see (capabilities G1 to G3)."""
    require(actor, "account.view", unit)
    return judged(accounts(actor, unit=unit), actor, today)


def judged(rows: Iterable[Account], actor: Actor, today: date) -> list[Audited]:
    """The rules over these accounts."""
    found = {row.account.pk: row for row in listed(rows, actor)}
    since = Rollup.objects.filter(n__gt=0).aggregate(first=Min("day"))["first"]
    last = decisions(None if len(found) > 500 else list(found))
    return [
        Audited(found[p.account], p, speaking(last.get(p.account), p.rule))
        for p in propose((facts_of(row, since) for row in found.values()), today=today)
    ]


def speaking(decision: Proposal | None, rule: str) -> Proposal | None:
    """The decision, where it is about what this rule found."""
    return decision if decision and decision.rule in {rule, *WITHOUT_RULE} else None


def decisions(ids: list[int] | None) -> dict[int, Proposal]:
    """The last decision about each account."""
    rows = Proposal.objects.exclude(decided="").filter(withdrawn_at=None).select_related("decided_by")  # fmt: skip
    if ids is not None:
        rows = rows.filter(account__in=ids)
    return {row.account_id: row for row in rows.order_by("decided_at", "pk")}


def audit_of(account: Account, actor: Actor, today: date) -> Audited | None:
    """What the rules propose for one account; only those are read that a rule could compare it with."""
    ids = {account.pk}
    if account.purpose:
        near = inventory(actor, Wanted(network=account.network)).filter(
            purpose__iexact=account.purpose
        )
        ids |= set(near.values_list("pk", flat=True))
    asked = Account.objects.current().exclude(custody__in=("", "unknown")).values_list("pk").first()
    rows = inventory(actor, Wanted()).filter(pk__in=ids | set(asked or ()))
    return next((a for a in judged(rows, actor, today) if a.listed.account.pk == account.pk), None)


def proposed_by_files(account: Account) -> list[Proposal]:
    """Decisions that files state and that no person has taken up yet."""
    return list(
        Proposal.objects.filter(account=account, source="import", decided="").order_by("-pk")
    )


def decided_before(account: Account) -> list[Proposal]:
    """Every decision about an account, the last one first."""
    rows = Proposal.objects.filter(account=account).exclude(decided="").select_related("decided_by")
    return list(rows.order_by("-decided_at", "-pk"))


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


@dataclass(frozen=True)
class Group:
    """Accounts that may be one."""

    why: str
    rows: tuple[Listed, ...]


def duplicates(actor: Actor, today: date) -> list[Group]:
    """Accounts that may be one: the same name on a network, or the audit says that one could stand for the other."""
    seen = inventory(actor, Wanted())
    alike: dict[tuple[str, str], set[int]] = defaultdict(set)
    names = Identity.objects.filter(account__in=seen.order_by(), kind__in=("name", "handle"))
    for network, key, account in names.values_list("network", "key", "account_id"):
        alike[network, key].add(account)
    groups = [("The same name on the same network", ids) for ids in alike.values() if len(ids) > 1]
    twins: dict[int, set[int]] = defaultdict(set)
    for one in judged(seen, actor, today):
        if one.proposal.into and one.open:
            twins[one.proposal.into] |= {one.proposal.into, one.listed.account.pk}
    groups += [("The same purpose, network, language and region", ids) for ids in twins.values()]
    wanted = {pk for _, ids in groups for pk in ids}
    rows = {row.account.pk: row for row in listed(seen.filter(pk__in=wanted), actor)}
    return [
        Group(
            why, tuple(sorted((rows[pk] for pk in ids), key=lambda r: -(r.account.audience or 0)))
        )
        for why, ids in groups
    ]


def merged(actor: Actor) -> list[Account]:
    """Accounts that became part of another, the latest first."""
    seen = visible(actor, "account.view", account="pk", own="account")
    rows = Account.objects.exclude(merged_into=None).filter(seen)
    return list(rows.select_related("merged_into", "unit").order_by("-merged_at")[:100])
