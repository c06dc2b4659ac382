"""The file of `socius assess score`: raters, answers and the platform block. Every refusal names its place and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from socius.engine.assessment.aggregate import Rating, Rules
from socius.engine.assessment.answers import item_at, read_item, value_of
from socius.engine.assessment.facts import CoherenceFacts
from socius.engine.assessment.facts_reading import read_facts
from socius.engine.assessment.gates import NEWEST, gate_set
from socius.engine.assessment.place import Place, day_at, parsed
from socius.engine.assessment.questionnaire import Part, Questionnaire, questionnaire
from socius.kit.errors import Invalid

FORMAT = "socius-assessment/1"
NEEDED = ("format", "questionnaire", "raters", "answers", "platform")
ALLOWED = (
    "name",
    "gates",
    "auto",
    "accepted_disputes",
    "owners",
    "not_applicable",
    "words",
    "evidence",
)


class Case(NamedTuple):
    """Everything that a result is computed from."""

    form: Questionnaire
    gates: str
    ratings: tuple[Rating, ...]
    rules: Rules
    auto_reasons: Mapping[str, str]
    waived: frozenset[str]
    facts: CoherenceFacts | None
    words: Mapping[str, tuple[str, str]] = MappingProxyType(
        {}
    )  # rater -> what works, what does not
    evidence: Mapping[tuple[str, str], str] = MappingProxyType({})  # (rater, item) -> an address


def read_case(text: str) -> Case:
    """The case of a file; Invalid with place and remedy where it breaks a rule."""
    root = parsed(text).keys(NEEDED, ALLOWED)
    root.at("format").choice([FORMAT])
    form = questionnaire(root.at("questionnaire").text())
    gates = NEWEST if root.at("gates").empty else root.at("gates").text()
    gate_set(gates)
    ratings = _ratings(form, root)
    auto, reasons = _auto(form, root.at("auto"))
    rules = Rules(
        auto,
        frozenset(_autos(form, row.text(), row).key for row in _rows(root.at("accepted_disputes"))),
        _owners(form, root.at("owners"), {r.rater for r in ratings}),
    )
    platform = root.at("platform")
    return Case(
        form,
        gates,
        ratings,
        rules,
        reasons,
        _waived(form, root.at("not_applicable")),
        None if platform.empty else read_facts(platform),
        _words(root.at("words"), {r.rater for r in ratings}),
        _evidence(form, root.at("evidence"), {r.rater for r in ratings}),
    )


def _evidence(form: Questionnaire, place: Place, raters: set[str]) -> dict[tuple[str, str], str]:
    """Addresses of what shows an answer; they enter no score."""
    found: dict[tuple[str, str], str] = {}
    if place.empty:
        return found
    for name, row in place.members():
        if name not in raters:
            row.wrong("has no rater of that name", f"Name one of {', '.join(sorted(raters))}.")
        for item, address in row.members():
            item_at(form, item, address)
            if not address.text().startswith(("https://", "http://")):
                address.wrong("is no address of a page", "It begins with https://.")
            found[name, item] = address.text()
    return found


def _words(place: Place, raters: set[str]) -> dict[str, tuple[str, str]]:
    """What raters wrote; it enters no score."""
    found: dict[str, tuple[str, str]] = {}
    if place.empty:
        return found
    for name, row in place.members():
        if name not in raters:
            row.wrong("has no rater of that name", f"Name one of {', '.join(sorted(raters))}.")
        row.keys((), ("works", "fails"))
        works, fails = row.at("works"), row.at("fails")
        found[name] = ("" if works.empty else works.text(), "" if fails.empty else fails.text())
    return found


def _rows(place: Place) -> list[Place]:
    return [] if place.empty else place.rows()


def _ratings(form: Questionnaire, root: Place) -> tuple[Rating, ...]:
    raters: dict[str, tuple[str, str]] = {}
    for row in root.at("raters").rows():
        row.keys(("id", "role"), ("unit",))
        name = row.at("id").text()
        if name in raters:
            row.at("id").wrong(f"names {name!r} a second time", "Give each rater one entry.")
        unit = row.at("unit")
        raters[name] = (row.at("role").choice(form.roles), "" if unit.empty else unit.text())
    if not raters:
        root.at("raters").wrong("is empty", "Name at least one rater.")
    answers = root.at("answers")
    for name, place in answers.members():
        if name not in raters:
            place.wrong("has no rater of that name", f"Name one of {', '.join(raters)}.")
    return tuple(_rating(form, name, who, answers) for name, who in raters.items())


def _rating(form: Questionnaire, name: str, who: tuple[str, str], answers: Place) -> Rating:
    values: dict[str, Any] = {}
    missing: dict[str, str] = {}
    given = answers.at(name)
    if given.empty:
        given.wrong("is not there", f"Give the answers of rater {name!r}, or take the rater out.")
    for item_id, place in given.members():
        read_item(item_at(form, item_id, place), place, values, missing)
    return Rating(name, *who, values, missing)


def part_at(form: Questionnaire, key: str, place: Place) -> Part:
    """The part of a key such as `q16.fte`; the bare item means its first part."""
    name, _, inner = key.partition(".")
    item = item_at(form, name, place)
    try:
        return item.part(inner) if inner else item.parts[0]
    except KeyError:
        known = ", ".join(part.key for part in item.parts)
        place.wrong(f"names no part of {name}", f"Its parts are {known}.")


def _autos(form: Questionnaire, key: str, place: Place) -> Part:
    part = part_at(form, key, place)
    if not part.auto:
        known = ", ".join(p.key for item in form.items for p in item.parts if p.auto)
        place.wrong("has no value of the platform's own", f"Those that have one: {known}.")
    return part


def _auto(form: Questionnaire, place: Place) -> tuple[dict[str, float], dict[str, str]]:
    values: dict[str, float] = {}
    reasons: dict[str, str] = {}
    if place.empty:
        return values, reasons
    for key, row in place.members():
        part = _autos(form, key, row)
        row.keys(("value",), ("as_of", "formula", "reason"))
        if not row.at("value").empty:
            values[part.key] = value_of(part, row.at("value"))
        else:
            reason = row.at("reason")
            reasons[part.key] = "no evidence yet" if reason.empty else reason.text()
    return values, reasons


def _owners(form: Questionnaire, place: Place, raters: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    if place.empty:
        return found
    for key, row in place.members():
        part = part_at(form, key, row)
        if part.kind not in {"number", "money", "share"}:
            row.wrong("gives an owner to what is no number", "Owners are for numbers and amounts.")
        found[part.key] = row.choice(sorted(raters))
    return found


def _waived(form: Questionnaire, place: Place) -> frozenset[str]:
    """Items that do not apply, each with sponsor, date and reason. Only q44 has a gate that may fall away so."""
    if place.empty:
        return frozenset()
    for name, row in place.members():
        if name != "q44":
            row.wrong("cannot be not applicable", "Only q44, the internal network, can.")
        item_at(form, name, row)
        row.keys(("sponsor", "date", "reason"))
        row.at("sponsor").text()
        day_at(row.at("date"))
        row.at("reason").text()
    return frozenset(name for name, _ in place.members())


def decoded(raw: bytes) -> str:
    """The text of a file; Invalid where it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            f"The file is not UTF-8 (byte {error.start}).", repair="Save it as UTF-8."
        ) from error
