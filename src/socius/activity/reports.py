"""Reads the ledger: is it whole, where does it end, what does it count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from socius.activity.counting import count
from socius.activity.models import Content, Cursor, Entry, ImportRun, Installation, Rollup
from socius.engine import chain
from socius.engine.chain import Head, Problem
from socius.engine.sight.counts import Activity
from socius.engine.sight.segments import Segments
from socius.kit.clock import micros
from socius.kit.errors import Invalid, NotFound

CHUNK = 5_000
DAY = timedelta(days=1)
FEW_ROWS = 10_000  # up to here reading them all takes less time than to compile the statement that adds them up
MOST_PARTS = 150  # segments of one statement: SQLite takes 500 parts, and long before that reading by day is as quick
CURSOR = "rollup"  # of the reader that keeps the rollups
LONGEST_UNSEALED = timedelta(seconds=10)
STORED = (*chain.Row._fields, "hash")
COUNTS = ("unit", "account", "reference", "initiative", "goal", "network", "verb", "n", "minutes")
# The account first: it tells rows apart soonest, which is what sorting them costs.
WHERE = ("account", "unit", "network", "reference", "initiative", "goal")

# day, unit, account, reference, initiative, goal, network, verb, n, minutes
Count = tuple[date, int, int, int, int, int, str, str, int, int]

# SHA-256 of what each trigger does, by database: a trigger with the right name and another body protects nothing.
# On PostgreSQL it is the body of the function that the trigger runs, on SQLite the whole statement.
TRIGGERS = {
    "sqlite": {
        "content_no_delete": "0bfa851b24a96c15c342d35ab020f7f381343edc44e1b4b1be0a1ed4636be605",
        "content_only_erase": "bee9a14eb37354e8404a3e7269160aa5b2e36690c9eca2272d1ec344a3a8bfad",
        "ledger_no_delete": "f36a95214a56d31b46cd386ccd01e7c3b58e0abe8045ee823e9b1f00f511a348",
        "ledger_no_update": "a4fb5736335e6099174580441f88b104a2f5e639f4b400f0f3872698d8daca77",
    },
    "postgresql": {
        "content_no_delete": "b995d38b4553303ab493d7221e9a61a0380069f8443c819d03350f2e00d08894",
        "content_no_truncate": "b995d38b4553303ab493d7221e9a61a0380069f8443c819d03350f2e00d08894",
        "content_only_erase": "9827aa2daa3f1683836979e876ddf7b145b040ce215f081c057b2b38f0634257",
        "ledger_no_delete": "b995d38b4553303ab493d7221e9a61a0380069f8443c819d03350f2e00d08894",
        "ledger_no_truncate": "b995d38b4553303ab493d7221e9a61a0380069f8443c819d03350f2e00d08894",
        "ledger_no_update": "9b7abde7904c41f9211c93d6636a1d802fe56a540a1fd51d7ba9ee1d05773831",
    },
}
DEFINED = {
    "sqlite": """(SELECT json_group_object(name, sql) FROM sqlite_master
        WHERE type = 'trigger' AND tbl_name IN ('activity_entry', 'activity_content'))""",
    "postgresql": """(SELECT coalesce(json_object_agg(t.tgname, p.prosrc), '{}')::text
        FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE t.tgrelid IN ('activity_entry'::regclass, 'activity_content'::regclass) AND t.tgenabled IN ('O', 'A'))""",
}


@dataclass(frozen=True)
class Verification:
    """Whether the ledger is as it was written. At most 1,000 problems are listed; `found` counts all."""

    rows: int
    ok: bool
    head: Head
    problems: tuple[Problem, ...]
    found: int


def installation() -> Installation:
    """The one there is."""
    home = Installation.objects.first()
    if home is None:
        raise NotFound("There is no organisation in this home yet. Make one with `socius init`.")
    return home


def head() -> Head:
    """Number and hash of the last chained row: what a person notes elsewhere as a witness against a cut-off end."""
    home = installation()
    return home.head_seq, bytes(home.head_hash)


def verify(
    from_seq: int = 0, *, at: datetime | None = None, expected: Head | None = None
) -> Verification:
    """Checks chain, content, head and triggers; `from_seq` skips what was verified before.

    `expected` is a head noted earlier. With `at` also rows that wait for the sealer longer than ten seconds are found.
    """
    home = installation()
    heads = [(home.head_seq, bytes(home.head_hash)), *([expected] if expected else [])]
    after = beginning(home, from_seq)
    rows = Entry.objects.chained_after(after[0]).values_list(*STORED).iterator(chunk_size=CHUNK)
    checked = chain.check(rows, after, heads)
    others = [*past_head(checked.head), *unsealed(at), *unfit_content(after[0]), *triggers()]
    problems = (*checked.problems, *others)[: chain.MOST_PROBLEMS]
    found = checked.found + len(others)
    return Verification(checked.rows, not found, checked.head, problems, found)


def beginning(home: Installation, from_seq: int) -> Head:
    """What the first row to be checked must follow from."""
    if from_seq <= 1:
        return 0, chain.start(bytes(home.key))
    before = Entry.objects.filter(seq=from_seq - 1).values_list("seq", "hash").first()
    if before is None or before[1] is None:
        raise Invalid(
            f"The ledger has no row {from_seq - 1} to start behind.",
            field="from",
            repair="Give a smaller number.",
        )
    return int(from_seq - 1), bytes(before[1])


def past_head(last: Head) -> Iterator[Problem]:
    """Rows behind the head were not written by us. The head is read again: rows may have been written meanwhile."""
    seq, known = head()
    if last[0] > seq:
        yield Problem(
            seq + 1,
            "inserted",
            f"Rows {seq + 1} to {last[0]} stand behind the head; they were inserted.",
        )
    elif last[0] == seq and last[1] != known:
        yield Problem(seq, "head", f"Row {seq} has another hash than the installation's head.")


def unsealed(at: datetime | None) -> Iterator[Problem]:
    """Rows without number. On SQLite there can be none; on PostgreSQL the sealer leaves none for long."""
    waiting = Entry.objects.filter(seq=None)
    if connection.vendor == "postgresql":
        if at is None:
            return
        waiting = waiting.filter(recorded_at__lt=micros(at - LONGEST_UNSEALED))
    n = waiting.count()
    if n and connection.vendor == "postgresql":
        say = f"{n} rows wait for the sealer longer than 10 s. Is a worker running? Is a transaction left open?"
        yield Problem(0, "unsealed", say)
    elif n:
        yield Problem(0, "inserted", f"{n} rows stand outside the chain; they were inserted.")


def unfit_content(after: int) -> list[Problem]:
    """Content that is not what its row committed to."""
    # Most rows commit to no content: the database says faster than we which of them have some all the same.
    never = Entry.objects.beyond(after).filter(commitment=None)
    inserted = set(Content.objects.filter(id__in=never.values("id")).values_list("id", flat=True))
    problems: list[Problem] = []
    for name, entry, content in side_by_side(after):
        if name in inserted:
            seq = never.filter(id=name).values_list("seq", flat=True).first()
            entry = (name, None, seq)  # noqa: PLW2901 - the row that the pairing left out
        if entry is None:
            say = (
                ""
                if after
                else f"Content {name.hex()} belongs to no row; it was inserted, or the row is gone."
            )
        else:
            why = misfit(entry[1], content)
            say = why and f"Row {entry[2] or name.hex()} {why}."
        if say:
            problems.append(Problem((entry and entry[2]) or 0, "content", say))
    return problems


Pair = tuple[bytes, tuple[Any, ...] | None, tuple[Any, ...] | None]


def side_by_side(after: int) -> Iterator[Pair]:
    """Rows behind `after` that commit to content, and contents, both in the order of their ids, paired where they have the same."""
    committed = Entry.objects.beyond(after).exclude(commitment=None)
    rows = committed.order_by("id").values_list("id", "commitment", "seq")
    contents = Content.objects.order_by("id").values_list(
        "id", "salt", "content", "dek", "erased_at"
    )
    left: Iterator[tuple[Any, ...]] = rows.iterator(chunk_size=CHUNK)
    right: Iterator[tuple[Any, ...]] = contents.iterator(chunk_size=CHUNK)
    content = next(right, None)
    for entry in left:
        while content is not None and content[0] < entry[0]:
            yield content[0], None, content
            content = next(right, None)
        if content is not None and content[0] == entry[0]:
            yield entry[0], entry, content
            content = next(right, None)
        else:
            yield entry[0], entry, None
    while content is not None:
        yield content[0], None, content
        content = next(right, None)


def misfit(commitment: bytes | None, content: tuple[Any, ...] | None) -> str:
    """Why this content cannot be the one that was written; '' if it can."""
    if content is None:
        return "" if commitment is None else "has lost its content, and it was not erased"
    if commitment is None:
        return "never had content; it was inserted"
    _, salt, text, sealed_under, erased_at = content
    if erased_at is not None:
        return (
            "" if salt is None and text is None else "says that its content is erased, and has some"
        )
    if salt is None or text is None:
        return "has empty content that nobody erased"
    if sealed_under is None and sha256(salt + text).digest() != commitment:
        return "has other content than was written"
    return ""


def triggers() -> Iterator[Problem]:
    """The triggers that keep the ledger append-only, compared with how they were made."""
    defined = RawSQL(DEFINED[connection.vendor], [], output_field=TextField())  # noqa: S611 - a constant
    row = Installation.objects.annotate(defined=defined).values_list("defined", flat=True).first()
    there = {
        name: sha256(text.encode()).hexdigest() for name, text in json.loads(row or "{}").items()
    }
    for name, digest in TRIGGERS[connection.vendor].items():
        if there.get(name) != digest:
            how = "was changed" if name in there else "is missing or switched off"
            yield Problem(
                0,
                "trigger",
                f"The trigger {name} {how}. Restore the ledger from a backup, or have its migration run again.",
            )


def rollups(first: date, last: date, as_of: datetime) -> Iterator[Count]:
    """Counts of activities on the days from `first` to `last`, as known at `as_of`, whether or not the worker has run.

    Import runs count from their `applied_at` on, other rows from their UTC day on. Several counts may have one key, and
    some are negative: add them up. A statement of SQL sees one moment, so the rollups bring their cursor with them.
    """
    cursor = Cursor.objects.filter(pk=CURSOR).values_list("seq", flat=True).first() or 0
    days: dict[Any, date] = {}
    columns = ("when", *COUNTS, "place")
    counted = (
        Rollup.objects.within(first, last)
        .known(as_of)
        .annotate(
            # As text on SQLite: its converter for dates would take longer than all the rest.
            when=ExpressionWrapper(F("day"), output_field=CharField()),
            place=Subquery(Cursor.objects.filter(pk=CURSOR).values("seq")),
        )
    )
    for row in counted.values_list(*columns).iterator(chunk_size=CHUNK):
        cursor = row[-1]
        yield (days.get(row[0]) or days.setdefault(row[0], day_of(row[0])), *row[1:-1])
    yield from not_rolled_up(cursor, (first, last), as_of)


def counted(segments: Segments, last: date, as_of: datetime) -> Iterator[Activity]:
    """What `rollups` tells, added up over verbs and over the days of each segment up to `last`: a fraction of the rows.

    The day of a row lies in its segment; it is the day itself for accounts that the segments name.
    """
    starts = segments.starts
    few = Rollup.objects.within(starts[0], last)[: FEW_ROWS + 1].count() <= FEW_ROWS
    if few or len(starts) > MOST_PARTS:
        yield from without_verbs(rollups(starts[0], last, as_of))
        return
    ends = [day - DAY for day in starts[1:]] + [last]
    parts = [
        added_up(segments, (number, start, end), as_of)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    cursor = Cursor.objects.filter(pk=CURSOR).values_list("seq", flat=True).first() or 0
    # One statement, so that all segments are of one moment; for each apart the database sorts far less than for all at once.
    for cursor, number, day, *where, n in plainly(parts[0].union(*parts[1:], all=True)):  # noqa: B007 - read below
        yield (date.fromisoformat(day) if day else starts[number], *where, int(n))
    yield from without_verbs(not_rolled_up(cursor, (starts[0], last), as_of))


def without_verbs(counts: Iterable[Count]) -> Iterator[Activity]:
    """Counts as the walk takes them, which asks neither for verbs nor for minutes."""
    for day, unit, account, reference, initiative, goal, network, _, n, _ in counts:
        yield (day, account, unit, network, reference, initiative, goal, n)


def added_up(
    segments: Segments, segment: tuple[int, date, date], as_of: datetime
) -> QuerySet[Rollup, Any]:
    """The counts of one segment: the ledger's place, the segment's number, the day of what is counted apart, where, how many."""
    number, first, last = segment
    apart = Q(account__in=segments.accounts) | Q(reference__in=segments.references)
    return (
        Rollup.objects.within(first, last)
        .known(as_of)
        .values_list(
            Subquery(Cursor.objects.filter(pk=CURSOR).values("seq")),
            Value(number),
            # As text, which both databases give alike where the rows are not converted.
            Case(When(apart, then=Cast("day", CharField())), default=Value("")),
            *WHERE,
        )
        .annotate(Sum("n"))
    )


def plainly(rows: QuerySet[Any, Any]) -> Iterator[tuple[Any, ...]]:
    """Rows as the driver gives them: what Django does to each of 50,000 takes as long as the database."""
    compiler = rows.query.get_compiler(connection=connection)
    for block in compiler.execute_sql(chunked_fetch=True, chunk_size=CHUNK):
        yield from block


def day_of(read: date | str) -> date:
    """The day as the driver gave it: SQLite keeps text."""
    return date.fromisoformat(read) if isinstance(read, str) else read


def not_rolled_up(cursor: int, window: tuple[date, date], as_of: datetime) -> Iterator[Count]:
    """The end of the ledger that the rollups do not hold yet, counted as they count."""
    first, last = window
    known_on = as_of.astimezone(UTC).date()
    applied = set(ImportRun.objects.applied(as_of).values_list("pk", flat=True))
    tally = count(Entry.objects.beyond(cursor), installation().zone)
    for key, (n, minutes) in tally.counts.items():
        known = key.run in applied if key.run else key.known_on <= known_on
        if known and first <= key.day <= last:
            yield (key.day, *key[3:], n, minutes)
