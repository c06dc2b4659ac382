"""The ledger's row format and its chain of hashes. Fixed from the first commit: a change would break every hash.

Canonical bytes: the fields in order, each as decimal length, `:`, bytes, `,`; null is `-,`; integers in decimal ASCII;
strings UTF-8 in NFC; no floats. Chain: h_0 = SHA-256("socius" || installation id), h_n = SHA-256(h_(n-1) || canonical(row_n)).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import permutations
from typing import Any, NamedTuple

FORMAT = 1
HASH = 20  # where a row as stored carries its hash, behind the hashed fields
MOST_PROBLEMS = 1000
MOST_COMPARED = 20
MEMORY = 50_000

Head = tuple[int, bytes]


class Row(NamedTuple):
    """One row of the ledger, in the order in which it is hashed. `run` is the field `import` of the format."""

    v: int
    seq: int
    id: bytes
    at: int
    recorded_at: int
    actor: str
    origin: str
    verb: str
    result: str
    object: str
    unit: int | None
    account: int | None
    initiative: int | None
    goal: int | None
    network: str | None
    remote_id: str | None
    minutes: int | None
    run: int | None
    retracts: bytes | None
    commitment: bytes | None


def field(value: int | str | bytes | None) -> bytes:
    """One field in canonical form."""
    if value is None:
        return b"-,"
    if isinstance(value, str):
        raw = nfc(value).encode()
    elif isinstance(value, bytes):
        raw = value
    elif type(value) is int:
        raw = b"%d" % value
    else:
        raise TypeError(f"The ledger holds integers, texts and bytes; {value!r} is none of them.")
    return b"%d:%b," % (len(raw), raw)


def nfc(text: str) -> str:
    """The text as the ledger keeps it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def canonical(row: Row) -> bytes:
    """The bytes that are hashed: the definition. `canoniser` is the same, faster."""
    return b"".join(map(field, row))


def start(installation: bytes) -> bytes:
    """h_0 of an installation."""
    return hashlib.sha256(b"socius" + installation).digest()


def link(previous: bytes, row: Row) -> bytes:
    """h_n from h_(n-1) and the row."""
    return hashlib.sha256(previous + canonical(row)).digest()


def commitment(salt: bytes, content: bytes) -> bytes:
    """Binds content that lies apart; the salt keeps a short text from being guessed."""
    return hashlib.sha256(salt + content).digest()


KINDS = (int, int, bytes, int, int, *[str] * 5, *[int] * 4, str, str, int, int, bytes, bytes)


def stored(value: int | str | bytes | None, kind: type) -> bytes:
    """Like `field`, but strict: a blob where a text belongs, or a text not in NFC, would hash like what we wrote."""
    if value is not None and type(value) is not kind:
        raise TypeError(f"{value!r} stands where the ledger holds {kind.__name__}.")
    if (
        isinstance(value, str)
        and not value.isascii()
        and not unicodedata.is_normalized("NFC", value)
    ):
        raise ValueError(f"{value!r} is not in normal form C.")
    return field(value)


class Fields(dict[tuple[Any, ...], bytes]):
    """Several fields in canonical form, remembered: most rows repeat who, how and where."""

    def __init__(self, place: slice) -> None:
        super().__init__()
        self.kinds = KINDS[place]

    def __missing__(self, values: tuple[Any, ...]) -> bytes:
        if len(self) >= MEMORY:
            self.clear()
        made = self[values] = b"".join(map(stored, values, self.kinds))
        return made


def canoniser() -> Callable[[tuple[Any, ...]], bytes]:
    """`canonical` at three times the speed, for many rows as they are stored (more fields may follow the hashed ones).

    Raises TypeError, ValueError or AttributeError for values that no row of ours can hold.
    """
    who, where, why = Fields(slice(5, 9)), Fields(slice(10, 15)), Fields(slice(16, 19))

    def one(row: tuple[Any, ...]) -> bytes:
        v, seq, name, at, recorded_at = row[:5]
        thing, remote_id, sealed = row[9], row[15], row[19]
        if v != FORMAT or len(name) != 16 or type(at) is not int or type(recorded_at) is not int:
            return b"".join(map(stored, row[:HASH], KINDS))
        number, at, recorded_at = str(seq), str(at), str(recorded_at)
        return b"%b%b,%b%b%b%b%b%b%b" % (
            f"1:1,{len(number)}:{number},16:".encode(),
            name,
            f"{len(at)}:{at},{len(recorded_at)}:{recorded_at},".encode(),
            who[row[5:9]],
            f"{len(thing)}:{thing},".encode() if thing.isascii() else stored(thing, str),
            where[row[10:15]],
            f"{len(remote_id)}:{remote_id},".encode()
            if remote_id and remote_id.isascii()
            else stored(remote_id, str),
            why[row[16:19]],
            b"-,"
            if sealed is None
            else b"32:%b," % sealed
            if len(sealed) == 32
            else stored(sealed, bytes),
        )

    return one


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was written. `seq` is 0 where it concerns no numbered row."""

    seq: int
    kind: str  # changed, missing, inserted, swapped, content, head, unsealed, trigger
    say: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a walk along the chain found; `found` counts also the problems beyond the listed thousand."""

    rows: int
    head: Head
    problems: tuple[Problem, ...]
    found: int


class Walk:
    """The chain from a known row on. Every mutation of stored rows breaks a link, a number or a known head."""

    def __init__(self, after: Head, heads: Iterable[Head]) -> None:
        self.first = after[0]
        self.seq, self.previous = after
        self.known = dict(heads)
        self.rows = self.found = 0
        self.problems: list[Problem] = []
        self.broken: list[tuple[bytes, tuple[Any, ...]]] = []

    def blame(self, seq: int, kind: str, say: str) -> None:
        self.found += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(seq, kind, say))

    def misnumbered(self, row: tuple[Any, ...]) -> bool:
        """True where the row cannot be a link of the chain at all."""
        here = row[1]
        if type(here) is not int or here <= self.seq:
            self.blame(
                self.seq,
                "inserted",
                f"A row numbered {here} stands after row {self.seq}; it was inserted.",
            )
            return True
        last = here - 1
        rows = f"Row {last} is" if last == self.seq + 1 else f"Rows {self.seq + 1} to {last} are"
        self.blame(self.seq + 1, "missing", f"{rows} missing.")
        self.seq, self.previous = here, row[HASH]
        return True

    def mismatch(self, row: tuple[Any, ...]) -> None:
        if len(self.broken) < MOST_COMPARED:
            self.broken.append((self.previous, row))
        say = f"Row {row[1]} does not follow from row {self.seq}: it was changed, or a hash was."
        self.blame(row[1], "changed", say)

    def follow(self, rows: Iterable[tuple[Any, ...]]) -> None:
        bytes_of, sha256 = canoniser(), hashlib.sha256
        for row in rows:
            self.rows += 1
            if row[1] != self.seq + 1:
                if self.misnumbered(row):
                    self.compare_head(row)
                continue
            try:
                expected = sha256(self.previous + bytes_of(row)).digest()
            except (TypeError, ValueError, AttributeError):
                expected = b""
            if expected != row[HASH]:
                self.mismatch(row)
            if row[1] in self.known:
                self.compare_head(row)
            self.seq, self.previous = row[1], row[HASH]

    def compare_head(self, row: tuple[Any, ...]) -> None:
        known = self.known.get(row[1])
        if known is not None and known != row[HASH]:
            say = f"Row {row[1]} has another hash than the head that was noted there: the ledger was written anew."
            self.blame(row[1], "head", say)

    def cut_off(self) -> None:
        """A ledger that lost its end is whole in itself; only a head noted elsewhere shows it."""
        beyond = max((seq for seq in self.known if seq > self.seq), default=0)
        if beyond:
            say = f"The ledger ends with row {self.seq}, and it had {beyond}: its end was cut off."
            self.blame(self.seq + 1, "missing", say)

    def swaps(self) -> None:
        """Names two rows that stand in each other's place: each would fit where the other is."""
        for (previous, here), (_, there) in permutations(self.broken, 2):
            moved = (*there[:1], here[1], *there[2:HASH])
            try:
                fits = hashlib.sha256(previous + canonical(Row(*moved))).digest()
            except (TypeError, ValueError, AttributeError):
                continue
            if fits in {here[HASH], there[HASH]}:
                low, high = sorted((here[1], there[1]))
                self.blame(low, "swapped", f"Rows {low} and {high} stand in each other's place.")
                return


def check(rows: Iterable[tuple[Any, ...]], after: Head, heads: Iterable[Head] = ()) -> Checked:
    """Walks rows as stored (the hashed fields, then the hash), ascending, that follow the known `after`.

    `heads` are (seq, hash) noted earlier: the only witness against a cut-off or rewritten end.
    """
    walk = Walk(after, heads)
    noted = walk.known.get(walk.first)
    if noted is not None and noted != after[1]:
        walk.blame(
            walk.first,
            "head",
            f"Row {walk.first} has another hash than the head that was noted there.",
        )
    walk.follow(rows)
    walk.cut_off()
    walk.swaps()
    return Checked(walk.rows, (walk.seq, walk.previous), tuple(walk.problems), walk.found)
