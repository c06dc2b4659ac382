"""What the demonstration is about: goals, initiatives, effects and the level that each line was planned to reach.

The levels are written down here by hand, as the author meant them. Nothing in this package works them out from the rows.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from socius.engine.demo.cast import executive
from socius.engine.demo.rows import EffectRow, ExperimentRow, GoalRow, InitiativeRow, KpiRow


class Fate(NamedTuple):
    """How far the line of an activity gets by plan, what stops it, and the goals on it with the level it has at each."""

    level: str  # none, goal, outcome, fresh, measured
    stop: str = ""  # a kind of break; '' for a measured line, and for an experiment's, which is whole while it runs
    stop_type: str = ""
    stop_object: str = ""
    goals: tuple[tuple[str, str], ...] = ()
    grade: str = ""
    # The initiative whose effect Socius estimates itself; what was typed in stands behind it where that is refused.
    estimated: str = ""


def stopped(goal: str, level: str, stop: str, at: tuple[str, str] | None = None) -> Fate:
    """The fate of a line to one goal that stops at a level; the thing to mend is the goal unless said otherwise."""
    kind, key = at or ("goal", goal)
    return Fate(level, stop, kind, key, ((goal, level),))


# Goal -> where a line to it stops when no effect is known.
TO_GOAL = {
    "direct-orders": stopped("direct-orders", "fresh", "no_effect"),
    "cost-of-care": stopped("cost-of-care", "fresh", "no_effect"),
    "recommendation": stopped("recommendation", "fresh", "no_effect"),
    "trade-leads": stopped("trade-leads", "fresh", "no_effect"),
    "reputation": stopped("reputation", "outcome", "series_stale", ("series", "Reputation index")),
    "ideas-shipped": stopped("ideas-shipped", "goal", "kpi_without_series"),
    "living-community": stopped("living-community", "goal", "goal_without_outcome_kpi"),
    "repair-first": stopped("repair-first", "none", "goal_without_owner"),
}
# Initiative -> the fate of a line through it.
THROUGH = {
    "live-shopping": Fate(
        "measured", goals=(("direct-orders", "measured"),), grade="D", estimated="live-shopping"
    ),
    "answer-in-the-hour": Fate("measured", goals=(("cost-of-care", "measured"),), grade="C"),
    "how-to": TO_GOAL["recommendation"],
    "trade-stories": TO_GOAL["trade-leads"],
    "sixty-years": TO_GOAL["reputation"],
    "idea-workshop": TO_GOAL["ideas-shipped"],
    "champions": TO_GOAL["living-community"],
    "repair-cafe": TO_GOAL["repair-first"],
    "spring-clean": Fate("none", "initiative_without_goal", "initiative", "spring-clean"),
    "ambassadors": Fate(
        "fresh",
        "no_effect",
        "goal",
        "recommendation",
        (("recommendation", "fresh"), ("living-community", "goal")),
    ),
}
IN_AN_EXPERIMENT = Fate("goal")
EXPERIMENT = "open-networks"

# Days before the day of the report on which things begin and end; negative: after it.
LIVE_SHOPPING_STARTS = 140
HOUR_STARTS = 430
SPRING_STARTS = 300
HOW_TO_STARTS = 410
TRIAL_STARTS, TRIAL_ENDS = 120, -30
STALE_SINCE_MONTHS = 6
IDLE = 181


class Dates:
    """Days relative to the day of the report, as text."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of

    def ago(self, days: int) -> date:
        """The day so many days before."""
        return self.as_of - timedelta(days=days)

    def text(self, days: int | None) -> str:
        """The same as in a cell; '' for None."""
        return "" if days is None else self.ago(days).isoformat()


# fmt: off
_GOALS = (
    ("direct-orders", "Raise orders in our own shop by eight per cent in two years, so that less margin goes to dealers.", "marketing", "revenue_generation", "europe", ""),
    ("cost-of-care", "Bring the cost of a care contact below 5.50 euros without more people waiting.", "operations", "operational_efficiency", "care", "recommendation"),
    ("recommendation", "Reach a net promoter score of 45 among owners in their second year.", "customers", "customer_experience", "halvern", "cost-of-care"),
    ("trade-leads", "Win 30 more qualified leads a week from kitchen studios and housing companies.", "marketing", "marketing_optimisation", "overseas", ""),
    ("reputation", "Be among the three most trusted appliance makers in eight markets.", "communication", "brand_health", "brand", ""),
    ("ideas-shipped", "Ship twelve product improvements a year that began with an owner's idea.", "operations", "innovation", "halvern", ""),
    ("living-community", "Keep a community of owners who help one another.", "communication", "brand_health", "brand", ""),
    ("repair-first", "Repair before replacing: sell a fifth more spare parts.", "", "revenue_generation", "repair", ""),
)
_KPIS = (
    ("direct-orders", "Online orders", "outcome", "Online orders", "up", "960"),
    ("direct-orders", "Link clicks to the shop", "driver", "", "up", ""),
    ("cost-of-care", "Cost per contact", "outcome", "Cost per contact", "down", "5.50"),
    ("cost-of-care", "First response time", "health", "", "down", "60"),
    ("recommendation", "Net promoter score", "outcome", "Net promoter score", "up", "45"),
    ("trade-leads", "Qualified leads", "outcome", "Qualified leads", "up", "150"),
    ("reputation", "Reputation index", "outcome", "Reputation index", "up", "72"),
    ("ideas-shipped", "Ideas shipped", "outcome", "", "up", "12"),
    ("living-community", "Engagement rate", "driver", "Engagement rate", "up", "4.5"),
    ("repair-first", "Spare parts sold", "outcome", "Spare parts sold", "up", "5200"),
)
# initiative, title, kind, scope, goals, sponsor, status, start, end (days ago), cost, hours
_INITIATIVES = (
    ("live-shopping", "Live shopping evenings", "external", "function", "direct-orders", "marketing", "running", LIVE_SHOPPING_STARTS, -60, "60000-85000-120000", "900-1200-1600"),
    ("answer-in-the-hour", "An answer within the hour", "external", "enterprise", "cost-of-care", "operations", "running", HOUR_STARTS, None, "140000-180000-210000", "5200"),
    ("how-to", "How-to films for the second year", "external", "function", "recommendation", "customers", "running", HOW_TO_STARTS, -120, "70000", "1500-1900-2400"),
    ("trade-stories", "Stories from kitchen studios", "external", "function", "trade-leads", "marketing", "running", 700, None, "35000-40000-48000", "800"),
    ("sixty-years", "Sixty years of Halvern", "external", "enterprise", "reputation", "communication", "running", 420, -90, "95000-120000-180000", "1400"),
    ("idea-workshop", "Idea workshop with owners", "external", "enterprise", "ideas-shipped", "operations", "running", 400, None, "25000", "600-700-900"),
    ("champions", "Community champions", "external", "function", "living-community", "communication", "running", 500, None, "18000-22000-30000", "1100"),
    ("repair-cafe", "Repair café", "external", "function", "repair-first", "", "running", 380, None, "15000", "400"),
    ("spring-clean", "Spring clean", "external", "function", "", "marketing", "running", SPRING_STARTS, -30, "42000", "350"),
    ("ambassadors", "Employee ambassadors", "internal", "enterprise", "recommendation|living-community", "communication", "running", 390, None, "12000-15000-20000", "500-800-1100"),
    ("virtual-showroom", "A showroom in a virtual world", "external", "function", "direct-orders", "marketing", "rejected", None, None, "200000-350000-600000", "2500"),
)
# initiative, series, method, estimate, grade, low, high, from, until (days ago), source.
# The last two reach nobody: one is older than a year, the other speaks of a series that its goal is not measured by.
_EFFECTS = (
    ("live-shopping", "Online orders", "before and after", "41", "D", "12", "70", LIVE_SHOPPING_STARTS, 20, "note of the shop team"),
    ("answer-in-the-hour", "Cost per contact", "external study", "-0.48", "C", "-0.71", "-0.25", 400, 45, "Brookhollow Research, Care in Public (commissioned study)"),
    ("trade-stories", "Qualified leads", "before and after", "14", "D", "3", "25", 690, 400, "note of the trade team"),
    ("how-to", "Online orders", "correlation", "9", "D", "-6", "24", 400, 60, "note of the film team"),
)
# fmt: on

# What the generator puts into the series. `relative` is the lift while the initiative runs; 0 is planted on purpose.
PLANTED_EFFECTS = (
    ("live-shopping", "Online orders", LIVE_SHOPPING_STARTS, 0.06),
    ("answer-in-the-hour", "Cost per contact", HOUR_STARTS, -0.08),
    ("trade-stories", "Qualified leads", 700, 0.12),
    ("how-to", "Net promoter score", HOW_TO_STARTS, 0.0),
)

# What Socius estimates when the demonstration is built: initiative, series, days before the day of the report on which its window starts
# and ends. Three weeks leave room for ten fake starts and more. A lift, nothing planted, and a history that is too short.
ESTIMATED = (
    ("live-shopping", "Online orders", LIVE_SHOPPING_STARTS, LIVE_SHOPPING_STARTS - 20),
    ("how-to", "Online orders", HOW_TO_STARTS, HOW_TO_STARTS - 20),
    ("answer-in-the-hour", "Cost per contact", HOUR_STARTS, 45),
)


def goals(on: Dates) -> list[GoalRow]:
    """goals.csv; every period covers the whole year of activity."""
    start, end = on.ago(420).replace(day=1).isoformat(), on.ago(-310).replace(day=1).isoformat()
    return [
        GoalRow(key, say, executive(owner) if owner else "", objective, start, end, unit, conflicts)
        for key, say, owner, objective, unit, conflicts in _GOALS
    ]


def kpis(on: Dates) -> list[KpiRow]:
    """kpis.csv"""
    by = on.ago(-300).replace(day=1).isoformat()
    return [KpiRow(*row, by if row[-1] else "") for row in _KPIS]


def initiatives(on: Dates, accounts: dict[str, list[str]]) -> list[InitiativeRow]:
    """initiatives.csv, with the accounts that the inventory gave to each."""
    out = []
    for key, title, kind, scope, goals_, sponsor, status, start, end, cost, hours in _INITIATIVES:
        who = executive(sponsor) if sponsor else ""
        listed = "|".join(accounts.get(key, ()))
        dates = (on.text(start), on.text(end))
        out.append(
            InitiativeRow(
                key, title, kind, scope, goals_, who, status, *dates, cost, "EUR", hours, listed
            )
        )
    return out


def effects(on: Dates) -> list[EffectRow]:
    """effects.csv: all by hand, so none is above C."""
    return [EffectRow(*row[:7], on.text(row[7]), on.text(row[8]), row[9]) for row in _EFFECTS]


def experiments(on: Dates) -> list[ExperimentRow]:
    """The one dated trial."""
    ask = "Do owners who left the large networks ask for help on open ones?"
    dates = (on.text(TRIAL_STARTS), on.text(TRIAL_ENDS))
    return [ExperimentRow(EXPERIMENT, "Open networks", ask, *dates, "", "brand")]
