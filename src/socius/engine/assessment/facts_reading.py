"""The `platform` block of a file as CoherenceFacts, and back. A block that is null or left out is no evidence, and is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from socius.engine.assessment.facts import (
    DECIDED,
    OPENED,
    CapacityFacts,
    CellFacts,
    CoherenceFacts,
    DecisionFacts,
    GoalEffect,
    GoalFacts,
    GoalKpi,
    InitiativeFacts,
    Sponsor,
    SponsorAct,
    Unlinked,
    Waiver,
    WorkFacts,
)
from socius.engine.assessment.place import Place, day_at

T = TypeVar("T")
BLOCKS = ("goals", "work", "capacity", "decisions", "initiatives", "cells")
CLASSES = ("outcome", "driver", "health", "vanity", "unclassed")
DIRECTIONS = ("up", "down", "keep")
CONFLICTS = ("goals", "lines", "directions")
RULE_IDS = tuple(f"C{i}" for i in range(1, 9))
MONEY = ("spend", "hours", "minutes")


def read_facts(place: Place) -> CoherenceFacts:
    """The facts; Invalid with place and remedy where the block breaks a rule."""
    place.keys(("date",), ("window_days", *BLOCKS, "no_initiative_reason", "waived", "reasons"))
    return CoherenceFacts(
        date=day_at(place.at("date")),
        window_days=maybe(place.at("window_days"), lambda p: p.whole(1)) or 90,
        goals=rows(place.at("goals"), goal),
        work=maybe(place.at("work"), work),
        capacity=rows(place.at("capacity"), capacity),
        decisions=rows(place.at("decisions"), decision),
        initiatives=rows(place.at("initiatives"), initiative),
        no_initiative_reason=reasons_for_none(place.at("no_initiative_reason")),
        cells=rows(place.at("cells"), cell),
        waived=waived(place.at("waived")),
        reasons=reasons(place),
    )


def maybe(place: Place, read: Callable[[Place], T]) -> T | None:
    """None for null."""
    return None if place.empty else read(place)


def rows(place: Place, read: Callable[[Place], T]) -> tuple[T, ...] | None:
    """None for null, else every row read."""
    return None if place.empty else tuple(read(row) for row in place.rows())


def reasons(place: Place) -> dict[str, str]:
    """Why a block is null, in the file's words or in ours."""
    given = place.at("reasons")
    found = {}
    if not given.empty:
        given.keys((), BLOCKS)
        found = {name: row.text() for name, row in given.members()}
    for name in BLOCKS:
        if place.at(name).empty:
            absent = "no evidence yet" if name in place.value else "no evidence: not in the file"
            found.setdefault(name, absent)
    return found


def goal(row: Place) -> GoalFacts:
    """One goal of the block."""
    row.keys(
        ("id", "name"),
        ("weight", "active", "sponsor", "sponsor_act", "kpis", "effect", "running_test", "conflicts_with"),
    )  # fmt: skip
    active, weight = row.at("active"), row.at("weight")
    return GoalFacts(
        row.at("id").text(),
        row.at("name").text(),
        1.0 if weight.empty else weight.number(1e-9),
        True if active.empty else active.truth(),
        maybe(row.at("sponsor"), sponsor),
        maybe(row.at("sponsor_act"), sponsor_act),
        rows(row.at("kpis"), kpi) or (),
        maybe(row.at("effect"), effect),
        maybe(row.at("running_test"), lambda p: p.keys(("power",)).at("power").number(0, 1)),
        rows(row.at("conflicts_with"), lambda p: p.text()) or (),
    )


def sponsor(row: Place) -> Sponsor:
    """Who answers for a goal."""
    row.keys(("id",), ("active",))
    active = row.at("active")
    return Sponsor(row.at("id").text(), True if active.empty else active.truth())


def sponsor_act(row: Place) -> SponsorAct:
    """The last act of a sponsor; days ago."""
    row.keys(("kind", "days_ago"))
    return SponsorAct(row.at("kind").choice((DECIDED, OPENED)), row.at("days_ago").whole())


def kpi(row: Place) -> GoalKpi:
    """One KPI; age in periods of its series."""
    row.keys(("measure", "class", "direction"), ("grains_old",))
    return GoalKpi(
        row.at("measure").text(),
        row.at("class").choice(CLASSES),
        row.at("direction").choice(DIRECTIONS),
        maybe(row.at("grains_old"), lambda p: p.number()),
    )


def effect(row: Place) -> GoalEffect:
    """The best graded evidence; age in days."""
    row.keys(("grade", "days_old"))
    return GoalEffect(row.at("grade").choice(tuple("ABCDE")), row.at("days_old").whole())


def work(row: Place) -> WorkFacts:
    """Spend, hours and minutes; refuses more linked than there is."""
    names = [f"{what}_{which}" for what in MONEY for which in ("total", "linked")]
    row.keys((), [*names, "largest_unlinked"])
    read = {name: maybe(row.at(name), lambda p: p.number()) for name in names}
    for what in MONEY:
        total, linked = read[f"{what}_total"], read[f"{what}_linked"]
        if linked is not None and (total is None or linked > total):
            row.at(f"{what}_linked").wrong(
                f"is {linked:g}", f"It cannot be more than {what}_total; give both."
            )
    return WorkFacts(**read, largest_unlinked=maybe(row.at("largest_unlinked"), unlinked))


def unlinked(row: Place) -> Unlinked:
    """The largest piece of work without a line."""
    row.keys(("item", "unit", "amount"))
    return Unlinked(row.at("item").text(), row.at("unit").text(), row.at("amount").number())


def capacity(row: Place) -> CapacityFacts:
    """Hours a week of one unit; service levels as shares."""
    row.keys(("unit", "need_hours", "hours"), ("sla_met", "sla_target"))
    return CapacityFacts(
        row.at("unit").text(),
        row.at("need_hours").number(),
        row.at("hours").number(),
        maybe(row.at("sla_met"), lambda p: p.number(0, 1)),
        maybe(row.at("sla_target"), lambda p: p.number(1e-9, 1)),
    )


def decision(row: Place) -> DecisionFacts:
    """One decision in one unit; waits in hours."""
    row.keys(("unit", "decision", "holders", "exclusive_holders"), ("median_wait_h", "deadline_h"))
    return DecisionFacts(
        row.at("unit").text(),
        row.at("decision").text(),
        row.at("holders").whole(),
        row.at("exclusive_holders").whole(),
        maybe(row.at("median_wait_h"), lambda p: p.number()),
        maybe(row.at("deadline_h"), lambda p: p.number()),
    )


def initiative(row: Place) -> InitiativeFacts:
    """One active initiative."""
    row.keys(("id", "kind", "linked"))
    kind = row.at("kind").choice(("external", "internal"))
    return InitiativeFacts(row.at("id").text(), kind, row.at("linked").truth())


def reasons_for_none(place: Place) -> dict[str, int | None]:
    """Days since a sponsor dated why a kind of initiative is absent."""
    if place.empty:
        return {}
    place.keys((), ("external", "internal"))
    return {name: maybe(row, lambda p: p.whole()) for name, row in place.members()}


def cell(row: Place) -> CellFacts:
    """Posts of several units to one audience in one week."""
    row.keys(("audience", "network", "language", "week", "units", "posts"), ("conflict",))
    return CellFacts(
        row.at("audience").text(),
        row.at("network").text(),
        row.at("language").text(),
        row.at("week").text(),
        tuple(unit.text() for unit in row.at("units").rows()),
        row.at("posts").whole(),
        maybe(row.at("conflict"), lambda p: p.choice(CONFLICTS)),
    )


def waived(place: Place) -> dict[str, Waiver]:
    """Rules that a sponsor switched off."""
    if place.empty:
        return {}
    place.keys((), RULE_IDS)
    return {name: waiver(row) for name, row in place.members()}


def waiver(row: Place) -> Waiver:
    """Who switched a rule off, why and when."""
    row.keys(("sponsor", "reason", "date"))
    return Waiver(row.at("sponsor").text(), row.at("reason").text(), day_at(row.at("date")))


def as_block(facts: CoherenceFacts) -> dict[str, Any]:
    """The facts as the `platform` block of a file: read_facts of it gives the same facts."""
    block: dict[str, Any] = _plain(facts)
    for one in block["goals"] or ():
        power = one.pop("running_power")
        one["running_test"] = None if power is None else {"power": power}
        for kpi_row in one["kpis"]:
            kpi_row["class"] = kpi_row.pop("class_")
    return block


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value
