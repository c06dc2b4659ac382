"""Where everything goes on the picture of a roadmap: lanes, bars, lines between them. Numbers only; a page draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from socius.engine.roadmap.plan import Item, quarter_name
from socius.engine.roadmap.schedule import Plan, Slot

LEFT, QUARTER, ROW, HEAD, BAR = 232, 72, 34, 40, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One item in its row. `ghost` is the bar of the plan as it stands under the bar of a what-if."""

    item: Item
    y: int
    x: float
    width: float
    over: bool
    waits: str
    ghost: tuple[float, float] | None
    label: str

    @property
    def tip(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole: sizes, quarters with their places, lanes, bars, lines, hours taken of each quarter."""

    width: int
    height: int
    quarters: list[tuple[str, int, bool]]
    lanes: list[tuple[str, int, int]]
    bars: list[Bar]
    lines: list[str]
    load: list[tuple[float, float, float, bool]]
    base: int
    left: int = LEFT
    quarter: int = QUARTER


def lane_of(item: Item) -> str:
    """Enterprise work has a lane of its own; the rest goes by its first function."""
    if item.scope == "enterprise":
        return "Enterprise"
    return item.functions[0].capitalize() if item.functions else "No function named"


def draw(plan: Plan, asked: Plan | None = None) -> Picture:
    """Lays a plan out; with `asked` the other plan is drawn and this one lies under it."""
    shown = asked or plan
    stood = {slot.item.id: slot for slot in plan.slots} if asked else {}
    lanes = sorted(
        {lane_of(s.item) for s in shown.slots}, key=lambda name: (name != "Enterprise", name)
    )
    bars: list[Bar] = []
    spans: list[tuple[str, int, int]] = []
    y = HEAD
    for lane in lanes:
        mine = [slot for slot in shown.slots if lane_of(slot.item) == lane]
        spans.append((lane, y, len(mine) * ROW + 22))
        y += 22
        for slot in mine:
            bars.append(_bar(slot, stood.get(slot.item.id), y, shown))
            y += ROW
    count = shown.frame.quarters
    quarters = [
        (quarter_name(shown.frame.first + q), LEFT + q * QUARTER, (shown.frame.first + q) % 4 == 0)
        for q in range(count)
    ]
    top = 46
    return Picture(
        width=LEFT + count * QUARTER + 8,
        height=y + top + 30,
        quarters=quarters,
        lanes=spans,
        bars=bars,
        lines=_lines(bars),
        load=_load(shown, top),
        base=y + top + 8,
    )


def _place(slot: Slot, plan: Plan) -> tuple[float, float] | None:
    if slot.first is None or slot.last is None:
        return None
    x = LEFT + (slot.first - plan.frame.first) * QUARTER
    return x + 2.0, (slot.last - slot.first + 1) * QUARTER - 4.0


def _bar(slot: Slot, before: Slot | None, y: int, plan: Plan) -> Bar:
    here = _place(slot, plan)
    x, width = here or (LEFT + 2.0, 0.0)
    dates = "not scheduled"
    if slot.first is not None and slot.last is not None:
        first, last = quarter_name(slot.first), quarter_name(slot.last)
        dates = first if first == last else f"{first} to {last}"
    return Bar(
        slot.item,
        y,
        x,
        width,
        slot.over,
        slot.waits,
        _place(before, plan) if before else None,
        f"{slot.item.title}: {dates}{', goes on after it' if slot.over else ''}",
    )


def _lines(bars: Sequence[Bar]) -> list[str]:
    """SVG paths from the end of what is needed to the beginning of what needs it."""
    places: Mapping[str, Bar] = {bar.item.id: bar for bar in bars}
    paths = []
    for bar in bars:
        for need in bar.item.needs:
            other = places.get(need)
            if other is None or not other.width or not bar.width:
                continue
            y1, y2 = other.y + 8 + BAR / 2, bar.y + 8 + BAR / 2
            turn = other.tip + 3
            paths.append(f"M{other.tip:.0f} {y1:.0f}H{turn:.0f}V{y2:.0f}H{bar.x:.0f}")
    return paths


def _load(plan: Plan, top: int) -> list[tuple[float, float, float, bool]]:
    """(x, height, hours, full) of each quarter; heights against capacity, or against the fullest quarter without one."""
    loads = plan.load()
    most = plan.frame.capacity or max([*loads, 1.0])
    return [
        (
            LEFT + q * QUARTER + 2.0,
            min(hours / most, 1.0) * top,
            hours,
            hours >= most * (plan.frame.left_of_first if q == 0 else 1) - 0.5,
        )
        for q, hours in enumerate(loads)
    ]
