"""The walk: activity -> initiative -> goal -> outcome KPI -> fresh series -> effect.

A walk must pass each stop to reach the next, so the level of a line is where it stops, and the level of an activity is the
best over its lines. What changes from day to day (a link, a goal's period, an experiment) cuts the calendar into stretches;
inside a stretch every activity of the same account, initiative and goal stops at the same place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from socius.engine.sight.facts import EffectFacts, Facts, GoalFacts, LinkFacts

LEVELS = ("none", "goal", "outcome", "fresh", "measured")
NONE, GOAL, OUTCOME, FRESH, MEASURED = range(5)
GRADES = "EDCBA"
# Days of one grain; a series is fresh while its newest value is at most two grains old.
GRAINS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
FRESH_GRAINS = 2
# An effect speaks for a year: 12 months, counted as 366 days.
EFFECT_DAYS = 366
DAY = timedelta(days=1)


class Line(NamedTuple):
    """One way from an activity upwards; `start` and `until` (exclusive) bound the days on which it holds."""

    initiative: int | None = None
    goal: int | None = None
    experiment: int | None = None
    start: date | None = None
    until: date | None = None
    own: bool = False  # the activity names it itself; False: a link of its account does


class Stop(NamedTuple):
    """Where a walk ends. `broken` is the kind of break, '' where it was walked to the end."""

    level: int
    rank: int  # orders stops: the level, within `measured` the grade
    grade: str
    by_hand: bool
    initiative: int | None
    goal: int | None
    series: int | None
    broken: str
    at_kind: str
    at_id: int | None
    goals: tuple[tuple[int, int], ...] = ()  # each goal that a line leads to, with the level there


class Stretch(NamedTuple):
    """The days on which a stop changes, and the stop from each of them on."""

    days: list[date]
    stops: list[Stop]

    def on(self, day: date) -> Stop:
        """The stop of activity on that day."""
        return self.stops[bisect_right(self.days, day) - 1]


def stop(level: int, broken: str, at_kind: str, at_id: int | None, line: Line = Line()) -> Stop:  # noqa: B008 - immutable
    """A stop without an effect."""
    return Stop(level, level, "", False, line.initiative, line.goal, None, broken, at_kind, at_id)


class Walker:
    """Walks every line once and remembers; made for one as-of day."""

    def __init__(self, facts: Facts, as_of: date) -> None:
        self.facts = facts
        self.as_of = as_of
        self.effects: dict[tuple[str, int, int], EffectFacts] = {}
        for effect in facts.effects:
            self._remember(effect)
        self.ends: dict[tuple[int | None, int], Stop] = {}
        self.stops: dict[
            Stop, Stop
        ] = {}  # equal stops are one object, which can be told by its identity

    def _remember(self, effect: EffectFacts) -> None:
        """Keeps the best effect that still speaks, by initiative and by goal; a computed one before one by hand."""
        too_old = (self.as_of - effect.dated).days > EFFECT_DAYS
        if effect.refused or too_old:
            return
        owner = ("initiative", effect.initiative) if effect.initiative else ("goal", effect.goal)
        if owner[1] is None:
            return
        key = (owner[0], owner[1], effect.series)
        known = self.effects.get(key)
        if known is None or worth(effect) > worth(known):
            self.effects[key] = effect

    def stretch(self, account: int | None, initiative: int | None, goal: int | None) -> Stretch:
        """The stops of activity with this account, own initiative and own goal, over all days."""
        lines = list(self.lines(account, initiative, goal))
        cuts = {date.min}
        for line in lines:
            cuts.update(self.cuts(line))
        days = sorted(cuts)
        found = [self.best(lines, day, account) for day in days]
        return Stretch(days, [self.stops.setdefault(at, at) for at in found])

    def lines(
        self, account: int | None, initiative: int | None, goal: int | None
    ) -> Iterable[Line]:
        """Its own initiative, else its own goal, else the links of its account."""
        if initiative:
            yield from self.through(Line(initiative=initiative, own=True))
        elif goal:
            yield Line(goal=goal, own=True)
        elif account:
            for link in self.facts.links.get(account, ()):
                yield from self.of_link(link)

    def of_link(self, link: LinkFacts) -> Iterable[Line]:
        """The lines that one link of an account opens."""
        if link.initiative:
            yield from self.through(
                Line(initiative=link.initiative, start=link.start, until=link.until)
            )
        if link.goal:
            yield Line(goal=link.goal, start=link.start, until=link.until)
        if link.experiment and link.experiment in self.facts.experiments:
            trial = self.facts.experiments[link.experiment]
            yield Line(experiment=link.experiment, start=link.start, until=link.until)
            if trial.goal:
                # Through the trial, so no longer than it runs.
                ends = [day for day in (link.until, after(trial.end)) if day is not None]
                start = max(link.start or trial.start, trial.start)
                yield Line(goal=trial.goal, start=start, until=min(ends, default=None))

    def through(self, line: Line) -> Iterable[Line]:
        """One line for each goal of an initiative, or the line that ends at the initiative."""
        goals = self.facts.initiative_goals.get(line.initiative or 0, ())
        for goal in goals:
            yield line._replace(goal=goal)
        if not goals:
            yield line

    def cuts(self, line: Line) -> Iterable[date]:
        """The days on which what this line reaches may change."""
        spans = [(line.start, line.until)]
        goal = self.facts.goals.get(line.goal) if line.goal else None
        if goal:
            spans.append((goal.start, after(goal.end)))
        if line.experiment:
            trial = self.facts.experiments[line.experiment]
            spans.append((trial.start, after(trial.end)))
        return [day for span in spans for day in span if day is not None]

    def best(self, lines: list[Line], day: date, account: int | None) -> Stop:
        """The best stop on a day, with every goal that a line of that day leads to."""
        found = stop(
            NONE, "account_without_goal" if account else "account_unknown", "account", account
        )
        goals: dict[int, int] = {}
        for line in lines:
            if (line.start and day < line.start) or (line.until and day >= line.until):
                continue
            reached = self.reach(line, day, account)
            if line.goal:
                goals[line.goal] = max(goals.get(line.goal, NONE), reached.level)
            if telling(reached) > telling(found):
                found = reached
        return found._replace(goals=tuple(sorted(goals.items())))

    def reach(self, line: Line, day: date, account: int | None) -> Stop:
        """How far one line gets on a day."""
        if line.experiment:
            trial = self.facts.experiments[line.experiment]
            if trial.start <= day <= trial.end:
                return stop(GOAL, "", "", None, line)
            return stop(NONE, "account_without_goal", "account", account, line)
        if line.goal is None:
            return stop(NONE, "initiative_without_goal", "initiative", line.initiative, line)
        goal = self.facts.goals.get(line.goal)
        if goal is None or not runs(goal, day):
            return self.past(line, account)
        key = (line.initiative, line.goal)
        if key not in self.ends:
            self.ends[key] = self.beyond(line, goal)
        return self.ends[key]

    def past(self, line: Line, account: int | None) -> Stop:
        """The end of a line to a goal that does not run on the day: what would have to be mended is what leads there."""
        if line.initiative:
            return stop(NONE, "initiative_without_goal", "initiative", line.initiative, line)
        if line.own:
            # The activity itself names the goal: only that goal can be mended, nobody answers for it on that day.
            return stop(NONE, "goal_without_owner", "goal", line.goal, line)
        return stop(NONE, "account_without_goal", "account", account, line)

    def beyond(self, line: Line, goal: GoalFacts) -> Stop:
        """From a goal that runs to the furthest stop over its KPIs."""
        if not goal.has_owner:
            return stop(NONE, "goal_without_owner", "goal", line.goal, line)
        outcomes = [k for k in self.facts.kpis.get(line.goal or 0, ()) if k.class_name == "outcome"]
        tied = [k.series for k in outcomes if k.series]
        if not tied:
            kind = "kpi_without_series" if outcomes else "goal_without_outcome_kpi"
            return stop(GOAL, kind, "goal", line.goal, line)
        return max((self.at_series(line, s) for s in tied), key=telling)

    def at_series(self, line: Line, series: int) -> Stop:
        """The stop for one outcome series of a goal."""
        facts = self.facts.series[series]
        limit = FRESH_GRAINS * GRAINS.get(facts.grain, 1)
        if facts.newest is None or (self.as_of - facts.newest).days > limit:
            return stop(OUTCOME, "series_stale", "series", series, line)._replace(series=series)
        found = [
            self.effects[key]
            for key in (
                ("initiative", line.initiative or 0, series),
                ("goal", line.goal or 0, series),
            )
            if key in self.effects
        ]
        if not found:
            return stop(FRESH, "no_effect", "goal", line.goal, line)._replace(series=series)
        effect = max(found, key=worth)
        rank = MEASURED + GRADES.index(effect.grade)
        return Stop(
            MEASURED,
            rank,
            effect.grade,
            effect.by_hand,
            line.initiative,
            line.goal,
            series,
            "",
            "",
            None,
        )


def telling(at: Stop) -> tuple[int, bool, bool, bool, tuple[int, ...]]:
    """Orders stops: the furthest; with a computed effect; one whose break says more than "has no goal"; the lowest numbers."""
    numbers = (at.goal or 0, at.initiative or 0, at.series or 0)
    return (
        at.rank,
        not at.by_hand,
        at.goal is not None,
        at.initiative is not None,
        tuple(-number for number in numbers),
    )


def worth(effect: EffectFacts) -> tuple[int, bool]:
    """Orders effects: by grade, and a computed one before one entered by hand."""
    return (GRADES.index(effect.grade), not effect.by_hand)


def runs(goal: GoalFacts, day: date) -> bool:
    """The goal is not closed and its period covers the day."""
    early = goal.start is not None and day < goal.start
    late = goal.end is not None and day > goal.end
    return not (goal.closed or early or late)


def after(day: date | None) -> date | None:
    """The first day outside a period that ends with `day`."""
    return None if day is None or day == date.max else day + DAY


def resolve(facts: Facts, account: int, reference: int) -> int | None:
    """The account as it is known now: through the inventory's later knowledge and through merges."""
    found = account or facts.references.get(reference, 0)
    while found and (known := facts.accounts.get(found)) and known.merged_into:
        found = known.merged_into
    return found if found in facts.accounts else None
