"""The demonstration's leads, from account to verdict, and one initiative whose estimate was promised on a sheet before it began."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from socius.accounts.models import Account
from socius.demo.trials import at_day
from socius.engine.demo import leads as told
from socius.kit.errors import SociusError
from socius.measure.actions import (
    IMPORTERS,
    Terms,
    Upload,
    count_leads,
    estimate_effect,
    register_design,
)
from socius.organisation.models import Actor, Unit
from socius.strategy.actions import load_values, set_initiative, set_series
from socius.strategy.actions.series import Point
from socius.strategy.models import Initiative, Series

WHY_CONTROL = "Appliances that reached their owners; what is sold with them cannot change that."
THROUGH = 9  # accounts through which leads come


def promise(actor: Actor, day: date) -> None:
    """The sheet, before the start, from what was known then."""
    plan = told.PROMISED
    who = at_day(actor, day, plan.registered)
    root = Unit.objects.get(kind="organisation")
    start = day - timedelta(days=plan.start)
    last = start + timedelta(days=plan.days - 1)
    made, _ = set_initiative(root, actor=who, key=plan.initiative, title=plan.title, status="running", start=start, end=last)  # fmt: skip
    for name, why in ((plan.series, plan.why), (plan.control, WHY_CONTROL)):
        set_series(root, actor=who, key=name, name=name, measure_unit=plan.unit if name == plan.series else "appliances", source="service system", why=why, stated="outcome")  # fmt: skip
    load(day, plan.start + told.PAST, plan.registered + 1, who)
    controls = (Series.objects.get(key=plan.control),)
    terms = Terms(start, last, plan.worth, controls)
    register_design(made, Series.objects.get(key=plan.series), terms=terms, actor=who)


def load(day: date, first: int, last: int, who: Actor) -> None:
    """Values of both series, from so many days back to so many."""
    points: dict[str, list[Point]] = defaultdict(list)
    for at, name, value in told.promised(day, last):
        if (day - at).days <= first:
            points[name].append(Point(at, Decimal(value)))
    for name, some in points.items():
        load_values(Series.objects.get(key=name), points=some, actor=who)


def close(actor: Actor, day: date, seed: int) -> None:
    """What followed: the estimate that was promised, and the leads with their verdicts."""
    plan = told.PROMISED
    load(day, plan.registered, 1, actor)
    series, control = (Series.objects.get(key=name) for name in (plan.series, plan.control))
    last = day - timedelta(days=plan.start - plan.days + 1)
    estimate_effect(Initiative.objects.get(key=plan.initiative), series, actor=actor, end=last, controls=(control,))  # fmt: skip
    rows = Account.objects.current().filter(status="active").exclude(url="").order_by("pk")
    through = [(a.network, a.url) for a in rows[:THROUGH]]
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(told.HEAD)
    out.writerows(told.leads(seed, through, day))
    upload = Upload(text.getvalue().encode(), "leads.csv", apply=True)
    report = IMPORTERS["leads"](upload, actor=actor)
    if report.state != "ok":
        raise SociusError(f"The demonstration's leads could not be imported: {report.findings[:3]}")
    count_leads(Unit.objects.get(kind="organisation"), actor=actor)
