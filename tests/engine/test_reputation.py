"""The index: planted effects come back, bands are honest, volume and mix do not move it."""

from __future__ import annotations

import numpy as np
import pytest

from socius.engine.reputation import Answer, contrasts, index

MIX = {"old": 0.5, "young": 0.5}


def answers(
    dice: np.random.Generator,
    days: int,
    sizes: dict[str, int],
    means: dict[str, float],
    young: float = 0.5,
    gap: float = 0.0,
) -> list[Answer]:
    out = []
    for day in range(days):
        for channel, size in sizes.items():
            for n in range(size):
                segment = "young" if dice.random() < young else "old"
                mean = means[channel] + (gap if segment == "young" else -gap)
                out.append(Answer(day, channel, float(dice.normal(mean, 20)), f"{n}", segment))
    return out


def test_planted_channels_come_back_in_order_with_wide_bands_for_few() -> None:
    dice = np.random.default_rng(1)
    made = index(
        answers(dice, 45, {"a": 200, "b": 30}, {"a": 60, "b": 50}), MIX, {"a": 0.5, "b": 0.5}, {}
    )
    last = {c: made[c][-1] for c in "ab"}
    assert abs(np.mean([p.value for p in made["a"]]) - 60) < 1
    widths = {c: made[c][5].high - made[c][5].low for c in "ab"}
    assert widths["b"] > 2 * widths["a"]
    assert last["a"].low < 60 < last["a"].high
    assert contrasts({c: made[c] for c in "ab"})[0]["say"] == "a is higher"
    assert abs(made[""][-1].value - 55) < 5


def test_equal_channels_cannot_be_told_apart() -> None:
    dice = np.random.default_rng(2)
    made = index(
        answers(dice, 10, {"a": 40, "b": 40}, {"a": 50, "b": 50}), MIX, {"a": 0.5, "b": 0.5}, {}
    )
    assert contrasts({c: made[c] for c in "ab"})[0]["say"] == "cannot tell"


def test_volume_and_mix_do_not_move_the_index() -> None:
    few = index(
        answers(np.random.default_rng(3), 10, {"a": 100}, {"a": 50}, gap=15), MIX, {"a": 1.0}, {}
    )
    many = index(
        answers(np.random.default_rng(4), 10, {"a": 300}, {"a": 50}, young=0.8, gap=15),
        MIX,
        {"a": 1.0},
        {},
    )
    one, other = (np.mean([p.value for p in m["a"]]) for m in (few, many))
    assert abs(one - other) < 2.5
    assert abs(np.mean([p.raw for p in many["a"]]) - other) > 5


def test_an_author_counts_once_a_day_and_days_without_enough_stay_empty() -> None:
    rows = [Answer(0, "a", 100.0, "loud") for _ in range(500)] + [
        Answer(0, "a", 50.0, f"{n}") for n in range(20)
    ]
    rows += [Answer(2, "a", 50.0, f"{n}") for n in range(5)]
    points = index(rows, {"": 1.0}, {"a": 1.0}, {})["a"]
    assert points[0].n == 21
    assert points[0].value < 56
    assert [(p.value, p.missing) for p in points[1:]] == [
        (None, "no answers"),
        (None, "too few answers"),
    ]
    bare = index(rows, {"": 1.0}, {"a": 1.0}, {"a": {0: 0.4}})["a"]
    assert bare[0].missing == "not covered"


def test_over_a_quarter_absent_leaves_no_overall_point() -> None:
    rows = answers(np.random.default_rng(5), 5, {"a": 50, "b": 50}, {"a": 50, "b": 50})
    rows = [r for r in rows if not (r.channel == "b" and r.day == 3)]
    assert index(rows, MIX, {"a": 0.5, "b": 0.5}, {})[""][3].value is None
    point = index(rows, MIX, {"a": 0.8, "b": 0.2}, {})[""][3]
    assert (point.value is not None, point.missing) == (True, "absent: b")


WANDERING = {  # how the truth moves: a day's scatter, a day's step
    "scatters": (3.0, 0.0),
    "wanders": (0.0, 1.5),
    "does both": (2.0, 0.7),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", WANDERING)
def test_the_interval_holds_what_it_promises(kind: str) -> None:
    scatter, step = WANDERING[kind]
    inside = days = 0
    for seed in range(5):
        dice = np.random.default_rng(seed)
        truth = 50 + np.cumsum(dice.normal(0, step, 400)) + dice.normal(0, scatter, 400)
        truth = np.clip(truth, 2, 98)
        rows = [
            Answer(d, "a", float(v), f"{n}")
            for d in range(400)
            for n, v in enumerate(dice.normal(truth[d], 20, 60))
        ]
        points = index(rows, {"": 1.0}, {"a": 1.0}, {})["a"]
        inside += sum(p.low <= truth[p.day] <= p.high for p in points)
        days += len(points)
    assert days >= 2000
    assert 0.93 <= inside / days <= 0.97
