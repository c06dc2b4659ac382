"""The line of sight in one form for screen, API and command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import connection

from socius.activity import reports as ledger
from socius.activity.models import Entry
from socius.engine import drift
from socius.engine.published import figure
from socius.engine.sight import LEVELS, Facts, Sight
from socius.engine.sight.counts import block_of, report, shares
from socius.engine.sight.walk import NONE
from socius.measure.reports.facts import Asked, activity, facts, hours, spend
from socius.measure.reports.worklist import worklist
from socius.organisation.actions import require, require_somewhere
from socius.organisation.models import Actor, Unit
from socius.organisation.reports import visible_units

# The one act that mends each kind of break: (verb, address with the object's number).
FIXES = {
    "account_without_goal": ("link", "/accounts/{id}/#tie"),
    "initiative_without_goal": ("serve_goals", "/initiatives/{id}/#goals"),
    "goal_without_owner": ("set_goal", "/goals/{id}/edit/"),
    "goal_without_outcome_kpi": ("set_kpi", "/goals/{id}/kpi/"),
    "kpi_without_series": ("import_outcomes", "/goals/{id}/#kpis"),
    "series_stale": ("import_outcomes", "/series/{id}/"),
    "no_effect": ("record_effect", "/{type}s/{id}/#effects"),
    "account_unknown": ("import_accounts", "/import/?kind=accounts"),
}

MOST_REMEMBERED = 32
REMEMBERED: dict[tuple[Any, ...], tuple[str, dict[str, Any]]] = {}


def line_of_sight(actor: Actor, question: Asked, unit: Unit | None = None) -> tuple[Sight, Facts]:
    """The line of sight that the actor may see: of a Unit and those below it, else of all that is visible to them."""
    require_to_see(actor, unit)
    known = facts(question)
    scope = scope_of(actor, unit)
    rows = activity(question, scope, known)
    return report(
        known, rows, question.window, hours(question, scope), spend(question, scope)
    ), known


def require_to_see(actor: Actor, unit: Unit | None) -> None:
    """Raises `Refused` unless the actor may see figures of the Unit, or, where none is named, of any."""
    if unit is None:
        require_somewhere(actor, "analytics.view")
    else:
        require(actor, "analytics.view", unit)


def scope_of(actor: Actor, unit: Unit | None) -> frozenset[int] | None:
    """The Units that are counted; None: everything, activity of accounts that nobody listed included."""
    seen = visible_units(actor, "analytics.view")
    if unit is not None:
        return frozenset(seen.within(unit).values_list("pk", flat=True))
    found = frozenset(seen.values_list("pk", flat=True))
    return None if len(found) == Unit.objects.count() else found


def version(question: Asked) -> str:
    """Changes whenever anything was written (every change has its row in the ledger) and whenever the day does."""
    seq, digest = ledger.head()
    # On PostgreSQL rows wait a moment for their number; what they say is there already.
    waiting = Entry.objects.filter(seq=None)
    newest = waiting.order_by("-id").values_list("id", flat=True).first()
    apart = f":{waiting.count()}:{bytes(newest).hex()}" if newest else ""
    return f"{question.window.as_of}:{seq}:{digest.hex()[:12]}{apart}"


def named(known: Facts, kind: str, pk: int | None) -> str:
    """What a person calls an object."""
    names: Mapping[str, Mapping[int, Any]] = {
        "account": known.accounts,
        "goal": known.goals,
        "initiative": known.initiatives,
        "series": known.series,
        "experiment": known.experiments,
        "unit": known.units,
    }
    found = names[kind].get(pk or 0)
    if found is None:
        return "accounts that the inventory does not know" if kind == "account" else ""
    return found if isinstance(found, str) else str(found.name)


def parts(sight: Sight, known: Facts, name: str) -> list[dict[str, Any]]:
    """Units or networks with their blocks; these partition the total."""
    rows = []
    for key, block in sight.by(name).items():
        label = known.units.get(key, "not in the inventory") if name == "unit" else key or "none"
        share = (block["total"] - block["none"]) / block["total"] if block["total"] else None
        rows.append({"key": key, "name": label, **block, "share": share})
    return sorted(rows, key=lambda r: (-r["total"], str(r["name"])))


def goals(sight: Sight, known: Facts) -> list[dict[str, Any]]:
    """Goals with what reaches them; an activity that serves two goals stands under both."""
    found = sight.by_goal()
    rows = [
        {
            "id": pk,
            "key": goal.key,
            "name": goal.name,
            **found.get(pk, dict.fromkeys(("total", *LEVELS), 0)),
        }
        for pk, goal in known.goals.items()
    ]
    return sorted(rows, key=lambda r: (-int(r["total"]), str(r["key"])))


def breaks(sight: Sight, known: Facts) -> list[dict[str, Any]]:
    """Where walks end, most activities first, each with the act that mends it."""
    rows = []
    for kind, of, pk, n in sight.breaks():
        verb, href = FIXES[kind]
        rows.append(
            {
                "kind": kind,
                "object": {"type": of, "id": pk, "name": named(known, of, pk)},
                "activities": n,
                "fix": {"verb": verb, "href": href.format(type=of, id=pk)},
            }
        )
    return rows


def trend(sight: Sight) -> list[dict[str, Any]]:
    """Weeks (by their Monday) with their blocks."""
    return [{"week": week.isoformat(), **block} for week, block in sorted(sight.by("week").items())]


def flow(sight: Sight, known: Facts) -> list[dict[str, Any]]:
    """The flows of the picture: unit, initiative, goal, series, level, activities; the largest first."""
    rows = [
        {
            "unit": known.units.get(unit, "not in the inventory"),
            "initiative": known.initiatives.get(initiative or 0),
            "goal": known.goals[goal].name if goal and goal in known.goals else None,
            "series": known.series[series].name if series and series in known.series else None,
            "level": level,
            "activities": n,
        }
        for (unit, initiative, goal, series, level), n in sight.flow().items()
    ]
    names = ("unit", "initiative", "goal", "series", "level")
    return sorted(rows, key=lambda row: (-row["activities"], *(row[n] or "" for n in names)))


def alarm(sight: Sight) -> dict[str, Any] | None:
    """A17: over half a year, the share falls while volume grows. None where nothing alarms."""
    last = sight.window.last
    first = last - timedelta(weeks=drift.PERIOD)
    total: Counter[date] = Counter()
    lined: Counter[date] = Counter()
    for where, n in (*sight.earlier.items(), *sight.tally.items()):
        total[where.week] += n
        lined[where.week] += n if where.stop.level > NONE else 0
    # A week that is cut by the window's end would look like a fall in volume.
    found = drift.watch(
        (week, total[week], lined[week])
        for week in sorted(total)
        if week >= first and week + timedelta(days=6) <= last
    )
    return asdict(found) if found.alarm else None


def as_json(sight: Sight, known: Facts, question: Asked) -> dict[str, Any]:
    """The contract of docs/reference/line-of-sight.md."""
    block = sight.block()
    return {
        "as_of": question.window.as_of.isoformat(),
        "known_at": question.known.isoformat(),
        "from": question.window.first.isoformat(),
        "to": question.window.last.isoformat(),
        "activity": block,
        **shares(block),
        "by_unit": parts(sight, known, "unit"),
        "by_network": parts(sight, known, "network"),
        "by_goal": goals(sight, known),
        "by_goal_note": "An activity that serves two goals is counted under both: this table does not add up to the total.",
        "hours": sight.hours or block_of(()),
        "spend": sight.spend,
        "breaks": (ends := breaks(sight, known)),
        "worklist": worklist(ends, known)[:25],
        "trend": trend(sight),
        "flow": flow(sight, known),
        "drift": alarm(sight),
        "published": figure("metrics_tied").short(),
    }


def sighted(actor: Actor, question: Asked, unit: Unit | None = None) -> dict[str, Any]:
    """`as_json`, remembered in this process until something is written: the first page does not walk it anew at each call."""
    require_to_see(actor, unit)
    scope = scope_of(actor, unit)
    key = (question.window, scope, connection.settings_dict["NAME"])
    now = version(question)
    kept = REMEMBERED.get(key)
    if kept is None or kept[0] != now:
        kept = (now, as_json(*line_of_sight(actor, question, unit), question))
        REMEMBERED[key] = kept
        while len(REMEMBERED) > MOST_REMEMBERED:
            REMEMBERED.pop(next(iter(REMEMBERED)))
    return kept[1]


__all__ = ["as_json", "line_of_sight", "sighted", "trend", "version"]
