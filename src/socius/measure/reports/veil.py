"""The values of a series as others than the experiment may read them: while an experiment on it runs, not by arm.

Of an experiment over places, values of its days are shown summed over the places. Of one over blocks of time, as the mean of each
pair of blocks, one with it and one without; of a single stretch of days off, not before the end. A look at the arms is an act of its
own, which is logged (`measure.actions.look_at_experiment`). docs/decisions/0017-what-a-running-experiment-hides.md
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from socius.activity.models import Installation
from socius.measure.models import Design
from socius.measure.reports.trials import PLACES
from socius.strategy import reports
from socius.strategy.models import Series
from socius.strategy.reports import Value


@dataclass(frozen=True)
class Shown:
    """Values, and the experiments for whose sake some of them are put together."""

    values: list[Value]
    veiled: list[Design]

    @property
    def say(self) -> str:
        """Why values look as they do; '' where nothing is hidden."""
        return " ".join(sentence(one) for one in self.veiled)


def sentence(design: Design) -> str:
    """What is hidden, until when, and what a look costs."""
    what = {"switchback": "as means of two blocks, one with it and one without", "time_holdout": "not at all"}.get(design.kind, "summed over the places")  # fmt: skip
    return f"{design.experiment} runs until {design.end}: until then the values from {design.start} on are shown {what}, so that nobody compares its arms by the way. A look is possible on its page and goes on record."


def veils(series: Series, at: datetime) -> list[Design]:
    """The experiments on this series that hide how their arms compare."""
    day = Installation.objects.day(at)
    running = Q(experiment__stopped_on=None) | Q(experiment__stopped_on__gte=day)
    rows = Design.objects.filter(running, series=series, experiment__isnull=False, concluded_at=None, start__lte=day, end__gte=day)  # fmt: skip
    return list(rows.select_related("experiment").order_by("pk"))


def shown(series: Series, at: datetime, as_of: datetime | None = None) -> Shown:
    """The values of a series as known at `as_of` (None: now), with what an experiment that runs at `at` hides."""
    values = reports.values(series, as_of)
    designs = veils(series, at)
    for design in designs:
        values = veiled(values, design)
    return Shown(values, designs)


def veiled(values: Iterable[Value], design: Design) -> list[Value]:
    """The values with those of the design's window put together so that no arm shows."""
    rows = list(values)
    inside = [v for v in rows if design.start <= v.date <= design.end]
    kept = [v for v in rows if not design.start <= v.date <= design.end]
    if design.kind in PLACES:
        kept += together(inside)
    elif design.kind == "switchback":
        kept += paired(together(inside), design)
    return sorted(kept, key=lambda v: (v.date, v.place))


def together(rows: Iterable[Value]) -> list[Value]:
    """One value a date: the sum over places. What was believed before would tell places apart, so it is left out."""
    by_day: dict[date, list[Value]] = defaultdict(list)
    for row in rows:
        if row.value is not None:
            by_day[row.date].append(row)
    return [
        Value(day, "", sum((v.value or Decimal() for v in some), Decimal()), max(v.known for v in some))
        for day, some in sorted(by_day.items())
    ]  # fmt: skip


def paired(rows: Iterable[Value], design: Design) -> list[Value]:
    """The mean of each whole pair of blocks, dated on its last day."""
    length = 2 * int(design.sheet["block_days"])
    by_pair: dict[int, list[Value]] = defaultdict(list)
    for row in rows:
        by_pair[(row.date - design.start).days // length].append(row)
    newest = max((v.date for some in by_pair.values() for v in some), default=design.start)
    found = []
    for number, some in sorted(by_pair.items()):
        last = design.start + timedelta(days=(number + 1) * length - 1)
        if newest >= last:
            mean = sum((v.value or Decimal() for v in some), Decimal()) / len(some)
            found.append(Value(last, "mean of two blocks", mean.quantize(Decimal("0.01")), max(v.known for v in some)))  # fmt: skip
    return found
