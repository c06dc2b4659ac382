"""What would mend most, as a person would take it up: accounts without a goal are one piece of work a unit, not one an account."""

from __future__ import annotations

from collections import Counter
from typing import Any

from socius.engine.sight import Facts

GROUPED = "account_without_goal"


def worklist(breaks: list[dict[str, Any]], known: Facts) -> list[dict[str, Any]]:
    """Breaks, most activities first, with the accounts of a unit taken together: `accounts` says how many."""
    activities: Counter[int] = Counter()
    accounts: Counter[int] = Counter()
    rest = []
    for one in breaks:
        account = known.accounts.get(one["object"]["id"] or 0)
        if one["kind"] != GROUPED or account is None:
            rest.append({**one, "accounts": 0})
            continue
        activities[account.unit] += one["activities"]
        accounts[account.unit] += 1
    units = [
        {
            "kind": GROUPED,
            "object": {"type": "unit", "id": unit, "name": known.units.get(unit, "")},
            "activities": n,
            "accounts": accounts[unit],
            "fix": {
                "verb": "link",
                "href": f"/accounts/?unit={unit}&only=yes&line=no",
            },
        }
        for unit, n in activities.items()
    ]
    return sorted([*rest, *units], key=lambda b: -int(b["activities"]))
