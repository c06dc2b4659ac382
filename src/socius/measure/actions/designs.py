"""Design sheets of initiatives: what will be measured, how, and what can be seen; kept and hashed before the start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from socius.activity.actions import record
from socius.engine.effect.sheets import digest
from socius.kit.child import ask
from socius.kit.errors import Invalid
from socius.measure.models import Design
from socius.measure.reports.inputs import MOST_SECONDS, known_points, suited
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor
from socius.strategy.models import Initiative, Series

TASK = "socius.engine.effect.tasks.power"
FILE = "series.csv"


@dataclass(frozen=True)
class Terms:
    """What will be estimated: the window, the controls, and the smallest relative effect worth acting on."""

    start: date
    end: date
    worth: float
    controls: tuple[Series, ...] = ()


@asks("effect.record")
def register_design(
    initiative: Initiative, series: Series, *, terms: Terms, actor: Actor
) -> Design:
    """Keeps the sheet of an initiative before its start, with the power that the series' own past gives.

    One stands at a time: a further one supersedes the former, and both stay. Raises Invalid from the start on.
    """
    require(actor, "effect.record", initiative)
    suited(series, terms.controls)
    if terms.start <= actor.day:
        raise Invalid(
            f"{terms.start} is not after today: what is promised after the start does not count.",
            field="start",
            repair="Choose a later start.",
        )
    if terms.end < terms.start:
        raise Invalid(f"The window ends ({terms.end}) before it starts.", field="end", repair="Swap the dates.")  # fmt: skip
    if not 0 < terms.worth <= 1:
        raise Invalid(f"{terms.worth:g} is no share.", field="worth", repair="Say 0.02 for 2 %.")
    found = power_of(series, terms, actor)
    return registered(initiative, series, terms, found, actor)


def power_of(series: Series, terms: Terms, actor: Actor) -> dict[str, Any]:
    """What could be seen, from the values known now."""
    own = known_points(series, actor.at)
    beside = [known_points(c, actor.at) for c in sorted(terms.controls, key=lambda one: one.key)]
    names = [f"c{i}" for i in range(len(beside))]
    lines = [",".join(["date", "value", *names])]
    for day, value in sorted(own.items()):
        cells = [repr(points[day]) if day in points else "" for points in beside]
        lines.append(",".join([day.isoformat(), repr(value), *cells]))
    options = {"outcome": FILE, "date_col": "date", "value_col": "value", "controls": names, "window": (terms.end - terms.start).days + 1, "worth": terms.worth, "seed": 1}  # fmt: skip
    return ask(TASK, options, {FILE: "\n".join(lines).encode()}, seconds=3 * MOST_SECONDS)


@transaction.atomic
def registered(
    initiative: Initiative, series: Series, terms: Terms, found: dict[str, Any], actor: Actor
) -> Design:
    """Writes the sheet down and closes the former one."""
    keys = ("window_days", "lifts", "mde", "answer", "instead", "factor", "placebo_n", "refused", "say", "notes")  # fmt: skip
    sheet = {
        "design": "sheet",
        "initiative": initiative.key,
        "series": series.key,
        "start": terms.start.isoformat(),
        "end": terms.end.isoformat(),
        "controls": sorted(c.key for c in terms.controls),
        "worth": terms.worth,
        "made_on": actor.day.isoformat(),
        "method": "gsr",
        **{name: found[name] for name in keys},
    }
    former = list(
        Design.objects.select_for_update().filter(
            initiative=initiative, kind="sheet", superseded_by=None
        )
    )
    design = Design.objects.create(
        kind="sheet",
        initiative=initiative,
        series=series,
        start=terms.start,
        end=terms.end,
        worth=terms.worth,
        mde=(found["mde"] or {}).get("relative"),
        sheet=sheet,
        sha256=digest(sheet),
        made_at=actor.at,
        made_by=actor.person,
    )
    design.controls.set(terms.controls)
    Design.objects.filter(pk__in=[f.pk for f in former]).update(superseded_by=design)
    content = {"sheet_sha256": design.sha256, "series": series.key, "mde": design.mde, "worth": terms.worth, "supersedes": [f.pk for f in former]}  # fmt: skip
    record(actor, "design_registered", f"design:{design.pk}", initiative=initiative.pk, content=content)  # fmt: skip
    return design
