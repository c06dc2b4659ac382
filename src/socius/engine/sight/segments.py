"""Cuts a stretch of days where something that a walk meets may change, so that activity can be added up between the cuts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from socius.engine.sight.facts import Facts, LinkFacts
from socius.engine.sight.walk import after, resolve

WEEK = timedelta(weeks=1)
# So many accounts are told apart by day; beyond, everything is read by day, which is no dearer then.
MOST_APART = 1_000


class Segments(NamedTuple):
    """Days that may be added up: from each start to the day before the next, but for what is counted apart."""

    starts: list[date]  # ascending; the first is the first day asked for
    accounts: frozenset[int] = frozenset()  # counted by day: what they serve changes inside
    references: frozenset[int] = frozenset()  # the same, for accounts that activity only names


def by_day(first: date, last: date) -> Segments:
    """Every day for itself."""
    return Segments([first + timedelta(days=n) for n in range((last - first).days + 1)])


def segments(facts: Facts, first: date, last: date, *cuts: date) -> Segments:
    """The segments of the days from `first` to `last`: never longer than a week, cut at Mondays and at `cuts` too.

    A goal or an experiment cuts everybody's calendar. A link cuts only its account's, and there are many of them: such
    accounts are named instead, to be counted by day.
    """
    days = {first, *cuts, *mondays(first, last), *changes(facts)}
    unsteady = {
        account
        for account, links in facts.links.items()
        if any(first < day <= last for link in links for day in ends(link))
    }
    accounts = {pk for pk in facts.accounts if resolve(facts, pk, 0) in unsteady} | unsteady
    references = {pk for pk in facts.references if resolve(facts, 0, pk) in unsteady}
    if len(accounts) + len(references) > MOST_APART:
        return by_day(first, last)
    starts = sorted(day for day in days if first <= day <= last)
    return Segments(starts, frozenset(accounts), frozenset(references))


def mondays(first: date, last: date) -> Iterator[date]:
    """The Mondays after `first`."""
    day = first + timedelta(days=7 - first.weekday())
    while day <= last:
        yield day
        day += WEEK


def changes(facts: Facts) -> Iterator[date]:
    """The days from which a goal or an experiment begins or ceases to count."""
    periods = [(goal.start, goal.end) for goal in facts.goals.values()]
    periods += [(trial.start, trial.end) for trial in facts.experiments.values()]
    for start, end in periods:
        yield from (day for day in (start, after(end)) if day is not None)


def ends(link: LinkFacts) -> Iterator[date]:
    """The days on which a link begins and ceases to hold."""
    yield from (day for day in (link.start, link.until) if day is not None)
