"""What the demonstration means to do in three years, what it will not do, and the tools that it uses.

Nothing here is counted by the line of sight: none of these initiatives has accounts, money or hours yet.
"""

from __future__ import annotations

from typing import NamedTuple

Three = tuple[int, int, int]


class Planned(NamedTuple):
    """An initiative that is to come. Days count from the day of the report, back (+) and forth (-), as elsewhere here."""

    key: str
    title: str
    kind: str
    scope: str
    functions: str
    status: str
    sponsor: str
    goals: tuple[str, ...]
    value: Three
    hours: Three
    cost: Three
    quarters: int
    needs: tuple[str, ...] = ()
    first: tuple[tuple[str, str, int | None], ...] = ()
    ends: int | None = None
    reason: str = ""


class Worth(NamedTuple):
    """What a running initiative is worth, and when it is looked at again."""

    key: str
    functions: str
    value: Three
    review: int


class Tooled(NamedTuple):
    """A tool of the register. `goal` '' needs a reason for the exception."""

    name: str
    kind: str
    vendor: str
    purpose: str
    unit: str
    goal: str
    decided: str = ""  # granted, refused; '' is only asked for
    reason: str = ""


# fmt: off
PLANNED = (
    Planned("role-training", "Training by role before access", "internal", "enterprise", "people", "accepted", "operations", ("cost-of-care",), (15, 30, 45), (420, 600, 900), (8000, 12000, 20000), 2, ends=-200),
    Planned("one-record", "Contacts on networks in the customer record", "internal", "enterprise", "service|sales|IT", "accepted", "customers", ("recommendation", "cost-of-care"), (35, 60, 85), (1300, 1900, 3000), (40000, 65000, 110000), 3, ("role-training",), (("Consent wording agreed with legal", "q42", -120), ("Rules for private and official use in force", "q27", 40))),
    Planned("idea-loop", "Owners' ideas reach product planning in a fortnight", "external", "enterprise", "product", "proposed", "operations", ("ideas-shipped",), (20, 45, 75), (700, 1000, 1600), (10000, 15000, 30000), 3, ("one-record",), (("A product manager with two days a week", "q18", -190),)),
    Planned("repair-map", "A map of repairers that owners keep up", "external", "function", "service", "proposed", "", ("repair-first",), (10, 25, 50), (350, 500, 900), (12000, 20000, 40000), 2),
    Planned("measure-care", "Test by regions of what answers save", "external", "function", "finance|service", "accepted", "operations", ("cost-of-care",), (15, 35, 50), (200, 280, 420), (0, 5000, 12000), 2, ("answer-in-the-hour",), (("Controller confirms what a contact costs", "q36", -60),)),
    Planned("expert-search", "Find the colleague who knows", "internal", "enterprise", "people|product", "proposed", "communication", ("ideas-shipped",), (15, 35, 70), (500, 800, 1500), (15000, 30000, 60000), 3, ("role-training",)),
    Planned("installers", "Installers answer in their own name", "external", "enterprise", "sales|service", "idea", "marketing", ("trade-leads",), (10, 40, 80), (900, 1400, 2600), (20000, 45000, 90000), 4, ("role-training", "measure-care"), (), -900),
    Planned("community-budget", "The communities in the business units' own budgets", "internal", "enterprise", "finance", "idea", "communication", ("living-community",), (10, 30, 60), (150, 250, 400), (0, 0, 0), 2, ("measure-care",), (("Two units say what they would pay to keep it", "q26", None),), -1000),
    Planned("avatar", "A talking appliance on every network", "external", "function", "marketing", "rejected", "marketing", ("direct-orders",), (0, 10, 30), (1800, 2500, 4000), (90000, 160000, 300000), 4, reason="Nobody could name the owner question that it would answer, and it would take the hours of the repair map."),
    Planned("second-studio", "A second film studio", "external", "function", "marketing", "rejected", "marketing", ("recommendation",), (5, 15, 30), (1500, 2100, 3000), (150000, 220000, 300000), 4, reason="How-to films have no effect that can be told yet; wait for the test by regions."),
)
WORTH = (
    Worth("live-shopping", "marketing|sales", (15, 35, 60), -45),
    Worth("answer-in-the-hour", "service", (40, 60, 80), -30),
    Worth("how-to", "marketing|service", (5, 20, 45), -70),
    Worth("trade-stories", "sales", (15, 25, 40), -60),
    Worth("sixty-years", "communication", (5, 15, 35), -20),
    Worth("idea-workshop", "product", (15, 30, 50), -80),
    Worth("champions", "service|communication", (10, 25, 45), -75),
    Worth("ambassadors", "people|communication", (10, 25, 45), -50),
    Worth("repair-cafe", "service", (10, 20, 40), 12),
)
WHY_NO_SHOWROOM = "Dear for what it could bring: two in three visitors of the trial never came back, and no owner goal needs it."
CAPACITY, HOUR, CURRENCY = 3600, 62, "EUR"
VISION = "In three years owners say of us: they answered before I gave up, they knew my machine, and they would rather mend it than sell me another."
PLANS = "Answer first, then teach, then ask. Train by role before anybody gets access. Measure by regions before anything is enlarged. Channel plans hang below the goals and are reviewed with them."
RESOURCES = "3,600 hours a quarter for everything that is planned; a yearly line in care and in product from the second year on."
STRATEGY_GOALS = ("direct-orders", "cost-of-care", "recommendation", "trade-leads", "ideas-shipped", "living-community", "repair-first")
TOOLS = (
    Tooled("Shared inbox", "tool", "Corvell", "One queue for all questions, with who holds which", "care", "cost-of-care", "granted", "Replaces four mailboxes"),
    Tooled("Film desk", "tool", "Lumenwerk", "Cut and caption how-to films in five languages", "brand", "recommendation", "granted", "Cheaper than the agency from the ninth film on"),
    Tooled("Connector to the trade forum", "connector", "", "Read and answer in the installers' forum", "europe", "trade-leads"),
    Tooled("Trend radar", "tool", "Sightline", "Say what will be talked about next month", "brand", "direct-orders", "refused", "No goal is judged by it, and the listening pilot answers the same question"),
    Tooled("Night-shift translator", "tool", "Parlando", "Answer in Polish and Swedish after eight", "care", "", "", "The night desk opens on Monday and the strategy is adopted in three weeks; reviewed by then"),
)
# fmt: on
