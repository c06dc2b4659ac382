"""Two waves of an assessment of the invented organisation, as files that raters could have filled in.

The story: a year ago accounts were not listed and nobody had said what each channel is for. Since then that was mended. People now
place themselves on stage 4; unit leads believe that rules are understood and training is formal, those who do the work do not.
"""

from __future__ import annotations

import json
import random
from typing import Any, NamedTuple

FORMAT = "socius-assessment/1"
OPEN_DAYS = 21


class PlannedWave(NamedTuple):
    """A wave: how many days before the as-of day it closed, and its file."""

    name: str
    closed_before: int
    live: bool
    text: str


# Item -> what most raters say, in the first and in the second wave. What raters differ about is in APART.
LEVELS = {
    "q01": (1, 2), "q02": (2, 3), "q03": (1, 3), "q05": (1, 2), "q06": (1, 2), "q08": (0, 2), "q09": (1, 2),
    "q11": (2, 3), "q20": (1, 2), "q21": (1, 2), "q22": (1, 2), "q28": (0, 1), "q32": (0, 1), "q35": (1, 2),
    "q36": (0, 1), "q42": (0, 1), "q43": (1, 2),
}  # fmt: skip
PARTS = {
    "q12": {"informed": (2, 3), "engaged": (1, 2), "aligned": (1, 2)},
    "q40": {"listed": (1, 3)},
    "q41": {"triage": (1, 2)},
}
SAME: dict[str, tuple[Any, Any]] = {
    "q04": (20, 60),
    "q07": ("to_6_months", "to_12_months"),
    "q13": ("centralised", "hub_spoke"),
    "q14": ({"model": "hub_spoke", "dated": 0}, {"model": "multi_hub", "dated": 1}),
    "q15": ("corporate", "both"),
    "q18": ({"departments": ["marketing", "communication"], "reports_to": "marketing"},
            {"departments": ["marketing", "communication", "support", "hr"], "reports_to": "communication"}),
    "q19": (70, 55),
    "q26": ({"funding": "campaign", "budgets": ["marketing"]}, {"funding": "yearly", "budgets": ["marketing", "corporate"]}),
    "q27": (["personal_use"], ["personal_use", "official_conduct", "community", "crisis"]),
    "q29": ({"known": "poor"}, {"known": "fair"}),
    "q30": ("none", "ad_hoc"),
    "q31": (10, 35),
    "q33": ("never", "at_hiring"),
    "q37": ([], ["brand", "experience"]),
    "q39": ("followers", "reputation"),
    "q44": ({"measures": ["frequency"], "how_well": "very_poorly"}, {"measures": ["frequency", "staff_engaged"], "how_well": "poorly"}),
}  # fmt: skip
# In the second wave some groups see some practices this much higher or lower than the others.
APART = {
    ("unit lead", "q21"): 1.2,
    ("practitioner", "q21"): -0.6,
    ("executive", "q02"): 0.6,
    ("practitioner", "q20"): -0.8,
    ("unit lead", "q20"): 0.7,
}
PLACED = {"executive": (3, 5), "strategist": (2, 3), "practitioner": (2, 3), "unit lead": (3, 4)}
UNITS = ("Customer Care", "Germany", "France", "United Kingdom", "Brand", "United States")
GROUPS = (
    {"executive": 5, "strategist": 3, "practitioner": 10, "unit lead": 6},
    {"executive": 8, "strategist": 4, "practitioner": 20, "unit lead": 14},
)
WORKS = ("The weekly call of the units saves us double work.", "Care answers within the hour since the rota.", "We finally know which accounts are ours.")  # fmt: skip
FAILS = ("Nobody tells us what the rules are for a crisis.", "Training is a slide deck from two years ago.", "Requests to the centre wait for days.")  # fmt: skip
SPREAD = 0.55
# Posts a week that each active account of a unit promises: Germany took on more than its hours allow.
PROMISES = {"Brand": 25, "Germany": 4, "Kitchen": 6}
# Item -> what some raters of the second wave give as something that shows it.
SHOWN = {
    "q03": "https://intranet.example.org/social/roadmap",
    "q11": "https://intranet.example.org/board/minutes/social",
    "q27": "https://intranet.example.org/policies/social",
    "q40": "https://intranet.example.org/social/accounts",
    "q41": "https://intranet.example.org/care/triage",
}
GIVES_EVIDENCE = 0.3


class Agreed(NamedTuple):
    """What was agreed in a wave about a gap; days after its close. `done` None: it is still to be done."""

    wave: int
    item: str
    text: str
    due: int
    done: int | None


AGREED = (
    Agreed(0, "q40", "List every account with its owner, unit by unit", 120, 96),
    Agreed(0, "q27", "Write down who may speak for us and how", 150, 141),
    Agreed(1, "q20", "One page with who decides what, gone through in each unit", 60, None),
    Agreed(1, "stage", "Unit leads and practitioners go through the gates of stage 4 together", 30, None),
)  # fmt: skip


def planned_waves(seed: int) -> list[PlannedWave]:
    """The two waves; the second one closed on the as-of day and takes the platform's own facts."""
    rng = random.Random(seed)  # noqa: S311 - a story, not a secret
    return [
        PlannedWave("First look", 330, False, wave_file(rng, 0)),
        PlannedWave("A year on", 0, True, wave_file(rng, 1)),
    ]


def wave_file(rng: random.Random, at: int) -> str:
    """The file of one wave."""
    raters: list[dict[str, str]] = []
    answers: dict[str, Any] = {}
    said: dict[str, dict[str, str]] = {}
    shown: dict[str, dict[str, str]] = {}
    linking = random.Random(at)  # noqa: S311 - a story, not a secret
    for role, n in GROUPS[at].items():
        for i in range(n):
            name = f"{role}-{i}"
            unit = UNITS[len(raters) % len(UNITS)]
            raters.append({"id": name, "role": role, "unit": unit})
            answers[name] = rated(rng, role, at)
            links = {item: url for item, url in SHOWN.items() if linking.random() < GIVES_EVIDENCE}
            if at == 1 and links:
                shown[name] = links
            if at == 1 and i == 0:
                said[name] = {"works": WORKS[len(said) % 3], "fails": FAILS[len(said) % 3]}
    case = {
        "format": FORMAT,
        "questionnaire": "full@1",
        "gates": "gates@1",
        "raters": raters,
        "answers": answers,
        "platform": None,
    }
    return json.dumps({**case, "words": said, "evidence": shown})


def rated(rng: random.Random, role: str, at: int) -> dict[str, Any]:
    """One rater's answers."""

    def level(key: str, middle: int) -> int:
        apart = APART.get((role, key), 0) if at else 0
        return min(4, max(0, round(rng.gauss(middle + apart, SPREAD))))

    found: dict[str, Any] = {key: level(key, middle[at]) for key, middle in LEVELS.items()}
    for key, parts in PARTS.items():
        found[key] = {part: level(key, middle[at]) for part, middle in parts.items()}
    found |= {key: pair[at] for key, pair in SAME.items()}
    placed = round(rng.gauss(PLACED[role][at], 0.5))
    found["q10"] = min(6, max(0, placed))
    return found
