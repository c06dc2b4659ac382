"""Design sheets of initiatives and account groups: what will be measured, how, and what can be seen; kept and hashed before the start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from socius.activity.actions import record
from socius.engine.effect.sheets import digest
from socius.kit.child import ask
from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.models import AccountGroup, Design, UnitWorth
from socius.measure.reports.inputs import (
    MOST_SECONDS,
    Subject,
    columns,
    declared,
    known_points,
    suited,
)
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor
from socius.strategy.models import Initiative, Series

TASK = "socius.engine.effect.tasks.power"
FILE = "series.csv"
MOST_DAYS = 730


@dataclass(frozen=True)
class Terms:
    """What will be estimated: the window, the controls, and the smallest relative effect worth acting on. Without a first or last day
    those of the subject.
    """

    start: date | None
    end: date | None
    worth: float
    controls: tuple[Series, ...] = ()


@asks("effect.record")
def register_design(subject: Subject, series: Series, *, terms: Terms, actor: Actor) -> Design:
    """Keeps the sheet of an initiative or a declared group before its start, with the power that the series' own past gives.

    One stands at a time: a further one supersedes the former, and both stay. A group's sheet is of one of its outcomes, from its first
    day on. Raises Invalid from the start on.
    """
    require(actor, "effect.record", subject)
    suited(series, terms.controls)
    declared(subject, series)
    window = window_of(subject, terms, actor.day)
    if not 0 < terms.worth <= 1:
        raise Invalid(f"{terms.worth:g} is no share.", field="worth", repair="Say 0.02 for 2 %.")
    found = power_of(series, window, terms, actor)
    return registered(subject, series, window, terms, found, actor)


def window_of(subject: Subject, terms: Terms, today: date) -> tuple[date, date]:
    """The first and the last day that the sheet promises. Raises Invalid where they are none, or not ahead, or not the group's own."""
    start, end = terms.start or subject.start, terms.end or subject.end
    for field, day, what in (("start", start, "first"), ("end", end, "last")):
        if day is None:
            raise Invalid(f"The window has no {what} day.", field=field, repair=f"Say the {what} day, such as 2026-11-30.")  # fmt: skip
    assert start is not None  # noqa: S101 - asked above
    assert end is not None  # noqa: S101 - asked above
    if start <= today:
        raise Invalid(
            f"{start} is not after today: what is promised after the start does not count.",
            field="start",
            repair="Declare another group that starts later." if isinstance(subject, AccountGroup) else "Choose a later start.",
        )  # fmt: skip
    if end < start:
        raise Invalid(f"The window ends ({end}) before it starts ({start}).", field="end", repair="Swap the dates.")  # fmt: skip
    if (end - start).days >= MOST_DAYS:
        raise Invalid(f"{start} to {end} are {(end - start).days + 1} days; a window has at most {MOST_DAYS}.", field="end", repair="Choose an earlier last day.")  # fmt: skip
    if isinstance(subject, AccountGroup) and start != subject.start:
        raise Invalid(f"{subject} begins on {subject.start}; a window from {start} on would be of something else.", field="start", repair=f"Say {subject.start}, or leave it out.")  # fmt: skip
    if isinstance(subject, AccountGroup) and subject.end is not None and end > subject.end:
        raise Invalid(f"{subject} ends on {subject.end}, before {end}.", field="end", repair=f"Say {subject.end} or an earlier day.")  # fmt: skip
    return start, end


def power_of(series: Series, window: tuple[date, date], terms: Terms, actor: Actor) -> dict[str, Any]:  # fmt: skip
    """What could be seen, from the values known now."""
    own = known_points(series, actor.at)
    beside = [known_points(c, actor.at) for c in sorted(terms.controls, key=lambda one: one.key)]
    names = [f"c{i}" for i in range(len(beside))]
    lines = [",".join(["date", "value", *names])]
    for day, value in sorted(own.items()):
        cells = [repr(points[day]) if day in points else "" for points in beside]
        lines.append(",".join([day.isoformat(), repr(value), *cells]))
    options = {"outcome": FILE, "date_col": "date", "value_col": "value", "controls": names, "window": (window[1] - window[0]).days + 1, "worth": terms.worth, "seed": 1}  # fmt: skip
    return ask(TASK, options, {FILE: "\n".join(lines).encode()}, seconds=3 * MOST_SECONDS)


@transaction.atomic
def registered(
    subject: Subject,
    series: Series,
    window: tuple[date, date],
    terms: Terms,
    found: dict[str, Any],
    actor: Actor,
) -> Design:
    """Writes the sheet down and closes the former one."""
    if isinstance(subject, AccountGroup):
        # It may have been taken back while its power was worked out.
        declared(AccountGroup.objects.select_for_update().get(pk=subject.pk), series)
    keys = ("window_days", "lifts", "mde", "answer", "instead", "factor", "placebo_n", "refused", "say", "notes")  # fmt: skip
    sheet = {
        "design": "sheet",
        **{name: one.key for name, one in columns(subject).items() if one is not None},
        "series": series.key,
        "start": window[0].isoformat(),
        "end": window[1].isoformat(),
        "controls": sorted(c.key for c in terms.controls),
        "worth": terms.worth,
        "made_on": actor.day.isoformat(),
        "method": "gsr",
        "value_per_unit": worth_now(series, actor),
        **{name: found[name] for name in keys},
    }
    former = list(
        Design.objects.select_for_update().filter(
            **columns(subject), kind="sheet", superseded_by=None
        )
    )
    design = Design.objects.create(
        kind="sheet",
        **columns(subject),
        series=series,
        start=window[0],
        end=window[1],
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
    own = subject.pk if isinstance(subject, Initiative) else None
    record(actor, "design_registered", f"design:{design.pk}", unit=subject.unit_id, initiative=own, content={**content, "of": subject.key})  # fmt: skip
    return design


def worth_now(series: Series, actor: Actor) -> dict[str, str] | None:
    """What one unit of the outcome is worth, as stated when the sheet is made; None where nobody said it."""
    stated = UnitWorth.objects.known_at(micros(actor.at)).filter(series=series).first()
    if stated is None:
        return None
    return {name: str(getattr(stated, name)) for name in ("kind", "low", "likely", "high", "currency")}  # fmt: skip
