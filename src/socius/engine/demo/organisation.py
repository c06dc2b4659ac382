"""The demonstration organisation as one value: its rows, and the truth about them."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from socius.engine.demo import cast, deeds, figures, inventory, rows, story, truth

LONGEST = 370  # the periods of the goals cover no more
SHORTEST = 120


@dataclass(frozen=True)
class Organisation:
    """Rows of the ten kinds and of effects, what no file can say (experiments, dated links), and the truth."""

    name: str
    zone: str
    seed: int
    as_of: date
    units: list[rows.UnitRow]
    people: list[rows.PersonRow]
    goals: list[rows.GoalRow]
    outcomes: list[rows.OutcomeRow]
    kpis: list[rows.KpiRow]
    accounts: list[rows.AccountRow]
    initiatives: list[rows.InitiativeRow]
    spend: list[rows.SpendRow]
    hours: list[rows.HoursRow]
    activity: list[rows.ActivityRow]
    effects: list[rows.EffectRow]
    experiments: list[rows.ExperimentRow]
    links: list[rows.LinkRow]
    truth: dict[str, Any]


TEN = (
    "units",
    "people",
    "goals",
    "outcomes",
    "kpis",
    "accounts",
    "initiatives",
    "spend",
    "hours",
    "activity",
)
FILES = (*TEN, "effects")
BESIDES = ("experiments", "links")


def generate(seed: int, *, as_of: date, accounts: int = 178, days: int = 365) -> Organisation:
    """The same organisation for the same arguments, to the byte. `as_of` is the last day with activity."""
    if not SHORTEST <= days <= LONGEST:
        raise ValueError(
            f"The demonstration runs over {SHORTEST} to {LONGEST} days; {days} were asked for."
        )
    on = story.Dates(as_of)
    team = cast.people(_source(seed, "people"))
    plan = inventory.make_accounts(_source(seed, "accounts"), accounts, team)
    done = sorted(
        deeds.Year(_source(seed, "activity"), plan, on, days).deeds(),
        key=lambda d: (d.row.at, d.row.object_id),
    )
    account_rows, doubles = inventory.account_rows(plan, _source(seed, "spellings"))
    spend, money = figures.spend(_source(seed, "spend"), on, days)
    hours, time = figures.hours(_source(seed, "hours"), plan, on, days)
    told = truth.tell(done, money, time, on)
    told |= {
        "seed": seed,
        "accounts": len(plan),
        "account_rows": len(account_rows),
        "activities": len(done),
    }
    told["planted"] = truth.planted(plan, doubles, on)
    return Organisation(
        name=cast.NAME,
        zone=cast.ZONE,
        seed=seed,
        as_of=as_of,
        units=cast.units(as_of),
        people=team,
        goals=story.goals(on),
        outcomes=figures.outcomes(_source(seed, "outcomes"), on),
        kpis=story.kpis(on),
        accounts=account_rows,
        initiatives=story.initiatives(on, _by_initiative(plan)),
        spend=spend,
        hours=hours,
        activity=[d.row for d in done],
        effects=story.effects(on),
        experiments=story.experiments(on),
        links=inventory.links(plan, on),
        truth=told,
    )


def _source(seed: int, part: str) -> random.Random:
    """A source of chance a part, so that a change in one leaves the others as they were."""
    return random.Random(f"{seed}:{part}")  # noqa: S311 - an invented organisation, nothing to guard


def _by_initiative(plan: Iterable[inventory.Account]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for account in plan:
        if account.initiative:
            out.setdefault(account.initiative, []).append(account.url)
    return out


def as_csv(organisation: Organisation, kinds: Sequence[str] = FILES) -> dict[str, str]:
    """File name -> text, as `socius import DIR` reads it. With `BESIDES` also what no import says."""
    return {f"{kind}.csv": _text(getattr(organisation, kind)) for kind in kinds}


def _text(listed: Sequence[Any]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if listed:
        writer.writerow([name.rstrip("_") for name in listed[0]._fields])
    writer.writerows(listed)
    return out.getvalue()
