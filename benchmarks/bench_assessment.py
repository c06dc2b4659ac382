"""10,000 assessments of one rater each, scored with sensitivity and without resampling: <= 2 CPU seconds.

Opponent: the same answers given to a checker that does the least a stage needs, the gates alone, once. What factors, criteria,
profile, what binds and sensitivity cost lies between the two. Coherence and resampling are quoted apart.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from run import REPEATS, ROOT

N = 10_000
sys.path.insert(0, str(ROOT / "src"))


def answered(form: Any, rng: random.Random) -> dict[str, Any]:
    """One rater's answers, each at random."""
    values: dict[str, Any] = {}
    for item in form.items:
        for part in item.parts:
            if part.kind == "one":
                values[part.key] = rng.choice(part.options).id
            elif part.kind == "many":
                values[part.key] = frozenset(o.id for o in part.options if rng.random() < 0.5)
            else:
                values[part.key] = rng.randint(1, {"share": 100}.get(part.kind, 4))
    return values


def spend(results: Any) -> None:
    """Computes each and keeps none."""
    for _ in results:
        pass


def timed(what: Any) -> float:
    start = time.process_time()
    what()
    return time.process_time() - start


def measure(place: Path) -> dict[str, Any]:
    from socius.engine.assessment.aggregate import Rating, aggregate
    from socius.engine.assessment.coherence import cohere
    from socius.engine.assessment.maturity import mature, stage_of
    from socius.engine.assessment.questionnaire import questionnaire
    from socius.engine.assessment.reading import read_case
    from socius.engine.assessment.uncertainty import stage_range

    form = questionnaire("full@1")
    rng = random.Random(178)
    ratings = [Rating(str(i), "strategist", "", answered(form, rng)) for i in range(N)]
    example = ROOT / "docs" / "reference" / "examples" / "assessment" / "helpdesk_coe.json"
    case = read_case(example.read_text())
    works = {
        "scored_with_sensitivity": lambda: spend(
            mature(form, aggregate(form, [r])) for r in ratings
        ),
        "gates_alone": lambda: spend(stage_of(form, r.values) for r in ratings),
        "coherence": lambda: spend(cohere(case.facts) for _ in range(N)),
        "resampling_one_of_40_raters": lambda: stage_range(form, ratings[:40]),
    }
    found: dict[str, Any] = {"assessments": N}
    for name, work in works.items():
        work()
        runs = [timed(work) for _ in range(max(5, REPEATS))]
        found[name] = {
            "cpu": round(statistics.median(runs), 3),
            "runs": [round(r, 3) for r in runs],
        }
    found["limit_cpu"] = 2.0
    found["kept"] = found["scored_with_sensitivity"]["cpu"] <= found["limit_cpu"]
    return found
