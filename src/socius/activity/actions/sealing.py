"""Numbers and chains committed rows on PostgreSQL, where locking the head in every writer would make them queue."""

from __future__ import annotations

from hashlib import sha256

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from socius.activity.actions.ledger import COLUMNS
from socius.activity.models import Installation
from socius.engine import chain

LOCK = 0x50C1_0501  # of the sealer, among this database's advisory locks
BATCH = 20_000

HASHED = ", ".join(f'"{name}"' for name in COLUMNS[: chain.HASH])
# Only rows older than the oldest open transaction: none can appear before them later, so the order is that of the
# transactions, and within one that of writing.
PENDING = f"""
    SELECT {HASHED} FROM activity_entry
    WHERE seq IS NULL AND tx < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY tx, place LIMIT %s
"""  # noqa: S608 - constants
FILL = """
    UPDATE activity_entry AS e SET seq = s.seq, hash = s.hash
    FROM unnest(%s::bytea[], %s::bigint[], %s::bytea[]) AS s(id, seq, hash) WHERE e.id = s.id
"""


def seal() -> int:
    """Chains what is committed and returns how many rows; 0 on SQLite, where writing did it. Safe to kill anywhere."""
    if connection.vendor != "postgresql":
        return 0
    total = 0
    while done := seal_batch():
        total += done
    return total


def seal_batch() -> int:
    """One batch in one transaction; 0 also when another sealer is at work."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        head = Installation.objects.select_for_update().values_list("head_seq", "head_hash").first()
        return 0 if head is None else chain_pending(cursor, head[0], bytes(head[1]))


def chain_pending(cursor: CursorWrapper, seq: int, last: bytes) -> int:
    """Reads, links and fills; moves the head."""
    cursor.execute(PENDING, [BATCH])
    ids, numbers, hashes, bytes_of = [], [], [], chain.canoniser()
    for row in cursor.fetchall():
        seq += 1
        last = sha256(last + bytes_of((row[0], seq, *row[2:]))).digest()
        ids.append(row[2])
        numbers.append(seq)
        hashes.append(last)
    if ids:
        cursor.execute(FILL, [ids, numbers, hashes])
        Installation.objects.update(head_seq=seq, head_hash=last)
    return len(ids)
