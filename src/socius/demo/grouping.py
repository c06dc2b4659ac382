"""The demonstration's declared account group and what was found of it. Its accounts became known on the as-of day, so it is declared late."""

from __future__ import annotations

from datetime import date, timedelta

from socius.accounts.models import Account
from socius.engine.demo.groups import STORES, visits
from socius.measure.actions import Declared, declare_group, estimate_effect
from socius.organisation.models import Actor, Unit
from socius.strategy.actions import load_values, set_series
from socius.strategy.actions.series import Point


def declare(actor: Actor, day: date) -> None:
    """The series, the group, and its estimate."""
    root = Unit.objects.get(kind="organisation")
    series, _ = set_series(root, actor=actor, key=STORES.series, name=STORES.series, measure_unit=STORES.unit, source="booking system", why=STORES.outcome, stated="outcome")  # fmt: skip
    load_values(series, points=[Point(at, value) for at, value in visits(day, 1)], actor=actor)
    accounts = Account.objects.current().filter(status="active").order_by("pk")[: STORES.accounts]
    said = Declared(STORES.name, STORES.why, day - timedelta(days=STORES.start), tuple(accounts), (series,))  # fmt: skip
    estimate_effect(declare_group(root, key=STORES.key, declared=said, actor=actor), series, actor=actor)  # fmt: skip
