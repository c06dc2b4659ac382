"""Leads as the sales system gives them back: where each came from, and whether it was won. No person is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from socius.activity.actions import Run, record, run_import
from socius.activity.models import ImportedRow, ImportRun
from socius.connectors.files import Report, Row, Upload
from socius.kit.errors import Invalid
from socius.measure.models import Lead
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit
from socius.strategy.actions import Names, Unknown, load_values, reject_unknown, set_series
from socius.strategy.actions.series import Point
from socius.strategy.models import Series

FIELDS = ("date", "source", "account_id", "post", "initiative_id", "stage", "decided_on", "amount", "currency", "withdrawn")  # fmt: skip
# What leads are counted as: name, unit, and why it is an outcome.
COUNTED = {
    "leads": ("Leads from social", "leads", "Leads that the sales system took in, by the day they came."),
    "won": ("Leads from social, won", "leads", "Leads that were won, by the day they were decided."),
}  # fmt: skip


@asks("outcome.import")
def import_leads(upload: Upload, *, actor: Actor) -> Report:
    """Reads leads and their verdicts (docs/reference/import.md); a later file says how those before it ended."""
    require(actor, "outcome.import", None)

    def apply(rows: Iterable[Row], run: Run) -> None:
        names = Names()
        for row in rows:
            take(row, run, names)

    return run_import(upload, kind="leads", who=actor, apply=apply)


def take(row: Row, run: Run, names: Names) -> None:
    """One lead. An empty cell says nothing, so a file of verdicts leaves the source as it was."""
    values = row.values
    try:
        said: dict[str, Any] = {
            "account_id": names.account(row.text("account"), row.text("network")).pk if row.text("account") else None,
            "initiative_id": names.initiative(row.text("initiative")).pk if row.text("initiative") else None,
        }  # fmt: skip
    except Unknown as unknown:
        reject_unknown(row, run, unknown)
        return
    said |= {n: values.get(n) for n in ("date", "source", "post", "stage", "decided_on", "amount", "currency")}  # fmt: skip
    given = {name: value for name, value in said.items() if value not in (None, "")}
    if given.get("amount") is not None and not given.get("currency"):
        run.reject(row, "invalid", "An amount without a currency says nothing.", column="currency")
        return
    lead = Lead.objects.filter(key=row.text("lead")).first()
    outcome, before = "created", None
    if lead is None:
        lead = Lead(key=row.text("lead"), run=run.id or None)
    else:
        changed = {n: getattr(lead, n) for n, v in given.items() if getattr(lead, n) != v}
        if lead.withdrawn:
            changed["withdrawn"] = True
        outcome = "updated" if changed else "unchanged"
        before = {n: v if v is None or isinstance(v, int | str) else str(v) for n, v in changed.items()}  # fmt: skip
    for name, value in {**given, "withdrawn": False}.items():
        setattr(lead, name, value)
    if outcome != "unchanged":
        lead.save()
    run.done(row, outcome, f"lead:{lead.pk}", before)


@asks("outcome.import")
def take_back_leads(run: ImportRun, *, actor: Actor) -> int:
    """Leads that an import brought count no more; those that it changed are as before."""
    require(actor, "outcome.import", None)
    touched = 0
    for line in ImportedRow.objects.filter(run=run, object__startswith="lead:"):
        lead = Lead.objects.filter(pk=int(line.object.partition(":")[2])).first()
        if lead is None or line.outcome not in ("created", "updated"):
            continue
        earlier = {"withdrawn": True} if line.outcome == "created" else line.before or {}
        for name, value in earlier.items():
            setattr(lead, name, typed(name, value))
        lead.save()
        touched += 1
    return touched


def typed(name: str, value: Any) -> Any:
    """A value of JSON as its column takes it."""
    if value is None or name not in {"date", "decided_on", "amount"}:
        return value
    return Decimal(value) if name == "amount" else date.fromisoformat(value)


@asks("outcome.import")
@transaction.atomic
def count_leads(unit: Unit, *, actor: Actor) -> list[Series]:
    """Writes leads and won leads by day as outcome series, nought where none came. Counted again, changed days are revisions."""
    require(actor, "outcome.import", unit)
    rows = Lead.objects.filter(withdrawn=False).exclude(account=None, initiative=None, post="")
    came: dict[date, int] = defaultdict(int)
    won: dict[date, int] = defaultdict(int)
    for day, stage, decided in rows.values_list("date", "stage", "decided_on"):
        came[day] += 1
        if stage == "won":
            won[decided or day] += 1
    if not came:
        raise Invalid("There are no leads that name an account, a post or an initiative.", field="leads", repair="Import them first.")  # fmt: skip
    made = []
    for key, counts in (("leads", came), ("won", won)):
        name, measure, why = COUNTED[key]
        series, _ = set_series(unit, actor=actor, key=name, name=name, measure_unit=measure, source="sales system", why=why, stated="outcome")  # fmt: skip
        days = range(min(came).toordinal(), max([*came, *won]).toordinal() + 1)
        points = [Point(date.fromordinal(d), Decimal(counts[date.fromordinal(d)])) for d in days]
        load_values(series, points=points, actor=actor)
        made.append(series)
    record(actor, "leads_counted", f"unit:{unit.pk}", unit=unit.pk, content={"leads": sum(came.values()), "won": sum(won.values())})  # fmt: skip
    return made
