"""Files that are not what they are said to be: a sentence with the line, and nothing written."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from socius.kit.errors import Invalid
from socius.listen.jobs.ingest import ingest

pytestmark = pytest.mark.slow
GOOD = json.dumps({"id": "1", "created_at": "2026-01-01", "text": "a"}).encode()
FILES = {
    "empty.csv": (b"", "", "is empty"),
    "empty.jsonl": (b"", "", "its kind cannot be told"),
    "picture.jsonl": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "jetstream", "the first in line 1"),
    "deep.jsonl": (b"[" * 200_000, "", "line 1: It is nested too deeply"),
    "other.jsonl": (GOOD + b"\n" + GOOD[:20], "mastodon", "2 of 2 records are malformed, the first in line 1"),
    "cut.jsonl.gz": (gzip.compress(GOOD * 1000)[:60], "", "ended before the end-of-stream marker"),
    "torn.jsonl.gz": (b"\x1f\x8b\x08\x00" + b"rubbish" * 9, "", "cannot be read"),
    "bomb.jsonl.gz": (gzip.compress(b"\0" * (20 << 20)), "", "grows to more than 200 times its size"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_rubbish_is_a_sentence_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    data, source, sentence = FILES[name]
    place = tmp_path / name
    place.write_bytes(data)
    with pytest.raises(Invalid, match=sentence) as told:
        ingest({"files": [str(place)], "home": str(tmp_path), "json": True, "source": source})
    assert name in str(told.value)
    assert not list(tmp_path.glob("listen/**/*.parquet"))
    assert not list(tmp_path.glob("listen/queue/*.log"))


def test_a_line_of_megabytes_and_a_cut_end_stop_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    place = tmp_path / "f.jsonl"
    long = json.dumps({"id": "2", "created_at": "2026-01-01", "text": "x" * 5_000_000}).encode()
    place.write_bytes(
        b"\n".join((*(GOOD.replace(b'"1"', b'"%d"' % n) for n in range(10, 20)), long, GOOD[:30]))
    )
    ingest({"files": [str(place)], "home": str(tmp_path), "json": True, "source": ""})
    found = json.loads(capsys.readouterr().out)
    assert (found["records"], found["stored"], found["malformed"]) == (12, 11, 1)
    assert found["malformed_sample"][0]["line"] == 12


def test_a_broken_document_among_good_ones_is_shown_and_stops_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    good, broken = tmp_path / "good.jsonl", tmp_path / "broken.jsonl"
    good.write_bytes(GOOD)
    broken.write_bytes(GOOD[:30])
    ingest({"files": [str(good), str(broken)], "home": str(tmp_path), "json": True, "source": "jsonl"})  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    assert (found["stored"], found["malformed"]) == (1, 1)
