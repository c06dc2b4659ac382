"""Proposals of the audit, and what people decide of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from socius.accounts.actions import enter_status
from socius.accounts.models import Account
from socius.activity.actions import record
from socius.kit.checks import one_of
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
    one_of(proposal, DECISIONS, field="proposal", what="proposal")
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
    one_of(decision, DECISIONS, field="decision", what="decision")
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
    row.status_before = account.status if decision == "retire" else ""
    row.save()
    if decision == "retire":
        enter_status(account, status="retiring", actor=actor, reason=reason)
    content = {"decision": decision, "reason": reason, "proposed": row.proposal, "rule": row.rule}
    record(actor, "account_decided", f"account:{account.pk}", account=account.pk, content=content)
    return row


@asks("account.decide")
@transaction.atomic
def withdraw_decisions(
    rows: Iterable[Proposal], *, actor: Actor, reason: str = "Taken back."
) -> list[Account]:
    """Takes decisions back, all or none: an account that was sent on its way out gets the state back that it had.

    The decisions stay in the history, marked; what a file had proposed is open again. Raises `Conflict` where something was decided
    about an account since, or where its state changed.
    """
    found = list(
        Proposal.objects.filter(pk__in=[r.pk for r in rows]).select_for_update(of=("self",)).order_by("-decided_at", "-pk")
    )  # fmt: skip
    return [withdrawn(row, actor, reason) for row in found]


def withdrawn(row: Proposal, actor: Actor, reason: str) -> Account:
    """One decision taken back; the caller has opened the transaction."""
    account = Account.objects.select_for_update().get(pk=row.account_id)
    require(actor, "account.decide", account)
    if not row.decided or row.withdrawn_at:
        raise Conflict(f"There is no decision about {account} to take back: it was withdrawn already.")  # fmt: skip
    later = Proposal.objects.filter(
        account=account, withdrawn_at=None, decided_at__gt=row.decided_at
    )
    if later.exists():
        raise Conflict(f"Something else was decided about {account} since: take the latest decision back first.")  # fmt: skip
    if row.status_before and account.status != "retiring":
        raise Conflict(f"{account} is {account.status} since that decision: change its state by hand.")  # fmt: skip
    row.withdrawn_at = actor.at
    row.save(update_fields=["withdrawn_at"])
    if row.status_before:
        enter_status(account, status=row.status_before, actor=actor, reason=reason)
    if row.source == "import":  # what the file says is open again
        Proposal.objects.create(account=account, proposal=row.proposal, rule=row.rule, inputs=row.inputs, source=row.source, run=row.run, line=row.line, proposed_at=row.proposed_at)  # fmt: skip
    content = {"decision": row.decided, "reason": reason}
    record(actor, "account_decision_withdrawn", f"account:{account.pk}", account=account.pk, content=content)  # fmt: skip
    return account


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
