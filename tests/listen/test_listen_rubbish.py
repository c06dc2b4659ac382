"""Files that are not what they are said to be: a sentence with the line, and nothing written."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from socius.kit.errors import Invalid
from socius.listen.jobs.ingest import ingest
from socius.listen.jobs.keeping import export

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
    "header.csv": (b"id,created_at,text\n", "", "holds no records"),
    "header16.csv": ("id,created_at,text\r\n".encode("utf-16"), "", "holds no records"),
    "unmarked16.csv": ("id,created_at,text\r\n1,2026-01-01,a".encode("utf-16-le"), "", "is no text in UTF-8"),
    "wide.jsonl": (GOOD.decode().encode("utf-16"), "", "is written in UTF-16"),
    "none.jsonl": (b"", "webhook", "is empty"),
    "either.csv": (b"id,created_at,text\n1,2/4/2015 11:35,a\n", "", "may have the day or the month first .line 2."),
    "both.csv": (b"id,created_at,text\n1,2/24/2015,a\n2,24/2/2015,b\n", "", "the day first in line 3 and the month first in line 2"),
    "twice.csv": (b"id,created_at,text,text\n1,2026-01-01,a,b\n", "", "'text' stands there twice"),
    "endless.csv": (b"id,created_at,text,likes\n1,2026-01-01,a,inf\n", "", "1 of 1 records are malformed"),
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


ROWS = "id,created_at,text\n1,2/24/2015 11:35,a\n2,4/2/2015 1:05 PM,b\n"


@pytest.mark.parametrize(
    ("data", "said", "first", "note"),
    [
        (ROWS.encode(), "", "2015-02-24T11:35:00Z", ""),
        (ROWS.encode("utf-16"), "", "2015-02-24T11:35:00Z", ""),
        (b"id,created_at,text\n1,2/4/2015,a\n", "day-first", "2015-04-02T00:00:00Z", ""),
        (f"{ROWS}3,2015-01-01T00:00:00Z,c\n".encode(), "", "2015-01-01T00:00:00Z", "in two ways, year last in line 2, otherwise in line 4"),
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_is_that_of_the_column(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, said: str, first: str, note: str) -> None:  # fmt: skip
    place = tmp_path / "f.csv"
    place.write_bytes(data)
    ingest({"files": [str(place)], "home": str(tmp_path), "json": True, "dates": said})
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert (found["malformed"], found["first"]) == (0, first)
    assert note in told.err
    assert bool(note) == bool(told.err)


def test_an_export_names_its_form_and_is_whole_or_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    place = tmp_path / "f.csv"
    place.write_bytes(b"nr,when,words\n1,2026-01-01,a\n")
    ingest({"files": [str(place)], "home": str(tmp_path), "json": True, "map": ["nr=id", "when=date", "words=text"]})  # fmt: skip
    (tmp_path / "taken.json").mkdir()
    for name, sentence in (("out.xyz", "names no form"), ("none/out.parquet", "cannot be written"), ("taken.json", "cannot be written")):  # fmt: skip
        with pytest.raises(Invalid, match=sentence):
            export({"home": str(tmp_path), "to": str(tmp_path / name)})
    export({"home": str(tmp_path), "to": str(tmp_path / "out.json")})
    assert json.loads((tmp_path / "out.json").read_text())["totalItems"] == 1
    assert not list(tmp_path.glob(".*part*"))
