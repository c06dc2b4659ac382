"""Hand-written cases: they were there before the code and share nothing with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from socius.engine.query.parser import parse
from socius.engine.query.reference import Subject, matches

HERE = Path(__file__).parent
CASES = [json.loads(line) for line in (HERE / "cases.jsonl").read_text().splitlines()]
ERRORS = [json.loads(line) for line in (HERE / "errors.jsonl").read_text().splitlines()]


def test_there_are_enough_cases_in_enough_scripts() -> None:
    assert len(CASES) >= 200
    assert len({c["script"] for c in CASES} - {"Mixed", "Emoji"}) >= 10


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{c['script']}" for n, c in enumerate(CASES)])
def test_the_reference_evaluator_says_what_the_case_expects(case: dict) -> None:
    query = parse(case["query"])
    assert query.errors == ()
    assert matches(query.tree, Subject(case)) is case["expected"]


@pytest.mark.parametrize("case", ERRORS, ids=[f"{n}" for n, _ in enumerate(ERRORS)])
def test_a_broken_query_is_explained_at_its_place(case: dict) -> None:
    errors = parse(case["query"]).errors
    assert [e.code for e in errors] == case["codes"]
    first = errors[0].data()
    assert (first["start"], first["end"]) == (case["start"], case["end"])
    assert first["line"] == case.get("line", first["line"])
    assert first["column"] == case.get("column", first["column"])
    assert errors[0].message.endswith((".", "?"))
