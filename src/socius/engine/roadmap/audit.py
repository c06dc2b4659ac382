"""What is wrong with a roadmap as a whole, each in a sentence with what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from socius.engine.roadmap.plan import Frame, Item
from socius.engine.roadmap.schedule import Plan

# Li & Solis 2013 saw roadmaps that were channel lists of 6 to 12 months and never left marketing and service.
SHORTEST_MONTHS = 12
REVIEW_DAYS = 90
USUAL = frozenset(
    {"marketing", "service", "customer service", "customer care", "care", "communication"}
)


@dataclass(frozen=True, slots=True)
class Flag:
    """A fault with its kind, the items that it is about, and a sentence that ends with the way out."""

    kind: str
    say: str
    items: tuple[str, ...] = ()


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another; negative when it lies before."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)


def horizon(plan: Plan) -> date | None:
    """The last day that live work is planned to end on; the schedule speaks for what has no end of its own."""
    days = [slot.item.end for slot in plan.slots if slot.item.end]
    for slot in plan.slots:
        if slot.item.end is None and slot.item.state != "running" and slot.last is not None:
            year, quarter = divmod(slot.last + 1, 4)
            days.append(date(year, quarter * 3 + 1, 1))
    return max(days, default=None)


def flags(items: Sequence[Item], plan: Plan) -> list[Flag]:
    """Every fault of the roadmap, the ones about all of it first."""
    live = [item for item in items if item.live]
    if not live:
        say = "The roadmap is empty. Write down the initiatives that are running, then the ideas."
        return [Flag("empty", say)]
    return [*_whole(items, live, plan), *_single(live, plan)]


def _whole(items: Sequence[Item], live: Sequence[Item], plan: Plan) -> list[Flag]:
    found = []
    last, today = horizon(plan), plan.frame.as_of
    if last is None or months_between(today, last) < SHORTEST_MONTHS:
        ends = "has no end at all" if last is None else f"ends on {last}"
        say = f"The roadmap {ends}, less than {SHORTEST_MONTHS} months out. Say what must stand in two to three years and plan back from there."
        found.append(Flag("horizon", say))
    if not any(set(item.functions) - USUAL or item.scope == "enterprise" for item in live):
        say = "Nothing reaches beyond marketing and service. Ask product, people, sales and finance which of their goals social could serve."
        found.append(Flag("narrow", say))
    if not any(item.state == "rejected" for item in items):
        say = "Nothing was turned down. A plan that refuses nothing has not been weighed: list what you will not do, with the reason."
        found.append(Flag("nothing_refused", say))
    silent = [item for item in items if item.state == "rejected" and not item.reason]
    if silent:
        say = f"{_names(silent)} turned down without a reason. Write the reason down, or the idea comes back every year."
        found.append(Flag("no_reason", say, tuple(item.id for item in silent)))
    if plan.frame.capacity is None:
        say = "Nobody said how many hours a quarter there are, so everything is planned as early as it can begin. Give the capacity."
        found.append(Flag("no_capacity", say))
    return found


def _single(live: Sequence[Item], plan: Plan) -> list[Flag]:
    frame = plan.frame
    checks: tuple[tuple[str, Callable[[Item], bool], str], ...] = (
        ("no_estimate", lambda i: i.value is None or (i.hours is None and i.cost is None), "no range of value or of effort. Estimate both, wide rather than not at all."),
        ("no_goal", lambda i: not i.goals, "no goal. Name the goal it serves or turn it down."),
        ("no_sponsor", lambda i: not i.sponsor, "no sponsor. Find the executive whose goal it serves."),
        ("review_due", lambda i: _unreviewed(i, frame), f"no review due within {REVIEW_DAYS} days. Set a day."),
        ("unready", _unready, "to begin before its prerequisites stand. Move the start, or meet them first."),
    )  # fmt: skip
    found = []
    for kind, wrong, remedy in checks:
        hit = [item for item in live if wrong(item)]
        if hit:
            ids = tuple(item.id for item in hit)
            found.append(Flag(kind, f"{_names(hit, verb='has|have')} {remedy}", ids))
    late = [slot.item for slot in plan.slots if slot.waits or slot.over]
    if late:
        say = f"{_names(late, verb='does|do')} not end inside the plan. See what each waits for, or drop something before it."
        found.append(Flag("does_not_fit", say, tuple(item.id for item in late)))
    return found


def _unreviewed(item: Item, frame: Frame) -> bool:
    if item.state not in ("accepted", "running"):
        return False
    return item.review is None or not 0 <= (item.review - frame.as_of).days <= REVIEW_DAYS


def _unready(item: Item) -> bool:
    return item.start is not None and any(
        one.expected is None or one.expected > item.start for one in item.lacking
    )


def _names(items: Sequence[Item], *, verb: str = "was|were") -> str:
    few, many = verb.split("|")
    named = ", ".join(f"“{item.title}”" for item in items[:3])
    more = f" and {len(items) - 3} more" if len(items) > 3 else ""
    return f"{named}{more} {few if len(items) == 1 else many}"
