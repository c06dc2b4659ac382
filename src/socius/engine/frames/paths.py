"""Which places of a JSON line are wanted, as arrays that compiled code can walk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

OBJECT, ARRAY, STRING, WHOLE, TRUTH, NULL = 1, 2, 4, 8, 16, 32
ITEM = "[]"


class Wanted(NamedTuple):
    """A place such as `commit.record.langs[]`, and the kinds of values that it may hold."""

    path: str
    kinds: int


class Machine(NamedTuple):
    """Places by number; 0 is the line itself. A place below a list is told as often as it comes, any other once."""

    first: Any  # place -> its keys, first[place]:first[place + 1]
    key_starts: Any
    key_bytes: Any  # uint8
    targets: Any  # key -> place
    items: Any  # place -> place of the elements of its array, -1
    kinds: Any  # place -> what it may hold
    columns: Any  # place -> its column, -1 below a list


class Places(NamedTuple):
    """A machine, and where to find what it found."""

    machine: Machine
    columns: dict[str, int]
    lists: dict[str, int]  # path -> place


def parts_of(path: str) -> list[str]:
    """`a.b[].c` -> a, b, [], c"""
    return path.replace(ITEM, f".{ITEM}").split(".")


def machine_of(wanted: Sequence[Wanted]) -> Places:
    """Compiles places. Each container on the way must be named too, with its kinds."""
    names = {"": 0} | {w.path: n for n, w in enumerate(wanted, 1)}
    children: list[list[tuple[bytes, int]]] = [[] for _ in names]
    items = np.full(len(names), -1, np.int32)
    for path, place in names.items():
        if not path:
            continue
        *above, last = parts_of(path)
        parent = names[".".join(above).replace(f".{ITEM}", ITEM)]
        if last == ITEM:
            items[parent] = place
        else:
            children[parent].append((last.encode(), place))
    single = [w.path for w in wanted if ITEM not in w.path]
    columns = np.full(len(names), -1, np.int32)
    for column, path in enumerate(single):
        columns[names[path]] = column
    keys = [pair for some in children for pair in some]
    machine = Machine(
        np.cumsum([0, *map(len, children)]).astype(np.int32),
        np.cumsum([0, *(len(k) for k, _ in keys)]).astype(np.int32),
        np.frombuffer(b"".join(k for k, _ in keys), np.uint8),
        np.array([place for _, place in keys], np.int32),
        items,
        np.array([OBJECT, *(w.kinds for w in wanted)], np.uint8),
        columns,
    )
    listed = {w.path: names[w.path] for w in wanted if ITEM in w.path}
    return Places(machine, {path: n for n, path in enumerate(single)}, listed)
