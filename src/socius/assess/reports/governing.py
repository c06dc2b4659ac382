"""Who may decide what in the units that have active accounts, read from grants: the facts of rule C4, as far as grants tell.

Seven of the eight decisions are a Right here. Who trains and certifies is written down nowhere, so it is left out. A grant does not say
that its holder decides alone, and waiting times are not measured, so neither lowers the rule.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from socius.engine.assessment.facts import DecisionFacts
from socius.organisation.models import Actor, Person, Unit
from socius.organisation.reports import what_can

# A decision in the words of "nobody may ..." -> the Right whose holders take it.
DECISIONS = {
    "decide which accounts to open or retire": "account.decide",
    "publish": "post.publish",
    "reply to customers": "reply.send",
    "set the rules": "policy.edit",
    "choose tools (who sets the rules does)": "policy.edit",
    "press the kill switch": "kill.press",
    "see the numbers and report them": "analytics.view",
}


def decisions_of(actor: Actor, live: Any) -> tuple[DecisionFacts, ...] | None:
    """A row for each unit of the accounts in `live` and each decision; None without any such account."""
    units = Unit.objects.filter(pk__in=live.values("unit"), valid_until=None).order_by("name")
    people = Person.objects.filter(disabled_at=None, grants__deny=False).distinct()
    known = list(people)
    rows = []
    for unit in units:
        held = Counter(right for person in known for right in what_can(person, unit, actor))
        rows += [DecisionFacts(str(unit), say, held[right], 0) for say, right in DECISIONS.items()]
    return tuple(rows) or None
