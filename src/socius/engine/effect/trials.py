"""Experiments on a series: what a unit is, what is compared, what could be seen, and the one analysis that was registered.

Four designs, each a `Scheme` of `design`:

- geo_holdout, account_holdout: units are places of the series (regions, or units of the organisation); a drawn half carries the
  initiative. The outcome of a unit is its mean value over the window, less its line on the window before (fixed before the start).
- switchback: blocks of days on and off; the outcome of a block is its mean value without the burn-in days at its beginning.
- time_holdout: all days on but one drawn stretch; the outcome of a day is its value less what the controls say of it.

A unit that lacks more than a fifth of its values is lost: it leaves every contrast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil, nan

import numpy as np

from socius.engine.effect.design import LEVEL, Scheme, complete, paired, switchback, time_holdout
from socius.engine.effect.grid import Floats
from socius.engine.effect.power import LIFTS, WANTED
from socius.engine.effect.randomisation import Tried, power, residual
from socius.kit.errors import Invalid
from socius.kit.figures import counted

Values = Mapping[date, float]
PLACES = ("geo_holdout", "account_holdout")
TIMES = ("switchback", "time_holdout")
DESIGNS = (*PLACES, *TIMES)
LOST = 0.2
# A planned look calls at this level only, and what all looks may spend is taken off the last test: together at most 5 %.
LOOK_LEVEL = 0.001
MOST_LOOKS = 4
DRAWS = 200
# Days of a window, at most.
LONGEST = 730
# So many windows of the past say what a plan could see.
WINDOWS = 4
GRAINS = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment as it is registered. `values`: by place (one place, "", for designs over time), in the series' unit."""

    design: str
    values: Mapping[str, Values]
    start: date
    days: int
    grain: str = "day"
    block_days: int = 14
    burn_in: int = 0
    off_days: int = 14
    controls: Mapping[str, Values] = field(default_factory=dict)
    paired: bool = True
    # Places of which one may feel what the other gets.
    neighbours: tuple[tuple[str, str], ...] = ()
    # Looks before the end that were promised with the plan.
    looks: int = 0

    @property
    def step(self) -> int:
        """Days from one value to the next."""
        return GRAINS[self.grain]

    @property
    def last(self) -> date:
        """The last day of the window."""
        return self.start + timedelta(days=self.days - 1)

    @property
    def whole(self) -> Values:
        """The series of a design over time: the sum over its places, on days that all of them have."""
        shared = set.intersection(*(set(v) for v in self.values.values())) if self.values else set()
        return {day: sum(v[day] for v in self.values.values()) for day in sorted(shared)}


def final_level(looks: int) -> float:
    """The level of the last test: 5 % less what the planned looks may spend (a sum, so nothing is assumed of how they hang together)."""
    return LEVEL - looks * LOOK_LEVEL


def look_days(trial: Trial) -> list[date]:
    """The last day that each planned look may see, evenly spread over the window."""
    parts = trial.looks + 1
    return [trial.start + timedelta(days=trial.days * k // parts - 1) for k in range(1, parts)]


def cut(trial: Trial, day: date) -> Trial:
    """The trial as it is known up to a day of its window. Of places the window ends there; of stretches of time the later units are lost."""
    known = {place: {d: v for d, v in points.items() if d <= day} for place, points in trial.values.items()}  # fmt: skip
    days = (day - trial.start).days + 1
    if trial.design in PLACES:
        return replace(trial, values=known, days=max(trial.step, days // trial.step * trial.step))
    return replace(trial, values=known)


def scheme_of(trial: Trial) -> Scheme:
    """The scheme from which the assignment is drawn. Raises Invalid where no assignment could ever be called at 5 %."""
    if not 0 <= trial.looks <= MOST_LOOKS:
        raise Invalid(f"{trial.looks} looks cannot be planned.", field="looks", repair=f"Plan 0 to {MOST_LOOKS}.")  # fmt: skip
    strange = sorted({p for pair in trial.neighbours for p in pair} - set(trial.values))
    if strange or any(a == b for a, b in trial.neighbours):
        raise Invalid(f"The series has no values of {', '.join(strange) or 'a place that is its own neighbour'}.", field="neighbours", repair="Name pairs of places of the series.")  # fmt: skip
    scheme = unlooked(trial)
    if scheme.smallest_p > final_level(trial.looks):
        raise Invalid(f"With {trial.looks} looks the last test is at {final_level(trial.looks):.3f}; the smallest p of this scheme is {scheme.smallest_p:.3f}.", field="looks", repair="Plan fewer looks, or more units.")  # fmt: skip
    return scheme


def unlooked(trial: Trial) -> Scheme:
    """The scheme by its design."""
    lengths(trial)
    if trial.days % trial.step:
        raise Invalid(f"A window of {counted(trial.days, 'day')} holds no whole values of {counted(trial.step, 'day')}.", field="days", repair="Take a multiple.")  # fmt: skip
    if trial.design in PLACES:
        places = sorted(trial.values)
        if not trial.paired or len(places) % 2:
            return complete(places)
        return paired(places, means(trial, trial.start - timedelta(days=trial.days)))
    if trial.design == "switchback":
        return switchback(trial.days // trial.block_days)
    if trial.design == "time_holdout":
        if not trial.controls:
            raise Invalid("A time holdout needs a control: one stretch of days has no other to be compared with.", field="controls", repair="Name a series that the initiative cannot move, or take a switchback.")  # fmt: skip
        days = [d.isoformat() for d in dates(trial, trial.start)]
        return time_holdout(days, max(1, trial.off_days // trial.step))
    raise Invalid(f"There is no design {trial.design!r}.", field="design", repair=f"Take one of {', '.join(DESIGNS)}.")  # fmt: skip


def lengths(trial: Trial) -> None:
    """Raises Invalid for a window, block, burn-in or stretch that is no length."""
    if not trial.step <= trial.days <= LONGEST:
        raise Invalid(f"There is no window of {counted(trial.days, 'day')}.", field="days", repair=f"Give {trial.step} to {LONGEST} days.")  # fmt: skip
    if trial.design == "time_holdout":
        fits(trial.off_days, trial.step, "off_days")
    if trial.design != "switchback":
        return
    fits(trial.block_days, trial.step)
    if trial.burn_in < 0:
        raise Invalid(f"A burn-in of {trial.burn_in} days is no length.", field="burn_in", repair="Give 0 or more.")  # fmt: skip
    if trial.burn_in >= trial.block_days:
        raise Invalid(f"A burn-in of {trial.burn_in} days leaves nothing of a block of {trial.block_days}.", field="burn_in", repair="Shorten it.")  # fmt: skip


def fits(length: int, step: int, field: str = "block_days") -> None:
    """A block, or the stretch without it, holds whole values."""
    if length < step or length % step:
        what = "Blocks" if field == "block_days" else "A stretch"
        unit = "daily" if step == 1 else "weekly"
        raise Invalid(f"{what} of {length} days cannot be made of {unit} values.", field=field, repair=f"Take {step}, or a multiple of it.")  # fmt: skip


def dates(trial: Trial, first: date) -> list[date]:
    """The dates of values in a window that begins on `first` and is as long as the trial's; a week counts from its first date on."""
    end = first + timedelta(days=trial.days)
    if trial.step == 1:
        return [first + timedelta(days=i) for i in range(trial.days)]
    anchor = min((min(v) for v in trial.values.values() if v), default=first)
    skip = -(first - anchor).days % trial.step
    return [first + timedelta(days=i) for i in range(skip, (end - first).days, trial.step)]


def mean_of(values: Values, days: Sequence[date]) -> float:
    """Mean over the days that are known; NaN where more than a fifth lack."""
    known = [values[d] for d in days if d in values]
    if not days or len(known) < ceil((1 - LOST) * len(days)):
        return nan
    return sum(known) / len(known)


def means(trial: Trial, first: date) -> Floats:
    """The mean of each place over a window that begins on `first`, in the order of the scheme's units."""
    days = dates(trial, first)
    return np.array([mean_of(trial.values[place], days) for place in sorted(trial.values)])


def block_days_of(trial: Trial, first: date, number: int) -> list[date]:
    """The dates of a block that count: without its burn-in."""
    begin = first + timedelta(days=number * trial.block_days)
    from_day, until = (
        begin + timedelta(days=trial.burn_in),
        begin + timedelta(days=trial.block_days),
    )
    return [d for d in dates(trial, first) if from_day <= d < until]


def outcomes(trial: Trial, first: date) -> Floats:
    """The outcome of each unit of the scheme over the window that begins on `first`."""
    if trial.design in PLACES:
        return means(trial, first)
    series = trial.whole
    if trial.design == "switchback":
        blocks = trial.days // trial.block_days
        return np.array([mean_of(series, block_days_of(trial, first, i)) for i in range(blocks)])
    return np.array([series.get(d, nan) for d in dates(trial, first)])


def covariate(trial: Trial, first: date) -> Floats | None:
    """What is taken off for precision, known without the outcome of the window: each place's window before; of days, what the
    controls say, with weights learned before the start. None: nothing.
    """
    if trial.design in PLACES:
        before = means(trial, first - timedelta(days=trial.days))
        return None if np.isnan(before).any() else before
    if trial.design == "time_holdout":
        return said_by_controls(trial, first)
    return None


def said_by_controls(trial: Trial, first: date) -> Floats:
    """The controls' least-squares prediction of the series, learned on all days before the start."""
    series, names = trial.whole, sorted(trial.controls)
    past = [d for d in sorted(series) if d < trial.start and all(d in trial.controls[n] for n in names)]  # fmt: skip
    if len(past) < 10 * (1 + len(names)):
        raise Invalid(f"{len(past)} values before the start have their controls.", field="controls", repair=f"At least {10 * (1 + len(names))} are needed.")  # fmt: skip
    rows = np.array([[1.0, *(trial.controls[n][d] for n in names)] for d in past])
    weights = np.linalg.lstsq(rows, np.array([series[d] for d in past]), rcond=None)[0]
    now = [[1.0, *(trial.controls[n].get(d, nan) for n in names)] for d in dates(trial, first)]
    found = np.array(now) @ weights
    return np.asarray(np.where(np.isnan(found), np.nanmean(found), found))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What could be seen: the share of draws that call each relative lift, and the smallest one called in 80 %.

    `windows`: on how many windows of the past. `explained`: the share of the spread between units that the line on their own past took
    off there, which is what the power counts on; None where nothing is taken off.
    """

    lifts: list[tuple[float, float]]
    n: int
    level: float
    relative: float | None
    windows: int
    explained: float | None


def foreseen(trial: Trial, scheme: Scheme, seed: int) -> Foreseen:
    """Power on the newest windows of the past that are as long as the trial, each treated as the trial will be: its scheme and its line are
    made from the time before it, never from the window that they are tried on.

    Raises Invalid where the past is too short for one such window and the one before it.
    """
    newest = max((max(v) for v in trial.values.values() if v), default=trial.start)
    end = min(newest, trial.start - timedelta(days=1))
    tried: list[Tried] = []
    for k in range(WINDOWS):
        one = earlier(trial, scheme, end - timedelta(days=(k + 1) * trial.days - 1))
        if one is None or (tried and one.before is None and tried[0].before is not None):
            break  # the oldest window has none before it: it would be tried without the line
        tried.append(one)
    if not tried:
        raise Invalid(
            f"The {trial.days} days before the start do not hold enough values of every unit.", field="days",
            repair="Import a longer history, or plan a shorter experiment.", code="too_short",
        )  # fmt: skip
    level = float(np.mean(tried[0].past))
    draws, last = DRAWS // len(tried), final_level(trial.looks)
    shares = np.mean([power(one, [lift * abs(level) for lift in LIFTS], seed=seed + i, level=last, tests=draws) for i, one in enumerate(tried)], axis=0)  # fmt: skip
    lifts = list(zip(LIFTS, shares.tolist(), strict=True))
    found = next((lift for lift, share in lifts if share >= WANTED), None)
    taken = [1 - float(residual(o.past, o.before).var()) / float(o.past.var()) for o in tried if o.before is not None and o.past.var() > 0]  # fmt: skip
    return Foreseen(lifts, draws * len(tried), level, found, len(tried), float(np.mean(taken)) if taken else None)  # fmt: skip


def earlier(trial: Trial, scheme: Scheme, first: date) -> Tried | None:
    """Scheme, outcomes and covariate of the same trial, had it begun on an earlier day; None where its values do not reach."""
    then = replace(trial, start=first)
    past = outcomes(then, first)
    if np.isnan(past).any():
        return None
    if trial.design in PLACES and np.isnan(means(then, first - timedelta(days=trial.days))).any():
        # Nothing lies before it: units are drawn without pairs, and no line is taken off.
        return Tried(complete(sorted(trial.values)), past)
    try:
        return Tried(
            unlooked(then) if trial.design in PLACES else scheme, past, covariate(then, first)
        )
    except Invalid as error:
        # The controls of this window have too little to learn from before it.
        if error.field != "controls":
            raise
        return None
