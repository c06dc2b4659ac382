"""`socius listen match` and `language`, as a person calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def listen(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "socius.cli", "listen", *words],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def lines(path: Path, rows: list[dict]) -> str:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    return str(path)


def test_matches_come_one_line_for_each_record_in_order(tmp_path: Path) -> None:
    queries = lines(
        tmp_path / "q",
        [
            {"id": "b", "query": "parcel"},
            {"id": "a", "query": "快递 OR parcel"},
            {"id": "de", "query": "lang:de"},
        ],
    )
    records = [
        {"id": 1, "text": "A parcel"},
        {"id": 2, "text": None},
        {"id": 3, "text": "Guten Tag, wo ist mein Paket geblieben?"},
    ]
    done = listen(
        "match", "--queries", queries, "--input", lines(tmp_path / "i", records), "--json"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": 1, "matches": ["a", "b"]},
        {"id": 2, "matches": []},
        {"id": 3, "matches": ["de"]},
    ]


def test_a_query_that_does_not_compile_stops_before_any_output(tmp_path: Path) -> None:
    queries = lines(
        tmp_path / "q", [{"id": 1, "query": "fine"}, {"id": 2, "query": "autor:joe al*ha"}]
    )
    done = listen(
        "match", "--queries", queries, "--input", lines(tmp_path / "i", [{"id": 1, "text": "x"}])
    )
    assert (done.returncode, done.stdout) == (1, "")
    errors = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(e["id"], e["file_line"], e["code"]) for e in errors] == [
        (2, 2, "unknown_field"),
        (2, 2, "inner_wildcard"),
    ]


# Each starts a command and its child.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "part"),
    [
        ('{"id": 1, "text": ', "line 1: no valid JSON"),
        ("[1]", "line 1: list instead of an object"),
        ('{"text": "x"}', "line 1: no `id`"),
        ('{"id": 1}\n{"id": 2, "text": 5}', "line 2: `text` is int, not text"),
    ],
)
def test_bad_lines_are_named(given: str, part: str) -> None:
    done = listen("language", "--input", "-", given=given)
    assert done.returncode == 1
    assert part in done.stderr
    assert done.stderr.strip().endswith(".")


def test_a_missing_file_is_a_sentence() -> None:
    done = listen("language", "--input", "/nowhere/at-all.jsonl", "--json")
    assert done.returncode == 1
    assert done.stderr == (
        "socius: /nowhere/at-all.jsonl cannot be read: No such file or directory."
        " Check the name and its rights.\n"
    )


def test_languages_are_told_or_left_undetermined() -> None:
    given = "".join(
        json.dumps({"id": n, "text": t}) + "\n"
        for n, t in enumerate(["Where is my parcel, please?", "Où est mon colis ?", "123 😀"])
    )
    done = listen("language", "--input", "-", "--json", given=given)
    assert [json.loads(line)["language"] for line in done.stdout.splitlines()] == [
        "en",
        "fr",
        "und",
    ]
