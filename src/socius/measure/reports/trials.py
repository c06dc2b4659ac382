"""Experiments with a drawn assignment: what is asked of the engine, what was carried out, what is hidden and until when. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from socius.activity.models import Installation
from socius.engine.grades import grade_drawn
from socius.kit.child import ask
from socius.kit.clock import micros
from socius.kit.errors import Invalid
from socius.measure.models import AccountGroup, Design, Effect
from socius.measure.reports.inputs import MOST_SECONDS, known_points, suited
from socius.organisation.models import Actor, Unit, fold
from socius.organisation.reports import visible
from socius.strategy.models import Initiative, Series, SeriesValue
from socius.strategy.reports import initiatives

TASK = "socius.engine.effect.tasks.trial"
# kind -> its name, what a unit of it is, and which column of a series' values tells units apart.
KINDS = {
    "geo_holdout": ("Regions: half of them go without", "region", "geo"),
    "account_holdout": ("Units: half of them go without", "unit", "org_unit"),
    "switchback": ("Blocks of days, on and off", "block of days", ""),
    "time_holdout": ("One stretch of days off", "day", ""),
}
WORDS = {kind: words for kind, (words, _, _) in KINDS.items()}
CARRIED_OUT = 0.7
PLACES = ("geo_holdout", "account_holdout")
SHEET_KEYS = ("block_days", "burn_in", "off_days", "paired", "looks", "neighbours", "registered")
# The form of a sheet: from 2 on it says how many looks are planned, which places are neighbours, and that carry-over is tested; from 3
# on that the effect where it was carried out stands beside that by assignment.
FORM = 3


@dataclass(frozen=True)
class Wish:
    """An experiment that somebody would like to run. `days`, `block_days`, `burn_in`, `off_days` in days; `worth` relative."""

    design: str
    start: date
    days: int
    block_days: int = 14
    burn_in: int = 0
    off_days: int = 14
    paired: bool = True
    worth: float | None = None
    controls: tuple[Series, ...] = ()
    # Looks before the end that are part of the plan, and places that may feel what the other gets.
    looks: int = 0
    neighbours: tuple[tuple[str, str], ...] = ()
    registered: int = FORM

    @property
    def end(self) -> date:
        """The last day. Raises Invalid where the calendar has none."""
        try:
            return self.start + timedelta(days=self.days - 1)
        except OverflowError as error:
            raise Invalid(f"{self.days} days from {self.start} on end on no day of the calendar.", field="days", repair="Choose an earlier start or a shorter window.") from error  # fmt: skip


def pairs_from(text: str) -> tuple[tuple[str, str], ...]:
    """Neighbours as people write them: Lyon ~ Turin, Ghent ~ Antwerp."""
    found = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        names = [n.strip() for n in part.split("~")]
        if len(names) != 2 or not all(names):
            raise Invalid(f"{part!r} is no pair of places.", field="neighbours", repair="Write pairs such as Lyon ~ Turin, with a comma between pairs.")  # fmt: skip
        found.append((names[0], names[1]))
    return tuple(found)


def by_place(series: Series, known: datetime, column: str) -> dict[str, dict[str, float]]:
    """Values by place and ISO date as known at an instant, summed over what `column` does not tell apart; '' for no column."""
    if not column:
        return {"": {day.isoformat(): v for day, v in known_points(series, known).items()}}
    rows = SeriesValue.objects.filter(series=series, known_at__lte=micros(known))
    newest: dict[tuple[str, str, date], Any] = {}
    for geo, unit, day, value in rows.order_by("known_at", "pk").values_list(
        "geo", "org_unit", "date", "value"
    ):
        newest[geo, unit, day] = value
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for (geo, unit, day), value in newest.items():
        place = geo if column == "geo" else unit
        if value is not None and place:
            stamp = day.isoformat()
            found[place][stamp] = found[place].get(stamp, 0.0) + float(value)
    return dict(found)


def options(initiative: Initiative, series: Series, wish: Wish, known: datetime) -> dict[str, Any]:
    """What the child is asked, with all values up to the last day. Raises Invalid where the design cannot be asked of the series."""
    if wish.design not in KINDS:
        raise Invalid(f"There is no design {wish.design!r}.", field="design", repair=f"Take one of {', '.join(KINDS)}.")  # fmt: skip
    suited(series, wish.controls)
    column = KINDS[wish.design][2]
    values = by_place(series, known, column)
    if column and len(values) < 2:
        unit = KINDS[wish.design][1]
        raise Invalid(
            f"{series} has no values by {unit}, so no {unit} can be held out.",
            field="series",
            repair=f"Import it with one row a {unit} (column {column}), or switch the whole on and off.",
        )
    last = wish.end.isoformat()
    return {
        "design": wish.design,
        "series": series.key,
        "subject": initiative.key,
        "start": wish.start.isoformat(),
        "days": wish.days,
        "grain": series.grain or "day",
        "values": {place: upto(points, last) for place, points in sorted(values.items())},
        "controls": {
            c.key: upto(by_place(c, known, "")[""], last)
            for c in sorted(wish.controls, key=lambda one: one.key)
        },
        **{name: getattr(wish, name) for name in SHEET_KEYS},
    }


def upto(points: Mapping[str, float], last: str) -> dict[str, float]:
    """Points up to a day."""
    return {day: value for day, value in points.items() if day <= last}


def proposal(initiative: Initiative, series: Series, wish: Wish, *, at: datetime, seed: int) -> dict[str, Any]:  # fmt: skip
    """What the experiment could see and the draw that a seed gives. Nothing is kept."""
    if wish.start <= Installation.objects.day(at):
        raise Invalid(
            f"{wish.start} is not after today, {Installation.objects.day(at)}: an assignment is drawn before the start.",
            field="start",
            repair="Choose a later day.",
        )
    asked = {**options(initiative, series, wish, at), "ask": "plan", "seed": seed, "worth": wish.worth}  # fmt: skip
    return ask(TASK, asked, seconds=MOST_SECONDS)


def rests_on(windows: int | None, explained: float | None) -> str:
    """What the power of a plan rests on, in words; '' for a sheet that does not say."""
    if windows is None:
        return ""
    said = f"Tried on the newest {windows} windows of the past" if windows > 1 else "Tried on the one window of the past that there is"  # fmt: skip
    if explained is None:
        return f"{said}; nothing is taken off for precision."
    return f"{said}; the line that the analysis takes off left {100 * (1 - min(max(explained, 0.0), 1.0)):.0f} % of the spread there."


def wish_of(design: Design) -> Wish:
    """The wish that a design keeps."""
    sheet = design.sheet
    return Wish(
        design.kind,
        design.start,
        (design.end - design.start).days + 1,
        worth=design.worth,
        controls=tuple(design.controls.order_by("key")),
        **{"registered": 1, **{name: sheet[name] for name in SHEET_KEYS if name in sheet}},
    )


def planned_look(design: Design, day: date) -> date | None:
    """The last day that the next planned look may see, where it is due on a day; None: a look now would be outside the plan."""
    days = [date.fromisoformat(d) for d in design.sheet.get("look_days") or []]
    due = [d for d in days if d < day]
    return due[-1] if len(due) > design.planned_looks else None


def looked(design: Design, known: datetime, day: date) -> dict[str, Any]:
    """What a planned look sees: the contrast up to a day, its p, and whether it may be called."""
    asked = {**of_design(design, known), "ask": "look", "day": day.isoformat()}
    return ask(TASK, asked, seconds=MOST_SECONDS)


def of_design(design: Design, known: datetime) -> dict[str, Any]:
    """What the child is asked of a draw that was kept."""
    return {
        **options(initiative_of(design), design.series, wish_of(design), known),
        "scheme": design.scheme or {},
        "scheme_sha256": design.scheme_sha256,
        "seed": design.seed,
        "arms": design.arms,
    }


def initiative_of(design: Design) -> Initiative:
    """The initiative that an experiment holds back; sheets alone may be of a group."""
    assert design.initiative is not None  # noqa: S101 - a constraint of the table
    return design.initiative


def analysed(design: Design, known: datetime, carried: Carried) -> dict[str, Any]:
    """The registered analysis on the values known at an instant, with the grade that its conduct allows."""
    asked = {**of_design(design, known), "ask": "analyse"}
    if carried.units:
        asked["delivered"] = list(carried.units)
    found = ask(TASK, asked, seconds=MOST_SECONDS)
    found.pop("cpu_seconds", None)
    return judged(found, carried)


@dataclass(frozen=True)
class Carried:
    """How an experiment was carried out: cells as assigned of all cells, looks before the end, whether it was stopped."""

    right: int
    cells: int
    looks: int = 0
    stopped: bool = False
    # Looks that the sheet had promised, and whether one of them called the effect: then an early stop was within the rule.
    planned: int = 0
    called: bool = False
    # 1 for each unit of the scheme, in its order, in which the initiative was carried out; empty where it cannot be said by unit.
    units: tuple[int, ...] = ()

    @property
    def share(self) -> float:
        """Share of cells that were carried out as assigned."""
        return self.right / self.cells if self.cells else 0.0

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the answer."""
        found = {"as_assigned": self.right, "cells": self.cells, "share": self.share, "looks": self.looks, "stopped": self.stopped}  # fmt: skip
        if self.planned:
            found |= {"planned_looks": self.planned, "called_early": self.called}
        return {**found, "units": list(self.units)} if self.units else found


def carried_from(kept: Mapping[str, Any]) -> Carried:
    """The inverse of `as_json`."""
    return Carried(kept["as_assigned"], kept["cells"], kept["looks"], kept["stopped"], kept.get("planned_looks", 0), kept.get("called_early", False), tuple(kept.get("units", ())))  # fmt: skip


def judged(found: dict[str, Any], carried: Carried) -> dict[str, Any]:
    """The answer with conduct and grade; under 70 % as assigned no effect is shown."""
    told = {**found, "delivered": carried.as_json()}
    if told["refused"] is None and carried.share < CARRIED_OUT:
        empty = dict.fromkeys(("effect_mean", "low", "high", "sd", "effect_total", "total", "relative", "p", "second"))  # fmt: skip
        say = f"The test was not carried out: {carried.right} of {carried.cells} cells were as assigned, 70 % are needed."
        if "where_delivered" in told:
            told["where_delivered"] = None
        told |= {**empty, "refused": "not_carried_out", "say": say, "verdict": "refused", "units": []}  # fmt: skip
    grade, why = grade_drawn(
        refused=told["refused"] or "", looks=carried.looks, stopped=carried.stopped and not carried.called,
        right=carried.right, cells=carried.cells, disturbed=told.get("disturbed") or "",
    )  # fmt: skip
    return {**told, "grade": grade, "grade_reason": why}


def hidden(subject: Initiative | AccountGroup, series: Series, at: datetime) -> Design | None:
    """The drawn experiment on this series whose contrast nobody may see yet: of this initiative, or of any where its arms are stretches
    of time, because the course of the series would show them.
    """
    day = Installation.objects.day(at)
    return next((d for d in running([series.pk], day) if hides(d, subject, day)), None)


def running(series: Iterable[int], day: date) -> QuerySet[Design]:
    """The drawn experiments on these series, by their numbers, that were neither stopped before the day nor concluded nor over."""
    drawn = Design.objects.filter(series__in=series, experiment__isnull=False, concluded_at=None)
    going = drawn.filter(Q(experiment__stopped_on=None) | Q(experiment__stopped_on__gte=day))
    return going.filter(end__gte=day).order_by("pk")


def hides(design: Design, subject: Initiative | AccountGroup, day: date) -> bool:
    """Whether a running experiment bars an estimate of the subject on its series."""
    own = isinstance(subject, Initiative) and design.initiative_id == subject.pk
    return own or (design.kind not in PLACES and design.start <= day)


def so_far(design: Design, at: datetime) -> dict[str, Any]:
    """Mean of a unit's value by arm on the days so far: what a look shows. No p, no interval."""
    column = KINDS[design.kind][2]
    values = by_place(design.series, at, column)
    if column == "org_unit":
        units = Unit.objects.index()
        values = {units[fold(p)].key: points for p, points in values.items() if fold(p) in units}
    sums: dict[str, list[float]] = {"on": [], "off": []}
    for cell in design.experiment.cells.select_related("unit") if design.experiment else ():
        place = cell.unit.key if cell.unit else cell.region
        first, last = cell.start.isoformat(), cell.until.isoformat()
        points = values.get(place, {})
        sums[cell.arm] += [v for day, v in points.items() if first <= day <= last]
    means = {arm: sum(v) / len(v) if v else None for arm, v in sums.items()}
    on, off = means["on"], means["off"]
    return {**means, "difference": None if on is None or off is None else on - off, "values": {arm: len(v) for arm, v in sums.items()}}  # fmt: skip


@dataclass(frozen=True)
class Trialled:
    """An experiment with its design, for lists."""

    design: Design
    state: str  # planned, running, ended, stopped, analysed
    effect: Effect | None = field(default=None)

    @property
    def sees(self) -> str:
        """The smallest effect that it would call, in per cent."""
        return "" if self.design.mde is None else f"{100 * self.design.mde:.3g}"


def trials(actor: Actor) -> list[Trialled]:
    """Drawn experiments that the actor may see, the last to end first."""
    rows = registered(actor).filter(experiment__isnull=False).order_by("-end", "-pk")
    effects = {e.design_id: e for e in Effect.objects.filter(design__in=rows, known_until=None).select_related("series", "initiative")}  # fmt: skip
    day = actor.day
    return [Trialled(one, stage(one, day), effects.get(one.pk)) for one in rows]


def registered(actor: Actor) -> QuerySet[Design]:
    """Designs, sheets too, of the initiatives and account groups that the actor may see."""
    groups = AccountGroup.objects.filter(visible(actor, "analytics.view")).values("pk")
    seen = Design.objects.filter(Q(initiative__in=initiatives(actor).order_by().values("pk")) | Q(group__in=groups))  # fmt: skip
    return seen.select_related("initiative", "group", "series", "experiment", "made_by", "superseded_by")  # fmt: skip


def stage(design: Design, day: date) -> str:
    """How far an experiment is."""
    if design.concluded_at is not None:
        return "analysed"
    stopped = design.experiment.stopped_on if design.experiment else None
    if day > design.end:
        return "ended"
    # One that was stopped before it began has a last day before its first one.
    if stopped is not None and (stopped < day or stopped < design.start):
        return "stopped"
    return "running" if day >= design.start else "planned"
