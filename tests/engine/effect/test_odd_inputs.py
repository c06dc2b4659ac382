"""Odd files at the questions that need no model: each answer is a sentence or holds only numbers that JSON knows."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from socius.kit.errors import Invalid

SIXTY = [f"{i % 2},{i % 3},{i}" for i in range(60)]
ASKED: dict[str, dict[str, Any]] = {
    "ab": {"file": "f", "group": "g", "outcome": "y"}, "adjust": {"file": "f", "treatment": "t", "outcome": "y", "covariates": ["x"]}, "leads": {"file": "f", "source": "s", "won": "w"},
    "followers": {"file": "f"}, "attribution": {"paths": "f"}, "power": {"outcome": "f", "window": 30, "today": "2026-01-01"},
    "effect": {"outcome": "f"},
}  # fmt: skip
DAYS = [f"2025-{m:02d}-{d:02d},{d * d % 17}" for m in range(1, 13) for d in range(1, 29)]


def run(verb: str, lines: list[str], **change: Any) -> dict[str, Any]:
    task = import_module(f"socius.engine.effect.tasks.{verb}")
    found: dict[str, Any] = task.run({**ASKED[verb], "seed": 1, **change}, {"f": "\n".join(lines).encode()})  # fmt: skip
    json.dumps(found, allow_nan=False)
    return found


@pytest.mark.parametrize(("verb", "lines", "change", "words"), [
    ("ab", ["g,y", "a,1", "b,0", "c,1"], {}, "3 groups"), ("ab", ["g,y", "a,1"], {}, "1 group"), ("ab", ["g,y", *["a,1e308", "b,-1e308"] * 2], {}, "too large"), ("ab", ["g,y"], {}, "no rows"),
    ("adjust", ["t,y,x", *SIXTY], {"covariates": ["t"]}, "treatment itself"), ("adjust", ["t,y,x", *SIXTY], {"covariates": ["y"]}, "outcome itself"),
    ("adjust", ["t,y,x", *(f"{i % 2},{i}," for i in range(60))], {}, "nothing can be adjusted"), ("adjust", ["t,y,x", *SIXTY, "1,1,inf"], {}, "infinite"), ("adjust", ["t,y,x", *SIXTY[:9]], {}, "At least 20"),
    ("leads", ["s,w", "a,maybe"], {}, "does not say whether it was won"), ("adjust", ["t,y,c", "a,1,2"], {}, "means treated with --treated-value"), ("followers", ["followers,following,posts", "-1,2,3"], {}, "below nought"), ("followers", ["a,b", "1,2"], {}, "only none was found"),
    ("attribution", ["path_id,at,channel,converted", "1,Tuesday,a,1"], {}, "no place in the order"), ("attribution", ["path_id,channel", "1,a"], {}, "is needed"), ("attribution", ["path,conversions", "a,-3"], {}, "negative"),
    ("power", ["date,value", *DAYS], {"worth": -1.0}, "no size of an effect"), ("power", ["date,value", *DAYS], {"start": "soon"}, "no date"), ("power", ["date,value", DAYS[0]], {}, "1 rows"),
    ("power", ["date,value", *DAYS], {"start": "2026-01-01"}, "not after today"), ("power", ["date,value", *DAYS], {"start": "2027-02-29"}, "no date"), ("power", ["date,value", *DAYS], {"window": 0}, "no length"),
    ("power", ["date,value", *DAYS], {"controls": ["value"]}, "nothing is its own control"), ("effect", ["date,value", *DAYS], {"start": "2025-09-01", "controls": ["value"]}, "nothing is its own control"),
])  # fmt: skip
def test_what_cannot_be_answered_says_why(verb: str, lines: list[str], change: dict[str, Any], words: str) -> None:  # fmt: skip
    with pytest.raises(Invalid, match=words) as error:
        run(verb, lines, **change)
    assert error.value.repair


def test_groups_without_spread_have_no_interval_and_call_nothing() -> None:
    found = run("ab", ["g,y", *["a,3", "b,4"] * 20])
    assert (found["low"], found["high"], found["p"], found["verdict"]) == (None, None, None, "cannot_tell")  # fmt: skip
    alone = run("ab", ["g,y", "a,1", "b,2"])
    assert (alone["groups"][0]["low"], alone["verdict"]) == (None, "too_few")


def test_too_few_rows_for_a_window_are_an_answer_that_names_the_window() -> None:
    found = run("power", ["date,value", *DAYS[:20]], window=7)
    assert (found["refused"], found["mde"], found["sheet"]) == ("too_short", None, None)
    assert "window of 7" in found["say"]


def test_profiles_of_which_nothing_is_known_are_not_judged() -> None:
    found = run(
        "followers", ["followers,following,posts,age_days", *["5,,,"] * 400, "10,20,30,400"]
    )
    assert (found["n"], found["not_judged"], found["authentic"]) == (1, 400, None)


def test_touches_are_ordered_by_number_or_date_and_a_repeated_covariate_counts_once() -> None:
    found = run("attribution", ["path_id,at,channel,converted", "1,10,b,1", "1,9,a,0"])
    assert {c["channel"]: c["last"] for c in found["channels"]} == {"a": 0.0, "b": 1.0}
    assert len(run("adjust", ["t,y,x", *SIXTY], covariates=["x", "x"])["balance"]) == 1
