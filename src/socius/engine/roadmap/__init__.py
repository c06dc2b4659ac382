"""A roadmap of two to three years: what comes first and why, what fits, what is missing. Pure: the day and the seed are arguments.

Rank = value ÷ effort, both as ranges; ranges that overlap are tied. Readiness, dependencies and capacity then decide when.
Our own method; the idea that a roadmap needs value, readiness, a review and a list of what one will not do is Li & Solis 2013.
"""

from __future__ import annotations

from socius.engine.roadmap.answer import answer, what_if_of
from socius.engine.roadmap.audit import Flag, flags, horizon
from socius.engine.roadmap.order import Standing, cycle_in, effort_of, ordered, standings
from socius.engine.roadmap.plan import Frame, Item, Prerequisite, Range, quarter_name, quarter_of
from socius.engine.roadmap.reading import Problem, read_plan
from socius.engine.roadmap.schedule import Change, Plan, Slot, compare, planned

__all__ = [
    "Change",
    "Flag",
    "Frame",
    "Item",
    "Plan",
    "Prerequisite",
    "Problem",
    "Range",
    "Slot",
    "Standing",
    "answer",
    "compare",
    "cycle_in",
    "effort_of",
    "flags",
    "horizon",
    "ordered",
    "planned",
    "quarter_name",
    "quarter_of",
    "read_plan",
    "standings",
    "what_if_of",
]
