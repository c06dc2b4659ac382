"""Reads an inventory of accounts together with the goals that it names and the decisions that it proposes."""

from __future__ import annotations

from collections.abc import Iterable

from socius.accounts.actions import Filed, enter_status, file_accounts
from socius.activity.actions import Run, run_import
from socius.connectors.files import Report, Row, Upload
from socius.kit.clock import micros
from socius.organisation.actions import allowed, asks, require
from socius.organisation.models import Actor
from socius.strategy.actions.names import Names, Unknown
from socius.strategy.models import Link, Proposal


@asks("account.edit")
def import_accounts(upload: Upload, *, actor: Actor) -> Report:
    """Reads accounts (docs/reference/import.md). A `goal` column also asks `goal.edit`, a `decision` column `account.decide`."""
    require(actor, "account.edit", None)
    names = Names()

    def also(filed: list[Filed], run: Run) -> None:
        if run.report.columns["mapped"] and "goal" in run.report.columns["mapped"].values():
            tie(filed, run, actor, names)
        if "decision" in run.report.columns["mapped"].values():
            propose_imported(filed, run, actor)
        make_active(filed, run, actor)

    def apply(rows: Iterable[Row], run: Run) -> None:
        file_accounts(rows, run, actor=actor, also=also)

    return run_import(upload, kind="accounts", who=actor, apply=apply)


def tie(filed: list[Filed], run: Run, actor: Actor, names: Names) -> None:
    """Ties accounts to the goals that their rows name, from the beginning of time: the list says what is so, not since when."""
    stated = [(f, f.row.text("goal")) for f in filed if f.row.text("goal")]
    have = set(
        Link.objects.filter(
            account__in=[f.account for f, _ in stated], known_until=None
        ).values_list("account_id", "goal_id")
    )
    fresh = []
    for one, text in stated:
        if not allowed(actor, "goal.edit", one.account):
            run.note(
                one.row,
                "goal_not_tied",
                "You may not edit goals here: the account is filed, the goal is not tied.",
                column="goal",
            )
            continue
        try:
            goal = names.goal(text)
        except Unknown as unknown:
            run.note(
                one.row,
                "goal_not_tied",
                f"{unknown} The account is filed without it.",
                column="goal",
                repair=unknown.repair,
            )
            continue
        if (one.account.pk, goal.pk) not in have:
            have.add((one.account.pk, goal.pk))
            fresh.append(Link(account=one.account, goal=goal, known_from=micros(actor.at)))
    Link.objects.bulk_create(fresh, batch_size=500)


def propose_imported(filed: list[Filed], run: Run, actor: Actor) -> None:
    """Keeps decisions that the file states as proposals; a person decides."""
    fresh = [
        Proposal(
            account=f.account,
            proposal=f.row.text("decision"),
            rule="imported",
            source="import",
            run=run.id,
            line=f.row.line,
            proposed_at=actor.at,
        )
        for f in filed
        if f.row.text("decision")
        and f.outcome != "unchanged"
        and allowed(actor, "account.decide", f.account)
    ]
    Proposal.objects.bulk_create(fresh, batch_size=500)


def make_active(filed: list[Filed], run: Run, actor: Actor) -> None:
    """`active` is believed of accounts that have a goal and an owner; the others stay claimed, with a finding."""
    wanted = [f for f in filed if f.row.text("status") == "active" and f.account.status != "active"]
    if not wanted:
        return
    tied = set(
        Link.objects.filter(account__in=[f.account for f in wanted], known_until=None).values_list(
            "account_id", flat=True
        )
    )
    for one in wanted:
        account = one.account
        if (
            account.pk in tied
            and (account.owner_id or account.owner_email)
            and allowed(actor, "account.decide", account)
        ):
            enter_status(
                account,
                status="active",
                actor=actor,
                reason="Listed as active, with a goal and an owner.",
            )
        else:
            run.note(
                one.row,
                "active_without_goal",
                "Active needs a goal and an owner (and the Right account.decide): it stays claimed.",
                column="status",
                repair="Give the account a goal and an owner.",
            )
