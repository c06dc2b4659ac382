"""What the store holds already: keys and states, read from it day by day, so that there is no other memory to lose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from socius.stores.schema import MICROS_A_DAY
from socius.stores.tables import Stored

Row = tuple[Any, bytes, bytes, int]  # record, key, version, time that decides its day
EPOCH = date(1970, 1, 1).toordinal()
KEY = 16


def buried(folder: Path) -> set[bytes]:
    """Keys that were erased: a copy that comes later is not taken in."""
    place = folder / "erased"
    data = place.read_bytes() if place.exists() else b""
    return {data[i : i + KEY] for i in range(0, len(data) // KEY * KEY, KEY)}


def bury(folder: Path, keys: set[bytes]) -> None:
    """Keeps the keys of what was erased; a key says nothing about its person."""
    with (folder / "erased").open("ab") as stream:
        stream.write(b"".join(sorted(keys - buried(folder))))


class Known:
    """Keys and states of the days that were asked for."""

    def __init__(self, table: Stored, erased: set[bytes]) -> None:
        self.table = table
        self.keys: dict[int, set[bytes]] = {}
        self.versions: dict[int, set[bytes]] = {}
        gone = table.read(["key"], where=pc.field("op") == "delete")
        self.deleted = erased | set(gone.column("key").to_pylist())

    def load(self, days: set[int]) -> None:
        """Reads the days that are not known yet."""
        missing = days - set(self.keys)
        if not missing:
            return
        for day in missing:
            self.keys[day], self.versions[day] = set(), set()
        rows = self.table.read(
            ["key", "version", "day", "op"], [date.fromordinal(d + EPOCH) for d in missing]
        )
        edits = rows.filter(pc.equal(rows.column("op"), "update"))
        for table, column, held in ((rows, "key", self.keys), (edits, "version", self.versions)):
            days = table.column("day").cast(pa.int32()).to_pylist()
            for value, day in zip(table.column(column).to_pylist(), days, strict=True):
                held[day].add(value)

    def admit(self, rows: Sequence[Row]) -> tuple[list[Row], Counter[str]]:
        """Rows that are new, and how many were stored, duplicates, edits, deletes."""
        keys, versions = [k for _, k, _, _ in rows], [v for _, _, v, _ in rows]
        days = [when // MICROS_A_DAY for _, _, _, when in rows]
        places, count = self.news([r.op for r, _, _, _ in rows], keys, versions, days)
        return [rows[at] for at in places], count

    def news(self, ops: Sequence[str], keys: Sequence[bytes], versions: Sequence[bytes], days: Sequence[int]) -> tuple[list[int], Counter[str]]:  # fmt: skip
        """Places of what is new, in the order in which it came, and how many were stored, duplicates, edits, deletes."""
        self.load(set(days))
        kept, verdicts = [], Counter[str]()
        held, deleted, stored = self.keys, self.deleted, 0
        for at, (op, key, day) in enumerate(zip(ops, keys, days, strict=True)):
            if op == "create":  # nearly all: the same as `verdict`, without a call
                known = held[day]
                if key not in known and key not in deleted:
                    known.add(key)
                    kept.append(at)
                    stored += 1
                else:
                    verdicts["duplicates"] += 1
                continue
            said = self.verdict(op, key, versions[at], day)
            verdicts[said] += 1
            if said != "duplicates":
                kept.append(at)
        if stored:
            verdicts["stored"] += stored
        return kept, verdicts

    def verdict(self, op: str, key: bytes, version: bytes, day: int) -> str:
        """What an edit or a delete is to the store; remembers it."""
        if key in self.deleted:
            return "duplicates"  # gone for good: a late copy does not bring it back
        if op == "delete":
            self.deleted.add(key)
            return "deletes"
        if version in self.versions[day]:
            return "duplicates"
        self.keys[day].add(key)
        self.versions[day].add(version)
        return "edits"
