"""What one unit of an outcome is worth, by a named person on a day; and insights, each with its act, owner and date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from socius.activity.actions import record
from socius.kit.clock import micros
from socius.kit.errors import Conflict, Invalid
from socius.measure.models import Effect, Insight, UnitWorth
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Person, Unit
from socius.strategy.models import Initiative, Series

KINDS = ("revenue", "saving")
OUTCOMES = ("done", "dropped")


class Amounts(NamedTuple):
    """A range in a currency, per unit of the outcome."""

    low: Decimal
    likely: Decimal
    high: Decimal
    currency: str
    kind: str = "revenue"


@asks("effect.record")
@transaction.atomic
def state_worth(series: Series, *, amounts: Amounts, why: str, actor: Actor) -> UnitWorth:
    """Says what a unit of an outcome is worth; a further statement closes the former. Only outcomes are worth something."""
    require(actor, "effect.record", series)
    if series.class_name != "outcome":
        raise Invalid(f"{series} is {series.class_name}; only an outcome is worth money.", field="series", repair="Choose an outcome.")  # fmt: skip
    if not 0 < amounts.low <= amounts.likely <= amounts.high:
        raise Invalid("The three figures do not rise from above 0.", field="low", repair="Give low, likely and high in that order; for what should fall choose the kind saving.")  # fmt: skip
    if len(amounts.currency) != 3 or not amounts.currency.isalpha():
        raise Invalid(f"{amounts.currency!r} is no currency code.", field="currency", repair="Use three letters, such as EUR.")  # fmt: skip
    if amounts.kind not in KINDS:
        raise Invalid(f"{amounts.kind!r} is neither revenue nor saving.", field="kind", repair="Choose one.")  # fmt: skip
    if not why.strip():
        raise Invalid("There is no reason.", field="why", repair="Say where the figure comes from.")
    UnitWorth.objects.filter(series=series, known_until=None).update(known_until=micros(actor.at))
    made = UnitWorth.objects.create(
        series=series,
        kind=amounts.kind,
        low=amounts.low,
        likely=amounts.likely,
        high=amounts.high,
        currency=amounts.currency.upper(),
        why=why.strip()[:500],
        owner=actor.person,
        stated_on=actor.day,
        known_from=micros(actor.at),
    )
    content = {name: str(value) for name, value in amounts._asdict().items()} | {"why": made.why}
    record(actor, "worth_stated", f"series:{series.pk}", unit=series.unit_id, content=content)
    return made


class Noticed(NamedTuple):
    """An insight to be."""

    say: str
    act: str
    owner: Person | None
    due: date | None
    evidence: str = ""
    initiative: Initiative | None = None
    effect: Effect | None = None


@asks("effect.record")
@transaction.atomic
def note_insight(unit: Unit, *, noticed: Noticed, actor: Actor) -> Insight:
    """Keeps an insight. Invalid without an act, an owner and a date from today on: what nobody does anything about is not kept."""
    require(actor, "effect.record", unit)
    for field, say, repair in (
        ("say", "There is nothing that was noticed.", "Say it in a sentence."),
        ("act", "There is no act.", "Say what is done about it."),
    ):
        if not str(getattr(noticed, field)).strip():
            raise Invalid(say, field=field, repair=repair)
    if noticed.owner is None:
        raise Invalid("Nobody does it.", field="owner", repair="Name who does.")
    if noticed.due is None or noticed.due < actor.day:
        raise Invalid("There is no day until which it is done, or it has passed.", field="due", repair="Choose a day from today on.")  # fmt: skip
    made = Insight.objects.create(
        **{**noticed._asdict(), "say": noticed.say.strip(), "act": noticed.act.strip()},
        unit=unit,
        made_at=actor.at,
        made_by=actor.person,
    )
    content = {"say": made.say, "act": made.act, "owner": f"person:{noticed.owner.pk}", "due": str(made.due)}  # fmt: skip
    about = noticed.initiative.pk if noticed.initiative else None
    record(actor, "insight_noted", f"insight:{made.pk}", unit=unit.pk, initiative=about, content=content)  # fmt: skip
    return made


@asks("effect.record")
@transaction.atomic
def close_insight(insight: Insight, *, outcome: str, result: str, actor: Actor) -> Insight:
    """What came of it: done, or dropped, with words in both cases."""
    row = Insight.objects.select_for_update().get(pk=insight.pk)
    require(actor, "effect.record", row)
    if row.closed_at is not None:
        raise Conflict(f"It was closed on {row.closed_at:%Y-%m-%d}.")
    if outcome not in OUTCOMES:
        raise Invalid(f"{outcome!r} is neither done nor dropped.", field="outcome", repair="Choose one.")  # fmt: skip
    if not result.strip():
        raise Invalid("There are no words on what came of it.", field="result", repair="Say it in a sentence.")  # fmt: skip
    row.closed_at, row.closed_by = actor.at, actor.person
    row.outcome, row.result = outcome, result.strip()[:500]
    row.save()
    content = {"outcome": outcome, "result": row.result}
    record(actor, "insight_closed", f"insight:{row.pk}", unit=row.unit_id, initiative=row.initiative_id, content=content)  # fmt: skip
    return row


@asks("effect.record")
@transaction.atomic
def reopen_insight(insight: Insight, *, actor: Actor, due: date) -> Insight:
    """Opens it again, with a new day."""
    row = Insight.objects.select_for_update().get(pk=insight.pk)
    require(actor, "effect.record", row)
    if row.closed_at is None:
        raise Conflict("It is open.")
    if due < actor.day:
        raise Invalid(f"{due} has passed.", field="due", repair="Choose a day from today on.")
    row.closed_at, row.closed_by, row.outcome, row.result, row.due = None, None, "", "", due
    row.save()
    record(actor, "insight_reopened", f"insight:{row.pk}", unit=row.unit_id, initiative=row.initiative_id, content={"due": str(due)})  # fmt: skip
    return row
