"""A wrong file gets a sentence with its place and the remedy, and exit status 1; nothing is guessed."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import making_cases as making
import pytest

from socius.cli import main
from socius.engine.assessment.reading import read_case
from socius.kit.errors import Invalid

GOOD = json.loads(making.text("s3"))
Change = Callable[[dict[str, Any]], Any]


def put(path: str, value: Any) -> Change:
    def change(case: dict[str, Any]) -> None:
        *way, last = path.split("/")
        at: Any = case
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        at[last] = value

    return change


def drop(name: str) -> Change:
    return lambda case: case.pop(name)


WRONG: dict[str, tuple[Change, str]] = {
    "unknown item": (put("answers/r1/q99", 1), "answers.r1.q99 is no item of full@1. Its 44 items"),
    "beyond the scale": (put("answers/r1/q01", 5), "answers.r1.q01 is 5. Write a whole number of 0 to 4."),
    "half a level": (put("answers/r1/q01", 2.5), "answers.r1.q01 is 2.5. Write a whole number."),
    "true is no level": (put("answers/r1/q01", True), "answers.r1.q01 is true"),
    "words for a level": (put("answers/r1/q01", "often"), 'answers.r1.q01 is "often"'),
    "unknown option": (put("answers/r1/q39", "likes"), "Write one of followers, engagement"),
    "option twice": (put("answers/r1/q37", ["brand", "brand"]), "names an option twice"),
    "share above 100": (put("answers/r1/q04", 101), "a number of 0 to 100"),
    "unknown part": (put("answers/r1/q12", {"awake": 1}), "has an unknown key 'awake'"),
    "no raters": (put("raters", []), "raters is empty"),
    "a rater twice": (lambda c: c["raters"].append(c["raters"][0]), "raters[1].id names 'r1' a second time"),
    "unknown role": (put("raters/0/role", "boss"), "raters[0].role is \"boss\". Write one of executive"),
    "answers of nobody": (put("answers/r2", {}), "answers.r2 has no rater of that name"),
    "a rater without answers": (lambda c: c["answers"].clear(), "answers.r1 is not there"),
    "key missing": (drop("platform"), "The file lacks 'platform'. Add 'platform'"),
    "key unknown": (put("platfrom", {}), "has an unknown key 'platfrom'"),
    "wrong format": (put("format", "socius-assessment/7"), "format is"),
    "unknown form": (put("questionnaire", "full@7"), "questionnaire is 'full@7'"),
    "unknown gates": (put("gates", "gates@0"), "The gate set 'gates@0' is unknown"),
    "no date": (put("platform/date", "tomorrow"), "platform.date is \"tomorrow\". Write a date"),
    "more linked than there is": (put("platform/work/spend_linked", 9e9), "platform.work.spend_linked"),
    "a class that there is not": (put("platform/goals/0/kpis", [{"measure": "x", "class": "fun", "direction": "up"}]), "platform.goals[0].kpis[0].class"),
    "a negative need": (put("platform/capacity/0/need_hours", -1), "platform.capacity[0].need_hours is -1"),
    "a block that is no list": (put("platform/goals", {}), "platform.goals is {}. Write a list"),
    "auto for what people answer": (put("auto", {"q01": {"value": 1}}), "auto.q01 has no value of the platform's own"),
    "an owner of a level": (put("owners", {"q01": "r1"}), "owners.q01 gives an owner to what is no number"),
    "an owner who is no rater": (put("owners", {"q16": "r9"}), "owners.q16 is \"r9\""),
    "a gate waved through": (put("not_applicable", {"q01": {"sponsor": "s", "date": "2026-01-01", "reason": "r"}}), "Only q44"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(WRONG))
def test_a_wrong_file_is_refused_with_place_and_remedy(name: str) -> None:
    change, said = WRONG[name]
    case = copy.deepcopy(GOOD)
    change(case)
    with pytest.raises(Invalid) as refused:
        read_case(json.dumps(case))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON: line 1, column 2"),
        ("[]", "The file is []. Write an object."),
        ('{"format": 1, "format": 2}', "'format' stands twice"),
        ('{"format": NaN}', "holds NaN"),
        ("[" * 100_000, "nests too deeply"),
        ("", "not JSON"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_case(text)
    assert said in str(refused.value)


def test_missing_blocks_are_null_and_said() -> None:
    case = copy.deepcopy(GOOD)
    del case["platform"]["work"]
    case["platform"]["cells"] = None
    facts = read_case(json.dumps(case)).facts
    assert facts is not None
    assert facts.work is None
    assert facts.reasons == {"work": "no evidence: not in the file", "cells": "no evidence yet"}


def test_a_value_of_the_platform_beats_raters_until_a_dispute_is_accepted(capsys, tmp_path) -> None:
    case = copy.deepcopy(GOOD)
    case["auto"] = {"q04": {"value": 20, "as_of": "2026-11-20"}}
    place = tmp_path / "case.json"
    place.write_text(json.dumps(case))
    assert main(["assess", "score", str(place), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stage"] == 1
    case["accepted_disputes"] = ["q04"]
    place.write_text(json.dumps(case))
    assert main(["assess", "score", str(place), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stage"] == 3


def test_the_internal_network_may_be_not_applicable_with_a_sponsor() -> None:
    case = copy.deepcopy(json.loads(making.text("s6")))
    case["answers"]["r1"]["q44"] = "not_applicable"
    from socius.engine.assessment.result import assess

    assert assess(read_case(json.dumps(case))).maturity.stage == 5
    case["not_applicable"] = {"q44": {"sponsor": "CEO", "date": "2026-01-01", "reason": "forty people, one room"}}  # fmt: skip
    assert assess(read_case(json.dumps(case))).maturity.stage == 6


def typed(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "socius.cli", "assess", *words],
        capture_output=True,
        check=False,
        input=given,
    )


def test_the_result_on_the_command_line_has_the_promised_keys() -> None:
    done = typed("score", str(making.PLACE / "shell.json"), "--json", "--version", "gates@1")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found)[:7] == ["stage", "self_placed", "gates", "factors", "criteria", "coherence", "sensitivity"]  # fmt: skip
    assert {"item", "needed", "got", "met", "stage"} <= set(found["gates"][0])
    assert set(found["criteria"]) == {"alignment", "support"}
    assert {"id", "score", "message"} <= set(found["coherence"]["rules"][0])
    assert found["coherence"]["score"] == 0.875


def test_a_bad_file_on_the_command_line_ends_with_one() -> None:
    done = typed("score", "-", given=b'{"format":\n oops}')
    assert done.returncode == 1
    assert b"line 2, column 2" in done.stderr
    assert typed("score", "-", given=b"\xff\xfe").returncode == 1
    gone = typed("score", "nowhere.json")
    assert gone.returncode == 1
    assert b"Give the path" in gone.stderr


@pytest.mark.parametrize("version", ["gates@9", "1", "gates@"])
def test_an_unknown_version_names_the_known_ones(version: str, capsys) -> None:
    status = main(["assess", "score", str(making.PLACE / "s1.json"), "--version", version])
    assert status == 1
    assert "Name one of gates@1" in capsys.readouterr().err


def test_the_benchmark_lists_every_figure_with_interval_and_source(capsys) -> None:
    assert main(["assess", "benchmark", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) > 120
    assert all(row["source"] and row["year"] and row["display"] and row["say"] for row in rows)
    assert not any("percentile" in row["say"] for row in rows)
    beside = {row["id"]: row for row in rows}["governance_deployed"]
    assert (beside["low"], beside["high"], beside["n"]) == (0.09, 0.26, 76)
