"""Builds the cases of docs/reference/examples/assessment: answers by gates, platform blocks by rule. Run as a script it writes the files.

Unlisted levels and shares are 0, sets are empty, choices stand at their lowest option; q19 and amounts are left out.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from socius.engine.assessment.questionnaire import questionnaire

PLACE = Path(__file__).parents[2] / "docs" / "reference" / "examples" / "assessment"
FORM = questionnaire("full@1")
DAY = "2026-11-20"
DECISIONS = (
    "open or retire an account",
    "publish routine content",
    "reply to customers",
    "set policy",
    "train and certify",
    "choose tools",
    "declare a crisis",
    "report results",
)
LOWEST: dict[str, Any] = {"level": 0, "share": 0, "number": 0, "scale": 1, "many": []}

S1 = {"q01": 1, "q02": 1}
S2 = {**S1, "q40": 2, "q05": 2, "q04": 50, "q27": ["personal_use", "official_conduct"]}
S3 = {**S2, "q03": 2, "q41": 2, "q37": ["brand"], "q39": "reputation"}
S4 = {
    **S3,
    "q11": 3,
    "q13": "hub_spoke",
    "q15": "corporate",
    "q21": 2,
    "q28": 2,
    "q30": "formal",
    "q20": 2,
    "q31": 50,
    "q43": 2,
}
S5 = {
    **S4,
    "q35": 3,
    "q36": 2,
    "q09": 3,
    "q12": {"informed": 3, "engaged": 3, "aligned": 3},
    "q18": {"departments": ["marketing", "support", "hr", "it", "legal"]},
    "q07": "to_3_years",
    "q08": 3,
    "q14": {"dated": 2},
}
S6 = {
    **S5,
    "q09": 4,
    "q26": {"funding": "yearly", "budgets": ["business_units"]},
    "q42": 3,
    "q44": {"measures": ["process_improved"], "how_well": "well"},
}
SHELL = {**S2, "q03": 3, "q37": ["brand"], "q39": "reputation", "q11": 3, "q35": 3, "q41": 0}
HELPDESK = {
    **S4,
    "q35": 1,
    "q09": 1,
    "q12": {"informed": 1, "engaged": 1, "aligned": 1},
    "q19": 80,
}


def lowest(part: Any) -> Any:
    return part.options[0].id if part.kind == "one" else LOWEST[part.kind]


def answers(given: dict[str, Any]) -> dict[str, Any]:
    """All 44 items, the given ones over the lowest ones."""
    found: dict[str, Any] = {}
    for item in FORM.items:
        parts = {p.id: lowest(p) for p in item.parts if p.kind != "money"}
        if item.id == "q19" or not parts:
            found[item.id] = "dont_know"
        else:
            found[item.id] = parts.get("", parts)
        said = given.get(item.id)
        if isinstance(found[item.id], dict) and said is not None:
            found[item.id] |= said if isinstance(said, dict) else {item.parts[0].id: said}
        elif said is not None:
            found[item.id] = said
    return found


def goal(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "id": name.split(maxsplit=1)[0].casefold(),
        "name": name,
        "weight": 1,
        "active": True,
        "sponsor": {"id": "the sponsor", "active": True},
        "sponsor_act": {"kind": "decided", "days_ago": 30},
        "kpis": [{"measure": "reputation index", "class": "outcome", "direction": "up", "grains_old": 1}],
        "effect": {"grade": "B", "days_old": 60},
        "running_test": None,
        "conflicts_with": [],
        **changed,
    }  # fmt: skip


def held(unit: str, n: int = 8) -> list[dict[str, Any]]:
    return [
        {"unit": unit, "decision": d, "holders": int(i < n), "exclusive_holders": 0, "median_wait_h": None, "deadline_h": None}
        for i, d in enumerate(DECISIONS)
    ]  # fmt: skip


def cells(n: int, bad: int, conflict: str = "lines") -> list[dict[str, Any]]:
    return [
        {"audience": "customers", "network": "facebook", "language": "en", "week": f"2026-W{30 + i % 20:02}", "units": ["North", "South"], "posts": 5, "conflict": conflict if i < bad else None}
        for i in range(n)
    ]  # fmt: skip


def platform(**blocks: Any) -> dict[str, Any]:
    """An organisation of three units and two goals in which every rule is 1."""
    base = {
        "date": DAY,
        "window_days": 90,
        "goals": [goal("Reputation with customers"), goal("Orders of new products")],
        "work": {"spend_total": 200000, "spend_linked": 200000, "hours_total": 1000, "hours_linked": 1000, "minutes_total": None, "minutes_linked": None, "largest_unlinked": None},
        "capacity": [{"unit": u, "need_hours": 20, "hours": 20, "sla_met": 0.95, "sla_target": 0.9} for u in ("North", "South", "Hub")],
        "decisions": [row for u in ("North", "South", "Hub") for row in held(u)],
        "initiatives": [{"id": "launch", "kind": "external", "linked": True}, {"id": "expertise", "kind": "internal", "linked": True}],
        "no_initiative_reason": {"external": None, "internal": None},
        "cells": cells(4, 0),
        "waived": {},
    }  # fmt: skip
    return copy.deepcopy({**base, **blocks})


def shell_platform() -> dict[str, Any]:
    return platform(
        goals=[goal("Reputation with customers and partners", effect={"grade": "D", "days_old": 40})],
        capacity=[{"unit": "Communication", "need_hours": 20, "hours": 40, "sla_met": None, "sla_target": None}],
        decisions=held("Communication"),
        initiatives=[{"id": "one-page", "kind": "external", "linked": True}],
        cells=[],
    )  # fmt: skip


def helpdesk_platform() -> dict[str, Any]:
    stale = [
        {"measure": "contacts avoided", "class": "outcome", "direction": "up", "grains_old": 6}
    ]
    fans = [{"measure": "engagement rate", "class": "driver", "direction": "up", "grains_old": 1}]
    opened = {"kind": "opened", "days_ago": 20}
    rows = [row for u in range(7) for row in held(f"Unit {u + 1}")]
    for i, row in enumerate(rows):
        if i < 21:
            row |= {"holders": 0}
        elif i < 42:
            row |= {"median_wait_h": 90, "deadline_h": 48}
    quiet = {"effect": None, "sponsor_act": None}
    return platform(
        goals=[
            goal("Service cost", effect=None, sponsor_act=opened),
            goal("Loyalty", kpis=stale, effect=None, sponsor_act=opened),
            goal("Reach", kpis=fans, **quiet),
            goal("Innovation", kpis=[], **quiet),
            goal("Hiring", kpis=[], **quiet),
        ],
        work={"spend_total": 400000, "spend_linked": 120000, "hours_total": 3500, "hours_linked": 700, "minutes_total": None, "minutes_linked": None, "largest_unlinked": {"item": "answering requests", "unit": "Hub", "amount": 210000}},
        capacity=[
            {"unit": "Hub", "need_hours": 260, "hours": 140, "sla_met": 0.55, "sla_target": 0.9},
            *({"unit": f"Spoke {i}", "need_hours": 100, "hours": 100, "sla_met": None, "sla_target": None} for i in (1, 2, 3)),
        ],
        decisions=rows,
        initiatives=[
            *({"id": f"external {i}", "kind": "external", "linked": i < 3} for i in range(10)),
            {"id": "internal 1", "kind": "internal", "linked": False},
        ],
        cells=cells(20, 6),
    )  # fmt: skip


def one_fault(rule: int) -> dict[str, Any]:  # noqa: C901, PLR0912 - a branch for each rule
    """The sound organisation with one thing that does not fit."""
    block = platform()
    if rule == 1:
        block["work"] |= {
            "spend_linked": 100000,
            "hours_linked": 500,
            "largest_unlinked": {
                "item": "campaign without a goal",
                "unit": "South",
                "amount": 60000,
            },
        }
    elif rule == 2:
        block["goals"][1]["kpis"] = [
            {"measure": "engagement rate", "class": "driver", "direction": "up", "grains_old": 1}
        ]
    elif rule == 3:
        for row in block["capacity"]:
            row["hours"] = 10
    elif rule == 4:
        block["decisions"][:8] = held("North", 4)
    elif rule == 5:
        block["initiatives"].pop()
    elif rule == 6:
        block["goals"][1]["sponsor_act"] = {"kind": "decided", "days_ago": 200}
    elif rule == 7:
        for row in block["goals"]:
            row["effect"] = None
    else:
        block["cells"] = cells(4, 2)
    return block  # fmt: skip


def case(given: dict[str, Any], block: dict[str, Any] | None, name: str = "") -> dict[str, Any]:
    return {
        "format": "socius-assessment/1",
        "name": name,
        "questionnaire": "full@1",
        "gates": "gates@1",
        "raters": [{"id": "r1", "role": "strategist", "unit": "Hub"}],
        "answers": {"r1": answers(given)},
        "platform": block,
    }


# Name -> (answers, platform block, what it is)
CASES: dict[str, tuple[dict[str, Any], Any, str]] = {
    "s0": ({}, platform, "stage 0: nothing in place"),
    "s1": (S1, platform, "stage 1, Planning"),
    "s2": (S2, platform, "stage 2, Presence"),
    "s3": (S3, platform, "stage 3, Engagement"),
    "s4": (S4, platform, "stage 4, Formalized"),
    "s5": (S5, platform, "stage 5, Strategic"),
    "s6": (S6, platform, "stage 6, Converged"),
    "shell": (SHELL, shell_platform, "a low stage whose parts fit: one-way posting with a daily reputation index"),
    "helpdesk_coe": (HELPDESK, helpdesk_platform, "a high stage whose parts do not fit: a centre that became a help desk"),
    **{
        f"c{n}": (S3, lambda n=n: one_fault(n), f"sound but for rule C{n}")
        for n in range(1, 9)
    },
}  # fmt: skip


def text(name: str) -> str:
    given, block, say = CASES[name]
    return json.dumps(case(given, block(), say), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PLACE.mkdir(parents=True, exist_ok=True)
    for made in CASES:
        (PLACE / f"{made}.json").write_text(text(made), encoding="utf-8")
