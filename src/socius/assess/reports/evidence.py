"""How far the answers of a wave are backed: links to evidence, and where people say otherwise than the platform counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from socius.assess.models import Answer, Assessment
from socius.assess.reports.waves import ratings_of
from socius.engine.assessment.disclosure import LEAST
from socius.engine.assessment.questionnaire import questionnaire

SHARE_STEP = 5  # half of the step between two buttons


@dataclass(frozen=True)
class Backed:
    """Answers with and without a link; `items`: of how many questions at least one answer has one, of how many that were answered."""

    linked: int
    bare: int
    items: int
    asked: int

    @property
    def answers(self) -> int:
        """All answers that say something."""
        return self.linked + self.bare


@dataclass(frozen=True)
class Otherwise:
    """Of `n` people who gave a value, how many gave another one than the platform counts; None below three."""

    n: int
    differ: int | None


def backed(found: Assessment) -> Backed:
    """Evidence of the ratings that were handed in. Counts only: an address could tell who gave it."""
    rows = Answer.objects.filter(rating__assessment=found, missing="")
    said = list(rows.exclude(rating__submitted_at=None).values_list("item", "evidence"))
    linked = [item for item, evidence in said if evidence]
    return Backed(len(linked), len(said) - len(linked), len(set(linked)), len({i for i, _ in said}))


def differs(said: float, counted: float, step: float) -> bool:
    """Whether somebody says something else; what they are shown is rounded, and for shares there are buttons in steps."""
    return abs(round(said) - round(counted)) > step


def otherwise(found: Assessment) -> dict[str, Otherwise]:
    """Own value -> how many people see it otherwise: another whole number; for a share another step of ten per cent."""
    form = questionnaire(found.form)
    shares = {part.key for item in form.items for part in item.parts if part.kind == "share"}
    auto: dict[str, Any] = found.frozen.get("auto", {})
    given: dict[str, list[float]] = defaultdict(list)
    for rating in ratings_of(found):
        for key in auto:
            if isinstance(rating.values.get(key), int | float):
                given[key].append(rating.values[key])
    made = {}
    for key, row in auto.items():
        values = given[key]
        shown = row["value"] is not None and len(values) >= LEAST
        made[key] = Otherwise(
            len(values) if len(values) >= LEAST else 0,
            sum(differs(v, row["value"], SHARE_STEP if key in shares else 0) for v in values)
            if shown
            else None,
        )
    return made
