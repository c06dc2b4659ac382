"""The signals behind the five needs, and the hub's hours by type."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from socius.accounts.models import Account
from socius.activity import reports as ledger
from socius.assess.models import NeedAnswer, Preset
from socius.engine.centre import Watch, Week, watch
from socius.engine.needs import BY_KEY, Case, Need, profile
from socius.kit.clock import micros
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy import reports

DAYS = 90


@dataclass(frozen=True)
class Needs:
    """The profile, what was answered beside it, and the preset in use."""

    rows: list[Need]
    notes: dict[str, str]
    preset: Case | None
    first: date
    last: date


def needs(actor: Actor, today: date) -> Needs:
    """The five needs of what the actor may see."""
    known = micros(actor.at)
    answers = NeedAnswer.objects.known_at(known).order_by("known_from")
    said = {row.use_case: row.level for row in answers}
    chosen = Preset.objects.known_at(known).order_by("-known_from").first()
    first = today - timedelta(days=DAYS - 1)
    return Needs(
        profile(signals(actor, first, today), said),
        {row.use_case: row.note for row in answers},
        BY_KEY.get(chosen.use_case) if chosen else None,
        first,
        today,
    )


def signals(actor: Actor, first: date, last: date) -> dict[str, float | None]:
    """What the data say of each need; None where no part of Socius sees it yet."""
    accounts = Account.objects.filter(
        visible(actor, "account.view", account="pk", own="account"),
        merged_into=None,
        withdrawn=False,
        status__in=("active", "experiment"),
    )
    seen = set(accounts.values_list("pk", flat=True))
    units = accounts.order_by().values("unit_id").distinct().count()
    done: dict[str, int] = defaultdict(int)
    for row in ledger.rollups(first, last, actor.at):
        if row[2] in seen or row[2] is None:
            done[row[7]] += row[8]
    ran = reports.initiatives(actor).filter(kind="external", start__isnull=False, end__isnull=False)
    year = ran.filter(start__lte=last, start__gt=last - timedelta(days=365)).count()
    return {
        "replies_a_day": done["replied"] / DAYS if done else None,
        "posts_a_week": done["posted"] * 7 / DAYS if done else None,
        "campaigns_a_year": float(year) if reports.initiatives(actor).exists() else None,
        "units_with_accounts": float(units) if seen else None,
        "linked_cases": None,
    }


def centre_watch(actor: Actor, hub: int) -> Watch:
    """The watch over one hub's hours that carry a type."""
    weeks: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for week, kind, linked, hours in reports.hub_hours(actor, hub):
        row = weeks[week]
        row[0] += float(hours) if kind == "request" else 0.0
        row[1] += float(hours)
        row[2] += float(hours) if linked else 0.0
    return watch(Week(monday, *row) for monday, row in weeks.items())
