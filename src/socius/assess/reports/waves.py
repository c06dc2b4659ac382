"""Waves as the screens, the API and the exports show them. No answer of a single rater leaves this file with a name or a unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Count, Q, QuerySet

from socius.assess.models import Answer, Assessment
from socius.assess.models import Rating as RatingRow
from socius.engine.assessment.aggregate import Rating, Rules, aggregate, spread
from socius.engine.assessment.answers import read_item
from socius.engine.assessment.disclosure import LEAST, shown_as
from socius.engine.assessment.facts_reading import read_facts
from socius.engine.assessment.gaps import gaps
from socius.engine.assessment.place import Place
from socius.engine.assessment.questionnaire import Questionnaire, questionnaire
from socius.engine.assessment.reading import Case
from socius.engine.assessment.result import as_json, assess, plain
from socius.kit.errors import NotFound
from socius.organisation.actions import require
from socius.organisation.models import Actor
from socius.organisation.reports import visible

EXPORT_FORMAT = "socius-aggregate/1"
LICENCE = "CC BY 4.0"


@dataclass(frozen=True)
class Part:
    """How many took part in a wave; groups of roles and units below three raters are merged."""

    links: int
    begun: int
    submitted: int
    roles: dict[str, int]
    units: dict[str, int]


def waves(actor: Actor) -> QuerySet[Assessment]:
    """The waves that the actor may see, the newest first."""
    rows = Assessment.objects.filter(visible(actor, "analytics.view")).select_related("unit")
    submitted = Count("ratings", filter=Q(ratings__submitted_at__isnull=False))
    return rows.annotate(submitted=submitted).order_by("-opens", "-pk")


def wave(pk: int, actor: Actor) -> Assessment:
    """One wave; NotFound where the actor may not see it."""
    row = waves(actor).filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such assessment that you may see.")
    return row


def shared_wave(token: str) -> Assessment:
    """The wave of a shared link; NotFound for anything else."""
    row = Assessment.objects.filter(open_sha256=sha256(token.encode()).digest()).first()
    if row is None:
        raise NotFound("This link opens nothing here. Ask whoever sent it for another.")
    return row


def taken_part(found: Assessment) -> Part:
    """Who took part, as far as it may be shown."""
    rows = list(found.ratings.select_related("unit"))
    done = [row for row in rows if row.submitted_at is not None]
    return Part(
        len(rows),
        sum(row.edited_at is not None for row in rows),
        len(done),
        grouped([row.role for row in done]),
        grouped([row.unit.name if row.unit else "" for row in done]),
    )


def grouped(labels: list[str]) -> dict[str, int]:
    """Counts by group as they may be shown; empty while fewer than three took part."""
    shown = shown_as(labels)
    return dict(Counter(shown[label] for label in labels)) if shown else {}


def ratings_of(found: Assessment) -> tuple[Rating, ...]:
    """The submitted ratings as the engine reads them."""
    form = questionnaire(found.form)
    answers: dict[int, list[Answer]] = defaultdict(list)
    for row in Answer.objects.filter(rating__assessment=found).order_by("item"):
        answers[row.rating_id].append(row)
    rows = found.ratings.exclude(submitted_at=None).select_related("unit").order_by("pk")
    return tuple(_rating(form, row, answers[row.pk]) for row in rows)


def _rating(form: Questionnaire, row: RatingRow, answers: Iterable[Answer]) -> Rating:
    values: dict[str, Any] = {}
    missing: dict[str, str] = {}
    for answer in answers:
        said = answer.missing or answer.value
        read_item(form.item(answer.item), Place(said, answer.item), values, missing)
    return Rating(str(row.pk), row.role, row.unit.name if row.unit else "", values, missing)


def case_of(found: Assessment) -> Case:
    """Everything that the result of a closed wave is computed from."""
    form = questionnaire(found.form)
    keys = {part.key for item in form.items for part in item.parts}
    auto = {k: v for k, v in found.frozen.get("auto", {}).items() if k in keys}
    facts = found.frozen.get("platform")
    return Case(
        form,
        found.gates,
        ratings_of(found),
        Rules(
            {key: row["value"] for key, row in auto.items() if row["value"] is not None},
            frozenset(found.accepted),
        ),
        {key: row.get("reason", "") for key, row in auto.items() if row["value"] is None},
        frozenset(found.not_applicable),
        None if facts is None else read_facts(Place(facts, "platform")),
    )


def computed(found: Assessment) -> dict[str, Any]:
    """The result of a wave with the spread of each item and the gaps between groups; kept when the wave closes."""
    case = case_of(found)
    result = assess(case)
    seen = gaps(case.form, case.ratings)
    return {
        **as_json(result),
        "spread": spreads(case),
        "gaps": {
            "judged": seen.judged,
            "raters": seen.raters,
            "contrasts": [row._asdict() for row in seen.contrasts],
        },
        "placed": placed(case.ratings),
        "auto": found.frozen.get("auto", {}),
    }


def spreads(case: Case) -> dict[str, Any]:
    """Part key -> n, least, quartiles and most; only n below three answers."""
    made = {}
    for item in case.form.items:
        asked = [r for r in case.ratings if item.id not in case.form.not_asked[r.role]]
        for part in item.parts:
            given = [r.values[part.key] for r in asked if part.key in r.values]
            if part.kind in {"level", "share", "number", "scale"}:
                found = spread(part, given)
                made[part.key] = {
                    "n": found.n,
                    **(
                        {}
                        if found.median is None
                        else {
                            "least": found.least,
                            "lower": found.lower,
                            "median": found.median,
                            "upper": found.upper,
                            "most": found.most,
                        }
                    ),
                }
    return made


def placed(ratings: tuple[Rating, ...]) -> list[dict[str, Any]]:
    """The self-placed stage by role, groups of three raters and more."""
    shown = shown_as([r.role for r in ratings])
    by_role: dict[str, list[int]] = defaultdict(list)
    for rating in ratings:
        if shown and "q10" in rating.values:
            by_role[shown[rating.role]].append(int(rating.values["q10"]))
    return [
        {"role": role, "n": len(given), "median": sorted(given)[(len(given) - 1) // 2]}
        for role, given in sorted(by_role.items())
        if len(given) >= LEAST
    ]


def words_of(found: Assessment) -> dict[str, list[str]]:
    """What raters wrote, without who wrote it; nothing below three raters."""
    rows = list(found.ratings.exclude(submitted_at=None).values_list("works", "fails"))
    if len(rows) < LEAST:
        return {"works": [], "fails": []}
    # Sorted, so that the order tells nothing about who wrote first.
    return {
        "works": sorted(works for works, _ in rows if works.strip()),
        "fails": sorted(fails for _, fails in rows if fails.strip()),
    }


def aggregate_export(found: Assessment, actor: Actor) -> dict[str, Any]:
    """One's own anonymised aggregate with the questionnaire: no rater, no free text, no evidence, no name, no date but the year."""
    require(actor, "assessment.run", found.unit)
    if found.result is None:
        raise NotFound("There is a result to export once the wave is closed.")
    case = case_of(found)
    if len(case.ratings) < LEAST:
        raise NotFound(f"Fewer than {LEAST} people answered; nothing of theirs leaves the house.")
    values = aggregate(case.form, case.ratings, case.rules)
    kept = {k: found.result[k] for k in ("stage", "self_placed", "factors", "criteria")}
    return {
        "format": EXPORT_FORMAT,
        "licence": LICENCE,
        "attribution": "Made with Socius; self-selected, self-reported",
        "year": found.closes.year,
        "questionnaire": found.form,
        "gates": found.gates,
        "raters": len(case.ratings) // LEAST * LEAST,
        **kept,
        "coherence": found.result["coherence"]["score"],
        "items": [
            {
                "id": item.id,
                "text": item.text,
                "answer": {
                    part.key: coarse(part.kind, values.get(part.key)) for part in item.parts
                },
            }
            for item in case.form.items
        ],
    }


def coarse(kind: str, value: Any) -> Any:
    """Amounts and counts keep two significant digits."""
    if value is None or kind not in {"money", "number"}:
        return plain(value)
    return float(f"{value:.2g}")
