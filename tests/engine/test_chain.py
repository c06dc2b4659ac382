"""The row format and the chain: committed vectors, and every mutation found."""

from __future__ import annotations

import hashlib
import json
import random
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socius.engine import chain

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text())
BYTES = {"id", "retracts", "commitment"}
KEY = bytes(range(16))
SIZE = 100_000
Stored = tuple[Any, ...]


def row_of(written: dict[str, Any]) -> chain.Row:
    values = [bytes.fromhex(v) if k in BYTES and v is not None else v for k, v in written.items()]
    return chain.Row(*values)


def test_the_fifty_vectors_hold() -> None:
    assert len(VECTORS["vectors"]) == 50
    last = chain.start(bytes.fromhex(VECTORS["installation"]))
    for vector in VECTORS["vectors"]:
        row = row_of(vector["row"])
        last = chain.link(last, row)
        assert chain.canonical(row).hex() == vector["canonical"]
        assert last.hex() == vector["hash"]


def test_a_row_written_out_by_hand() -> None:
    row = chain.Row(
        1, 7, b"i" * 16, 5, -12, "person:3", "web", "posted", "done", "post:é", 4, None, None, 0, "x", "", None, 12, None, None
    )  # fmt: skip
    by_hand = (
        b"1:1,1:7,16:iiiiiiiiiiiiiiii,1:5,3:-12,8:person:3,3:web,6:posted,4:done,7:post:\xc3\xa9,"
        b"1:4,-,-,1:0,1:x,0:,-,2:12,-,-,"
    )
    assert chain.canonical(row) == by_hand
    first = hashlib.sha256(b"socius" + KEY).digest()
    assert chain.start(KEY) == first
    assert chain.link(first, row) == hashlib.sha256(first + by_hand).digest()


def test_decomposed_text_hashes_like_composed_and_is_refused_as_stored() -> None:
    row = row_of(VECTORS["vectors"][0]["row"])._replace(object="unit:e\u0301")
    assert chain.canonical(row) == chain.canonical(row._replace(object="unit:é"))
    with pytest.raises(ValueError, match="normal form C"):
        chain.canoniser()(row)


def test_commitment_depends_on_salt_and_content() -> None:
    assert chain.commitment(b"s" * 32, b"{}") == hashlib.sha256(b"s" * 32 + b"{}").digest()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(
    lambda t: unicodedata.normalize("NFC", t)
)
NUMBER = st.integers(-(2**63), 2**63 - 1)
ROWS = st.builds(
    chain.Row,
    st.integers(0, 3), NUMBER, st.binary(min_size=15, max_size=17), NUMBER, NUMBER, TEXT, TEXT, TEXT, TEXT, TEXT,
    *[st.none() | NUMBER] * 4,
    st.none() | TEXT, st.none() | TEXT, st.none() | NUMBER, st.none() | NUMBER,
    st.none() | st.binary(max_size=17), st.none() | st.binary(max_size=33),
)  # fmt: skip


@given(st.lists(ROWS, max_size=5))
def test_the_fast_form_equals_the_definition(rows: list[chain.Row]) -> None:
    one = chain.canoniser()
    assert [one(row) for row in rows] == [chain.canonical(row) for row in rows]


# ---------------------------------------------------------------- mutations


def made(n: int) -> list[Stored]:
    """A ledger of n rows with their hashes."""
    rng, last, rows = random.Random(4), chain.start(KEY), []
    one = chain.canoniser()
    for seq in range(1, n + 1):
        row = (
            1, seq, rng.randbytes(16), 1_700_000_000_000_000 + seq * 977, 1_750_000_000_000_000, f"person:{seq % 9}", "import",
            "posted", "done", f"activity:{seq}", seq % 5 or None, seq % 2000, None, seq % 3 or None, "facebook", f"{seq * 31}_é",
            None, 12, None, rng.randbytes(32) if seq % 2 else None,
        )  # fmt: skip
        last = hashlib.sha256(last + one(row)).digest()
        rows.append((*row, last))
    return rows


@pytest.fixture(scope="module")
def rows() -> list[Stored]:
    return made(SIZE)


def other(value: Any, rng: random.Random) -> Any:
    """Another value that the column could hold."""
    if value is None:
        return rng.choice([0, "", b"", b"\x00" * 32])
    if rng.random() < 0.1:
        return None
    if isinstance(value, int):
        return value + rng.choice([-1, 1, 1000, 0.5])
    if isinstance(value, bytes):
        at = rng.randrange(len(value))
        return value[:at] + bytes([value[at] ^ (1 << rng.randrange(8))]) + value[at + 1 :]
    return rng.choice(
        [
            value + " ",
            value[:-1],
            value.upper(),
            unicodedata.normalize("NFD", value) + "\u0301",
            value.encode(),
        ]
    )


def relinked(previous: bytes, rows: list[Stored]) -> list[Stored]:
    """What a forger does who knows the format: every hash made anew."""
    result = []
    for row in rows:
        previous = hashlib.sha256(previous + chain.canonical(chain.Row(*row[:20]))).digest()
        result.append((*row[:20], previous))
    return result


def edit(rows: list[Stored], i: int, rng: random.Random) -> list[Stored]:
    place = rng.randrange(21)
    row = list(rows[i])
    row[place] = other(row[place], rng)
    return [*rows[:i], tuple(row), *rows[i + 1 :]]


def delete(rows: list[Stored], i: int, rng: random.Random) -> list[Stored]:
    return [*rows[:i], *rows[i + rng.choice([1, 1, 2]) :]]


def insert(rows: list[Stored], i: int, rng: random.Random) -> list[Stored]:
    new = (*rows[i][:2], rng.randbytes(16), *rows[i][3:])
    rest = [(row[0], row[1] + 1, *row[2:]) for row in rows[i:]]
    return [*rows[:i], new, *rng.choice([rows[i:], rest])]


def swap(rows: list[Stored], i: int, rng: random.Random) -> list[Stored]:
    j = rng.choice([k for k in range(len(rows)) if k != i])
    a, b = rows[i], rows[j]
    carry = rng.random() < 0.5
    changed = list(rows)
    changed[i] = (1, a[1], *b[2:20], b[20] if carry else a[20])
    changed[j] = (1, b[1], *a[2:20], a[20] if carry else b[20])
    return changed


def truncate(rows: list[Stored], i: int, rng: random.Random) -> list[Stored]:
    return rows[:i]


def rewrite(rows: list[Stored], i: int, rng: random.Random) -> list[Stored]:
    """A change with every later hash made anew; only a head noted elsewhere shows it."""
    changed = [*rows[:i], (*rows[i][:11], 987_654, *rows[i][12:]), *rows[i + 1 :]]
    return [*changed[:i], *relinked(changed[i - 1][20], changed[i:])]


MUTATIONS: list[Callable[[list[Stored], int, random.Random], list[Stored]]] = [
    edit,
    delete,
    insert,
    swap,
    truncate,
    rewrite,
]


def test_an_untouched_ledger_is_whole(rows: list[Stored]) -> None:
    checked = chain.check(rows, (0, chain.start(KEY)), [(SIZE, rows[-1][20])])
    assert (checked.rows, checked.found, checked.head) == (SIZE, 0, (SIZE, rows[-1][20]))


@pytest.mark.slow
def test_ten_thousand_mutations_are_all_found(rows: list[Stored]) -> None:
    """Each is looked for among the rows around it: a link depends on its row and the hash before it, on nothing else.

    So the rows left out would pass as they pass in the test above. What reaches the end runs to the end.
    """
    rng = random.Random(10_000)
    for number in range(10_000):
        mutate = MUTATIONS[number % len(MUTATIONS)]
        to_the_end = mutate in {truncate, rewrite}
        low = rng.randrange(SIZE - 60) if not to_the_end else SIZE - 60
        window = rows[low : low + 60]
        i = rng.randrange(1, 56)
        after = (low, rows[low - 1][20] if low else chain.start(KEY))
        changed = mutate(window, i, rng)
        checked = chain.check(changed, after, [(window[-1][1], window[-1][20])])
        assert checked.found, (mutate.__name__, low, i)


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_a_mutation_is_found_in_the_whole_ledger(rows: list[Stored], mutate: Any) -> None:
    changed = mutate(rows, 70_123, random.Random(5))
    assert chain.check(changed, (0, chain.start(KEY)), [(SIZE, rows[-1][20])]).found


def test_problems_say_what_happened_and_where(rows: list[Stored]) -> None:
    after, heads = (0, chain.start(KEY)), [(50, rows[49][20])]
    few = rows[:50]
    changed = [*few[:9], (*few[9][:11], 5, *few[9][12:]), *few[10:]]
    assert [(p.seq, p.kind) for p in chain.check(changed, after, heads).problems] == [
        (10, "changed")
    ]
    gone = chain.check([*few[:9], *few[12:]], after, heads).problems
    assert [(p.seq, p.kind, p.say) for p in gone] == [(10, "missing", "Rows 10 to 12 are missing.")]
    cut = chain.check(few[:40], after, heads).problems
    assert [(p.seq, p.kind) for p in cut] == [(41, "missing")]
    swapped = swap(few, 9, random.Random(1))
    assert "swapped" in {p.kind for p in chain.check(swapped, after, heads).problems}
    assert [
        p.kind for p in chain.check(rewrite(few, 9, random.Random(1)), after, heads).problems
    ] == ["head"]


def test_thousands_of_problems_are_counted_and_a_thousand_listed(rows: list[Stored]) -> None:
    wrong = [(*row[:11], -1, *row[12:]) for row in rows[:3000]]
    checked = chain.check(wrong, (0, chain.start(KEY)))
    assert checked.found >= 3000
    assert len(checked.problems) == chain.MOST_PROBLEMS
