"""Keeps the daily counts in step with the ledger: counts and cursor move in one transaction, so a kill loses nothing."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction

from socius.activity.counting import count
from socius.activity.models import Cursor, Entry, Installation, Rollup
from socius.engine.tally import Key

NAME = "rollup"
BATCH = 50_000
KEY = ", ".join(Key._fields)
ADD = f"""
    INSERT INTO activity_rollup ({KEY}, n, minutes) VALUES ({", ".join(["%s"] * (len(Key._fields) + 2))})
    ON CONFLICT ({KEY}) DO UPDATE
    SET n = activity_rollup.n + excluded.n, minutes = activity_rollup.minutes + excluded.minutes
"""  # noqa: S608 - constants


def roll_up(batch: int = BATCH) -> int:
    """Counts the rows chained since last time, batch by batch, and returns how many rows it passed."""
    total = 0
    while done := roll_up_batch(batch):
        total += done
    return total


def roll_up_batch(batch: int) -> int:
    """One batch in one transaction."""
    with transaction.atomic():
        cursor = held_cursor()
        home = Installation.objects.values_list("head_seq", "zone").first()
        if home is None or home[0] <= cursor.seq:
            return 0
        last = min(cursor.seq + batch, home[0])
        tally = count(Entry.objects.chained_after(cursor.seq).filter(seq__lte=last), home[1])
        add(tally.counts)
        Cursor.objects.filter(pk=NAME).update(seq=last)
        return last - cursor.seq


def held_cursor() -> Cursor:
    """The reader's place, locked: two workers must not count the same rows."""
    Cursor.objects.get_or_create(pk=NAME)
    return Cursor.objects.select_for_update().get(pk=NAME)


def add(counts: Mapping[Key, list[int]]) -> None:
    """Adds to the rollups; retracted counts are negative."""
    with connection.cursor() as cursor:
        cursor.executemany(
            ADD, [(*key, n, minutes) for key, (n, minutes) in counts.items() if n or minutes]
        )


def forget_rollups() -> None:
    """Empties the rollups and sends the cursor back; until they are filled again reports count from the ledger."""
    with transaction.atomic():
        held_cursor()
        Rollup.objects.all().delete()
        Cursor.objects.filter(pk=NAME).update(seq=0)
