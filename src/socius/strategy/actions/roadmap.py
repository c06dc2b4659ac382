"""What an initiative is worth, what it needs first, and what a sponsor decides about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict, Unpack

from django.db import transaction

from socius.activity.actions import record
from socius.engine.roadmap import cycle_in
from socius.kit.errors import Conflict, Invalid
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit
from socius.strategy.actions.knowing import changed, forget, state
from socius.strategy.models import Dependency, Initiative, Prerequisite, RoadmapFrame

MOST_POINTS = 100


class PlanFields(TypedDict, total=False):
    """What the roadmap knows of an initiative. Value in points from 0 to 100."""

    functions: str
    value_low: Decimal | None
    value_likely: Decimal | None
    value_high: Decimal | None
    quarters: int
    review_due: date | None


class First(NamedTuple):
    """Something that has to stand first; `item` is a gate or a coherence rule where it is one."""

    say: str
    item: str = ""
    expected: date | None = None
    met_on: date | None = None


def note(actor: Actor, verb: str, initiative: Initiative, **content: Any) -> None:
    """A row of the ledger about an initiative."""
    said = {name: value for name, value in content.items() if value not in (None, "")}
    record(actor, verb, f"initiative:{initiative.pk}", initiative=initiative.pk, content=said)


def locked(initiative: Initiative, actor: Actor) -> Initiative:
    """The row as it stands, locked; Refused for who may not edit it."""
    row = Initiative.objects.select_for_update().get(pk=initiative.pk)
    require(actor, "initiative.edit", row)
    return row


def check_value(fields: PlanFields) -> None:
    """Raises Invalid unless low, likely and high rise within 0 and 100, or are all left out."""
    three = [fields.get(name) for name in ("value_low", "value_likely", "value_high")]
    given = [Decimal(str(part)) for part in three if part is not None]
    if not given:
        return
    if len(given) < 3 or sorted(given) != given or given[0] < 0 or given[-1] > MOST_POINTS:
        raise Invalid(
            "A value is three numbers that rise: low, likely, high.",
            field="value_low",
            repair=f"Give all three, within 0 and {MOST_POINTS}.",
        )


@asks("initiative.edit")
@transaction.atomic
def plan_initiative(
    initiative: Initiative, *, actor: Actor, **fields: Unpack[PlanFields]
) -> Initiative:
    """Says what an initiative is worth, which functions it concerns, its shortest time and its next review."""
    row = locked(initiative, actor)
    check_value(fields)
    if not 1 <= fields.get("quarters", 1) <= 40:
        raise Invalid(
            "That is no number of quarters.", field="quarters", repair="Give 1 or more, at most 40."
        )
    before = changed(row, dict(fields))
    if before:
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        note(actor, "initiative_planned", row, before={k: str(v) for k, v in before.items()})
    return row


@asks("initiative.edit")
@transaction.atomic
def need_initiatives(
    initiative: Initiative, *, needed: Iterable[Initiative], actor: Actor
) -> list[Initiative]:
    """Sets which initiatives have to end before this one begins. A circle is refused, with all its members named."""
    # All rows are locked, always in the same order: two requests could otherwise close a circle together.
    rows = {row.pk: row for row in Initiative.objects.select_for_update().order_by("pk")}
    row = rows[initiative.pk]
    require(actor, "initiative.edit", row)
    wanted = {one.pk: one for one in needed}
    edges: dict[str, list[str]] = defaultdict(list)
    standing = Dependency.objects.filter(known_until=None)
    for left, right in standing.values_list("initiative_id", "needed_id"):
        if left != row.pk:
            edges[str(left)].append(str(right))
    edges[str(row.pk)] = [str(pk) for pk in wanted]
    circle = cycle_in(edges)
    if circle:
        named = " → ".join(f"“{rows[int(pk)].title}”" for pk in circle)
        raise Invalid(
            f"These would need one another in a circle: {named}.",
            field="needs",
            repair="Take one of them out; none could ever begin.",
        )
    mine = standing.filter(initiative=row)
    have = set(mine.values_list("needed_id", flat=True))
    if have != set(wanted):
        forget(mine.exclude(needed_id__in=wanted), actor)
        for pk, one in wanted.items():
            if pk not in have:
                state(Dependency, actor, initiative=row, needed=one)
        note(actor, "initiative_needs", row, before=sorted(have), after=sorted(wanted))
    return list(wanted.values())


@asks("initiative.edit")
@transaction.atomic
def set_prerequisites(initiative: Initiative, *, first: Iterable[First], actor: Actor) -> int:
    """Sets what has to stand before it begins. Returns how many of them do not stand yet."""
    row = locked(initiative, actor)
    wanted = list(dict.fromkeys(first))
    for one in wanted:
        if not one.say.strip():
            raise Invalid(
                "A prerequisite says nothing.", field="first", repair="Say it in a few words."
            )
    mine = Prerequisite.objects.filter(initiative=row, known_until=None)
    have = {First(p.say, p.item, p.expected, p.met_on): p.pk for p in mine}
    if set(have) != set(wanted):
        forget(mine.exclude(pk__in=[have[one] for one in wanted if one in have]), actor)
        for one in wanted:
            if one not in have:
                state(Prerequisite, actor, initiative=row, **one._asdict())
        note(actor, "initiative_readiness", row, first=[one.say for one in wanted])
    return sum(one.met_on is None for one in wanted)


@asks("initiative.edit")
@transaction.atomic
def accept_initiative(initiative: Initiative, *, actor: Actor, reason: str = "") -> Initiative:
    """Says yes to an idea or a proposal; one that was turned down is taken up again."""
    row = locked(initiative, actor)
    if row.status not in ("idea", "proposed", "rejected"):
        raise Conflict(f"“{row}” is {row.status}; only an idea or a proposal can be accepted.")
    was, row.status, row.reason = row.status, "accepted", ""
    row.save()
    note(actor, "initiative_accepted", row, reason=reason, before=was)
    return row


@asks("initiative.edit")
@transaction.atomic
def turn_down(initiative: Initiative, *, actor: Actor, reason: str) -> Initiative:
    """Puts an initiative on the list of what will not be done. The reason is what the next one who asks will read."""
    row = locked(initiative, actor)
    if not reason.strip():
        raise Invalid(
            "There is no reason.",
            field="reason",
            repair="Say why it will not be done; without a reason the idea comes back every year.",
        )
    if row.status == "ended":
        raise Conflict(f"“{row}” has ended; there is nothing to turn down.")
    was, row.status, row.reason = row.status, "rejected", reason.strip()[:500]
    row.save()
    note(actor, "initiative_turned_down", row, reason=row.reason, before=was)
    return row


@asks("initiative.edit")
@transaction.atomic
def review_initiative(
    initiative: Initiative, *, actor: Actor, reason: str, due: date | None
) -> Initiative:
    """Writes down what a review found and when the next one is."""
    row = locked(initiative, actor)
    if not reason.strip():
        raise Invalid("There is no finding.", field="reason", repair="Say what the review found.")
    if due and due <= actor.day:
        raise Invalid(f"{due} has gone by.", field="due", repair="Give a later day.")
    row.review_due = due
    row.save()
    note(actor, "initiative_reviewed", row, reason=reason.strip()[:500], next=str(due or ""))
    return row


@asks("initiative.edit")
@transaction.atomic
def place_initiative(
    initiative: Initiative, *, actor: Actor, place: int, reason: str = ""
) -> Initiative:
    """Chooses a place in the order over the computed one (0: none any more). The page names who did it."""
    row = locked(initiative, actor)
    if not 0 <= place <= 1000:
        raise Invalid(f"{place} is no place.", field="place", repair="Give 1 or more, or 0.")
    if place and not reason.strip():
        raise Invalid(
            "There is no reason.",
            field="reason",
            repair="Say why it goes before the computed order.",
        )
    if row.place != place:
        row.place, row.place_by = place, actor.person if place else None
        row.save()
        note(actor, "initiative_placed", row, place=place, reason=reason.strip()[:500])
    return row


@asks("initiative.edit")
@transaction.atomic
def set_frame(
    unit: Unit,
    *,
    actor: Actor,
    capacity_hours: Decimal,
    hour_value: Decimal | None = None,
    currency: str = "",
) -> RoadmapFrame:
    """Says how many hours a quarter there are for the roadmap, and what one of them costs."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(actor, "initiative.edit", unit)
    if capacity_hours < 0 or (hour_value is not None and hour_value <= 0):
        raise Invalid(
            "Hours start at 0 and an hour costs more than 0.",
            field="capacity_hours",
            repair="Correct the numbers.",
        )
    fields = {"capacity_hours": capacity_hours, "hour_value": hour_value, "currency": currency}
    standing = RoadmapFrame.objects.filter(unit=unit, known_until=None)
    known = standing.filter(**fields).first()
    if known:
        return known
    forget(standing, actor)
    frame = state(RoadmapFrame, actor, unit=unit, **fields)
    content = {name: str(value) for name, value in fields.items() if value is not None}
    record(actor, "roadmap_framed", f"unit:{unit.pk}", unit=unit.pk, content=content)
    return frame
