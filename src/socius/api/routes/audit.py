"""The audit of accounts: proposals by six rules, and what people decide."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from socius.api.acting import actor_of
from socius.api.finding import account, maybe
from socius.api.paging import Page, list_page
from socius.api.routes.accounts import decided_shape, row_shape
from socius.api.shapes.accounts import (
    AuditAsked,
    AuditedOut,
    DecideIn,
    DecisionsOut,
    WithdrawIn,
    WithdrawnOut,
)
from socius.kit.errors import NotFound
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor, Unit
from socius.strategy import reports
from socius.strategy.actions import decide_all, withdraw_decisions
from socius.strategy.models import Proposal
from socius.strategy.reports import Audited

TAG = "audit"
router = Router()


def wanted(one: Audited, asked: AuditAsked) -> bool:
    """Whether the filters let a proposal through."""
    return (
        asked.decision in {"", one.proposal.decision}
        and asked.rule in {"", one.proposal.rule}
        and asked.network in {"", one.listed.account.network}
        and (asked.show == "all" or one.open == (asked.show == "open"))
    )


@router.get("/audit", response=Page[AuditedOut])
def list_proposals(request: HttpRequest, asked: Query[AuditAsked]) -> dict[str, Any]:
    """What the six rules propose for each account, each with its rule and what it looked at."""
    actor = actor_of(request)
    require_somewhere(actor, "account.view")
    day = asked.as_of or actor.day
    where = maybe(Unit.objects.all(), asked.unit, actor, "account.view")
    rows = reports.judged(reports.accounts(actor, unit=where), actor, day)

    def shape(one: Audited) -> dict[str, Any]:
        said = one.proposal
        return {
            "account": row_shape(one.listed, day),
            "proposal": said.decision,
            "decided": decided_shape(one.decided) if one.decided else None,
            **{name: getattr(said, name) for name in ("rule", "say", "inputs", "into", "by")},
        }

    return list_page(
        [one for one in rows if wanted(one, asked)], asked, lambda one: one.listed.account.pk, shape
    )


def judged(numbers: list[int], actor: Actor) -> list[tuple[Any, str, dict[str, Any]]]:
    """The accounts with the rule that speaks about each, as the ledger keeps it beside the decision."""
    rows = [account(n, actor, "account.decide") for n in dict.fromkeys(numbers)]
    today = actor.day
    if len(rows) == 1:
        one = reports.audit_of(rows[0], actor, today)
        spoken = {rows[0].pk: one.proposal} if one else {}
    else:
        every = reports.judged(reports.accounts(actor), actor, today)
        spoken = {a.listed.account.pk: a.proposal for a in every}
    return [
        (row, said.rule, said.inputs) if (said := spoken.get(row.pk)) else (row, "", {})
        for row in rows
    ]


@router.post("/audit/decisions", response=DecisionsOut)
def decide_accounts(request: HttpRequest, given: DecideIn) -> dict[str, Any]:
    """Writes one decision about each of these accounts, or about none of them."""
    actor = actor_of(request)
    rows = decide_all(
        judged(given.accounts, actor), actor=actor, decision=given.decision, reason=given.reason
    )
    return {"decisions": map(decided_shape, rows)}


@router.post("/audit/decisions/withdraw", response=WithdrawnOut)
def withdraw(request: HttpRequest, given: WithdrawIn) -> dict[str, Any]:
    """Takes decisions back, all of them or none; what was on its way out gets the state back that it had."""
    actor = actor_of(request)
    rows = [decision(number, actor) for number in dict.fromkeys(given.decisions)]
    done = withdraw_decisions(rows, actor=actor, reason=given.reason)
    return {"accounts": sorted({a.pk for a in done})}


def decision(number: int, actor: Actor) -> Proposal:
    """A decision about an account on which the actor may decide."""
    row = Proposal.objects.filter(pk=number).exclude(decided="").first()
    if row is None:
        raise NotFound(f"There is no decision {number}.")
    account(row.account_id, actor, "account.decide")
    return row
