"""When: the order laid over quarters of limited hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from socius.engine.roadmap.order import effort_of, ordered
from socius.engine.roadmap.plan import Frame, Item, Range, quarter_name, quarter_of

ROUNDS = 200
SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class Slot:
    """When an item is worked on, in quarters since the year 0. `hours`: what it takes of each quarter of the plan.

    `fits` is the share of draws of effort in which it ends inside the plan; None where it is not scheduled.
    """

    item: Item
    why: str
    hours: tuple[float, ...]
    first: int | None = None
    last: int | None = None
    over: bool = False  # it begins inside the plan and does not end there
    waits: str = ""
    fits: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An order with its slots."""

    frame: Frame
    slots: tuple[Slot, ...]

    def value_by_year(self) -> tuple[float, ...]:
        """Likely points of what has ended by the end of the first, second, third year."""
        years = range(1, self.frame.quarters // 4 + 1)
        return tuple(
            sum(
                slot.item.value.likely
                for slot in self.slots
                if slot.item.value
                and slot.last is not None
                and not slot.over
                and slot.last < self.frame.first + 4 * year
            )
            for year in years
        )

    def load(self) -> tuple[float, ...]:
        """Hours taken in each quarter."""
        return tuple(sum(slot.hours[q] for slot in self.slots) for q in range(self.frame.quarters))


@dataclass(frozen=True, slots=True)
class Change:
    """What another frame does to one item, against the plan as it stands. `quarters`: later (+) or earlier (-) end."""

    item: Item
    before: Slot | None
    after: Slot | None
    place: int
    quarters: int | None
    say: str


def planned(items: Sequence[Item], frame: Frame, rounds: int = ROUNDS) -> Plan:
    """Lays the order over the quarters with likely efforts; draws of effort (seeded) say how often each item ends in time."""
    order = ordered(items, frame)
    ended = {item.id for item in items if item.state == "ended"}
    likely = {item.id: effort_of(item, frame) for item, _ in order}
    slots = _lay(order, frame, {k: r.likely for k, r in likely.items() if r}, ended)
    rng = Random(frame.seed)  # noqa: S311 - draws, not secrets
    inside: dict[str, int] = dict.fromkeys(likely, 0)
    for _ in range(rounds):
        drawn = {k: _drawn(r, rng) for k, r in likely.items() if r}
        for slot in _lay(order, frame, drawn, ended):
            inside[slot.item.id] += slot.last is not None and not slot.over
    return Plan(
        frame,
        tuple(
            slot
            if slot.first is None or not rounds
            else replace(slot, fits=inside[slot.item.id] / rounds)
            for slot in slots
        ),
    )


def _drawn(effort: Range, rng: Random) -> float:
    return rng.triangular(effort.low, effort.high, effort.likely)


def _lay(
    order: Sequence[tuple[Item, str]],
    frame: Frame,
    efforts: Mapping[str, float],
    ended: set[str],
) -> list[Slot]:
    capacity = float("inf") if frame.capacity is None else frame.capacity
    free = [capacity] * frame.quarters
    free[0] *= frame.left_of_first
    begun = [pair for pair in order if pair[0].state == "running" and pair[0].id in efforts]
    laid = {slot.item.id: slot for slot in _go_on(begun, frame, efforts, free)}
    live = {item.id for item, _ in order}
    for item, why in order:
        if item.id in laid:
            continue
        nothing = Slot(item, why, (0.0,) * frame.quarters)
        waits = _waits(item, efforts, laid, live | ended)
        if waits:
            laid[item.id] = replace(nothing, waits=waits)
            continue
        start = _earliest(item, frame, laid)
        effort = efforts[item.id] * (1 - item.done)
        laid[item.id] = _fill(nothing, effort, start, free, frame.first)
    return [laid[item.id] for item, _ in order]


def _go_on(
    begun: Sequence[tuple[Item, str]],
    frame: Frame,
    efforts: Mapping[str, float],
    free: list[float],
) -> list[Slot]:
    """Running work goes on side by side from the first quarter; where hours are short, nobody gets more while another lacks."""
    left = {item.id: efforts[item.id] * (1 - item.done) for item, _ in begun}
    most = {item.id: max(left[item.id] / item.quarters, SMALL) for item, _ in begun}
    hours = {item.id: [0.0] * frame.quarters for item, _ in begun}
    for q in range(frame.quarters):
        wish = {name: min(left[name], most[name]) for name in left}
        # The smallest wishes first: each may take an equal part of what is left for those behind it.
        for at, (name, wanted) in enumerate(sorted(wish.items(), key=lambda pair: pair[1])):
            taken = min(wanted, free[q] / (len(wish) - at))
            hours[name][q] = taken
            left[name] -= taken
            free[q] -= taken
    slots = []
    for item, why in begun:
        used = [q for q, taken in enumerate(hours[item.id]) if taken > SMALL]
        last = frame.first + (used[-1] if used else 0)
        over = left[item.id] > SMALL
        slots.append(Slot(item, why, tuple(hours[item.id]), frame.first, last, over))
    return slots


def _waits(
    item: Item, efforts: Mapping[str, float], laid: Mapping[str, Slot], known: set[str]
) -> str:
    """Why it cannot be planned; '' when it can."""
    if item.id not in efforts:
        return "no estimate of its effort"
    for one in item.lacking:
        if one.expected is None:
            return f"no date for: {one.say}"
    for need in item.needs:
        if need not in known:
            return f"it needs “{need}”, which is not going to be done"
        slot = laid.get(need)
        if slot is not None and (slot.waits or slot.over or slot.last is None):
            return f"it needs “{slot.item.title}”, which does not end inside the plan"
    return ""


def _earliest(item: Item, frame: Frame, laid: Mapping[str, Slot]) -> int:
    """The first quarter, counted from the plan's first, in which it may begin."""
    days = [one.expected for one in item.lacking if one.expected]
    if item.start:
        days.append(item.start)
    first = max([frame.first, *(quarter_of(day) for day in days)])
    ends = [
        slot.last + 1 for need in item.needs if (slot := laid.get(need)) and slot.last is not None
    ]
    return max([first, *ends]) - frame.first


def _fill(slot: Slot, effort: float, start: int, free: list[float], base: int) -> Slot:
    """Takes hours from the quarters, never more in one than the effort spread over the fewest quarters."""
    left, most = effort, max(effort / slot.item.quarters, SMALL)
    hours = [0.0] * len(free)
    for q in range(start, len(free)):
        if left <= SMALL:
            break
        hours[q] = min(most, free[q], left)
        free[q] -= hours[q]
        left -= hours[q]
    used = [q for q, taken in enumerate(hours) if taken > SMALL]
    if used:
        first, last = base + used[0], base + used[-1]
        return replace(slot, hours=tuple(hours), first=first, last=last, over=left > SMALL)
    if left <= SMALL and start < len(free):
        return replace(slot, first=base + start, last=base + start)
    return replace(slot, waits="no hours are left for it inside the plan")


def compare(before: Plan, after: Plan) -> list[Change]:
    """What the other plan changes, in its order; what stays as it is comes along with 0 quarters."""
    stood = {slot.item.id: slot for slot in before.slots}
    return [
        Change(
            slot.item,
            stood.get(slot.item.id),
            slot,
            place,
            _later(stood.get(slot.item.id), slot),
            _say_change(stood.get(slot.item.id), slot),
        )
        for place, slot in enumerate(after.slots, 1)
    ]


def _ends(slot: Slot | None) -> int | None:
    return None if slot is None or slot.over else slot.last


def _later(before: Slot | None, after: Slot) -> int | None:
    was, now = _ends(before), _ends(after)
    return None if was is None or now is None else now - was


def _say_change(before: Slot | None, after: Slot) -> str:
    was, now = _ends(before), _ends(after)
    if was is None and now is None:
        return "does not end inside the plan, as before"
    if was is None:
        return f"now ends, in {quarter_name(now or 0)}"
    if now is None:
        return f"no longer ends inside the plan (was {quarter_name(was)})"
    step = now - was
    if step == 0:
        return f"ends in {quarter_name(now)}, as before"
    quarters = f"{abs(step)} quarter{'s' if abs(step) != 1 else ''}"
    return f"ends {quarters} {'later' if step > 0 else 'earlier'}, in {quarter_name(now)}"
