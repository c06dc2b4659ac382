"""What a look back writes. No person acts here; a query that a person made, changed or restored is what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from socius.listen.models import Hit, LookBack, Query


def missing() -> Iterable[int]:
    """Queries without a row that says how far they looked."""
    return Query.objects.filter(archived_at=None, look_back=None).values_list("pk", flat=True)


def is_due(mark: int) -> bool:
    """Whether a query has yet to look at something; `mark` is the last block of a file."""
    late = Q(block__lt=mark) | ~Q(version=F("query__version"))
    rows = LookBack.objects.filter(late, query__archived_at=None)
    return rows.exists() or Query.objects.filter(archived_at=None, look_back=None).exists()


@transaction.atomic
def due(mark: int) -> list[LookBack]:
    """Queries that have yet to look at something."""
    LookBack.objects.bulk_create([LookBack(query_id=pk) for pk in missing()], ignore_conflicts=True)
    late = Q(block__lt=mark) | ~Q(version=F("query__version"))
    rows = LookBack.objects.filter(late, query__archived_at=None)
    return list(rows.select_related("query").order_by("pk"))


def begin(rows: Sequence[LookBack], days: int, at: datetime) -> None:
    """A round over so many days begins."""
    LookBack.objects.filter(pk__in=[r.pk for r in rows]).update(
        days=days, done=0, found=0, started_at=at, finished_at=None
    )


@transaction.atomic
def keep(hits: Sequence[Hit], queries: Sequence[int]) -> None:
    """What one day held. A hit of an older version becomes one of this version, since both found the mention."""
    Hit.objects.bulk_create(
        hits, batch_size=500, update_conflicts=True, unique_fields=["query", "key"], update_fields=["version"]
    )  # fmt: skip
    found: dict[int, int] = {}
    for hit in hits:
        found[hit.query_id] = found.get(hit.query_id, 0) + 1
    for query in queries:
        LookBack.objects.filter(query=query).update(
            done=F("done") + 1, found=F("found") + found.get(query, 0)
        )


@transaction.atomic
def finish(rows: Sequence[LookBack], mark: int, at: datetime) -> None:
    """A round is over. A query that was changed meanwhile stays due."""
    for row in rows:
        LookBack.objects.filter(pk=row.pk).update(
            version=row.query.version, block=mark, done=F("days"), finished_at=at
        )
