"""The truth file: what the line of sight must find, counted from the plan's own fates while the rows were written.

It looks at no row, no link and no date of an effect: every number is a sum over what the author meant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from socius.engine.demo.cast import ZONE
from socius.engine.demo.deeds import Deed, week_of
from socius.engine.demo.figures import BOUGHT, BOUGHT_AGO, SERIES
from socius.engine.demo.inventory import Account, dormant
from socius.engine.demo.story import PLANTED_EFFECTS, Dates, Fate

WINDOW = 90
LEVELS = ("none", "goal", "outcome", "fresh", "measured")
GRADES = "ABCDE"

Lines = list[tuple[date, Decimal, Fate]]


def counted(levels: Counter[str]) -> dict[str, int]:
    """A block of level counts with its total."""
    return {"total": sum(levels.values()), **{level: levels[level] for level in LEVELS}}


def headline(fates: Iterable[Fate], *, computes: bool = True) -> dict[str, Any]:
    """Counts by level, the measured ones by grade, and the shares that stand on the first screen."""
    fates = list(fates)
    levels = Counter(f.level for f in fates)
    grades = Counter(f.grade for f in fates if f.level == "measured")
    total = len(fates)
    block: dict[str, Any] = counted(levels)
    block["measured"] = {grade: grades[grade] for grade in GRADES}
    # Every effect of the plan is by hand; Socius estimates some itself, and where it refuses, the one by hand goes on speaking.
    estimated = Counter(
        f.estimated for f in fates if computes and f.level == "measured" and f.estimated
    )
    block["by_hand"] = levels["measured"] - estimated.total()
    over = total or 1
    return {
        "activity": block,
        "estimated": dict(sorted(estimated.items())),
        "share": (total - levels["none"]) / over,
        "share_fresh": (levels["fresh"] + levels["measured"]) / over,
        "share_measured": levels["measured"] / over,
        "share_measured_ab": (grades["A"] + grades["B"]) / over,
    }


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Level counts by key, from (key, level)."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for key, level in pairs:
        groups[key][level] += 1
    return {key: counted(groups[key]) for key in sorted(groups)}


def breaks(deeds: Iterable[Deed]) -> list[dict[str, Any]]:
    """What stops the best line of each activity, by object, the most activities first."""
    found = Counter(
        (d.fate.stop, d.fate.stop_type, d.fate.stop_object) for d in deeds if d.fate.stop
    )
    rows = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"kind": kind, "type": type_, "object": name, "activities": n}
        for (kind, type_, name), n in rows
    ]


def amounts(lines: Lines, first: date, last: date) -> dict[str, str]:
    """Money or hours by level, of the lines whose day (for hours: whose Monday) lies in the window."""
    sums = {level: Decimal(0) for level in LEVELS}
    for day, amount, fate in lines:
        if first <= day <= last:
            sums[fate.level] += amount
    return {
        "total": f"{sum(sums.values()):.2f}",
        **{level: f"{value:.2f}" for level, value in sums.items()},
    }


def weekly(deeds: Iterable[Deed]) -> list[list[Any]]:
    """(Monday, activities, those with a line to a goal) over the whole year."""
    total: Counter[date] = Counter()
    lined: Counter[date] = Counter()
    for deed in deeds:
        week = week_of(deed.day)
        total[week] += 1
        lined[week] += deed.fate.level != "none"
    return [[week.isoformat(), total[week], lined[week]] for week in sorted(total)]


def planted(accounts: list[Account], doubles: list[dict[str, str]], on: Dates) -> dict[str, Any]:
    """The facts that other parts of the product must find again."""
    by_pool: dict[str, list[str]] = defaultdict(list)
    for account in accounts:
        by_pool[account.pool].append(account.key)
    level = {plan.name: plan.level for plan in SERIES}
    silent = [a for a in accounts if dormant(a)]
    return {
        "rogues": by_pool["rogue"],
        "dormant": [{"account": a.key, "last_activity": a.last_post, "goal": a.goal} for a in silent],
        "to_retire": [a.key for a in silent if a.last_post and not a.goal],
        "without_goal_in_use": [a.key for a in accounts if a.pool in ("brand", "adrift") and a.last_post and not a.csv_fates],
        "duplicates": doubles,
        "experiment_accounts": by_pool["trial"],
        "effects": [
            {"initiative": key, "series": series, "from": on.text(start), "relative": lift, "absolute": round(level[series] * lift, 3)}
            for key, series, start, lift in PLANTED_EFFECTS
        ],
        "stale_series": ["Reputation index"],
        "bought_followers": {"series": "Community size", "from": on.text(BOUGHT_AGO), "number": BOUGHT},
        "drift": {"alarm": True, "says": "the share with a line to a goal falls for half a year while activity grows"},
    }  # fmt: skip


def tell(deeds: list[Deed], money: Lines, time: Lines, on: Dates) -> dict[str, Any]:
    """The report of the default window, as planned."""
    last = on.as_of
    first = last - timedelta(days=WINDOW - 1)
    seen = [d for d in deeds if first <= d.day <= last]
    return {
        "as_of": last.isoformat(),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "zone": ZONE,
        **headline(d.fate for d in seen),
        "by_unit": grouped((d.unit, d.fate.level) for d in seen),
        "by_network": grouped((d.row.network, d.fate.level) for d in seen),
        "by_goal": grouped(pair for d in seen for pair in d.fate.goals),
        "breaks": breaks(seen),
        "hours": amounts(time, first, last),
        "spend": amounts(money, first, last),
        # What is left when only the ten kinds and the effects are imported: no experiments, no dated links.
        "ten_kinds_only": headline((d.csv_fate for d in seen), computes=False),
        "weekly": weekly(deeds),
    }
