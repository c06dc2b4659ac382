"""What comes first: value for effort, with what it needs before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from socius.engine.roadmap.plan import DRAWS, Frame, Item, Range


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands when its estimates vary. Places count from 1; `low` and `high` hold 90 % of the draws."""

    id: str
    ratio: Range | None  # points of value for 100 hours
    place: int = 0
    low: int = 0
    high: int = 0
    first: float = 0.0  # share of the draws in which nothing is better
    tied: tuple[str, ...] = ()  # those whose range of value for effort overlaps with this one's


def effort_of(item: Item, frame: Frame) -> Range | None:
    """All of the effort in hours; money counts as hours where the frame says what an hour is worth. None: no estimate."""
    total = item.hours
    if item.cost is not None and frame.hour_value:
        bought = item.cost.scaled(1 / frame.hour_value)
        total = bought if total is None else total.plus(bought)
    if total is None or total.high <= 0:
        return None
    return total.scaled(frame.effort_factor)


def ratio_of(item: Item, frame: Frame) -> Range | None:
    """Points of value for 100 hours, from the worst to the best that the estimates allow."""
    effort = effort_of(item, frame)
    if effort is None or item.value is None:
        return None
    least = max(effort.low, effort.high / 1000)
    return Range(
        100 * item.value.low / effort.high,
        100 * item.value.likely / max(effort.likely, least),
        100 * item.value.high / least,
    )


def cycle_in(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """A circle of dependencies, its first member repeated at the end; [] where there is none. Unknown names lead nowhere."""
    state: dict[str, int] = {}
    for root in sorted(needs):
        path: list[str] = []
        walk: list[tuple[str, bool]] = [(root, False)]
        while walk:
            name, leaving = walk.pop()
            if leaving:
                state[path.pop()] = 2
            elif state.get(name) == 1:
                return [*path[path.index(name) :], name]
            elif name not in state:
                state[name] = 1
                path.append(name)
                walk.append((name, True))
                walk.extend((n, False) for n in sorted(needs.get(name, ()), reverse=True))
    return []


def standings(items: Sequence[Item], frame: Frame, draws: int = DRAWS) -> dict[str, Standing]:
    """Places under triangular draws of value and effort (seeded); dependencies and capacity do not enter here."""
    ratios = {item.id: ratio_of(item, frame) for item in items}
    known = [item for item in items if ratios[item.id] is not None]
    rng = Random(frame.seed)  # noqa: S311 - draws, not secrets
    places: dict[str, list[int]] = {item.id: [] for item in known}
    for _ in range(draws):
        drawn = sorted(known, key=lambda item: (-_draw(item, frame, rng), item.id))
        for at, item in enumerate(drawn, 1):
            places[item.id].append(at)
    made = {item.id: Standing(item.id, None) for item in items}
    for item in known:
        mine = sorted(places[item.id])
        made[item.id] = Standing(
            item.id,
            ratios[item.id],
            mine[len(mine) // 2],
            mine[len(mine) // 20],
            mine[-1 - len(mine) // 20],
            sum(at == 1 for at in mine) / len(mine),
            tuple(o.id for o in known if o.id != item.id and _overlap(ratios, item.id, o.id)),
        )
    return made


def _overlap(ratios: Mapping[str, Range | None], one: str, other: str) -> bool:
    a, b = ratios[one], ratios[other]
    return a is not None and b is not None and a.low <= b.high and b.low <= a.high


def _draw(item: Item, frame: Frame, rng: Random) -> float:
    value, effort = item.value, effort_of(item, frame)
    if value is None or effort is None:
        return 0.0
    drawn = rng.triangular(effort.low, effort.high, effort.likely)
    return rng.triangular(value.low, value.high, value.likely) / max(drawn, effort.high / 1000)


def ordered(items: Sequence[Item], frame: Frame) -> list[tuple[Item, str]]:
    """The items that are still to be done, each with why it stands where it stands.

    Running work first; then whatever brings most for its effort *together with all that it still needs*; what waits for a
    prerequisite without a date, and what has no estimate, comes last. A place chosen by a person is kept as far as
    dependencies allow. Raises ValueError on a circle.
    """
    live = {item.id: item for item in items if item.live}
    circle = cycle_in({item.id: item.needs for item in live.values()})
    if circle:
        raise ValueError(" → ".join(circle))
    why: dict[str, str] = {}
    out: list[Item] = []
    left = dict(live)
    while left:
        target = min(left.values(), key=lambda item: _urgency(item, left, frame))
        for one in _bundle(target, left, frame):
            why[one.id] = _why(one, target, frame)
            out.append(left.pop(one.id))
    return [(item, why[item.id]) for item in _moved(out, why)]


def _closure(item: Item, left: Mapping[str, Item]) -> list[Item]:
    """The item and all that it still needs."""
    found: dict[str, Item] = {}
    walk = [item]
    while walk:
        one = walk.pop()
        if one.id not in found:
            found[one.id] = one
            walk.extend(left[n] for n in one.needs if n in left)
    return list(found.values())


def _urgency(item: Item, left: Mapping[str, Item], frame: Frame) -> tuple[int, float, int, str]:
    """Smallest first: its group, its value for effort with all it needs, how much that is, its name."""
    bundle = _closure(item, left)
    group = max(_group(one, frame) for one in bundle)
    if item.state == "running":
        group = 0
    value = sum(one.value.likely for one in bundle if one.value)
    effort = sum(e.likely for one in bundle if (e := effort_of(one, frame)))
    return group, -value / effort if effort else 0.0, len(bundle), item.id


def _group(item: Item, frame: Frame) -> int:
    """1 can be planned, 2 waits for something without a date, 3 has no estimate."""
    if item.value is None or effort_of(item, frame) is None:
        return 3
    return 2 if any(one.expected is None for one in item.lacking) else 1


def _bundle(target: Item, left: Mapping[str, Item], frame: Frame) -> list[Item]:
    """The target with what it needs, needs before those that need them, the better ones first."""
    rest = {one.id: one for one in _closure(target, left)}
    out = []
    while rest:
        free = [one for one in rest.values() if not any(n in rest for n in one.needs)]
        best = min(free, key=lambda one: _urgency(one, {}, frame))
        out.append(rest.pop(best.id))
    return out


def _why(item: Item, target: Item, frame: Frame) -> str:
    if item.state == "running":
        return "It is running; work that has begun comes first."
    waits = [one for one in item.lacking if one.expected is None]
    ratio = ratio_of(item, frame)
    if ratio is None:
        lacks = "value" if item.value is None else "effort"
        return f"It has no estimate of its {lacks}, so nothing says where it belongs."
    if waits:
        return f"It waits for something that has no date: {waits[0].say}."
    said = f"{ratio.likely:.1f} points for 100 hours ({ratio.low:.1f} to {ratio.high:.1f})"
    if target.id != item.id:
        return f"{said}; it stands here because “{target.title}” needs it."
    return f"{said}."


def _moved(out: list[Item], why: dict[str, str]) -> list[Item]:
    """Puts chosen places into effect; what an item needs still goes before it."""
    chosen = sorted((item for item in out if item.place), key=lambda item: item.place)
    rest = [item for item in out if not item.place]
    for item in chosen:
        rest.insert(min(item.place - 1, len(rest)), item)
        why[item.id] += f" Place {item.place} was chosen by a person."
    by_id = {item.id: item for item in rest}
    done: dict[str, Item] = {}
    for item in rest:
        for one in reversed(_chain(item, by_id)):
            done.setdefault(one.id, one)
    return list(done.values())


def _chain(item: Item, by_id: Mapping[str, Item]) -> list[Item]:
    """The item, then what it needs, so that the reverse can be done in turn."""
    out: list[Item] = []
    seen: set[str] = set()
    walk: list[tuple[Item, bool]] = [(item, False)]
    while walk:
        one, leaving = walk.pop()
        if leaving:
            out.append(one)
        elif one.id not in seen:
            seen.add(one.id)
            walk.append((one, True))
            walk.extend((by_id[n], False) for n in one.needs if n in by_id)
    return out[::-1]
