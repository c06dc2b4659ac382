"""Reads over files on their way in, and over imports that were applied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from socius.activity.models import ImportJob, ImportRun
from socius.connectors.files import KINDS, Upload
from socius.connectors.files.export import template as empty_file
from socius.connectors.files.look import Column, Look, columns, lines_of, look
from socius.connectors.files.masks import masked
from socius.kit.errors import NotFound
from socius.organisation.models import Actor
from socius.organisation.reports import visible_units

OWN_COLUMNS = ("finding", "what is wrong", "what to do", "line in the file")


@dataclass(frozen=True)
class Progress:
    """How far a running import is; `left` None: not to be told yet."""

    rows: int
    share: float | None
    rate: float | None
    left: float | None


def jobs(actor: Actor) -> QuerySet[ImportJob]:
    """Files that the actor handed over, the newest first."""
    return ImportJob.objects.of(actor.ref).order_by("-pk")


def job(number: int, actor: Actor) -> ImportJob:
    """One of them."""
    found = jobs(actor).filter(pk=number).first()
    if found is None:
        raise NotFound(
            "There is no such file; it may have been forgotten after a day. Hand it over again."
        )
    return found


def runs(actor: Actor, asked: dict[str, str]) -> QuerySet[ImportRun]:
    """Imports that stand or were taken back, of the kinds that the actor may import (`asked`: kind -> Right) or audit."""
    found = ImportRun.objects.filter(undoes=None, state__in=["applied", "undone", "running"])
    if not visible_units(actor, "audit.view").exists():
        kinds = [kind for kind, right in asked.items() if visible_units(actor, right).exists()]
        found = found.filter(kind__in=kinds)
    return found.select_related("undone_by")


def beside(found: ImportJob, suffix: str = "") -> Path:
    """The bytes of a job, or what stands beside them."""
    return Path(settings.HOME) / "uploads" / f"{found.place}{suffix}"


def upload_of(found: ImportJob) -> Upload:
    """The file with the mapping and answers so far, only to be looked at."""
    said = found.said
    return Upload(
        beside(found),
        found.file_name,
        mapping=said.get("mapping", {}),
        answers=said.get("answers", {}),
    )


def looked_at(found: ImportJob) -> Look:
    """What the file seems to be."""
    return (
        look(upload_of(found))
        if beside(found).exists()
        else Look(say="The file is not kept any more.")
    )


def columns_of(found: ImportJob) -> tuple[Column, ...]:
    """Its headers, what each is read as, and first values."""
    return columns(upload_of(found), found.kind) if found.kind and beside(found).exists() else ()


def fields_of(kind: str) -> list[tuple[str, bool]]:
    """The fields of a kind: name, and whether every row needs it."""
    return [(f.name, f.required) for f in KINDS[kind].fields]


def template(kind: str) -> str:
    """The empty file of a kind."""
    if kind not in KINDS:
        raise NotFound(f"There is no kind {kind!r}. Kinds are {', '.join(KINDS)}.")
    return empty_file(kind)


def progress(found: ImportJob, at: datetime) -> Progress:
    """From what the running import noted last."""
    try:
        told = json.loads(beside(found, ".progress").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return Progress(0, None, None, None)
    rows, began = int(told["rows"]), found.asked_at or found.made_at
    rate = rows / max(told["at"] - began.timestamp(), 0.001)
    if not found.rows:
        return Progress(rows, None, rate, None)
    now = max(at.timestamp(), told["at"])
    left = max((found.rows - rows) / rate - (now - told["at"]), 0.0) if rate else None
    return Progress(rows, min(rows / found.rows, 1.0), rate, left)


def lines(found: ImportJob, outcome: str) -> list[tuple[int, str]]:
    """(line, object) of the rows that came to `outcome` in the last reading."""
    try:
        kept = json.loads(beside(found, ".lines").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    return [(line, object) for line, what, object in kept if what == outcome]


def originals(
    found: ImportJob, wanted: list[int], *, mask: bool = True
) -> tuple[list[str], dict[int, list[str]]]:
    """The headers, and the wanted lines as the file has them, for a page with addresses masked; nothing once the file was applied."""
    if not beside(found).exists() or not found.kind:
        return [], {}
    held = dict(lines_of(upload_of(found), found.kind, wanted))
    headers = held.pop(0, [])
    if mask:
        held = {line: [masked(cell) for cell in row] for line, row in held.items()}
    return headers, held


def findings(found: ImportJob) -> tuple[list[str], Iterator[list[Any]]]:
    """The findings with their original rows, to be mended and imported by themselves: columns, and rows."""
    listed = found.report.get("findings", [])
    headers, held = originals(found, [f["line"] for f in listed if f.get("line")], mask=False)

    def rows() -> Iterator[list[Any]]:
        for finding in listed:
            row = held.get(finding.get("line", 0), [])
            padded = [*row, *[""] * (len(headers) - len(row))]
            yield [
                *padded,
                finding["code"],
                finding["say"],
                finding.get("repair", ""),
                finding.get("line", ""),
            ]

    return [*headers, *OWN_COLUMNS], rows()
