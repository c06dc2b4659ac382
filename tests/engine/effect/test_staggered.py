"""Units that join at different dates: what comes out where the truth is known, and what is refused."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from socius.engine.effect.tasks import panel as task
from socius.kit.errors import Invalid

OPTIONS = {"file": "f", "unit": "shop", "time": "month", "outcome": "sales", "joined": "since", "method": "staggered", "placebo": False, "seed": 1}  # fmt: skip


def rows(joined: dict[int, str], lift: float, drift: float = 0.0, shops: int = 30) -> list[str]:
    """Thirty shops over twelve months; `joined`: shop -> month."""
    rng = np.random.default_rng(7)
    found = []
    for shop in range(shops):
        since = joined.get(shop, "")
        for month in range(1, 13):
            treated = since.isdecimal() and month >= int(since)
            value = 10 + shop + month % 5 + rng.normal() + lift * treated + drift * month * bool(since)  # fmt: skip
            found.append(f"shop {shop},{month},{value:.4f},{since}")
    return found


def asked(lines: list[str], **change: Any) -> dict[str, Any]:
    return task.run({**OPTIONS, **change}, {"f": "\n".join(["shop,month,sales,since", *lines]).encode()})  # fmt: skip


JOINED = {**dict.fromkeys(range(8), "5"), **dict.fromkeys(range(8, 16), "8")}


@pytest.mark.slow
def test_a_lift_is_found_by_cohort_and_by_time_since_joining() -> None:
    found = asked(rows(JOINED, 4.0))
    assert (found["verdict"], found["refused"], found["grade"]) == ("up", None, "D")
    assert found["low"] < 4 < found["high"]
    assert [(c["joined"], c["n"]) for c in found["cohorts"]] == [("5", 8), ("8", 8)]
    assert [e["after"] for e in found["events"]] == list(range(8))
    assert found["pre_trends"]["p"] > 0.05
    assert (found["n"]["controls"], len(found["treated"])) == (14, 16)
    assert found == asked(rows(JOINED, 4.0)[::-1])


@pytest.mark.slow
def test_another_course_before_joining_is_a_refusal_with_its_p() -> None:
    found = asked(rows(JOINED, 0.0, drift=1.5))
    assert (found["refused"], found["verdict"], found["effect_mean"]) == ("pre_trends", "refused", None)  # fmt: skip
    assert found["pre_trends"]["p"] <= 0.05
    assert "another course" in found["say"]


@pytest.mark.slow
def test_slopes_see_a_slow_trend_of_one_cohort_and_accuse_honest_panels_as_rarely_as_they_say() -> None:  # fmt: skip
    # The library behind it takes a second to load.
    module = import_module(task.STAGGERED_AT)
    slopes, together = module.slopes, module.together
    rng = np.random.default_rng(11)
    start = np.repeat([8, 12, 16, -1], 15)
    honest = [slopes(np.cumsum(rng.normal(size=(60, 20)), axis=1), start) for _ in range(600)]
    assert 0.03 <= np.mean([p is not None and p <= 0.05 for p in honest]) <= 0.075
    drift = 0.5 * np.arange(20) * (start == 8)[:, None]
    assert (slopes(rng.normal(size=(60, 20)) + drift, start) or 1) < 0.001
    assert slopes(rng.normal(size=(60, 20)), np.where(start == 8, 2, start)) is None
    assert together(None, None) is None
    assert together(0.04, 0.5) == pytest.approx(0.08)
    assert together(0.9, 0.8) == 1.0
    assert together(None, 0.03) == 0.03


@pytest.mark.parametrize(("lines", "change", "words"), [
    (rows({}, 0), {}, "0 of 30 units joined"), (rows(dict.fromkeys(range(9), "2"), 0), {}, "joined before 4"), (rows({**JOINED, 20: "9"}, 0), {}, "a single unit joined at 9"),
    (rows(dict.fromkeys(range(30), "6"), 0), {}, "nobody is left to compare with"), (rows(JOINED, 0, shops=12), {}, "12 of 12 units joined"), (rows(JOINED, 0), {"joined": ""}, "not said when"),
    (rows(dict.fromkeys(range(9), "June"), 0), {}, "no time such as 12"), ([*rows(JOINED, 0)[:-1], "shop 29,12,3,7"], {}, "joined at 7 here and at never in line"),
    (rows(JOINED, 0)[1:], {}, "cells are missing"), (rows(JOINED, 0), {"method": "sdid"}, "not said which units were treated"),
])  # fmt: skip
def test_what_cannot_be_compared_says_why(lines: list[str], change: dict[str, Any], words: str) -> None:  # fmt: skip
    with pytest.raises(Invalid, match=words):
        asked(lines, **change)
