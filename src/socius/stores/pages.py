"""Pages of mentions, the newest first: small columns of a day are held in order, texts are read for the rows of a page only."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from socius.stores.current import deleted, last_states
from socius.stores.schema import COUNTS, MENTIONS
from socius.stores.tables import Stored

INDEXED = ["key", "op", "created_at", "edited_at", "block", "network", "lang"]
MOST_ROWS = 4_000_000  # held at once, some forty bytes each
MOST_DAYS = 31
LANGUAGES = 12
EPOCH = date(1970, 1, 1).toordinal()
MICROS_A_DAY = 86_400_000_000

Row = dict[str, Any]
Place = tuple[int, bytes]  # microseconds, key: where a mention stands in the stream


class Day(NamedTuple):
    """The living mentions of a day, the newest first."""

    files: tuple[str, ...]
    at: Any  # microseconds
    key: Any  # 16 bytes
    network: Any
    lang: Any
    file: Any
    row: Any


class Wanted(NamedTuple):
    """What a page asks for."""

    limit: int
    after: Place | None = None
    network: str = ""
    lang: str = ""
    keys: frozenset[bytes] | None = None


class Pages:
    """Reads one store for as long as its process lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.held: OrderedDict[date, Day] = OrderedDict()
        self.renew()

    def renew(self) -> None:
        """Opens the tables anew, for instance because files were joined meanwhile."""
        self.table = Stored(self.folder / "mentions", MENTIONS)
        self.counts = Stored(self.folder / "counts", COUNTS)
        self.version, self.gone = -1, pa.array([], pa.binary())
        self.files: dict[date, tuple[str, ...]] = {}
        self.summed: tuple[int, dict[str, list[tuple[str, int]]]] = (-1, {})

    def refreshed(self) -> bool:
        """Follows what was written; False while there is no table."""
        if self.table.handle is None:
            self.renew()
        handle = self.table.handle
        if handle is None:
            return False
        handle.update_incremental()
        if handle.version() != self.version:
            self.version, self.gone = handle.version(), deleted(self.table)
            self.files = self.table.files()
        return True

    def days(self) -> list[date]:
        """Days with mentions, the newest first."""
        return sorted(self.files, reverse=True) if self.refreshed() else []

    def day(self, day: date) -> Day:
        """The mentions of a day, from memory where no file came or went."""
        files = self.files[day]
        held = self.held.pop(day, None)
        if held is None or held.files != files or self.stale(held):
            held = arranged(files, self.gone)
        self.held[day] = held
        while len(self.held) > 1 and sum(len(d.at) for d in self.held.values()) > MOST_ROWS:
            self.held.popitem(last=False)
        return held

    def stale(self, held: Day) -> bool:
        """Whether a mention of this day was deleted since."""
        return bool(len(self.gone)) and bool(np.isin(held.key, keys_of(self.gone)).any())

    def page(self, wanted: Wanted, days: Sequence[date]) -> tuple[list[Row], bool]:
        """Rows of a page, and whether more follow."""
        places: list[tuple[Day, int]] = []
        for day in days:
            if wanted.after and (day.toordinal() - EPOCH) * MICROS_A_DAY > wanted.after[0]:
                continue
            held = self.day(day)
            chosen = fitting(held, wanted)[: wanted.limit + 1 - len(places)]
            places += [(held, int(n)) for n in chosen]
            if len(places) > wanted.limit:
                break
        return fetched(places[: wanted.limit]), len(places) > wanted.limit

    def facets(self) -> dict[str, list[tuple[str, int]]]:
        """Mentions of the last days by network, language and day, from the counts."""
        if self.counts.handle is None:
            return {"network": [], "lang": [], "day": []}
        self.counts.handle.update_incremental()
        version = self.counts.handle.version()
        if self.summed[0] != version:
            self.summed = (version, summed(self.counts))
        return self.summed[1]

    def holding(self, days: Sequence[date], network: str, lang: str) -> list[date]:
        """The days among these on which something was counted for a network and a language."""
        asked = [pc.field(c) == v for c, v in (("network", network), ("lang", lang)) if v]
        if not asked:
            return list(days)
        where = asked[0] if len(asked) == 1 else asked[0] & asked[1]
        some = set(self.counts.read(["day"], where=where).column("day").to_pylist())
        return [d for d in days if d in some]


def keys_of(column: pa.Array | pa.ChunkedArray) -> Any:
    """Keys as fixed bytes, so that they can be compared many at once."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not len(whole):
        return np.zeros(0, "V16")
    fixed = whole.cast(pa.binary(16))
    return np.frombuffer(fixed.buffers()[1], "V16", len(fixed), 16 * fixed.offset)


def arranged(files: tuple[str, ...], gone: pa.Array) -> Day:
    """Reads the small columns of a day's files."""
    parts = []
    for number, file in enumerate(files):
        rows = pq.read_table(file, columns=INDEXED, partitioning=None)
        rows = rows.append_column("file", pa.array(np.full(rows.num_rows, number, np.int32)))
        parts.append(rows.append_column("row", pa.array(np.arange(rows.num_rows, dtype=np.int32))))
    rows = last_states(pa.concat_tables(parts), gone)
    rows = rows.filter(pc.not_equal(rows.column("op"), "delete"))
    at, key = rows.column("created_at").cast(pa.int64()).to_numpy(), keys_of(rows.column("key"))
    order = newest_first(at, key)
    network, lang = (codes(rows.column(c), order) for c in ("network", "lang"))
    file, row = (rows.column(c).to_numpy()[order] for c in ("file", "row"))
    return Day(files, at[order], key[order], network, lang, file, row)


def codes(column: pa.ChunkedArray, order: Any) -> pa.DictionaryArray:
    """A column of few values, small, in another order."""
    return column.combine_chunks().dictionary_encode().take(pa.array(order))


def newest_first(at: Any, key: Any) -> Any:
    """Order by time, then by key, both falling."""
    order = np.argsort(-at, kind="stable")
    same = np.flatnonzero(np.diff(at[order]) == 0)
    if len(same):
        high, low = (key.view(">u8").reshape(-1, 2)[:, n].astype(np.uint64) for n in (0, 1))
        order = np.lexsort((~low, ~high, -at))
    return order


def fitting(day: Day, wanted: Wanted) -> Any:
    """Places in a day that a page may show, the newest first."""
    start = 0
    if wanted.after:
        at, key = wanted.after
        start = int(np.searchsorted(-day.at, -at, side="left"))
        while start < len(day.at) and day.at[start] == at and bytes(day.key[start]) >= key:
            start += 1
    fit = np.ones(len(day.at) - start, np.bool_)
    for column, value in ((day.network, wanted.network), (day.lang, wanted.lang)):
        if value:
            known = column.dictionary.to_pylist()
            code = known.index(value) if value in known else -1
            fit &= column.indices.to_numpy()[start:] == code
    if wanted.keys is not None:
        fit &= np.isin(day.key[start:], np.frombuffer(b"".join(wanted.keys), "V16"))
    return np.flatnonzero(fit) + start


def fetched(places: Sequence[tuple[Day, int]]) -> list[Row]:
    """Whole rows, each from the group of its file in which it lies."""
    files: dict[str, list[tuple[int, int]]] = {}
    for n, (day, at) in enumerate(places):
        files.setdefault(day.files[day.file[at]], []).append((int(day.row[at]), n))
    found: dict[int, Row] = {}
    for file, rows in files.items():
        found.update(of_file(file, rows))
    return [found[n] for n in range(len(places))]


def of_file(file: str, rows: list[tuple[int, int]]) -> Iterator[tuple[int, Row]]:
    """Rows of one file with the number that the page gave them."""
    with pq.ParquetFile(file) as opened:
        sizes = [opened.metadata.row_group(g).num_rows for g in range(opened.num_row_groups)]
        ends = np.cumsum(sizes)
        groups: dict[int, list[tuple[int, int]]] = {}
        for row, n in rows:
            group = int(np.searchsorted(ends, row, side="right"))
            groups.setdefault(group, []).append((row - int(ends[group] - sizes[group]), n))
        for group, asked in groups.items():
            taken = opened.read_row_group(group).take(pa.array([row for row, _ in asked]))
            yield from zip((n for _, n in asked), taken.to_pylist(), strict=True)


def summed(counts: Stored) -> dict[str, list[tuple[str, int]]]:
    """Counts of the last days by network, language and day."""
    rows = counts.read(["day", "network", "lang", "query", "n"], counts.days()[-MOST_DAYS:])
    rows = rows.filter(pc.is_null(rows.column("query")))
    found: dict[str, list[tuple[str, int]]] = {}
    for name in ("network", "lang", "day"):
        sums: Mapping[str, list[Any]] = rows.group_by(name).aggregate([("n", "sum")]).to_pydict()
        pairs = [(str(v), int(n)) for v, n in zip(sums[name], sums["n_sum"], strict=True)]
        found[name] = sorted(pairs, key=lambda p: (-p[1], p[0]))
    found["lang"] = found["lang"][:LANGUAGES]
    found["day"] = sorted(found["day"], reverse=True)
    return found
