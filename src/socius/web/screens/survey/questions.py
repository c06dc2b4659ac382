"""Items as controls of a form, and what a form sends back as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from socius.assess.actions import Said
from socius.assess.models import Answer
from socius.engine.assessment.questionnaire import MISSING, Item, Part, Questionnaire

MISSING_WORDS = {"dont_know": "Don't know", "not_applicable": "Does not apply"}
# Steps that a thumb can choose; they fall on the thresholds of the gates and ten points beside them.
SHARES = tuple(range(0, 101, 10))
SCALE = ("no effect", "little", "some", "much")
NONE = "none-of-these"


@dataclass(frozen=True)
class Choice:
    """One button."""

    value: str
    words: str
    chosen: bool
    muted: bool = False


@dataclass(frozen=True)
class Control:
    """One part of an item as the form shows it."""

    key: str
    words: str
    kind: str  # choice, many, number
    choices: tuple[Choice, ...]
    value: str = ""
    unit: str = ""
    own: str = ""  # what the platform itself counts, in words
    as_of: str = ""


@dataclass(frozen=True)
class Question:
    """One item with what was said to it before."""

    number: int
    item: Item
    controls: tuple[Control, ...]
    missing: tuple[
        Choice, ...
    ]  # for items with several parts; the others have it among their choices
    answered: bool
    evidence: str
    note: str


Own = Mapping[str, Mapping[str, Any]]


def questions(
    form: Questionnaire, role: str, answers: Iterable[Answer], own: Own
) -> list[Question]:
    """The items for a role, filled in with what was said before, else with what the platform counts itself."""
    said = {row.item: row for row in answers}
    items = form.asked(role) if role in form.roles else form.items
    return [
        question(n, item, form, said.get(item.id), own) for n, item in enumerate(items, start=1)
    ]


def question(
    number: int, item: Item, form: Questionnaire, row: Answer | None, own: Own
) -> Question:
    """One item as the form shows it."""
    alone = one_choice(item)
    missing = row.missing if row else ""
    return Question(
        number,
        item,
        tuple(
            filled(part, form, row, missing if alone else None, own.get(part.key, {}))
            for part in item.parts
        ),
        () if alone else choices_of_missing(missing),
        row is not None,
        row.evidence if row else "",
        row.note if row else "",
    )


def filled(
    part: Part, form: Questionnaire, row: Answer | None, missing: str | None, own: Mapping[str, Any]
) -> Control:
    """One part with the platform's own value beside it, and chosen where nothing was said yet."""
    counted = own.get("value")
    if counted is None:
        return control(part, form, value_of(part, row), missing)
    value = value_of(part, row) if row else round(counted)
    words = f"{counted:.0f}{' %' if part.kind == 'share' else ''}"
    return replace(control(part, form, value, missing), own=words, as_of=own["as_of"])


def one_choice(item: Item) -> bool:
    """Whether one row of buttons answers the item."""
    return len(item.parts) == 1 and item.parts[0].kind in {"level", "one", "share"}


def choices_of_missing(missing: str) -> tuple[Choice, ...]:
    """The two buttons for having no answer."""
    return tuple(Choice(v, w, v == missing, muted=True) for v, w in MISSING_WORDS.items())


def value_of(part: Part, row: Answer | None) -> Any:
    """What was said to one part."""
    if row is None or row.value is None:
        return None
    if isinstance(row.value, dict):
        return row.value.get(part.id)
    return row.value


def control(part: Part, form: Questionnaire, value: Any, missing: str | None) -> Control:
    """One part as buttons or as a field. `missing` None: the part has no buttons for having no answer."""
    if part.kind == "many":
        held = value or ()
        made = [Choice(o.id, o.words, o.id in held) for o in part.options]
        return Control(
            part.key, part.words, "many", (*made, Choice(NONE, "None of these", value == []))
        )
    if part.kind in {"number", "money"} or (part.kind == "share" and missing is None):
        unit = {"share": "%", "money": "amount"}.get(part.kind, "")
        return Control(
            part.key, part.words, "number", (), "" if value is None else str(value), unit
        )
    tail = () if missing is None else choices_of_missing(missing)
    return Control(part.key, part.words, "choice", (*buttons(part, form, value), *tail))


def buttons(part: Part, form: Questionnaire, value: Any) -> list[Choice]:
    """The buttons of one part."""
    if part.kind == "level":
        return [Choice(str(i), words, value == i) for i, words in enumerate(form.levels)]
    if part.kind == "scale":
        return [Choice(str(i), words, value == i) for i, words in enumerate(SCALE, start=1)]
    if part.kind == "share":
        steps = sorted({*SHARES, *([int(value)] if value is not None else [])})
        return [Choice(str(step), f"{step} %", value == step) for step in steps]
    return [Choice(o.id, o.words, value == o.id) for o in part.options]


def said_in(post: QueryDict, item: Item) -> Said | None:
    """What a form says to one item; None where it says nothing."""
    evidence = post.get(f"evidence-{item.id}", "").strip()
    note = post.get(f"note-{item.id}", "").strip()
    missing = post.get(f"missing-{item.id}", "")
    given: dict[str, Any] = {}
    for part in item.parts:
        raw = post.getlist(part.key)
        if raw and raw[0] in MISSING:
            missing = raw[0]
        elif any(one.strip() for one in raw):
            given[part.id] = typed(part, raw)
    if missing and not given:
        return Said(None, missing, evidence, note)
    if not given:
        return None
    return Said(given.get("", given), "", evidence, note)


def typed(part: Part, raw: list[str]) -> Any:
    """A text of the form in the type of its part; what fits no type goes on as it is, to be refused with its place."""
    if part.kind == "many":
        return [one for one in raw if one != NONE]
    if part.kind == "one":
        return raw[0]
    try:
        number = float(raw[0].replace(",", "."))
    except ValueError:
        return raw[0]
    return int(number) if number.is_integer() else number
