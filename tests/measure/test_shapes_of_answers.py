"""The keys that programs read: each answer of `socius measure` has all of them, unknown ones null, whatever came out."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from socius.kit.child import serve

PLACEBO = "n hits rate low high factor"
SPAN = {"effect": None, "low": None, "high": None, "says": None}
EFFECT: dict[str, Any] = {
    **dict.fromkeys(["schema", "series", "subject", "effect_mean", "low", "high", "effect_total", "p", "refused", "verdict", "grade", "grade_reason", "by_hand", "method", "version", "data_sha256", "seed", "cpu_seconds"]),
    "window": {"pre": None, "post": None}, "n": {"pre": None, "post": None}, "relative": {"value": None, "low": None, "high": None},
    "placebo": dict.fromkeys(PLACEBO.split()), "second": {"method": None, "effect": None, "agree": None},
}  # fmt: skip
# As docs/reference/measure.md has them; what else an answer holds is an addition.
GOLDEN: dict[str, dict[str, Any]] = {
    "effect": EFFECT,
    "batch": {"effects": [{**EFFECT, "file": None, "q": None, "called": None}], "family": {"comparisons": None, "q": None, "called": None}, "failed": [{"file": None, "series": None, "say": None}], "ignored": None, "cpu_seconds": None},
    "panel": {**dict.fromkeys(["method", "effect_mean", "low", "high", "p", "placebo_n", "smallest_p", "verdict", "refused"]), "weights": {"unit": None, "time": None}},
    "power": {**dict.fromkeys(["series", "window_days", "worth_acting_on", "answer", "instead"]), "lifts": [{"lift": None, "found": None, "n": None}], "mde": {"relative": None, "absolute": None}},
    "ab": {**dict.fromkeys(["effect", "low", "high", "p", "verdict"]), "groups": [dict.fromkeys(["group", "n", "mean", "low", "high"])]},
    "adjust": {"naive": SPAN, "adjusted": SPAN, "balance": [{"covariate": None, "before": None, "after": None}], "dropped": None},
    "leads": {"sources": [dict.fromkeys(["source", "n", "won", "rate", "low", "high", "rank", "verdict"])], "untracked": {"n": None, "share": None}},
    "attribution": {**dict.fromkeys(["paths", "conversions", "untracked_share", "descriptive"]), "channels": [dict.fromkeys(["channel", "n", "first", "last", "linear", "markov", "shapley", "low", "high", "verdict"])]},
    "followers": {"n": None, "flagged": None, "authentic": {"low": None, "high": None}, "cannot_tell": None},
}  # fmt: skip
READ: dict[str, Any] = dict.fromkeys(("date_col", "value_col", "start", "end"), "") | {"controls": [], "exclude": [], "seed": 1}  # fmt: skip


def asked(verb: str, options: Mapping[str, Any], *files: str) -> dict[str, Any]:
    """The answer of the child's side, without a process."""
    named = {f"{i}.csv": text.encode() for i, text in enumerate(files)}
    head = {"task": f"socius.engine.effect.tasks.{verb}", "options": dict(options), "files": [[n, len(d)] for n, d in named.items()]}  # fmt: skip
    answer = serve(io.BytesIO(json.dumps(head).encode() + b"\n" + b"".join(named.values())))
    # Through JSON, so that a NaN would show.
    text = json.dumps(answer["found"], allow_nan=False)
    return dict(json.loads(text))


def lacks(found: Any, shape: Any, at: str = "") -> list[str]:
    """Keys of the shape that an answer has not; null stands for a whole object."""
    if isinstance(shape, list):
        return [m for i, one in enumerate(found) for m in lacks(one, shape[0], f"{at}[{i}]")]
    if not isinstance(shape, dict) or (found is None and at):
        return []
    return [f"{at}.{k}" for k in shape if k not in found] + [m for k, v in shape.items() if k in found for m in lacks(found[k], v, f"{at}.{k}")]  # fmt: skip


def days(n: int, seed: int = 1) -> str:
    values = 50 + np.random.default_rng(seed).normal(size=n)
    first = np.datetime64("2026-01-01")
    return "\n".join(["date,value", *(f"{first + i},{v:.4f}" for i, v in enumerate(values))])


def cases(*rows: str) -> str:
    return "\n".join(rows)


def rows_of(verb: str) -> tuple[dict[str, Any], str]:
    """A question with an answer."""
    draw = np.random.default_rng(2)
    if verb == "panel":
        body = [f"{u},{t},{v:.3f}" for u in "abcdef" for t, v in enumerate(draw.normal(size=8))]
        return {"unit": "u", "time": "t", "outcome": "y", "treated": ["a"], "start": "5", "joined": "", "method": "sdid", "placebo": True}, cases("u,t,y", *body)  # fmt: skip
    if verb == "ab":
        return {"group": "g", "outcome": "y", "baseline": "", "compare": [], "won": ""}, cases("g,y", *["a,1", "a,0", "b,0", "b,1"] * 20)  # fmt: skip
    if verb == "adjust":
        body = [f"{t},{int(v > 0)},{v + t / 2:.3f}" for t, v in zip([0, 1] * 100, draw.normal(size=200), strict=True)]  # fmt: skip
        return {"treatment": "t", "treated_value": "", "outcome": "y", "covariates": ["x"]}, cases("t,y,x", *body)  # fmt: skip
    if verb == "leads":
        return {"source": "s", "won": "w", "won_value": ""}, cases("s,w", *["mail,1", "mail,0", "post,0", ",0"] * 20)  # fmt: skip
    if verb == "followers":
        body = [f"{i % 300 + 5},{i % 90 + 20},{i % 50},{i + 100}" for i in range(420)]
        return {"sensitivity": None}, cases("followers,following,posts,age_days", *body)
    return {}, cases("path,conversions,nulls", "mail > post,30,200", "post,20,300")


@pytest.mark.parametrize("verb", ["panel", "ab", "adjust", "leads", "followers", "attribution"])
def test_an_answer_has_every_documented_key(verb: str) -> None:
    options, text = rows_of(verb)
    option = "paths" if verb == "attribution" else "file"
    found = asked(verb, {**READ, **options, option: "0.csv"}, text)
    assert lacks(found, GOLDEN[verb]) == []
    assert found["cpu_seconds"] >= 0


def test_what_cannot_be_told_keeps_its_keys_and_says_null() -> None:
    few = asked("followers", {"file": "0.csv", "sensitivity": None}, cases("followers,following,posts", *["1,2,3"] * 20))  # fmt: skip
    assert lacks(few, GOLDEN["followers"]) == []
    assert few["authentic"] is None
    assert few["cannot_tell"]
    two = asked("leads", {"file": "0.csv", "source": "s", "won": "w", "won_value": ""}, "s,w\na,1\na,0")  # fmt: skip
    assert lacks(two, GOLDEN["leads"]) == []
    assert (two["sources"][0]["verdict"], two["sources"][0]["rank"]) == ("too_few", None)
    small = asked("ab", {"file": "0.csv", "group": "g", "outcome": "y", "baseline": "", "compare": [], "won": ""}, "g,y\na,1\nb,0\na,0\nb,0")  # fmt: skip
    assert lacks(small, GOLDEN["ab"]) == []
    assert small["verdict"] == "too_few"
    alone = asked("panel", {**READ, **rows_of("panel")[0], "placebo": False, "file": "0.csv"}, rows_of("panel")[1])  # fmt: skip
    assert lacks(alone, GOLDEN["panel"]) == []
    assert (alone["low"], alone["p"], alone["smallest_p"], alone["verdict"]) == (None, None, None, "cannot_tell")  # fmt: skip


@pytest.mark.slow
def test_effects_of_series_have_every_documented_key_refused_or_not() -> None:
    told = asked("effect", {**READ, "outcome": "0.csv", "start": "2026-05-20"}, days(160))
    assert lacks(told, GOLDEN["effect"]) == []
    assert told["refused"] is None
    short = asked("effect", {**READ, "outcome": "0.csv", "start": "2026-01-30"}, days(50))
    assert lacks(short, GOLDEN["effect"]) == []
    assert (short["verdict"], short["effect_mean"], short["p"], short["relative"]) == ("refused", None, None, None)  # fmt: skip
    for n in (160, 60):
        seen = asked("power", {**READ, "outcome": "0.csv", "window": 40, "worth": None, "today": "2026-11-22"}, days(n))  # fmt: skip
        assert lacks(seen, GOLDEN["power"]) == []


@pytest.mark.slow
def test_a_broken_file_of_a_folder_takes_no_other_one_along() -> None:
    good, broken = days(160), days(160).replace("\n2026-02-01,", "\n2026-02-01,many")
    odd = ["", "date,value\n", broken, good + '\n2026-07-01,"' + "x" * 140_000, good[: len(good) // 2], "\x00\x01"]  # fmt: skip
    # The same numbers with the line ends of elsewhere, and as a spreadsheet of another country writes them.
    same = (
        good.replace("\n", "\r\n"),
        "\ufeff" + good.replace(",", ";").replace(".", ",").replace("\n", "\r"),
    )
    found = asked("batch", {**READ, "start": "2026-05-20", "unread": [{"file": "z.csv", "say": "z.csv cannot be read."}], "ignored": ["notes.md"]}, good, *odd, *same)  # fmt: skip
    assert lacks(found, GOLDEN["batch"]) == []
    assert [e["file"] for e in found["effects"]] == ["0.csv", "7.csv", "8.csv"]
    assert len({e["effect_mean"] for e in found["effects"]}) == 1
    assert [f["file"] for f in found["failed"]] == ["1.csv", "2.csv", "3.csv", "4.csv", "5.csv", "6.csv", "z.csv"]  # fmt: skip
    assert all(f["say"].endswith(".") for f in found["failed"])
    assert (found["family"]["comparisons"], found["ignored"]) == (3, ["notes.md"])


def test_series_of_a_folder_never_share_a_name_that_nobody_gave_them() -> None:
    listed = "file,series,value_col,start\n0.csv,,a,2026-05-20\n0.csv,,b,2026-05-20\n0.csv,mine,a,\nnone.csv,,,2026-05-20\n"  # fmt: skip
    head = {"task": "socius.engine.effect.tasks.batch", "options": READ, "files": [["0.csv", 4], ["batch.csv", len(listed)]]}  # fmt: skip
    found = serve(io.BytesIO(json.dumps(head).encode() + b"\nd,v\n" + listed.encode()))["found"]
    assert [f["series"] for f in found["failed"]] == ["0: a", "0: b", "mine", "none"]
    assert found["effects"] == []
    assert "no file 'none.csv'" in found["failed"][3]["say"]
