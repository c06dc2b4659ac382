"""The line of sight: how far the walk from an activity to a measured effect gets, and where it breaks. Pure."""

from __future__ import annotations

from socius.engine.sight.counts import Sight, Window, report
from socius.engine.sight.facts import (
    AccountFacts,
    EffectFacts,
    ExperimentFacts,
    Facts,
    GoalFacts,
    KPIFacts,
    LinkFacts,
    SeriesFacts,
)
from socius.engine.sight.walk import GRAINS, LEVELS, Stop, Walker

__all__ = [
    "GRAINS",
    "LEVELS",
    "AccountFacts",
    "EffectFacts",
    "ExperimentFacts",
    "Facts",
    "GoalFacts",
    "KPIFacts",
    "LinkFacts",
    "SeriesFacts",
    "Sight",
    "Stop",
    "Walker",
    "Window",
    "report",
]
