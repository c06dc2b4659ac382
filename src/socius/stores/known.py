"""What the store holds already: keys and states, read from it day by day, so that there is no other memory to lose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

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
            ["key", "version", "day"], [date.fromordinal(d + EPOCH) for d in missing]
        )
        for key, version, day in zip(
            *(rows.column(c).to_pylist() for c in ("key", "version", "day")), strict=True
        ):
            self.keys[day.toordinal() - EPOCH].add(key)
            self.versions[day.toordinal() - EPOCH].add(version)

    def admit(self, rows: Sequence[Row]) -> tuple[list[Row], Counter[str]]:
        """Rows that are new, and how many were stored, duplicates, edits, deletes."""
        self.load({when // MICROS_A_DAY for _, _, _, when in rows})
        kept, count = [], Counter[str]()
        for row in rows:
            verdict = self.verdict(row)
            count[verdict] += 1
            if verdict != "duplicates":
                kept.append(row)
        return kept, count

    def verdict(self, row: Row) -> str:
        """What a row is to the store; remembers it."""
        record, key, version, when = row
        day = when // MICROS_A_DAY
        if key in self.deleted:
            return "duplicates"  # gone for good: a late copy does not bring it back
        if record.op == "delete":
            self.deleted.add(key)
            return "deletes"
        held = self.versions[day] if record.op == "update" else self.keys[day]
        if (version if record.op == "update" else key) in held:
            return "duplicates"
        self.keys[day].add(key)
        self.versions[day].add(version)
        return "edits" if record.op == "update" else "stored"
