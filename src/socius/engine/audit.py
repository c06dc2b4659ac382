"""The audit of accounts: keep, consolidate, retire or verify, by six rules of which the first that matches speaks.

Pure: it proposes, a person decides, and nothing here retires anything.

Readings of the rules where they leave room:
- *Custody* is asked only once any account of the inventory has a known one. In a fresh inventory nobody has been asked
  where a password lies; rule 1 would then match every row, say the same of all, and hide what the other five find.
- *Idle* is a number of days, or unknown. It is unknown unless activity was ever imported for the account, and unknown
  idleness never retires: silence in our files is not silence on the network.
- *Same audience* (rule 4) includes the network: a page and a channel of the same care team are two doors for different
  people. A purpose that is not stated is not the same as another that is not stated.
- Accounts that a person has already decided about (retiring, archived, rejected) get no proposal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

IDLE_DAYS = 180
NOTICE_DAYS = 30
DECIDED = frozenset({"retiring", "archived", "rejected"})

RULES = {
    "unverified": "Found but not claimed, or its owner or custody is unknown, or its network contradicts its address.",
    "idle_without_goal": "No goal, and nothing posted for as long as makes an account idle.",
    "active_without_goal": "In use without a goal.",
    "same_as_another": "Same purpose, audience, language and region as another account, which is stronger.",
    "short_of_hours": "It has a goal and needs more hours than it has.",
    "serves_a_goal": "It has an owner and a goal, and nothing speaks against it.",
}


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of one account on the day of the audit. None and '' mean unknown, never zero or no."""

    id: int
    state: str  # found, claimed, experiment, active, retiring, archived, rejected
    owner_known: bool
    custody: str = "unknown"  # vault, person, agency, unknown
    contradicts: bool = False  # the stated network is not that of the address
    # It serves a goal, itself or through an initiative, or a dated experiment that still runs.
    has_goal: bool = False
    last_activity: date | None = None
    activity_ever_imported: bool = False
    # The first day from which its activity would have been seen; tells how long an account without any has been silent.
    watched_since: date | None = None
    network: str = ""
    purpose: str = ""
    audience: str = ""
    language: str = ""
    region: str = ""
    hours_needed: float | None = None  # a week
    hours_available: float | None = None
    audience_size: int | None = None

    def idle_days(self, today: date) -> int | None:
        """Days without activity, at least; None where no activity was ever imported."""
        since = self.last_activity or self.watched_since
        if not self.activity_ever_imported or since is None:
            return None
        return max((today - since).days, 0)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the audit proposes for one account, with the rule that matched and what it looked at."""

    account: int
    decision: str  # keep, consolidate, retire, verify
    rule: str  # a key of RULES
    say: str
    inputs: dict[str, Any] = field(default_factory=dict)
    into: int | None = None  # the account to consolidate into, where there is one
    by: date | None = None  # the day by which it needs a goal


def propose(
    accounts: Iterable[AccountFacts],
    *,
    today: date,
    idle_after: int = IDLE_DAYS,
    notice: int = NOTICE_DAYS,
) -> list[Proposal]:
    """One proposal for each account that is still open to decision, in the order given."""
    facts = [a for a in accounts if a.state not in DECIDED]
    custody_asked = any(a.custody not in ("", "unknown") for a in facts)
    early = {a.id: _before_twins(a, today, idle_after, notice, custody_asked) for a in facts}
    stronger = _stronger_twins([a for a in facts if early[a.id] is None], today)
    by_id = {a.id: a for a in facts}
    out = []
    for a in facts:
        twin = stronger.get(a.id)
        proposal = early[a.id] or (_into(a, by_id[twin]) if twin is not None else _by_capacity(a))
        out.append(proposal)
    return out


def _doubts(a: AccountFacts, custody_asked: bool) -> dict[str, str]:
    doubts = {}
    if a.state == "found":
        doubts["state"] = "found, and nobody has claimed it"
    if not a.owner_known:
        doubts["owner"] = "its owner is unknown"
    if custody_asked and a.custody in ("", "unknown"):
        doubts["custody"] = "nobody knows who holds the password"
    if a.contradicts:
        doubts["network"] = "its stated network contradicts its address"
    return doubts


def _before_twins(
    a: AccountFacts, today: date, idle_after: int, notice: int, custody_asked: bool
) -> Proposal | None:
    """Rules 1 to 3."""
    doubts = _doubts(a, custody_asked)
    if doubts:
        say = f"Verify: {'; '.join(doubts.values())}."
        return Proposal(
            a.id, "verify", "unverified", say, {"state": a.state, "doubts": list(doubts)}
        )
    if a.has_goal:
        return None
    idle = a.idle_days(today)
    inputs: dict[str, Any] = {"goal": None, "idle_days": idle, "idle_after": idle_after}
    if idle is not None and idle >= idle_after:
        say = f"Retire: it serves no goal and has been silent for {idle} days."
        return Proposal(a.id, "retire", "idle_without_goal", say, inputs)
    by = today + timedelta(days=notice)
    known = (
        f"its last activity is {idle} day{'' if idle == 1 else 's'} old"
        if idle is not None
        else "no activity was ever imported"
    )
    say = f"Give it a goal by {by.isoformat()} or retire it: it serves none, and {known}."
    return Proposal(a.id, "verify", "active_without_goal", say, inputs, by=by)


def _strength(a: AccountFacts, today: date) -> tuple[int, int, int]:
    idle = a.idle_days(today)
    return (
        -1 if a.audience_size is None else a.audience_size,
        -(10**6 if idle is None else idle),
        -a.id,
    )


def _stronger_twins(accounts: Sequence[AccountFacts], today: date) -> dict[int, int]:
    """Rule 4: each weaker account of a group -> the strongest (audience, then latest activity, then oldest id)."""
    groups: dict[tuple[str, ...], list[AccountFacts]] = defaultdict(list)
    for a in accounts:
        key = tuple(
            " ".join(text.casefold().split())
            for text in (a.purpose, a.network, a.audience, a.language, a.region)
        )
        if key[0]:
            groups[key].append(a)
    out = {}
    for twins in groups.values():
        best = max(twins, key=lambda a: _strength(a, today))
        out.update({a.id: best.id for a in twins if a.id != best.id})
    return out


def _into(a: AccountFacts, best: AccountFacts) -> Proposal:
    inputs = {
        "purpose": a.purpose,
        "audience": a.audience,
        "language": a.language,
        "region": a.region,
        "audience_size": a.audience_size,
        "audience_size_of_other": best.audience_size,
    }
    say = "Consolidate: another account has the same purpose, audience, language and region, and is stronger."
    return Proposal(a.id, "consolidate", "same_as_another", say, inputs, into=best.id)


def _by_capacity(a: AccountFacts) -> Proposal:
    """Rules 5 and 6."""
    need, have = a.hours_needed, a.hours_available
    inputs = {"goal": True, "hours_needed": need, "hours_available": have}
    if need is not None and have is not None and need > have:
        say = f"Consolidate or fund: it needs {need:g} hours a week and has {have:g}."
        return Proposal(a.id, "consolidate", "short_of_hours", say, inputs)
    return Proposal(
        a.id, "keep", "serves_a_goal", "Keep: it has an owner and serves a goal.", inputs
    )
