"""Reads an inventory of accounts together with the goals that it names and the decisions that it proposes."""

from __future__ import annotations

from collections.abc import Iterable

from socius.accounts.actions import Filed, file_accounts
from socius.activity.actions import Run, run_import
from socius.connectors.files import Report, Row, Upload
from socius.kit.clock import micros
from socius.kit.errors import Invalid, Refused
from socius.organisation.actions import allowed, asks, require
from socius.organisation.models import Actor
from socius.strategy.actions.initiatives import activate
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
    """Keeps decisions that the file states as proposals; a person decides. What a file proposed before is not proposed anew."""
    stated = [(f, f.row.text("decision")) for f in filed if f.row.text("decision")]
    latest = dict(
        Proposal.objects.filter(account__in=[f.account for f, _ in stated], source="import")
        .order_by("pk")
        .values_list("account_id", "proposal")
    )
    fresh = []
    for one, decision in stated:
        if latest.get(one.account.pk) == decision:
            continue
        if not allowed(actor, "account.decide", one.account):
            run.note(
                one.row,
                "decision_not_kept",
                "You may not decide on accounts here: the account is filed, the decision is not kept.",
                column="decision",
                repair="Ask for the Right account.decide.",
            )
            continue
        latest[one.account.pk] = decision
        fresh.append(
            Proposal(
                account=one.account,
                proposal=decision,
                rule="imported",
                source="import",
                run=run.id,
                line=one.row.line,
                proposed_at=actor.at,
            )
        )
    Proposal.objects.bulk_create(fresh, batch_size=500)


def make_active(filed: list[Filed], run: Run, actor: Actor) -> None:
    """`active` is believed of accounts that have a goal and an owner; the others stay claimed, with a finding."""
    for one in filed:
        if one.row.text("status") == "active" and one.account.status != "active":
            try:
                activate(one.account, actor=actor, reason="Listed as active.")
            except (Invalid, Refused) as error:
                run.note(
                    one.row,
                    "active_without_goal",
                    f"It stays {one.account.status}: {error}",
                    column="status",
                )
