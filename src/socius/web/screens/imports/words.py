"""The words for kinds, states and outcomes."""

from __future__ import annotations

from typing import Any, NamedTuple


class Word(NamedTuple):
    """A kind as a person calls it."""

    name: str
    icon: str
    holds: str


KINDS = {
    "units": Word("Units", "sitemap", "hubs and spokes, and which stands below which"),
    "people": Word("People", "users", "who may sign in, with the role proposed for each"),
    "goals": Word("Goals", "target", "what the business wants, its executive owner and period"),
    "outcomes": Word("Outcome series", "chart-line", "values by date: leads, revenue, cost"),
    "kpis": Word("KPIs", "flag", "which series measures which goal, with its target"),
    "accounts": Word("Accounts", "list-details", "the inventory: network, handle, unit, owner"),
    "initiatives": Word("Initiatives", "rocket", "work that serves goals, with cost and accounts"),
    "spend": Word("Spend", "coin", "money by day, goal and initiative"),
    "hours": Word("Hours", "clock", "work by week, unit and initiative"),
    "activity": Word("Activity", "history", "what was posted, replied, moderated, run"),
    "effects": Word("Effects", "adjustments", "what an outside study found, entered by hand"),
    "leads": Word(
        "Leads", "users", "leads from the sales system, where they came from, won or lost"
    ),
}
OUTCOMES = (
    ("created", "new"),
    ("updated", "changed"),
    ("unchanged", "as they are"),
    ("skipped", "said twice"),
    ("rejected", "rejected"),
)
STATES = {
    "ok": ("Ready to apply", "good", "Nothing was written yet."),
    "needs_answer": ("A question is open", "warn", "Answer it below; nothing was written."),
    "held": ("Held", "bad", "Nothing was written, and what was there before stays."),
    "refused": ("Refused", "bad", "Nothing was written. What is wrong stands below."),
    "not_recognised": ("Not recognised", "warn", "Say below what its columns mean, or choose another kind."),
    "not_allowed": ("Not allowed", "bad", "It needs a right that you do not hold."),
    "already_imported": ("Imported already", "good", "The same file was read in the same way before; nothing to do."),
}  # fmt: skip
RUN_STATES = {"applied": "applied", "undone": "taken back", "running": "not finished"}


def counts(report: dict[str, Any]) -> list[tuple[str, str, int]]:
    """(outcome, word, rows) of a report."""
    rows = report.get("rows", {})
    return [(key, word, int(rows.get(key, 0))) for key, word in OUTCOMES]


def grouped(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings by code, errors first, with how many there are and the first few."""
    groups: dict[str, dict[str, Any]] = {}
    for finding in report.get("findings", []):
        group = groups.setdefault(
            finding["code"],
            {"code": finding["code"], "severity": finding["severity"], "first": []},
        )
        if len(group["first"]) < 10:
            group["first"].append(shown(finding))
    for code, n in report.get("finding_counts", {}).items():
        if code in groups:
            groups[code]["n"] = n
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(groups.values(), key=lambda g: (order.get(g["severity"], 3), -g.get("n", 0)))


def shown(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding without advice that is meant for the command line: the page has its own way."""
    return {**finding, "repair": ""} if "--" in finding.get("repair", "") else finding


def gone(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Columns that the last import had and this one lacks."""
    return [d for d in report.get("columns", {}).get("drift", []) if not d["to"]]
