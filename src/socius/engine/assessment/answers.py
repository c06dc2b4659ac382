"""Answers as they come in, checked against the questionnaire: from a file, the survey or the API."""

from __future__ import annotations

from typing import Any

from socius.engine.assessment.place import Place
from socius.engine.assessment.questionnaire import LEVEL_MOST, MISSING, Item, Part, Questionnaire

LARGEST = 1e12


def item_at(form: Questionnaire, name: str, place: Place) -> Item:
    """The item of that name; refuses one that the form lacks."""
    try:
        return form.item(name)
    except KeyError:
        first, last = form.items[0].id, form.items[-1].id
        place.wrong(
            f"is no item of {form.id}", f"Its {len(form.items)} items run from {first} to {last}."
        )


def value_of(part: Part, place: Place) -> Any:
    """The value of one part in its scale; refuses anything else."""
    if part.kind == "level":
        return place.whole(0, LEVEL_MOST)
    if part.kind == "scale":
        return place.whole(1, LEVEL_MOST)
    if part.kind == "share":
        return place.number(0, 100)
    if part.kind in {"number", "money"}:
        return place.number(0, LARGEST)
    ids = [option.id for option in part.options]
    if part.kind == "one":
        return _option(place, ids)
    chosen = [_option(row, ids) for row in place.rows()]
    if len(set(chosen)) < len(chosen):
        place.wrong("names an option twice", "Name each once.")
    return frozenset(chosen)


def _option(place: Place, ids: list[str]) -> str:
    # The stages of q10 are numbers to whoever writes the file.
    if isinstance(place.value, int) and not isinstance(place.value, bool):
        return Place(str(place.value), place.path).choice(ids)
    return place.choice(ids)


def read_item(item: Item, place: Place, values: dict[str, Any], missing: dict[str, str]) -> None:
    """Adds what one item was answered with: a bare value for its first part, or an object of parts."""
    if place.empty:
        missing[item.id] = "dont_know"
    elif place.value in MISSING and isinstance(place.value, str):
        missing[item.id] = place.value
    elif not isinstance(place.value, dict):
        values[item.parts[0].key] = value_of(item.parts[0], place)
    else:
        place.keys((), [part.id for part in item.parts if part.id])
        for name, inner in place.members():
            part = item.part(name)
            if not inner.empty:
                values[part.key] = value_of(part, inner)


def written(item: Item, values: dict[str, Any]) -> Any:
    """The answer to one item as a file holds it; None where it was not answered."""
    held = {part.id: _plain(part, values[part.key]) for part in item.parts if part.key in values}
    if not held:
        return None
    return held.get("", held)


def _plain(part: Part, value: Any) -> Any:
    if part.kind == "many":
        return [option.id for option in part.options if option.id in value]
    if part.kind in {"share", "number", "money"} and float(value).is_integer():
        return int(value)
    return value
