"""`socius listen sentiment`, `spikes`, `reputation`, as a person calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"


def listen(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "socius.listen.jobs",
        words[0],
        json.dumps({"input": "-", "json": True, **json.loads(words[1])}),
    ]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def test_sentiment_is_null_where_there_is_no_model_and_says_what_it_is() -> None:
    rows = [
        {"id": 1, "text": "I love this, thank you"},
        {"id": 2, "text": "Das ist wirklich sehr schlecht gemacht"},
        {"id": 3, "text": "This is not good, I am angry"},
    ]
    done = listen("sentiment", "{}", given="\n".join(map(json.dumps, rows)))
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(s["id"], s["label"]) for s in said] == [(1, "positive"), (2, None), (3, "negative")]
    assert said[1]["score"] is None
    assert "English only" in done.stderr


def test_spikes_of_counts() -> None:
    rows = [
        "timestamp,count",
        *(
            f"2026-{1 + d // 28:02d}-{1 + d % 28:02d}T{h:02d}:00:00Z,{200 if (d, h) == (50, 7) else 4 + (d * h) % 3}"
            for d in range(56)
            for h in range(24)
        ),
    ]
    found = json.loads(listen("spikes", "{}", given="\n".join(rows)).stdout)
    assert [(a["onset"], a["observed"], a["severity"]) for a in found["alerts"]] == [
        ("2026-02-23T07:00:00Z", 200, 3)
    ]


# Each starts a command and its child.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("verb", "given", "part"),
    [
        ("spikes", "when,count\n2026-01-01,1\n", "no column holds `timestamp`. Name it with --map COLUMN=timestamp"),
        ("spikes", "timestamp,count\n2026-01-01,1\n2026-01-02,-4\n", "line 3: the count is negative."),
        ("spikes", "timestamp,count\n2026-01-01,1\nsoon,4\n", "line 3: the time 'soon' cannot be read."),
        ("spikes", "timestamp\n1/2/2026\n", "may have the day or the month first (line 2)."),
        ("spikes", "", "is empty."),
        ("reputation", "date,channel,score\n2026-01-01,a,3000\n", "the values of `score` fit no usual scale."),
    ],
)  # fmt: skip
def test_bad_tables_are_sentences(verb: str, given: str, part: str) -> None:
    done = listen(verb, "{}", given=given)
    assert done.returncode == 1
    assert part in done.stderr
    assert json.loads(done.stdout)["error"]["exit_status"] == 1


def test_a_scale_that_nobody_said_is_inferred_and_labelled() -> None:
    given = "date,channel,score\n" + "2026-01-01,a,3\n2026-01-01,a,5\n" * 20
    found = json.loads(listen("reputation", "{}", given=given).stdout)
    assert found["scale"] == {"low": 1.0, "high": 5.0, "origin": "inferred"}
    assert found["points"][0]["unadjusted"] == 75.0


@pytest.mark.skipif(not DATA.is_dir(), reason="the development data of ../shared/data are not here")
def test_a_late_collection_of_real_tweets_is_no_crisis() -> None:
    said = json.dumps({"input": str(DATA / "airline" / "Tweets_ids.csv")})
    found = json.loads(listen("spikes", said).stdout)
    gaps = [(g["scope"], g["say"]) for g in found["coverage"] if g["state"] == "none"]
    assert gaps == [("American", "no coverage before 2015-02-22 (inferred)")]
    assert "American" not in {a["scope"] for a in found["alerts"]}
