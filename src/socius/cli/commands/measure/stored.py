"""`socius measure estimate`, `group` and `replay`: effects that the organisation keeps, and the account groups they may be of."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from django.db.models import Model, Q, QuerySet

from socius.accounts.models import Account
from socius.cli.acting import acting, day_of
from socius.cli.output import dump, say, table
from socius.kit.errors import Invalid, NotFound, Usage
from socius.measure.actions import Declared, declare_group, estimate_effect, withdraw_group
from socius.measure.models import AccountGroup, Effect
from socius.measure.reports.effects import in_words, seen_effects
from socius.measure.reports.groups import group_shape, groups
from socius.measure.reports.inputs import Subject
from socius.measure.reports.replaying import replay
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor, Unit
from socius.organisation.reports import visible
from socius.strategy.models import Series
from socius.strategy.reports import initiatives


def run(args: argparse.Namespace) -> int:
    """Estimates and keeps (a refusal is an answer: status 0), or replays: status 1 where something else came out."""
    actor = acting(args)
    acts = {"estimate": estimated, "group": grouped, "replay": replayed}
    return acts[args.verb](args, actor)


def estimated(args: argparse.Namespace, actor: Actor) -> int:
    """One estimate, kept."""
    seen = Series.objects.filter(visible(actor, "analytics.view"))
    effect = estimate_effect(
        subject(args.subject, actor),
        one(seen, args.series, ("key", "name"), "series"),
        actor=actor,
        start=day_of(args.start, "start"),
        end=day_of(args.end, "end"),
        controls=tuple(one(seen, name, ("key", "name"), "series") for name in args.controls),
        seed=args.seed,
    )
    return told(effect, args)


def subject(named: str, actor: Actor) -> Subject:
    """The initiative of this key, title or number, else the declared group of this key or name."""
    group = AccountGroup.objects.filter(visible(actor, "analytics.view")).filter(Q(key__iexact=named) | Q(name__iexact=named)).first()  # fmt: skip
    try:
        found: Subject = one(initiatives(actor), named, ("key", "title"), "initiative or account group")  # fmt: skip
    except NotFound:
        if group is None:
            raise
        return group
    if group is not None:
        raise Invalid(f"{named!r} is an initiative and an account group.", field="subject", repair=f"Name the initiative by its number, {found.pk}, or the group by its key, {group.key}.")  # fmt: skip
    return found


def grouped(args: argparse.Namespace, actor: Actor) -> int:
    """Declares, lists, shows or takes back a group."""
    require_somewhere(actor, "analytics.view")
    rows = groups(actor).order_by("-start", "key")
    if args.act == "list":
        some = [group_shape(row) for row in rows]
        if args.json:
            dump({"groups": some})
        else:
            table(["key", "start", "end", "accounts", "outcomes", "sheet", "state"], [[r["key"], r["start"], r["end"] or "", len(r["accounts"]), ", ".join(r["outcome_keys"]), r["sheet"] or "", "withdrawn" if r["withdrawn"] else ""] for r in some])  # fmt: skip
        return 0
    if not args.key:
        raise Usage("The key of a group is needed.", field="key", repair="`socius measure group list` shows them.")  # fmt: skip
    group = declared(args, actor) if args.act == "declare" else one(rows, args.key, ("key",), "account group")  # fmt: skip
    if args.act == "withdraw":
        withdraw_group(group, actor=actor, reason=args.why)
        group.refresh_from_db()
    shown = group_shape(group)
    if args.json:
        dump(shown)
        return 0
    said = "taken back" if shown["withdrawn"] else f"from {group.start}"
    say(f"{group.name} ({group.key}), {said}: {len(shown['accounts'])} accounts, for {', '.join(shown['outcome_keys'])}. {group.why}")  # fmt: skip
    if group.late:
        say(f"It was declared on {group.declared_on}, when its first days could be seen.")
    if shown["sheet"]:
        say(f"Sheet {shown['sheet']} says what will be estimated: `socius measure experiment show {shown['sheet']}`.")  # fmt: skip
    return 0


def declared(args: argparse.Namespace, actor: Actor) -> AccountGroup:
    """A new group."""
    unit = one(Unit.objects.all(), args.unit, ("key",), "unit") if args.unit else Unit.objects.get(kind="organisation")  # fmt: skip
    series = Series.objects.filter(visible(actor, "analytics.view"))
    start = day_of(args.start, "start")
    if start is None:
        raise Usage("--start is missing: there is no before and after.", field="start", repair="Write the first day of what they do in common as 2026-11-30.")  # fmt: skip
    said = Declared(
        name=args.name or args.key,
        why=args.why,
        start=start,
        end=day_of(args.end, "end"),
        accounts=tuple(account(name, actor) for name in args.accounts),
        outcomes=tuple(one(series, name, ("key", "name"), "series") for name in args.outcomes),
    )
    return declare_group(unit, key=args.key, declared=said, actor=actor)


def account(named: str, actor: Actor) -> Account:
    """The one account of this number, handle or network/handle. Raises NotFound, or Invalid where several are called so."""
    network, _, handle = named.rpartition("/")
    said = Q(handle__iexact=handle.removeprefix("@")) | Q(handle__iexact=f"@{handle.removeprefix('@')}")  # fmt: skip
    rows = Account.objects.current().filter(visible(actor, "account.view"))
    if named.isdecimal() and len(named) < 19:
        said |= Q(pk=int(named))
    some = list(rows.filter(said & (Q(network__iexact=network) if network else Q()))[:2])
    if not some:
        raise NotFound(f"There is no account {named!r} that you may see.")
    if len(some) > 1:
        raise Invalid(f"More than one account is called {named!r}.", field="accounts", repair="Write network/handle, or its number.")  # fmt: skip
    return some[0]


def told(effect: Effect, args: argparse.Namespace) -> int:
    """A kept effect, in words or for programs."""
    if args.json:
        dump({"id": effect.pk, **(effect.answer or {}), "answer_sha256": effect.answer_hash})
    else:
        say(f"Effect {effect.pk}. {in_words(effect)}")
        say(f"Grade {effect.grade}: {effect.grade_reason}.")
    return 0


def replayed(args: argparse.Namespace, actor: Actor) -> int:
    """The effect computed again."""
    require_somewhere(actor, "analytics.view")
    effect: Effect = one(seen_effects(actor), str(args.effect), (), "effect")
    found = replay(effect)
    if args.json:
        dump({"id": effect.pk, **asdict(found), "stored": {"data_hash": effect.data_hash, "answer_hash": effect.answer_hash}})  # fmt: skip
    else:
        say(found.say)
    return 0 if found.same else 1


def one(rows: QuerySet[Any], named: str, columns: tuple[str, ...], what: str) -> Any:
    """The row of this number or name, or NotFound."""
    said = Q(pk=int(named)) if named.isdecimal() and len(named) < 19 else Q(pk=None)
    for column in columns:
        said |= Q(**{f"{column}__iexact": named})
    found: Model | None = rows.filter(said).first()
    if found is None:
        raise NotFound(f"There is no {what} {named!r} that you may see.")
    return found
