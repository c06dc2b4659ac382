"""Many cases in one question: what they share is told once, each is judged alone, and a bad one takes no other one along."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from socius.engine.effect import estimate
from socius.engine.effect.tasks import series
from socius.kit.errors import Invalid

DAYS = [(date(2026, 1, 1) + timedelta(days=i)).isoformat() for i in range(120)]


def told(name: str, seed: int, **controls: list[float | None]) -> dict[str, Any]:
    rng = random.Random(seed)
    return {"series": name, "day": DAYS, "outcome": [100 + rng.gauss(0, 3) for _ in DAYS], "controls": controls}  # fmt: skip


def asked(tables: list[dict[str, Any]], places: list[int]) -> dict[str, Any]:
    cases = [{"series": tables[at]["series"], "table": at, "start": DAYS[100 - i], "end": DAYS[-1]} for i, at in enumerate(places)]  # fmt: skip
    return {"tables": tables, "cases": cases, "seed": 1, "path": False, "apart": True}


def test_what_is_told_once_gives_the_same_as_what_is_told_with_each_case() -> None:
    rng = random.Random(4)
    tables = [told("Orders", 1, demand=[rng.gauss(5, 1) for _ in DAYS]), told("Calls", 2)]
    # A control that is called like the column of the outcome does not take its place.
    tables.append({**told("Visits", 3), "controls": {"Value": tables[1]["outcome"], "date": [None, *tables[0]["outcome"][1:]]}})  # fmt: skip
    question = asked(tables, [0, 0, 1, 2])
    inline = [{**tables[c["table"]], **{k: v for k, v in c.items() if k != "table"}} for c in question["cases"]]  # fmt: skip
    together = series.run(question, {})["effects"]
    alone = [series.run({"cases": [one], "seed": 1}, {})["effects"][0] for one in inline]
    assert together == alone
    assert [e["controls"]["used"] for e in together] == [["demand"], ["demand"], [], ["Value", "date"]]  # fmt: skip
    made = series.case_from(question["cases"][3], [series.told(one) for one in tables])
    assert made.outcome.tolist() == tables[2]["outcome"]


def test_a_case_that_cannot_be_answered_says_why_and_takes_no_other_one_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flat = {**told("Flat", 5), "outcome": [7.0] * len(DAYS)}
    question = asked([told("Orders", 1), flat, told("Breaks", 6)], [0, 1, 2, 0])
    real = estimate.ready

    def breaks(case: Any) -> Any:
        if case.name == "Breaks":
            raise ZeroDivisionError("by nothing")
        return real(case)

    monkeypatch.setattr(estimate, "ready", breaks)
    first, bad, broken, last = series.run(question, {})["effects"]
    assert (first["verdict"], last["verdict"]) == ("cannot_tell", "cannot_tell")
    assert bad["error"]["code"] == "invalid"
    assert "never changes" in bad["error"]["say"]
    assert broken["error"] == {"code": "broken", "say": "The calculation failed: ZeroDivisionError: by nothing"}  # fmt: skip
    with pytest.raises(Invalid, match="never changes"):
        series.run({**question, "apart": False, "cases": question["cases"][:2]}, {})
