"""What happened to an object, from the ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from socius.activity.models import Content, Entry, ImportedRow
from socius.engine.verbs import COUNTED, VERBS
from socius.kit.clock import instant
from socius.organisation.models import Person


@dataclass(frozen=True)
class Happened:
    """One row of the ledger in words."""

    at: datetime
    who: str
    did: str
    why: str
    details: tuple[tuple[str, str], ...]
    seq: int | None
    times: int = 1


def history(name: str, pk: int, *, most: int = 30) -> list[Happened]:
    """What was done to an object, the last first. Posts and replies are not among it: they are counted, not told.

    The caller has asked whether the actor may see the object.
    """
    about = Q(object=f"{name}:{pk}")
    if name in {"account", "goal", "initiative"}:
        about |= Q(**{name: pk})
    rows = list(
        Entry.objects.filter(about).exclude(verb__in=COUNTED).order_by("-recorded_at")[: 10 * most]
    )
    contents = dict(
        Content.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "content")
    )
    people = {int(row.actor[7:]) for row in rows if row.actor.startswith("person:")}
    names = {f"person:{p.pk}": str(p) for p in Person.objects.filter(pk__in=people)}
    done = [told(row, contents.get(row.pk), names) for row in rows]
    rows_of_files = imported(name, pk, most)
    return folded(sorted([*done, *rows_of_files], key=lambda one: one.at, reverse=True))[:most]


def folded(rows: list[Happened]) -> list[Happened]:
    """Neighbours of which nothing but the time differs become one: an import notes a hundred lines of spend."""
    kept: list[Happened] = []
    for row in rows:
        if kept and not row.details and replace(kept[-1], at=row.at, seq=row.seq, times=1) == row:
            kept[-1] = replace(kept[-1], times=kept[-1].times + 1)
        else:
            kept.append(row)
    return kept


def imported(name: str, pk: int, most: int) -> list[Happened]:
    """The lines of files that made or changed an object."""
    rows = list(
        ImportedRow.objects.filter(object=f"{name}:{pk}", run__applied_at__isnull=False)
        .exclude(outcome="unchanged")
        .select_related("run")
        .order_by("-run")[:most]
    )
    people = Person.objects.in_bulk(
        [int(row.run.actor[7:]) for row in rows if row.run.actor.startswith("person:")]
    )
    names = {f"person:{key}": str(person) for key, person in people.items()}
    return [
        Happened(
            row.run.applied_at or row.run.started_at,
            names.get(row.run.actor, row.run.actor),
            f"imported it ({row.outcome}) from {row.run.file_name}, line {row.line}",
            "",
            (),
            None,
        )
        for row in rows
    ]


def told(row: Entry, content: bytes | memoryview | None, names: dict[str, str]) -> Happened:
    """One row in words."""
    said: dict[str, Any] = json.loads(bytes(content)) if content else {}
    why = str(said.pop("reason", "") or "")
    details = tuple(
        (key, short(value)) for key, value in said.items() if value not in ("", None, {})
    )
    return Happened(
        instant(row.at), names.get(row.actor, row.actor), VERBS[row.verb], why, details, row.seq
    )


def short(value: object) -> str:
    """A value of a row's content as a person reads it."""
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {short(v) or '–'}" for key, v in value.items())
    return str(value)[:200]
