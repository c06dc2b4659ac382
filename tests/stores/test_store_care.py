"""What is done to a store later: erasure without a trace, files joined, old days gone, turns between processes, pages."""

from __future__ import annotations

import json
import random
import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from test_mention_store import NOW, put, row

from socius.stores.care import care, scattered
from socius.stores.erasing import erase
from socius.stores.mentions import Store
from socius.stores.pages import Pages, Wanted
from socius.stores.queue import HEAD, MARK, Queue
from socius.stores.schema import quarantined
from socius.stores.turns import Turns, locked

TODAY = date(2026, 3, 1)


def everything(store: Store) -> bytes:
    """All bytes of a store: as they lie, raw blocks opened, rows of the tables in clear."""
    left = b"".join(p.read_bytes() for p in store.folder.rglob("*") if p.is_file())
    left += b"".join(b.data for b in store.queue.blocks())
    for table in (store.mentions, store.hits, store.quarantine):
        left += repr(table.read().to_pylist()).encode()
    return left


@pytest.mark.slow
def test_of_two_hundred_planted_strings_none_is_left(tmp_path: Path) -> None:
    store, dice = Store(tmp_path), random.Random(1)
    handle, who = "zoë.secretperson", "did:plc:secretperson"
    planted = [handle, who]
    number = 0
    for part in range(6):
        rows: list[dict[str, Any]] = []
        for _ in range(33):
            text = f"planted-{dice.randrange(16**12):012x}"
            planted.append(text)
            rows.append(
                row(
                    number,
                    id=f"p{number}",
                    author=handle,
                    author_id=who,
                    text=f"{text} parcel \u2013 späť",
                )
            )
            number += 1
        others = [row(number + n, author=f"other{n}", id=f"o{part}-{n}") for n in range(5)]
        others[0]["reply_to"] = "p3"
        put(store, rows + others, part + 1)
        number += 5
    bad = quarantined(
        [(1, "It carries no time.", json.dumps({"author": handle, "id": "p9999"}).encode())],
        "f",
        9,
        NOW,
    )
    store.quarantine.append(bad, "test", 9)
    kept = len(store.current())
    keys = erase(store, lambda r: r["author_id"] == who)
    assert len(keys) == 198
    held = everything(Store(tmp_path))
    assert [p for p in planted if p.encode() in held or json.dumps(p)[1:-1].encode() in held] == []
    rest = Store(tmp_path)
    assert len(rest.current()) == kept - 198 == 30
    assert rest.mentions.read(["reply_to"]).column("reply_to").null_count == 30
    again = row(1, id="p1", author=handle, author_id=who, text="again")
    assert put(rest, [again], 10) == {"duplicates": 1}


@pytest.mark.slow
def test_care_joins_files_adds_counts_up_and_removes_old_days(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for part in range(4):
        put(store, [row(n) for n in range(part * 50, part * 50 + 50)], part + 1)
    before = store.mentions.read().sort_by("key").drop(["day"])
    counted = sum(store.counts.read(["n"]).column("n").to_pylist())
    assert care(store, TODAY, keep_from=None, raw_from=TODAY - timedelta(days=30)).files > 0
    assert scattered(store.mentions, TODAY) == []
    store = Store(tmp_path)
    assert store.mentions.read().sort_by("key").drop(["day"]).equals(before)
    assert sum(store.counts.read(["n"]).column("n").to_pylist()) == counted
    assert len(store.counts.read()) < 4 * 5
    assert care(store, TODAY, keep_from=None, raw_from=TODAY - timedelta(days=30)) == (0, 0, 0)
    assert care(store, TODAY, keep_from=date(2026, 2, 3), raw_from=TODAY).rows == 80
    assert Store(tmp_path).mentions.days() == [date(2026, 2, d) for d in (3, 4, 5)]
    assert {h["day"] for h in store.hits.read().to_pylist()} == {
        date(2026, 2, d) for d in (3, 4, 5)
    }
    assert put(Store(tmp_path), [row(102)], 5) == {"duplicates": 1}


def test_a_writer_sees_what_another_wrote_between_two_of_its_turns(tmp_path: Path) -> None:
    mine, other = Turns(tmp_path), Turns(tmp_path)
    with mine.turn() as store:
        assert store.queue.append(b"one", {}) == 1
    with other.turn() as store:
        assert store.queue.append(b"two", {}) == 2
    with mine.turn() as store:
        assert store.queue.append(b"three", {}) == 3
        again = store
    with mine.turn() as store:
        assert store is again  # nobody wrote between


def test_who_does_not_get_a_turn_is_told_so(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(Exception, match="Try again when it is done"),
        locked(tmp_path, patience=0.05),
    ):
        pass


def test_blocks_written_as_they_once_were_are_still_read(tmp_path: Path) -> None:
    body = zlib.compress(json.dumps({"a": 1}).encode() + b"\nold")
    front = HEAD.pack(MARK, 1, len(body), zlib.crc32(body), 0)[:-4]
    (tmp_path / f"{1:020d}.log").write_bytes(front + zlib.crc32(front).to_bytes(4, "little") + body)
    queue = Queue(tmp_path)
    assert queue.append(b"new", {"b": 2}) == 2
    assert [(b.number, b.said, b.data) for b in queue.pending()] == [
        (1, {"a": 1}, b"old"),
        (2, {"b": 2}, b"new"),
    ]
    assert [b.number for b in queue.blocks(after=1)] == [2]


@pytest.mark.slow
def test_pages_put_together_are_the_stream(tmp_path: Path) -> None:
    store = Store(tmp_path)
    rows = [row(n, lang="en" if n % 3 else "de") for n in range(240)]
    rows += [
        row(n, op="update", text=f"edit {n}", edited_at="2026-02-20T00:00:00Z")
        for n in range(0, 240, 9)
    ]
    rows += [{**row(n), "op": "delete"} for n in range(0, 240, 8)]
    for part in range(3):
        put(store, rows[part::3], part + 1)
    want = sorted(
        ((r["created_at"], r["key"], r["text"]) for r in store.current().to_pylist()), reverse=True
    )
    pages = Pages(tmp_path)
    for joined in (False, True):
        if joined:
            care(store, TODAY, keep_from=None, raw_from=TODAY)
        got: list[Any] = []
        after, more = None, True
        while more:
            found, more = pages.page(Wanted(17, after), pages.days())
            got += [(r["created_at"], r["key"], r["text"]) for r in found]
            last = found[-1]
            after = (int(last["created_at"].timestamp()) * 1_000_000, last["key"])
        assert got == want
    some = frozenset(k for _, k, _ in want[:3])
    found, more = pages.page(Wanted(50, keys=some), pages.days())
    assert ({r["key"] for r in found}, more) == (set(some), False)
    langs = {n for n, _ in pages.facets()["lang"]}
    for lang in langs:
        found, _ = pages.page(Wanted(500, lang=lang), pages.holding(pages.days(), "", lang))
        assert len(found) == sum(r["lang"] == lang for r in store.current().to_pylist())


@pytest.mark.slow
def test_conditions_on_columns_that_the_log_speaks_of_find_their_rows(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put(store, [row(1), row(2)], 1)
    put(store, [row(3)], 2)
    assert [len(rows) for rows in store.of_block(2)] == [1, 1]
    assert store.mentions.read(["key"], where=pc.field("network") == "web").num_rows == 3
    assert store.mentions.read(["key"], where=pc.field("channel") == "none").num_rows == 0
    assert store.mentions.read(["key"], where=pc.field("block") >= 2).num_rows == 1
