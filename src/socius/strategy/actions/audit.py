"""Proposals of the audit, and what people decide of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from socius.accounts.actions import enter_status
from socius.accounts.models import Account
from socius.activity.actions import record
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor
from socius.strategy.models import Proposal

DECISIONS = ("keep", "consolidate", "retire", "verify")


@asks("account.edit")
@transaction.atomic
def propose(
    account: Account, *, actor: Actor, proposal: str, rule: str, inputs: dict[str, Any]
) -> Proposal:
    """Keeps what the audit proposes for an account, with the rule and what it looked at."""
    require(actor, "account.edit", account)
    if proposal not in DECISIONS:
        raise Invalid(
            f"{proposal!r} is no proposal.",
            field="proposal",
            repair=f"Use one of {', '.join(DECISIONS)}.",
        )
    row = Proposal.objects.create(
        account=account, proposal=proposal, rule=rule, inputs=inputs, proposed_at=actor.at
    )
    record(
        actor,
        "account_proposed",
        f"account:{account.pk}",
        account=account.pk,
        content={"proposal": proposal, "rule": rule},
    )
    return row


@asks("account.decide")
@transaction.atomic
def decide(
    account: Account,
    *,
    actor: Actor,
    decision: str,
    reason: str,
    rule: str = "",
    inputs: dict[str, Any] | None = None,
) -> Proposal:
    """A person's decision on an account. Retire starts the way out; the other decisions leave the account's state alone."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    require(actor, "account.decide", account)
    if decision not in DECISIONS:
        raise Invalid(
            f"{decision!r} is no decision.",
            field="decision",
            repair=f"Use one of {', '.join(DECISIONS)}.",
        )
    if not reason.strip():
        raise Invalid(
            "A decision needs a reason.",
            field="reason",
            repair="Say why in a sentence; it is kept in the ledger.",
        )
    if decision == "retire" and account.status in {"retiring", "archived"}:
        raise Conflict(f"{account} is {account.status} already.")
    row = Proposal.objects.filter(account=account, decided="").order_by("-pk").first() or Proposal(
        account=account,
        proposal=decision,
        rule=rule or "by_hand",
        inputs=inputs or {},
        proposed_at=actor.at,
    )
    row.decided, row.decided_at, row.decided_by, row.reason = (
        decision,
        actor.at,
        actor.person,
        reason,
    )
    row.save()
    if decision == "retire":
        enter_status(account, status="retiring", actor=actor, reason=reason)
    content = {"decision": decision, "reason": reason, "proposed": row.proposal, "rule": row.rule}
    record(actor, "account_decided", f"account:{account.pk}", account=account.pk, content=content)
    return row


@asks("account.decide")
@transaction.atomic
def decide_all(
    found: Iterable[tuple[Account, str, dict[str, Any]]],
    *,
    actor: Actor,
    decision: str,
    reason: str,
) -> list[Proposal]:
    """The same decision about several accounts, each with the rule that spoke and its inputs; about all of them or about none."""
    return [
        decide(account, actor=actor, decision=decision, reason=reason, rule=rule, inputs=inputs)
        for account, rule, inputs in found
    ]
