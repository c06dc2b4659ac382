"""`socius accounts list|audit|decide|withdraw`"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from socius.accounts.models import Account
from socius.activity import jobs
from socius.cli.acting import acting, day_of
from socius.cli.output import dump, say, table
from socius.kit.errors import NotFound
from socius.organisation.actions import require
from socius.organisation.models import Actor, Unit
from socius.strategy.actions import decide_all, withdraw_decisions
from socius.strategy.reports import Audited, Listed, accounts, audit, decisions, listed


def run(args: argparse.Namespace) -> int:
    """The inventory, what the audit proposes, or a person's decisions."""
    actor = acting(args)
    jobs.bring_up_to_date()
    done = {"list": show, "audit": propose, "decide": decided, "withdraw": withdrawn}
    return done[args.what](args, actor)


def unit_of(args: argparse.Namespace) -> Unit | None:
    """The Unit of `--unit`."""
    if not args.unit:
        return None
    unit = Unit.objects.named(args.unit).first()
    if unit is None:
        raise NotFound(f"There is no unit {args.unit!r}.")
    return unit


def row(one: Listed) -> dict[str, Any]:
    """An account as JSON."""
    a = one.account
    return {
        "id": a.pk,
        "network": a.network,
        "handle": a.handle,
        "name": a.display_name,
        "url": a.url,
        "unit": a.unit.name,
        "owner": a.owner.email if a.owner else a.owner_email or None,
        "status": a.status,
        "language": a.language,
        "goals": list(one.goals),
        "initiatives": list(one.initiatives),
        "experiments": list(one.experiments),
        "last_activity": one.last_activity,
        "activities": one.activities,
        "audience": a.audience,
        "absent_since": a.absent_since,
    }


def show(args: argparse.Namespace, actor: Actor) -> int:
    """The inventory."""
    unit = unit_of(args)
    require(actor, "account.view", unit)
    found = accounts(actor, unit=unit, network=args.network, status=args.status)
    rows = [row(one) for one in listed(found[: args.limit] if args.limit else found, actor)]
    if args.json:
        dump({"total": found.count(), "accounts": rows})
        return 0
    head = ("id", "network", "handle", "unit", "status", "goal", "last_activity")
    table(
        head,
        [
            (
                *(r[n] for n in head[:5]),
                ", ".join(r["goals"] + r["initiatives"] + r["experiments"])[:50] or "no line",
                r["last_activity"],
            )
            for r in rows
        ],
    )
    say(f"{len(rows):,} of {found.count():,} accounts")
    return 0


def proposal(one: Audited) -> dict[str, Any]:
    """A proposal as JSON, with its rule and what the rule looked at."""
    p = one.proposal
    return {
        **row(one.listed),
        "proposal": p.decision,
        "rule": p.rule,
        "say": p.say,
        "inputs": p.inputs,
        "into": p.into,
        "by": p.by,
    }


def propose(args: argparse.Namespace, actor: Actor) -> int:
    """What the six rules propose; nothing is decided by it."""
    day = day_of(args.as_of, "as-of") or actor.day
    found = [
        one
        for one in audit(actor, today=day, unit=unit_of(args))
        if args.decision in {"", one.proposal.decision}
    ]
    if args.network:
        found = [one for one in found if one.listed.account.network == args.network]
    counts = Counter(one.proposal.decision for one in found)
    rules = Counter(one.proposal.rule for one in found)
    rows = [proposal(one) for one in (found[: args.limit] if args.limit else found)]
    if args.json:
        dump({"as_of": day, "counts": dict(counts), "rules": dict(rules), "accounts": rows})
        return 0
    say(
        f"{len(found):,} accounts as of {day}: "
        + ", ".join(f"{n:,} {name}" for name, n in counts.most_common())
    )
    head = ("id", "network", "handle", "unit", "proposal", "say")
    table(head, [[r[n] for n in head] for r in rows])
    say("A person decides: socius accounts decide ID ... --decision retire --reason TEXT")
    return 0


def decided(args: argparse.Namespace, actor: Actor) -> int:
    """Decisions with their author and reason."""
    if not args.ids or not args.decision:
        raise NotFound(
            "Which accounts, and what? socius accounts decide ID ... --decision keep|consolidate|retire|verify --reason TEXT"
        )
    known = named(args.ids)
    found: list[tuple[Account, str, dict[str, Any]]] = [(one, "", {}) for one in known.values()]
    decide_all(found, actor=actor, decision=args.decision, reason=args.reason)
    if args.json:
        dump({"decided": sorted(known), "decision": args.decision})
    else:
        say(f"{len(known)} decided: {args.decision}.")
    return 0


def named(ids: list[int]) -> dict[int, Account]:
    """The accounts with these numbers; raises `NotFound` with the first that is none."""
    known = {a.pk: a for a in Account.objects.filter(pk__in=ids)}
    missing = [i for i in ids if i not in known]
    if missing:
        raise NotFound(f"There is no account {missing[0]}.")
    return known


def withdrawn(args: argparse.Namespace, actor: Actor) -> int:
    """Takes the latest decision about each account back; all or none."""
    if not args.ids:
        raise NotFound("Which accounts? socius accounts withdraw ID ... [--reason TEXT]")
    known = named(args.ids)
    last = decisions(list(known))
    open_yet = [i for i in known if i not in last]
    if open_yet:
        raise NotFound(f"Nothing is decided about account {open_yet[0]}.")
    reason = args.reason or "Taken back."
    withdraw_decisions(last.values(), actor=actor, reason=reason)
    if args.json:
        dump({"withdrawn": sorted(known)})
    else:
        say(f"{len(known)} taken back; the history keeps what was decided.")
    return 0
