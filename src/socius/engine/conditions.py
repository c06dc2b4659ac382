"""Conditions of grants: pure functions of the instant and of facts. An unknown fact refuses: false on an allow, true on a deny."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# A lapse (of training, of a signature) must never add a Right: these alone may stand on a deny.
DENY_CONDITIONS = frozenset({"hours", "reach_tier", "language", "content_class", "on_accounts"})

Judge = Callable[[Any, Mapping[str, Any], int], "bool | None"]


def hours(value: Mapping[str, Any], facts: Mapping[str, Any], at: int) -> bool | None:
    """`{"zone": "Europe/Paris", "days": [1, 2], "from": "09:00", "until": "17:00"}`; days from Monday = 1."""
    local = (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(value["zone"]))
    clock = local.strftime("%H:%M")
    begin, end = value["from"], value["until"]
    inside = begin <= clock < end if begin <= end else clock >= begin or clock < end
    return inside and local.isoweekday() in value["days"]


def at_most(value: int, facts: Mapping[str, Any], at: int) -> bool | None:
    """The account's reach tier."""
    tier = facts.get("reach_tier")
    return None if tier is None else bool(tier <= value)


def among(fact: str) -> Judge:
    """The fact is one of the named values."""

    def judge(value: list[Any], facts: Mapping[str, Any], at: int) -> bool | None:
        known = facts.get(fact)
        return None if known is None else known in value

    return judge


def excludes_class(value: list[str], facts: Mapping[str, Any], at: int) -> bool | None:
    """The content is of none of the named classes."""
    known = facts.get("content_class")
    return None if known is None else known not in value


def contains_all(fact: str) -> Judge:
    """The set of facts (courses valid now, Policies signed) holds every named one."""

    def judge(value: list[str], facts: Mapping[str, Any], at: int) -> bool | None:
        known = facts.get(fact)
        return None if known is None else set(value) <= set(known)

    return judge


def is_so(fact: str) -> Judge:
    """The fact itself is true."""

    def judge(value: object, facts: Mapping[str, Any], at: int) -> bool | None:
        known = facts.get(fact)
        return None if known is None else bool(known)

    return judge


def below(value: int, facts: Mapping[str, Any], at: int) -> bool | None:
    """Acts in the last hour, counted inside the acting transaction."""
    done = facts.get("done_in_hour")
    return None if done is None else bool(done < value)


JUDGES: dict[str, Judge] = {
    "trained": contains_all("trained"),
    "signed": contains_all("signed"),
    "mfa_fresh": is_so("mfa_fresh"),
    "origin": among("session_origin"),
    "hours": hours,
    "reach_tier": at_most,
    "language": among("language"),
    "content_class": excludes_class,
    "assigned_only": is_so("assigned"),
    "public_only": is_so("public"),
    "max_per_hour": below,
    "initiative": contains_all("initiative"),
}
# `on_accounts` is judged on the object's own path; in a list it becomes SQL.
CONDITIONS = frozenset(JUDGES) | {"on_accounts"}


def both(own: Mapping[str, Any], fixed: Mapping[str, Any]) -> dict[str, Any]:
    """A grant's own conditions and those of its role: where both name one, both must hold."""
    joined = {**fixed, **own}
    for name in set(own) & set(fixed):
        mine, theirs = own[name], fixed[name]
        if isinstance(theirs, list):
            # These ask for all that they name.
            joined[name] = [*theirs, *mine]
        elif name == "max_per_hour":
            joined[name] = min(mine, theirs)
    return joined


def may_apply(
    conditions: Mapping[str, Any], facts: Mapping[str, Any], at: int, *, unknown: bool
) -> bool:
    """All conditions but `on_accounts`, which depends on the row."""
    for name, value in conditions.items():
        if name == "on_accounts":
            continue
        verdict = JUDGES[name](value, facts, at)
        if not (unknown if verdict is None else verdict):
            return False
    return True


def holds_for(
    conditions: Mapping[str, Any],
    account: int | None,
    facts: Mapping[str, Any],
    at: int,
    *,
    unknown: bool,
) -> bool:
    """All conditions, `on_accounts` against the account on the object's path."""
    named = conditions.get("on_accounts")
    if named is not None and not (unknown if account is None else account in named):
        return False
    return may_apply(conditions, facts, at, unknown=unknown)
